#include "store/lifecycle/weak_spots.h"

#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "config/office_tables.h"
#include "core/timestamp.h"
#include "store/custody/alarm_words.h"
#include "store/custody/alarms.h"
#include "store/lifecycle/security.h"
#include "store/sealing/disk_sealing.h"
#include "store/sealing/keyring.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr int kUnusedDays = 180;
constexpr int kRefusalDays = 30;
constexpr std::int64_t kRefusalsMany = 3;

bool is_closed(DiskSealing sealing) {
  return sealing == DiskSealing::luks || sealing == DiskSealing::fscrypt ||
         sealing == DiskSealing::memory;
}

bool holds_nothing(const fs::path& folder) {
  std::error_code error;
  return !fs::exists(folder, error) || fs::is_empty(folder, error);
}

std::string days_before(const std::string& now, int days) {
  return iso8601(parse_iso8601(now).value_or(TimePoint{}) - std::chrono::days(days), {});
}

std::string octal(mode_t mode) {
  std::string digits;
  for (int shift = 9; shift >= 0; shift -= 3) {
    digits += static_cast<char>('0' + ((mode >> static_cast<unsigned>(shift)) & 07));
  }
  return digits;
}

/// In Chinese and in English.
std::pair<std::string, std::string> alarm_lines(const CustodyAlarm& alarm) {
  const AlarmWords* words = alarm_words(alarm.kind);
  if (words == nullptr) return {alarm.kind, alarm.kind};
  const std::string about = alarm.about.empty() ? "" : alarm.about + " ";
  const auto since = [&alarm](const char* word) {
    return alarm.since.empty() ? "" : std::string(" (") + word + " " + alarm.since + ")";
  };
  return {about + std::string(words->zh) + since("自") + "；办法：" + std::string(words->zh_do),
          about + std::string(words->en) + since("since") + "; what to do: " +
              std::string(words->en_do)};
}

class Look {
 public:
  Look(const ArchiveFolder& folder, const Settings& settings, Records& records,
       const std::string& now)
      : folder_(folder), settings_(settings), records_(records), now_(now) {}

  std::vector<WeakSpot> run() {
    look_at_encryption();
    look_at_modes();
    look_at_settings();
    for (const CustodyAlarm& alarm : custody_alarms(records_, settings_.custody, now_)) {
      const auto [zh, en] = alarm_lines(alarm);
      weak("overdue", alarm.kind, zh, en);
    }
    look_at_users();
    return std::move(found_);
  }

 private:
  void weak(std::string kind, std::string where, std::string zh, std::string en) {
    found_.push_back({std::move(kind), true, std::move(where), std::move(zh), std::move(en)});
  }
  void remark(std::string kind, std::string where, std::string zh, std::string en) {
    found_.push_back({std::move(kind), false, std::move(where), std::move(zh), std::move(en)});
  }

  void look_at_encryption() {
    if (!folder_.encrypted()) {
      if (is_closed(disk_sealing(folder_.path()))) return;
      weak("not_encrypted", folder_.path().string(),
           "档案库与其磁盘都未加密；改放在 LUKS 磁盘上，或用 init --encrypt 新建",
           "neither the archive nor its disk is encrypted; put it on a LUKS disk, or make one with "
           "init --encrypt");
      return;
    }
    for (const std::string& problem : key_problems(folder_.path())) {
      weak("keys_damaged", "keys", "密钥槽有问题：" + problem, problem);
    }
    for (const std::string& change : unfinished_key_changes(folder_.path())) {
      weak("key_change_stopped", "keys", "更换密钥中断，旧密钥仍可打开，请再换一次：" + change,
           change);
    }
    const fs::path index = folder_.index(settings_.store.index_folder);
    if (!is_closed(disk_sealing(index))) {
      weak("index_open", index.string(),
           "索引含页面文字且无法加密；放在 LUKS、fscrypt 或内存盘上（[store] index_folder）",
           "the index has the pages' words and cannot be encrypted itself; put it on LUKS, fscrypt "
           "or a memory disk: [store] index_folder");
    }
    for (const fs::path& place : {folder_.inbox(), folder_.spool() / "uploads" / "accepted",
                                  folder_.spool() / "scans"}) {
      if (holds_nothing(place) || is_closed(disk_sealing(place))) continue;
      weak("inbox_open", place.string(), "收件箱中有未加密的扫描件；录入后删除",
           "scans lie plain in the inbox; take them in and remove them");
    }
    if (const std::string swap = open_swap(); !swap.empty()) {
      weak("swap_open", swap, "交换区未加密，内存内容可能落盘；关闭或加密交换区",
           "memory may be swapped to a plain disk; turn swap off or encrypt it");
    }
    if (!dumps_are_forbidden()) {
      weak("dumps_allowed", "juanzong", "进程可能留下内存转储",
           "this process would leave a core file");
    }
    if (!memory_is_locked()) {
      remark("memory_not_locked", "juanzong", "密钥所在内存未能锁定；提高 RLIMIT_MEMLOCK",
             "the memory of keys is not locked; raise RLIMIT_MEMLOCK");
    }
  }

  void look_at_mode(const fs::path& file, mode_t others) {
    struct stat state {};
    if (::lstat(file.c_str(), &state) != 0 || (state.st_mode & others) == 0) return;
    weak("mode_open", file.string(),
         "权限为 " + octal(state.st_mode) + "，其他账户可访问；收紧权限",
         "its mode is " + octal(state.st_mode) + ": other accounts may use it; take that away");
  }

  void look_at_modes() {
    constexpr mode_t kOthers = 07;
    constexpr mode_t kAnyoneElse = 077;
    constexpr mode_t kOthersWrite = 02;
    // A folder that others cannot enter keeps all that is in it.
    struct stat state {};
    const bool entered = ::stat(folder_.path().c_str(), &state) != 0 || (state.st_mode & 01) != 0;
    if (entered) {
      for (const char* name :
           {"records.sqlite", "records.sqlite-wal", "objects", "spool", "damaged"}) {
        look_at_mode(folder_.path() / name, kOthers);
      }
      look_at_mode(folder_.index(settings_.store.index_folder), kOthers);
    }
    look_at_mode(folder_.settings_file(), kOthersWrite);
    // Who has which right stands in them.
    if (!settings_.office_folder.empty()) {
      look_at_mode(settings_.office_folder, kOthersWrite);
      for (const std::string& table : office_files(place_of_tables(settings_))) {
        look_at_mode(settings_.office_folder / table, kOthersWrite);
      }
    }
    look_at_mode(folder_.path(), kOthersWrite);
    look_at_mode(folder_.inbox(), kOthersWrite);
    const fs::path signing = settings_.ledger.key_file.empty() ? folder_.ledger() / "signing.key"
                                                               : settings_.ledger.key_file;
    look_at_mode(signing, kAnyoneElse);
    if (!settings_.custody.backup_key_file.empty()) {
      look_at_mode(settings_.custody.backup_key_file, kAnyoneElse);
    }
    if (const char* key = std::getenv("JUANZONG_KEY_FILE"); key != nullptr) {
      look_at_mode(key, kAnyoneElse);
    }
  }

  void look_at_settings() {
    const std::string file = folder_.settings_file().string();
    if (!settings_.store.fsync) {
      weak("fsync_off", file, "[store] fsync 已关闭，断电会丢页",
           "[store] fsync is off: a power cut loses pages");
    }
    if (settings_.ledger.heads_to.empty()) {
      weak("heads_not_outside", file, "签名树头没有库外副本：[ledger] heads_to",
           "no signed heads are kept outside the archive: [ledger] heads_to");
    }
    if (settings_.custody.replicas.empty() && records_.backups().empty()) {
      weak("no_second_copy", file, "既无备份也无副本", "there is neither a backup nor a replica");
    }
    if (settings_.security.malware_scanner.empty()) {
      remark("no_malware_scanner", file, "未配置杀毒程序：[security] malware_scanner",
             "no malware scanner is configured: [security] malware_scanner");
    }
    const fs::path& key = settings_.custody.backup_key_file;
    const fs::path inside = key.lexically_normal().lexically_relative(folder_.path());
    if (!key.empty() && !inside.empty() && *inside.begin() != "..") {
      weak("key_beside_archive", key.string(), "备份密钥放在档案库内，会一同丢失或被盗",
           "the key of the backups lies in the archive, and is lost or stolen together with it");
    }
  }

  void look_at_users() {
    const Security security(records_);
    const auto used = security.last_use_of_posts();
    const std::string long_ago = days_before(now_, kUnusedDays);
    const auto time_of = [](const std::string& at) {
      return parse_iso8601(at).value_or(TimePoint{});
    };
    for (const UserRecord& user : records_.users()) {
      if (!user.ended_at.empty()) continue;
      if (!user.works_until.empty() && user.works_until < now_.substr(0, 10)) {
        weak("agreement_ended", user.name, "外包协议已到期，账户仍有效；juanzong user end",
             "the agreement has ended and the account has not: juanzong user end");
      }
      for (const std::string& post : user.posts) {
        const auto last = used.find({user.name, post});
        const std::string at = last == used.end() ? user.made_at : last->second;
        if (time_of(at) >= time_of(long_ago)) continue;
        weak("post_unused", user.name + " " + post,
             "岗位 " + std::to_string(kUnusedDays) + " 天未使用；收回不需要的岗位",
             "this post was not used for " + std::to_string(kUnusedDays) +
                 " days; take back what is not needed");
      }
    }
    for (const auto& [name, times] : security.refusals_since(days_before(now_, kRefusalDays))) {
      if (times < kRefusalsMany) continue;
      const std::string days = std::to_string(kRefusalDays);
      const std::string often = std::to_string(times);
      weak("refusals", name, days + " 天内被拒绝 " + often + " 次；查明原因",
           "was refused " + often + " times in " + days + " days; find out why");
    }
  }

  const ArchiveFolder& folder_;
  const Settings& settings_;
  Records& records_;
  const std::string& now_;
  std::vector<WeakSpot> found_;
};

}  // namespace

std::vector<WeakSpot> look_for_weak_spots(const ArchiveFolder& folder, const Settings& settings,
                                          Records& records, const std::string& now) {
  return Look(folder, settings, records, now).run();
}

std::int64_t Selfcheck::weak() const { return std::ranges::count(spots, true, &WeakSpot::weak); }

std::string Selfcheck::json() const {
  using Json = nlohmann::ordered_json;
  Json findings = Json::array();
  for (const WeakSpot& spot : spots) {
    findings.push_back({{"kind", spot.kind},
                        {"weak", spot.weak},
                        {"where", spot.where},
                        {"what", spot.en},
                        {"zh", spot.zh}});
  }
  const Json report = {{"made_at", made_at},
                       {"made_by", made_by},
                       {"findings", std::move(findings)},
                       {"components", components}};
  return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

BlobId file_selfcheck(Selfcheck& selfcheck, Records& records, ObjectStore& objects) {
  selfcheck.made_by = records.writes_as();
  BlobId report = objects.put(selfcheck.json());
  Security(records).put_selfcheck(
      {0, selfcheck.made_at, selfcheck.made_by, selfcheck.weak(), report});
  return report;
}

std::vector<std::string> components_in_use(std::string_view version) {
  std::vector<std::string> components = {"juanzong " + std::string(version)};
  utsname system{};
  if (::uname(&system) == 0) {
    components.push_back(std::string(system.sysname) + " " + system.release + " " + system.machine);
  }
  std::set<std::string> libraries;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::size_t path = line.find('/');
    if (path == std::string::npos || line.find(".so", path) == std::string::npos) continue;
    libraries.insert(fs::path(line.substr(path)).filename().string());
  }
  components.insert(components.end(), libraries.begin(), libraries.end());
  return components;
}

}  // namespace archive
