#include "checks/overview.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "checks/completeness.h"
#include "checks/statement.h"

namespace archive {
namespace {

// A misread year would draw centuries of empty months.
constexpr int kYearsMost = 60;

std::optional<int> small_number(const FieldFact* fact) {
  if (fact == nullptr) return std::nullopt;
  int value = 0;
  const char* end = fact->value.data() + fact->value.size();
  const auto [rest, error] = std::from_chars(fact->value.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

PaperPresence presence_of(const MustHave& paper, const DossierView& view,
                          const std::set<const PageFact*>& misfiled) {
  PaperPresence presence;
  presence.doc_types = paper.doc_types;
  presence.need = paper.need;
  bool readable = false;
  for (const PageFact& page : view.facts().pages) {
    const bool asked = std::ranges::find(paper.doc_types, page.doc_type) != paper.doc_types.end();
    if (!asked || misfiled.contains(&page)) continue;
    presence.pages.push_back(page.number);
    readable |= !page.set_aside && !page.illegible;
  }
  if (readable) {
    presence.state = PaperPresence::State::usable;
  } else if (!presence.pages.empty()) {
    presence.state = PaperPresence::State::unreadable;
  }
  return presence;
}

void add_papers(const Business& business, const std::string& name, const DossierView& view,
                const std::set<const PageFact*>& misfiled, std::vector<PaperPresence>& papers) {
  for (const MustHave& paper : business.papers) {
    PaperPresence presence = presence_of(paper, view, misfiled);
    const bool there = presence.state != PaperPresence::State::absent;
    if (paper.need != Need::mandatory && !there) continue;
    presence.business_zh = name;
    papers.push_back(std::move(presence));
  }
}

class Years {
 public:
  void month(YearMonth month) { years_[month.year()].months.insert(month.month()); }
  void told(int year, int months) {
    auto& entry = years_[year];
    if (!entry.told || *entry.told < months) entry.told = months;
  }

  std::vector<ContributionYear> take() && {
    std::vector<ContributionYear> years;
    if (years_.empty()) return years;
    const int first = years_.begin()->first;
    const int last = years_.rbegin()->first;
    if (last - first >= kYearsMost) return years;
    for (int year = first; year <= last; ++year) {
      ContributionYear entry = years_[year];
      entry.year = year;
      years.push_back(std::move(entry));
    }
    return years;
  }

 private:
  std::map<int, ContributionYear> years_;
};

/// Statements list months; transfer sheets say how many there are in a year.
std::vector<ContributionYear> years_of(const DossierView& view, const Subject& subject) {
  Years years;
  for (const Statement& statement : statements_of(view, subject)) {
    for (const ContributionRow& row : statement.rows) {
      if (row.month) years.month(*row.month);
    }
  }
  for (const PageFact* page : subject.pages_of("DT15")) {
    for (const int row : rows_of(*page)) {
      const auto year = small_number(believed(*page, "row_year", row));
      const auto months = small_number(believed(*page, "row_months", row));
      if (year && months && *months <= 12) years.told(*year, *months);
    }
  }
  return std::move(years).take();
}

std::vector<ContentPages> empty_groups(const std::vector<ContentGroups::Group>& groups) {
  std::vector<ContentPages> pages;
  for (const ContentGroups::Group& group : groups) {
    pages.push_back({group.id, group.name_zh, group.name_en, {}});
  }
  return pages;
}

void add_page(const ContentGroups::Group* group, PageNumber page,
              std::vector<ContentPages>& groups) {
  if (group != nullptr)
    std::ranges::find(groups, group->id, &ContentPages::id)->pages.push_back(page);
}

/// What the pages are about. Sheets of the volume and unknown papers tell nothing.
void divide(const DossierFacts& dossier, const CheckTables& tables, DossierOverview& overview) {
  overview.scopes = empty_groups(tables.content_groups.scopes());
  overview.records = empty_groups(tables.content_groups.records());
  for (const PageFact& page : dossier.pages) {
    const DocumentType* type = tables.forms.type(page.doc_type);
    if (page.set_aside || type == nullptr || type->code == FormCatalogue::kUnknown) continue;
    if (type->class_code == "SB.DOSSIER") continue;
    add_page(tables.content_groups.scope_of(type->class_code), page.number, overview.scopes);
    add_page(tables.content_groups.record_of(type->code), page.number, overview.records);
  }
}

}  // namespace

std::string pay_channel_of(std::string_view printed, const CheckTables& tables) {
  const std::string_view known = tables.words.meaning("pay_channel", printed);
  return known.empty() ? "其他" : std::string(known);
}

std::string_view name_of(PaperPresence::State state) {
  switch (state) {
    case PaperPresence::State::usable:
      return "usable";
    case PaperPresence::State::unreadable:
      return "unreadable";
    case PaperPresence::State::absent:
      break;
  }
  return "absent";
}

DossierOverview overview_of(const DossierFacts& dossier, const CheckTables& tables) {
  const DossierView view(dossier);
  const Subject subject(view, tables);
  const Volume volume(subject);
  std::set<const PageFact*> misfiled;
  for (const VolumePage& page : volume.pages()) {
    if (page.misfiled()) misfiled.insert(page.page);
  }
  DossierOverview overview;
  for (const Business* business : businesses_of(view, volume, tables)) {
    overview.businesses_zh.push_back(business->name_zh);
    add_papers(*business, business->name_zh, view, misfiled, overview.papers);
  }
  add_papers(tables.must_haves.volume_sheets(), "", view, misfiled, overview.papers);
  divide(dossier, tables, overview);
  overview.years = years_of(view, subject);
  return overview;
}

}  // namespace archive
