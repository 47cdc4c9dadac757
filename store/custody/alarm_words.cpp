#include "store/custody/alarm_words.h"

#include <algorithm>
#include <array>

namespace archive {
namespace {

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

const AlarmWords* alarm_words(std::string_view kind) {
  const auto found = std::ranges::find(kAlarms, kind, &AlarmWords::kind);
  return found == kAlarms.end() ? nullptr : &*found;
}

}  // namespace archive
