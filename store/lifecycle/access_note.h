#pragma once

#include <string>
#include <string_view>

#include "store/ledger/access_log.h"
#include "store/records/records.h"

namespace archive {

/// The action and the details of such an entry of the ledger; it is about the number of entries.
inline constexpr std::string_view kAccessNoted = "access_noted";
std::string access_note(const AccessLog::End& end);

/// Notes in the ledger how far the access log has come, so that signed heads cover it. Nothing when
/// that is noted already. For a writer.
void note_access(Records& records, const AccessLog::End& end);

}  // namespace archive
