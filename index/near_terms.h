#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/look_alikes.h"

namespace archive {

// Words near a word, to be asked for in its place. Of folded text; the word itself is never among
// them; each once, in a fixed order.

/// With one character in place of another that looks like it. Of a hanzi, those like it.
std::vector<std::string> look_alikes_of(std::string_view word, const LookAlikes& table);

/// A number or code with another digit in one place (an x at its end as well). Empty for words with
/// fewer than six digits: those near them are other numbers.
std::vector<std::string> one_digit_off(std::string_view word);

/// A word of Latin letters and digits with one sign more, less or another, or two of them swapped
/// (Damerau-Levenshtein distance 1). Empty for words of fewer than 3 or more than 40 signs.
std::vector<std::string> one_edit_off(std::string_view word);

/// True when one can be made of the other by one such step, hanzi counted as one sign each.
bool within_one_edit(std::u32string_view one, std::u32string_view other);

/// Whether a folded text fits a pattern in which a star stands for any characters.
bool fits_pattern(std::string_view text, std::string_view pattern);

}  // namespace archive
