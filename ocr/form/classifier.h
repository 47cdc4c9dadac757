#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/forms.h"
#include "core/page.h"
#include "ocr/form/label_book.h"

namespace archive::form {

/// What a page was taken for.
struct Verdict {
  PageKind kind = PageKind::content;
  std::string doc_type;  ///< empty for blanks and separators
  double confidence = 0;
  std::string title;
  std::vector<std::string> evidence;  ///< of DT99: "foreign:language" or "foreign:picture" when it
                                      ///< is no paper of a dossier at all
};

/// Says which document type a page is, by three kinds of evidence that are added up:
/// its title, the labels on it, and phrases that stand on every page of a form, so that
/// the second page of a contract is known without a title. Too little evidence, or two
/// types that fit alike, is DT99.
class Classifier {
 public:
  Classifier(const FormCatalogue& catalogue, const LabelBook& book);
  ~Classifier();

  Verdict classify(const RecognizedPage& page) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive::form
