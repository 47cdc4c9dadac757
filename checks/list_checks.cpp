#include <algorithm>
#include <map>
#include <set>

#include "checks/dossier_checks.h"
#include "checks/doubt.h"
#include "checks/rule_groups.h"
#include "checks/wording.h"
#include "core/width.h"

namespace archive {
namespace {

/// A row of a form: the fields outside tables, or those of a row of a table.
struct FormRow {
  const PageFact* page = nullptr;
  int row = -1;
};

std::string bare(std::string_view text) {
  std::string text_bare = half_width(text);
  std::erase_if(text_bare, [](char c) { return c == ' '; });
  return text_bare;
}

/// A date may be printed to the month only: then the months are compared.
bool agree(const std::string& printed, const std::string& listed) {
  const std::string a = bare(printed);
  const std::string b = bare(listed);
  constexpr std::size_t kMonthLength = 7;
  const bool month_against_day = (a.size() == kMonthLength || b.size() == kMonthLength) &&
                                 a.size() >= kMonthLength && b.size() >= kMonthLength &&
                                 a[4] == '-' && b[4] == '-';
  if (month_against_day) return a.substr(0, kMonthLength) == b.substr(0, kMonthLength);
  return a == b;
}

/// Where the dossier speaks of the person or employer of a row of a list.
class Places {
 public:
  explicit Places(const DossierView& view) {
    for (const PageFact& page : view.facts().pages) {
      if (page.set_aside) continue;
      for (const FieldFact& field : page.fields) {
        const bool key = field.field == "id_number" || field.field == "uscc";
        if (key && is_believed(field)) rows_[field.value].push_back({&page, field.row});
      }
    }
  }

  std::vector<FormRow> of(const ListedRecord& record) const {
    const auto found = rows_.find(record.key);
    if (found == rows_.end()) return {};
    if (record.kind != ListKind::payment) return found->second;
    // The months of a statement are rows of a page that names its person once.
    std::vector<FormRow> months;
    for (const FormRow& place : found->second) {
      for (const FieldFact& field : place.page->fields) {
        const bool here = field.field == "period_from" && is_believed(field) &&
                          field.value == record.month && (place.row < 0 || field.row == place.row);
        if (here) months.push_back({place.page, field.row});
      }
    }
    return months;
  }

 private:
  std::map<std::string, std::vector<FormRow>, std::less<>> rows_;
};

void compare(const ListedRecord& record, const std::vector<FormRow>& rows,
             const CheckTables& tables, Findings& findings) {
  for (const auto& [field, listed] : record.values) {
    std::vector<FindingPlace> places;
    const PageFact* first = nullptr;
    for (const FormRow& row : rows) {
      const FieldFact* printed = believed(*row.page, field, row.row);
      if (printed == nullptr || agree(printed->value, listed)) continue;
      if (a_sign_may_be_misread(*printed, listed, tables)) continue;
      if (first == nullptr) first = row.page;
      places.push_back(place_of(*row.page, *printed));
    }
    if (places.empty()) continue;
    findings.add("list", name_of(record.kind), std::move(places), listed,
                 Wording(tables)
                     .field(first->doc_type, field)
                     .word("list", record.list)
                     .word("line", std::to_string(record.line))
                     .word("month", record.month)
                     .take(),
                 {record.key});
  }
}

}  // namespace

void check_lists(const DossierView& view, const std::vector<ListedRecord>& listed,
                 const CheckTables& tables, Findings& findings) {
  if (listed.empty()) return;
  const Places places(view);
  for (const ListedRecord& record : listed) {
    compare(record, places.of(record), tables, findings);
  }
}

std::set<std::string> list_keys(const DossierFacts& facts) {
  std::set<std::string> keys;
  for (const PageFact& page : facts.pages) {
    for (const FieldFact& field : page.fields) {
      const bool key = field.field == "id_number" || field.field == "uscc";
      if (key && !page.set_aside && is_believed(field)) keys.insert(field.value);
    }
  }
  return keys;
}

}  // namespace archive
