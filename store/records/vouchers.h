#pragma once

#include <vector>

#include "core/voucher.h"
#include "store/records/sql.h"

namespace archive {

/// The vouchers of a dossier are exactly these. Dossiers that bear a number of which something
/// changed are to be checked again. REQUIRES: in a transaction.
void bring_vouchers_to(Database& database, DossierNumber dossier,
                       const std::vector<VoucherFact>& vouchers);

}  // namespace archive
