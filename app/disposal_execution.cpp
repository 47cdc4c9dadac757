#include "app/disposal_execution.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/interrupt.h"
#include "app/open_archive.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "store/archive_folder.h"
#include "store/lifecycle/disposal.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::string state_of(const DisposedObject& object, const Console& say) {
  if (object.needed) return std::string(say("其他记录仍需要", "needed by other records"));
  if (object.removed_at.empty()) return std::string(say("待 juanzong gc 清理", "waits for gc"));
  return fmt::format("{} {}", say("已删除", "removed"), object.removed_at);
}

}  // namespace

int carry_out_disposal(const RetentionOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "disposal", options.reason);
  try {
    Disposal(archive.records()).carry_out(options.number);
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(ErrorKind::usage, "disposal", problem.what(),
                       "`juanzong disposal` lists what hinders each list");
  }
  assemble_what_changed(archive.records(), archive.catalogue());
  bring_index_up_to_date(archive.catalogue(), archive.objects(), archive.records(),
                         archive.index(), stop);
  bring_checks_up_to_date(archive.records(), archive.tables(), 0, 0, nullptr, stop);
  say.note(say("已执行。对象在宽限期后由 juanzong gc 删除；备份和离线副本须另行处理。",
               "carried out. The objects go with `juanzong gc` after its grace; backups keep "
               "theirs until they are pruned."));
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

int show_disposal_proof(const RetentionOptions& options, const Console& say) {
  Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  const Disposal disposal(records);
  const auto list = disposal.list(options.number);
  if (!list || list->carried_out_at.empty()) {
    throw ArchiveError(ErrorKind::not_found, "disposal",
                       "no list of this number was carried out", "`juanzong disposal` lists them");
  }
  Json items = Json::array();
  Json objects = Json::array();
  if (!say.json()) {
    say.result(fmt::format("{} {}  {}\n{} {} {}  {} {} {}\n{} {} {}  {} {}",
                           say("销毁证明　清册", "proof of disposal, list"), list->number,
                           list->reason, say("编制", "made by"), list->made_by, list->made_at,
                           say("审批", "approved by"), list->approved_by, list->approved_at,
                           say("执行", "carried out by"), list->carried_out_by,
                           list->carried_out_at, say("监销", "witnessed by"),
                           list->witnessed_by));
  }
  for (const DisposedItem& item : disposal.items_of(options.number)) {
    if (!say.json()) {
      say.result(fmt::format("  {} {} · {}  {} {}  {}  {}  {} {}  SHA-256 {}",
                             say("卷宗", "dossier"),
                             item.dossier_no.empty() ? std::to_string(item.dossier)
                                                     : item.dossier_no,
                             item.item_sequence, item.title, item.doc_type, item.item_date,
                             item.retention, item.pages, say("页", "pages"), item.contents));
      continue;
    }
    items.push_back(disposed_item_json(item));
  }
  for (const DisposedObject& object : disposal.objects_of(options.number)) {
    if (!say.json()) {
      say.result(fmt::format("  {}  {}  {}", object.object, object.purpose, state_of(object, say)));
      continue;
    }
    objects.push_back(disposed_object_json(object));
  }
  if (say.json()) {
    const Json json = {{"list", list->number},
                       {"reason", list->reason},
                       {"made_by", list->made_by},
                       {"made_at", list->made_at},
                       {"approved_by", list->approved_by},
                       {"approved_at", list->approved_at},
                       {"carried_out_by", list->carried_out_by},
                       {"witnessed_by", list->witnessed_by},
                       {"carried_out_at", list->carried_out_at},
                       {"items", std::move(items)},
                       {"objects", std::move(objects)}};
    say.result_json(json);
  }
  return 0;
}

}  // namespace archive
