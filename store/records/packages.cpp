#include <stdexcept>
#include <string>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr SqlPart kPackages =
    "SELECT package, kind, received, package_id, sender, recipient, purpose, legal_basis, "
    "manifest, items, pages, files, bytes, signed_by, sealed, batch, made_by, made_at, state, "
    "settled_by, settled_at, settled_reason FROM packages ";

PackageRecord package_in(Rows& row) {
  PackageRecord package;
  package.number = row.integer();
  package.kind = from_word<PackageKind>(row.text());
  package.received = row.flag();
  package.package_id = row.text();
  package.sender = row.text();
  package.recipient = row.text();
  package.purpose = row.text();
  package.legal_basis = row.text();
  package.manifest = row.text();
  package.items = row.integer();
  package.pages = row.integer();
  package.files = row.integer();
  package.bytes = row.integer();
  package.signed_by = row.text();
  package.sealed = row.flag();
  package.batch = row.integer();
  package.made_by = row.text();
  package.made_at = row.text();
  package.state = from_word<PackageState>(row.text());
  package.settled_by = row.text();
  package.settled_at = row.text();
  package.settled_reason = row.text();
  return package;
}

std::vector<PackageRecord> packages_in(Database& database, Rows rows) {
  std::vector<PackageRecord> packages;
  while (rows.next()) packages.push_back(package_in(rows));
  for (PackageRecord& package : packages) {
    Rows row = database.query(
        "SELECT folder, dossier, dossier_no, title, pages FROM package_dossiers "
        "WHERE package = $1 ORDER BY folder",
        {package.number});
    while (row.next()) {
      package.dossiers.push_back(
          {row.text(), row.integer(), row.text(), row.text(), row.integer()});
    }
  }
  return packages;
}

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

void require_words(const PackageRecord& package) {
  if (blank(package.recipient)) throw std::invalid_argument("a package is for somebody");
  if (blank(package.purpose)) throw std::invalid_argument("a package has a purpose");
  if (blank(package.legal_basis)) throw std::invalid_argument("a package has a legal basis");
  if (blank(package.made_by)) throw std::invalid_argument("a package is made by somebody");
}

}  // namespace

PackageNumber Records::put_package(const PackageRecord& package) {
  require_words(package);
  RecordedTransaction transaction(*impl_, {package.received ? Right::manage : Right::export_out});
  Database& database = impl_->database;
  const PackageNumber number = database.number(
      "INSERT INTO packages (kind, received, package_id, sender, recipient, purpose, legal_basis, "
      "manifest, items, pages, files, bytes, signed_by, sealed, batch, made_by, made_at, state) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "'handing_over') RETURNING package",
      {word_for(package.kind), package.received, package.package_id, package.sender,
       package.recipient, package.purpose, package.legal_basis, package.manifest, package.items,
       package.pages, package.files, package.bytes, package.signed_by, package.sealed,
       reference(package.batch), package.made_by, timestamp_now()});
  for (const PackedDossierRecord& dossier : package.dossiers) {
    database.execute(
        "INSERT INTO package_dossiers (package, folder, dossier, dossier_no, title, pages) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {number, dossier.folder, dossier.dossier, dossier.dossier_no, dossier.title,
         dossier.pages});
  }
  impl_->note(package.received ? "package_received" : "package_made", "package", number,
              json_object({{"kind", word_for(package.kind)},
                           {"purpose", package.purpose},
                           {"dossiers", static_cast<std::int64_t>(package.dossiers.size())},
                           {"items", package.items},
                           {"pages", package.pages},
                           {"files", package.files},
                           {"bytes", package.bytes},
                           {"manifest", package.manifest}}));
  transaction.commit();
  return number;
}

void Records::settle_package(PackageNumber number, PackageState state, const std::string& reason,
                             const std::string& who) {
  if (blank(who)) throw std::invalid_argument("a package is settled by somebody");
  if (state == PackageState::handing_over) throw std::invalid_argument("it is that already");
  RecordedTransaction transaction(*impl_, {Right::manage, Right::export_out});
  const std::int64_t changed = impl_->database.execute(
      "UPDATE packages SET state = $2, settled_by = $3, settled_at = $4, settled_reason = $5 "
      "WHERE package = $1 AND state = 'handing_over'",
      {number, word_for(state), who, timestamp_now(), reason});
  if (changed == 0) throw std::invalid_argument("no package of this number is being handed over");
  impl_->note(state == PackageState::accepted ? "package_accepted" : "package_returned", "package",
              number, "{}");
  transaction.commit();
}

void Records::note_refused_package(const std::string& manifest, const std::string& why) {
  RecordedTransaction transaction(*impl_, {Right::manage});
  impl_->note("package_refused", "package", 0, json_object({{"manifest", manifest}, {"why", why}}));
  transaction.commit();
}

std::vector<PackageRecord> Records::packages() const {
  return packages_in(impl_->database,
                     impl_->database.query(joined<kPackages, "ORDER BY package">()));
}

std::optional<PackageRecord> Records::package(PackageNumber number) const {
  auto found = packages_in(
      impl_->database, impl_->database.query(joined<kPackages, "WHERE package = $1">(), {number}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<PackageRecord> Records::received_package(const std::string& manifest) const {
  auto found =
      packages_in(impl_->database,
                  impl_->database.query(joined<kPackages, "WHERE manifest = $1 AND received = 1">(),
                                        {manifest}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<PackageRecord> Records::package_of_batch(BatchNumber batch) const {
  auto found = packages_in(impl_->database,
                           impl_->database.query(joined<kPackages, "WHERE batch = $1">(), {batch}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<PackageRecord> Records::packages_with(DossierNumber dossier) const {
  return packages_in(
      impl_->database,
      impl_->database.query(joined<kPackages,
                                   "WHERE received = 0 AND package IN (SELECT package FROM "
                                   "package_dossiers WHERE dossier = $1) ORDER BY package">(),
                            {dossier}));
}

}  // namespace archive
