#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checks/page_values.h"
#include "core/facts.h"

namespace archive {

/// The facts of a dossier the way rules ask for them. Points into the facts, which must live
/// longer.
class DossierView {
 public:
  explicit DossierView(const DossierFacts& facts);
  DossierView(DossierFacts&&) = delete;

  const DossierFacts& facts() const { return facts_; }
  /// Filed pages of a type, in delivered order.
  const std::vector<const PageFact*>& pages_of(std::string_view doc_type) const;
  bool has(std::string_view doc_type) const { return !pages_of(doc_type).empty(); }
  /// The values of a page. REQUIRES: it is a page of facts().
  const PageValues& values(const PageFact& page) const { return values_[index_of(page)]; }
  std::size_t index_of(const PageFact& page) const {
    return static_cast<std::size_t>(&page - facts_.pages.data());
  }

 private:
  const DossierFacts& facts_;
  std::vector<PageValues> values_;  // one a page
  std::map<std::string, std::vector<const PageFact*>, std::less<>> by_type_;
};

/// A value that rules may compare: read without doubt, or decided by a person.
bool is_believed(const FieldFact& field);

/// The believed value of a field, the first of its name and row; null when there is none.
const FieldFact* believed(const PageFact& page, std::string_view field, int row = -1);

/// The rows of a page's tables that have any field, rising.
std::vector<int> rows_of(const PageFact& page);

}  // namespace archive
