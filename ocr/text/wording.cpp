#include "ocr/text/wording.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/digits.h"
#include "core/utf8.h"

namespace archive {
namespace {

using Text = std::u32string;

bool is_latin(char32_t c) { return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'); }
bool is_one_of(char32_t c, std::u32string_view set) { return set.find(c) != set.npos; }

// The neighbours of a character; 0 beyond the ends of the line.
struct Place {
  const Text& text;
  std::size_t at;

  char32_t before() const { return at == 0 ? 0 : text[at - 1]; }
  char32_t after() const { return at + 1 == text.size() ? 0 : text[at + 1]; }
};

bool among_hanzi(const Place& p) {
  const auto speaks = [](char32_t c) { return is_hanzi(c) || is_one_of(c, U"：:、（("); };
  const auto against = [](char32_t c) { return is_latin(c) || is_digit(c); };
  return (speaks(p.before()) || speaks(p.after())) && !against(p.before()) && !against(p.after());
}
bool by_itself(const Place& p) { return p.text.size() == 1; }
bool beside_a_party(const Place& p) { return p.after() == U'方' || p.before() == U'乙'; }
bool among_digits(const Place& p) { return is_digit(p.before()) && is_digit(p.after()); }
bool beside_a_digit(const Place& p) {
  return (is_digit(p.before()) || p.before() == 0) && (is_digit(p.after()) || p.after() == 0) &&
         p.before() != p.after();
}
bool after_hanzi(const Place& p) { return is_hanzi(p.before()); }
bool in_quotes(const Place& p) {
  return is_one_of(p.before(), U"“\"‘'") && is_one_of(p.after(), U"”\"’'");
}
// 在相应“□”内打“√”
bool in_quotes_to_be_filled(const Place& p) {
  return in_quotes(p) && p.at + 2 < p.text.size() && is_one_of(p.text[p.at + 2], U"内里中");
}
// 材料, as a hand writes it
bool in_materials_first(const Place& p) {
  const bool last = p.at + 2 >= p.text.size() || !is_hanzi(p.text[p.at + 2]);  // no 村料理店
  return p.after() == U'料' && last;
}
bool in_materials_last(const Place& p) { return p.before() == U'材'; }
bool anywhere(const Place&) { return true; }

struct Lookalike {
  std::u32string_view read;
  char32_t meant;
  bool (*where)(const Place&);
};

constexpr Lookalike kLookalikes[] = {
    {U"丶", U'、', anywhere},           {U"°", U'。', after_hanzi},
    {U"zZ", U'乙', among_hanzi},        {U"zZ", U'乙', by_itself},
    {U"申", U'甲', beside_a_party},     {U"oO", U'0', among_digits},
    {U"lI|", U'1', beside_a_digit},     {U"一", U'-', among_digits},
    {U"村", U'材', in_materials_first}, {U"抖科", U'料', in_materials_last},
    {U"vV", U'√', in_quotes},           {U"口日二ロ", U'□', in_quotes_to_be_filled},
};

void settle_lookalikes(Text& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const Lookalike& pair : kLookalikes) {
      if (is_one_of(text[i], pair.read) && pair.where({text, i})) text[i] = pair.meant;
    }
  }
}

// （费用总额-自费金额-起付标准）×报销比例: between two quantities stands a sign, and the signs look
// like hanzi and brackets. What the network held possible there decides which one it is.
constexpr std::u32string_view kSigns = U"=+-×÷";
constexpr double kSureSign = 0.9;
constexpr double kPossibleSign = 0.01;

struct SignGuess {
  char32_t sign = 0;
  double confidence = 0;
};

char32_t first_of(const std::string& text) {
  const Text points = code_points(text);
  return points.empty() ? 0 : points.front();
}

SignGuess likeliest_sign(const TextChar& c) {
  SignGuess guess;
  const auto consider = [&guess](const std::string& text, double confidence) {
    const char32_t sign = first_of(text);
    if (is_one_of(sign, kSigns) && confidence > guess.confidence) guess = {sign, confidence};
  };
  consider(c.text, c.confidence);
  for (const Alternative& other : c.alternatives) consider(other.text, other.confidence);
  return guess;
}

bool after_a_quantity(const Place& p) { return is_one_of(p.before(), U"额资费金数率息限准例）)"); }

// Whether a line calculates: it has a sign beyond doubt, or two places where one is likelier
// than a character would be.
bool calculates(const Text& text, const std::vector<TextChar>& chars) {
  int possible = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!after_a_quantity({text, i})) continue;
    const SignGuess guess = likeliest_sign(chars[i]);
    if (guess.sign == text[i] && guess.confidence > kSureSign) return true;
    if (guess.confidence > kPossibleSign && chars[i].confidence < kSureSign) ++possible;
  }
  return possible > 1;
}

void settle_signs(Text& text, const std::vector<TextChar>& chars) {
  if (!calculates(text, chars)) return;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Place p{text, i};
    const bool between = after_a_quantity(p) && (is_hanzi(p.after()) || is_digit(p.after()) ||
                                                 is_one_of(p.after(), U"（("));
    if (!between && !(after_a_quantity(p) && p.after() == 0)) continue;
    if (is_one_of(text[i], kSigns)) continue;
    const SignGuess guess = likeliest_sign(chars[i]);
    if (guess.confidence > kPossibleSign) {
      text[i] = guess.sign;
    } else if (text[i] == U'十') {
      text[i] = U'+';
    } else if (text[i] == U'一') {
      text[i] = U'-';
    }
  }
}

constexpr std::u32string_view kSeparators = U".,:;。，：；．";

// Digits with separators between them: where each group of digits begins and how long it is.
struct Group {
  std::size_t at = 0;
  std::size_t length = 0;

  std::size_t end() const { return at + length; }
};

std::vector<Group> groups_from(const Text& text, std::size_t at) {
  std::vector<Group> groups;
  while (at < text.size() && is_digit(text[at])) {
    Group group{at, 0};
    while (group.end() < text.size() && is_digit(text[group.end()])) ++group.length;
    groups.push_back(group);
    at = group.end() + 1;
    if (group.end() >= text.size() || !is_one_of(text[group.end()], kSeparators)) break;
  }
  return groups;
}

bool is_year(const Text& text, const Group& group) {
  return group.length == 4 &&
         (text.compare(group.at, 2, U"19") == 0 || text.compare(group.at, 2, U"20") == 0);
}

bool is_date(const Text& text, const std::vector<Group>& groups) {
  return groups.size() == 3 && is_year(text, groups[0]) && groups[1].length <= 2 &&
         groups[2].length <= 2;
}

// 1,234,567.89: threes between the first group and the last, which has two.
bool is_amount(const std::vector<Group>& groups) {
  return groups.size() > 2 && groups.front().length <= 3 && groups.back().length == 2 &&
         std::all_of(groups.begin() + 1, groups.end() - 1,
                     [](const Group& group) { return group.length == 3; });
}

// 1234.56, but not 12:30
bool is_plain_amount(const Text& text, const std::vector<Group>& groups) {
  return groups.size() == 2 && groups[1].length == 2 &&
         (groups[0].length > 2 || is_one_of(text[groups[0].end()], U".,，．"));
}

bool settle_number(Text& text, const std::vector<Group>& groups) {
  if (is_date(text, groups)) {
    text[groups[0].end()] = text[groups[1].end()] = U'.';
  } else if (is_amount(groups) || is_plain_amount(text, groups)) {
    for (std::size_t i = 0; i + 1 < groups.size(); ++i) {
      text[groups[i].end()] = i + 2 == groups.size() ? U'.' : U',';
    }
  } else {
    return false;
  }
  return true;
}

// Marks of places that are to be taken out.
void settle_numbers(Text& text, std::vector<bool>& out) {
  for (std::size_t i = 0; i < text.size();) {
    const std::vector<Group> groups = groups_from(text, i);
    if (groups.empty()) {
      ++i;
      continue;
    }
    const std::size_t end = groups.back().end();
    const bool settled = groups.size() > 1 && settle_number(text, groups);
    // A speck after an amount that ends its line looks like a point.
    if (settled && end + 1 == text.size() && is_one_of(text[end], U".,:'。")) out[end] = true;
    i = end;
  }
}

void drop_fill_in_lines(const Text& text, std::vector<bool>& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != U'_') continue;
    const Place p{text, i};
    out[i] = !(is_latin(p.before()) && is_latin(p.after()));
  }
}

}  // namespace

void settle_wording(LineReading& reading) {
  Text text;
  for (const TextChar& c : reading.chars) {
    const char32_t point = first_of(c.text);
    text += point == 0 ? U' ' : point;
  }
  std::vector<bool> out(text.size());
  settle_lookalikes(text);
  settle_signs(text, reading.chars);
  settle_numbers(text, out);
  drop_fill_in_lines(text, out);

  std::vector<TextChar> kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (out[i]) continue;
    kept.push_back(std::move(reading.chars[i]));
    kept.back().text = utf8(text[i]);
  }
  reading.chars = std::move(kept);
}

}  // namespace archive
