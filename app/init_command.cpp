#include "app/commands.h"
#include "app/writing.h"
#include "config/settings.h"
#include "store/archive_folder.h"

namespace archive {

int run_init(const InitOptions& options, const Console& say) {
  ArchiveFolder::create(options.archive, settings_template());
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  PageIndex::open_writer(folder.index()).commit();
  // Whoever makes an archive is its first user, with every post.
  const Records records = Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), "init"));
  say.result(std::string(say("已新建档案库：", "made an empty archive: ")) +
             options.archive.string());
  say.note(
      std::string(say("第一个用户（担任所有岗位）：", "its first user, who has every post: ")) +
      records.writes_as());
  say.note(std::string(say("下一步：", "next: ")) + "juanzong ingest --archive " +
           options.archive.string() + " " + std::string(say("扫描件文件夹", "FOLDER-OF-SCANS")));
  return 0;
}

}  // namespace archive
