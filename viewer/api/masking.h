#pragma once

#include <nlohmann/json_fwd.hpp>

#include "config/channels.h"

namespace archive {

/// Takes values that may not be told (config/channels.h) out of what is about to be sent: those of
/// fields, of what persons typed, of pairs and lines at the same place, and every number in any
/// other text that looks like one of a citizen or an account.

/// The object of page_json(), without the characters of its lines.
void mask_page(nlohmann::ordered_json& page, const FieldSight& sight);
/// Any other object: of person_json(), of report_json(). Values beside a "field" that is protected
/// are masked as such.
void mask_values(nlohmann::ordered_json& json, const FieldSight& sight);

}  // namespace archive
