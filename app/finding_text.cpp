#include "app/finding_text.h"

#include <fmt/format.h>

#include "viewer/finding_words.h"

namespace archive {
namespace {

std::string_view said(TwoWords words, const Console& say) { return say(words.zh, words.en); }

std::string place_line(const ReportedPlace& place, const Console& say) {
  std::string line = fmt::format("        {} {}  {} #{}", say("页", "page"), place.place.page,
                                 place.source, place.page_in_file + 1);
  if (!place.place.field.empty()) line += "  " + place.place.field;
  if (place.place.row >= 0) line += fmt::format("[{}]", place.place.row);
  if (!place.place.printed.empty()) line += ": " + place.place.printed;
  return line;
}

}  // namespace

std::vector<std::string> finding_lines(const ReportedFinding& told, const Console& say) {
  const FindingRecord& record = told.record;
  std::vector<std::string> lines;
  lines.push_back(fmt::format("    [{}] {} {}  {}", record.number,
                              said(words_for(record.finding.severity), say), record.finding.rule,
                              say(told.sentence_zh, told.sentence_en)));
  for (const ReportedPlace& place : told.places) lines.push_back(place_line(place, say));
  if (record.state != FindingState::open) {
    lines.push_back(fmt::format("        {}: {} ({}, {})", said(words_for(record.state), say),
                                record.reason, record.decided_by, record.decided_at));
  }
  if (!record.gone_at.empty()) {
    lines.push_back(fmt::format("        {} {}", say("已不再出现，自", "not found any more since"),
                                record.gone_at));
  }
  return lines;
}

std::vector<std::string> report_lines(const DossierReport& report, const Console& say) {
  const DossierRecord& dossier = report.dossier;
  std::string head = fmt::format("{} {}", say("卷宗", "dossier"), dossier.number);
  if (!dossier.dossier_no.empty()) head += "  " + dossier.dossier_no;
  if (!dossier.title.empty()) head += "  " + dossier.title;
  head += fmt::format("  ({} {})", report.pages, say("页", "pages"));
  std::vector<std::string> lines = {head};
  for (const ReportedFinding& told : report.findings) {
    for (std::string& line : finding_lines(told, say)) lines.push_back(std::move(line));
  }
  if (report.findings.empty()) {
    lines.emplace_back("    " + std::string(say("未发现问题", "nothing was found")));
  }
  return lines;
}

}  // namespace archive
