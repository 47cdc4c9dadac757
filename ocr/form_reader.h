#pragma once

#include <functional>
#include <memory>
#include <string>

#include "config/forms.h"
#include "core/page.h"

namespace archive {

/// Says what a page is and what stands in its fields. Pure: the same page and the
/// same configuration give the same answer. Thread-safe after construction.
class FormReader {
 public:
  explicit FormReader(const FormCatalogue& catalogue);
  ~FormReader();

  ClassifiedPage classify(RecognizedPage page) const;

  /// `second_opinion` is asked about key fields that are unsure; may be empty.
  using SecondOpinion = std::function<std::string(const CleanPage&, const Quad&)>;
  ExtractedPage extract(ClassifiedPage page, const SecondOpinion& second_opinion) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive
