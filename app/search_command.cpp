#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/acting.h"
#include "app/commands.h"
#include "app/search_history.h"
#include "app/search_list.h"
#include "app/search_text.h"
#include "app/writing.h"
#include "config/settings.h"
#include "core/timestamp.h"
#include "store/archive_folder.h"
#include "store/objects/disk.h"
#include "viewer/page_json.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

int print_history(const SearchOptions& options, const Console& say) {
  for (const PastSearch& past : past_searches(options.archive, options.request.limit)) {
    if (say.json()) {
      using Json = nlohmann::ordered_json;
      const Json json = {{"at", past.at},
                         {"by", past.by},
                         {"purpose", past.purpose},
                         {"query", past.query},
                         {"pages", past.pages}};
      say.result_json(json);
      continue;
    }
    say.result(fmt::format("{}  {}  {}  [{}]  {} {}", past.at, past.by, past.query, past.purpose,
                           past.pages, say("页", "pages")));
  }
  return 0;
}

/// A new folder for its owner alone; of an encrypted archive in memory, never on a disk.
std::filesystem::path private_folder(const std::filesystem::path& archive) {
  const ArchiveFolder folder = ArchiveFolder::open(archive);
  const std::filesystem::path parent =
      folder.encrypted() ? folder.workplace() : std::filesystem::temp_directory_path();
  std::string name = (parent / "juanzong-page-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw_disk_error(name, "making a folder", errno);
  return name;
}

/// Draws the page with its marks, and hands the picture to the desktop where there is one.
int open_hit(const SearchOptions& options, const SearchPage& result, const Console& say) {
  const auto number = static_cast<std::size_t>(options.open);
  if (number > result.found.size()) {
    throw ArchiveError(ErrorKind::not_found, "--open", "there are fewer hits",
                       "search without --open to see them");
  }
  const FoundPage& found = result.found[number - 1];
  ShowOptions show;
  show.archive = options.archive;
  show.page = found.page.number;
  show.mark = options.request.text;
  show.picture = private_folder(options.archive) / "page.png";
  const int done = run_show(show, say);
  if (done != 0) return done;
  const std::string picture = show.picture.string();
  std::string program = "xdg-open";
  char* const arguments[] = {program.data(), const_cast<char*>(picture.c_str()), nullptr};
  pid_t child = 0;
  const bool begun =
      ::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ) == 0;
  int status = 0;
  if (begun) ::waitpid(child, &status, 0);
  const bool shown = begun && status == 0;
  say.note(fmt::format("{}: {}",
                       shown ? say("看完请删除", "delete it when you have seen it")
                             : say("图像在（看完请删除）", "the picture is here; delete it then"),
                       picture));
  return 0;
}

void note_search(const SearchOptions& options, const Settings& settings, std::size_t pages) {
  if (options.purpose.empty()) return;
  const Claim claim = claim_of_process(settings);
  const std::string asked =
      options.list.empty() ? options.request.text : options.list.filename().string();
  remember_search(options.archive,
                  {timestamp_now(), claim.name.empty() ? claim.account : claim.name,
                   options.purpose, asked, pages});
}

void print(const SearchOptions& options, const SearchPage& result, const Console& say) {
  if (say.json()) {
    say.result_json(search_json(result));
    return;
  }
  if (options.csv) return print_hits_csv(result, say);
  const SearchAnswer& answer = result.answer;
  say.result(fmt::format("{} {}{} {}    {}: {}", say("找到", "found"),
                         answer.total_exact ? "" : say("约 ", "about "), answer.estimated_total,
                         say("页", "pages"), say("理解为", "understood as"), answer.understood));
  if (options.group.empty()) print_hits(result, options.request.offset + 1, say);
  if (options.group == "dossier") print_groups(grouped_by_dossier(result), say);
  if (options.group == "person") print_groups(grouped_by_person(result), say);
  print_facets(answer, say);
  if (!answer.next.empty()) {
    say.result(fmt::format("{}: --after {}", say("后面还有", "there are more"), answer.next));
  }
}

}  // namespace

int run_search(const SearchOptions& options, const Console& say) {
  if (options.history) return print_history(options, say);
  const Settings settings = read_settings(ArchiveFolder::open(options.archive).settings_file());
  const TablePath tables = find_config_folder(settings);
  ReadingRoom room(options.archive);
  room.use_labels_of(FormCatalogue::load(tables));
  room.use_look_alikes(LookAlikes::load(tables));
  try {
    SearchOptions narrowed = options;
    room.narrow(narrowed.request, options.records, ReviewSteps::load(tables));
    if (!options.list.empty()) {
      note_search(options, settings, answer_list(room, narrowed, say));
      return 0;
    }
    const SearchPage result = room.search(narrowed.request);
    note_search(options, settings, result.found.size());
    if (options.open > 0) return open_hit(options, result, say);
    print(options, result, say);
    if (!say.json()) print_gaps(result, say);
    return 0;
  } catch (const std::invalid_argument& error) {
    throw ArchiveError(ErrorKind::usage, "query", error.what(),
                       "see `juanzong search --help` for what a query may hold");
  }
}

}  // namespace archive
