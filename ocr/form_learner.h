#pragma once

#include <string>
#include <vector>

#include "config/forms.h"
#include "core/page.h"
#include "core/result.h"

namespace archive {

/// A page of a paper that nobody described, as it was read. Places are those of the page
/// turned upright.
struct SamplePage {
  std::vector<TextLine> lines;
  std::vector<LabelledValue> pairs;
  int width = 0, height = 0;  ///< of the upright page
};

/// What a person says about the labels that were found; compared without blanks, colons and
/// what else decorates a label.
struct LabelChoice {
  std::vector<std::string> keep;  ///< these alone; empty: all
  std::vector<std::string> drop;
};

/// A field of a learned form, and what it was learned from.
struct LearnedField {
  std::string id;
  int pages = 0;                 ///< on which it has a value
  bool same_everywhere = false;  ///< one value on all of several pages: print, perhaps
};

struct LearnedForm {
  FormDescription form;
  std::vector<LearnedField> fields;  ///< in the order of form.fields
  int not_printed = 0;  ///< taken for a label on one page, but not printed on all: values
};

/// Why pages teach nothing.
struct LearnRefusal {
  enum class Kind {
    no_pairs,       ///< page `first` has none
    other_papers,   ///< pages `first` and `second` share `shared` of `of` labels
    no_such_label,  ///< `label`, which is to be kept or dropped, stands on no page
    nothing_left,   ///< every label was dropped
  };
  Kind kind = Kind::no_pairs;
  std::size_t first = 0, second = 0;  ///< as the samples were given, from 0
  int shared = 0, of = 0;
  std::string label = {};
};

/// Describes a form from one to five pages of it. A label is what all pages bear, filled in
/// or not; what a value is, all its values say, or a known field of that label. The more
/// pages, the less is guessed: on one page print and writing are told apart by place alone.
/// REQUIRES: at least one sample.
Result<LearnedForm, LearnRefusal> learn_form(const std::string& doc_type,
                                             const std::vector<SamplePage>& samples,
                                             const LabelChoice& choice,
                                             const FormCatalogue& catalogue);

}  // namespace archive
