#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

constexpr std::size_t kPagesNamed = 20;

std::string numbers_of(const std::vector<PageNumber>& pages) {
  std::string text;
  for (std::size_t i = 0; i < pages.size() && i < kPagesNamed; ++i) {
    text += fmt::format(" {}", pages[i]);
  }
  return pages.size() > kPagesNamed ? text + " ..." : text;
}

void print_difference(const IndexDifference& found, const Console& say) {
  say.result(fmt::format("{} {}, {} {}, {} {}, {} {}", say("已归档", "filed"), found.filed,
                         say("索引中", "in the index"), found.indexed,
                         say("待更新", "waiting to be indexed"), found.waiting,
                         say("已核对内容", "compared"), found.compared));
  const auto line = [&](std::string_view zh, std::string_view en,
                        const std::vector<PageNumber>& pages) {
    if (pages.empty()) return;
    say.result(fmt::format("{}: {}{}", say(zh, en), pages.size(), numbers_of(pages)));
  };
  line("索引缺少的页", "not in the index", found.absent);
  line("索引多出的页", "in the index and not filed", found.extra);
  line("索引内容不符的页", "in the index otherwise", found.unequal);
  for (const std::string& shard : found.state.missing) {
    say.result(fmt::format("{}: {}", say("读不出的部分", "part that cannot be read"), shard));
  }
  if (found.state.rebuilding) {
    say.result(std::string(say("重建未完成", "a rebuild has not ended")));
  }
  if (!found.sound()) {
    say.note(say("可运行 juanzong index rebuild", "mend it with: juanzong index rebuild"));
  }
}

nlohmann::ordered_json difference_json(const IndexDifference& found) {
  return {{"sound", found.sound()},         {"filed", found.filed},
          {"indexed", found.indexed},       {"waiting", found.waiting},
          {"compared", found.compared},     {"absent", found.absent},
          {"extra", found.extra},           {"unequal", found.unequal},
          {"missing", found.state.missing}, {"rebuilding", found.state.rebuilding},
          {"shards", found.state.shards},   {"ledger_entries", found.state.ledger_entries}};
}

}  // namespace

int run_index_rebuild(const IndexOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "index rebuild");
  if (options.anew || !archive.index().state().rebuilding) archive.empty_index();
  const std::int64_t filed = archive.records().counts().filed;
  const auto progress = [&](std::int64_t done) {
    if (say.live()) {
      say.progress(fmt::format("{} {} / {}", say("已索引", "indexed"),
                               static_cast<std::int64_t>(archive.index().pages()), filed));
    } else if (done % 10'000 == 0) {
      say.note(fmt::format("{} {} / {}", say("已索引", "indexed"),
                           static_cast<std::int64_t>(archive.index().pages()), filed));
    }
  };
  const std::int64_t pages = bring_index_up_to_date(
      archive.catalogue(), archive.objects(), archive.records(), archive.index(), stop, progress);
  say.end_progress();
  say.result(say.json() ? fmt::format("{{\"pages_indexed\":{}}}", pages)
                        : fmt::format("{}: {}", say("已重建索引，页数", "pages indexed"), pages));
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

int run_index_check(const IndexOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const FormCatalogue catalogue = FormCatalogue::load(find_config_folder(settings));
  const Records records = Records::open_reader(options.archive);
  const ObjectStore objects(folder.objects());
  const PageIndex index = PageIndex::open_reader(folder.index(settings.store.index_folder));
  const IndexDifference found =
      compare_index(catalogue, objects, records, index, options.every_nth, stop);
  if (say.json()) {
    say.result(difference_json(found).dump());
  } else {
    print_difference(found, say);
  }
  if (stop) return static_cast<int>(ErrorKind::interrupted);
  return found.sound() ? 0 : static_cast<int>(ErrorKind::index);
}

int run_index_compact(const IndexOptions& options, const Console& say) {
  WritableArchive archive(options.archive, "index compact");
  archive.index().compact();
  say.result(say.json() ? std::string("{\"compacted\":true}")
                        : std::string(say("索引已压缩", "the index was compacted")));
  return 0;
}

}  // namespace archive
