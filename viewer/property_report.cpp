#include "viewer/property_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "viewer/html.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kVerdicts = {PropertyVerdict::passed, PropertyVerdict::failed,
                                  PropertyVerdict::by_person, PropertyVerdict::not_applicable};

std::string_view class_of(PropertyVerdict verdict) {
  switch (verdict) {
    case PropertyVerdict::failed:
      return "error";
    case PropertyVerdict::by_person:
      return "warn";
    case PropertyVerdict::passed:
      return "clean";
    case PropertyVerdict::not_applicable:
      break;
  }
  return "facts";
}

std::string more_text(const PropertyResult& result, const ReportLanguage& say) {
  return say("另有 ", "and ") + std::to_string(result.remarks_left) + say(" 条", " more");
}

std::string where_text(const PropertyRemark& remark, const ReportLanguage& say) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " · ") + part; };
  if (remark.page != 0) add(say("页 ", "page ") + std::to_string(remark.page));
  if (!remark.file.empty()) add(remark.file);
  if (remark.finding != 0) add(say("问题 ", "finding ") + std::to_string(remark.finding));
  return text;
}

std::string remarks_html(const PropertyResult& result, const ReportLanguage& say) {
  std::string html;
  for (const PropertyRemark& remark : result.remarks) {
    if (!html.empty()) html += "<br>";
    if (const std::string where = where_text(remark, say); !where.empty()) {
      html += "<b>" + html_text(where) + "</b> ";
    }
    html += html_text(say(remark.zh, remark.en));
  }
  if (result.remarks_left > 0) html += "<br>" + more_text(result, say);
  return html;
}

}  // namespace

TwoWords words_for(Property property) {
  switch (property) {
    case Property::authenticity:
      return {"真实性", "authenticity"};
    case Property::integrity:
      return {"完整性", "integrity"};
    case Property::usability:
      return {"可用性", "usability"};
    case Property::security:
      break;
  }
  return {"安全性", "security"};
}

TwoWords words_for(PropertyVerdict verdict) {
  switch (verdict) {
    case PropertyVerdict::passed:
      return {"通过", "passed"};
    case PropertyVerdict::failed:
      return {"未通过", "failed"};
    case PropertyVerdict::not_applicable:
      return {"不适用", "not applicable"};
    case PropertyVerdict::by_person:
      break;
  }
  return {"待人工", "for a person"};
}

bool PropertyReport::failed() const { return count(PropertyVerdict::failed) > 0; }

std::int64_t PropertyReport::count(PropertyVerdict verdict) const {
  return std::ranges::count(results, verdict, &PropertyResult::verdict);
}

void PropertyTotals::add(const PropertyReport& report) {
  ++dossiers_;
  if (report.failed()) ++failed_;
  if (rows_.empty()) {
    for (const PropertyResult& result : report.results) rows_.push_back({result.row, {}});
  }
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    ++rows_[i].dossiers[report.results[i].verdict];
  }
}

nlohmann::ordered_json property_json(const PropertyReport& report) {
  Json rows = Json::array();
  for (const PropertyResult& result : report.results) {
    Json remarks = Json::array();
    for (const PropertyRemark& remark : result.remarks) {
      remarks.push_back({{"page", remark.page == 0 ? Json(nullptr) : Json(remark.page)},
                         {"file", remark.file},
                         {"finding", remark.finding == 0 ? Json(nullptr) : Json(remark.finding)},
                         {"zh", remark.zh},
                         {"en", remark.en}});
    }
    rows.push_back({{"code", result.row.code},
                    {"property", name_of(result.row.property)},
                    {"name", {{"zh", result.row.name_zh}, {"en", result.row.name_en}}},
                    {"check", name_of(result.row.check)},
                    {"result", name_of(result.verdict)},
                    {"remarks", std::move(remarks)},
                    {"remarks_left", result.remarks_left}});
  }
  return {{"dossier", report.dossier.number},
          {"batch", report.dossier.batch},
          {"dossier_no", report.dossier.dossier_no},
          {"title", report.dossier.title},
          {"failed", report.failed()},
          {"rows", std::move(rows)}};
}

nlohmann::ordered_json property_totals_json(const PropertyTotals& totals) {
  Json rows = Json::array();
  for (const PropertyTotals::Row& row : totals.rows()) {
    Json counts = Json::object();
    for (const PropertyVerdict verdict : kVerdicts) {
      const auto found = row.dossiers.find(verdict);
      counts[std::string(name_of(verdict))] = found == row.dossiers.end() ? 0 : found->second;
    }
    rows.push_back({{"code", row.row.code}, {"dossiers", std::move(counts)}});
  }
  return {{"dossiers", totals.dossiers()}, {"failed", totals.failed()}, {"rows", std::move(rows)}};
}

std::string property_csv_header() {
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return "\xEF\xBB\xBF"
         "dossier,dossier_no,code,property,name_zh,name_en,result,page,file,finding,zh,en\r\n";
}

std::string property_csv(const PropertyReport& report) {
  std::string lines;
  const auto line = [&](const PropertyResult& result, const PropertyRemark& remark) {
    const auto number = [](std::int64_t n) { return n == 0 ? std::string() : std::to_string(n); };
    const std::vector<std::string> cells = {std::to_string(report.dossier.number),
                                            report.dossier.dossier_no,
                                            result.row.code,
                                            std::string(name_of(result.row.property)),
                                            result.row.name_zh,
                                            result.row.name_en,
                                            std::string(name_of(result.verdict)),
                                            number(remark.page),
                                            remark.file,
                                            number(remark.finding),
                                            remark.zh,
                                            remark.en};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      lines += (i == 0 ? "" : ",") + csv_cell(cells[i]);
    }
    lines += "\r\n";
  };
  for (const PropertyResult& result : report.results) {
    if (result.remarks.empty()) line(result, {});
    for (const PropertyRemark& remark : result.remarks) line(result, remark);
  }
  return lines;
}

std::string property_title(bool chinese) {
  return ReportLanguage(chinese)("四性检测报告", "Four-property report");
}

std::string property_html(const PropertyReport& report, bool chinese) {
  const ReportLanguage say(chinese);
  const DossierRecord& dossier = report.dossier;
  std::string html = "<section><h2>" + say("卷宗 ", "Dossier ") + std::to_string(dossier.number);
  if (!dossier.dossier_no.empty()) html += " · " + html_text(dossier.dossier_no);
  if (!dossier.title.empty()) html += " · " + html_text(dossier.title);
  html += "</h2>\n<table><thead><tr><th>" + say("编号", "code") + "</th><th>" +
          say("性质", "property") + "</th><th>" + say("检测项目", "what is checked") + "</th><th>" +
          say("结果", "result") + "</th><th>" + say("说明", "remarks") +
          "</th></tr></thead><tbody>\n";
  for (const PropertyResult& result : report.results) {
    html += "<tr><td class=\"n\">" + html_text(result.row.code) + "</td><td class=\"n\">" +
            say(words_for(result.row.property)) + "</td><td>" +
            html_text(say(result.row.name_zh, result.row.name_en)) + "<br><span class=\"facts\">" +
            html_text(say(result.row.asks_zh, result.row.asks_en)) + "</span></td><td class=\"n " +
            std::string(class_of(result.verdict)) + "\">" + say(words_for(result.verdict)) +
            "</td><td>" + remarks_html(result, say) + "</td></tr>\n";
  }
  return html + "</tbody></table></section>\n";
}

std::string property_totals_html(const PropertyTotals& totals, bool chinese) {
  const ReportLanguage say(chinese);
  std::string html = "<section><h2>" + say("汇总", "All together") + "</h2>\n<p class=\"facts\">" +
                     say("卷宗 ", "dossiers ") + std::to_string(totals.dossiers()) +
                     say("，未通过 ", ", failed ") + std::to_string(totals.failed()) +
                     "</p>\n<table><thead><tr><th>" + say("编号", "code") + "</th><th>" +
                     say("检测项目", "what is checked") + "</th>";
  for (const PropertyVerdict verdict : kVerdicts)
    html += "<th>" + say(words_for(verdict)) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const PropertyTotals::Row& row : totals.rows()) {
    html += "<tr><td class=\"n\">" + html_text(row.row.code) + "</td><td>" +
            html_text(say(row.row.name_zh, row.row.name_en)) + "</td>";
    for (const PropertyVerdict verdict : kVerdicts) {
      const auto found = row.dossiers.find(verdict);
      html += "<td>" + std::to_string(found == row.dossiers.end() ? 0 : found->second) + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></section>\n";
}

}  // namespace archive
