#include <algorithm>
#include <map>
#include <set>

#include "checks/volume.h"
#include "core/citizen_id.h"

namespace archive {
namespace {

// Numbers that differ in fewer places may be one number, misread or mistyped.
constexpr int kPlacesOfAnother = 5;
// So many pages must name a person before a dossier is his.
constexpr int kPagesOfPerson = 2;

std::string believed_id(const PageFact& page) {
  const FieldFact* field = believed(page, "id_number");
  if (field == nullptr) return {};
  const auto id = CitizenId::parse(field->value);
  return id ? id->text() : std::string();
}

std::string believed_name(const PageFact& page) {
  const FieldFact* field = believed(page, "person_name");
  return field == nullptr ? std::string() : field->value;
}

template <class Key>
std::vector<std::pair<int, Key>> by_frequency(const std::map<Key, int>& counts) {
  std::vector<std::pair<int, Key>> sorted;
  for (const auto& [key, count] : counts) sorted.emplace_back(count, key);
  std::ranges::stable_sort(sorted, std::greater{}, [](const auto& entry) { return entry.first; });
  return sorted;
}

bool is_other_id(const std::string& a, const std::string& b) {
  int places = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) places += a[i] != b[i] ? 1 : 0;
  return places >= kPlacesOfAnother;
}

// Relatives, survivors and agents, by name and by number.
std::set<std::string> named_others(const DossierFacts& dossier, const VolumeTables& tables) {
  std::set<std::string> others;
  for (const PageFact& page : dossier.pages) {
    for (const FieldFact& field : page.fields) {
      if (!field.value.empty() && tables.names_others(field.field)) others.insert(field.value);
    }
  }
  return others;
}

}  // namespace

DossierPerson person_of(const DossierFacts& dossier) {
  std::map<std::string, int> ids;
  for (const PageFact& page : dossier.pages) {
    if (const std::string id = believed_id(page); !page.set_aside && !id.empty()) ++ids[id];
  }
  const auto sorted = by_frequency(ids);
  if (sorted.empty() || sorted.front().first < kPagesOfPerson) return {};
  if (sorted.size() > 1 && sorted[1].first == sorted[0].first) return {};  // several persons'
  DossierPerson person{sorted.front().second, {}};
  std::map<std::string, int> names;
  for (const PageFact& page : dossier.pages) {
    if (page.set_aside || believed_id(page) != person.id_number) continue;
    if (const std::string name = believed_name(page); !name.empty()) ++names[name];
  }
  for (const auto& [count, name] : by_frequency(names)) person.names.push_back(name);
  return person;
}

void find_pages_of_others(const DossierFacts& dossier, const DossierPerson& person,
                          const VolumeTables& tables, std::vector<VolumePage>& pages) {
  if (person.id_number.empty() || person.names.empty()) return;
  const std::set<std::string> others = named_others(dossier, tables);
  for (VolumePage& page : pages) {
    page.may_be_others = tables.may_be_others(page.page->doc_type);
    if (page.page->set_aside) continue;
    const std::string id = believed_id(*page.page);
    const std::string name = believed_name(*page.page);
    const bool own_name = std::ranges::find(person.names, name) != person.names.end();
    page.of_another = !id.empty() && is_other_id(id, person.id_number) && !own_name &&
                      !others.contains(id) && !others.contains(name);
  }
}

}  // namespace archive
