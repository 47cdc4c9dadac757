#include <set>

#include "viewer/dossier_report.h"
#include "viewer/finding_words.h"
#include "viewer/html.h"

namespace archive {
namespace {

std::string state_text(const FindingRecord& record, const ReportLanguage& say) {
  const std::string state = say(words_for(record.state));
  if (record.state == FindingState::open) return state;
  return state + "<br>" + html_text(record.reason) + "<br>" + html_text(record.decided_by) + " " +
         html_text(record.decided_at.substr(0, 10));
}

std::string pages_text(const ReportedFinding& told) {
  std::string text;
  std::set<PageNumber> named;
  for (const ReportedPlace& place : told.places) {
    if (!named.insert(place.place.page).second) continue;
    text += (text.empty() ? "<b>" : "<br><b>") + std::to_string(place.place.page) + "</b> " +
            html_text(place.source) + " #" + std::to_string(place.page_in_file + 1);
  }
  return text;
}

std::string row_of(const ReportedFinding& told, const ReportLanguage& say) {
  const Finding& finding = told.record.finding;
  const bool open = told.record.state == FindingState::open;
  std::string row = open ? "<tr>" : "<tr class=\"done\">";
  row += "<td class=\"n " + std::string(name_of(finding.severity)) + "\">" +
         say(words_for(finding.severity)) + "</td>";
  row += "<td>" + html_text(finding.rule) + "<br>" + html_text(say(told.name_zh, told.name_en)) +
         "</td>";
  row += "<td>" + html_text(say(told.sentence_zh, told.sentence_en)) + "</td>";
  row += "<td>" + pages_text(told) + "</td>";
  row += "<td>" + state_text(told.record, say) + "</td></tr>\n";
  return row;
}

std::string paper_names(const PaperPresence& paper, const CheckTables& tables,
                        const ReportLanguage& say) {
  std::string names;
  for (const std::string& code : paper.doc_types) {
    const DocumentType* type = tables.forms.type(code);
    if (type == nullptr) continue;
    names +=
        (names.empty() ? "" : say("或", " or ")) + html_text(say(type->name_zh, type->name_en));
  }
  return names;
}

std::string presence_text(PaperPresence::State state, const ReportLanguage& say) {
  switch (state) {
    case PaperPresence::State::usable:
      return say("齐备", "there");
    case PaperPresence::State::unreadable:
      return say("无法识读", "unreadable");
    case PaperPresence::State::absent:
      break;
  }
  return say("缺少", "absent");
}

std::string papers_table(const DossierReport& report, const CheckTables& tables,
                         const ReportLanguage& say) {
  if (report.overview.papers.empty()) return {};
  std::string html = "<table><caption>" + say("材料齐全情况", "Completeness") +
                     "</caption><thead><tr><th>" + say("业务", "business") + "</th><th>" +
                     say("材料", "paper") + "</th><th>" + say("状态", "state") + "</th><th>" +
                     say("页", "pages") + "</th></tr></thead><tbody>\n";
  for (const PaperPresence& paper : report.overview.papers) {
    const bool bad = paper.state != PaperPresence::State::usable;
    std::string pages;
    for (const PageNumber page : paper.pages) {
      pages += (pages.empty() ? "" : ", ") + std::to_string(page);
    }
    html += "<tr><td>" +
            (paper.business_zh.empty() ? say("案卷材料", "volume") : html_text(paper.business_zh)) +
            "</td><td>" + paper_names(paper, tables, say) + "</td><td class=\"n" +
            (bad ? " error" : "") + "\">" + presence_text(paper.state, say) + "</td><td>" + pages +
            "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

/// The five contents of a rights record, with their pages.
std::string records_table(const DossierReport& report, const ReportLanguage& say) {
  std::string html = "<table><caption>" + say("个人权益记录内容", "Contents of the rights record") +
                     "</caption><tbody>\n";
  bool any = false;
  for (const ContentPages& group : report.overview.records) {
    std::string pages;
    for (const PageNumber page : group.pages) {
      pages += (pages.empty() ? "" : ", ") + std::to_string(page);
    }
    any |= !group.pages.empty();
    html += "<tr><td>" + html_text(say(group.name_zh, group.name_en)) + "</td><td>" + pages +
            "</td></tr>\n";
  }
  return any ? html + "</tbody></table>\n" : std::string();
}

/// A row a year: the months that papers list, or how many they say there are.
std::string calendar_table(const DossierReport& report, const ReportLanguage& say) {
  if (report.overview.years.empty()) return {};
  std::string html =
      "<table class=\"calendar\"><caption>" +
      say("缴费月份（● 有记录；间断不违规）", "Contribution months (● on paper; gaps are lawful)") +
      "</caption><thead><tr><th>" + say("年", "year") + "</th>";
  for (int month = 1; month <= 12; ++month) html += "<th>" + std::to_string(month) + "</th>";
  html += "<th>" + say("月数", "months") + "</th></tr></thead><tbody>\n";
  for (const ContributionYear& year : report.overview.years) {
    html += "<tr><th>" + std::to_string(year.year) + "</th>";
    for (unsigned month = 1; month <= 12; ++month) {
      html += year.months.contains(month) ? "<td>●</td>" : "<td></td>";
    }
    const std::size_t listed = year.months.size();
    html += "<td>" + (listed > 0 ? std::to_string(listed) : "") +
            (year.told ? (listed > 0 ? " / " : "") + std::to_string(*year.told) : "") +
            "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string names_of(const DossierReport& report) {
  std::string names;
  std::set<std::string> named;  // one without a number may be one of those with it
  for (const PersonRecord& person : report.persons) {
    if (person.name.empty() || !named.insert(person.name).second) continue;
    names += (names.empty() ? "" : "、") + html_text(person.name);
  }
  return names;
}

}  // namespace

std::string report_html_begin(bool chinese, const std::string& made_at) {
  const ReportLanguage say(chinese);
  return html_begin(say, say("卷宗检查报告", "Report on dossiers"), made_at);
}

std::string report_html(const DossierReport& report, const CheckTables& tables, bool chinese) {
  const ReportLanguage say(chinese);
  const DossierRecord& dossier = report.dossier;
  std::string html = "<section><h2>" + say("卷宗 ", "Dossier ") + std::to_string(dossier.number);
  if (!dossier.dossier_no.empty()) html += " · " + html_text(dossier.dossier_no);
  if (!dossier.title.empty()) html += " · " + html_text(dossier.title);
  html += "</h2>\n<p class=\"facts\">" + say("页数 ", "pages ") + std::to_string(report.pages);
  if (report.set_aside > 0) {
    html += say("，其中未归档 ", ", set aside ") + std::to_string(report.set_aside);
  }
  if (const std::string names = names_of(report); !names.empty()) {
    html += say(" · 人员 ", " · persons ") + names;
  }
  html += "</p>\n";
  if (report.findings.empty()) {
    html += "<p class=\"clean\">" + say("未发现问题。", "Nothing was found.") + "</p>\n";
  } else {
    html += "<table><caption>" + say("问题", "Findings") + "</caption><thead><tr><th>" +
            say("级别", "grade") + "</th><th>" + say("规则", "rule") + "</th><th>" +
            say("问题", "what") + "</th><th>" + say("所在页", "pages") + "</th><th>" +
            say("处理", "state") + "</th></tr></thead><tbody>\n";
    for (const ReportedFinding& told : report.findings) html += row_of(told, say);
    html += "</tbody></table>\n";
  }
  return html + papers_table(report, tables, say) + records_table(report, say) +
         calendar_table(report, say) + "</section>\n";
}

std::string report_html_end() { return html_end(); }

}  // namespace archive
