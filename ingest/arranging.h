#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/quality_rules.h"
#include "core/arrangement.h"
#include "core/error.h"
#include "core/records.h"
#include "ingest/ingest.h"
#include "ingest/page_work.h"

namespace archive {

// Decisions of persons about the structure: made, and taken back. Each is one transaction of the
// records, whatever it takes along: killed in between, nothing of it was done. The index is brought
// up to date by whoever calls.

/// What a decision works on. No models are needed for one that moves things about.
struct ArrangingTools {
  Records& records;
  ObjectStore& objects;
  const FormCatalogue& forms;
  const QualityRules& quality;
};

/// A decision that cannot be made, or taken back, as things are.
class ArrangementRefused : public ArchiveError {
 public:
  ArrangementRefused(ErrorKind kind, const std::string& where, const std::string& problem,
                     const std::string& what_to_do, std::string zh)
      : ArchiveError(kind, where, problem, what_to_do), zh_(std::move(zh)) {}
  const std::string& zh() const noexcept { return zh_; }

 private:
  std::string zh_;
};

/// What reads single pages: a workshop without its index.
struct ReadingTools {
  ReadingTools(const Workshop& workshop)  // NOLINT: a workshop has them
      : ReadingTools(workshop.settings, workshop.tables, workshop.quality, workshop.models,
                     workshop.objects, workshop.records) {}
  ReadingTools(const Settings& given_settings, const CheckTables& given_tables,
               const QualityRules& given_quality, const ReadingModels& given_models,
               ObjectStore& given_objects, const Records& given_records)
      : settings(given_settings),
        tables(given_tables),
        quality(given_quality),
        models(given_models),
        objects(given_objects),
        records(given_records) {}

  const Settings& settings;
  const CheckTables& tables;
  const QualityRules& quality;
  const ReadingModels& models;
  ObjectStore& objects;
  const Records& records;
};

/// A file that came later, read and not yet recorded. Its bytes are durable.
struct LaterScan {
  SourceRecord source;
  std::vector<PageRecord> pages;
};

/// Reads the pages of a file for a batch. Throws ArchiveError{input_missing} for a file that cannot
/// be read, or of which a page would be set aside: such a scan mends nothing.
LaterScan read_later_scan(const ReadingTools& tools, BatchNumber batch,
                          const std::filesystem::path& file);
/// The same of bytes that came with this name.
LaterScan read_later_scan(const ReadingTools& tools, BatchNumber batch, std::string_view bytes,
                          const std::string& name);

/// Reads a page as persons decided. Throws ArchiveError{usage} when it cannot be read: then its
/// record is better left as it is.
PageRecord read_as_decided(const ReadingTools& tools, const PageRecord& page,
                           const ReadingDecisions& decided);

/// Records a page that was set aside as it was read again. Throws ArrangementRefused when it is not
/// set aside any more, its batch is not finished, or an item that is approved would be touched.
void file_again(const ArrangingTools& tools, const PageRecord& page);

/// What a decision brings with it.
struct Brought {
  std::optional<LaterScan> scan;   ///< its pages become the last of the decision's
  std::optional<PageRecord> page;  ///< a page as it was read again
};

/// Makes a decision and puts its batch together by it. Throws ArrangementRefused when it cannot be
/// followed (kArrangementConflicts), the batch is not finished, or an item that is approved would
/// be touched, or one with a place, a loan, a hold or a period on record get another number.
ArrangementNumber arrange(const ArrangingTools& tools, Arrangement decision,
                          const Brought& brought = {});

/// Takes a decision back. `page` is one that is read otherwise without it.
void take_back(const ArrangingTools& tools, ArrangementNumber number, const std::string& reason,
               const std::string& who, const std::optional<PageRecord>& page = std::nullopt);

/// What is decided about the reading of a page when `without` is taken back; 0: nothing is.
ReadingDecisions decided_about(const Records& records, const PageRecord& page,
                               ArrangementNumber without);

}  // namespace archive
