#include <fmt/format.h>

#include "app/commands.h"
#include "store/records/records.h"

namespace archive {

int run_release(const ReleaseOptions& options, const Console& say) {
  Records records = Records::open_writer(options.archive);
  const auto batch = records.batch_named(options.batch);
  if (!batch || batch->state != BatchState::held) {
    throw ArchiveError(ErrorKind::not_found, options.batch, "there is no held batch of this name",
                       "`juanzong status` lists all batches and how they stand");
  }
  records.close_batch(batch->number, BatchState::complete,
                      batch->held_reason + "; released: " + options.reason, batch->report_blob);
  say.result(fmt::format("{}: {}", say("已放行批次", "released"), batch->name));
  return 0;
}

}  // namespace archive
