#include "app/commands.h"
#include "app/open_archive.h"
#include "app/writing.h"
#include "config/settings.h"
#include "core/error.h"
#include "store/archive_folder.h"
#include "store/sealing/disk_sealing.h"

namespace archive {
namespace {

/// Returns the recovery key.
std::string create_encrypted(const InitOptions& options) {
  if (options.key.key_file.empty() && options.key.passphrase_file.empty()) {
    throw ArchiveError(ErrorKind::usage, "init --encrypt", "no way into the archive was named",
                       "add --key-file or --passphrase-file");
  }
  if (!options.key.key_file.empty()) {
    const auto inside =
        std::filesystem::absolute(options.key.key_file)
            .lexically_normal()
            .lexically_relative(std::filesystem::absolute(options.archive).lexically_normal());
    if (!inside.empty() && *inside.begin() != "..") {
      throw ArchiveError(ErrorKind::usage, options.key.key_file.string(),
                         "the key would lie in the archive that it opens",
                         "name a place that is not copied together with it");
    }
    if (!std::filesystem::exists(options.key.key_file)) make_key_file(options.key.key_file);
  }
  std::string recovery;
  ArchiveFolder::create_encrypted(options.archive, settings_template(), options.key, recovery);
  return recovery;
}

void tell_keys(const InitOptions& options, const std::string& recovery, const Console& say) {
  if (say.json()) {
    say.result("{\"recovery_key\":\"" + recovery + "\"}");
    return;
  }
  say.result(std::string(say("恢复密钥（只显示这一次，请抄写封存）：",
                             "recovery key (shown this once; write it down and lock it away): ")) +
             recovery);
  if (const DiskSealing disk = disk_sealing(options.archive);
      disk == DiskSealing::none || disk == DiskSealing::unknown) {
    say.note(
        say("索引无法加密：在 juanzong.toml 的 [store] index_folder 指定加密磁盘或内存盘上的目录，"
            "用 selfcheck 核对",
            "the index cannot be encrypted: name a folder on an encrypted disk, or in memory, "
            "in juanzong.toml, [store] index_folder; selfcheck looks where it lies"));
  }
  say.note(
      say("没有密钥文件、口令或恢复密钥，谁也打不开这个档案库。密钥文件请另存一份，不与档案库放在一"
          "处。",
          "Without key file, passphrase and recovery key nobody opens this archive. Keep a copy "
          "of the key file, and none of them beside the archive."));
}

}  // namespace

int run_init(const InitOptions& options, const Console& say) {
  if (!options.encrypt && options.key.named()) {
    throw ArchiveError(ErrorKind::usage, "init", "a key opens an encrypted archive alone",
                       "add --encrypt, or leave the key out");
  }
  std::string recovery;
  if (options.encrypt) {
    recovery = create_encrypted(options);
  } else {
    ArchiveFolder::create(options.archive, settings_template());
  }
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  // Told before anything else can fail: it cannot be had again.
  if (options.encrypt) tell_keys(options, recovery, say);
  PageIndex::open_writer(index_place(folder, read_settings(folder.settings_file()))).commit();
  // Whoever makes an archive is its first user, with every post.
  const Records records = Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), "init"));
  say.result(std::string(options.encrypt
                             ? say("已新建加密的档案库：", "made an empty, encrypted archive: ")
                             : say("已新建档案库：", "made an empty archive: ")) +
             options.archive.string());
  say.note(
      std::string(say("第一个用户（担任所有岗位）：", "its first user, who has every post: ")) +
      records.writes_as());
  say.note(std::string(say("下一步：", "next: ")) + "juanzong ingest --archive " +
           options.archive.string() + " " + std::string(say("扫描件文件夹", "FOLDER-OF-SCANS")));
  return 0;
}

}  // namespace archive
