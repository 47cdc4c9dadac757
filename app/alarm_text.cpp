#include "app/alarm_text.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace archive {
namespace {

struct AlarmWords {
  std::string_view kind;
  std::string_view zh, en;
  std::string_view zh_do, en_do;
};

constexpr std::array kAlarms = {
    AlarmWords{"defects_open", "项缺陷任务未结", "defects are open",
               "juanzong repair --reason \"...\"；juanzong task list",
               "juanzong repair --reason \"...\"; juanzong task list"},
    AlarmWords{"scrub_overdue", "个分区逾期未检查", "parts of the store are overdue for scrubbing",
               "juanzong scrub", "juanzong scrub"},
    AlarmWords{"backup_overdue", "备份逾期", "a backup is overdue", "juanzong backup run DIR",
               "juanzong backup run DIR"},
    AlarmWords{"verify_overdue", "备份校验逾期", "the verification of a backup is overdue",
               "juanzong backup verify DIR", "juanzong backup verify DIR"},
    AlarmWords{"backup_damaged", "备份有损坏", "is a damaged backup",
               "juanzong backup verify DIR --set-aside，再 juanzong backup run DIR",
               "juanzong backup verify DIR --set-aside, then juanzong backup run DIR"},
    AlarmWords{"read_back_overdue", "介质逾期未读回", "is a medium overdue for reading back",
               "juanzong medium read-back ID DIR", "juanzong medium read-back ID DIR"},
    AlarmWords{"medium_damaged", "介质读回时有损坏", "is a medium that was damaged when read back",
               "更换介质并重新备份", "replace the medium and make the backup again"},
    AlarmWords{"no_second_site", "没有经过校验的异地副本", "no verified copy is at a second site",
               "登记异地介质（medium add --site），备份后读回（medium read-back）；[custody] site "
               "写明本库所在地",
               "register a medium elsewhere (medium add --site), back up to it and read it back "
               "(medium read-back); say in [custody] site where this archive is"},
    AlarmWords{"replica_behind", "副本逾期未更新", "is a replica that is behind",
               "juanzong replicate", "juanzong replicate"},
};

}  // namespace

std::string alarm_text(const CustodyAlarm& alarm, const Console& say) {
  for (const AlarmWords& words : kAlarms) {
    if (words.kind != alarm.kind) continue;
    return fmt::format(
        "{} {}{}{}{}{}{}", say("警报", "ALARM"), alarm.about, alarm.about.empty() ? "" : " ",
        say(words.zh, words.en),
        alarm.since.empty() ? "" : fmt::format(" ({} {})", say("自", "since"), alarm.since),
        say("；办法：", "; what to do: "), say(words.zh_do, words.en_do));
  }
  return alarm.kind + " " + alarm.about;
}

}  // namespace archive
