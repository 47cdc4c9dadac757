#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/ledger.h"
#include "store/ledger/signing_key.h"
#include "store/objects/disk.h"
#include "store/sealing/keyring.h"

namespace archive {

/// Where the key is, and where copies of the heads go.
struct LedgerPlaces {
  std::filesystem::path folder;    ///< `ledger` of the archive
  std::filesystem::path key_file;  ///< private; empty: signing.key in `folder`
  std::vector<std::filesystem::path> outside;
  ArchiveKeysPtr keys = nullptr;  ///< of an encrypted archive: the private key is sealed by them
};

/// What of a ledger is lost together with every copy, so that a person has it begin anew.
enum class LostOfLedger { nothing, key, heads };

/// The signed heads of a ledger, as files that only grow:
///
///     signing.key        private key, mode 0600; may lie elsewhere; sealed in an encrypted archive
///     keys/<id>.pem      public keys, the present one and earlier ones
///     leaves             32 bytes an entry: its leaf of the SHA-256 tree
///     heads              a line a head: what was signed, the key's id, the signature
///
/// The same but the private key is kept in every outside folder, out of the reach of whoever may
/// change the archive: what they say cannot be said otherwise later. A place that is not there,
/// such as a medium that was taken out, gets what it lacks when it is back; one that says something
/// else is never overwritten.
///
/// Every failure to write in the archive throws ArchiveError{disk}.
class HeadLog {
 public:
  /// Makes folder and key where they are missing.
  static void create(const LedgerPlaces& places, Disk& disk = real_disk());

  /// Throws ArchiveError{damage} when the key is missing or unreadable, or the files contradict
  /// each other. What a kill left of an unfinished line is taken away.
  explicit HeadLog(LedgerPlaces places, Disk& disk = real_disk());

  /// The last head of a folder.
  struct Last {
    std::int64_t entries = 0;  ///< under it; 0: there is none
    std::string line;          ///< of the file, with its end; empty: there is none
    /// Whether it says that its entries have this root; true when there is none.
    bool root_is(const DigestPair& root) const;
  };
  /// Changes nothing, and may be asked beside whoever signs. Throws ArchiveError{damage} when there
  /// are fewer leaves than it covers.
  static Last last_in(const std::filesystem::path& folder);

  /// Gets everything ready for heads of which none is left, neither here nor in an outside folder
  /// that is there, and returns the id of the key that signs from now on: the one that was kept
  /// elsewhere, or a new one. What is left of the files is put aside as `heads.lost-1`, … Throws
  /// ArchiveError{usage} when there are heads.
  static std::string begin_anew(const LedgerPlaces& places, Disk& disk = real_disk());

  const Last& last() const { return last_; }
  const std::string& key_id() const { return key_id_; }

  /// Signs and keeps a head, durable when it returns, then copies it outside. `leaves` are those
  /// of the entries after last(). REQUIRES: head.size == last().entries + leaves.size(). Once it
  /// failed it is not tried again: a second fsync would lie, and half a line may be there; the next
  /// process takes that away.
  void append(const LedgerHead& head, std::span<const Digest> leaves);

  /// The key that signs. Throws ArchiveError{damage} when it is missing or damaged.
  static SigningKey signing_key(const LedgerPlaces& places);

  /// What is wrong with the key that signs and its public part in the archive; "" when nothing is,
  /// or when the key lies elsewhere and is not there now, or may not be read.
  static std::string key_problem(const LedgerPlaces& places);

  /// This key signs from now on; the old one's public part stays.
  void change_key(SigningKey fresh);

  struct Outside {
    enum class State { current, unreachable, contradicts, ahead };
    std::filesystem::path folder;
    State state = State::current;
    std::int64_t size = 0;  ///< entries under the last head there
  };
  /// Brings every outside folder up to date and says how each is.
  std::vector<Outside> copy_outside();

 private:
  void read_heads();
  Outside copy_to(const std::filesystem::path& folder);

  LedgerPlaces places_;
  Disk& disk_;
  SigningKey key_;
  std::string key_id_;
  Last last_;
  bool failed_ = false;  // what the files hold is not known any more
};

}  // namespace archive
