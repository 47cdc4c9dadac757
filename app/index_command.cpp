#include <fmt/format.h>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"

namespace archive {

int run_index_rebuild(const IndexRebuildOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "index rebuild");
  archive.empty_index();
  const std::int64_t pages = bring_index_up_to_date(archive.catalogue(), archive.objects(),
                                                    archive.records(), archive.index(), stop);
  say.result(say.json() ? fmt::format("{{\"pages_indexed\":{}}}", pages)
                        : fmt::format("{}: {}", say("已重建索引，页数", "pages indexed"), pages));
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
