#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/layout.h"
#include "core/records.h"
#include "viewer/reading_room.h"

namespace archive {

// What machines are told, as JSON. Keys are stable; new ones may be added. Quads are
// [[x,y],[x,y],[x,y],[x,y]] in pixels of the delivered image, times are ISO 8601.

/// Everything kept about a page, with its text lines.
nlohmann::ordered_json page_json(const PageRecord& page, const PageLayout& layout,
                                 const std::optional<DossierRecord>& dossier);
/// "valid", "suspicious", "invalid".
const char* name_of(FieldValidity validity);
/// What a person said of a field.
nlohmann::ordered_json typed_value_json(const TypedValue& typed);
/// What a page was read as before, oldest first.
nlohmann::ordered_json readings_json(const std::vector<ReadingRecord>& readings);
nlohmann::ordered_json dossier_json(const DossierRecord& dossier);
nlohmann::ordered_json batch_json(const BatchRecord& batch, const BatchCounts& counts);
nlohmann::ordered_json search_json(const SearchPage& result);

}  // namespace archive
