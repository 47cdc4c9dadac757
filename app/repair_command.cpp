#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "app/commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/writing.h"
#include "store/custody/repair.h"
#include "store/lifecycle/disposal.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::vector<CustodyTask> chosen_tasks(const Records& records,
                                      const std::vector<TaskNumber>& numbers) {
  if (numbers.empty()) return records.custody_tasks(true);
  std::vector<CustodyTask> tasks;
  for (const TaskNumber number : numbers) {
    const auto task = records.custody_task(number);
    if (!task || !task->open) {
      throw ArchiveError(ErrorKind::not_found, "task " + std::to_string(number),
                         "there is no open task of this number",
                         "`juanzong task list` prints the open ones");
    }
    tasks.push_back(*task);
  }
  return tasks;
}

/// `objects` of an archive or replica, or that folder itself.
std::filesystem::path store_in(const std::filesystem::path& folder) {
  for (const char* name : {"sha256", "sealed"}) {
    if (std::filesystem::is_directory(folder / name)) return folder;
    if (std::filesystem::is_directory(folder / "objects" / name)) return folder / "objects";
  }
  throw ArchiveError(ErrorKind::input_missing, folder.string(), "there are no objects here",
                     "name the folder of an archive, of a replica, or their `objects`");
}

void print_task(const CustodyTask& task, const Console& say) {
  say.result(fmt::format("{} {}  {}  {}  {}  {}", say("任务", "task"), task.number, task.defect,
                         task.object, task.place, task.found_at.substr(0, 10)));
  if (!task.detail.empty()) say.result("    " + task.detail);
  if (task.open) return;
  say.result(fmt::format(
      "    {} {} {}: {}; {}",
      task.outcome == "accepted" ? say("已认可", "accepted") : say("已修复", "repaired"),
      task.closed_at.substr(0, 10), task.closed_by, task.method, task.reason));
}

void print_outcome(const CustodyTask& task, const RepairOutcome& outcome, const Console& say) {
  const std::string_view ended =
      outcome.repaired   ? say("已修复：", "repaired: ")
      : outcome.disposed ? say("已销毁，不恢复", "disposed of, and not brought back")
                         : say("未修复：没有完好的副本", "not repaired: no copy of it is sound");
  say.result(fmt::format("{} {}  {}  {}{}", say("任务", "task"), task.number, task.object, ended,
                         outcome.repaired ? outcome.method : ""));
  if (outcome.aside.empty()) return;
  say.result(fmt::format("    {}: {}", say("损坏的字节保存在", "the damaged bytes are in"),
                         outcome.aside));
}

/// "repaired" is believed when the object is.
void require_sound(const ArchiveFolder& folder, const Settings& settings, const Records& records,
                   const CustodyTask& task) {
  const std::filesystem::path place =
      task.place.empty() ? folder.objects() : std::filesystem::path(task.place) / "objects";
  const ObjectStore objects(place);
  const auto blob = BlobId::parse(task.object);
  bool sound = blob && objects.check(*blob) == ObjectHealth::sound;
  if (sound && task.defect == name_of(Defect::undecodable)) {
    SourceReading reading(settings, 1);
    const int part = std::stoi(std::string(blob->hex().substr(0, 2)), nullptr, 16);
    records.for_each_use(part, [&](const BlobId& named, const ObjectUse& use) {
      if (named != *blob) return;
      sound = is_derivative(use) ? !derivative_fault(objects.get(named), use)
                                 : !reading.function()(objects.file_of(named).path(), use);
    });
  }
  if (sound) return;
  throw ArchiveError(ErrorKind::damage, "task " + std::to_string(task.number),
                     "the object is still " + task.defect,
                     "repair it first; or --accepted, when nothing sound is left anywhere");
}

}  // namespace

int run_repair(const RepairOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Records::Writing writing = writing_by(settings, "repair", options.reason);
  Records records = Records::open_writer(folder.path(), writing);
  const std::atomic<bool>& stop = stop_on_signals();
  bool all = true;
  std::vector<Replica> replicas = reachable_replicas(settings, records.archive_id(), say, all);
  RepairSources sources;
  sources.replicas = &replicas;
  for (const auto& place : options.from) sources.stores.push_back(store_in(place));
  std::optional<BackupRepository> backup;
  if (!options.backup.empty()) {
    backup.emplace(options.backup, key_for(options.key, settings));
    sources.backup = &*backup;
  }
  sources.disposed = Disposal(records).objects_gone();
  Repairer repairer(folder, std::move(sources));
  Json list = Json::array();
  int left = 0;
  int disposed = 0;
  for (const CustodyTask& task : chosen_tasks(records, options.tasks)) {
    if (stop) break;
    const RepairOutcome outcome = repairer.repair(task);
    if (outcome.repaired) {
      records.close_task(task.number, {false, records.writes_as(), outcome.method, options.reason});
    } else {
      ++(outcome.disposed ? disposed : left);
    }
    list.push_back({{"task", task.number},
                    {"object", task.object},
                    {"repaired", outcome.repaired},
                    {"disposed", outcome.disposed},
                    {"method", outcome.method},
                    {"damaged_bytes", outcome.aside}});
    if (!say.json()) print_outcome(task, outcome, say);
  }
  if (say.json()) {
    say.result(
        Json{{"tasks", std::move(list)}, {"left", left}, {"disposed", disposed}}.dump());
  } else if (disposed > 0) {
    say.note(fmt::format("{}: {}", disposed,
                         say("个对象已销毁，未恢复；可用 juanzong task close --accepted 结案",
                             "objects were disposed of and are left alone; `juanzong task close "
                             "--accepted` ends their tasks")));
  }
  if (stop) return static_cast<int>(ErrorKind::interrupted);
  return left == 0 ? 0 : static_cast<int>(ErrorKind::damage);
}

int run_task_list(const TaskOptions& options, const Console& say) {
  const Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  Json list = Json::array();
  const std::vector<CustodyTask> tasks = records.custody_tasks(!options.all);
  say.none_if(tasks.empty());
  for (const CustodyTask& task : tasks) {
    if (say.json()) {
      list.push_back(custody_task_json(task));
    } else {
      print_task(task, say);
    }
  }
  if (say.json()) say.result(list.dump());
  return 0;
}

int run_task_close(const TaskOptions& options, const Console& say) {
  if (options.repaired == options.accepted) {
    throw ArchiveError(ErrorKind::usage, "task close", "say how it ended",
                       "add --repaired or --accepted");
  }
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records records =
      Records::open_writer(folder.path(), writing_by(settings, "task close", options.reason));
  const CustodyTask task = chosen_tasks(records, {options.task}).front();
  if (options.repaired) require_sound(folder, settings, records, task);
  try {
    records.close_task(task.number,
                       {options.accepted, records.writes_as(), options.method, options.reason});
  } catch (const std::invalid_argument& error) {
    throw ArchiveError(ErrorKind::usage, "task close", error.what(), "add --method and --reason");
  }
  if (say.json()) {
    say.result(custody_task_json(*records.custody_task(task.number)).dump());
  } else {
    print_task(*records.custody_task(task.number), say);
  }
  return 0;
}

}  // namespace archive
