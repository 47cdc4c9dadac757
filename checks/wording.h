#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/check_tables.h"
#include "core/facts.h"

namespace archive {

/// The words for the blanks of a finding's sentence, in both languages: {paper_zh} {paper_en} the
/// title of a document type, {field_zh} {field_en} the label of a field on it.
class Wording {
 public:
  explicit Wording(const CheckTables& tables) : tables_(tables) {}

  Wording& paper(std::string_view doc_type);
  Wording& field(std::string_view doc_type, std::string_view field);
  /// A blank of the rule's own, such as {month}: the same in both languages.
  Wording& word(std::string_view blank, std::string text);

  std::map<std::string, std::string> take() { return std::move(words_); }

 private:
  const CheckTables& tables_;
  std::map<std::string, std::string> words_;
};

/// Paper and field of a value.
std::map<std::string, std::string> words_for(const CheckTables& tables, const PageFact& page,
                                             std::string_view field);

}  // namespace archive
