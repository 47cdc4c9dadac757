#include "store/records/ledger_writer.h"

#include <cassert>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "core/timestamp.h"
#include "store/ledger/entry_text.h"
#include "store/objects/compression.h"
#include "store/records/json_text.h"
#include "store/records/ledger_entries.h"

namespace archive {
namespace {

constexpr const char* kTreeAdvice =
    "stop writing, run `juanzong verify`; `juanzong backup restore` makes the archive again";

// The text of changes that one event carries: many rows become many events, so that nobody ever
// needs more memory than this for one.
constexpr std::size_t kChangesMax = std::size_t{8} << 20;

std::vector<Digest> peaks_in(std::string_view bytes) {
  std::vector<Digest> peaks(bytes.size() / sizeof(Digest));
  if (!peaks.empty()) std::memcpy(peaks.data(), bytes.data(), peaks.size() * sizeof(Digest));
  return peaks;
}

SqlBytes bytes_of(const std::vector<Digest>& peaks) {
  return {{reinterpret_cast<const char*>(peaks.data()), peaks.size() * sizeof(Digest)}};
}

/// Calls `take` with the text of all changes, in parts of at most kChangesMax and a line; the last
/// one, which may be empty, with `last`.
class Parts {
 public:
  explicit Parts(std::function<void(std::string_view text, bool last)> take, std::string first = {})
      : take_(std::move(take)), text_(std::move(first)) {}
  void add(const RowChange& change) {
    text_ += change_line(change);
    if (text_.size() < kChangesMax) return;
    take_(text_, false);
    text_.clear();
  }
  void end() { take_(text_, true); }

 private:
  std::function<void(std::string_view, bool)> take_;
  std::string text_;
};

}  // namespace

LedgerWriter::LedgerWriter(Database& database, LedgerPlaces places, Acting acting,
                           const std::string& where, LostOfLedger lost)
    : database_(database), where_(where), acting_(std::move(acting)), watch_(database) {
  if (lost == LostOfLedger::heads) {
    begin_heads_anew(places);
  } else {
    refuse_lost_heads(places.folder, HeadLog::last_in(places.folder));
  }
  // Before the entries: those that others add meanwhile are then under no head.
  heads_.emplace(std::move(places));
  if (database_.number("SELECT COUNT(*) FROM ledger_tree") == 0) begin_ledger();
  {
    const Transaction moment(database_, Transaction::Kind::read);
    read_trees();
    refuse_what_contradicts(heads_->last());
    read_unsigned();
  }
  sign();
}

LedgerWriter::LedgerWriter(Database& database, const std::filesystem::path& ledger_folder,
                           Acting acting, const std::string& where)
    : database_(database), where_(where), acting_(std::move(acting)), watch_(database) {
  // Before the entries, as above: somebody signs meanwhile.
  const HeadLog::Last last = HeadLog::last_in(ledger_folder);
  if (database_.number("SELECT COUNT(*) FROM ledger_tree") == 0) {
    throw ArchiveError(ErrorKind::records, where, "the ledger of these records was not begun",
                       "give any command that writes, such as `juanzong ledger`");
  }
  refuse_lost_heads(ledger_folder, last);
  read_trees();
  refuse_what_contradicts(last);
}

LedgerWriter::~LedgerWriter() {
  try {
    sign();
  } catch (const ArchiveError&) {
    // The next process that opens the records signs what is committed.
  }
}

// Signing everything anew would sign a forged past. Whoever begins a ledger signs it before he
// writes anything else: only a kill right there leaves a ledger without a head, and it ends then
// with the entry that began it.
void LedgerWriter::refuse_lost_heads(const std::filesystem::path& folder,
                                     const HeadLog::Last& last) {
  if (last.entries > 0) return;
  const bool begun = database_.number("SELECT COUNT(*) FROM ledger_tree") > 0;
  const std::int64_t just_begun = database_.number(
      "SELECT COUNT(*) FROM events, ledger_tree WHERE event = entries AND action = 'ledger_begun'");
  const std::int64_t ever_begun =
      database_.number("SELECT COUNT(*) FROM events WHERE action = 'ledger_begun'");
  if (begun ? just_begun > 0 : ever_begun == 0) return;
  throw ArchiveError(
      ErrorKind::damage, folder.string(),
      "there are no signed heads any more, and the ledger has entries",
      "stop writing, run `juanzong-audit` and bring the folder `ledger` back from a "
      "backup or from a copy outside the archive; when every copy is lost, "
      "`juanzong ledger --sign-anew` begins new heads and keeps the reason you give");
}

// Counted from the entries themselves: nobody's signature says any more what the tree over them is.
// A kill before they are signed leaves a ledger without heads, and the same command goes on.
void LedgerWriter::begin_heads_anew(const LedgerPlaces& places) {
  if (database_.number("SELECT COUNT(*) FROM ledger_tree") == 0) {
    throw ArchiveError(ErrorKind::usage, where_, "the records keep no tree of a ledger",
                       "give the command without --sign-anew");
  }
  Transaction transaction(database_);
  catch_up();
  const std::string key = HeadLog::begin_anew(places);
  const std::int64_t entries = trees_.sha256.size();
  put_event({std::string(kHeadsBegunAnew), "archive", 0,
             json_object({{"entries", entries}, {"key", key}})},
            "");
  keep_trees();
  transaction.commit();
}

void LedgerWriter::begin_ledger() {
  Transaction transaction(database_);
  // What was noted before there was a ledger becomes its first entries.
  for_each_entry(database_, 0, [this](const LedgerEntry& entry) { append(entry); });
  Parts parts([this](std::string_view text, bool last) {
    put_event({last ? "ledger_begun" : "rows_taken_over", "archive", 0, "{}"}, text);
  });
  watch_.for_each_row([&parts](const RowChange& change) { parts.add(change); });
  parts.end();
  keep_trees();
  transaction.commit();
}

void LedgerWriter::read_trees() {
  Rows rows = database_.query("SELECT entries, sha256_peaks, sm3_peaks FROM ledger_tree");
  rows.next();
  const std::int64_t size = rows.integer();
  const std::vector<Digest> sha256 = peaks_in(rows.bytes());
  const std::vector<Digest> sm3 = peaks_in(rows.bytes());
  try {
    trees_.sha256.become(size, sha256);
    trees_.sm3.become(size, sm3);
  } catch (const std::invalid_argument& fault) {
    throw ArchiveError(ErrorKind::damage, where_,
                       std::string("what it keeps of the tree is damaged: ") + fault.what(),
                       kTreeAdvice);
  }
}

// What is kept of the trees is signed by nobody. Going on from damage would sign it.
void LedgerWriter::refuse_what_contradicts(const HeadLog::Last& last) {
  const std::int64_t size = trees_.sha256.size();
  if (last.entries > size) {
    throw ArchiveError(ErrorKind::damage, where_,
                       "the ledger has " + std::to_string(size) +
                           " entries and a signed head over " + std::to_string(last.entries),
                       "an older copy of the records was put here: bring back the newest one, or "
                       "run `juanzong-audit` to see what is missing");
  }
  if (last.entries != size || last.root_is({trees_.sha256.root(), trees_.sm3.root()})) return;
  throw ArchiveError(ErrorKind::damage, where_,
                     "what it keeps of the ledger's tree is not what the last head was signed over",
                     kTreeAdvice);
}

// The leaves of entries that no head covers yet.
void LedgerWriter::read_unsigned() {
  const std::int64_t known = heads_->last().entries;
  unsigned_.clear();
  MerkleHasher hasher(DigestKind::sha256);
  for_each_entry(database_, known, [&](const LedgerEntry& entry) {
    unsigned_.push_back(hasher.leaf(entry_text(entry)));
  });
  if (known + static_cast<std::int64_t>(unsigned_.size()) != trees_.sha256.size()) {
    throw ArchiveError(ErrorKind::damage, where_, "the ledger lacks entries",
                       "stop writing and run `juanzong-audit`: it names the first one");
  }
}

// What another process added since this one last looked.
void LedgerWriter::catch_up() {
  const std::int64_t known = trees_.sha256.size();
  const std::int64_t kept = database_.number("SELECT entries FROM ledger_tree");
  if (kept == known) return;
  for_each_entry(database_, known, [this](const LedgerEntry& entry) { append(entry); });
  const std::int64_t counted = trees_.sha256.size();
  const auto own = std::pair(trees_.sha256.peaks(), trees_.sm3.peaks());
  read_trees();
  if (counted == kept && own == std::pair(trees_.sha256.peaks(), trees_.sm3.peaks())) return;
  throw ArchiveError(ErrorKind::damage, where_,
                     "the ledger's tree does not follow from its entries",
                     "stop writing and run `juanzong-audit`: it names the first wrong entry");
}

void LedgerWriter::keep_trees() {
  database_.execute(
      "INSERT INTO ledger_tree (tree, entries, sha256_peaks, sm3_peaks) VALUES (1, $1, $2, $3) "
      "ON CONFLICT (tree) DO UPDATE SET entries = excluded.entries, "
      "sha256_peaks = excluded.sha256_peaks, sm3_peaks = excluded.sm3_peaks",
      {trees_.sha256.size(), bytes_of(trees_.sha256.peaks()), bytes_of(trees_.sm3.peaks())});
}

void LedgerWriter::append(const LedgerEntry& entry) {
  const std::string text = entry_text(entry);
  unsigned_.push_back(trees_.sha256.append(text));
  trees_.sm3.append(text);
}

void LedgerWriter::put_event(const Noted& noted, std::string_view changes) {
  LedgerEntry entry;
  entry.number = trees_.sha256.size() + 1;
  entry.happened_at = timestamp_now();
  entry.acting = acting_;
  entry.action = noted.action;
  entry.object_kind = noted.object_kind;
  entry.object_number = noted.object_number;
  entry.details = noted.details;
  entry.has_changes = !changes.empty();
  if (entry.has_changes) entry.changes = digests_of(changes);
  const std::string frame = changes.empty() ? "" : compress(changes);
  database_.execute(
      "INSERT INTO events (event, happened_at, actor, post, action, object_kind, object_number, "
      "reason, method, details, changes, co_signer) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
      {entry.number, entry.happened_at, entry.acting.who, entry.acting.post, entry.action,
       entry.object_kind, entry.object_number, entry.acting.reason, entry.acting.method,
       entry.details, SqlBytes{frame}, entry.acting.co_signer});
  append(entry);
}

void LedgerWriter::begin() {
  assert(!active_);
  catch_up();
  active_ = true;
  noted_.clear();
  noted_changes_.clear();
  watch_.begin();
}

void LedgerWriter::note(std::string_view action, std::string_view object_kind,
                        std::int64_t object_number, std::string_view details) {
  assert(active_);
  noted_.push_back(
      {std::string(action), std::string(object_kind), object_number, std::string(details)});
}

void LedgerWriter::seal() {
  before_ =
      Before{trees_.sha256.size(), trees_.sha256.peaks(), trees_.sm3.peaks(), unsigned_.size()};
  const auto put = [this](std::string_view text, bool last) {
    if (!last) {
      put_event({"rows_changed", "archive", 0, "{}"}, text);
      return;
    }
    if (noted_.empty() && !text.empty()) noted_.push_back({"rows_changed", "archive", 0, "{}"});
    for (const Noted& noted : noted_) put_event(noted, &noted == &noted_.back() ? text : "");
  };
  Parts parts(put, std::move(noted_changes_));
  watch_.end([&parts](const RowChange& change) { parts.add(change); });
  parts.end();
  if (unsigned_.size() != before_->unsigned_entries) keep_trees();
  for (const Noted& noted : noted_) sign_now_ = sign_now_ || noted.action == "batch_closed";
}

void LedgerWriter::committed() {
  active_ = false;
  before_.reset();
  const auto now = std::chrono::steady_clock::now();
  if (!unsigned_.empty() && !unsigned_since_) unsigned_since_ = now;
  const bool due = static_cast<std::int64_t>(unsigned_.size()) >= kHeadEntries ||
                   (unsigned_since_ && now - *unsigned_since_ >= kHeadAfter);
  if (sign_now_ || due) sign();
}

void LedgerWriter::rolled_back() noexcept {
  active_ = false;
  sign_now_ = false;
  watch_.forget();
  if (!before_) return;
  trees_.sha256.become(before_->entries, std::move(before_->sha256_peaks));
  trees_.sm3.become(before_->entries, std::move(before_->sm3_peaks));
  unsigned_.resize(before_->unsigned_entries);
  before_.reset();
}

void LedgerWriter::sign() {
  sign_now_ = false;
  if (!heads_) unsigned_.clear();
  if (unsigned_.empty()) return;
  LedgerHead head;
  head.size = trees_.sha256.size();
  head.signed_at = timestamp_now();
  head.root = {trees_.sha256.root(), trees_.sm3.root()};
  heads_->append(head, unsigned_);
  unsigned_.clear();
  unsigned_since_.reset();
}

}  // namespace archive
