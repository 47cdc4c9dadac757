#include "checks/four_properties.h"

#include <algorithm>
#include <array>
#include <map>

#include "checks/property_answer.h"

namespace archive {
namespace {

constexpr std::array kVerdicts = {
    std::pair{PropertyVerdict::passed, "passed"},
    std::pair{PropertyVerdict::failed, "failed"},
    std::pair{PropertyVerdict::not_applicable, "not_applicable"},
    std::pair{PropertyVerdict::by_person, "by_person"},
};

/// Adds the open findings of the rules that count to a check.
void add_findings(const PropertyEvidence& evidence, const CheckTables& tables, PropertyCheck check,
                  PropertyAnswer& answer) {
  const auto page_name = [](PageNumber page) { return std::to_string(page); };
  for (const FindingRecord& record : evidence.findings) {
    const Finding& finding = record.finding;
    if (record.state != FindingState::open || finding.severity == Severity::info) continue;
    if (tables.four_properties.check_for(finding.rule) != check) continue;
    const CheckRule* rule = tables.rules.rule(finding.rule, finding.variant);
    PropertyRemark remark;
    remark.page = finding.places.empty() ? 0 : finding.places.front().page;
    remark.finding = record.number;
    remark.zh =
        finding.rule + " " + (rule == nullptr ? "" : sentence_of(rule->zh, finding, page_name));
    remark.en =
        finding.rule + " " + (rule == nullptr ? "" : sentence_of(rule->en, finding, page_name));
    answer.fails(std::move(remark));
  }
}

PropertyResult answer_to(const FourPropertyRow& row, const PropertyEvidence& evidence,
                         const CheckTables& tables) {
  PropertyAnswer answer(row);
  add_findings(evidence, tables, row.check, answer);
  answer_by_files(row.check, evidence, answer);
  answer_by_records(row.check, evidence, tables, answer);
  answer_by_site(row.check, evidence, answer);
  return std::move(answer).take();
}

}  // namespace

std::string_view name_of(PropertyVerdict verdict) {
  return std::ranges::find(kVerdicts, verdict, [](const auto& e) { return e.first; })->second;
}

std::vector<PropertyResult> four_properties_of(const PropertyEvidence& evidence,
                                               const CheckTables& tables) {
  std::vector<PropertyResult> results;
  for (const FourPropertyRow& row : tables.four_properties.rows()) {
    results.push_back(answer_to(row, evidence, tables));
  }
  return results;
}

PropertyAnswer::PropertyAnswer(const FourPropertyRow& row) { result_.row = row; }

void PropertyAnswer::add(PropertyVerdict verdict, PropertyRemark remark) {
  // What fails outweighs what a person has to do, and both outweigh a remark.
  const auto weight = [](PropertyVerdict v) {
    return v == PropertyVerdict::failed           ? 3
           : v == PropertyVerdict::by_person      ? 2
           : v == PropertyVerdict::not_applicable ? 1
                                                  : 0;
  };
  if (weight(verdict) > weight(result_.verdict)) {
    result_.verdict = verdict;
    // The gravest first: what makes the verdict must not be cut off by lesser remarks.
    std::ranges::move(result_.remarks, std::back_inserter(lesser_));
    result_.remarks.clear();
  } else if (weight(verdict) < weight(result_.verdict)) {
    lesser_.push_back(std::move(remark));
    return;
  }
  result_.remarks.push_back(std::move(remark));
}

PropertyResult PropertyAnswer::take() && {
  std::ranges::move(lesser_, std::back_inserter(result_.remarks));
  if (result_.remarks.size() > kRemarksMost) {
    result_.remarks_left = static_cast<std::int64_t>(result_.remarks.size() - kRemarksMost);
    result_.remarks.resize(kRemarksMost);
  }
  return std::move(result_);
}

}  // namespace archive
