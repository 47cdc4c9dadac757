#include "index/xapian_query.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "core/utf8.h"
#include "index/near_terms.h"
#include "index/terms.h"
#include "index/xapian_phrase.h"

namespace archive {
namespace {

using Query = Xapian::Query;

/// How strictly a query is meant, each mode finding all that the one before it finds.
enum class Strictness {
  structured,  ///< every leaf is the exact value of a field
  printed,     ///< every leaf stands on the page as a phrase, in the script it was typed in
  words,       ///< in any script
  linked,      ///< or is the name or number of a person whose page it is
  partly,      ///< or is the head or tail of an ID number there
  pinyin,      ///< or a person's name in pinyin
  look_alike,  ///< or looks like it
  near,        ///< or differs in one digit
  scattered,   ///< hanzi of a leaf in pairs, in any order
};

constexpr std::size_t kStarTermsMax = 500;
constexpr std::size_t kStarReach = 12;  // hanzi that a star stands for
constexpr std::size_t kPiecesMax = 8;
constexpr std::uint64_t kPiecePagesMax = 5'000;

Query any_of(const std::vector<Query>& choices) {
  return {Query::OP_OR, choices.begin(), choices.end()};
}

Query all_of(const std::vector<Query>& parts) {
  return {Query::OP_AND, parts.begin(), parts.end()};
}

Query any_term(const std::vector<std::string>& terms) {
  return {Query::OP_OR, terms.begin(), terms.end()};
}

Query all_terms(const std::vector<std::string>& terms) {
  return {Query::OP_AND, terms.begin(), terms.end()};
}

bool is_text(std::string_view in) { return in == prefix::kText; }

/// Tokens of the text in this order, among so many that follow one another.
RowPhrase in_order(const std::vector<Token>& tokens, std::size_t reach) {
  std::vector<PhrasePlace> places;
  for (const Token& token : tokens) places.push_back({{token.text}});
  return {places, reach};
}

/// The tokens side by side. A value in a field is so short that its pieces say enough.
Query phrase(const std::vector<Token>& tokens, std::string_view in) {
  const Query pieces = all_terms(piece_terms(tokens, in));
  if (!is_sequence(tokens) || !is_text(in)) return pieces;
  return {Query::OP_AND, pieces, standing({in_order(tokens, tokens.size())})};
}

std::string text_of(const std::vector<Token>& tokens, const Piece& piece, bool as_printed) {
  std::string text;
  for (std::size_t at = piece.first; at < piece.first + piece.tokens; ++at) {
    text += as_printed ? tokens[at].as_printed() : tokens[at].text;
  }
  return text;
}

/// The phrase on pages where it stands in the script it was typed in.
Query printed_phrase(const std::vector<Token>& tokens) {
  std::vector<Query> wanted = {phrase(tokens, prefix::kText)};
  std::vector<Query> unwanted;
  for (const Piece& piece : pieces_of(tokens)) {
    const std::string text = text_of(tokens, piece, false);
    const std::string printed = text_of(tokens, piece, true);
    if (text == printed) {
      unwanted.emplace_back(term(prefix::kOnlyFolded, text));
    } else {
      wanted.emplace_back(term(prefix::kPrinted, printed));
    }
  }
  const Query all = all_of(wanted);
  return unwanted.empty() ? all : Query(Query::OP_AND_NOT, all, any_of(unwanted));
}

bool asks_for_id(const QueryLeaf& leaf) { return leaf.field == pseudo_field::kIdNumber; }
bool whole_id(const QueryLeaf& leaf) { return looks_like_citizen_id(leaf.exact); }

Query ends_of_id(const QueryLeaf& leaf) {
  if (leaf.masked()) {
    return leaf.masked_head.empty()
               ? Query(term(prefix::kIdTail, leaf.masked_tail))
               : Query(term(prefix::kIdEnds, leaf.masked_head + leaf.masked_tail));
  }
  if (leaf.quoted || leaf.text.tokens.size() != 1 || leaf.text.tokens[0].hanzi) return {};
  if (leaf.exact.size() == 6) return Query(term(prefix::kIdHead, leaf.exact));
  if (leaf.exact.size() == 4) return Query(term(prefix::kIdTail, leaf.exact));
  return {};
}

bool is_latin(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

Query pinyin_query(const QueryLeaf& leaf) {
  const bool of_a_name = leaf.field.empty() || leaf.field == pseudo_field::kPersonName;
  if (!of_a_name || !leaf.plain()) return {};
  std::string letters;
  for (const Token& token : leaf.text.tokens) letters += token.text;
  return is_latin(letters) ? Query(term(prefix::kPinyin, letters)) : Query();
}

/// Makes Xapian's query of a tree in one mode.
class QueryMaker {
 public:
  QueryMaker(const LookAlikes& look_alikes, const Vocabulary& vocabulary)
      : look_alikes_(look_alikes), vocabulary_(vocabulary) {}

  Query of(const QueryNode& node, Strictness mode) const {
    std::vector<Query> wanted;
    std::vector<Query> unwanted;
    switch (node.kind) {
      case QueryNode::Kind::leaf:
        return of(node.leaf, mode);
      case QueryNode::Kind::none_of:
        return {Query::OP_AND_NOT, Query::MatchAll, of(node.children.front(), Strictness::words)};
      case QueryNode::Kind::any_of:
        for (const QueryNode& child : node.children) wanted.push_back(of(child, mode));
        return any_of(wanted);
      case QueryNode::Kind::all_of:
        break;
    }
    for (const QueryNode& child : node.children) {
      const bool negative = child.kind == QueryNode::Kind::none_of;
      if (negative) unwanted.push_back(of(child.children.front(), Strictness::words));
      if (!negative) wanted.push_back(of(child, mode));
    }
    const Query all = wanted.empty() ? Query::MatchAll : all_of(wanted);
    return unwanted.empty() ? all : Query(Query::OP_AND_NOT, all, any_of(unwanted));
  }

 private:
  Query of(const QueryLeaf& leaf, Strictness mode) const {
    if (leaf.range) return range(leaf);
    if (leaf.has_stars()) return stars(leaf);
    std::vector<Query> choices = {exact(leaf)};
    if (leaf.fuzzy) choices.push_back(fuzzy(leaf));
    if (mode == Strictness::structured) return any_of(choices);
    if (mode >= Strictness::linked && leaf.named_by().empty() && !leaf.exact.empty()) {
      choices.emplace_back(term(prefix::kLinked, leaf.exact));
    }
    if (leaf.masked() || asks_for_id(leaf) || mode >= Strictness::partly) {
      choices.push_back(ends_of_id(leaf));
    }
    const std::vector<Token>& tokens = leaf.text.tokens;
    if (tokens.empty()) return any_of(choices);
    for (const std::string& in : places_of(leaf)) {
      const bool in_script = mode == Strictness::printed && is_text(in);
      choices.push_back(in_script ? printed_phrase(tokens) : phrase(tokens, in));
      for (const std::string& form : whole_compounds(leaf.text)) {
        choices.emplace_back(term(in, form));
      }
      if (leaf.quoted) continue;
      if (mode >= Strictness::look_alike) choices.push_back(look_alike(leaf, in));
      if (mode == Strictness::scattered) {
        for (const auto& terms : loose_terms(tokens, in)) choices.push_back(all_terms(terms));
      }
    }
    if (leaf.quoted) return any_of(choices);
    if (mode >= Strictness::pinyin) choices.push_back(pinyin_query(leaf));
    const bool near_id = mode >= Strictness::look_alike && whole_id(leaf);
    if (near_id || mode >= Strictness::near) choices.push_back(one_digit(leaf));
    return any_of(choices);
  }

  static std::vector<std::string> places_of(const QueryLeaf& leaf) {
    std::vector<std::string> places;
    for (const std::string& name : leaf.named_by()) {
      places.push_back(field_prefix(prefix::kFieldText, name));
    }
    if (places.empty()) places.emplace_back(prefix::kText);
    return places;
  }

  static std::vector<std::string> exact_prefixes(const QueryLeaf& leaf) {
    std::vector<std::string> prefixes;
    for (const std::string& name : leaf.named_by()) {
      prefixes.push_back(field_prefix(prefix::kFieldExact, name));
    }
    if (prefixes.empty()) prefixes.emplace_back(prefix::kExact);
    return prefixes;
  }

  static Query exact(const QueryLeaf& leaf) {
    if (leaf.exact.empty()) return {};
    std::vector<Query> choices;
    for (const std::string& in : exact_prefixes(leaf)) choices.emplace_back(term(in, leaf.exact));
    for (const std::string& name : leaf.named_by()) {
      choices.push_back(in_cells(name, any_term({term(prefix::kText, leaf.exact)})));
    }
    return any_of(choices);
  }

  /// Of a table's numbers and dates: they stand on a page that has some of this field in rows.
  static Query in_cells(const std::string& field, const Query& text) {
    return {Query::OP_AND, Query(term(prefix::kCells, field)), text};
  }

  static Query range(const QueryLeaf& leaf) {
    if (leaf.field == pseudo_field::kPeriod) {
      const auto months = months_of(*leaf.range);
      return months ? any_term(period_terms(*months)) : Query();
    }
    std::vector<std::string> names = leaf.named_by();
    if (names.empty()) names.emplace_back();
    std::vector<Query> choices;
    for (const std::string& name : names) {
      choices.push_back(any_term(date_terms(*leaf.range, name)));
      if (!name.empty()) {
        choices.push_back(in_cells(name, any_term(date_terms(*leaf.range, {}))));
      }
      if (!name.empty()) choices.push_back(any_term(amount_terms(*leaf.range, name)));
    }
    return any_of(choices);
  }

  /// Codes and numbers that fit the pattern; of hanzi, the parts one after the other.
  Query stars(const QueryLeaf& leaf) const {
    std::vector<Query> choices;
    if (!leaf.parts.empty()) {
      for (const std::string& in : places_of(leaf)) choices.push_back(parts(leaf, in));
      return any_of(choices);
    }
    std::vector<std::string> prefixes = exact_prefixes(leaf);
    if (leaf.named_by().empty()) prefixes.emplace_back(prefix::kText);
    const std::string begin = leaf.pattern.substr(0, leaf.pattern.find('*'));
    std::size_t found = 0;
    for (const std::string& in : prefixes) {
      for (const std::string& one : vocabulary_.beginning_with(in + begin, kStarTermsMax + 1)) {
        if (++found > kStarTermsMax) {
          refuse_query("星号代表的词太多，请在星号前多写几个字符",
                       "the star stands for too many words; write more before it");
        }
        if (fits_pattern(one.substr(in.size()), leaf.pattern)) choices.emplace_back(one);
      }
    }
    return any_of(choices);
  }

  static Query parts(const QueryLeaf& leaf, const std::string& in) {
    std::vector<Query> all;
    std::vector<Token> sequence;
    for (const TokenText& part : leaf.parts) {
      all.push_back(phrase(part.tokens, in));
      sequence.insert(sequence.end(), part.tokens.begin(), part.tokens.end());
    }
    if (is_text(in) && leaf.parts.size() > 1) {
      const std::size_t reach = sequence.size() + kStarReach * (leaf.parts.size() - 1);
      all.push_back(standing({in_order(sequence, reach)}));
    }
    return all_of(all);
  }

  /// A word one sign off; of hanzi, all but one of them at their places, two at least.
  Query fuzzy(const QueryLeaf& leaf) const {
    const std::vector<Token>& tokens = leaf.text.tokens;
    std::vector<Query> choices = {any_term(known_words(one_edit_off(leaf.exact), leaf))};
    if (tokens.size() < 3) return any_of(choices);
    for (const std::string& in : places_of(leaf)) {
      std::vector<Query> any;
      std::vector<RowPhrase> phrases;
      for (std::size_t left_out = 0; left_out < tokens.size(); ++left_out) {
        std::vector<Token> rest = tokens;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
        std::vector<Query> all;
        for (const Token& token : rest) all.emplace_back(term(in, token.text));
        any.push_back(all_of(all));
        phrases.push_back(in_order(rest, tokens.size()));
      }
      choices.push_back(any_of(any));
      if (is_text(in)) choices.back() = all_of({choices.back(), standing(phrases)});
    }
    return any_of(choices);
  }

  Query one_digit(const QueryLeaf& leaf) const {
    return any_term(known_words(one_digit_off(leaf.exact), leaf));
  }

  /// Of hundreds of words nearly all stand nowhere; Xapian need not hear of them.
  std::vector<std::string> known_words(const std::vector<std::string>& words,
                                       const QueryLeaf& leaf) const {
    std::vector<std::string> prefixes = exact_prefixes(leaf);
    for (std::string& in : places_of(leaf)) prefixes.push_back(std::move(in));
    std::vector<std::string> known;
    for (const std::string& word : words) {
      for (const std::string& in : prefixes) {
        std::string one = term(in, word);
        if (vocabulary_.pages_with(one) > 0) known.push_back(std::move(one));
      }
    }
    return known;
  }

  /// A token, or what the recognizer or an eye may take for it.
  std::vector<Query> readings_of(const std::string& text, std::string_view in) const {
    std::vector<Query> readings = {Query(term(in, text))};
    if (is_text(in)) readings.emplace_back(term(prefix::kAlternative, text));
    for (const std::string& other : look_alikes_of(text, look_alikes_)) {
      readings.emplace_back(term(in, other));
    }
    return readings;
  }

  Query look_alike(const QueryLeaf& leaf, const std::string& in) const {
    const std::vector<Token>& tokens = leaf.text.tokens;
    std::vector<Query> all;
    for (const Piece& piece : pieces_of(tokens)) {
      all.push_back(any_of(readings_of(text_of(tokens, piece, false), in)));
    }
    if (is_text(in) && is_sequence(tokens)) {
      std::vector<PhrasePlace> places;
      for (const Token& token : tokens) {
        places.push_back({look_alikes_of(token.text, look_alikes_), token.text});
        places.back().tokens.push_back(token.text);
      }
      all.push_back(standing({RowPhrase(places, places.size())}));
    }
    std::vector<Query> choices = {all_of(all)};
    for (const std::string& form : whole_compounds(leaf.text)) {
      choices.push_back(any_of(readings_of(form, in)));
    }
    return any_of(choices);
  }

  const LookAlikes& look_alikes_;
  const Vocabulary& vocabulary_;
};

/// What pages have that answer in another script only. Nothing when the query itself is in another:
/// then any page may.
std::optional<std::vector<std::string>> only_folded_terms(const QueryNode& node) {
  std::vector<const QueryLeaf*> leaves;
  collect_wanted(node, leaves);
  std::vector<std::string> terms;
  for (const QueryLeaf* leaf : leaves) {
    for (const Piece& piece : pieces_of(leaf->text.tokens)) {
      const std::string text = text_of(leaf->text.tokens, piece, false);
      if (text != text_of(leaf->text.tokens, piece, true)) return std::nullopt;
      terms.push_back(term(prefix::kOnlyFolded, text));
    }
  }
  return terms;
}

std::optional<std::vector<std::string>> linked_terms(const QueryNode& node) {
  std::vector<const QueryLeaf*> leaves;
  collect_wanted(node, leaves);
  std::vector<std::string> terms;
  for (const QueryLeaf* leaf : leaves) {
    if (!leaf->exact.empty()) terms.push_back(term(prefix::kLinked, leaf->exact));
  }
  return terms;
}

/// A mode finds more than the one before it only on pages with one of these terms, which are few.
/// Empty when no page has one.
TierQuery where_any(const std::function<Query()>& mode,
                    const std::optional<std::vector<std::string>>& terms,
                    const Vocabulary& vocabulary) {
  if (!terms) return TierQuery{mode()};
  std::vector<std::string> known;
  for (const std::string& one : *terms) {
    if (vocabulary.pages_with(one) > 0) known.push_back(one);
  }
  if (known.empty()) return {};
  TierQuery tier{mode()};
  tier.covers = tier.query;
  tier.query = Query(Query::OP_FILTER, tier.covers, any_term(known));
  return tier;
}

TierQuery apart(const Query& query) {
  TierQuery tier{query};
  tier.apart = true;
  return tier;
}

bool is_plain_word(const QueryNode& node) {
  return node.kind == QueryNode::Kind::leaf && node.leaf.named_by().empty() && node.leaf.plain() &&
         !node.leaf.fuzzy;
}

/// The tokens of a query that is nothing but plain words.
std::vector<Token> plain_tokens(const QueryNode& node) {
  if (is_plain_word(node)) return node.leaf.text.tokens;
  std::vector<Token> tokens;
  if (node.kind != QueryNode::Kind::all_of) return tokens;
  for (const QueryNode& child : node.children) {
    if (!is_plain_word(child)) return {};
    const std::vector<Token>& more = child.leaf.text.tokens;
    tokens.insert(tokens.end(), more.begin(), more.end());
  }
  return tokens;
}

/// The words of the query as one phrase; nothing when they are not plain words.
Query whole_phrase(const QueryNode& node) {
  return node.kind == QueryNode::Kind::all_of ? phrase(plain_tokens(node), prefix::kText) : Query();
}

/// "zhou shi li" as one name.
Query whole_pinyin(const QueryNode& node) {
  std::string letters;
  for (const Token& token : plain_tokens(node)) letters += token.text;
  return is_latin(letters) ? Query(term(prefix::kPinyin, letters)) : Query();
}

/// Pages with at least half of what was asked for: of its rarest pieces, so that it costs little.
TierQuery most_pieces(const QueryNode& node, const Vocabulary& vocabulary) {
  TierQuery tier = apart({});
  std::vector<const QueryLeaf*> leaves;
  const bool conjunction =
      node.kind == QueryNode::Kind::leaf || node.kind == QueryNode::Kind::all_of;
  if (!conjunction) return tier;
  collect_wanted(node, leaves);
  std::set<std::string> terms;
  for (const QueryLeaf* leaf : leaves) {
    if (leaf->quoted || !leaf->plain() || !leaf->named_by().empty()) return tier;
    const std::vector<std::string> pieces = piece_terms(leaf->text.tokens, prefix::kText);
    terms.insert(pieces.begin(), pieces.end());
  }
  if (terms.size() < 3) return tier;
  std::vector<std::pair<std::uint64_t, std::string>> by_pages;
  for (const std::string& one : terms) {
    const std::uint64_t pages = vocabulary.pages_with(one);
    if (pages > 0 && pages <= kPiecePagesMax) by_pages.emplace_back(pages, one);
  }
  std::ranges::sort(by_pages);
  if (by_pages.size() > kPiecesMax) by_pages.resize(kPiecesMax);
  const std::size_t least = (std::min(terms.size(), kPiecesMax) + 1) / 2;
  if (by_pages.size() < least) return tier;
  std::vector<std::string> rarest;
  for (const auto& [pages, one] : by_pages) rarest.push_back(one);
  tier.query = any_term(rarest);
  tier.terms_min = static_cast<unsigned>(least);
  return tier;
}

}  // namespace

std::vector<Tier> tiers_of(const QueryNode& node, const LookAlikes& look_alikes,
                           const Vocabulary& vocabulary, bool exactly) {
  const QueryMaker make(look_alikes, vocabulary);
  const auto in_mode = [&node, make](Strictness mode) {
    return [&node, make, mode] { return TierQuery{make.of(node, mode)}; };
  };
  const bool one_leaf = node.kind == QueryNode::Kind::leaf;
  const bool ends =
      one_leaf && (node.leaf.masked() || (asks_for_id(node.leaf) && !whole_id(node.leaf)));
  std::string kind = "field";
  if (one_leaf && node.leaf.range) kind = "range";
  if (one_leaf && node.leaf.has_stars()) kind = "star";
  if (one_leaf && node.leaf.fuzzy) kind = "near";
  std::string words = one_leaf ? "phrase" : "words";
  if (kind != "field") words = kind;
  if (ends) words = "part";
  using When = Tier::When;
  std::vector<Tier> tiers = {{in_mode(Strictness::structured), kind, 10},
                             {[&node] { return apart(whole_phrase(node)); }, "phrase", 9},
                             {in_mode(Strictness::printed), words, 8}};
  tiers.push_back({[&node, &vocabulary, make] {
                     const auto mode = [&] { return make.of(node, Strictness::words); };
                     return where_any(mode, only_folded_terms(node), vocabulary);
                   },
                   ends ? "part" : "folded", 7});
  tiers.push_back({[&node, &vocabulary, make] {
                     const auto mode = [&] { return make.of(node, Strictness::linked); };
                     return where_any(mode, linked_terms(node), vocabulary);
                   },
                   "person", 6.5});
  if (exactly) return tiers;
  tiers.push_back({in_mode(Strictness::partly), one_leaf ? "part" : "words", 6});
  tiers.push_back({[&node] { return apart(whole_pinyin(node)); }, "pinyin", 5});
  tiers.push_back({in_mode(Strictness::pinyin), "pinyin", 5});
  tiers.push_back({in_mode(Strictness::look_alike), "look_alike", 4, When::few});
  tiers.push_back({in_mode(Strictness::near), "near", 3, When::nothing});
  tiers.push_back({in_mode(Strictness::scattered), "scattered", 2, When::nothing});
  tiers.push_back(
      {[&node, &vocabulary] { return most_pieces(node, vocabulary); }, "pieces", 0, When::nothing});
  return tiers;
}

}  // namespace archive
