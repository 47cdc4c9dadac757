#include "config/retirement_ages.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr int kAgeMost = 100 * 12;

int number_in(const CsvTable& table, const CsvTable::Row& row, std::string_view column, int least) {
  const std::string& text = table.cell(row, column);
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end || number < least || number > kAgeMost) {
    table.refuse(row, "'" + std::string(column) + "' is no number of months from " +
                          std::to_string(least) + " to " + std::to_string(kAgeMost));
  }
  return number;
}

RetirementAge age_in(const CsvTable& table, const CsvTable::Row& row) {
  RetirementAge age;
  age.kind = table.cell(row, "kind");
  const std::string& sex = table.cell(row, "sex");
  if (sex != "male" && sex != "female") table.refuse(row, "the sex is neither male nor female");
  age.sex = sex == "male" ? Sex::male : Sex::female;
  age.age_months = number_in(table, row, "age_months", 1);
  const auto base = YearMonth::parse(table.cell(row, "base_birth"));
  if (!base) table.refuse(row, "'base_birth' is no month");
  age.base_birth = *base;
  age.band_months = number_in(table, row, "band_months", 1);
  age.delay_most = number_in(table, row, "delay_most", 0);
  return age;
}

}  // namespace

YearMonth RetirementAge::month_for(YearMonth birth) const {
  const int since = birth - base_birth;
  const int delay = since < 0 ? 0 : std::min(since / band_months + 1, delay_most);
  return birth.plus_months(age_months + delay);
}

RetirementAges RetirementAges::load(const TablePath& config_folder) {
  RetirementAges ages;
  const CsvTable table = CsvTable::read(config_folder / "checks" / "retirement_ages.csv");
  for (const CsvTable::Row& row : table.rows()) {
    RetirementAge age = age_in(table, row);
    if (std::ranges::find(ages.ages_, age.kind, &RetirementAge::kind) != ages.ages_.end()) {
      table.refuse(row, "the kind stands twice");
    }
    ages.ages_.push_back(std::move(age));
  }
  const CsvTable early = CsvTable::read(config_folder / "checks" / "early_retirement.csv");
  for (const CsvTable::Row& row : early.rows()) {
    if (early.cell(row, "word").empty()) early.refuse(row, "the word is empty");
    ages.early_.push_back({early.cell(row, "word"), number_in(early, row, "male_months", 0),
                           number_in(early, row, "female_months", 0)});
  }
  return ages;
}

std::optional<int> RetirementAges::earliest_age(std::string_view printed_kind, Sex sex) const {
  const auto found = std::ranges::find_if(early_, [printed_kind](const EarlyKind& kind) {
    return printed_kind.find(kind.word) != std::string_view::npos;
  });
  if (found == early_.end()) return std::nullopt;
  return sex == Sex::male ? found->male_months : found->female_months;
}

}  // namespace archive
