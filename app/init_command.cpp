#include "app/commands.h"
#include "config/settings.h"
#include "store/archive_folder.h"

namespace archive {

int run_init(const InitOptions& options, const Console& say) {
  ArchiveFolder::create(options.archive, settings_template());
  PageIndex::open_writer(ArchiveFolder::open(options.archive).index()).commit();
  say.result(std::string(say("已新建档案库：", "made an empty archive: ")) +
             options.archive.string());
  say.note(std::string(say("下一步：", "next: ")) + "juanzong ingest --archive " +
           options.archive.string() + " " + std::string(say("扫描件文件夹", "FOLDER-OF-SCANS")));
  return 0;
}

}  // namespace archive
