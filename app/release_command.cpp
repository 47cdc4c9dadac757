#include <fmt/format.h>

#include "app/commands.h"
#include "app/writing.h"
#include "store/archive_folder.h"
#include "store/lifecycle/settled_pages.h"
#include "store/records/records.h"

namespace archive {

int run_release(const ReleaseOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  Records records = Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), "release"));
  const auto batch = records.batch_named(options.batch);
  if (!batch || batch->state != BatchState::held) {
    throw ArchiveError(ErrorKind::not_found, options.batch, "there is no held batch of this name",
                       "`juanzong status` lists all batches and how they stand");
  }
  release_batch(records, batch->number, options.reason);
  say.result(fmt::format("{}: {}", say("已放行批次", "released"), batch->name));
  return 0;
}

}  // namespace archive
