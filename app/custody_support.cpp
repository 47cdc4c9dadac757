#include "app/custody_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/error.h"

namespace archive {

ReadSource SourceReading::function() {
  return [this](const std::filesystem::path& file,
                const ObjectUse& use) -> std::optional<std::string> {
    for (const int page : use.pages) {
      const auto image = pool_.page(file, page);
      if (image) continue;
      return fmt::format("page {}: {}{}{}", page + 1, name_of(image.error().reason),
                         image.error().detail.empty() ? "" : ": ", image.error().detail);
    }
    return std::nullopt;
  };
}

std::optional<Records> writer_when_free(const ArchiveFolder& folder, const Records::Writing& how,
                                        std::chrono::seconds patience) {
  constexpr auto kBetweenTries = std::chrono::milliseconds(200);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      return Records::open_writer(folder.path(), how);
    } catch (const ArchiveError& error) {
      if (error.kind() != ErrorKind::archive_locked) throw;
    }
    if (std::chrono::steady_clock::now() >= until) return std::nullopt;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

std::vector<Replica> reachable_replicas(const Settings& settings, const std::string& archive,
                                        const Console& say, bool& all) {
  std::vector<Replica> replicas;
  all = true;
  for (const auto& folder : settings.custody.replicas) {
    try {
      replicas.emplace_back(folder, archive);
    } catch (const ArchiveError& error) {
      if (error.kind() != ErrorKind::archive_missing) throw;
      all = false;
      say.note(fmt::format("{}: {} ({})", error.where(),
                           say("此处没有副本", "there is no replica here"),
                           say("介质未接上，或先用 replicate --begin 建立",
                               "its medium is not in, or begin one with replicate --begin")));
    }
  }
  return replicas;
}

KeySource key_for(const KeySource& named, const Settings& settings) {
  if (named.named()) return named;
  KeySource source;
  source.key_file = settings.custody.backup_key_file;
  return source;
}

std::string master_for_audit(const std::filesystem::path& archive) {
  const ArchiveKeysPtr keys = keys_of(archive);
  if (!keys) return {};
  const auto bytes = keys->master.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void show_new_recovery_key(const std::string& key, const Console& say) {
  if (say.json()) {
    say.result_json({{"recovery_key", key}});
  } else {
    say.result(fmt::format(
        "{}: {}",
        say("新的恢复密钥（只显示这一次，旧的不再有效）",
            "new recovery key (shown this once; the old one opens nothing any more)"),
        key));
  }
  if (say.flush()) return;
  throw ArchiveError(ErrorKind::disk, "standard output", "the new recovery key could not be shown",
                     "the old one opens still: give the same command again");
}

int threads_or_cores(int wanted) {
  if (wanted > 0) return wanted;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::string mebibytes(std::int64_t bytes) {
  constexpr double kMebibyte = 1024.0 * 1024.0;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMebibyte);
}

}  // namespace archive
