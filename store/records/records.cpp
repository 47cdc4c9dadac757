#include "store/records/records.h"

#include <fstream>
#include <iterator>
#include <span>
#include <utility>

#include "core/timestamp.h"
#include "store/objects/digest.h"
#include "store/objects/disk.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"
#include "store/records/schema.h"
#include "store/records/users.h"
#include "store/sealing/keyring.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

fs::path file_in(const fs::path& archive_folder) { return archive_folder / "records.sqlite"; }

void require_file(const fs::path& file) {
  std::error_code error;
  if (fs::is_regular_file(file, error)) return;
  throw ArchiveError(ErrorKind::archive_missing, file.string(), "there are no records here",
                     "check the path and that its disk is mounted, or make an archive with "
                     "`juanzong init`");
}

/// Who writes, if it is not the program itself; their name goes into `acting`.
std::optional<Identity> identity_for(Database& database, const Records::Writing& how,
                                     Acting& acting) {
  std::optional<Identity> identity = how.identity;
  if (!identity && how.claim) identity = identify(database, *how.claim, true);
  if (identity) {
    acting.who = identity->name;
    acting.co_signer = identity->co_signer;
  }
  return identity;
}

/// What an interrupted create() left.
void remove_unfinished(const fs::path& file) {
  for (const char* end : {"", "-wal", "-shm", "-journal"}) fs::remove(file.string() + end);
}

}  // namespace

Records Records::create(const fs::path& archive_folder, const Writing& how) {
  WriterLock lock(archive_folder);
  const fs::path file = file_in(archive_folder);
  if (fs::exists(file)) {
    throw ArchiveError(ErrorKind::usage, file.string(), "there are records already",
                       "use the archive, or name another folder");
  }
  const fs::path unfinished = file.string() + ".new";
  remove_unfinished(unfinished);
  {
    Database database(unfinished, Database::Access::create, keys_of(archive_folder));
    upgrade_schema(database, unfinished.string());
  }
  if (real_disk().rename_new(unfinished, file) != 0) {
    throw_disk_error(file, "giving the records their name", errno);
  }
  sync_folder(real_disk(), archive_folder);
  return writer(archive_folder, std::move(lock),
                Database(file, Database::Access::write, keys_of(archive_folder)), how);
}

Records Records::open_writer(const fs::path& archive_folder, const Writing& how) {
  const fs::path file = file_in(archive_folder);
  require_file(file);
  WriterLock lock(archive_folder);
  Database database(file, Database::Access::write, keys_of(archive_folder));
  const bool has_ledger =
      database.has_table("ledger_tree") && database.number("SELECT COUNT(*) FROM ledger_tree") > 0;
  upgrade_schema(database, file.string(), has_ledger ? steps_before_the_ledger() : migrations());
  return writer(archive_folder, std::move(lock), std::move(database), how);
}

Records Records::open_beside(const fs::path& archive_folder, const Writing& how) {
  const fs::path file = file_in(archive_folder);
  require_file(file);
  Database database(file, Database::Access::write, keys_of(archive_folder));
  require_schema(database, file.string());
  Acting acting = how.acting;
  const std::optional<Identity> identity = identity_for(database, how, acting);
  Records records(std::unique_ptr<Impl>(
      new Impl{file.string(), std::nullopt, std::move(database), {}, nullptr, std::nullopt}));
  Impl& impl = *records.impl_;
  impl.ledger =
      std::make_unique<LedgerWriter>(impl.database, archive_folder / "ledger", acting, impl.where);
  if (identity) impl.powers = identity->powers;
  return records;
}

Records Records::writer(const fs::path& archive_folder, WriterLock lock, Database database,
                        const Writing& how) {
  const LedgerPlaces places{archive_folder / "ledger", how.key_file, how.heads_to,
                            keys_of(archive_folder)};
  const std::string where = file_in(archive_folder).string();
  Acting acting = how.acting;
  const std::optional<Identity> identity = identity_for(database, how, acting);
  const bool may_operate = !identity || identity->powers.may(Right::operate);
  if (how.lost == LostOfLedger::heads) {
    // That it was refused cannot be noted before there are heads to sign it.
    if (!may_operate) throw forbidden(*identity, Right::operate, where);
    if (identity) acting.post = identity->powers.post_for(Right::operate);
  }
  // An archive of before the ledger gets its key now; one that lost its key does not.
  const bool begins = database.number("SELECT COUNT(*) FROM ledger_tree") == 0;
  if (begins || (how.lost == LostOfLedger::key && may_operate)) HeadLog::create(places);
  Records records(std::unique_ptr<Impl>(
      new Impl{where, std::move(lock), std::move(database), {}, nullptr, std::nullopt}));
  Impl& impl = *records.impl_;
  impl.ledger = std::make_unique<LedgerWriter>(impl.database, places, acting, where, how.lost);
  impl.upgrade(migrations());
  impl.note_what_is_outside(archive_folder / "juanzong.toml");
  if (identity && identity->number == 0) records.found(*how.claim);
  if (identity) impl.powers = identity->powers;
  return records;
}

Records Records::open_reader(const fs::path& archive_folder) {
  const fs::path file = file_in(archive_folder);
  require_file(file);
  Database database(file, Database::Access::read, keys_of(archive_folder));
  require_schema(database, file.string());
  return Records(std::unique_ptr<Impl>(
      new Impl{file.string(), std::nullopt, std::move(database), {}, nullptr, std::nullopt}));
}

void Records::upgrade(const fs::path& archive_folder, const Writing& how) {
  const fs::path file = file_in(archive_folder);
  require_file(file);
  {
    Database database(file, Database::Access::read, keys_of(archive_folder));
    if (archive::schema_version(database, file.string()) >= migrations().back().number) return;
  }
  open_writer(archive_folder, how);
}

Identity identify(const fs::path& archive_folder, const Claim& claim) {
  const fs::path file = file_in(archive_folder);
  require_file(file);
  Database database(file, Database::Access::read, keys_of(archive_folder));
  return identify(database, claim, false);
}

Records::Records(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Records::Records(Records&&) noexcept = default;
Records& Records::operator=(Records&&) noexcept = default;
Records::~Records() = default;

int Records::schema_version() const {
  return archive::schema_version(impl_->database, impl_->where);
}

Records::LedgerState Records::settle_ledger() {
  LedgerWriter& ledger = *impl_->ledger;
  ledger.sign();
  HeadLog& heads = ledger.heads();
  return {ledger.entries(), heads.last().entries, heads.key_id(), heads.copy_outside()};
}

std::string Records::change_signing_key() {
  SigningKey fresh = SigningKey::make();
  const std::string id = fresh.id();
  RecordedTransaction transaction(*impl_, {Right::operate});
  impl_->note("signing_key_changed", "archive", 0, json_object({{"key", id}}));
  transaction.commit();
  // The old key's last head covers the entry that brings in the new one.
  impl_->ledger->sign();
  impl_->ledger->heads().change_key(std::move(fresh));
  return id;
}

void Records::for_each_event(std::int64_t after,
                             const std::function<void(const Event&)>& visit) const {
  Rows rows = impl_->database.query(
      "SELECT event, happened_at, actor, post, action, object_kind, object_number, reason, method, "
      "details, co_signer FROM events WHERE event > $1 ORDER BY event",
      {after});
  while (rows.next()) {
    visit(Event{rows.integer(), rows.text(), rows.text(), rows.text(), rows.text(), rows.text(),
                rows.integer(), rows.text(), rows.text(), rows.text(), rows.text()});
  }
}

void Records::Impl::note(std::string_view action, std::string_view object_kind,
                         std::int64_t object_number, std::string_view details) {
  ledger->note(action, object_kind, object_number, details);
}

void Records::Impl::note_what_is_outside(const fs::path& settings) {
  note_digest("schema_version", "schema_changed", schema_text());
  std::ifstream in(settings, std::ios::binary);
  if (!in) return;  // whoever needs them says so
  note_digest("settings", "settings_changed", {std::istreambuf_iterator<char>(in), {}});
}

std::string Records::Impl::schema_text() {
  std::string text;
  Rows rows =
      database.query("SELECT version, name, applied_at FROM schema_version ORDER BY version");
  while (rows.next()) {
    text += std::to_string(rows.integer()) + "\t";
    text += rows.text() + "\t";
    text += rows.text() + "\n";
  }
  return text;
}

void Records::Impl::note_digest(std::string_view what, std::string_view action,
                                const std::string& text) {
  RecordedTransaction transaction(*this);
  if (const std::string fresh = keep_digest(what, text); !fresh.empty()) {
    note(action, "archive", 0, json_object({{"sha256", fresh}}));
  }
  transaction.commit();
}

std::string Records::Impl::keep_digest(std::string_view what, const std::string& text) {
  DigestCounter counter(DigestKind::sha256);
  counter.add(std::as_bytes(std::span(text)));
  const std::string digest = hex_of(counter.finish());
  const auto changed = database.execute(
      "INSERT INTO kept_digests (what, sha256) VALUES ($1, $2) ON CONFLICT (what) "
      "DO UPDATE SET sha256 = excluded.sha256 WHERE sha256 <> excluded.sha256",
      {what, digest});
  return changed > 0 ? digest : std::string();
}

void Records::Impl::reopen(BatchNumber batch) {
  const auto changed = database.execute(
      "UPDATE batches SET state = 'open', closed_at = '', held_reason = '' "
      "WHERE batch = $1 AND state <> 'open'",
      {batch});
  if (changed > 0) note("batch_reopened", "batch", batch);
}

void Records::Impl::require(std::span<const Right> any_of) {
  const bool follows = open_transactions > (together ? 1 : 0);
  if (!powers || any_of.empty() || follows) return;
  for (const Right right : any_of) {
    if (!powers->may(right)) continue;
    ledger->act_by(powers->post_for(right));
    return;
  }
  if (together) {
    refused = any_of.front();
  } else {
    note_refusal(any_of.front());
  }
  throw forbidden({0, ledger->acting().who, {}, {}}, any_of.front(), where);
}

void Records::Impl::note_refusal(Right right) {
  RecordedTransaction transaction(*this);
  note("refused", "archive", 0, json_object({{"right", name_of(right)}}));
  transaction.commit();
}

void Records::together(const std::function<void()>& changes) {
  try {
    RecordedTransaction transaction(*impl_);
    impl_->together = true;
    changes();
    transaction.commit();
    impl_->together = false;
  } catch (...) {
    impl_->together = false;
    if (const auto right = std::exchange(impl_->refused, std::nullopt)) note_refusal(*right);
    throw;
  }
}

void Records::note_refusal(Right right) { impl_->note_refusal(right); }

const std::string& Records::writes_as() const { return impl_->ledger->acting().who; }

// Steps that came after the ledger are entries of it: what they add to a table is told there, and
// they change no row that the ledger covers.
void Records::Impl::upgrade(std::span<const Migration> steps) {
  const int version = archive::schema_version(database, where);
  for (const Migration& step : steps) {
    if (step.number <= version) continue;
    RecordedTransaction transaction(*this);
    ledger->note_changes(apply_step(database, step));
    ledger->forget_columns();
    note("schema_changed", "archive", 0, json_object({{"schema", std::int64_t{step.number}}}));
    if (database.has_table("kept_digests")) keep_digest("schema_version", schema_text());
    transaction.commit();
  }
}

RecordedTransaction::RecordedTransaction(Records::Impl& impl, std::initializer_list<Right> any_of)
    : impl_((impl.require({any_of.begin(), any_of.size()}), impl)),
      ledger_(*impl.ledger),
      transaction_(impl.database),
      outermost_(!ledger_.active()) {
  if (outermost_) ledger_.begin();
  ++impl_.open_transactions;
}

RecordedTransaction::~RecordedTransaction() {
  --impl_.open_transactions;
  if (open_ && outermost_) ledger_.rolled_back();
}

void RecordedTransaction::commit() {
  if (outermost_) ledger_.seal();
  transaction_.commit();
  open_ = false;
  if (outermost_) ledger_.committed();
}

}  // namespace archive
