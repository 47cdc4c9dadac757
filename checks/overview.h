#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/check_tables.h"
#include "core/calendar.h"
#include "core/facts.h"

namespace archive {

/// A paper that a business asks for, and whether it is there.
struct PaperPresence {
  enum class State {
    usable,      ///< a page of it is filed and can be read
    unreadable,  ///< pages of it are there that nobody could read
    absent,
  };
  std::string business_zh;  ///< empty for the sheets of every volume
  std::vector<std::string> doc_types;
  Need need = Need::mandatory;
  State state = State::absent;
  std::vector<PageNumber> pages;
};

std::string_view name_of(PaperPresence::State state);

/// A year of contributions as the papers show it.
struct ContributionYear {
  int year = 0;
  std::set<unsigned> months;  ///< 1..12, those that a paper lists month by month
  std::optional<int> told;    ///< how many months a paper says there are, without listing them
};

/// Pages of what papers are about, by a division of config/checks/content_groups.csv.
struct ContentPages {
  std::string id;  ///< of the group
  std::string name_zh, name_en;
  std::vector<PageNumber> pages;  ///< filed, in delivered order; may be empty
};

/// What a records manager wants to see of a dossier at a glance, beside its findings.
struct DossierOverview {
  std::vector<std::string> businesses_zh;
  std::vector<PaperPresence> papers;
  std::vector<ContentPages> scopes;     ///< the five scopes of the archives (R6)
  std::vector<ContentPages> records;    ///< the five contents of a rights record (R34)
  std::vector<ContributionYear> years;  ///< from the first to the last that any paper tells
};

/// How something was paid (R57): 银行, 支付宝/微信, 税务部门, 社保经办机构, or 其他 for anything
/// else.
std::string pay_channel_of(std::string_view printed, const CheckTables& tables);

/// Pure. Conditional and optional papers are listed where they are there.
DossierOverview overview_of(const DossierFacts& dossier, const CheckTables& tables);

}  // namespace archive
