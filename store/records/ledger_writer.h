#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ledger.h"
#include "store/ledger/head_log.h"
#include "store/ledger/merkle_tree.h"
#include "store/records/change_watch.h"
#include "store/records/sql.h"

namespace archive {

/// Writes the ledger's part of every transaction: the events that were noted, with the rows that
/// changed, as the next entries of the Merkle tree. Signs a head after a batch was closed, after
/// kHeadEntries entries or kHeadAfter, and when the writer goes.
///
/// Another process may write entries between two transactions (Records::open_beside()): each one
/// begins with what came since, counted into the trees anew.
class LedgerWriter {
 public:
  static constexpr std::int64_t kHeadEntries = 100;
  static constexpr std::chrono::seconds kHeadAfter{60};

  /// Begins the ledger of records that have none with every row they have. Events that were
  /// committed and not signed when a process was killed are signed now. Throws ArchiveError{damage}
  /// when the signed heads are ahead of the records: an older copy of the database was put here;
  /// and when there are none any more over a ledger that goes on after its beginning, unless a
  /// person says that they are lost: heads are then begun anew, and the first one covers an entry
  /// that says so. Throws as HeadLog::begin_anew() does.
  LedgerWriter(Database& database, LedgerPlaces places, Acting acting, const std::string& where,
               LostOfLedger lost = LostOfLedger::nothing);
  /// Signs nothing: whoever has the archive's lock does. Throws ArchiveError{records} when the
  /// ledger was not begun, and {damage} as the other one does over the heads in `ledger_folder`.
  LedgerWriter(Database& database, const std::filesystem::path& ledger_folder, Acting acting,
               const std::string& where);
  ~LedgerWriter();
  LedgerWriter(const LedgerWriter&) = delete;
  LedgerWriter& operator=(const LedgerWriter&) = delete;

  /// A transaction was begun.
  void begin();
  bool active() const { return active_; }
  /// REQUIRES: active().
  void note(std::string_view action, std::string_view object_kind, std::int64_t object_number,
            std::string_view details);
  /// Lines of changes that come before those of the rows. REQUIRES: active().
  void note_changes(std::string_view lines) { noted_changes_ += lines; }
  /// Tables or columns changed since this object first saw one.
  void forget_columns() { watch_.forget_columns(); }
  /// Writes the events; the transaction is to be committed next.
  void seal();
  /// It was: may sign a head.
  void committed();
  void rolled_back() noexcept;

  void act_by(const std::string& post) { acting_.post = post; }
  const Acting& acting() const { return acting_; }

  /// Signs a head over everything, where there is something to sign.
  void sign();
  /// REQUIRES: not one that signs nothing.
  HeadLog& heads() { return *heads_; }
  std::int64_t entries() const { return trees_.sha256.size(); }

 private:
  struct Trees {
    GrowingTree sha256{DigestKind::sha256};
    GrowingTree sm3{DigestKind::sm3};
  };
  struct Noted {
    std::string action;
    std::string object_kind;
    std::int64_t object_number = 0;
    std::string details;
  };

  void refuse_lost_heads(const std::filesystem::path& folder, const HeadLog::Last& last);
  void begin_ledger();
  void begin_heads_anew(const LedgerPlaces& places);
  void read_trees();
  void catch_up();
  void refuse_what_contradicts(const HeadLog::Last& last);
  void read_unsigned();
  void keep_trees();
  void put_event(const Noted& noted, std::string_view changes);
  void append(const LedgerEntry& entry);

  Database& database_;
  std::string where_;
  std::optional<HeadLog> heads_;
  Acting acting_;
  ChangeWatch watch_;
  Trees trees_;
  std::vector<Digest> unsigned_;  // leaves of entries that are under no head yet
  // As all of these were when the transaction began to be sealed.
  struct Before {
    std::int64_t entries = 0;
    std::vector<Digest> sha256_peaks;
    std::vector<Digest> sm3_peaks;
    std::size_t unsigned_entries = 0;
  };
  std::optional<Before> before_;
  std::optional<std::chrono::steady_clock::time_point> unsigned_since_;
  std::vector<Noted> noted_;
  std::string noted_changes_;
  bool active_ = false;
  bool sign_now_ = false;
};

}  // namespace archive
