#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "config/quality_rules.h"

namespace archive {

/// What is said of a page's picture as machines are told and as the batch report keeps it:
/// "verdict", "findings" and "measures". With the rules at hand each finding carries its
/// limit, source and words in both languages.
nlohmann::ordered_json quality_json(const PageQuality& quality, const QualityRules* rules);

/// The measures alone as an object of numbers, and back. Names that are not known are passed
/// over: a later version may have measured more. Throws ArchiveError{records} for a text that
/// is no such object.
std::string measures_text(const QualityMeasures& measures);
QualityMeasures parse_measures(std::string_view json);

}  // namespace archive
