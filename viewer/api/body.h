#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/calendar.h"
#include "viewer/api/service_impl.h"

// What changes take from the body of a request. Each throws Refusal 400 for what it is not.

namespace archive {

inline constexpr std::size_t kReasonMost = 500;  ///< characters

/// A whole number that is not negative; `may_lack`: 0 when it is not there.
std::int64_t number_in(const Json& body, const char* key, bool may_lack = false);
std::vector<std::int64_t> numbers_in(const Json& body, const char* key, std::size_t most);
/// False when it is not there.
bool flag_in(const Json& body, const char* key);
/// The dossier a person names, by its number in the archive or by its archive number 档号. Refusal
/// 404 when there is none, 409 when several have that number.
DossierNumber dossier_in(const Records& records, const Json& body);
/// Why; not empty.
std::string reason_in(const Json& body, const char* key = "reason");
/// A day of an argument or a member; today for "".
Date day_of(const std::string& text);
std::string today();
/// YYYY-MM-DD, not empty.
std::string day_in(const Json& body, const char* key);

}  // namespace archive
