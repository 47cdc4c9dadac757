#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/package.h"
#include "core/result.h"
#include "store/packages/package_content.h"

// The list of a hand-over 交接单 as data: hand-over.json in a package.

namespace archive {

/// What a package says beside its dossiers.
struct HandOverHead {
  PackageRecord package;   ///< number, manifest, seal and state are not in the list
  std::string purpose_zh;  ///< words for package.purpose
  std::string purpose_en;
  std::string program;
  std::string category;  ///< 门类 of all its dossiers (JobSheet::category)
  std::string malware;   ///< "clean", or "not_asked" where no scanner is configured
};

std::string hand_over_list(const HandOverHead& head, const std::vector<PackedDossier>& dossiers);

/// The same as it came: untrusted.
struct ReceivedList {
  struct File {
    std::string path;  ///< below data/
    std::string name;  ///< as it was delivered to the sender
    std::string sha256;
    std::int64_t pages = 0;
  };
  struct Dossier {
    PackedDossierRecord record;
    std::vector<File> originals;
    std::vector<std::string> made_of_them;  ///< paths of the files that the sender made of them
    std::vector<CatalogueEntry> catalogue;  ///< of the sender's office; empty when it had none
    std::int64_t left_out = 0;              ///< originals that the sender did not give
    std::int64_t pages_left_out = 0;        ///< in them, of record.pages
  };
  PackageRecord package;
  std::string category;
  std::vector<Dossier> dossiers;
};
/// The failure says what is wrong with it, without personal data.
Result<ReceivedList, std::string> read_hand_over_list(std::string_view json);

/// The three-party form 交接单 for paper and browser: sender, recipient and witness sign it.
std::string hand_over_form(const HandOverHead& head, const std::vector<PackedDossier>& dossiers);

}  // namespace archive
