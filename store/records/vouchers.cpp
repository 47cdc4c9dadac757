#include "store/records/vouchers.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kVouchers =
    "SELECT dossier, doc_type, voucher_no, printed, page, field, table_row, issuer, payer, amount, "
    "voucher_date, content FROM vouchers ";

VoucherFact voucher_from(Rows& row) {
  VoucherFact voucher;
  voucher.dossier = row.integer();
  voucher.doc_type = row.text();
  voucher.number = row.text();
  voucher.printed = row.text();
  voucher.page = row.integer();
  voucher.field = row.text();
  voucher.row = row.small_integer();
  voucher.issuer = row.text();
  voucher.payer = row.text();
  voucher.amount = row.text();
  voucher.date = row.text();
  voucher.content = row.text();
  return voucher;
}

std::vector<VoucherFact> vouchers_from(Rows rows) {
  std::vector<VoucherFact> vouchers;
  while (rows.next()) vouchers.push_back(voucher_from(rows));
  return vouchers;
}

using Number = std::pair<std::string, std::string>;  // of what, which

/// The numbers of those that are in one of the two alone.
std::set<Number> changed_numbers(const std::vector<VoucherFact>& before,
                                 const std::vector<VoucherFact>& after) {
  std::set<Number> numbers;
  const auto add = [&numbers](const std::vector<VoucherFact>& some,
                              const std::vector<VoucherFact>& others) {
    for (const VoucherFact& voucher : some) {
      if (std::ranges::find(others, voucher) != others.end()) continue;
      numbers.emplace(voucher.doc_type, voucher.number);
    }
  };
  add(before, after);
  add(after, before);
  return numbers;
}

void insert_voucher(Database& database, DossierNumber dossier, std::int64_t position,
                    const VoucherFact& voucher) {
  database.execute(
      "INSERT INTO vouchers (dossier, position, doc_type, voucher_no, printed, page, field, "
      "table_row, issuer, payer, amount, voucher_date, content) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      {dossier, position, voucher.doc_type, voucher.number, voucher.printed, voucher.page,
       voucher.field, std::int64_t{voucher.row}, voucher.issuer, voucher.payer, voucher.amount,
       voucher.date, voucher.content});
}

}  // namespace

void bring_vouchers_to(Database& database, DossierNumber dossier,
                       const std::vector<VoucherFact>& vouchers) {
  const std::vector<VoucherFact> before = vouchers_from(
      database.query(joined<kVouchers, "WHERE dossier = $1 ORDER BY position">(), {dossier}));
  if (before == vouchers) return;
  database.execute("DELETE FROM vouchers WHERE dossier = $1", {dossier});
  std::int64_t position = 0;
  for (const VoucherFact& voucher : vouchers) {
    insert_voucher(database, dossier, position++, voucher);
  }
  for (const auto& [doc_type, number] : changed_numbers(before, vouchers)) {
    database.execute(
        "UPDATE dossier_facts SET checked_with = '' WHERE dossier IN "
        "(SELECT dossier FROM vouchers WHERE voucher_no = $1 AND doc_type = $2)",
        {number, doc_type});
  }
}

std::vector<VoucherFact> Records::vouchers_elsewhere(DossierNumber dossier, int at_most) const {
  std::vector<Number> numbers;
  Rows row = impl_->database.query(
      "SELECT DISTINCT doc_type, voucher_no FROM vouchers WHERE dossier = $1 "
      "ORDER BY doc_type, voucher_no",
      {dossier});
  while (row.next()) {
    std::string doc_type = row.text();
    numbers.emplace_back(std::move(doc_type), row.text());
  }
  std::vector<VoucherFact> elsewhere;
  for (const auto& [doc_type, number] : numbers) {
    std::ranges::move(vouchers_from(impl_->database.query(
                          joined<kVouchers,
                                 "WHERE voucher_no = $1 AND doc_type = $2 AND dossier <> $3 "
                                 "ORDER BY dossier, position LIMIT $4">(),
                          {number, doc_type, dossier, std::int64_t{at_most}})),
                      std::back_inserter(elsewhere));
  }
  return elsewhere;
}

}  // namespace archive
