#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/blob_id.h"
#include "store/records/records.h"

namespace archive {

/// A look for what is weak (安全自查, R15) that was filed.
struct SelfcheckRecord {
  std::int64_t number = 0;  ///< given when it is put
  std::string made_at, made_by;
  std::int64_t findings = 0;
  std::optional<BlobId> report;  ///< a JSON text
};

/// What the records say about who uses the archive how, and what was looked after.
class Security {
 public:
  /// Lives as long as this.
  explicit Security(Records& records) : records_(records) {}

  /// Throws ArchiveError{forbidden} unless whoever writes may operate the archive.
  void require_right();
  /// A way into an encrypted archive is replaced: noted before its slot is written, so that no
  /// change is without an entry, and when it is done. `kind`: "keyfile", "passphrase", "recovery".
  void note_keys_changing(std::string_view kind);
  void note_keys_changed(std::string_view kind);

  void put_selfcheck(const SelfcheckRecord& selfcheck);
  std::optional<SelfcheckRecord> last_selfcheck() const;

  /// When somebody last did something by a post; by (user, post).
  std::map<std::pair<std::string, std::string>, std::string> last_use_of_posts() const;
  /// How often somebody was refused since then, a password that was none included; by name.
  std::map<std::string, std::int64_t> refusals_since(const std::string& at) const;

 private:
  Records& records_;
};

}  // namespace archive
