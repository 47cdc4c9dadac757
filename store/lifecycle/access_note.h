#pragma once

#include "store/ledger/access_log.h"
#include "store/records/records.h"

namespace archive {

/// Notes in the ledger how far the access log has come, so that signed heads cover it. Nothing when
/// that is noted already. For a writer.
void note_access(Records& records, const AccessLog::End& end);

}  // namespace archive
