#include "config/title_types.h"

#include <algorithm>

#include "core/width.h"

namespace archive {
namespace {

std::string folded(std::string_view title) {
  std::string text = half_width(title);
  std::erase(text, ' ');
  return text;
}

}  // namespace

TitleTypes::TitleTypes(const FormCatalogue& forms) {
  std::vector<const DocumentType*> types;
  for (const DocumentType& type : forms.types()) {
    types.push_back(&type);
    by_name_.emplace(folded(type.name_zh), type.code);
    for (const std::string& alias : type.aliases) by_name_.emplace(folded(alias), type.code);
    if (const FormDescription* form = forms.form(type.code)) {
      for (const std::string& title : form->titles) by_name_.emplace(folded(title), type.code);
    }
  }
  std::ranges::stable_sort(types, {}, [](const DocumentType* type) { return type->priority; });
  for (const DocumentType* type : types) {
    if (!type->title_regex.empty()) {
      by_words_.emplace_back(Pattern::of(type->title_regex), type->code);
    }
  }
}

std::string TitleTypes::type_of(std::string_view title) const {
  const std::string text = folded(title);
  if (text.empty()) return {};
  if (const auto named = by_name_.find(text); named != by_name_.end()) return named->second;
  for (const auto& [words, code] : by_words_) {
    if (words.found_in(text)) return code;
  }
  return {};
}

}  // namespace archive
