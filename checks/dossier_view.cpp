#include "checks/dossier_view.h"

#include <algorithm>
#include <set>

namespace archive {

DossierView::DossierView(const DossierFacts& facts) : facts_(facts) {
  values_.reserve(facts.pages.size());
  for (const PageFact& page : facts.pages) {
    values_.emplace_back(page);
    if (!page.set_aside && page.kind == PageKind::content) by_type_[page.doc_type].push_back(&page);
  }
}

const std::vector<const PageFact*>& DossierView::pages_of(std::string_view doc_type) const {
  static const std::vector<const PageFact*> kNone;
  const auto found = by_type_.find(doc_type);
  return found == by_type_.end() ? kNone : found->second;
}

bool is_believed(const FieldFact& field) {
  return !field.value.empty() && (field.by_person || !field.unsure);
}

const FieldFact* believed(const PageFact& page, std::string_view field, int row) {
  const auto found = std::ranges::find_if(page.fields, [&](const FieldFact& fact) {
    return fact.field == field && fact.row == row && is_believed(fact);
  });
  return found == page.fields.end() ? nullptr : &*found;
}

std::vector<int> rows_of(const PageFact& page) {
  std::set<int> rows;
  for (const FieldFact& fact : page.fields) {
    if (fact.row >= 0) rows.insert(fact.row);
  }
  return {rows.begin(), rows.end()};
}

}  // namespace archive
