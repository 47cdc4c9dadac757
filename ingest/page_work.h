#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "config/quality_rules.h"
#include "core/layout.h"
#include "core/page.h"
#include "core/records.h"
#include "core/result.h"
#include "ingest/decoder/decoder_pool.h"
#include "ingest/reading_guard.h"
#include "ingest/stage_clock.h"
#include "ocr/form_reader.h"
#include "ocr/page_reader.h"
#include "store/objects/object_store.h"

namespace archive {

/// A page that has been through every stage but filing: what the records will say,
/// and the derivatives that are already durable in the object store.
struct WorkedPage {
  PageRecord record;
  PageLayout layout;  ///< for the index; empty for a page that was set aside
};

/// What a page needs on its way. Shared by all threads; none of the members keeps
/// state between pages.
struct PageTools {
  DecoderPool& decoder;
  const FormReader& forms;
  ObjectStore& objects;
  StageClock& clock;
  const QualityRules& quality;
  /// Told of a page as soon as its picture is judged, before it is read. From any thread.
  std::function<void(const PageRecord&)> judged;
  std::string engines;  ///< engines_json(), stored with every page
  std::string config_version;
  ReadingGuard* guard = nullptr;  ///< what keeps the program going when a page ends it; or none
  bool keep = true;  ///< false: only to see, nothing is put into the store
};

/// What reads pages, as a JSON list of EngineId.
std::string engines_json(const ReadingModels& models);

/// What persons decided about the reading of a page.
struct ReadingDecisions {
  std::string doc_type = {};  ///< its fields are looked for as on that form; or empty
  std::optional<int> rotation = std::nullopt;  ///< as CleanPage::rotation
};

/// Those that the record of a page has.
ReadingDecisions decided_about(const PageRecord& page);

/// One page from its stored source to its derivatives. Whatever is wrong with the page
/// ends in a record with state set_aside; only a sick machine throws (ArchiveError).
/// `reader` belongs to the calling thread. Of papers of another
/// category (JobSheet::category) only the text is read: their type is DT99 and says why.
WorkedPage work_on(const PageOccurrence& occurrence, const SourceRecord& source, PageTools& tools,
                   PageReader& reader, const ReadingDecisions& decided = {},
                   bool other_category = false);

}  // namespace archive
