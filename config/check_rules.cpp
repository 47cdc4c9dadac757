#include "config/check_rules.h"

#include <set>

#include "config/csv_table.h"

namespace archive {
namespace {

class RuleRow {
 public:
  RuleRow(const CsvTable& table, const CsvTable::Row& row) : table_(table), row_(row) {}

  CheckRule rule() const {
    CheckRule rule;
    rule.id = text("id");
    rule.variant = table_.cell(row_, "variant");
    rule.off = text("severity") == "off";
    if (!rule.off) {
      const auto severity = severity_named(text("severity"));
      if (!severity) refuse("the severity is none of error, warn, info, off");
      rule.severity = *severity;
    }
    rule.name_zh = text("name_zh");
    rule.name_en = text("name_en");
    rule.zh = sentence("zh");
    rule.en = sentence("en");
    return rule;
  }

  [[noreturn]] void refuse(const std::string& problem) const { table_.refuse(row_, problem); }

 private:
  const std::string& text(std::string_view column) const {
    const std::string& cell = table_.cell(row_, column);
    if (cell.empty()) refuse("the cell under '" + std::string(column) + "' is empty");
    return cell;
  }

  const std::string& sentence(std::string_view column) const {
    const std::string& sentence = text(column);
    int open = 0;
    for (const char c : sentence) {
      if (c == '{') ++open;
      if (c == '}') --open;
      if (open < 0 || open > 1) break;
    }
    if (open != 0) refuse("a brace is not closed under '" + std::string(column) + "'");
    return sentence;
  }

  const CsvTable& table_;
  const CsvTable::Row& row_;
};

std::string pages_text(const Finding& finding,
                       const std::function<std::string(PageNumber)>& page_name) {
  std::string text;
  std::set<PageNumber> named;
  for (const FindingPlace& place : finding.places) {
    if (!named.insert(place.page).second) continue;
    text += (text.empty() ? "" : ", ") + page_name(place.page);
  }
  return text;
}

}  // namespace

CheckRules CheckRules::load(const TablePath& config_folder) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "rules.csv");
  CheckRules rules;
  for (const CsvTable::Row& row : table.rows()) {
    const RuleRow reader(table, row);
    CheckRule rule = reader.rule();
    const std::pair key(rule.id, rule.variant);
    if (!rules.rules_.emplace(key, std::move(rule)).second) {
      reader.refuse("the rule '" + key.first + "' stands twice with the variant '" + key.second +
                    "'");
    }
  }
  return rules;
}

const CheckRule* CheckRules::rule(std::string_view id, std::string_view variant) const {
  const auto found = rules_.find({std::string(id), std::string(variant)});
  return found == rules_.end() ? nullptr : &found->second;
}

std::string sentence_of(const std::string& sentence, const Finding& finding,
                        const std::function<std::string(PageNumber)>& page_name) {
  std::string filled;
  std::size_t at = 0;
  while (at < sentence.size()) {
    const std::size_t open = sentence.find('{', at);
    filled += sentence.substr(at, open - at);
    if (open == std::string::npos) break;
    const std::size_t close = sentence.find('}', open);
    const std::string blank = sentence.substr(open + 1, close - open - 1);
    const auto word = finding.words.find(blank);
    if (word != finding.words.end()) {
      filled += word->second;
    } else if (blank == "printed") {
      filled += finding.places.empty() ? "" : finding.places.front().printed;
    } else if (blank == "expected") {
      filled += finding.expected;
    } else if (blank == "pages") {
      filled += pages_text(finding, page_name);
    } else {
      filled += sentence.substr(open, close - open + 1);
    }
    at = close + 1;
  }
  return filled;
}

}  // namespace archive
