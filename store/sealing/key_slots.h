#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/objects/disk.h"
#include "store/sealing/cipher.h"
#include "store/sealing/passphrase.h"

// How a backup repository or an encrypted archive is opened. Its master key is random and never
// changes; it lies in `keys/`, encrypted once for every way in: a key file, a passphrase, the
// recovery key that was printed when it was begun. A way in can be replaced without writing
// anything else anew.

namespace archive {

/// A way in, as somebody names it on the command line; exactly one is not empty.
struct KeySource {
  std::filesystem::path key_file;         ///< 64 hexadecimal digits
  std::filesystem::path passphrase_file;  ///< its first line; "-": of standard input
  std::filesystem::path recovery_file;    ///< the recovery key as it was printed; "-" as above
  std::string typed;                      ///< a passphrase that was typed at the terminal

  bool named() const {
    return !key_file.empty() || !passphrase_file.empty() || !recovery_file.empty() ||
           !typed.empty();
  }
};

/// Whose keys they are: the word stands in the texts and labels of its slots.
enum class KeyOwner { backup, archive };

/// Makes a new key file, mode 0600 and durable. Throws ArchiveError{usage} when it is there.
void make_key_file(const std::filesystem::path& file, Disk& disk = real_disk());

/// A master key in its files, under each way in.
class KeySlots {
 public:
  /// `id` tells one owner from another of its kind: a slot opens no other.
  KeySlots(std::filesystem::path folder, KeyOwner owner, std::string id)
      : folder_(std::move(folder)), owner_(owner), id_(std::move(id)) {}

  /// Adds ways in. The new slots are durable before those of the same kind that were there go; a
  /// kill in between leaves both. `announce` is told the kind of each slot before it is written.
  /// Throws ArchiveError{usage} for a passphrase of an archive that is shorter than 12 characters.
  void put(const Secret& master, const KeySource& source, const PassphraseCost& cost = {},
           Disk& disk = real_disk(),
           const std::function<void(std::string_view kind)>& announce = {}) const;
  /// Adds a recovery key in place of the one before, and returns its text: it is kept nowhere.
  /// `show` gets it once it opens and while the one before opens too: what nobody saw locks nobody
  /// out.
  std::string put_recovery(const Secret& master, Disk& disk = real_disk(),
                           const std::function<void(const std::string& text)>& show = {}) const;

  /// Throws ArchiveError{wrong_key} when no slot opens with it, {damage} when there are no slots.
  Secret open(const KeySource& source) const;

  /// Slots that are not as they were written, by their names.
  std::vector<std::string> damaged(const Secret& master) const;

  /// The ways in: "keyfile", "passphrase", "recovery", each with the file of its slot.
  struct WayIn {
    std::string kind;
    std::filesystem::path file;
  };
  std::vector<WayIn> ways_in() const;

 private:
  enum class Kind { key_file, passphrase, recovery };
  struct Slot;
  static std::string_view name_of(Kind kind);
  std::string prefix() const;
  std::string label(std::string_view kind) const;
  Secret slot_key(std::string_view kind, std::string_view words, const Salt& salt,
                  const PassphraseCost& cost) const;
  void put_slot(const Secret& master, Kind kind, std::string_view words, const PassphraseCost& cost,
                Disk& disk, const std::function<void()>& while_both_open = {}) const;
  std::vector<Slot> slots() const;

  std::filesystem::path folder_;
  KeyOwner owner_;
  std::string id_;
};

/// A line that only whoever has the master key can write under a text.
std::string mac_line(const Secret& master, KeyOwner owner, std::string_view text);

}  // namespace archive
