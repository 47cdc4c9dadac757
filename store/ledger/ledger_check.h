#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/ledger.h"
#include "store/ledger/merkle_tree.h"

namespace archive {

/// The last signed head of a ledger, and whether it holds, by the files of `ledger` alone
/// (docs/STORE_FORMAT.md, "Ledger"): read beside whoever writes, and changed by nobody here.
///
/// All members may be called from any thread.
class LedgerCheck {
 public:
  explicit LedgerCheck(std::filesystem::path ledger_folder) : folder_(std::move(ledger_folder)) {}

  struct Head {
    std::int64_t size = 0;  ///< entries under it; 0: none was signed
    std::string signed_at;
    std::string sha256;  ///< the root, as it was signed
    std::string key_id;
    std::string line;  ///< of the file: what was signed, the key, the signature
    bool root_holds = false;       ///< the kept leaves have this root
    bool signature_holds = false;  ///< by the public key that lies in the archive
    bool holds() const { return root_holds && signature_holds; }
  };
  /// Reads what was added since the last call.
  Head look();

  /// The leaf of an entry as the files keep it; nothing beyond the last head.
  std::optional<Digest> leaf(std::int64_t entry) const;

  /// That an entry is under the head: RFC 6962, section 2.1.1, from the leaf to the root.
  struct Proof {
    std::int64_t entry = 0, tree_size = 0;
    Digest leaf{};
    std::vector<Digest> path;
  };
  std::optional<Proof> proof(std::int64_t entry);

 private:
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  GrowingTree tree_{DigestKind::sha256};  // guarded by mutex_: of the leaves under head_
  Head head_;                             // guarded by mutex_
};

}  // namespace archive
