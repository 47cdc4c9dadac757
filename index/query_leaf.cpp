#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "core/utf8.h"
#include "core/digits.h"
#include "index/fold.h"
#include "index/query.h"

// What a single word of a query is: masked, a range, with stars, fuzzy, or plain.

namespace archive {
namespace {

constexpr std::pair<std::string_view, std::string_view> kBuiltInNames[] = {
    {"姓名", pseudo_field::kPersonName},
    {"name", pseudo_field::kPersonName},
    {"身份证号", pseudo_field::kIdNumber},
    {"id", pseudo_field::kIdNumber},
    {"公民身份号码", pseudo_field::kIdNumber},
    {"身份证号码", pseudo_field::kIdNumber},
    {"证件号码", pseudo_field::kIdNumber},
    {"证件类型", pseudo_field::kIdKind},
    {"idtype", pseudo_field::kIdKind},
    {"单位", pseudo_field::kEmployer},
    {"employer", pseudo_field::kEmployer},
    {"信用代码", pseudo_field::kCreditCode},
    {"credit", pseudo_field::kCreditCode},
    {"缴费期间", pseudo_field::kPeriod},
    {"期间", pseudo_field::kPeriod},
    {"period", pseudo_field::kPeriod},
    {"类型", pseudo_field::kDocType},
    {"type", pseudo_field::kDocType},
    {"类别", pseudo_field::kClass},
    {"class", pseudo_field::kClass},
    {"年度", pseudo_field::kYear},
    {"year", pseudo_field::kYear},
    {"保管期限", pseudo_field::kRetention},
    {"retention", pseudo_field::kRetention},
    {"置信度", pseudo_field::kConfidence},
    {"confidence", pseudo_field::kConfidence},
    {"待看", pseudo_field::kReview},
    {"review", pseudo_field::kReview},
    {"操作员", pseudo_field::kOperator},
    {"operator", pseudo_field::kOperator},
    {"档号", pseudo_field::kDossierNo},
    {"dossier", pseudo_field::kDossierNo},
    {"批次", pseudo_field::kBatch},
    {"batch", pseudo_field::kBatch},
    {"题名", pseudo_field::kTitle},
    {"title", pseudo_field::kTitle},
    {"印章", pseudo_field::kSeal},
    {"公章", pseudo_field::kSeal},
    {"seal", pseudo_field::kSeal},
};

constexpr std::size_t kSignsBeforeStarMin = 2;

bool is_masking(char32_t c) {
  return std::u32string_view(U"*＊●×").find(c) != std::u32string::npos;
}
bool is_star(char32_t c) { return c == U'*' || c == U'＊'; }
bool is_tilde(char32_t c) { return c == U'~' || c == U'～'; }

/// 110105********002X and the like: digits, stars, digits.
bool take_mask(std::u32string_view text, QueryLeaf& leaf) {
  constexpr std::size_t kHead = 6;
  constexpr std::size_t kTail = 4;
  const auto star = std::ranges::find_if(text, is_masking);
  const auto after = std::find_if_not(star, text.end(), is_masking);
  const auto head = text.substr(0, static_cast<std::size_t>(star - text.begin()));
  const auto tail = text.substr(static_cast<std::size_t>(after - text.begin()));
  if (star == text.end() || tail.size() != kTail ||
      !std::ranges::all_of(head, is_digit_of_any_width)) {
    return false;
  }
  const std::string end = exact_form(utf8(tail));
  if (!looks_like_citizen_id(std::string(14, '0') + end)) return false;
  leaf.masked_tail = end;
  if (head.size() >= kHead) leaf.masked_head = exact_form(utf8(head.substr(0, kHead)));
  return true;
}

/// Of a period, months; of anything else, dates or the numbers of a field.
bool take_range(std::u32string_view text, QueryLeaf& leaf) {
  leaf.range = range_of(text);
  if (!leaf.range) return false;
  refuse_backwards(*leaf.range);
  if (leaf.range->days) return true;
  if (leaf.field.empty() && leaf.label.empty()) {
    refuse_query("数字范围前要写字段，例如 缴费基数:3000..5000",
                 "a range of numbers needs a field, such as pay_base:3000..5000");
  }
  return true;
}

/// A star inside hanzi parts them; in a code or number it stands for the rest of it.
bool take_stars(std::u32string_view text, QueryLeaf& leaf) {
  if (std::ranges::none_of(text, is_star)) return false;
  std::u32string pattern;
  for (const FoldedChar& folded : fold(text)) {
    const bool again = folded.c == U'*' && !pattern.empty() && pattern.back() == U'*';
    if (!again) pattern += folded.c;
  }
  const bool codes_only = std::ranges::none_of(pattern, is_hanzi);
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = std::min(pattern.find(U'*', at), pattern.size());
    TokenText part = tokens_of(std::u32string_view(pattern).substr(at, end - at));
    if (!part.tokens.empty()) leaf.parts.push_back(std::move(part));
    at = end + 1;
  }
  if (leaf.parts.empty()) return true;
  const std::size_t star = pattern.find(U'*');
  if (codes_only && star < kSignsBeforeStarMin) {
    refuse_query("星号前至少要有两个字符", "at least two signs must stand before a star");
  }
  leaf.pattern = utf8(pattern);
  if (codes_only) leaf.parts.clear();
  return true;
}

/// What offices write for the values of a filter, as the index keeps them.
std::string filter_value(const std::string& field, std::string exact) {
  constexpr std::array<std::array<std::string_view, 3>, 16> kWords = {{
      {pseudo_field::kRetention, "永久", "y"},
      {pseudo_field::kRetention, "100年", "d100"},
      {pseudo_field::kRetention, "50年", "d50"},
      {pseudo_field::kRetention, "30年", "d30"},
      {pseudo_field::kRetention, "10年", "d10"},
      {pseudo_field::kConfidence, "低", "low"},
      {pseudo_field::kConfidence, "中", "fair"},
      {pseudo_field::kConfidence, "高", "high"},
      {pseudo_field::kReview, "是", "needed"},
      {pseudo_field::kReview, "需要", "needed"},
      {pseudo_field::kReview, "yes", "needed"},
      {pseudo_field::kReview, "否", "none"},
      {pseudo_field::kReview, "no", "none"},
      {pseudo_field::kIdKind, "身份证", "居民身份证"},
      {pseudo_field::kRetention, "长期", "d30"},
      {pseudo_field::kRetention, "短期", "d10"},
  }};
  for (const auto& [of, word, value] : kWords) {
    if (field == of && exact == word) return std::string(value);
  }
  return exact;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> built_in_names() {
  return {std::begin(kBuiltInNames), std::end(kBuiltInNames)};
}

[[noreturn]] void refuse_query(const std::string& chinese, const std::string& english) {
  throw std::invalid_argument(chinese + " / " + english);
}

void refuse_backwards(const ValueRange& range) {
  if (!range.backwards()) return;
  refuse_query("范围的两端颠倒，应从小到大，例如 2009..2013",
               "the ends of the range are the wrong way round: write 2009..2013");
}

std::optional<QueryLeaf> leaf_of(std::u32string_view text, const std::string& field,
                                 const std::string& label, bool quoted) {
  QueryLeaf leaf;
  leaf.field = field;
  leaf.label = label;
  leaf.quoted = quoted;
  if (!quoted) {
    if (take_mask(text, leaf)) return leaf;
    if (take_range(text, leaf)) return leaf;
    if (take_stars(text, leaf)) return leaf.has_stars() ? std::optional(leaf) : std::nullopt;
    if (text.size() > 1 && is_tilde(text.back())) {
      leaf.fuzzy = true;
      text.remove_suffix(1);
    }
  }
  leaf.text = tokens_of(text);
  leaf.exact = filter_value(field, exact_form(utf8(text)));
  if (leaf.text.tokens.empty()) return std::nullopt;
  if (field == pseudo_field::kPeriod) {
    // A month or a year alone is a range of that length.
    const std::u32string alone(text);
    leaf.range = range_of(alone + U".." + alone);
    if (!leaf.range || !leaf.range->days) {
      refuse_query("期间写作 2009-01..2010-06", "a period is written 2009-01..2010-06");
    }
  }
  return leaf;
}

}  // namespace archive
