#pragma once

#include <vector>

#include "core/facts.h"
#include "core/voucher.h"

namespace archive {

/// The numbers of payments (DT09) and of receipts that are claimed (DT34) on the filed pages of a
/// dossier, those that nobody is sure of left out. Needs no tables, so that the records can be kept
/// in step with the facts. Pages of other persons are among them.
std::vector<VoucherFact> vouchers_of(const DossierFacts& dossier);

/// True when two vouchers with one number stand for two payments, or for two claims: something that
/// is read on both differs. Copies of one paper say the same.
bool is_another_payment(const VoucherFact& a, const VoucherFact& b);

/// True when the same number in two dossiers means the same paper: not where two issuers are known,
/// nor where a number is short and its issuer is not.
bool is_same_number(const VoucherFact& a, const VoucherFact& b);

}  // namespace archive
