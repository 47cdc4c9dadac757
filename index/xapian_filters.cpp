#include "core/utf8.h"
#include "index/terms.h"
#include "index/xapian_query.h"

namespace archive {
namespace {

using Query = Xapian::Query;

Query any_term(const std::vector<std::string>& terms) {
  return {Query::OP_OR, terms.begin(), terms.end()};
}

/// A range, or a single value as a range of one.
std::optional<ValueRange> range_or_one(const std::string& typed) {
  const std::u32string text = code_points(typed);
  auto range = range_of(text);
  if (!range) range = range_of(text + U".." + text);
  if (range) refuse_backwards(*range);
  return range;
}

}  // namespace

Xapian::Query filter_query(const SearchFilters& filters) {
  std::vector<Query> parts;
  const auto add = [&](const std::string& wanted, std::string_view field) {
    if (wanted.empty()) return;
    const auto leaf = leaf_of(code_points(wanted), std::string(field), {}, true);
    const std::string exact = leaf ? leaf->exact : std::string();
    parts.emplace_back(term(field_prefix(prefix::kFieldExact, field), exact));
  };
  add(filters.person, pseudo_field::kPersonName);
  add(filters.id_kind, pseudo_field::kIdKind);
  add(filters.id_number, pseudo_field::kIdNumber);
  add(filters.employer, pseudo_field::kEmployer);
  add(filters.credit_code, pseudo_field::kCreditCode);
  add(filters.doc_type, pseudo_field::kDocType);
  add(filters.class_code, pseudo_field::kClass);
  add(filters.retention, pseudo_field::kRetention);
  add(filters.confidence, pseudo_field::kConfidence);
  add(filters.review, pseudo_field::kReview);
  add(filters.operator_name, pseudo_field::kOperator);
  add(filters.batch, pseudo_field::kBatch);
  if (!filters.dossier.empty()) {
    const std::string exact = exact_form(filters.dossier);
    parts.push_back(
        any_term({term(field_prefix(prefix::kFieldExact, pseudo_field::kDossierNo), exact),
                  term(field_prefix(prefix::kFieldExact, pseudo_field::kDossier), exact)}));
  }
  if (!filters.period.empty()) {
    const auto range = range_or_one(filters.period);
    const auto months = range ? months_of(*range) : std::nullopt;
    if (!months) refuse_query("期间写作 2009-01..2010-06", "a period is written 2009-01..2010-06");
    parts.push_back(any_term(period_terms(*months)));
  }
  if (!filters.year.empty()) {
    const auto range = range_or_one(filters.year);
    if (!range || !range->days) {
      refuse_query("年度写作 2009 或 2009..2013", "a year is written 2009 or 2009..2013");
    }
    parts.push_back(any_term(date_terms(*range, pseudo_field::kYear)));
  }
  if (filters.dossiers) {
    const std::string in = field_prefix(prefix::kFieldExact, pseudo_field::kDossier);
    std::vector<std::string> any;
    for (const DossierNumber number : *filters.dossiers) {
      any.push_back(term(in, std::to_string(number)));
    }
    // Of none: a term that no page has. An empty query would be no filter.
    if (any.empty()) any.push_back(in);
    parts.push_back(any_term(any));
  }
  return parts.empty() ? Query() : Query(Query::OP_AND, parts.begin(), parts.end());
}

}  // namespace archive
