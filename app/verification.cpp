#include "app/verification.h"

#include <utility>
#include <vector>

#include "app/custody_support.h"
#include "config/settings.h"
#include "core/error.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

constexpr const char* kSettings = "juanzong.toml";

/// The settings, or the defaults and what is wrong: damaged settings must not hide other damage.
std::pair<Settings, std::vector<audit::AuditFinding>> settings_of(const ArchiveFolder& archive) {
  try {
    return {read_settings(archive.settings_file()), {}};
  } catch (const ArchiveError& error) {
    return {{}, {{"settings_unreadable", kSettings, error.where() + ": " + error.problem()}}};
  }
}

audit::AuditReport audit_of(const std::filesystem::path& archive, const Settings& settings) {
  audit::AuditOptions options;
  options.objects = false;
  options.master = master_for_audit(archive);
  for (const auto& folder : settings.ledger.heads_to) {
    // A medium that is not there now proves nothing either way.
    if (std::filesystem::exists(folder / "heads")) options.outside.push_back(folder);
  }
  return audit::audit_archive(archive, options);
}

}  // namespace

WholeVerification verify_whole(const std::filesystem::path& archive,
                               const std::function<void(const VerifyCounts&)>& progress) {
  const auto [settings, settings_damage] = settings_of(ArchiveFolder::open(archive));
  VerifyOptions check;
  check.key_file = settings.ledger.key_file;
  check.progress = progress;
  WholeVerification whole{verify(archive, check), audit_of(archive, settings)};
  auto& findings = whole.ledger.findings;
  findings.insert(findings.begin(), settings_damage.begin(), settings_damage.end());
  return whole;
}

}  // namespace archive
