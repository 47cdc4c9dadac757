#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"

// The rules that are data: sums.csv, equal_values.csv, orders.csv.

namespace archive {
namespace {

// ---- sums

/// What the rows of a page add up to, when every one was believed.
struct Added {
  std::int64_t sum = 0;
  std::int64_t smallest = 0;  ///< of the rows, above nothing
};

/// A total and its parts as one page prints them. Amounts count in fen, months in hundredths.
struct SumFound {
  const SumRule* rule = nullptr;
  const FieldFact* total = nullptr;
  std::int64_t printed = 0, reckoned = 0;
  std::int64_t smallest_row = 0;
  bool rows = false;

  std::int64_t missing() const { return printed - reckoned; }
  bool holds() const {
    return std::abs(missing()) <= rule->tolerance.millionths() / (Decimal::kOne / 100);
  }
};

class Sums {
 public:
  Sums(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void check() {
    std::map<std::string_view, std::vector<const SumRule*>> by_type;
    for (const SumRule& rule : tables_.shapes.sums) by_type[rule.total.doc_type].push_back(&rule);
    for (const auto& [doc_type, rules] : by_type) {
      for (const PageFact* page : subject_.pages_of(doc_type)) check_page(*page, rules);
    }
  }

 private:
  void check_page(const PageFact& page, const std::vector<const SumRule*>& rules) {
    std::vector<SumFound> sums;
    for (const SumRule* rule : rules) {
      if (auto sum = sum_on(view_.values(page), *rule)) sums.push_back(*sum);
    }
    // Another column that adds up shows that no row of the table was lost in reading.
    const bool rows_whole = std::ranges::any_of(
        sums, [](const SumFound& sum) { return sum.rows && sum.holds() && sum.reckoned != 0; });
    for (const SumFound& sum : sums) {
      if (sum.holds() || (sum.rows && !rows_whole && may_lack_a_row(sum))) continue;
      report(page, sum);
    }
  }

  static bool may_lack_a_row(const SumFound& sum) { return sum.missing() * 2 >= sum.smallest_row; }

  std::optional<SumFound> sum_on(const PageValues& values, const SumRule& rule) const {
    SumFound found{&rule, nullptr, 0, 0, 0, false};
    const auto total = number(values, rule.total.field, -1);
    if (!total) return std::nullopt;
    found.total = values.believed(rule.total.field);
    found.printed = *total;
    for (const SumRule::Part& part : rule.parts) {
      if (part.place.row) {
        const auto added = added_rows(values, part.place.field);
        if (!added) return std::nullopt;
        found.reckoned += added->sum;
        if (found.smallest_row == 0 || added->smallest < found.smallest_row) {
          found.smallest_row = added->smallest;
        }
        found.rows = true;
        continue;
      }
      const auto value = number(values, part.place.field, -1);
      if (!value && (!part.may_lack || values.any(part.place.field) != nullptr)) {
        return std::nullopt;
      }
      found.reckoned += value.value_or(0);
    }
    return found;
  }

  static std::optional<std::int64_t> number(const PageValues& values, std::string_view field,
                                            int row) {
    const auto amount = values.money(field, row);
    if (!amount) return std::nullopt;
    return amount->cents();
  }

  static std::optional<Added> added_rows(const PageValues& values, std::string_view field) {
    Added added;
    int next = values.rows().empty() ? 0 : values.rows().front();
    for (const int row : values.rows()) {
      const auto value = number(values, field, row);
      if (!value || row != next) return std::nullopt;
      ++next;
      added.sum += *value;
      if (*value > 0 && (added.smallest == 0 || *value < added.smallest)) added.smallest = *value;
    }
    if (values.rows().empty()) return std::nullopt;
    return added;
  }

  void report(const PageFact& page, const SumFound& sum) {
    const bool counted = sum.total->value.find('.') == std::string::npos &&
                         !sum.rule->parts.front().place.row && sum.reckoned % 100 == 0;
    const std::string expected = counted && sum.rule->tolerance == Decimal()
                                     ? std::to_string(sum.reckoned / 100)
                                     : Money::of_cents(sum.reckoned).text();
    if (likelier_misread(*sum.total, expected, tables_)) return;
    std::vector<FindingPlace> places = {place_of(page, *sum.total)};
    for (const SumRule::Part& part : sum.rule->parts) {
      if (part.place.row) {
        if (a_row_explains(view_.values(page), part.place.field, sum)) return;
        continue;
      }
      const FieldFact* fact = view_.values(page).believed(part.place.field);
      if (fact == nullptr) continue;
      if (explains(*fact, sum)) return;
      places.push_back(place_of(page, *fact));
    }
    findings_.add(sum.rule->rule, sum.rule->variant, std::move(places), expected,
                  words_for(tables_, page, sum.rule->total.field), subject_.persons());
  }

  bool a_row_explains(const PageValues& values, std::string_view field, const SumFound& sum) const {
    return std::ranges::any_of(values.rows(), [&](int row) {
      const FieldFact* fact = values.believed(field, row);
      return fact != nullptr && explains(*fact, sum);
    });
  }

  /// True when one sign of a part, not beyond doubt, may be all that is wrong.
  bool explains(const FieldFact& part, const SumFound& sum) const {
    const auto printed = Money::parse(part.value);
    if (!printed) return false;
    const Money needed = Money::of_cents(printed->cents() + sum.missing());
    return needed.cents() >= 0 && may_be_misread(part, needed.text(), tables_);
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

// ---- equal values

struct Stated {
  const PageFact* page = nullptr;
  const FieldFact* fact = nullptr;
};

class EqualValues {
 public:
  EqualValues(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void check() {
    for (const EqualRule& rule : tables_.shapes.equals) check_rule(rule);
  }

 private:
  void check_rule(const EqualRule& rule) {
    std::map<std::string, std::vector<Stated>> by_value;
    std::vector<std::string> order;
    for (const FieldPlace& place : rule.places) {
      for (const PageFact* page : subject_.pages_of(place.doc_type)) {
        const FieldFact* fact = view_.values(*page).believed(place.field);
        if (fact == nullptr) continue;
        auto& stated = by_value[compared(rule, fact->value)];
        if (stated.empty()) order.push_back(compared(rule, fact->value));
        stated.push_back({page, fact});
      }
    }
    if (by_value.size() < 2) return;
    const auto most = std::ranges::max_element(
        order, {}, [&by_value](const std::string& value) { return by_value.at(value).size(); });
    const Stated& common = by_value.at(*most).front();
    std::vector<FindingPlace> places;
    for (const std::string& value : order) {
      for (const Stated& stated : by_value.at(value)) {
        if (value == *most || is_same_name(rule, value, *most)) continue;
        if (likelier_misread(*stated.fact, common.fact->value, tables_) ||
            likelier_misread(*common.fact, stated.fact->value, tables_)) {
          continue;
        }
        places.push_back(place_of(*stated.page, *stated.fact));
      }
    }
    if (places.empty()) return;
    places.push_back(place_of(*common.page, *common.fact));
    auto words = Wording(tables_)
                     .field(common.page->doc_type, common.fact->field)
                     .word("expected_from", common.page->doc_type)
                     .take();
    findings_.add(rule.rule, rule.variant, std::move(places), common.fact->value, std::move(words),
                  subject_.persons());
  }

  /// Of a long name a character or two are often misread, and its end is cut off.
  static bool is_same_name(const EqualRule& rule, const std::string& a, const std::string& b) {
    constexpr int kMisread = 2;
    if (rule.likeness != Likeness::name) return false;
    return a.find(b) != std::string::npos || b.find(a) != std::string::npos ||
           characters_apart(a, b) <= kMisread;
  }

  std::string compared(const EqualRule& rule, const std::string& value) const {
    if (rule.likeness == Likeness::text || rule.likeness == Likeness::name)
      return tables_.words.folded(value);
    if (rule.likeness == Likeness::exact) return value;
    const auto amount = Money::parse(value);
    return amount ? amount->text() : value;
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

// ---- orders

class Orders {
 public:
  Orders(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void check() {
    for (const OrderRule& rule : tables_.shapes.orders) {
      rule.same_page ? on_each_page(rule) : in_dossier(rule);
    }
  }

 private:
  struct Dated {
    PrintedDate date;
    const PageFact* page = nullptr;
    const FieldFact* fact = nullptr;  ///< null: the birth date of the person's number
  };

  std::optional<Dated> on_page(const PageFact& page, const std::string& field) const {
    const auto date = view_.values(page).date(field);
    if (!date) return std::nullopt;
    return Dated{*date, &page, date.fact};
  }

  void on_each_page(const OrderRule& rule) {
    const FieldPlace& earlier = rule.earlier.front();
    const FieldPlace& later = rule.later.front();
    for (const PageFact* page : subject_.pages_of(earlier.doc_type)) {
      const auto first = on_page(*page, earlier.field);
      const auto second = on_page(*page, later.field);
      if (first && second) compare(rule, *first, *second);
    }
  }

  /// What most papers say; nothing when there is no such value.
  std::optional<Dated> said_by_most(const std::vector<FieldPlace>& places) const {
    std::map<std::string, std::vector<Dated>> by_text;
    for (const FieldPlace& place : places) {
      for (const PageFact* page : subject_.pages_of(place.doc_type)) {
        if (const auto dated = on_page(*page, place.field)) {
          by_text[dated->date.text()].push_back(*dated);
        }
      }
    }
    const std::vector<Dated>* most = nullptr;
    bool alone = true;
    for (const auto& [text, dated] : by_text) {
      if (most != nullptr && dated.size() == most->size()) alone = false;
      if (most != nullptr && dated.size() <= most->size()) continue;
      alone = true;
      most = &dated;
    }
    if (most == nullptr || !alone) return std::nullopt;
    return most->front();
  }

  /// Where papers about the person alone print the birth date.
  std::vector<FieldPlace> printed_births() const {
    std::vector<FieldPlace> places;
    std::set<std::string_view> seen;
    for (const PageFact& page : view_.facts().pages) {
      const bool own = tables_.papers.of(page.doc_type).person == PaperPerson::own;
      if (!own || !seen.insert(page.doc_type).second) continue;
      places.push_back({page.doc_type, "birth_date", false});
    }
    return places;
  }

  void in_dossier(const OrderRule& rule) {
    std::optional<Dated> first;
    if (!rule.birth) {
      first = said_by_most(rule.earlier);
    } else if (const auto birth = subject_.birth()) {
      first = Dated{{birth->year_month(), *birth}, nullptr, nullptr};
    } else {
      first = said_by_most(printed_births());
    }
    if (!first) return;
    // Fields that mean different things are each compared, papers that repeat one are not.
    std::map<std::string_view, std::vector<FieldPlace>> by_field;
    for (const FieldPlace& place : rule.later) by_field[place.field].push_back(place);
    for (const auto& [field, places] : by_field) {
      if (const auto second = said_by_most(places)) compare(rule, *first, *second);
    }
  }

  void compare(const OrderRule& rule, const Dated& first, const Dated& second) {
    const PrintedDate least = shifted(first.date, rule.months_least);
    if (!second.date.before(least)) return;
    if (first.fact != nullptr && one_sign_may_explain(*first.fact, rule, second.date, true)) return;
    if (one_sign_may_explain(*second.fact, rule, first.date, false)) return;
    std::vector<FindingPlace> places = {place_of(*second.page, *second.fact)};
    if (first.fact != nullptr) places.push_back(place_of(*first.page, *first.fact));
    auto words = Wording(tables_)
                     .field(second.page->doc_type, second.fact->field)
                     .word("earlier", first.date.text())
                     .word("least", least.text())
                     .take();
    findings_.add(rule.rule, rule.variant, std::move(places), least.text(), std::move(words),
                  subject_.persons());
  }

  static PrintedDate shifted(const PrintedDate& date, int months) {
    if (months == 0) return date;
    return {date.month.plus_months(months), std::nullopt};
  }

  /// A date whose year was misread by a sign is the usual way to a wrong order.
  bool one_sign_may_explain(const FieldFact& fact, const OrderRule& rule, const PrintedDate& other,
                            bool fact_is_earlier) const {
    return a_digit_would_mend(fact, tables_, [&](const std::string& text) {
      const auto read = printed_date(text);
      if (!read) return false;
      const PrintedDate& first = fact_is_earlier ? *read : other;
      const PrintedDate& second = fact_is_earlier ? other : *read;
      return !second.before(shifted(first, rule.months_least));
    });
  }

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
};

}  // namespace

void check_formulas(const Subject& subject, Findings& findings) {
  Sums(subject, findings).check();
  EqualValues(subject, findings).check();
  Orders(subject, findings).check();
}

}  // namespace archive
