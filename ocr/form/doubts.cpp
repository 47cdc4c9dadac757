#include "ocr/form/doubts.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/utf8.h"

namespace archive::form {
namespace {

constexpr double kDoubtMost = 3;
constexpr double kHole = 0.7;    // of a character's width
constexpr double kBeside = 0.6;  // of a line's height
constexpr double kBelow = 0.3;   // or above
constexpr std::size_t kFew = 2;

Trait kind_of(ValueType type) {
  switch (type) {
    case ValueType::name:
      return Trait::name;
    case ValueType::date:
    case ValueType::year_month:
      return Trait::date;
    case ValueType::money:
    case ValueType::capitals:
      return Trait::amount;
    case ValueType::choice:
      return Trait::choice;
    case ValueType::page_stamp:
      return Trait::stamp;
    case ValueType::id18:
    case ValueType::credit_code:
    case ValueType::integer:
    case ValueType::rate:
    case ValueType::phone:
    case ValueType::bank_account:
    case ValueType::page_range:
    case ValueType::code:
      return Trait::number;
    case ValueType::text:
    case ValueType::address:
    case ValueType::mark:
      break;
  }
  return Trait::text;
}

bool has_check(ValueType type) {
  return type == ValueType::id18 || type == ValueType::credit_code || type == ValueType::capitals;
}

/// A hole of a character's width between two hanzi of one line: one was not read.
bool lost_character(const std::vector<Sign>& signs) {
  for (std::size_t i = 1; i < signs.size(); ++i) {
    const Sign& before = signs[i - 1];
    const Sign& sign = signs[i];
    if (sign.line != before.line || !is_hanzi(sign.c) || !is_hanzi(before.c)) continue;
    if (sign.x0 - before.x1 > kHole * (sign.x1 - sign.x0)) return true;
  }
  return false;
}

bool under_seal(const std::vector<Sign>& signs, const std::vector<SealMark>& seals) {
  return std::ranges::any_of(seals, [&](const SealMark& seal) {
    const Box box = seal.quad.bounds();
    return std::ranges::any_of(signs, [&](const Sign& sign) {
      const double x = (sign.x0 + sign.x1) / 2;
      return x > box.left && x < box.right && sign.y > box.top && sign.y < box.bottom;
    });
  });
}

/// Something unsure, or of a seal, that touches the value.
bool touched(const std::vector<Sign>& signs, const std::vector<TextLine>& lines) {
  std::set<int> own;
  Box box = signs.front().box();
  for (const Sign& sign : signs) {
    own.insert(sign.line);
    box = joined(box, sign.box());
  }
  const double reach = kBeside * signs.front().height, below = kBelow * signs.front().height;
  for (int i = 0; i < static_cast<int>(lines.size()); ++i) {
    const TextLine& line = lines[static_cast<std::size_t>(i)];
    if (own.contains(i) || (!line.unsure && line.kind != LineKind::seal)) continue;
    const Box other = line.quad.bounds();
    const bool level = other.top < box.bottom + below && other.bottom > box.top - below;
    if (level && other.left < box.right + reach && other.right > box.left - reach) return true;
  }
  return false;
}

/// How hard the page is to read: the share of its characters that are in doubt, a quarter of them
/// being as bad as it gets.
double hardness(const std::vector<TextLine>& lines) {
  constexpr double kDoubtful = 0.9, kWorst = 0.25;
  double all = 0, doubtful = 0;
  for (const TextLine& line : lines) {
    if (line.kind == LineKind::seal) continue;
    for (const TextChar& c : line.chars) doubtful += c.confidence < kDoubtful ? 1 : 0;
    all += static_cast<double>(line.chars.size());
  }
  return std::min(1.0, doubtful / std::max(1.0, kWorst * all));
}

}  // namespace

Traits traits_of(const FieldDescription& field, const Fitted& value, const Finding& finding,
                 const RecognizedPage& page) {
  double product = 0, least = 1;
  bool unsure = false;
  for (const Sign& sign : value.signs) {
    product -= std::log(std::max(sign.confidence, 1e-3));
    least = std::min(least, sign.confidence);
    unsure = unsure || page.lines[static_cast<std::size_t>(sign.line)].unsure;
  }
  const auto flag = [](bool holds) { return holds ? 1.0 : 0.0; };
  const bool valid = value.validity == FieldValidity::valid;
  // A number whose check fails may be wrong on the paper: that says nothing against its reading.
  const bool misprint = value.problem.ends_with("check_character");
  Traits traits{};
  trait(traits, Trait::base) = 1;
  trait(traits, Trait::doubt) = std::min(product, kDoubtMost);
  trait(traits, Trait::weakest) = 1 - least;
  trait(traits, Trait::label) = 1 - std::min(1.0, finding.score);
  trait(traits, Trait::line) = unsure ? 1 : hardness(page.lines);
  trait(traits, Trait::hand) = flag(finding.handwritten);
  trait(traits, Trait::suspicious) = flag(value.validity == FieldValidity::suspicious);
  trait(traits, Trait::invalid) = flag(value.validity == FieldValidity::invalid && !misprint);
  trait(traits, Trait::checked) = flag(value.confirmed || (valid && has_check(field.type)));
  trait(traits, Trait::hole) = flag(lost_character(value.signs));
  trait(traits, Trait::sealed) = flag(under_seal(value.signs, page.seals));
  trait(traits, Trait::beside) = flag(touched(value.signs, page.lines));
  trait(traits, Trait::single) = flag(value.signs.size() <= kFew);
  trait(traits, Trait::row) = flag(finding.in_row);
  trait(traits, kind_of(field.type)) = 1;
  return traits;
}

bool shows_fen(std::string_view raw) {
  const std::size_t point = raw.find_last_of(".,");
  return point != std::string_view::npos && raw.size() - point == 3;
}

}  // namespace archive::form
