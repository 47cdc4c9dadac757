#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/output_file.h"
#include "app/writing.h"
#include "core/citizen_id.h"
#include "core/timestamp.h"
#include "ingest/assembly.h"
#include "store/archive_folder.h"
#include "viewer/person_view.h"

namespace archive {
namespace {

[[noreturn]] void refuse(const std::string& problem, const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::usage, "person", problem, what_to_do);
}

void print_place(const PersonPlace& place, const Console& say) {
  const Box box = place.box.bounds();
  say.result(fmt::format("        {} {}  {}  {} #{}  {} {}  {}  {:.0f},{:.0f} {:.0f}x{:.0f}{}",
                         say("页", "page"), place.page, place.doc_type, place.source,
                         place.page_in_file + 1, say("卷宗", "dossier"), place.dossier,
                         place.image ? place.image->text().substr(0, 19) : "-", box.left, box.top,
                         box.width(), box.height(),
                         place.unsure && !place.by_person ? say("  [存疑]", "  [unsure]") : ""));
}

void print_fields(const PersonView& view, const Console& say) {
  const PersonField* before = nullptr;
  for (const PersonField& field : view.fields) {
    if (before == nullptr || before->fact != field.fact) {
      const TwoWords words = words_for(field.fact);
      say.result(say(words.zh, words.en));
    }
    before = &field;
    for (const PersonValue& value : field.values) {
      say.result(fmt::format("    {}  {}{}", fit_columns(say(field.label_zh, field.label_en), 28),
                             value.value,
                             field.differs() ? say("  [各处不一致]", "  [papers differ]") : ""));
      for (const PersonPlace& place : value.places) print_place(place, say);
    }
  }
}

void print_years(const PersonView& view, const Console& say) {
  if (view.years.empty()) return;
  say.result(
      say("缴费月份（● 有记录；间断不违规）", "contribution months (● listed; gaps are lawful)"));
  for (const PersonYear& year : view.years) {
    std::string line = fmt::format("    {} ", year.year);
    for (unsigned month = 1; month <= 12; ++month) {
      line += year.months.contains(month) ? "●" : "·";
    }
    for (const auto& [dossier, months] : year.told) {
      line += fmt::format("  {} {}: {}", say("卷宗", "dossier"), dossier, months);
    }
    say.result(line);
  }
}

void print(const PersonView& view, const Console& say) {
  say.result(fmt::format("{} {}  {}  {}", say("人员", "person"), view.person.number,
                         view.person.name, view.person.citizen_id));
  for (const PersonDossier& dossier : view.dossiers) {
    say.result(fmt::format(
        "    {} {}  {}  {}  {}  {}", say("卷宗", "dossier"), dossier.dossier.number,
        dossier.dossier.dossier_no, dossier.dossier.title, dossier.batch,
        dossier.own ? say("本人案卷", "his or her own") : say("被提及", "named in it")));
  }
  print_fields(view, say);
  print_years(view, say);
  for (const PersonJoinRecord& join : view.joined) {
    say.result(fmt::format(
        "{}: {} {}  {} ({}, {})", say("人工认定为同一人", "the same person by decision"),
        say("卷宗", "dossier"), join.dossier, join.reason, join.decided_by, join.decided_at));
  }
  for (const PersonRecord& other : view.namesakes) {
    say.result(fmt::format(
        "{}: {} {}, {} {}", say("同名、无号码、未认定", "same name, no number, not decided"),
        say("人员", "person"), other.number, say("卷宗", "dossier"), other.dossier));
  }
  say.result(fmt::format("{} {}, {} {}", say("卷宗", "dossiers"), view.dossiers.size(),
                         say("不一致的项目", "fields that differ"), view.differences()));
}

/// Writes down that somebody without a number is a person, or is not.
void decide(const PersonOptions& options) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  Records records = Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), "person", options.reason));
  PersonNumber number = 0;
  try {
    number = std::stoll(options.who_is);
  } catch (const std::exception&) {
    refuse("only somebody without a citizen number can be joined",
           "give his number in the archive");
  }
  const auto person = records.person(number);
  if (!person) person_named(records, options.who_is);  // says so
  if (!person->citizen_id.empty()) {
    refuse("a person with a citizen number is nobody else",
           "give the number of somebody without one");
  }
  if (options.part) {
    if (!records.part_person(number, records.writes_as())) {
      refuse("nothing was decided about this person", "look with `juanzong person NUMBER`");
    }
    return;
  }
  if (options.reason.empty()) refuse("a decision needs a reason", "add --reason TEXT");
  const auto id = CitizenId::parse(options.is);
  if (!id || !records.person_with_id(id->text())) {
    refuse("no person of the archive has that citizen number",
           "correct --is; the papers of both must be in the archive");
  }
  records.join_person(number, id->text(), options.reason, records.writes_as());
}

}  // namespace

int run_person(const PersonOptions& options, const Console& say) {
  if (options.part || !options.is.empty()) decide(options);
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const CheckTables tables =
      CheckTables::load(find_config_folder(read_settings(folder.settings_file())));
  const Records records = Records::open_reader(folder.path());
  const PersonView view = person_view(records, tables, person_named(records, options.who_is));
  if (!options.html.empty()) {
    OutputFile out(options.html, options.overwrite);
    out.write(person_html(view, say.chinese(), timestamp_now()));
    out.finish();
  }
  if (say.json()) {
    say.result_json(person_json(view));
  } else {
    print(view, say);
  }
  return 0;
}

}  // namespace archive
