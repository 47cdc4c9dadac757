#include "index/xapian_query.h"

#include <initializer_list>
#include <string_view>

#include "index/terms.h"

namespace archive {
namespace {

/// How strictly a query is meant, each mode finding all that the one before it finds.
enum class Strictness {
  structured,  ///< every leaf is the exact value of a field
  words,       ///< every leaf stands on the page as a phrase
  partly,      ///< or is the head or tail of an ID number there
  loose,       ///< hanzi of a leaf in pairs, in any order
};

Xapian::Query any_of(const std::vector<Xapian::Query>& choices) {
  return {Xapian::Query::OP_OR, choices.begin(), choices.end()};
}

Xapian::Query all_of(const std::vector<std::string>& terms) {
  return {Xapian::Query::OP_AND, terms.begin(), terms.end()};
}

/// The tokens side by side. A value in a field is so short that its pieces say enough.
Xapian::Query phrase(const std::vector<Token>& tokens, std::string_view in) {
  const Xapian::Query pieces = all_of(piece_terms(tokens, in));
  const std::vector<std::string> sequence = sequence_terms(tokens);
  if (sequence.empty() || in != prefix::kText) return pieces;
  const Xapian::Query places(Xapian::Query::OP_PHRASE, sequence.begin(), sequence.end(),
                             static_cast<Xapian::termcount>(sequence.size()));
  return {Xapian::Query::OP_AND, pieces, places};
}

Xapian::Query exact_query(const QueryLeaf& leaf) {
  if (leaf.exact.empty()) return {};
  if (leaf.named_by().empty()) return Xapian::Query(term(prefix::kExact, leaf.exact));
  std::vector<Xapian::Query> choices;
  for (const std::string& name : leaf.named_by()) {
    choices.push_back(Xapian::Query(term(field_prefix(prefix::kFieldExact, name), leaf.exact)));
  }
  return any_of(choices);
}

bool asks_for_id(const QueryLeaf& leaf) { return leaf.field == pseudo_field::kIdNumber; }
bool whole_id(const QueryLeaf& leaf) { return looks_like_citizen_id(leaf.exact); }

Xapian::Query ends_of_id(const QueryLeaf& leaf) {
  if (leaf.masked()) {
    return leaf.masked_head.empty()
               ? Xapian::Query(term(prefix::kIdTail, leaf.masked_tail))
               : Xapian::Query(term(prefix::kIdEnds, leaf.masked_head + leaf.masked_tail));
  }
  if (leaf.quoted || leaf.text.tokens.size() != 1 || leaf.text.tokens[0].hanzi) return {};
  if (leaf.exact.size() == 6) return Xapian::Query(term(prefix::kIdHead, leaf.exact));
  if (leaf.exact.size() == 4) return Xapian::Query(term(prefix::kIdTail, leaf.exact));
  return {};
}

Xapian::Query query_of(const QueryLeaf& leaf, Strictness strictness) {
  std::vector<Xapian::Query> choices = {exact_query(leaf)};
  if (strictness == Strictness::structured) return choices.front();
  if (leaf.masked() || asks_for_id(leaf) || strictness >= Strictness::partly) {
    choices.push_back(ends_of_id(leaf));
  }
  const std::vector<Token>& tokens = leaf.text.tokens;
  std::vector<std::string> places;
  for (const std::string& name : leaf.named_by()) {
    places.push_back(field_prefix(prefix::kFieldText, name));
  }
  if (places.empty()) places.emplace_back(prefix::kText);
  for (const std::string& in : places) {
    if (tokens.empty()) break;
    if (strictness == Strictness::loose && !leaf.quoted) {
      for (const auto& terms : loose_terms(tokens, in)) choices.push_back(all_of(terms));
    } else {
      choices.push_back(phrase(tokens, in));
    }
    for (const std::string& form : whole_compounds(leaf.text)) {
      choices.push_back(Xapian::Query(term(in, form)));
    }
  }
  return any_of(choices);
}

Xapian::Query query_of(const QueryNode& node, Strictness strictness) {
  std::vector<Xapian::Query> wanted;
  std::vector<Xapian::Query> unwanted;
  switch (node.kind) {
    case QueryNode::Kind::leaf:
      return query_of(node.leaf, strictness);
    case QueryNode::Kind::none_of:
      return {Xapian::Query::OP_AND_NOT, Xapian::Query::MatchAll,
              query_of(node.children.front(), Strictness::words)};
    case QueryNode::Kind::any_of:
      for (const QueryNode& child : node.children) wanted.push_back(query_of(child, strictness));
      return any_of(wanted);
    case QueryNode::Kind::all_of:
      break;
  }
  for (const QueryNode& child : node.children) {
    const bool negative = child.kind == QueryNode::Kind::none_of;
    if (negative) unwanted.push_back(query_of(child.children.front(), Strictness::words));
    if (!negative) wanted.push_back(query_of(child, strictness));
  }
  const Xapian::Query all =
      wanted.empty() ? Xapian::Query::MatchAll
                     : Xapian::Query(Xapian::Query::OP_AND, wanted.begin(), wanted.end());
  return unwanted.empty() ? all : Xapian::Query(Xapian::Query::OP_AND_NOT, all, any_of(unwanted));
}

/// The words of the query as one phrase; nothing when they are not plain words.
Xapian::Query whole_phrase(const QueryNode& node) {
  if (node.kind != QueryNode::Kind::all_of) return {};
  std::vector<Token> tokens;
  for (const QueryNode& child : node.children) {
    const bool plain = child.kind == QueryNode::Kind::leaf && child.leaf.field.empty();
    if (!plain || child.leaf.masked()) return {};
    const std::vector<Token>& more = child.leaf.text.tokens;
    tokens.insert(tokens.end(), more.begin(), more.end());
  }
  return phrase(tokens, prefix::kText);
}

Xapian::Query filter_query(const SearchFilters& filters) {
  std::vector<Xapian::Query> parts;
  const auto add = [&](const std::string& wanted, std::initializer_list<std::string_view> fields) {
    if (wanted.empty()) return;
    std::vector<Xapian::Query> choices;
    for (std::string_view field : fields) {
      choices.push_back(
          Xapian::Query(term(field_prefix(prefix::kFieldExact, field), exact_form(wanted))));
    }
    parts.push_back(any_of(choices));
  };
  add(filters.person, {pseudo_field::kPersonName});
  add(filters.id_number, {pseudo_field::kIdNumber});
  add(filters.doc_type, {pseudo_field::kDocType});
  add(filters.dossier, {pseudo_field::kDossierNo, pseudo_field::kDossier});
  add(filters.batch, {pseudo_field::kBatch});
  return {Xapian::Query::OP_AND, parts.begin(), parts.end()};
}

}  // namespace

Xapian::Query filtered_by(const SearchFilters& filters, const Xapian::Query& query) {
  if (filters == SearchFilters{}) return query;
  return {Xapian::Query::OP_FILTER, query, filter_query(filters)};
}

std::vector<Tier> tiers_of(const QueryNode& node) {
  const bool one_leaf = node.kind == QueryNode::Kind::leaf;
  const bool part =
      one_leaf && (node.leaf.masked() || (asks_for_id(node.leaf) && !whole_id(node.leaf)));
  return {{query_of(node, Strictness::structured), "field", 4},
          {whole_phrase(node), "phrase", 3},
          {query_of(node, Strictness::words),
           part       ? "part"
           : one_leaf ? "phrase"
                      : "words",
           2},
          {query_of(node, Strictness::partly), one_leaf ? "part" : "words", 1},
          {query_of(node, Strictness::loose), "words", 0, true}};
}

}  // namespace archive
