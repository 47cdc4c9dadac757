#include "checks/contribution_rows.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "checks/wording.h"

namespace archive {
namespace {

/// The digit that stands for another where two numbers differ in nothing else: "4-1"; else empty.
std::string exchanged_digit(const std::string& printed, const std::string& expected) {
  if (printed.size() != expected.size() || characters_apart(printed, expected) != 1) return {};
  const auto [one, other] = std::ranges::mismatch(printed, expected);
  return std::string{*other, '-', *one};
}

}  // namespace

std::string insurance_of(const PageValues& values, const CheckTables& tables) {
  if (const FieldFact* printed = values.believed("insurance_kind")) {
    return std::string(tables.words.meaning("insurance", printed->value));
  }
  if (values.doubtful("insurance_kind")) return {};
  return std::string(tables.words.meaning("insurance_of_type", values.page().doc_type));
}

Money tolerance_of(const CheckTables& tables, std::string_view rule, int times) {
  const auto tolerance = tables.parameters.always({"tolerance", rule});
  return tolerance ? Money::of_cents(100) * times * *tolerance : Money();
}

bool within(Money a, Money b, Money tolerance) {
  return std::llabs((a - b).cents()) <= tolerance.cents();
}

bool may_be_factor_misread(const Read<Money>& base, Decimal rate, const Read<int>& months,
                           Money amount, const CheckTables& tables) {
  const Money monthly = *base * rate;
  if (rate <= Decimal() || *months <= 0 || monthly.cents() <= 0) return false;
  const Money needed = scaled(amount, Decimal::kOne, rate.millionths() * *months);
  if (may_be_misread(*base.fact, needed.text(), tables)) return true;
  const std::int64_t count = (amount.cents() + monthly.cents() / 2) / monthly.cents();
  const int times = static_cast<int>(std::clamp<std::int64_t>(count, 0, 9999));
  return within(monthly * times, amount, tolerance_of(tables, "X11", times)) &&
         may_be_misread(*months.fact, std::to_string(times), tables);
}

ContributionRows::ContributionRows(const PageFact& page, std::vector<ContributionRow> rows,
                                   std::string insurance, const CheckTables& tables,
                                   const Subject& subject)
    : page_(page),
      rows_(std::move(rows)),
      insurance_(std::move(insurance)),
      tables_(tables),
      subject_(subject),
      unit_{"unit_rate", &ContributionRow::unit, &ContributionRow::unit_rate},
      person_{"person_rate", &ContributionRow::person, &ContributionRow::person_rate} {
  for (const FieldFact& fact : page.fields) {
    if (fact.field != "remark" && fact.field != "reason") continue;
    exempt_ = exempt_ || tables.words.names("exemption", fact.value);
    reference_ = reference_ || tables.words.names("policy_reference", fact.value);
  }
  find_rate(unit_);
  find_rate(person_);
  for (ContributionRow& row : rows_) {
    const auto due = rate(person_, row);
    if (row.base && due && person_.known) row.person_due = *row.base * *due;
  }
}

std::optional<Decimal> ContributionRows::table_rate(const Share& share,
                                                    const ContributionRow& row) const {
  if (!row.month || insurance_.empty()) return std::nullopt;
  return tables_.parameters.in(*row.month, {share.parameter, insurance_, subject_.kind()});
}

std::optional<Decimal> ContributionRows::rate(const Share& share,
                                              const ContributionRow& row) const {
  const auto known = share.own_rate ? share.own_rate : table_rate(share, row);
  const Read<Decimal>& printed = row.*share.printed_rate;
  if (!printed || !known) return printed ? printed.value : known;
  // A rate that does not make the amount, where the known one does, was misread.
  if (row.base && row.*share.amount && !is_due(share, row, *row.base, *printed) &&
      is_due(share, row, *row.base, *known)) {
    return known;
  }
  return *printed;
}

bool ContributionRows::is_due(const Share& share, const ContributionRow& row, Money base,
                              Decimal rate) const {
  const Money amount = *(row.*share.amount);
  const Money tolerance = tolerance_of(tables_, "X11");
  if (within(amount, base * rate, tolerance)) return true;
  if (&share != &unit_ || !row.month) return false;
  const Date day = *Date::of(row.month->year(), row.month->month(), 1);
  return std::ranges::any_of(tables_.parameters.all_on(day, "unit_waiver", insurance_),
                             [&](Decimal waived) {
                               return within(amount, base * rate - base * rate * waived, tolerance);
                             });
}

ContributionRows::Fit ContributionRows::fit(const Share& share, const ContributionRow& row) const {
  const auto due = rate(share, row);
  if (!share.known || !due || !row.base || !(row.*share.amount)) return Fit::unknown;
  return is_due(share, row, *row.base, *due) ? Fit::right : Fit::wrong;
}

/// The tables hold where most rows keep them; a page of one or two rows shows no custom of its own.
void ContributionRows::find_rate(Share& share) {
  std::vector<const ContributionRow*> comparable;
  std::size_t right = 0;
  for (const ContributionRow& row : rows_) {
    const auto due = rate(share, row);
    if (!row.base || !(row.*share.amount)) continue;
    if (due && is_due(share, row, *row.base, *due)) ++right;
    comparable.push_back(&row);
  }
  note_printed_rates(share);
  constexpr std::size_t kFew = 2;
  if (comparable.size() <= kFew || right * 2 >= comparable.size()) {
    share.known = !comparable.empty();
    return;
  }
  common_rate(share, comparable);
}

/// A rate that the tables do not know counts where at least half of the rows print it.
void ContributionRows::note_printed_rates(Share& share) {
  std::map<Decimal, std::size_t> odd;
  std::size_t printed = 0;
  for (const ContributionRow& row : rows_) {
    const Read<Decimal>& rate = row.*share.printed_rate;
    const auto said = table_rate(share, row);
    if (!rate || !said) continue;
    ++printed;
    if (*rate == *said || likelier_misread(*rate.fact, said->percent(), tables_)) continue;
    if (++odd[*rate] > 1) continue;
    share.odd_at = rate.fact;
    share.odd_rate = *rate;
    share.table_says = said;
  }
  if (odd.size() != 1 || odd.begin()->second * 2 < printed) share.odd_rate.reset();
}

void ContributionRows::common_rate(Share& share,
                                   const std::vector<const ContributionRow*>& comparable) {
  constexpr std::int64_t kStep = 1000;  // millionths: rates have a tenth of a percent at most
  std::map<Decimal, std::size_t> kept;
  for (const ContributionRow* row : comparable) {
    const Money base = *row->base, amount = *(row->*share.amount);
    if (base.cents() <= 0 || amount.cents() < 0 || amount > base) continue;
    const std::int64_t share_of_base = scaled(amount, Decimal::kOne, base.cents()).cents();
    const auto nearest = Decimal::of_millionths((share_of_base + kStep / 2) / kStep * kStep);
    if (within(amount, base * nearest, tolerance_of(tables_, "X11"))) ++kept[nearest];
  }
  const auto most =
      std::ranges::max_element(kept, {}, [](const auto& counted) { return counted.second; });
  if (most == kept.end() || most->second < 3 || most->second * 3 < comparable.size() * 2) return;
  share.known = true;
  share.own_rate = share.odd_rate = most->first;
  share.table_says = table_rate(share, *comparable.front());
  const auto keeps = std::ranges::find_if(comparable, [&](const ContributionRow* row) {
    return within(*(row->*share.amount), *row->base * *share.own_rate,
                  tolerance_of(tables_, "X11"));
  });
  share.odd_at = ((*keeps)->*share.amount).fact;
}

void ContributionRows::check(Findings& findings) {
  for (const ContributionRow& row : rows_) check_row(row);
  tell_habits(findings);
  for (const Fault& fault : faults_) tell(fault, findings);
  report_rate(unit_, findings);
  report_rate(person_, findings);
}

bool ContributionRows::person_is_wrong(int row) const {
  return std::ranges::find(wrong_persons_, row) != wrong_persons_.end();
}

void ContributionRows::check_row(const ContributionRow& row) {
  const Fit unit = fit(unit_, row), person = fit(person_, row);
  if (unit == Fit::wrong && person == Fit::wrong) {
    // Both shares agree on another base: the base is the odd one.
    const auto by_unit = rate(unit_, row), by_person = rate(person_, row);
    if (by_person->millionths() == 0 || by_unit->millionths() == 0) return;
    const Money base = scaled(*row.person, Decimal::kOne, by_person->millionths());
    const Money other = scaled(*row.unit, Decimal::kOne, by_unit->millionths());
    if (!within(base, other, Money::of_cents(15))) return;
    report(row, "base", *row.base.fact, base);
    return;
  }
  // Where nothing but the base speaks against a share, the base may be what was misread.
  if (unit == Fit::wrong) {
    const Decimal due = *rate(unit_, row);
    if (person == Fit::unknown && may_be_base(row, *row.unit, due)) return;
    report(row, "", *row.unit.fact, *row.base * due);
  }
  if (person == Fit::wrong) {
    const Decimal due = *rate(person_, row);
    const bool base_alone = unit == Fit::unknown && (!row.step || *row.step == *row.person);
    if (base_alone && may_be_base(row, *row.person, due)) return;
    wrong_persons_.push_back(row.row);
    report(row, "", *row.person.fact, *row.base * due);
  }
}

bool ContributionRows::may_be_base(const ContributionRow& row, Money share, Decimal rate) const {
  return rate > Decimal() &&
         likelier_misread(*row.base.fact, scaled(share, Decimal::kOne, rate.millionths()).text(),
                          tables_);
}

void ContributionRows::report(const ContributionRow& row, const char* variant,
                              const FieldFact& fact, Money expected) {
  if (likelier_misread(fact, expected.text(), tables_) || is_doubted_elsewhere(fact, expected)) {
    return;
  }
  if (exempt_ && reference_) return;
  faults_.push_back({&row, exempt_ ? "exempt" : variant, &fact, expected});
}

void ContributionRows::tell(const Fault& fault, Findings& findings) const {
  const ContributionRow& row = *fault.row;
  std::vector<FindingPlace> places = {place_of(page_, *fault.fact)};
  if (row.base.fact != fault.fact) places.push_back(place_of(page_, *row.base.fact));
  auto words = Wording(tables_)
                   .field(page_.doc_type, fault.fact->field)
                   .word("month", row.month ? row.month->text() : "-")
                   .word("base", row.base->text())
                   .take();
  findings.add("X11", fault.variant, std::move(places), fault.expected.text(), std::move(words),
               subject_.persons());
}

/// One digit that stands for the same other one in two rows of a page is a habit: that of a reader
/// as likely as that of a writer. Where the balance goes on from the printed share, a writer's.
void ContributionRows::tell_habits(Findings& findings) {
  std::map<std::string, std::vector<const Fault*>> habits;
  for (const Fault& fault : faults_) {
    const bool carried_on = fault.fact == fault.row->person.fact && fault.row->step &&
                            *fault.row->step == *fault.row->person;
    const std::string digit = exchanged_digit(fault.fact->value, fault.expected.text());
    if (digit.empty() || carried_on || fault.fact->by_person) continue;
    habits[digit].push_back(&fault);
  }
  std::set<const FieldFact*> told;
  for (const auto& [digit, faults] : habits) {
    if (faults.size() < 2) continue;
    std::vector<FindingPlace> places;
    for (const Fault* fault : faults) {
      places.push_back(place_of(page_, *fault->fact));
      told.insert(fault->fact);
    }
    auto words = Wording(tables_)
                     .field(page_.doc_type, faults.front()->fact->field)
                     .word("count", std::to_string(faults.size()))
                     .word("digit_printed", digit.substr(2))
                     .word("digit_expected", digit.substr(0, 1))
                     .take();
    findings.add("X11", "unsure", std::move(places), faults.front()->expected.text(),
                 std::move(words), subject_.persons());
  }
  std::erase_if(faults_, [&told](const Fault& fault) { return told.contains(fault.fact); });
}

/// The same print gives the same misreading: where another row has this value for the same base and
/// its reading is not beyond doubt, this one's is not either.
bool ContributionRows::is_doubted_elsewhere(const FieldFact& fact, Money expected) const {
  if (characters_apart(fact.value, expected.text()) != 1) return false;
  return std::ranges::any_of(page_.fields, [&](const FieldFact& other) {
    return other.field == fact.field && other.row != fact.row && other.value == fact.value &&
           (other.unsure || !is_beyond_doubt(other, tables_));
  });
}

void ContributionRows::report_rate(const Share& share, Findings& findings) {
  if (!share.odd_rate || !share.table_says || (exempt_ && reference_)) return;
  auto words = Wording(tables_)
                   .field(page_.doc_type, share.odd_at->field)
                   .word("rate", share.odd_rate->percent())
                   .take();
  findings.add("X11", "rate", {place_of(page_, *share.odd_at)}, share.table_says->percent(),
               std::move(words), subject_.persons());
}

}  // namespace archive
