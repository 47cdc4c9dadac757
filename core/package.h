#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/records.h"

// What leaves an archive as a package and what comes in as one. Plain data, as in core/records.h.

namespace archive {

using PackageNumber = std::int64_t;

enum class PackageKind {
  give_out,   ///< 利用出库: copies for an authority, an employer or a person
  hand_over,  ///< 移交: records go to an archive office for keeping
  transfer,   ///< 转出: the insured person's relation moved to another agency (R49)
};

/// How far a hand-over came, by the words of hand-over registers. What was never packed is 未交接.
enum class PackageState {
  handing_over,  ///< 交接中
  accepted,      ///< 已接收
  returned,      ///< 已回退
};

/// A dossier in a package.
struct PackedDossierRecord {
  std::string folder;         ///< in the package, below data/
  DossierNumber dossier = 0;  ///< in the archive that gave it out; 0 in the one that received it
  std::string dossier_no;     ///< 档号; may be empty
  std::string title;
  std::int64_t pages = 0;
};

/// A line of the register of packages 交接登记.
struct PackageRecord {
  PackageNumber number = 0;
  PackageKind kind = PackageKind::give_out;
  bool received = false;   ///< came in; else it was made here
  std::string package_id;  ///< in bag-info.txt, External-Identifier
  std::string sender;
  std::string recipient;
  std::string purpose;      ///< an id of config/domain/purposes.csv
  std::string legal_basis;  ///< as it was stated
  std::string manifest;     ///< SHA-256 of tagmanifest-sha256.txt: that of the whole package
  std::int64_t items = 0;
  std::int64_t pages = 0;
  std::int64_t files = 0;  ///< of the payload
  std::int64_t bytes = 0;
  std::string signed_by;  ///< id of a key; empty: not signed
  bool sealed = false;    ///< encrypted
  BatchNumber batch = 0;  ///< of a received one
  std::string made_by;
  std::string made_at;  ///< made or received; ISO 8601 with zone
  PackageState state = PackageState::handing_over;
  std::string settled_by;
  std::string settled_at;
  std::string settled_reason;
  std::vector<PackedDossierRecord> dossiers;  ///< by folder
};

}  // namespace archive
