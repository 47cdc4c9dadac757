#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "checks/rule_groups.h"

// Checks of single pages against the rest of their dossier: upside down, blank, twice, another's.

namespace archive {
namespace {

// More odd pages than these share of the dossier are a habit of the scanning, not each a fault.
constexpr double kManyTurned = 0.25;
constexpr std::size_t kManyTurnedLeast = 4;
// Blanks that are this share of the backs, and nearly all blanks, are the backs of a scan of both
// sides.
constexpr double kBlankBacks = 0.7;
constexpr double kBlanksThatAreBacks = 0.8;
constexpr std::size_t kBlankBacksLeast = 3;

std::vector<FindingPlace> places_of(const std::vector<const PageFact*>& pages) {
  std::vector<FindingPlace> places;
  for (const PageFact* page : pages) places.push_back(place_of(*page));
  return places;
}

// -- Q10: upside down ------------------------------------------------------------

// Pages lie in four ways. Of two opposite ways the one that more pages of the dossier have is the
// right one; landscape pages and dossiers that were fed sideways lie in the other two.
void check_turned(const DossierView& dossier, Findings& findings) {
  std::map<int, std::vector<const PageFact*>> by_rotation;
  std::size_t pages = 0;
  for (const PageFact& page : dossier.facts().pages) {
    // What cannot be read does not tell which way it lies.
    if (page.set_aside || page.kind != PageKind::content || page.illegible || page.sketch.empty()) {
      continue;
    }
    by_rotation[page.rotation].push_back(&page);
    ++pages;
  }
  if (by_rotation.empty()) return;
  const auto most = std::ranges::max_element(by_rotation, {},
                                             [](const auto& entry) { return entry.second.size(); });
  const auto opposite = by_rotation.find((most->first + 180) % 360);
  if (opposite == by_rotation.end()) return;
  const std::vector<const PageFact*>& odd = opposite->second;
  const bool many = odd.size() >= kManyTurnedLeast &&
                    static_cast<double>(odd.size()) >= kManyTurned * static_cast<double>(pages);
  if (many) {
    findings.add("Q10", "many", places_of(odd), "", {{"count", std::to_string(odd.size())}});
    return;
  }
  for (const PageFact* page : odd) findings.add("Q10", "", {place_of(*page)});
}

// -- Q18: blank ---------------------------------------------------------------------

void check_blank(const DossierView& dossier, Findings& findings) {
  std::vector<const PageFact*> blanks;
  std::array<std::size_t, 2> blank_sides{};
  std::array<std::size_t, 2> sides{};
  std::size_t position = 0;
  for (const PageFact& page : dossier.facts().pages) {
    const std::size_t side = position++ % 2;
    ++sides[side];
    if (page.set_aside || page.kind != PageKind::blank) continue;
    blanks.push_back(&page);
    ++blank_sides[side];
  }
  const std::size_t back = blank_sides[0] > blank_sides[1] ? 0 : 1;
  const auto backs = static_cast<double>(blank_sides[back]);
  if (blanks.size() >= kBlankBacksLeast &&
      backs >= kBlankBacks * static_cast<double>(sides[back]) &&
      backs >= kBlanksThatAreBacks * static_cast<double>(blanks.size())) {
    findings.add("Q18", "backs", places_of(blanks), "", {{"count", std::to_string(blanks.size())}});
    return;
  }
  for (const PageFact* page : blanks) findings.add("Q18", "", {place_of(*page)});
}

// -- Pages that were scanned twice, and pages of another person --------------------------

void check_repeats(const Volume& volume, Findings& findings) {
  for (const VolumePage& page : volume.pages()) {
    if (page.repeat_of == nullptr || page.misfiled()) continue;
    const bool same_bytes =
        !page.page->content.empty() && page.page->content == page.repeat_of->content;
    findings.add("duplicate_page", same_bytes ? "file" : "",
                 {place_of(*page.page), place_of(*page.repeat_of)}, "",
                 {{"number", page.stamp > 0 ? std::to_string(page.stamp) : "—"}});
  }
}

void check_misfiled(const Volume& volume, Findings& findings) {
  const Subject& subject = volume.subject();
  for (const VolumePage& page : volume.pages()) {
    if (!page.misfiled()) continue;
    const FieldFact* name = believed(*page.page, "person_name");
    const FieldFact* id = believed(*page.page, "id_number");
    // With one of both only, a page that has no place in the volume.
    const bool both = name != nullptr && id != nullptr;
    if ((name == nullptr && id == nullptr) || (!both && page.fit != PageFit::surplus)) continue;
    std::vector<FindingPlace> places;
    std::vector<std::string> persons = subject.persons();
    for (const FieldFact* field : {name, id}) {
      if (field != nullptr) places.push_back(place_of(*page.page, *field));
    }
    persons.insert(persons.begin(), id != nullptr ? id->value : name->value);
    const std::string expected = subject.name().empty() ? subject.id()->text() : subject.name();
    findings.add("X04", "other_person", std::move(places), expected,
                 {{"name", name != nullptr ? name->value : id->value}}, std::move(persons));
  }
}

}  // namespace

void check_pages(const DossierView& dossier, const Volume& volume, const CheckTables&,
                 Findings& findings) {
  check_misfiled(volume, findings);
  check_repeats(volume, findings);
  check_turned(dossier, findings);
  check_blank(dossier, findings);
}

}  // namespace archive
