#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/custody_support.h"
#include "app/interrupt.h"
#include "app/writing.h"
#include "store/custody/replica.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

int run_replicate(const ReplicateOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Records::Writing writing =
      writing_by(settings, "replicate", "a second copy of every object");
  Records::upgrade(folder.path(), writing);
  const Records records = Records::open_reader(folder.path());
  if (settings.custody.replicas.empty()) {
    throw ArchiveError(ErrorKind::settings, folder.settings_file().string(),
                       "no replicas are named", "name folders on other disks: [custody] replicas");
  }
  if (options.begin) {
    for (const auto& place : settings.custody.replicas) {
      Replica::begin(place, records.archive_id(), folder.path());
    }
  }
  const std::atomic<bool>& stop = stop_on_signals();
  const ObjectStore objects(folder.objects());
  bool all = true;
  std::vector<Replica> replicas = reachable_replicas(settings, records.archive_id(), say, all);
  Json list = Json::array();
  std::vector<FoundDefect> defects;
  std::vector<ReplicaRecord> done;
  for (Replica& replica : replicas) {
    replica.take_keys(folder.path());
    const ReplicationOutcome outcome =
        replicate(records, objects, replica, &stop, [&](const ReplicationOutcome& so_far) {
          say.progress(fmt::format("{}  {} {}", replica.folder().string(), say("已复制", "copied"),
                                   so_far.copied));
        });
    say.end_progress();
    defects.insert(defects.end(), outcome.defects.begin(), outcome.defects.end());
    const auto lacking = static_cast<std::int64_t>(outcome.defects.size());
    if (outcome.complete) {
      done.push_back({replica.folder().string(), "", outcome.objects - lacking, outcome.copied});
    }
    list.push_back({{"folder", replica.folder().string()},
                    {"objects", outcome.objects},
                    {"copied", outcome.copied},
                    {"bytes", outcome.bytes},
                    {"lacking", lacking},
                    {"complete", outcome.complete}});
    if (say.json()) continue;
    say.result(fmt::format("{}: {} {}, {} {} ({})", replica.folder().string(), outcome.objects,
                           say("个对象", "objects"), say("本次复制", "copied now"), outcome.copied,
                           mebibytes(outcome.bytes)));
    for (const FoundDefect& found : outcome.defects) {
      say.result(fmt::format("{} {}  {}", say("缺陷", "DEFECT"), name_of(found.defect),
                             found.object.text()));
    }
  }
  if (auto writer = writer_when_free(folder, writing, kWriterPatience)) {
    writer->put_defects(defects);
    for (const ReplicaRecord& replica : done) writer->put_replicated(replica);
  } else {
    say.note(say("副本已复制；档案库正被写入，结果未登记，请稍后再运行一次",
                 "copied, and not written down because another process is writing: run it again"));
  }
  if (say.json()) say.result(Json{{"replicas", std::move(list)}}.dump());
  if (stop) return static_cast<int>(ErrorKind::interrupted);
  if (!defects.empty()) return static_cast<int>(ErrorKind::damage);
  return all ? 0 : static_cast<int>(ErrorKind::archive_missing);
}

}  // namespace archive
