#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/custody_support.h"
#include "app/security_commands.h"
#include "app/selfcheck.h"
#include "app/writing.h"
#include "core/timestamp.h"
#include "store/lifecycle/security.h"
#include "store/objects/object_store.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json report_of(const std::string& now, const std::string& by, const std::vector<WeakSpot>& spots,
               const std::vector<std::string>& components) {
  Json findings = Json::array();
  for (const WeakSpot& spot : spots) {
    findings.push_back({{"kind", spot.kind},
                        {"weak", spot.weak},
                        {"where", spot.where},
                        {"what", spot.en},
                        {"zh", spot.zh}});
  }
  return {{"made_at", now},
          {"made_by", by},
          {"findings", std::move(findings)},
          {"components", components}};
}

}  // namespace

int run_selfcheck(const SelfcheckOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Records::Writing writing = writing_by(settings, "selfcheck");
  Records::upgrade(folder.path(), writing);
  const std::string now = timestamp_now();
  std::vector<WeakSpot> spots;
  {
    Records records = Records::open_reader(folder.path());
    spots = look_for_weak_spots(folder, settings, records, now);
  }
  const auto weak = std::ranges::count(spots, true, &WeakSpot::weak);
  std::string made_by;
  std::optional<BlobId> report;
  const std::vector<std::string> components = components_in_use();
  if (!options.no_keep) {
    auto records = writer_when_free(folder, writing, kWriterPatience);
    if (records) {
      made_by = records->writes_as();
      const std::string text = report_of(now, made_by, spots, components)
                                   .dump(1, ' ', false, Json::error_handler_t::replace);
      report = ObjectStore(folder.objects(), settings.store.fsync).put(text + "\n");
      Security(*records).put_selfcheck({0, now, made_by, weak, report});
    } else {
      say.note(say("档案库正被写入，报告未存档，请稍后再运行一次",
                   "another process is writing: the report was not filed, run it again"));
    }
  }
  if (say.json()) {
    Json json = report_of(now, made_by, spots, components);
    json["weak"] = weak;
    json["report"] = report ? report->text() : "";
    say.result(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    for (const WeakSpot& spot : spots) {
      say.result(fmt::format("{} {}  {}", spot.weak ? say("薄弱", "WEAK") : say("提示", "remark"),
                             spot.kind, spot.where));
      say.result(fmt::format("    {}", say(spot.zh, spot.en)));
    }
    say.result(fmt::format("{}: {}, {} {}", say("薄弱处", "weak spots"), weak, components.size(),
                           say("个组件", "components")));
    if (report) {
      say.result(fmt::format("{}: {}", say("报告已存档", "the report is filed"), report->text()));
    }
  }
  return weak == 0 ? 0 : static_cast<int>(ErrorKind::alarms);
}

}  // namespace archive
