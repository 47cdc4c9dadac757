#include "checks/subject.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "core/utf8.h"

namespace archive {
namespace {

/// Fields with somebody whom a dossier names beside its person.
constexpr std::array<std::string_view, 2> kNamedNumbers = {"survivor_id", "agent_id"};
constexpr std::array<std::string_view, 2> kNamedNames = {"survivor_name", "agent_name"};

constexpr int kQuiteAnother = 4;  // characters by which numbers of two persons differ

/// The one with more than half of the votes: a pile of many persons' papers has no subject.
template <class Key>
std::optional<Key> winner(const std::map<Key, int>& votes) {
  int all = 0;
  for (const auto& [key, count] : votes) all += count;
  for (const auto& [key, count] : votes) {
    if (count * 2 > all) return key;
  }
  return std::nullopt;
}

}  // namespace

std::optional<CitizenId> number_of(const PageValues& values, std::string_view field, int row) {
  const FieldFact* fact = values.believed(field, row);
  if (fact == nullptr) return std::nullopt;
  const auto id = CitizenId::parse(fact->value);
  if (!id) return std::nullopt;
  return *id;
}

/// A kind of paper has one vote for a value, however many pages of it repeat it: five pages of one
/// statement err together.
struct Subject::Votes {
  std::set<std::pair<std::string, CitizenId>> seen_numbers;
  std::set<std::pair<std::string, std::string>> seen_names;
  std::map<CitizenId, int> numbers;
  std::map<std::string, int> names;          // folded
  std::map<std::string, std::string> spelt;  // folded -> as printed
};

Subject::Subject(const DossierView& view, const CheckTables& tables)
    : view_(view), tables_(tables) {
  Votes votes;
  std::set<std::string> named;
  for (const PageFact& page : view.facts().pages) {
    if (page.set_aside || page.kind != PageKind::content) continue;
    const PageValues& values = view.values(page);
    for (const std::string_view field : kNamedNumbers) {
      if (const auto id = number_of(values, field)) named.insert(id->text());
    }
    for (const std::string_view field : kNamedNames) {
      if (const FieldFact* fact = values.any(field)) named.insert(tables.words.folded(fact->value));
    }
    if (const FieldFact* kind = values.believed("employ_kind")) {
      kind_ = tables.words.meaning("person_kind", kind->value);
    }
    if (tables.papers.of(page.doc_type).person != PaperPerson::own) continue;
    const auto id = number_of(values, "id_number");
    if (id && votes.seen_numbers.emplace(page.doc_type, *id).second) ++votes.numbers[*id];
    if (const FieldFact* name = values.believed("person_name")) {
      const std::string folded = tables.words.folded(name->value);
      if (votes.seen_names.emplace(page.doc_type, folded).second) ++votes.names[folded];
      votes.spelt.emplace(folded, name->value);
    }
  }
  named_.assign(named.begin(), named.end());
  elect(votes);
  owners_.reserve(view.facts().pages.size());
  for (const PageFact& page : view.facts().pages) {
    owners_.push_back(owner_by_content(page));
  }
}

void Subject::elect(const Votes& votes) {
  id_ = winner(votes.numbers);
  const auto name = winner(votes.names);
  if (!name) return;
  folded_name_ = *name;
  name_ = votes.spelt.at(*name);
}

std::optional<Date> Subject::birth() const {
  if (!id_) return std::nullopt;
  const auto day = id_->birth_date();
  return Date::of(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()));
}

std::optional<Sex> Subject::sex() const {
  if (!id_) return std::nullopt;
  return id_->sex();
}

std::vector<std::string> Subject::persons() const {
  if (id_) return {id_->text()};
  if (!name_.empty()) return {name_};
  return {};
}

PageOwner Subject::owner_by_content(const PageFact& page) const {
  const PaperPerson person = tables_.papers.of(page.doc_type).person;
  if (person == PaperPerson::others) return PageOwner::nobody;
  const PageValues& values = view_.values(page);
  const FieldFact* name_fact = values.believed("person_name");
  const std::string name = name_fact == nullptr ? "" : tables_.words.folded(name_fact->value);
  const auto id = number_of(values, "id_number");
  const auto is_named = [this](const std::string& text) {
    return std::ranges::binary_search(named_, text);
  };
  if (id && id_ && *id == *id_) return PageOwner::subject;
  if ((id && is_named(id->text())) || (!id && !name.empty() && is_named(name))) {
    return PageOwner::named;
  }
  const bool same_name = !name.empty() && name == folded_name_;
  if (id && id_) return same_name ? PageOwner::subject : PageOwner::other;
  // Without a number that can be believed, a name alone must be quite another one.
  if (name.empty() || folded_name_.empty() || same_name) return PageOwner::subject;
  const FieldFact* number = values.any("id_number");
  const bool other_number =
      number != nullptr && id_ && characters_apart(number->value, id_->text()) >= kQuiteAnother;
  const bool other_name = characters_apart(name, folded_name_) >= 2 &&
                          code_points(name).front() != code_points(folded_name_).front();
  const bool no_number = number == nullptr;
  return other_name && (other_number || no_number) ? PageOwner::other : PageOwner::subject;
}

PageOwner Subject::owner_of(const PageFact& page) const { return owners_[view_.index_of(page)]; }

std::vector<const PageFact*> Subject::pages_of(std::string_view doc_type) const {
  std::vector<const PageFact*> pages;
  for (const PageFact* page : view_.pages_of(doc_type)) {
    const PageOwner owner = owner_of(*page);
    if (owner == PageOwner::subject || owner == PageOwner::nobody) pages.push_back(page);
  }
  return pages;
}

}  // namespace archive
