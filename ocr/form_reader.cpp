#include "ocr/form_reader.h"

#include <map>
#include <utility>

#include "ocr/form/classifier.h"
#include "ocr/form/extractor.h"
#include "ocr/form/label_book.h"

namespace archive {

struct FormReader::Impl {
  form::LabelBook book;
  form::Classifier classifier;
  form::Extractor extractor;

  explicit Impl(const FormCatalogue& catalogue)
      : book(catalogue), classifier(catalogue, book), extractor(catalogue, book) {}
};

FormReader::FormReader(const FormCatalogue& catalogue) : impl_(std::make_unique<Impl>(catalogue)) {}

FormReader::~FormReader() = default;

ClassifiedPage FormReader::classify(RecognizedPage page) const {
  form::Verdict verdict = impl_->classifier.classify(page);
  ClassifiedPage classified;
  classified.recognized = std::move(page);
  classified.kind = verdict.kind;
  classified.doc_type = std::move(verdict.doc_type);
  classified.confidence = verdict.confidence;
  classified.title = std::move(verdict.title);
  classified.evidence = std::move(verdict.evidence);
  return classified;
}

ExtractedPage FormReader::extract(ClassifiedPage page, const SecondOpinion& second_opinion) const {
  ExtractedPage extracted;
  form::Extraction found = impl_->extractor.extract(page, second_opinion);
  extracted.classified = std::move(page);
  extracted.fields = std::move(found.fields);
  extracted.pairs = std::move(found.pairs);
  return extracted;
}

}  // namespace archive
