#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/package_text.h"
#include "app/writing.h"
#include "store/archive_folder.h"
#include "store/records/records.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

PackageRecord named_package(const Records& records, PackageNumber number) {
  if (auto package = records.package(number)) return *std::move(package);
  throw ArchiveError(ErrorKind::not_found, "package " + std::to_string(number),
                     "there is no package of this number", "`juanzong package list` lists them");
}

void tell(const PackageRecord& package, const Console& say) {
  if (!say.json()) return print_package(package, say);
  say.result_json(package_json(package));
}

}  // namespace

int run_package_list(const PackageListOptions& options, const Console& say) {
  const Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  if (options.package != 0) {
    tell(named_package(records, options.package), say);
    return 0;
  }
  for (const PackageRecord& package : records.packages()) tell(package, say);
  return 0;
}

int run_package_settle(const PackageSettleOptions& options, const Console& say) {
  const auto refuse = [](const char* what, const char* what_to_do) {
    throw ArchiveError(ErrorKind::usage, "juanzong package settle", what, what_to_do);
  };
  if (options.accepted == options.returned) {
    refuse("nothing was decided", "give --accepted, or --returned with --reason");
  }
  if (options.returned && options.reason.empty()) {
    refuse("a package is returned for a reason", "give --reason");
  }
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  Records records =
      Records::open_writer(folder.path(), writing_by(settings, "package settle", options.reason));
  if (named_package(records, options.package).state != PackageState::handing_over) {
    refuse("the package was settled before", "`juanzong package list` says when and by whom");
  }
  records.settle_package(options.package,
                         options.accepted ? PackageState::accepted : PackageState::returned,
                         options.reason, records.writes_as());
  tell(named_package(records, options.package), say);
  return 0;
}

}  // namespace archive
