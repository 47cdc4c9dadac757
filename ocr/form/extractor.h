#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/forms.h"
#include "core/page.h"
#include "ocr/form/label_book.h"

namespace archive::form {

struct Extraction {
  std::vector<ExtractedField> fields;
  std::vector<LabelledValue> pairs;
};

/// Finds the fields of a page whose type is known, and the pairs of labels and values
/// of any page.
class Extractor {
 public:
  using SecondOpinion = std::function<std::string(const CleanPage&, const Quad&)>;

  Extractor(const FormCatalogue& catalogue, const LabelBook& book);
  ~Extractor();

  Extraction extract(const ClassifiedPage& page, const SecondOpinion& second_opinion) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive::form
