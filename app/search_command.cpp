#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/commands.h"
#include "store/archive_folder.h"
#include "viewer/page_json.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

void print_hit(std::size_t number, const FoundPage& found, const Console& say) {
  std::string persons;
  for (const PersonRecord& person : found.persons) {
    persons += (persons.empty() ? "" : "、") + person.name;
  }
  say.result(fmt::format("{:>3}. {} {}  {} {}  {}  {}", number, say("页", "page"),
                         found.page.number, found.page.doc_type, found.page.title, found.dossier_no,
                         persons));
  say.result(fmt::format("     {} #{}  [{}]", found.page.source_name,
                         found.page.occurrence.page_in_file + 1, found.hit.reason));
  if (found.page.replaced_by != 0) {
    say.result(fmt::format("     {} {}", say("已被替换，见页", "replaced by page"),
                           found.page.replaced_by));
  }
  if (!found.hit.snippet.empty()) say.result("     " + found.hit.snippet);
  if (!found.hit.boxes.empty()) {
    const Box box = found.hit.boxes.front().bounds();
    say.result(fmt::format("     {} ({:.0f},{:.0f})-({:.0f},{:.0f}), {} {}", say("位置", "at"),
                           box.left, box.top, box.right, box.bottom,
                           say("共命中", "marked places:"), found.hit.boxes.size()));
  }
}

}  // namespace

int run_search(const SearchOptions& options, const Console& say) {
  ReadingRoom room(options.archive);
  room.use_labels_of(FormCatalogue::load(
      find_config_folder(read_settings(ArchiveFolder::open(options.archive).settings_file()))));
  SearchPage result;
  try {
    result = room.search(options.request);
  } catch (const std::invalid_argument& error) {
    throw ArchiveError(ErrorKind::usage, "query", error.what(),
                       "see `juanzong search --help` for what a query may hold");
  }
  if (say.json()) {
    using Json = nlohmann::ordered_json;
    say.result(search_json(result).dump(-1, ' ', false, Json::error_handler_t::replace));
    return 0;
  }
  say.result(fmt::format("{} {} {}    {}: {}", say("找到", "found"), result.answer.estimated_total,
                         say("页", "pages"), say("理解为", "understood as"),
                         result.answer.understood));
  std::size_t number = options.request.offset;
  for (const FoundPage& found : result.found) print_hit(++number, found, say);
  if (!result.answer.complete) {
    say.note(say("注意：部分结果缺失，索引与记录不一致，可运行 juanzong index rebuild",
                 "note: part of the answer is missing; `juanzong index rebuild` mends the index"));
  }
  return 0;
}

}  // namespace archive
