#pragma once

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index/ranges.h"
#include "index/terms.h"

namespace archive {

/// The fields that a query may name.
class FieldNames {
 public:
  FieldNames();  ///< with the names that are part of the language, see page_index.h

  void add(std::string_view name, std::string_view field);
  void add_field(std::string_view field) { fields_.emplace(field); }

  /// The field behind a name (width, case and script do not matter), if there is one.
  std::optional<std::string> field_named(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> names_;
  std::set<std::string, std::less<>> fields_;
};

/// One thing to look for.
struct QueryLeaf {
  std::string field;  ///< empty: anywhere on the page
  std::string label;  ///< label_field() of the name before the colon, if there is one
  bool quoted = false;
  TokenText text;
  std::string exact;  ///< exact_form of what was typed
  /// Of a masked ID number (110105********002X): what is left at both ends.
  std::string masked_head;
  std::string masked_tail;
  bool fuzzy = false;               ///< one sign more, less or another will do: 周示例~
  std::optional<ValueRange> range;  ///< 2009..2013
  std::string pattern;              ///< folded, with stars: da-2004*
  /// Of a pattern with hanzi, what stands between its stars; each has tokens.
  std::vector<TokenText> parts;

  bool masked() const { return !masked_tail.empty(); }
  bool has_stars() const { return !pattern.empty(); }
  /// Words to be found as they are.
  bool plain() const { return !masked() && !range && !has_stars(); }
  /// The names its value may be kept under: field, label, both or none.
  std::vector<std::string> named_by() const {
    std::vector<std::string> names;
    if (!field.empty()) names.push_back(field);
    if (!label.empty()) names.push_back(label);
    return names;
  }
};

/// A query as a tree. Every path ends in a leaf that can be searched.
struct QueryNode {
  enum class Kind { leaf, all_of, any_of, none_of };  // none_of has one child

  Kind kind = Kind::leaf;
  QueryLeaf leaf;
  std::vector<QueryNode> children;
};

/// The name before a colon is no field's.
class UnknownField : public std::invalid_argument {
 public:
  UnknownField(std::string name, const std::string& words)
      : std::invalid_argument(words), name_(std::move(name)) {}
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// Understands what a clerk typed. Throws std::invalid_argument, in Chinese and English,
/// when it means nothing: too long, not UTF-8, unbalanced, an operator without operand,
/// an unknown field, nothing to search for. The message repeats no word of the query but
/// the name of the unknown field.
QueryNode parse_query(std::string_view text, const FieldNames& names);

/// The tree in words, the same for queries that mean the same:
/// 周示例 AND (person_name:"示例" OR NOT 2004).
std::string understood(const QueryNode& node);

/// False when whole shelves would answer, as for NOT 2004 alone.
bool wants_something(const QueryNode& node);

/// What a word is understood as: a mask, a range, a pattern, fuzzy or plain words. Nothing when
/// there is nothing in it to search for. Throws std::invalid_argument as parse_query() does.
std::optional<QueryLeaf> leaf_of(std::u32string_view text, const std::string& field,
                                 const std::string& label, bool quoted);

/// The names of fields that are part of the language.
std::vector<std::pair<std::string_view, std::string_view>> built_in_names();

/// Every leaf that a page should have, those under NOT left out.
void collect_wanted(const QueryNode& node, std::vector<const QueryLeaf*>& leaves);

/// For a range that no value can lie in.
void refuse_backwards(const ValueRange& range);

/// Words that mean nothing, in both languages.
[[noreturn]] void refuse_query(const std::string& chinese, const std::string& english);

inline constexpr std::size_t kQueryCharactersMax = 1'000;
inline constexpr std::size_t kQueryLeavesMax = 64;
inline constexpr int kQueryDepthMax = 16;

}  // namespace archive
