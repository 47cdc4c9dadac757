#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/pattern.h"
#include "core/utf8.h"
#include "ocr/form/fit.h"

// What the files that fit values share; nothing else includes this.

namespace archive::form {

bool is_one_of(std::u32string_view set, char32_t c);

/// The digit a letter is easily taken for; any other character unchanged.
char32_t digit_alike(char32_t c);

/// The folded text of signs, one character a sign; with `digits`, letters that the
/// recogniser was not sure of as the digits they resemble.
std::u32string text_of(const std::vector<Sign>& signs, bool digits);

/// A stretch of a text, in characters.
struct Run {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

/// The longest stretch whose characters all belong.
template <class Belongs>
Run longest_run(std::u32string_view text, Belongs belongs) {
  Run best;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) ++end;
    if (end - at > best.size()) best = {at, end};
    at = std::max(end, at + 1);
  }
  return best;
}

/// A text in UTF-8 that remembers which sign each byte came from.
struct Bytes {
  std::string text;
  std::vector<std::size_t> sign_of;  // for each byte, and one past the end

  explicit Bytes(std::u32string_view points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::string c = utf8(points[i]);
      text += c;
      sign_of.insert(sign_of.end(), c.size(), i);
    }
    sign_of.push_back(points.size());
  }
};

std::vector<Sign> part(const std::vector<Sign>& signs, std::size_t begin, std::size_t end);
Fitted fitted(const std::vector<Sign>& signs, std::size_t begin, std::size_t end, std::string value,
              double quality);
/// Characters of ASCII as a string; others as '?'.
std::string narrow(std::u32string_view text);
/// REQUIRES: the span holds at most 9 digits and nothing else.
int number_of(const std::string& text, const Pattern::Span& span);

// By the kind of value; see fit().
std::optional<Fitted> fit_id(const std::vector<Sign>& signs);
std::optional<Fitted> fit_credit_code(const std::vector<Sign>& signs);
std::optional<Fitted> fit_money(const std::vector<Sign>& signs);
std::optional<Fitted> fit_integer(const FieldDescription& field, const std::vector<Sign>& signs);
std::optional<Fitted> fit_rate(const std::vector<Sign>& signs);
/// Digits, `least` to `most` of them, and the signs in `also`.
std::optional<Fitted> fit_figures(const std::vector<Sign>& signs, std::size_t least,
                                  std::size_t most, std::u32string_view also);
std::optional<Fitted> fit_page_range(const std::vector<Sign>& signs);
std::optional<Fitted> fit_date(const FieldDescription& field, const std::vector<Sign>& signs);
std::optional<Fitted> fit_name(const std::vector<Sign>& signs);
std::optional<Fitted> fit_text(const FieldDescription& field, const std::vector<Sign>& signs);
std::optional<Fitted> fit_choice(const FieldDescription& field, const std::vector<Sign>& signs);
std::optional<Fitted> fit_code(const FieldDescription& field, const std::vector<Sign>& signs);
std::optional<Fitted> fit_capitals(const std::vector<Sign>& signs);

}  // namespace archive::form
