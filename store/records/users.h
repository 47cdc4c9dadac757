#pragma once

#include <string>

#include "store/records/records.h"
#include "store/records/sql.h"

namespace archive {

/// Who a claim is, when it holds. Throws ArchiveError{forbidden} for an account that is no user,
/// for a name and a password that do not go together, for an ended agreement and, of somebody who
/// is to write, a missing signature of the office.
Identity identify(Database& database, const Claim& claim, bool to_write);

/// "A may not review": what is told to somebody who has no post for it.
ArchiveError forbidden(const Identity& who, Right right, const std::string& where);

}  // namespace archive
