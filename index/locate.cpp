#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/utf8.h"
#include "index/fold.h"
#include "index/near_terms.h"
#include "index/page_index.h"
#include "index/pinyin.h"
#include "index/query.h"
#include "index/terms.h"

// A page's lines become one text, that text becomes tokens as in the index, and the
// query's tokens are sought among them. Each token knows which code points of the text
// it came from, and each code point which character of which line.

namespace archive {
namespace {

constexpr std::size_t kMatchesMax = 500;
constexpr std::size_t kContextCharacters = 24;

/// A stretch of the page's text, in code points; `last` belongs to it.
struct Stretch {
  std::size_t first = 0;
  std::size_t last = 0;

  auto operator<=>(const Stretch&) const = default;
};

struct PageText {
  std::u32string text;              // lines parted by line breaks
  std::vector<std::size_t> begins;  // where each line begins
  TokenText cut;
  std::map<std::size_t, std::u32string> alternatives;  // of a code point, folded

  explicit PageText(const PageLayout& layout) {
    for (const TextLine& line : layout.lines) {
      begins.push_back(text.size());
      add_alternatives(line);
      text += code_points(line.text);
      text += U'\n';
    }
    cut = tokens_of(text);
  }

  void add_alternatives(const TextLine& line) {
    std::size_t next = 0;
    const std::u32string points = code_points(line.text);
    for (std::size_t i = 0; i < points.size() && next < line.chars.size(); ++i) {
      if (line.chars[next].text != utf8(points[i])) continue;
      for (const Alternative& other : line.chars[next].alternatives) {
        alternatives[text.size() + i] += folded(other.text);
      }
      ++next;
    }
  }

  std::size_t line_at(std::size_t code_point) const {
    const auto after = std::ranges::upper_bound(begins, code_point);
    return static_cast<std::size_t>(after - begins.begin()) - 1;
  }
};

// -- What of the page matches ------------------------------------------------

/// Seeks as the index answers: first what was asked for, then what is like it.
class Matcher {
 public:
  Matcher(const PageText& page, const LookAlikes& look_alikes)
      : page_(page), look_alikes_(look_alikes) {}

  void seek(const QueryLeaf& leaf) {
    const std::size_t before = found_.size();
    const auto found_any = [&] { return found_.size() > before; };
    if (leaf.range) return seek_range(*leaf.range);
    if (leaf.has_stars()) return seek_pattern(leaf);
    seek_phrase(leaf.text.tokens);
    seek_compounds(leaf);
    seek_id_ends(leaf);
    if (leaf.fuzzy) seek_one_edit(leaf);
    if (found_any() || leaf.quoted) return;
    seek_pinyin(leaf.text.tokens);
    if (!found_any()) seek_alike(leaf.text.tokens);
    if (!found_any()) seek_one_digit(leaf);
    if (!found_any()) seek_pairs(leaf.text.tokens);
  }

  /// Words that are one name in pinyin: zhou shi li.
  void seek_pinyin(const std::vector<Token>& wanted) {
    std::string letters;
    for (const Token& token : wanted) letters += token.text;
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    if (letters.size() < 2 || !std::ranges::all_of(letters, is_letter)) return;
    const std::size_t least = std::max<std::size_t>(2, letters.size() / 6);
    const std::size_t most = std::min<std::size_t>(6, letters.size());
    for (std::size_t first = 0; first < tokens().size(); ++first) {
      std::u32string name;
      for (std::size_t at = first; at < tokens().size() && name.size() < most; ++at) {
        if (!tokens()[at].hanzi) break;
        name += code_points(tokens()[at].text);
        if (name.size() < least || !may_spell(name, letters)) continue;
        const std::vector<std::string> forms = pinyin_of_name(name);
        if (std::ranges::find(forms, letters) != forms.end()) add(first, at);
      }
    }
  }

  const std::set<Stretch>& found() const { return found_; }

 private:
  const std::vector<Token>& tokens() const { return page_.cut.tokens; }

  void add(std::size_t first_token, std::size_t last_token) {
    if (found_.size() >= kMatchesMax) return;
    found_.insert({tokens()[first_token].first, tokens()[last_token].last});
  }

  template <class Same>
  void seek_row(const std::vector<Token>& wanted, Same same) {
    if (wanted.empty()) return;
    for (auto at = tokens().begin();; ++at) {
      at = std::search(at, tokens().end(), wanted.begin(), wanted.end(), same);
      if (at == tokens().end()) return;
      const auto first = static_cast<std::size_t>(at - tokens().begin());
      add(first, first + wanted.size() - 1);
    }
  }

  void seek_phrase(const std::vector<Token>& wanted) {
    seek_row(wanted, [](const Token& a, const Token& b) { return a.text == b.text; });
  }

  /// Token by token what may be taken for it.
  void seek_alike(const std::vector<Token>& wanted) {
    seek_row(wanted, [&](const Token& there, const Token& one) {
      return there.text == one.text || alike(there, one);
    });
  }

  bool alike(const Token& there, const Token& wanted) const {
    const std::u32string a = code_points(there.text);
    const std::u32string b = code_points(wanted.text);
    if (a.size() != b.size()) return false;
    std::size_t others = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] == b[i]) continue;
      const auto known = page_.alternatives.find(there.first + i);
      const bool possible =
          known != page_.alternatives.end() && known->second.find(b[i]) != std::u32string::npos;
      if (!possible && !look_alikes_.alike(a[i], b[i])) return false;
      ++others;
    }
    return others <= 1;
  }

  /// The same number, date or code in another spelling.
  void seek_compounds(const QueryLeaf& leaf) {
    const std::vector<std::string> whole = whole_compounds(leaf.text);
    std::set<std::string, std::less<>> forms(whole.begin(), whole.end());
    forms.insert(leaf.exact);
    seek_words([&](const std::string& word) { return forms.contains(word); });
  }

  /// Words and compounds of the page that pass.
  template <class Passes>
  void seek_words(Passes passes) {
    for (const Compound& compound : page_.cut.compounds) {
      if (passes(compound.text)) add(compound.first, compound.last);
    }
    for (std::size_t i = 0; i < tokens().size(); ++i) {
      if (!tokens()[i].hanzi && passes(tokens()[i].text)) add(i, i);
    }
  }

  void seek_range(const ValueRange& range) {
    seek_words([&](const std::string& word) { return range.holds(word); });
  }

  void seek_pattern(const QueryLeaf& leaf) {
    if (leaf.parts.empty()) {
      seek_words([&](const std::string& word) { return fits_pattern(word, leaf.pattern); });
    }
    for (const TokenText& part : leaf.parts) seek_phrase(part.tokens);
  }

  void seek_one_edit(const QueryLeaf& leaf) {
    const std::u32string wanted = code_points(leaf.exact);
    seek_words([&](const std::string& word) {
      const bool long_enough = wanted.size() >= 3;
      return long_enough && within_one_edit(code_points(word), wanted);
    });
    const std::vector<Token>& all = leaf.text.tokens;
    if (all.size() < 3) return;
    for (std::size_t left_out = 0; left_out < all.size(); ++left_out) {
      std::size_t at = 0;
      seek_row(all, [&](const Token& there, const Token& one) {
        at = static_cast<std::size_t>(&one - all.data());
        return at == left_out || there.text == one.text;
      });
    }
  }

  void seek_one_digit(const QueryLeaf& leaf) {
    const std::vector<std::string> near = one_digit_off(leaf.exact);
    if (near.empty()) return;
    seek_words([&](const std::string& word) { return std::ranges::binary_search(near, word); });
  }

  void seek_id_ends(const QueryLeaf& leaf) {
    std::string head = leaf.masked_head;
    std::string tail = leaf.masked_tail;
    if (!leaf.masked() && !leaf.quoted && leaf.text.tokens.size() == 1) {
      if (leaf.exact.size() == 6) head = leaf.exact;
      if (leaf.exact.size() == 4) tail = leaf.exact;
    }
    if (head.empty() && tail.empty()) return;
    seek_words([&](const std::string& id) {
      return looks_like_citizen_id(id) && id.starts_with(head) && id.ends_with(tail);
    });
  }

  void seek_pairs(const std::vector<Token>& wanted) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const bool pair = i + 1 < wanted.size() && wanted[i].hanzi && wanted[i + 1].hanzi;
      if (pair) seek_phrase({wanted[i], wanted[i + 1]});
      if (!pair && !wanted[i].hanzi) seek_phrase({wanted[i]});
    }
  }

  /// Cheap: the first character's reading begins as the letters do.
  static bool may_spell(std::u32string_view name, const std::string& letters) {
    const std::vector<std::string> forms = pinyin_of_name(std::u32string(2, name.front()));
    return std::ranges::any_of(
        forms, [&](const std::string& form) { return form.front() == letters.front(); });
  }

  const PageText& page_;
  const LookAlikes& look_alikes_;
  std::set<Stretch> found_;
};

/// A page shows a field's value, not the number of its batch.
bool stands_on_paper(const QueryLeaf& leaf) {
  constexpr std::array kSaidAboutIt = {
      pseudo_field::kDocType,      pseudo_field::kBatch,  pseudo_field::kDossier,
      pseudo_field::kDossierTitle, pseudo_field::kClass,  pseudo_field::kRetention,
      pseudo_field::kConfidence,   pseudo_field::kReview, pseudo_field::kOperator};
  return std::ranges::find(kSaidAboutIt, leaf.field) == kSaidAboutIt.end();
}

/// Names before a colon that are not known here cost nothing: what stands behind the
/// colon is sought all the same.
QueryNode parse_leniently(const std::string& query) {
  FieldNames names;
  for (int attempt = 0; attempt < 8; ++attempt) {
    try {
      return parse_query(query, names);
    } catch (const UnknownField& unknown) {
      names.add_field(unknown.name());
    }
  }
  throw std::invalid_argument("too many unknown fields");
}

std::set<Stretch> matches(const std::string& query, const PageText& page,
                          const LookAlikes& look_alikes) {
  try {
    const QueryNode node = parse_leniently(query);
    std::vector<const QueryLeaf*> leaves;
    collect_wanted(node, leaves);
    Matcher matcher(page, look_alikes);
    std::vector<Token> words;
    for (const QueryLeaf* leaf : leaves) {
      if (stands_on_paper(*leaf)) matcher.seek(*leaf);
      words.insert(words.end(), leaf->text.tokens.begin(), leaf->text.tokens.end());
    }
    if (matcher.found().empty()) matcher.seek_pinyin(words);
    return matcher.found();
  } catch (const std::invalid_argument&) {
    return {};  // search() has told the clerk what is wrong
  }
}

// -- Where it stands ---------------------------------------------------------

/// For every code point of a line, the share 0..1 of the line that it takes up.
class LineRuler {
 public:
  explicit LineRuler(const TextLine& line) : line_(line) {
    edges_.push_back(0);
    // Some readers give spaces no place of their own: code points and characters are
    // then walked side by side.
    const std::u32string text = archive::code_points(line.text);
    std::size_t next = 0;
    constexpr char32_t kFirstWide = 0x2E80;  // hanzi, kana, full-width signs
    for (char32_t c : text) {
      edges_.push_back(edges_.back() + (c >= kFirstWide ? 1 : 0.5));
      const bool here = next < line.chars.size() && line.chars[next].text == utf8(c);
      char_of_.push_back(here ? static_cast<std::ptrdiff_t>(next++) : -1);
    }
    if (next != line.chars.size() && line.chars.size() == text.size()) {
      for (std::size_t i = 0; i < text.size(); ++i) char_of_[i] = static_cast<std::ptrdiff_t>(i);
    }
  }

  Quad quad(std::size_t first, std::size_t last) const {
    const double from = std::clamp(begin_of(first), 0.0, 1.0);
    const double to = std::clamp(end_of(last), from, 1.0);
    // Of a vertical line some readers give the upright box, others the quad in reading
    // direction; the longer side is the one the characters run along.
    const bool downwards = line_.vertical && line_.quad.height() > line_.quad.width();
    if (!downwards) return without_margin(line_.quad.slice(from, to));
    const auto& [a, b, c, d] = line_.quad.corners;
    const Quad cut = Quad{{{a, d, c, b}}}.slice(from, to);
    return {{{cut.corners[0], cut.corners[3], cut.corners[2], cut.corners[1]}}};
  }

 private:
  /// Half the width that a hanzi of this line can have, as a share of the line.
  double half_character() const {
    const double across = std::min(line_.quad.width(), line_.quad.height());
    const double along = std::max(line_.quad.width(), line_.quad.height());
    return along > 0 ? 0.6 * across / along : 0.5;
  }

  double centre_of(std::ptrdiff_t at) const {
    return line_.chars[static_cast<std::size_t>(at)].position;
  }
  bool is_char(std::ptrdiff_t at) const {
    return at >= 0 && at < static_cast<std::ptrdiff_t>(line_.chars.size());
  }

  /// How far a character reaches to one side: half way to its neighbour there, or at the end of a
  /// line as far as to the other one. The box of a line has a margin that is no character's.
  double reach(std::ptrdiff_t at, std::ptrdiff_t side) const {
    double least = half_character();
    for (const std::ptrdiff_t neighbour : {at + side, at - side}) {
      if (!is_char(neighbour)) continue;
      const double half_way = std::abs(centre_of(neighbour) - centre_of(at)) / 2;
      const bool this_side = neighbour == at + side;
      least = std::min(least, this_side ? half_way : kEndAllowance * half_way);
    }
    return least;
  }

  double begin_of(std::size_t i) const {
    const std::ptrdiff_t at = char_of_.at(i);
    return at < 0 ? edges_[i] / edges_.back() : centre_of(at) - reach(at, -1);
  }

  double end_of(std::size_t i) const {
    const std::ptrdiff_t at = char_of_.at(i);
    return at < 0 ? edges_[i + 1] / edges_.back() : centre_of(at) + reach(at, 1);
  }

  /// Detected lines have a margin above and below, known ones have none.
  Quad without_margin(const Quad& quad) const {
    if (line_.chars.empty()) return quad;
    constexpr double kMargin = 0.1;
    const auto between = [](const auto& from, const auto& to) {
      auto point = from;
      point.x += kMargin * (to.x - from.x);
      point.y += kMargin * (to.y - from.y);
      return point;
    };
    const auto& [a, b, c, d] = quad.corners;
    return {{{between(a, d), between(b, c), between(c, b), between(d, a)}}};
  }

  static constexpr double kEndAllowance = 1.3;

  const TextLine& line_;
  std::vector<double> edges_;            // where characters without a place begin and end, in hanzi
  std::vector<std::ptrdiff_t> char_of_;  // the character of each code point, or -1
};

void append_quads(const Stretch& match, const PageText& page, const PageLayout& layout,
                  std::vector<Quad>& quads) {
  for (std::size_t line = page.line_at(match.first); line <= page.line_at(match.last); ++line) {
    const std::size_t begin = page.begins[line];
    const std::size_t next =
        line + 1 < page.begins.size() ? page.begins[line + 1] : page.text.size();
    const std::size_t length = next - begin - 1;  // without its line break
    if (length == 0) continue;
    const std::size_t first = std::max(match.first, begin) - begin;
    const std::size_t last = std::min(match.last, begin + length - 1) - begin;
    if (first > last) continue;
    quads.push_back(LineRuler(layout.lines[line]).quad(first, last));
  }
}

/// The stretch of text to show: the lines of a match, cut to what a row can hold.
Stretch window_around(const Stretch& match, const PageText& page) {
  const std::size_t line_begin = page.begins[page.line_at(match.first)];
  const std::size_t line_end = page.text.find(U'\n', match.last);
  const std::size_t first =
      match.first > line_begin + kContextCharacters ? match.first - kContextCharacters : line_begin;
  return {first, std::min(line_end - 1, match.last + kContextCharacters)};
}

}  // namespace

std::vector<Quad> locate(const std::string& query, const PageLayout& layout,
                         const LookAlikes& look_alikes) {
  const PageText page(layout);
  std::vector<Quad> quads;
  for (const Stretch& match : matches(query, page, look_alikes)) {
    append_quads(match, page, layout, quads);
  }
  return quads;
}

std::string snippet_of(const std::string& query, const PageLayout& layout,
                       const LookAlikes& look_alikes) {
  const PageText page(layout);
  const std::set<Stretch> found = matches(query, page, look_alikes);
  if (found.empty()) return {};
  const Stretch best =
      *std::ranges::max_element(found, {}, [](const Stretch& s) { return s.last - s.first; });
  const Stretch window = window_around(best, page);

  std::u32string shown;
  if (page.begins[page.line_at(window.first)] != window.first) shown += U"…";
  std::size_t open_until = 0;  // one past the end of the mark that is open
  for (std::size_t at = window.first; at <= window.last; ++at) {
    for (const Stretch& match : found) {
      if (match.first != at || match.last < open_until) continue;
      if (open_until <= at) shown += U'«';
      open_until = match.last + 1;
    }
    const char32_t c = page.text[at];
    if (c != U'\n') {
      shown += c;
    } else if (!is_hanzi(page.text[at - 1])) {
      shown += U' ';
    }
    if (open_until == at + 1) shown += U'»';
  }
  if (open_until > window.last + 1) shown += U'»';
  if (page.text[window.last + 1] != U'\n') shown += U'…';
  return utf8(shown);
}

}  // namespace archive
