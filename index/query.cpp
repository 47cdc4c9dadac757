#include "index/query.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/digits.h"
#include "core/utf8.h"
#include "index/fold.h"

namespace archive {
namespace {

// -- Signs -----------------------------------------------------------------

bool is_blank(char32_t c) { return c <= U' ' || c == 0x7F || c == 0xA0 || c == U'\u3000'; }
bool is_one_of(char32_t c, std::u32string_view signs) {
  return signs.find(c) != std::u32string_view::npos;
}
bool opens_quote(char32_t c) { return is_one_of(c, U"\"“”「『«＂"); }
bool closes_quote(char32_t c) { return is_one_of(c, U"\"“”」』»＂"); }
bool opens_bracket(char32_t c) { return is_one_of(c, U"(（"); }
bool closes_bracket(char32_t c) { return is_one_of(c, U")）"); }
bool is_colon(char32_t c) { return is_one_of(c, U":："); }
bool is_minus(char32_t c) { return is_one_of(c, U"-－"); }
bool parts_words(char32_t c) { return is_one_of(c, U"、，；。;！？!?《》〈〉【】[]{}"); }

/// What stands before a colon.
struct Name {
  std::string field;
  std::string label;
};

// -- Grammar ---------------------------------------------------------------
//
//   any   = all { OR all }
//   all   = one { [AND] one }
//   one   = (NOT | -) one | [name ":"] ("(" any ")" | phrase | word)
//
// A word without anything to search for (a lone comma, say) counts as a blank.

class QueryParser {
 public:
  QueryParser(std::u32string_view text, const FieldNames& names) : text_(text), names_(names) {}

  QueryNode parse() {
    QueryNode root = any(0);
    skip_blanks();
    if (!at_end()) refuse_query("多了一个右括号", "there is a closing bracket too many");
    return root;
  }

 private:
  using Kind = QueryNode::Kind;

  bool at_end() const { return at_ >= text_.size(); }
  char32_t here() const { return text_[at_]; }
  void skip_blanks() {
    while (!at_end() && (is_blank(here()) || parts_words(here()))) ++at_;
  }

  /// True, and past it, when the operator stands here as a word of its own.
  bool take_operator(std::u32string_view name) {
    skip_blanks();
    const std::size_t end = at_ + name.size();
    if (text_.substr(at_, name.size()) != name) return false;
    if (end < text_.size() && !is_blank(text_[end]) && !opens_bracket(text_[end])) return false;
    at_ = end;
    return true;
  }

  static QueryNode joined(Kind kind, std::vector<QueryNode> children) {
    if (children.size() == 1) return std::move(children.front());
    QueryNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
  }

  QueryNode any(int depth) {
    if (depth > kQueryDepthMax) refuse_query("括号嵌套太深", "brackets are nested too deeply");
    std::vector<QueryNode> choices;
    do {
      std::vector<QueryNode> parts = all(depth);
      if (parts.empty() && (!choices.empty() || take_operator(U"OR"))) {
        refuse_query("OR 两边都要有检索词", "OR needs something on both sides");
      }
      if (parts.empty()) refuse_query("没有可检索的内容", "there is nothing to search for");
      choices.push_back(joined(Kind::all_of, std::move(parts)));
    } while (take_operator(U"OR"));
    return joined(Kind::any_of, std::move(choices));
  }

  std::vector<QueryNode> all(int depth) {
    std::vector<QueryNode> parts;
    for (;;) {
      skip_blanks();
      const std::size_t before = at_;
      if (take_operator(U"OR")) {
        at_ = before;
        return parts;
      }
      const bool needed = take_operator(U"AND");
      if (needed && parts.empty()) lacks_operand("AND");
      skip_blanks();
      if (at_end() || closes_bracket(here())) {
        if (needed) lacks_operand("AND");
        return parts;
      }
      if (std::optional<QueryNode> part = one(depth)) parts.push_back(std::move(*part));
    }
  }

  [[noreturn]] static void lacks_operand(const std::string& name) {
    refuse_query(name + " 缺少检索词", name + " needs something to search for");
  }

  bool take_minus() {
    if (at_end() || !is_minus(here())) return false;
    if (at_ + 1 >= text_.size() || is_blank(text_[at_ + 1])) return false;
    ++at_;
    return true;
  }

  std::optional<QueryNode> one(int depth) {
    if (depth > kQueryDepthMax) refuse_query("检索式嵌套太深", "the query is nested too deeply");
    if (take_operator(U"NOT") || take_minus()) {
      skip_blanks();
      if (at_end() || closes_bracket(here())) lacks_operand("NOT");
      std::optional<QueryNode> child = one(depth + 1);
      if (!child) return std::nullopt;
      QueryNode node;
      node.kind = Kind::none_of;
      node.children.push_back(std::move(*child));
      return node;
    }
    if (std::optional<QueryNode> labelled = under_label(depth)) return labelled;
    Name name = field_name();
    if (name.field.empty()) name = name_around_;
    if (opens_bracket(here())) return bracket(depth, name);
    const bool quoted = opens_quote(here());
    const std::u32string_view text = quoted ? phrase() : word();
    return leaf(text, name, quoted);
  }

  /// 预计退休年龄:65, where no field is called so: a label of a form that nobody described and
  /// its value, or else the words alone. Brackets of values are meant for the label.
  std::optional<QueryNode> under_label(int depth) {
    const std::size_t end = end_of_name();
    if (end == at_ || end + 1 >= text_.size() || !is_colon(text_[end])) return std::nullopt;
    const std::u32string_view label = text_.substr(at_, end - at_);
    const bool name = is_identifier(label) || names_.field_named(utf8(label));
    if (name || is_digit_of_any_width(label.front())) return std::nullopt;
    const std::size_t before = std::exchange(at_, end + 1);
    skip_blanks();
    if (at_end() || closes_bracket(here())) {
      at_ = before;
      return std::nullopt;
    }
    const Name under = {{}, label_field(utf8(label))};
    if (opens_bracket(here())) return bracket(depth, under);
    const bool quoted = opens_quote(here());
    const std::u32string_view text = quoted ? phrase() : word();
    std::optional<QueryNode> value = leaf(text, under, quoted);
    std::optional<QueryNode> words = leaf(label, {}, false);
    std::optional<QueryNode> alone = leaf(text, {}, quoted);
    if (!value || !words || !alone) return words;
    std::vector<QueryNode> together = {std::move(*words), std::move(*alone)};
    std::vector<QueryNode> choices = {std::move(*value), joined(Kind::all_of, std::move(together))};
    return joined(Kind::any_of, std::move(choices));
  }

  QueryNode bracket(int depth, const Name& name) {
    ++at_;
    const Name before = std::exchange(name_around_, name);
    QueryNode inside = any(depth + 1);
    name_around_ = before;
    skip_blanks();
    if (at_end() || !closes_bracket(here()))
      refuse_query("缺少右括号", "a closing bracket is missing");
    ++at_;
    return inside;
  }

  std::size_t end_of_name() const {
    constexpr std::size_t kNameMax = 32;
    std::size_t end = at_;
    while (end < text_.size() && end - at_ <= kNameMax && is_word_char_of_name(text_[end])) ++end;
    return end;
  }

  /// The field whose name and colon stand here, and past them; empty when none does.
  Name field_name() {
    const std::size_t end = end_of_name();
    if (end == at_ || end >= text_.size() || !is_colon(text_[end])) return {};
    const std::u32string_view name = text_.substr(at_, end - at_);
    const std::optional<std::string> field = names_.field_named(utf8(name));
    const bool plain_word = !is_identifier(name) || text_.substr(end + 1, 2) == U"//";
    if (!field && plain_word) return {};
    if (!field) {
      const std::string unknown = utf8(name);
      throw UnknownField(unknown,
                         "没有名为 " + unknown + " 的字段 / no field is called " + unknown);
    }
    at_ = end + 1;
    skip_blanks();
    if (at_end() || closes_bracket(here())) {
      refuse_query("字段 " + utf8(name) + " 缺少值", "the field " + utf8(name) + " needs a value");
    }
    return {*field, label_field(utf8(name))};
  }

  static bool is_word_char_of_name(char32_t c) {
    return is_hanzi(c) || c == U'_' || is_digit_of_any_width(c) || (c | 0x20) - U'a' < 26u ||
           (c >= U'Ａ' && c <= U'ｚ');
  }
  /// Letters before a colon are meant as a field; hanzi may be a label typed off a form.
  static bool is_identifier(std::u32string_view name) {
    return std::ranges::none_of(name, is_hanzi) && !is_digit_of_any_width(name.front());
  }

  std::u32string_view phrase() {
    const std::size_t begin = ++at_;
    while (!at_end() && !closes_quote(here())) ++at_;
    if (at_end()) refuse_query("缺少右引号", "a closing quotation mark is missing");
    return text_.substr(begin, at_++ - begin);
  }

  bool ends_word() const {
    const char32_t c = here();
    if (is_blank(c) || parts_words(c) || opens_quote(c) || closes_quote(c)) return true;
    const bool inside_number = at_ > 0 && is_digit_of_any_width(text_[at_ - 1]);
    return (is_colon(c) || c == U',') && !inside_number;
  }

  /// Brackets that open inside a word belong to it: 示例（中国）有限公司.
  std::u32string_view word() {
    const std::size_t begin = at_++;
    int open = 0;
    for (; !at_end() && !ends_word(); ++at_) {
      if (opens_bracket(here())) ++open;
      if (closes_bracket(here()) && --open < 0) break;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::optional<QueryNode> leaf(std::u32string_view text, const Name& name, bool quoted) {
    std::optional<QueryLeaf> found = leaf_of(text, name.field, name.label, quoted);
    if (!found) return std::nullopt;
    if (++leaves_ > kQueryLeavesMax) {
      refuse_query("检索词太多，最多 " + std::to_string(kQueryLeavesMax) + " 个",
                   "too many words, at most " + std::to_string(kQueryLeavesMax));
    }
    QueryNode node;
    node.leaf = std::move(*found);
    return node;
  }

  std::u32string_view text_;
  const FieldNames& names_;
  Name name_around_;  // of a bracket: name:(a OR b)
  std::size_t at_ = 0;
  std::size_t leaves_ = 0;
};

std::string words_of(const std::vector<Token>& tokens) {
  std::string words;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool apart = i > 0 && !tokens[i].hanzi && !tokens[i - 1].hanzi;
    words += (apart ? " " : "") + tokens[i].text;
  }
  return words;
}

std::string shown(const QueryLeaf& leaf) {
  std::string words = words_of(leaf.text.tokens);
  const bool one_word = words.find(' ') == std::string::npos && !leaf.quoted;
  if (!one_word) words = '"' + words + '"';
  if (leaf.masked()) words = leaf.masked_head + "****" + leaf.masked_tail;
  if (leaf.range) words = leaf.range->low + ".." + leaf.range->high;
  if (leaf.has_stars()) words = leaf.pattern;
  if (leaf.fuzzy) words += '~';
  if (!leaf.field.empty()) return leaf.field + ":" + words;
  return leaf.label.empty() ? words : leaf.label.substr(1) + ":" + words;
}

std::string bracketed(const QueryNode& node) {
  const bool several = node.kind == QueryNode::Kind::all_of || node.kind == QueryNode::Kind::any_of;
  return several ? "(" + understood(node) + ")" : understood(node);
}

}  // namespace

FieldNames::FieldNames() {
  for (const auto& [name, field] : built_in_names()) add(name, field);
}

void FieldNames::add(std::string_view name, std::string_view field) {
  names_.emplace(utf8(folded(name)), std::string(field));
  add_field(field);
}

std::optional<std::string> FieldNames::field_named(std::string_view name) const {
  const std::string key = utf8(folded(name));
  if (const auto found = names_.find(key); found != names_.end()) return found->second;
  if (fields_.contains(key)) return key;
  return std::nullopt;
}

QueryNode parse_query(std::string_view text, const FieldNames& names) {
  if (!is_utf8(text)) refuse_query("检索式不是 UTF-8 文本", "the query is not UTF-8 text");
  const std::u32string points = code_points(text);
  if (points.size() > kQueryCharactersMax) {
    refuse_query(
        "检索式太长，最多 " + std::to_string(kQueryCharactersMax) + " 字",
        "the query is too long, at most " + std::to_string(kQueryCharactersMax) + " characters");
  }
  return QueryParser(points, names).parse();
}

std::string understood(const QueryNode& node) {
  switch (node.kind) {
    case QueryNode::Kind::leaf:
      return shown(node.leaf);
    case QueryNode::Kind::none_of:
      return "NOT " + bracketed(node.children.front());
    case QueryNode::Kind::all_of:
    case QueryNode::Kind::any_of:
      break;
  }
  const std::string between = node.kind == QueryNode::Kind::all_of ? " AND " : " OR ";
  std::string words;
  for (const QueryNode& child : node.children) {
    if (!words.empty()) words += between;
    words += bracketed(child);
  }
  return words;
}

bool wants_something(const QueryNode& node) {
  switch (node.kind) {
    case QueryNode::Kind::leaf:
      return true;
    case QueryNode::Kind::none_of:
      return false;
    case QueryNode::Kind::all_of:
      return std::ranges::any_of(node.children, wants_something);
    case QueryNode::Kind::any_of:
      break;
  }
  return std::ranges::all_of(node.children, wants_something);
}

void collect_wanted(const QueryNode& node, std::vector<const QueryLeaf*>& leaves) {
  if (node.kind == QueryNode::Kind::none_of) return;
  if (node.kind == QueryNode::Kind::leaf) leaves.push_back(&node.leaf);
  for (const QueryNode& child : node.children) collect_wanted(child, leaves);
}

}  // namespace archive
