#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/custody_support.h"
#include "app/security_commands.h"
#include "app/version.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "store/lifecycle/weak_spots.h"
#include "store/objects/object_store.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

int run_selfcheck(const SelfcheckOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Records::Writing writing = writing_by(settings, "selfcheck");
  Records::upgrade(folder.path(), writing);
  Selfcheck check;
  check.made_at = timestamp_now();
  {
    Records records = Records::open_reader(folder.path());
    check.spots = look_for_weak_spots(folder, settings, records, check.made_at);
  }
  check.components = components_in_use(kVersion);
  std::optional<BlobId> report;
  if (!options.no_keep) {
    auto records = writer_when_free(folder, writing, kWriterPatience);
    if (records) {
      ObjectStore objects(folder.objects(), settings.store.fsync);
      report = file_selfcheck(check, *records, objects);
    } else {
      say.note(say("档案库正被写入，报告未存档，请稍后再运行一次",
                   "another process is writing: the report was not filed, run it again"));
    }
  }
  if (say.json()) {
    Json json = Json::parse(check.json());
    json["weak"] = check.weak();
    json["report"] = report ? report->text() : "";
    say.result_json(json);
  } else {
    for (const WeakSpot& spot : check.spots) {
      say.result(fmt::format("{} {}  {}", spot.weak ? say("薄弱", "WEAK") : say("提示", "remark"),
                             spot.kind, spot.where));
      say.result(fmt::format("    {}", say(spot.zh, spot.en)));
    }
    say.result(fmt::format("{}: {}, {} {}", say("薄弱处", "weak spots"), check.weak(),
                           check.components.size(), say("个组件", "components")));
    if (report) {
      say.result(fmt::format("{}: {}", say("报告已存档", "the report is filed"), report->text()));
    }
  }
  return check.weak() == 0 ? 0 : static_cast<int>(ErrorKind::alarms);
}

}  // namespace archive
