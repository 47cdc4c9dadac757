#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"

// X01-X04, X06, X50: whom the papers of a dossier are about.

namespace archive {
namespace {

/// Places that show one and the same fault.
struct Shown {
  std::vector<FindingPlace> places;
  const PageFact* page = nullptr;
  std::string expected;

  void add(const PageFact& at, FindingPlace place) {
    if (page == nullptr) page = &at;
    places.push_back(std::move(place));
  }
};
using ShownByValue = std::map<std::string, Shown>;

class PersonRules {
 public:
  PersonRules(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void run() {
    for (const PageFact& page : view_.facts().pages) {
      if (page.set_aside || page.kind != PageKind::content) continue;
      if (subject_.owner_of(page) != PageOwner::subject) continue;
      same_person(page);
      birth_against_number(page);
      sex_against_number(page);
    }
    const std::vector<Birth> births = births_of_papers();
    report("X01", "", "birth_date", births_);
    report("X02", "", "sex", sexes_);
    report("X04", "name", "person_name", names_);
    report("X04", "number", "id_number", numbers_);
    first_birth(births);
    changed_values();
    agent();
  }

 private:
  void report(const char* rule, const char* variant, const char* field, ShownByValue& shown) {
    for (auto& [value, fault] : shown) {
      findings_.add(rule, variant, std::move(fault.places), std::move(fault.expected),
                    words_for(tables_, *fault.page, field), subject_.persons());
    }
  }

  bool is_own_paper(const PageFact& page) const {
    return tables_.papers.of(page.doc_type).person == PaperPerson::own;
  }

  void same_person(const PageFact& page) {
    if (!is_own_paper(page)) return;
    const PageValues& values = view_.values(page);
    const auto id = number_of(values, "id_number");
    if (id && subject_.id() && *id != *subject_.id()) {
      Shown& shown = numbers_[id->text()];
      shown.add(page, place_of(page, *values.believed("id_number")));
      shown.expected = subject_.id()->text();
    }
    const FieldFact* name = values.believed("person_name");
    if (name == nullptr || subject_.folded_name().empty()) return;
    const std::string folded = tables_.words.folded(name->value);
    if (folded == subject_.folded_name() || lost_part(folded)) return;
    // Names have no check: of two or three characters one misread is soon two.
    if (!is_beyond_doubt(*name, tables_)) return;
    Shown& shown = names_[folded];
    shown.add(page, place_of(page, *name));
    shown.expected = subject_.name();
  }

  /// A name of which a character was not read, or to which one of the label was added.
  bool lost_part(const std::string& name) const {
    return name.find(subject_.folded_name()) != std::string::npos ||
           subject_.folded_name().find(name) != std::string::npos;
  }

  void birth_against_number(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const auto birth = values.date("birth_date");
    if (!birth) return;
    // The number of the page itself, else that of the person where the form has a blank for it.
    const FieldFact* printed = values.any("id_number");
    auto id = number_of(values, "id_number");
    if (!id && printed != nullptr && is_own_paper(page)) id = subject_.id();
    if (!id) return;
    const PrintedDate expected = birth_in(*id, birth->day.has_value());
    if (birth->agrees_with(expected) || likelier_misread(*birth.fact, expected.text(), tables_)) {
      return;
    }
    Shown& shown = births_[birth->text() + id->text()];
    shown.add(page, place_of(page, *birth.fact));
    shown.expected = expected.text();
  }

  static PrintedDate birth_in(const CitizenId& id, bool to_the_day) {
    const auto day = id.birth_date();
    const auto date = Date::of(static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                               static_cast<unsigned>(day.day()));
    PrintedDate birth{date->year_month(), std::nullopt};
    if (to_the_day) birth.day = date;
    return birth;
  }

  void sex_against_number(const PageFact& page) {
    const PageValues& values = view_.values(page);
    const FieldFact* sex = values.believed("sex");
    const auto id = number_of(values, "id_number");
    if (sex == nullptr || !id) return;
    const std::string_view printed = tables_.words.meaning("sex", sex->value);
    const std::string_view expected = id->sex() == Sex::male ? "male" : "female";
    if (printed.empty() || printed == expected) return;
    const std::string right = id->sex() == Sex::male ? "男" : "女";
    if (likelier_misread(*sex, right, tables_)) return;
    Shown& shown = sexes_[sex->value + id->text()];
    shown.add(page, place_of(page, *sex));
    shown.expected = right;
  }

  std::optional<PrintedDate> date_of_paper(const PageFact& page) const {
    for (const std::string& field : tables_.papers.of(page.doc_type).dated_by) {
      if (const auto date = view_.values(page).date(field)) return *date;
    }
    return std::nullopt;
  }

  struct Birth {
    const PageFact* page;
    const FieldFact* fact;
    PrintedDate birth;
    std::optional<PrintedDate> written;
  };

  /// Dates that X01 found are left out: they contradict the number on their own paper.
  std::vector<Birth> births_of_papers() const {
    std::vector<Birth> births;
    for (const PageFact& page : view_.facts().pages) {
      if (page.set_aside || subject_.owner_of(page) != PageOwner::subject) continue;
      for (const char* field : {"archive_birth", "birth_date"}) {
        const auto birth = view_.values(page).date(field);
        if (!birth) continue;
        const FindingPlace place = place_of(page, *birth.fact);
        const bool against_number = std::ranges::any_of(births_, [&place](const auto& found) {
          return std::ranges::find(found.second.places, place) != found.second.places.end();
        });
        if (!against_number) births.push_back({&page, birth.fact, *birth, date_of_paper(page)});
      }
    }
    return births;
  }

  /// X03: the birth date that the dossier recorded first counts; a person decides.
  void first_birth(const std::vector<Birth>& births) {
    const Birth* first = nullptr;
    for (const Birth& birth : births) {
      const bool earlier =
          birth.written && (first == nullptr || birth.written->before(*first->written));
      if (earlier) first = &birth;
    }
    if (first == nullptr) return;
    const auto by_number = subject_.birth();
    const PrintedDate known =
        by_number ? PrintedDate{by_number->year_month(), by_number} : first->birth;
    std::vector<FindingPlace> places;
    for (const Birth& other : births) {
      if (other.birth.agrees_with(known) || likelier_misread(*other.fact, known.text(), tables_)) {
        continue;
      }
      places.push_back(place_of(*other.page, *other.fact));
    }
    if (places.empty()) return;
    const FindingPlace proposed = place_of(*first->page, *first->fact);
    std::erase(places, proposed);
    places.insert(places.begin(), proposed);
    findings_.add("X03", "", std::move(places), first->birth.text(),
                  words_for(tables_, *first->page, first->fact->field), subject_.persons());
  }

  /// X06. What a change form calls the old value must have stood on an earlier paper.
  void changed_values() {
    for (const PageFact* page : subject_.pages_of("DT06")) {
      const PageValues& values = view_.values(*page);
      const auto changed_on = date_of_paper(*page);
      if (!changed_on) continue;
      for (const int row : values.rows()) {
        const FieldFact* item = values.believed("change_item", row);
        const FieldFact* old_value = values.believed("old_value", row);
        if (item == nullptr || old_value == nullptr) continue;
        const std::string field(tables_.words.meaning("change_item", item->value));
        if (!field.empty()) changed_value(*page, *old_value, field, *changed_on);
      }
    }
  }

  void changed_value(const PageFact& form, const FieldFact& old_value, const std::string& field,
                     const PrintedDate& changed_on) {
    const std::string told = folded_value(old_value.value);
    const PageFact* known_page = nullptr;
    const FieldFact* known = nullptr;
    for (const PageFact& page : view_.facts().pages) {
      if (page.set_aside || subject_.owner_of(page) != PageOwner::subject) continue;
      const auto written = date_of_paper(page);
      if (&page == &form || !written || !written->before(changed_on)) continue;
      const FieldFact* fact = view_.values(page).believed(field);
      if (fact == nullptr) continue;
      if (is_same(folded_value(fact->value), told)) return;
      known_page = &page;
      known = fact;
    }
    if (known == nullptr || likelier_misread(old_value, known->value, tables_)) return;
    findings_.add("X06", "", {place_of(form, old_value), place_of(*known_page, *known)},
                  known->value, words_for(tables_, *known_page, field), subject_.persons());
  }

  /// In long texts a character or two are often misread; dates are compared as precisely as the
  /// less precise one is printed.
  static bool is_same(const std::string& a, const std::string& b) {
    constexpr std::size_t kLong = 15;  // bytes: five hanzi
    const auto date = printed_date(a), other = printed_date(b);
    if (date && other) return date->agrees_with(*other);
    return a == b ||
           (std::min(a.size(), b.size()) >= kLong && is_words(a) && characters_apart(a, b) <= 2);
  }

  static bool is_words(const std::string& text) {
    return std::ranges::none_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }

  /// Dates are written in many ways; the rest is compared without signs.
  std::string folded_value(const std::string& value) const {
    if (const auto date = Date::parse(value)) return date->text();
    if (const auto month = YearMonth::parse(value)) return month->text();
    return tables_.words.folded(value);
  }

  /// X50
  void agent() {
    if (view_.has("DT43")) return;
    for (const PageFact* page : subject_.pages_of("DT13")) {
      const FieldFact* agent = view_.values(*page).believed("agent_name");
      if (agent == nullptr || tables_.words.begins("nothing", agent->value)) continue;
      if (tables_.words.folded(agent->value) == subject_.folded_name()) continue;
      findings_.add("X50", "", {place_of(*page, *agent)}, "",
                    words_for(tables_, *page, agent->field), subject_.persons());
      return;
    }
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
  ShownByValue births_, sexes_, names_, numbers_;
};

}  // namespace

void check_persons(const Subject& subject, Findings& findings) {
  PersonRules(subject, findings).run();
}

}  // namespace archive
