#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/typed_value_text.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "ingest/typed_values.h"
#include "store/archive_folder.h"
#include "viewer/page_json.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

PageRecord page_of(const Records& records, PageNumber number) {
  if (auto page = records.page(number)) return std::move(*page);
  throw ArchiveError(ErrorKind::not_found, "page " + std::to_string(number),
                     "there is no page with this number",
                     "`juanzong search` and `juanzong show --dossier N` print the numbers");
}

const FieldRecord* field_at(const PageRecord& page, const NamedField& place) {
  const auto found = std::ranges::find_if(page.fields, [&place](const FieldRecord& field) {
    return field.field == place.field && field.row == place.row;
  });
  return found == page.fields.end() ? nullptr : &*found;
}

void show_json(const PageRecord& page, const NamedField& place, const Console& say) {
  Json json = {{"page", page.number},
               {"field", place.field},
               {"row", place.row < 0 ? Json(nullptr) : Json(place.row)},
               {"state", name_of(typed_state(page.typed, place.field, place.row))},
               {"value", nullptr},
               {"machine_value", nullptr}};
  if (const FieldRecord* field = field_at(page, place)) {
    json["value"] = field->value;
    const bool typed_alone = field->typed == TypedState::settled && !field->machine;
    if (!typed_alone) {
      json["machine_value"] = field->machine ? field->machine->value : field->value;
    }
  }
  json["typed"] = Json::array();
  for (const TypedValue& typed : page.typed) {
    if (typed.field != place.field || typed.row != place.row) continue;
    json["typed"].push_back(typed_value_json(typed));
  }
  say.result_json(json);
}

void show(const PageRecord& page, const NamedField& place, const Console& say) {
  if (say.json()) return show_json(page, place, say);
  const FieldRecord* field = field_at(page, place);
  say.result(
      fmt::format("{} {}  {}", say("页", "page"), page.number, field_text(place.field, place.row)));
  const bool counts = field != nullptr && !field->unsure;
  say.result(
      fmt::format("  {}: {}{}", say("现值", "value"),
                  field == nullptr ? say("（无）", "(none)") : std::string_view(field->value),
                  counts || field == nullptr ? "" : say("  [不确定]", "  [unsure]")));
  const TypedState state = typed_state(page.typed, place.field, place.row);
  if (state != TypedState::none) {
    say.result(fmt::format("  {}: {}", say("录入状态", "typed"), typed_state_text(state, say)));
  }
  if (field != nullptr && field->machine) {
    say.result(fmt::format("  {}: {}", say("机器识读", "machine read"), field->machine->value));
  }
  for (const TypedValue& typed : page.typed) {
    if (typed.field != place.field || typed.row != place.row) continue;
    say.result("    " + typed_value_text(typed, say));
  }
}

/// What was typed, from standard input for "-": what stands in a command line is seen by others
/// of the machine.
std::string typed_text(const ValueOptions& options) {
  if (options.typed != "-") return options.typed;
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) {
    throw ArchiveError(ErrorKind::usage, "standard input", "there is no value in it",
                       "give the value in one line");
  }
  return line;
}

/// Keeps what was said. REQUIRES: one of the three was asked for.
void say_value(const ValueOptions& options, Records& records, const FormCatalogue& forms,
               const PageRecord& page, const NamedField& place) {
  const std::string person = records.writes_as();
  if (!options.typed.empty()) {
    const PixelBox box = parse_pixel_box(options.box);
    records.put_typed_value(page.number,
                            typed_value(forms, page, place, typed_text(options), box, person));
  } else if (options.confirm) {
    records.put_typed_value(page.number, confirmation(page, place, person));
  } else if (!records.end_typed_value(page.number, place.field, place.row, person)) {
    throw ArchiveError(ErrorKind::usage, "page " + std::to_string(page.number),
                       "nothing that this person typed stands",
                       "juanzong value PAGE FIELD lists it");
  }
}

}  // namespace

int run_value(const ValueOptions& options, const Console& say) {
  if (options.typed.empty() && !options.confirm && !options.withdraw) {
    const ReadingRoom room(options.archive);
    const FormCatalogue forms = FormCatalogue::load(
        find_config_folder(read_settings(ArchiveFolder::open(options.archive).settings_file())));
    const PageRecord page = page_of(room.records(), options.page);
    show(page, named_field(forms, page, options.field), say);
    return 0;
  }
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "value");
  const PageRecord page = page_of(archive.records(), options.page);
  const NamedField place = named_field(archive.catalogue(), page, options.field);
  try {
    say_value(options, archive.records(), archive.catalogue(), page, place);
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(ErrorKind::usage, fmt::format("page {}", options.page), problem.what(),
                       "`juanzong value PAGE FIELD` and `juanzong review` show how it stands");
  }
  // Names, items and findings may hang on it, and whoever searches is to find it.
  assemble_what_changed(archive.records(), archive.catalogue());
  bring_index_up_to_date(archive.catalogue(), archive.objects(), archive.records(), archive.index(),
                         stop);
  bring_checks_up_to_date(archive.records(), archive.tables(), page.occurrence.batch, 0, nullptr,
                          stop);
  show(page_of(archive.records(), options.page), place, say);
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
