#include "viewer/person_view.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "checks/dossier_view.h"
#include "checks/page_values.h"
#include "checks/subject.h"
#include "core/citizen_id.h"
#include "core/error.h"

namespace archive {
namespace {

[[noreturn]] void not_found() {
  throw ArchiveError(ErrorKind::not_found, "person", "there is no such person",
                     "give a citizen number, or the number that `juanzong check --json --all` "
                     "prints with a dossier");
}

std::string value_of(const PageRecord& page, std::string_view id, int row = -1) {
  const auto found = std::ranges::find_if(page.fields, [&](const FieldRecord& field) {
    return field.field == id && field.row == row && !field.value.empty();
  });
  return found == page.fields.end() ? std::string() : found->value;
}

/// What of a page is about the person.
struct Share {
  bool whole = false;       ///< its own paper
  bool shared = false;      ///< a list: what stands above its rows holds for all of them
  std::set<int> rows = {};  ///< of a list
};

/// The rows of a list by their citizen numbers.
std::map<int, std::string> rows_with_numbers(const PageRecord& page) {
  std::map<int, std::string> rows;
  for (const FieldRecord& field : page.fields) {
    if (field.row < 0 || field.field != "id_number" || field.value.empty()) continue;
    const auto id = CitizenId::parse(field.value);
    rows[field.row] = id ? id->text() : field.value;
  }
  return rows;
}

bool is_about_all(PersonFact fact) {
  return fact == PersonFact::employer || fact == PersonFact::department ||
         fact == PersonFact::collector;
}

class ViewMaker {
 public:
  ViewMaker(const Records& records, const CheckTables& tables, const PersonRecord& person)
      : records_(records), tables_(tables) {
    view_.person = person;
    for (const PersonFacts::Field& entry : tables.person_facts.fields()) {
      PersonField field;
      field.fact = entry.fact;
      field.field = entry.field;
      field.single = entry.single;
      if (find(entry.fact, entry.field) == nullptr) view_.fields.push_back(std::move(field));
    }
    std::ranges::stable_sort(view_.fields, {}, &PersonField::fact);
  }

  PersonView make() && {
    gather_mentions();
    for (auto& [number, pages] : mentions_) add_dossier(number, std::move(pages));
    std::erase_if(view_.fields, [](const PersonField& field) { return field.values.empty(); });
    fill_years();
    find_namesakes();
    return std::move(view_);
  }

 private:
  PersonField* find(PersonFact fact, const std::string& id) {
    const auto found = std::ranges::find_if(view_.fields, [&](const PersonField& field) {
      return field.fact == fact && field.field == id;
    });
    return found == view_.fields.end() ? nullptr : &*found;
  }

  void gather_mentions() {
    std::vector<PersonNumber> numbers = {view_.person.number};
    if (!view_.person.citizen_id.empty()) {
      view_.joined = records_.joined_to(view_.person.citizen_id);
      for (const PersonJoinRecord& join : view_.joined) {
        if (join.person != 0) numbers.push_back(join.person);
      }
    }
    for (const PersonNumber number : numbers) {
      for (PersonPageRecord& page : records_.pages_of_person(number)) {
        if (page.dossier == 0) continue;
        if (!page.name.empty()) names_.insert(page.name);
        mentions_[page.dossier].push_back(std::move(page));
      }
    }
  }

  void add_dossier(DossierNumber number, std::vector<PersonPageRecord> mentions) {
    auto record = records_.dossier(number);
    if (!record) return;
    PersonDossier dossier;
    if (const auto batch = records_.batch(record->batch)) dossier.batch = batch->name;
    dossier.dossier = *std::move(record);
    dossier.pages = std::move(mentions);
    const auto facts = records_.facts(number);
    std::set<PageNumber> own_pages;
    if (facts) dossier.own = is_own(*facts, dossier, own_pages);
    for (const PageRecord& page : records_.pages_of_dossier(number)) {
      add_values(number, page, share_of(page, dossier, own_pages.contains(page.number)));
    }
    if (facts && dossier.own) add_years(number, overview_of(*facts, tables_));
    view_.dossiers.push_back(std::move(dossier));
  }

  /// Whether a dossier is about the person, and which of its pages nothing speaks against.
  bool is_own(const DossierFacts& facts, const PersonDossier& dossier,
              std::set<PageNumber>& own_pages) const {
    const DossierView dossier_view(facts);
    const Subject subject(dossier_view, tables_);
    const bool by_number = subject.id() && subject.id()->text() == view_.person.citizen_id;
    const bool by_name =
        !subject.id() && !subject.name().empty() &&
        std::ranges::any_of(dossier.pages, [&subject](const PersonPageRecord& page) {
          return page.role == "holder" && page.name == subject.name();
        });
    if (!by_number && !by_name) return false;
    for (const PageFact& page : facts.pages) {
      if (subject.owner_of(page) == PageOwner::subject) own_pages.insert(page.number);
    }
    return true;
  }

  Share share_of(const PageRecord& page, const PersonDossier& dossier, bool own) const {
    Share share;
    if (page.state != PageState::filed) return share;
    const bool holder =
        std::ranges::any_of(dossier.pages, [&page](const PersonPageRecord& mention) {
          return mention.page == page.number && mention.role == "holder";
        });
    const std::string& id = view_.person.citizen_id;
    const std::map<int, std::string> rows = rows_with_numbers(page);
    for (const auto& [row, number] : rows) {
      if (!id.empty() && number == id) share.rows.insert(row);
    }
    const std::string printed = value_of(page, "id_number");
    const bool names_another = !printed.empty() && printed != id && !id.empty();
    share.whole = rows.empty() && (holder || (own && !names_another));
    share.shared = share.whole || holder || !share.rows.empty();
    return share;
  }

  void add_values(DossierNumber dossier, const PageRecord& page, const Share& share) {
    if (!share.shared) return;
    for (const FieldRecord& field : page.fields) {
      std::string text = field.value.empty() ? field.raw : field.value;
      if (text.empty()) continue;
      if (field.field == "pay_channel") text = pay_channel_of(text, tables_);
      for (const PersonFacts::Field* entry : tables_.person_facts.of(page.doc_type, field.field)) {
        const bool about_him = share.whole || share.rows.contains(field.row) ||
                               (field.row < 0 && is_about_all(entry->fact));
        if (about_him) add_value(*find(entry->fact, field.field), text, dossier, page, field);
      }
    }
  }

  void add_value(PersonField& into, const std::string& text, DossierNumber dossier,
                 const PageRecord& page, const FieldRecord& field) {
    if (into.label_zh.empty()) name(into, page.doc_type);
    auto value = std::ranges::find(into.values, text, &PersonValue::value);
    if (value == into.values.end()) value = into.values.insert(value, {text, {}});
    value->places.push_back({dossier, page.number, page.source_name, page.occurrence.page_in_file,
                             page.source_blob, field.quad, page.doc_type, field.field, field.row,
                             field.raw, field.confidence, field.unsure, field.by_person});
  }

  void name(PersonField& field, const std::string& doc_type) const {
    field.label_zh = field.label_en = field.field;
    const FormDescription* form = tables_.forms.form(doc_type);
    if (form == nullptr) return;
    const auto described = std::ranges::find(form->fields, field.field, &FieldDescription::id);
    if (described == form->fields.end()) return;
    field.label_zh = described->label_zh;
    field.label_en = described->name_en;
  }

  void add_years(DossierNumber dossier, const DossierOverview& overview) {
    for (const ContributionYear& year : overview.years) {
      PersonYear& entry = years_[year.year];
      for (const unsigned month : year.months) entry.months[month].insert(dossier);
      if (year.told) entry.told[dossier] = *year.told;
    }
  }

  void fill_years() {
    constexpr int kYearsMost = 80;  // a misread year would draw centuries
    if (years_.empty()) return;
    const int first = years_.begin()->first;
    const int last = years_.rbegin()->first;
    for (int year = first; year <= last && year - first < kYearsMost; ++year) {
      PersonYear entry = years_[year];
      entry.year = year;
      view_.years.push_back(std::move(entry));
    }
  }

  void find_namesakes() {
    if (!view_.person.name.empty()) names_.insert(view_.person.name);
    for (const std::string& name : names_) {
      for (PersonRecord& other : records_.persons_without_id(name)) {
        if (other.number == view_.person.number || records_.join_of(other.number)) continue;
        // What his or her own dossiers say without a number is among the values.
        const bool at_home = std::ranges::any_of(view_.dossiers, [&](const PersonDossier& dossier) {
          return dossier.own && dossier.dossier.number == other.dossier;
        });
        if (at_home) continue;
        view_.namesakes.push_back(std::move(other));
      }
    }
  }

  const Records& records_;
  const CheckTables& tables_;
  PersonView view_;
  std::map<DossierNumber, std::vector<PersonPageRecord>> mentions_;
  std::set<std::string> names_;
  std::map<int, PersonYear> years_;
};

/// 1949-12 is no other date than 1949-12-31.
bool may_be_one(const std::string& a, const std::string& b) {
  const auto date_a = printed_date(a);
  const auto date_b = printed_date(b);
  return date_a && date_b && date_a->agrees_with(*date_b);
}

}  // namespace

bool PersonValue::sure() const {
  return std::ranges::any_of(
      places, [](const PersonPlace& place) { return !place.unsure || place.by_person; });
}

bool PersonField::differs() const {
  if (!single) return false;
  for (auto a = values.begin(); a != values.end(); ++a) {
    if (!a->sure()) continue;
    for (auto b = std::next(a); b != values.end(); ++b) {
      if (b->sure() && !may_be_one(a->value, b->value)) return true;
    }
  }
  return false;
}

std::int64_t PersonView::differences() const {
  return std::ranges::count_if(fields, &PersonField::differs);
}

PersonRecord person_named(const Records& records, std::string_view number_or_id) {
  if (const auto id = CitizenId::parse(std::string(number_or_id))) {
    if (auto person = records.person_with_id(id->text())) return *std::move(person);
    not_found();
  }
  PersonNumber number = 0;
  const char* end = number_or_id.data() + number_or_id.size();
  const auto [rest, error] = std::from_chars(number_or_id.data(), end, number);
  if (error != std::errc{} || rest != end) not_found();
  auto person = records.person(number);
  if (!person) not_found();
  if (const auto join = records.join_of(number)) {
    if (auto other = records.person_with_id(join->citizen_id)) return *std::move(other);
  }
  return *std::move(person);
}

PersonView person_view(const Records& records, const CheckTables& tables,
                       const PersonRecord& person) {
  return ViewMaker(records, tables, person).make();
}

TwoWords words_for(PersonFact fact) {
  switch (fact) {
    case PersonFact::person:
      return {"个人", "person"};
    case PersonFact::employer:
      return {"单位", "employer"};
    case PersonFact::department:
      return {"劳动保障部门", "labour and social-security department"};
    case PersonFact::collector:
      return {"收费机关", "collecting office"};
    case PersonFact::amount:
      return {"收费额度", "amounts collected"};
    case PersonFact::total:
      break;
  }
  return {"累计缴费状况", "contributions in all"};
}

}  // namespace archive
