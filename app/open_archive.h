#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "config/check_tables.h"
#include "config/quality_rules.h"
#include "config/settings.h"
#include "index/page_index.h"
#include "ingest/ingest.h"
#include "ocr/page_reader.h"
#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// Where the index of an archive lies; its folder is made where the settings put it elsewhere.
std::filesystem::path index_place(const ArchiveFolder& folder, const Settings& settings);

/// An archive opened for writing, with everything a run needs. Making one takes the
/// archive's lock; ArchiveError{archive_locked} when another process has it. An index
/// that is missing or damaged is thrown away and filled again from the records: it
/// holds nothing of its own.
class WritableArchive {
 public:
  /// `command` is the word after juanzong that this is opened for: the ledger tells it.
  /// `reason` is what that person gives for it, if anything.
  WritableArchive(const std::filesystem::path& folder, std::string_view command,
                  std::string_view reason = {});

  const Settings& settings() const { return settings_; }
  Records& records() { return records_; }
  ObjectStore& objects() { return objects_; }
  PageIndex& index() { return *index_; }
  const CheckTables& tables() const { return tables_; }
  const FormCatalogue& catalogue() const { return tables_.forms; }
  const QualityRules& quality() const { return quality_; }

  /// Loads the recognition models at the first call.
  Workshop workshop();

  /// Throws the index away; the next bring_index_up_to_date fills it.
  void empty_index();

 private:
  void open_index();

  std::filesystem::path folder_;
  Settings settings_;
  Records records_;
  ObjectStore objects_;
  CheckTables tables_;
  QualityRules quality_;
  std::optional<PageIndex> index_;
  std::optional<ReadingModels> models_;
};

}  // namespace archive
