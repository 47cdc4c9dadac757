#include "config/quality_rules.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr std::string_view kProject = "project";
constexpr int kSourceMax = 28;  // Q1 .. Q28

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

const QualityMeasure* measure_named(std::string_view name) {
  const auto found = std::ranges::find(kQualityMeasures, name, &QualityMeasure::name);
  return found == kQualityMeasures.end() ? nullptr : &*found;
}

bool is_source(const std::string& text) {
  if (text == kProject) return true;
  if (!text.starts_with('Q')) return false;
  const auto number = number_of(text.substr(1));
  return number && *number >= 1 && *number <= kSourceMax;
}

class RuleRow {
 public:
  RuleRow(const CsvTable& table, const CsvTable::Row& row) : table_(table), row_(row) {}

  QualityRule rule() const {
    QualityRule rule;
    rule.id = text("id");
    const QualityMeasure* measure = measure_named(text("measure"));
    if (measure == nullptr) refuse("there is no measure '" + text("measure") + "'");
    rule.measure = *measure;
    rule.below = text("when") == "below";
    if (!rule.below && text("when") != "above") refuse("'when' is neither below nor above");
    const auto limit = number_of(text("limit"));
    if (!limit) refuse("the limit is no number");
    rule.limit = *limit;
    rule.bits = bits();
    const auto verdict = verdict_named(text("verdict"));
    if (!verdict) refuse("the verdict is none of accept, look, rescan");
    rule.verdict = *verdict;
    rule.source = text("source");
    if (!is_source(rule.source)) refuse("the source is neither Q1 to Q28 nor 'project'");
    rule.words = {text("zh"), text("en"), text("zh_what_to_do"), text("en_what_to_do")};
    return rule;
  }

 private:
  const std::string& text(std::string_view column) const {
    const std::string& cell = table_.cell(row_, column);
    if (cell.empty()) refuse("the cell under '" + std::string(column) + "' is empty");
    return cell;
  }

  std::vector<int> bits() const {
    std::vector<int> bits;
    for (const std::string& part : list_of(table_.cell(row_, "bits"))) {
      const auto number = number_of(part);
      if (!number) refuse("'bits' is no list of numbers");
      bits.push_back(static_cast<int>(*number));
    }
    return bits;
  }

  [[noreturn]] void refuse(const std::string& problem) const { table_.refuse(row_, problem); }

  const CsvTable& table_;
  const CsvTable::Row& row_;
};

bool broken(const QualityRule& rule, const QualityMeasures& measures) {
  const QualityMeasures::Value& value = measures.*rule.measure.value;
  if (!value) return false;
  const int bits = static_cast<int>(measures.bits.value_or(0));
  if (!rule.bits.empty() && std::ranges::find(rule.bits, bits) == rule.bits.end()) return false;
  return rule.below ? *value < rule.limit : *value > rule.limit;
}

}  // namespace

QualityRules QualityRules::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "quality_rules.csv");
  QualityRules rules;
  for (const CsvTable::Row& row : table.rows()) {
    QualityRule rule = RuleRow(table, row).rule();
    if (rules.rule(rule.id) != nullptr) table.refuse(row, "the id stands twice");
    rules.rules_.push_back(std::move(rule));
  }
  return rules;
}

PageQuality QualityRules::judge(const QualityMeasures& measures) const {
  std::vector<const QualityRule*> gravest;
  for (const QualityRule& rule : rules_) {
    if (!broken(rule, measures)) continue;
    const auto same = std::ranges::find_if(gravest, [&rule](const QualityRule* other) {
      return other->measure.value == rule.measure.value;
    });
    if (same == gravest.end()) {
      gravest.push_back(&rule);
    } else if (rule.verdict > (*same)->verdict) {
      *same = &rule;
    }
  }
  std::ranges::stable_sort(gravest, std::ranges::greater{}, &QualityRule::verdict);
  PageQuality quality;
  quality.measures = measures;
  for (const QualityRule* rule : gravest) {
    quality.findings.push_back({rule->id, rule->verdict, *(measures.*rule->measure.value)});
  }
  if (!quality.findings.empty()) quality.verdict = quality.findings.front().verdict;
  return quality;
}

const QualityRule* QualityRules::rule(std::string_view id) const {
  const auto found = std::ranges::find(rules_, id, &QualityRule::id);
  return found == rules_.end() ? nullptr : &*found;
}

}  // namespace archive
