#include "index/near_terms.h"

#include <algorithm>
#include <set>

#include "core/digits.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kSigns = "0123456789abcdefghijklmnopqrstuvwxyz";

bool is_plain_word(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return kSigns.find(c) != std::string_view::npos; });
}

std::vector<std::string> listed(std::set<std::string>& words, std::string_view without) {
  words.erase(std::string(without));
  return {words.begin(), words.end()};
}

}  // namespace

std::vector<std::string> look_alikes_of(std::string_view word, const LookAlikes& table) {
  std::set<std::string> near;
  const std::u32string text = code_points(word);
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char32_t other : table.of(text[at])) {
      std::u32string changed = text;
      changed[at] = other;
      near.insert(utf8(changed));
    }
  }
  return listed(near, word);
}

std::vector<std::string> one_digit_off(std::string_view word) {
  constexpr std::ptrdiff_t kDigitsMin = 6;
  constexpr std::size_t kLongest = 40;
  if (std::ranges::count_if(word, is_digit) < kDigitsMin || word.size() > kLongest) return {};
  std::set<std::string> near;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const bool last = at + 1 == word.size();
    if (!is_digit(word[at]) && !(last && word[at] == 'x')) continue;
    std::string changed(word);
    for (const char digit : kDigits) {
      changed[at] = digit;
      near.insert(changed);
    }
    if (!last || word.size() != 18) continue;
    changed[at] = 'x';
    near.insert(changed);
  }
  return listed(near, word);
}

std::vector<std::string> one_edit_off(std::string_view word) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLongest = 40;
  if (word.size() < kShortest || word.size() > kLongest || !is_plain_word(word)) return {};
  const bool number = std::ranges::all_of(word, [](char c) { return is_digit(c) || c == 'x'; });
  const std::string_view signs = number ? std::string_view("0123456789x") : kSigns;
  const std::string whole(word);
  std::set<std::string> near;
  for (std::size_t at = 0; at <= whole.size(); ++at) {
    for (const char sign : signs) {
      near.insert(whole.substr(0, at) + sign + whole.substr(at));
      if (at < whole.size()) near.insert(whole.substr(0, at) + sign + whole.substr(at + 1));
    }
    if (at < whole.size()) near.insert(whole.substr(0, at) + whole.substr(at + 1));
    if (at + 1 < whole.size()) {
      std::string swapped = whole;
      std::swap(swapped[at], swapped[at + 1]);
      near.insert(swapped);
    }
  }
  return listed(near, word);
}

bool within_one_edit(std::u32string_view one, std::u32string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  if (other.size() - one.size() > 1) return false;
  const auto [a, b] = std::ranges::mismatch(one, other);
  const auto same = static_cast<std::size_t>(a - one.begin());
  const std::u32string_view rest = one.substr(same);
  const std::u32string_view other_rest = other.substr(same);
  if (rest.size() < other_rest.size()) return rest == other_rest.substr(1);
  if (rest.empty() || rest.substr(1) == other_rest.substr(1)) return true;
  return rest.size() > 1 && rest[0] == other_rest[1] && rest[1] == other_rest[0] &&
         rest.substr(2) == other_rest.substr(2);
}

bool fits_pattern(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t sign = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (at < text.size()) {
    if (sign < pattern.size() && pattern[sign] == '*') {
      star = sign++;
      resume = at;
    } else if (sign < pattern.size() && pattern[sign] == text[at]) {
      ++sign;
      ++at;
    } else if (star != std::string_view::npos) {
      sign = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (sign < pattern.size() && pattern[sign] == '*') ++sign;
  return sign == pattern.size();
}

}  // namespace archive
