#include "store/lifecycle/overview.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

// Every dossier that has its pages, with counts. $1, $2, $3: words, all of which it has; $4: a
// batch or 0; $5: a JSON array of dossiers, or "". % and _ in a word are letters to instr().
constexpr SqlPart kBoard =
    "WITH board AS (SELECT d.dossier, d.dossier_no, d.title, d.batch, b.name AS batch_name, "
    "COALESCE(p.pages, 0) AS pages, COALESCE(p.set_aside, 0) AS set_aside, "
    "COALESCE(f.errors, 0) AS errors, COALESCE(f.warnings, 0) AS warnings, "
    "COALESCE(f.notes, 0) AS notes FROM dossiers d JOIN batches b ON b.batch = d.batch "
    "LEFT JOIN (SELECT dossier, COUNT(*) AS pages, SUM(state = 'set_aside') AS set_aside "
    "FROM pages WHERE dossier IS NOT NULL GROUP BY dossier) p ON p.dossier = d.dossier "
    "LEFT JOIN (SELECT dossier, SUM(severity = 'error') AS errors, "
    "SUM(severity = 'warn') AS warnings, SUM(severity = 'info') AS notes FROM findings "
    "WHERE state = 'open' AND gone_at = '' GROUP BY dossier) f ON f.dossier = d.dossier "
    "WHERE d.merged_into IS NULL AND ($4 = 0 OR d.batch = $4) "
    "AND ($5 = '' OR d.dossier IN (SELECT value FROM json_each($5))) "
    "AND ($1 = '' OR instr(lower(d.dossier_no || ' ' || d.title || ' ' || b.name), lower($1)) > 0 "
    "OR EXISTS (SELECT 1 FROM pages q JOIN person_pages m ON m.page = q.page "
    "WHERE q.dossier = d.dossier AND instr(lower(m.name), lower($1)) > 0)) "
    "AND ($2 = '' OR instr(lower(d.dossier_no || ' ' || d.title || ' ' || b.name), lower($2)) > 0 "
    "OR EXISTS (SELECT 1 FROM pages q JOIN person_pages m ON m.page = q.page "
    "WHERE q.dossier = d.dossier AND instr(lower(m.name), lower($2)) > 0)) "
    "AND ($3 = '' OR instr(lower(d.dossier_no || ' ' || d.title || ' ' || b.name), lower($3)) > 0 "
    "OR EXISTS (SELECT 1 FROM pages q JOIN person_pages m ON m.page = q.page "
    "WHERE q.dossier = d.dossier AND instr(lower(m.name), lower($3)) > 0))) ";

constexpr std::size_t kWords = 3;

/// The words, parted at blanks; what follows the last one belongs to it.
std::array<std::string, kWords> words_of(const std::string& text) {
  std::array<std::string, kWords> words;
  std::istringstream in(text);
  for (std::size_t i = 0; i + 1 < kWords; ++i) in >> words[i];
  std::getline(in >> std::ws, words.back());
  return words;
}

}  // namespace

BoardCounts Overview::counts(const BoardWish& wish) const {
  const auto words = words_of(wish.words);
  Rows rows = records_.inside().database.query(
      joined<kBoard,
             "SELECT COUNT(*), COALESCE(SUM(errors > 0), 0), COALESCE(SUM(warnings > 0), 0), "
             "COALESCE(SUM(errors + warnings = 0), 0), COALESCE(SUM(set_aside > 0), 0) "
             "FROM board">(),
      {words[0], words[1], words[2], wish.batch, json_numbers(wish.among)});
  if (!rows.next()) return {};
  return {rows.integer(), rows.integer(), rows.integer(), rows.integer(), rows.integer()};
}

std::vector<BoardRow> Overview::rows(const BoardWish& wish) const {
  const auto words = words_of(wish.words);
  Rows rows = records_.inside().database.query(
      joined<kBoard,
             "SELECT dossier, dossier_no, title, batch, batch_name, pages, set_aside, errors, "
             "warnings, notes FROM board WHERE CASE $6 WHEN 'errors' THEN errors > 0 "
             "WHEN 'warnings' THEN warnings > 0 WHEN 'clean' THEN errors + warnings = 0 "
             "WHEN 'set_aside' THEN set_aside > 0 ELSE TRUE END "
             "ORDER BY errors DESC, warnings DESC, set_aside DESC, dossier LIMIT $7 OFFSET $8">(),
      {words[0], words[1], words[2], wish.batch, json_numbers(wish.among), wish.state,
       static_cast<std::int64_t>(wish.limit), static_cast<std::int64_t>(wish.offset)});
  std::vector<BoardRow> found;
  while (rows.next()) {
    found.push_back({rows.integer(), rows.text(), rows.text(), rows.integer(), rows.text(),
                     rows.integer(), rows.integer(), rows.integer(), rows.integer(),
                     rows.integer()});
  }
  return found;
}

std::vector<DayOfPages> Overview::pages_by_day(const std::string& from) const {
  Rows rows = records_.inside().database.query(
      "SELECT substr(filed_at, 1, 10) AS day, SUM(state = 'filed'), SUM(state = 'set_aside'), "
      "SUM(quality = 'accept'), SUM(quality = 'look'), SUM(quality = 'rescan') FROM pages "
      "WHERE substr(filed_at, 1, 10) >= $1 GROUP BY day ORDER BY day",
      {from});
  std::vector<DayOfPages> days;
  while (rows.next()) {
    days.push_back({rows.text(), rows.integer(), rows.integer(), rows.integer(), rows.integer(),
                    rows.integer()});
  }
  return days;
}

std::vector<DayOfFindings> Overview::findings_by_day(const std::string& from) const {
  Rows rows = records_.inside().database.query(
      "SELECT day, SUM(found), SUM(settled) FROM ("
      "SELECT substr(found_at, 1, 10) AS day, 1 AS found, 0 AS settled FROM findings UNION ALL "
      "SELECT substr(CASE WHEN decided_at = '' OR (gone_at <> '' AND gone_at < decided_at) "
      "THEN gone_at ELSE decided_at END, 1, 10), 0, 1 FROM findings "
      "WHERE gone_at <> '' OR state <> 'open') WHERE day >= $1 GROUP BY day ORDER BY day",
      {from});
  std::vector<DayOfFindings> days;
  while (rows.next()) days.push_back({rows.text(), rows.integer(), rows.integer()});
  return days;
}

std::vector<OperatorOutput> Overview::operators(const std::string& from) const {
  Rows rows = records_.inside().database.query(
      "SELECT b.operator_name, substr(p.filed_at, 1, 10) AS day, COUNT(*), "
      "SUM(p.state = 'filed'), SUM(p.state = 'set_aside'), SUM(p.quality = 'rescan'), "
      "(SELECT COUNT(*) FROM batches c WHERE c.operator_name = b.operator_name) "
      "FROM pages p JOIN batches b ON b.batch = p.batch WHERE substr(p.filed_at, 1, 10) >= $1 "
      "GROUP BY b.operator_name, day ORDER BY b.operator_name, day",
      {from});
  std::vector<OperatorOutput> all;
  while (rows.next()) {
    const std::string name = rows.text();
    if (all.empty() || all.back().operator_name != name) all.push_back({name, 0, 0, 0, 0, {}});
    OperatorOutput& one = all.back();
    DayOfPages day;
    day.day = rows.text();
    one.pages += rows.integer();
    day.filed = rows.integer();
    day.set_aside = rows.integer();
    day.rescan = rows.integer();
    one.set_aside += day.set_aside;
    one.rescan += day.rescan;
    one.batches = rows.integer();
    one.days.push_back(std::move(day));
  }
  std::ranges::stable_sort(all, std::ranges::greater{}, &OperatorOutput::pages);
  return all;
}

std::vector<FaultCount> Overview::faults(BatchNumber batch) const {
  Rows rows = records_.inside().database.query(
      "SELECT fault_stage, fault_reason, COUNT(*) AS pages FROM pages WHERE state = 'set_aside' "
      "AND replaced_by IS NULL "
      "AND ($1 = 0 OR batch = $1) GROUP BY fault_stage, fault_reason "
      "ORDER BY pages DESC, fault_stage, fault_reason",
      {batch});
  std::vector<FaultCount> faults;
  while (rows.next()) faults.push_back({rows.text(), rows.text(), rows.integer()});
  return faults;
}

}  // namespace archive
