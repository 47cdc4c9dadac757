#include "store/records/quality_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

// Four digits are more than any of the measures is good for.
double rounded(double value) {
  if (value == 0) return 0;
  const double unit = std::pow(10, 3 - std::floor(std::log10(std::abs(value))));
  return std::round(value * unit) / unit;
}

Json measures_json(const QualityMeasures& measures) {
  Json json = Json::object();
  for (const QualityMeasure& measure : kQualityMeasures) {
    if (const auto& value = measures.*measure.value) {
      json[std::string(measure.name)] = rounded(*value);
    }
  }
  return json;
}

Json finding_json(const QualityFinding& finding, const QualityRules* rules) {
  Json json = {{"rule", finding.rule},
               {"verdict", name_of(finding.verdict)},
               {"value", rounded(finding.value)}};
  const QualityRule* rule = rules == nullptr ? nullptr : rules->rule(finding.rule);
  if (rule == nullptr) return json;
  json["measure"] = rule->measure.name;
  json["limit"] = rule->limit;
  json["source"] = rule->source;
  json["zh"] = rule->words.zh;
  json["en"] = rule->words.en;
  json["zh_what_to_do"] = rule->words.zh_what_to_do;
  json["en_what_to_do"] = rule->words.en_what_to_do;
  return json;
}

}  // namespace

Json quality_json(const PageQuality& quality, const QualityRules* rules) {
  Json findings = Json::array();
  for (const QualityFinding& finding : quality.findings) {
    findings.push_back(finding_json(finding, rules));
  }
  return {{"verdict", name_of(quality.verdict)},
          {"findings", std::move(findings)},
          {"measures", measures_json(quality.measures)}};
}

std::string measures_text(const QualityMeasures& measures) {
  return measures_json(measures).dump();
}

QualityMeasures parse_measures(std::string_view json) {
  const Json read = Json::parse(json, nullptr, false);
  if (!read.is_object()) {
    throw ArchiveError(ErrorKind::records, "records", "the measures of a page are no JSON object",
                       "run `juanzong verify`");
  }
  QualityMeasures measures;
  for (const QualityMeasure& measure : kQualityMeasures) {
    const auto found = read.find(measure.name);
    if (found != read.end() && found->is_number()) {
      measures.*measure.value = found->get<double>();
    }
  }
  return measures;
}

}  // namespace archive
