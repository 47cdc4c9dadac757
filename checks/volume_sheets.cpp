#include <algorithm>
#include <string>

#include "checks/catalogue_fit.h"
#include "checks/doubt.h"
#include "checks/rule_groups.h"
#include "core/retention.h"
#include "core/utf8.h"
#include "core/width.h"

// What cover, catalogue, closing sheet and hand-over list say against each other and against the
// papers: X42, X45, X46, X60, X70, X71.

namespace archive {
namespace {

// -- X42: the dates of the cover ------------------------------------------------

// Dates are compared as precisely as the less precise one is printed.
bool is_before(const std::string& a, const std::string& b) {
  const std::size_t length = std::min(a.size(), b.size());
  return a.compare(0, length, b, 0, length) < 0;
}

void check_dates(const DossierView& dossier, const Volume& volume, const CheckTables& tables,
                 Findings& findings) {
  std::vector<const CatalogueRow*> dated;
  for (const CatalogueRow& row : volume.rows()) {
    // A date after the day on which the dossier was handed in is a misread one.
    const bool later = is_before(dossier.facts().received_on, row.date);
    if (!row.date.empty() && !later) dated.push_back(&row);
  }
  if (dated.empty()) return;
  const auto [earliest, latest] =
      std::ranges::minmax_element(dated, {}, [](const CatalogueRow* row) { return row->date; });
  // Only with every row at hand does a date outside all of them prove anything.
  const bool all = dated.size() == volume.rows().size() && fit_of_catalogue(volume).complete;
  const auto compare = [&](const char* id, const char* variant, const CatalogueRow& row,
                           bool first) {
    for (const PageFact* cover : dossier.pages_of(kCover)) {
      const FieldFact* told = believed(*cover, id);
      if (told == nullptr) continue;
      const bool inside =
          first ? is_before(row.date, told->value) : is_before(told->value, row.date);
      const bool outside =
          first ? is_before(told->value, row.date) : is_before(row.date, told->value);
      if (!inside && !(outside && all)) return;
      const FieldFact* date = believed(*row.page, "item_date", row.row);
      if (likelier_misread(*told, row.date, tables) ||
          likelier_misread(*date, told->value, tables)) {
        return;
      }
      findings.add("X42", variant, {place_of(*cover, *told), place_of(*row.page, *date)}, row.date,
                   {{"title", row.title}});
      return;
    }
  };
  compare("date_from", "from", **earliest, true);
  compare("date_to", "to", **latest, false);
}

// -- X45: the archive number -----------------------------------------------------

std::string plain_number(std::string_view text) {
  std::u32string plain;
  for (char32_t c : code_points(half_width(text))) {
    if (c == U' ') continue;
    constexpr std::u32string_view kDashes = U"‐‑‒–—―−－";
    plain += kDashes.find(c) != std::u32string_view::npos ? U'-' : c;
  }
  return utf8(plain);
}

// Letters and digits that readers take for each other count as one.
std::string without_look_alikes(const std::string& number) {
  constexpr std::string_view kLetters = "SBIOGZQ";
  constexpr std::string_view kDigits = "5810620";
  std::string plain = number;
  for (char& c : plain) {
    if (const auto at = kLetters.find(c); at != std::string_view::npos) c = kDigits[at];
  }
  return plain;
}

// Numbers that differ in fewer characters may be one number, misread.
constexpr int kApartOfAnother = 2;

void check_archive_number(const DossierView& dossier, Findings& findings) {
  std::map<std::string, std::vector<std::pair<const PageFact*, const FieldFact*>>> places;
  std::map<std::string, int> votes;
  for (const PageFact& page : dossier.facts().pages) {
    if (page.set_aside) continue;
    if (const FieldFact* number = believed(page, "dossier_no")) {
      places[plain_number(number->value)].emplace_back(&page, number);
      ++votes[plain_number(number->value)];
    }
  }
  // The code of a separator sheet is no reading of a page that has been counted.
  const DossierFacts& facts = dossier.facts();
  if (facts.opened_by == "separator" && !facts.dossier_no.empty()) {
    ++votes[plain_number(facts.dossier_no)];
  }
  if (votes.size() < 2) return;
  const auto most =
      std::ranges::max_element(votes, {}, [](const auto& number) { return number.second; });
  const std::string expected = without_look_alikes(most->first);
  std::vector<FindingPlace> odd;
  for (const auto& [number, where] : places) {
    const int apart = characters_apart(without_look_alikes(number), expected);
    if (apart < kApartOfAnother) continue;
    for (const auto& [page, field] : where) {
      odd.push_back(place_of(*page, *field));
    }
  }
  if (odd.empty()) return;
  for (const auto& [page, field] : places[most->first]) odd.push_back(place_of(*page, *field));
  findings.add("X45", "", std::move(odd), most->first);
}

// -- X46: what was handed over ------------------------------------------------------

/// A count as printed; 0 for what is none.
std::int64_t counted(const std::string& value) {
  const auto number = Decimal::parse(value);
  return number ? number->whole() : 0;
}

/// True when one of the three may have been misread by a sign.
bool may_be_misread_count(const FieldFact& sent, const FieldFact& received,
                          const FieldFact* returned, const CheckTables& tables) {
  const std::int64_t came = counted(received.value);
  const std::int64_t back = returned == nullptr ? 0 : counted(returned->value);
  const std::int64_t missing = counted(sent.value) - came - back;
  return a_sign_may_be_misread(sent, std::to_string(came + back), tables) ||
         a_sign_may_be_misread(received, std::to_string(came + missing), tables) ||
         (returned != nullptr &&
          a_sign_may_be_misread(*returned, std::to_string(back + missing), tables));
}

void check_handover(const DossierView& dossier, const CheckTables& tables, Findings& findings) {
  for (const PageFact* page : dossier.pages_of("DT49")) {
    const FieldFact* sent = believed(*page, "sent_count");
    const FieldFact* received = believed(*page, "recv_count");
    const FieldFact* returned = believed(*page, "back_count");
    const bool unread = returned == nullptr && std::ranges::any_of(page->fields, [](const auto& f) {
                          return f.field == "back_count";
                        });
    if (sent == nullptr || received == nullptr || unread) continue;
    const std::int64_t back = returned == nullptr ? 0 : counted(returned->value);
    const std::int64_t sum = counted(received->value) + back;
    if (counted(sent->value) == sum || may_be_misread_count(*sent, *received, returned, tables)) {
      continue;
    }
    std::vector<FindingPlace> places{place_of(*page, *sent), place_of(*page, *received)};
    if (returned != nullptr) places.push_back(place_of(*page, *returned));
    findings.add("X46", "", std::move(places), std::to_string(sum),
                 {{"received", received->value}, {"returned", std::to_string(back)}});
  }
}

// -- X60: posts that one person may not hold together ------------------------------

void check_posts(const DossierView& dossier, const CheckTables& tables, Findings& findings) {
  struct Posts {
    const char* variant;
    const char* one;
    const char* other;
  };
  constexpr Posts kPosts[] = {{"review", "handler", "reviewer"},
                              {"approval", "handler", "approver"},
                              {"approval", "reviewer", "approver"},
                              {"filing", "filer", "checker"}};
  for (const PageFact& page : dossier.facts().pages) {
    if (page.set_aside) continue;
    for (const Posts& posts : kPosts) {
      const FieldFact* one = believed(page, posts.one);
      const FieldFact* other = believed(page, posts.other);
      if (one == nullptr || other == nullptr || one->value != other->value) continue;
      if (tables.words.begins("nothing", one->value)) continue;
      findings.add("X60", posts.variant, {place_of(page, *other), place_of(page, *one)});
      break;  // one person in three posts is one finding
    }
  }
}

// -- X71, X70: how long the volume is kept --------------------------------------------

/// The longest period that a volume's items demand.
struct LongestPeriod {
  int years = 0;  ///< 0: no item demands one
  const PageFact* page = nullptr;
  const ItemFact* item = nullptr;
  bool undecided = false;  ///< an item whose class is not decided yet
};

LongestPeriod longest_period(const DossierView& dossier, const Volume& volume,
                             const VolumeTables& tables) {
  LongestPeriod longest;
  for (const ItemFact& item : dossier.facts().items) {
    const auto page = std::ranges::find_if(volume.pages(), [&](const VolumePage& candidate) {
      return candidate.page->item_sequence == item.sequence && !candidate.misfiled();
    });
    if (page == volume.pages().end()) continue;
    if (item.retention == "HOLD") longest.undecided = true;
    const auto years = tables.years_of(item.retention);
    if (!years || *years <= longest.years) continue;
    longest.years = *years;
    longest.page = page->page;
    longest.item = &item;
  }
  return longest;
}

// Whatever stands by hand on a cover waits for a person; a period that is read well and is too
// short must not wait until the volume is destroyed.
const FieldFact* retention_mark(const DossierView& dossier, const PageFact& cover,
                                const CheckTables& tables) {
  const PageValues& values = dossier.values(cover);
  if (const FieldFact* mark = values.believed("retention")) return mark;
  const FieldFact* mark = values.any("retention");
  const bool read = mark != nullptr && mark->handwritten && is_beyond_doubt(*mark, tables);
  return read ? mark : nullptr;
}

void check_retention(const DossierView& dossier, const Volume& volume, const CheckTables& tables,
                     Findings& findings) {
  const LongestPeriod longest = longest_period(dossier, volume, tables.volume);
  int marked = 0;
  for (const PageFact* cover : dossier.pages_of(kCover)) {
    const FieldFact* mark = retention_mark(dossier, *cover, tables);
    const auto years = mark == nullptr ? std::nullopt : tables.volume.years_of(mark->value);
    if (!years) continue;
    marked = *years;
    const std::string printed =
        longest.item == nullptr ? "" : tables.volume.printed(longest.item->retention);
    if (marked < longest.years && !a_sign_may_be_misread(*mark, printed, tables)) {
      const DocumentType* type = tables.forms.type(longest.item->doc_type);
      findings.add("X71", "", {place_of(*cover, *mark), place_of(*longest.page)}, printed,
                   {{"document", type == nullptr ? longest.item->title : type->name_zh},
                    {"document_en", type == nullptr ? longest.item->title : type->name_en}});
    }
    break;
  }
  // X70: the period is over, and the volume is to be appraised.
  const int years = std::max(marked, longest.years);
  const auto received = Date::parse(dossier.facts().received_on);
  if (years == 0 || years == VolumeTables::kForEver || longest.undecided || !received) return;
  std::optional<YearMonth> last;
  for (const CatalogueRow& row : volume.rows()) {
    const auto date = printed_date(row.date);
    if (!date) return;  // it may be later than all the others
    if (!last || *last < date->month) last = date->month;
  }
  if (!last) return;
  // The period counts from the next year, whatever the day.
  const auto latest = Date::of(last->year(), last->month(), 1);
  const auto due = latest ? appraisal_day(*latest, years) : std::nullopt;
  if (due && *due <= *received) {
    findings.add("X70", "", {}, due->text(),
                 {{"from", retention_start(*latest)->text()}, {"years", std::to_string(years)}});
  }
}

}  // namespace

void check_sheets(const DossierView& dossier, const Volume& volume, const CheckTables& tables,
                  Findings& findings) {
  check_dates(dossier, volume, tables, findings);
  check_archive_number(dossier, findings);
  check_handover(dossier, tables, findings);
  check_posts(dossier, tables, findings);
  check_retention(dossier, volume, tables, findings);
}

}  // namespace archive
