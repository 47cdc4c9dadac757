#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "config/channels.h"
#include "core/records.h"

namespace archive {

/// Takes values that may not be told (config/channels.h) out of what is about to be sent: those of
/// fields, of what persons typed, of pairs, lines and codes at the same place or with the same
/// words, and every number in any other text that looks like one of a citizen or an account.

/// The object of page_json(), without the characters of its lines.
void mask_page(nlohmann::ordered_json& page, const FieldSight& sight);
/// Any other object: of person_json(), of report_json(). Values beside a "field" that is protected
/// are masked as such.
void mask_values(nlohmann::ordered_json& json, const FieldSight& sight);
/// The line of a hit on `page` (SearchHit::snippet), its marks « » and … kept: stars instead of
/// protected values of the page, of what a cut left of one and of long numbers. A snippet that is
/// such a value alone is told as the value is; empty where running text is not told.
std::string told_snippet(const std::string& snippet, const PageRecord& page,
                         const FieldSight& sight);

}  // namespace archive
