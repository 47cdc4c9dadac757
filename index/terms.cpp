#include "index/terms.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

#include "core/digits.h"
#include "core/utf8.h"
#include "index/fold.h"

namespace archive {
namespace {

constexpr std::size_t kTermBytesMax = 245;  // Xapian's limit for a term
constexpr std::size_t kCompoundTokensMax = 12;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

bool joins(char32_t c) { return std::u32string_view(U"-./,:_'·–").find(c) != std::u32string::npos; }
/// A line break is not one: what it parts was not printed side by side.
bool is_blank(char32_t c) { return c == U' ' || c == U'\t' || c == U'\u3000'; }

/// Of the letters that have accents in western Europe, and those without.
std::string in_small_letters(std::u32string_view text) {
  std::u32string small(text);
  for (char32_t& c : small) {
    const bool capital = (c >= U'A' && c <= U'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7);
    if (capital) c += 0x20;
  }
  return utf8(small);
}

/// What stands between two tokens.
struct Gap {
  std::size_t signs = 0;
  std::size_t blanks = 0;
  char32_t sign = 0;
};

std::vector<Token> cut(std::u32string_view printed, std::vector<char32_t>& joints) {
  const std::vector<FoldedChar> text = fold(printed);
  std::vector<Token> tokens;
  tokens.reserve(text.size());
  joints.reserve(text.size());
  Gap gap;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = text[at].c;
    const bool hanzi = is_hanzi(c);
    if (!hanzi && !is_word_char(c)) {
      is_blank(c) ? ++gap.blanks : ++gap.signs;
      gap.sign = c;
      ++at;
      continue;
    }
    Token token;
    token.hanzi = hanzi;
    token.joined = !tokens.empty() && gap.signs == 1 && gap.blanks == 0 && joins(gap.sign);
    token.spaced = !tokens.empty() && gap.signs == 0 && gap.blanks > 0;
    token.first = text[at].source;
    bool varied = false;
    do {
      token.text += utf8(text[at].c);
      varied = varied || text[at].varied;
      token.last = text[at].source;
      ++at;
    } while (!hanzi && at < text.size() && is_word_char(text[at].c));
    if (varied)
      token.printed = in_small_letters(printed.substr(token.first, token.last - token.first + 1));
    tokens.push_back(std::move(token));
    joints.push_back(gap.sign);
    gap = {};
  }
  return tokens;
}

// -- Compounds -------------------------------------------------------------

std::optional<int> number_in(std::string_view text, int least, int most) {
  if (text.size() > 4 || !all_digits(text)) return std::nullopt;
  int value = 0;
  for (char c : text) value = value * 10 + (c - '0');
  if (value < least || value > most) return std::nullopt;
  return value;
}

bool is_year(std::string_view text) { return text.size() == 4 && number_in(text, 1900, 2099); }

std::string two_digits(std::string_view text) {
  return text.size() == 1 ? "0" + std::string(text) : std::string(text);
}

/// yyyy-mm-dd, or yyyy-mm without a day; empty when there is no such month or day.
std::string date_form(std::string_view year, std::string_view month, std::string_view day) {
  if (!is_year(year) || month.size() > 2 || !number_in(month, 1, 12)) return {};
  std::string date = std::string(year) + "-" + two_digits(month);
  if (day.empty()) return date;
  if (day.size() > 2 || !number_in(day, 1, 31)) return {};
  return date + "-" + two_digits(day);
}

/// Finds the compounds of a text, one kind after the other.
class CompoundFinder {
 public:
  CompoundFinder(TokenText& text, const std::vector<char32_t>& joints)
      : tokens_(text.tokens), joints_(joints), found_(text.compounds) {}

  void find() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_[at].hanzi) continue;
      bare_date(at);
      printed_date(at);
      if (!tokens_[at].joined || tokens_[at - 1].hanzi) joined_run(at);
      if (!tokens_[at].spaced || !all_digits(tokens_[at - 1].text)) spaced_digits(at);
    }
  }

 private:
  const std::string& text(std::size_t at) const { return tokens_[at].text; }

  void add(std::string form, std::size_t first, std::size_t last, bool coarse = false) {
    if (form.empty()) return;
    found_.push_back({std::move(form), static_cast<std::uint32_t>(first),
                      static_cast<std::uint32_t>(last), coarse});
  }

  void add_date(std::string_view year, std::string_view month, std::string_view day,
                std::size_t first, std::size_t last) {
    const std::string date = date_form(year, month, day);
    if (date.empty()) return;
    add(date, first, last);
    if (!day.empty()) add(date.substr(0, 7), first, last, true);
  }

  /// 20040630 and 200406. No county code begins with 19 or 20.
  void bare_date(std::size_t at) {
    const std::string_view digits = text(at);
    if ((digits.size() != 8 && digits.size() != 6) || !all_digits(digits)) return;
    add_date(digits.substr(0, 4), digits.substr(4, 2), digits.substr(6), at, at);
  }

  bool says(std::size_t at, std::string_view hanzi) const {
    return at < tokens_.size() && tokens_[at].text == hanzi;
  }

  /// 2004年6月30日 and 2004年6月.
  void printed_date(std::size_t at) {
    if (!says(at + 1, "年") || at + 3 >= tokens_.size() || !says(at + 3, "月")) return;
    if (at + 5 < tokens_.size() && (says(at + 5, "日") || says(at + 5, "号"))) {
      add_date(text(at), text(at + 2), text(at + 4), at, at + 5);
    } else {
      add_date(text(at), text(at + 2), {}, at, at + 3);
    }
  }

  /// 1,234.56 is an amount: its commas mean nothing.
  std::string amount(std::size_t first, std::size_t last) const {
    std::string form = text(first);
    if (!all_digits(form) || form.size() > 3) return {};
    for (std::size_t at = first + 1; at <= last; ++at) {
      if (!all_digits(text(at))) return {};
      const bool cents = joints_[at] == U'.' && at == last && at > first + 1;
      if (!cents && (joints_[at] != U',' || text(at).size() != 3)) return {};
      form += cents ? "." + text(at) : text(at);
    }
    return form;
  }

  void joined_date(std::size_t first, std::size_t last) {
    const std::size_t count = last - first + 1;
    const char32_t joint = joints_[first + 1];
    if (joint != U'-' && joint != U'.' && joint != U'/') return;
    if (count == 2) add_date(text(first), text(last), {}, first, last);
    if (count == 3 && joints_[last] == joint) {
      add_date(text(first), text(first + 1), text(last), first, last);
    }
  }

  void joined_run(std::size_t first) {
    std::size_t last = first;
    while (last + 1 < tokens_.size() && tokens_[last + 1].joined && !tokens_[last + 1].hanzi)
      ++last;
    if (last == first || last - first >= kCompoundTokensMax) return;
    joined_date(first, last);
    const std::string number = amount(first, last);
    add(number, first, last);
    if (number.ends_with(".00")) add(number.substr(0, number.size() - 3), first, last);
    if (!number.empty()) return;

    std::string code = text(first);
    std::string bare = code;
    for (std::size_t at = first + 1; at <= last; ++at) {
      code += utf8(joints_[at]) + text(at);
      bare += text(at);
    }
    const bool decimal = last == first + 1 && joints_[last] == U'.' && all_digits(bare);
    add(std::move(code), first, last);
    if (!decimal) add(std::move(bare), first, last);
  }

  /// A long number printed in groups, or one digit a box: 6222 0210 0100 0000 000.
  void spaced_digits(std::size_t first) {
    constexpr std::size_t kShortest = 15;  // an old citizen number
    constexpr std::size_t kLongest = 19;   // a bank account
    std::string digits = text(first);
    std::size_t last = first;
    while (last + 1 < tokens_.size() && tokens_[last + 1].spaced && !tokens_[last + 1].hanzi &&
           digits.size() <= kLongest && all_digits(digits)) {
      digits += text(++last);
    }
    const bool whole = digits.size() >= kShortest && digits.size() <= kLongest;
    if (last == first || !whole) return;
    if (all_digits(digits) || looks_like_citizen_id(digits)) add(std::move(digits), first, last);
  }

  const std::vector<Token>& tokens_;
  const std::vector<char32_t>& joints_;  // the sign before each token
  std::vector<Compound>& found_;
};

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

void append_id_terms(std::string_view id, std::vector<std::string>& out) {
  const std::string_view head = id.substr(0, 6);
  const std::string_view tail = id.substr(14);
  out.push_back(term(prefix::kIdHead, head));
  out.push_back(term(prefix::kIdTail, tail));
  out.push_back(term(prefix::kIdEnds, std::string(head) + std::string(tail)));
}

bool begins_pair(const std::vector<Token>& tokens, std::size_t at) {
  return tokens[at].hanzi && at + 1 < tokens.size() && tokens[at + 1].hanzi;
}

}  // namespace

TokenText tokens_of(std::u32string_view text) {
  TokenText result;
  std::vector<char32_t> joints;
  result.tokens = cut(text, joints);
  CompoundFinder(result, joints).find();
  return result;
}

TokenText tokens_of(std::string_view text) { return tokens_of(code_points(text)); }

std::string exact_form(std::string_view utf8_text) { return exact_form(tokens_of(utf8_text)); }

std::string exact_form(const TokenText& text) {
  if (const auto forms = whole_compounds(text); !forms.empty()) return forms.front();
  std::string form;
  for (const Token& token : text.tokens) form += token.text;
  return form;
}

std::string term(std::string_view prefix, std::string_view text) {
  std::string whole;
  whole.reserve(prefix.size() + text.size());
  whole.append(prefix).append(text);
  if (whole.size() <= kTermBytesMax) return whole;
  char hash[18];
  std::snprintf(hash, sizeof hash, "#%016llx", static_cast<unsigned long long>(fnv1a(whole)));
  std::size_t keep = kTermBytesMax - 17;
  while ((static_cast<unsigned char>(whole[keep]) & 0xC0) == 0x80) --keep;
  return whole.substr(0, keep) + hash;
}

std::string field_prefix(std::string_view prefix, std::string_view field) {
  return std::string(prefix) + std::string(field) + ":";
}

std::string label_field(std::string_view label) {
  const std::string exact = exact_form(label);
  return exact.empty() ? exact : '=' + exact;
}

bool looks_like_citizen_id(std::string_view token) {
  return token.size() == 18 && all_digits(token.substr(0, 17)) &&
         (is_digit(token[17]) || token[17] == 'x');
}

void append_span_terms(const TokenText& text, std::string_view prefix,
                       std::vector<std::string>& out) {
  const std::vector<Token>& tokens = text.tokens;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (begins_pair(tokens, at)) {
      out.push_back(term(prefix, tokens[at].text + tokens[at + 1].text));
    }
    if (looks_like_citizen_id(tokens[at].text)) append_id_terms(tokens[at].text, out);
  }
  for (const Compound& compound : text.compounds) {
    out.push_back(term(prefix, compound.text));
    if (looks_like_citizen_id(compound.text)) append_id_terms(compound.text, out);
  }
}

void append_text_terms(const TokenText& text, std::vector<std::string>& out) {
  for (const Token& token : text.tokens) out.push_back(term(prefix::kText, token.text));
  append_span_terms(text, prefix::kText, out);
}

void append_value_terms(const TokenText& text, std::string_view prefix,
                        std::vector<std::string>& out) {
  constexpr std::size_t kShortTokens = 6;
  const bool is_long = text.tokens.size() > kShortTokens;
  for (std::size_t at = 0; at < text.tokens.size(); ++at) {
    const bool in_pair =
        begins_pair(text.tokens, at) || (at > 0 && begins_pair(text.tokens, at - 1));
    if (is_long && in_pair) continue;
    out.push_back(term(prefix, text.tokens[at].text));
  }
  append_span_terms(text, prefix, out);
}

void append_variation_terms(const std::vector<Token>& tokens, std::vector<std::string>& out) {
  const auto varied = [](const Token& token) { return !token.printed.empty(); };
  if (std::ranges::none_of(tokens, varied)) return;
  std::set<std::string> folded_pieces;
  std::set<std::string> plain_pieces;
  const auto take = [&](std::size_t first, std::size_t count) {
    std::string text;
    std::string printed;
    for (std::size_t at = first; at < first + count; ++at) {
      text += tokens[at].text;
      printed += tokens[at].as_printed();
    }
    if (text == printed) {
      plain_pieces.insert(text);
    } else {
      folded_pieces.insert(text);
      out.push_back(term(prefix::kPrinted, printed));
    }
  };
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    take(at, 1);
    if (begins_pair(tokens, at)) take(at, 2);
  }
  for (const std::string& piece : folded_pieces) {
    if (!plain_pieces.contains(piece)) out.push_back(term(prefix::kOnlyFolded, piece));
  }
}

std::vector<Piece> pieces_of(const std::vector<Token>& tokens) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const bool ends_pair = at > 0 && begins_pair(tokens, at - 1);
    if (begins_pair(tokens, at)) {
      pieces.push_back({at, 2});
    } else if (!ends_pair) {
      pieces.push_back({at, 1});
    }
  }
  return pieces;
}

std::vector<std::string> piece_terms(const std::vector<Token>& tokens, std::string_view prefix) {
  std::vector<std::string> terms;
  for (const Piece& piece : pieces_of(tokens)) {
    std::string text = tokens[piece.first].text;
    if (piece.tokens == 2) text += tokens[piece.first + 1].text;
    terms.push_back(term(prefix, text));
  }
  std::ranges::sort(terms);
  const auto repeated = std::ranges::unique(terms);
  terms.erase(repeated.begin(), repeated.end());
  return terms;
}

std::array<std::vector<std::string>, 2> loose_terms(const std::vector<Token>& tokens,
                                                    std::string_view prefix) {
  std::array<std::vector<std::string>, 2> lists;
  for (std::size_t start : {0u, 1u}) {
    std::size_t in_run = 0;
    for (std::size_t at = 0; at < tokens.size(); ++at, ++in_run) {
      if (at == 0 || !tokens[at].hanzi || !tokens[at - 1].hanzi) in_run = 0;
      const bool pair = begins_pair(tokens, at) && in_run >= start;
      std::string text = tokens[at].text;
      if (pair) text += tokens[++at].text, ++in_run;
      lists[start].push_back(term(prefix, text));
    }
  }
  return lists;
}

std::vector<std::string> whole_compounds(const TokenText& text) {
  std::vector<std::string> forms;
  for (const Compound& compound : text.compounds) {
    const bool whole = compound.first == 0 && compound.last + 1 == text.tokens.size();
    if (whole && !compound.coarse) forms.push_back(compound.text);
  }
  return forms;
}

bool is_sequence(const std::vector<Token>& tokens) {
  const bool one_pair = tokens.size() == 2 && begins_pair(tokens, 0);
  return tokens.size() > 1 && !one_pair;
}

}  // namespace archive
