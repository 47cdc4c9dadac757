#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/check_tables.h"
#include "core/facts.h"
#include "core/fault.h"
#include "core/package.h"
#include "core/records.h"

// The four properties 四性检测 of a dossier (DA/T 70). What can only be seen on the disk, in the
// sandbox and in the records is gathered by ingest/property_evidence.h; what it means is decided
// here.

namespace archive {

/// What a malware scanner said of a file.
enum class MalwareAnswer { not_asked, clean, infected, failed };

/// How the bytes of a delivered file were found.
struct FileEvidence {
  enum class Bytes { none_kept, sound, missing, damaged };

  SourceNumber source = 0;
  std::string name;
  Bytes bytes = Bytes::none_kept;
  std::uint64_t size_recorded = 0, size_found = 0;
  SourceKind kind_recorded = SourceKind::other, kind_found = SourceKind::other;
  std::string packed;  ///< the name of a packed or unread format, such as "ZIP"; empty: none
  int pages_recorded = 0, pages_found = 0;
  std::optional<PageFault> fault;                    ///< the file as a whole does not open
  std::vector<std::pair<int, PageFault>> bad_pages;  ///< counted from 0; those that do not open
  std::int64_t pages_opened = 0;                     ///< of the dossier, in the sandbox
  bool encrypted = false;
  std::vector<std::string> active;  ///< "JavaScript", "launch": what a PDF would do by itself
  bool partly_searched = false;     ///< it has too many objects to look at all of them
  MalwareAnswer malware = MalwareAnswer::not_asked;
};

/// What the records say of a page, and whether it is so.
struct PageEvidence {
  PageNumber page = 0;
  std::string source;
  int page_in_file = 0;
  bool set_aside = false;
  bool received_on_record = false;
  bool filed_on_record = false;  ///< filed or set aside
  bool engines_on_record = false;
  std::vector<std::string> objects_missing;  ///< "layout", "alto": named and not there
  std::vector<std::string> objects_damaged;
  bool unreadable = false;  ///< its record or its layout cannot be read
};

/// The batch that a dossier came with.
struct BatchEvidence {
  BatchNumber number = 0;
  BatchState state = BatchState::open;
  int pages_expected = 0;  ///< by the job sheet; 0: nobody counted
  std::int64_t pages_received = 0;
  std::int64_t pages_unaccounted = 0;
  std::int64_t files = 0;
  std::uint64_t bytes_recorded = 0, bytes_found = 0;
  bool accepted = false;  ///< the last closed sample passed
};

struct PropertyEvidence {
  DossierRecord dossier;
  DossierFacts facts;
  std::vector<FindingRecord> findings;
  std::vector<FileEvidence> files;
  std::vector<PageEvidence> pages;
  BatchEvidence batch;
  std::vector<DossierNumber> same_number;  ///< other dossiers with its archive number
  std::optional<PackageRecord> package;    ///< in which it came
  bool assembled_on_record = false;
  bool scanner_configured = false;
};

enum class PropertyVerdict { passed, failed, not_applicable, by_person };
std::string_view name_of(PropertyVerdict verdict);

/// Something that a row has to say: what and where.
struct PropertyRemark {
  PageNumber page = 0;        ///< 0: not about one page
  FindingNumber finding = 0;  ///< 0: no finding
  std::string file;           ///< name of the delivered file; may be empty
  std::string zh, en;
};

struct PropertyResult {
  FourPropertyRow row;
  PropertyVerdict verdict = PropertyVerdict::passed;
  std::vector<PropertyRemark> remarks;  ///< the first kRemarksMost of them
  std::int64_t remarks_left = 0;        ///< how many more there are
};

constexpr std::size_t kRemarksMost = 50;

/// One result for every row of the table, in its order. Pure.
std::vector<PropertyResult> four_properties_of(const PropertyEvidence& evidence,
                                               const CheckTables& tables);

}  // namespace archive
