#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/digests.h"

// Merkle trees as RFC 6962 section 2.1 defines them, from the verifier's side.

namespace archive::audit {

/// The root over leaves that come one by one, at any moment.
class RunningRoot {
 public:
  explicit RunningRoot(Function function) : counter_(function) {}

  Digest leaf_of(std::string_view entry);
  void add(const Digest& leaf);
  std::int64_t size() const { return size_; }
  Digest root();
  /// The roots of the full subtrees, the largest first, 32 bytes each.
  std::string peaks() const;

 private:
  Digest node(const Digest& left, const Digest& right);

  struct Part {
    std::int64_t leaves = 0;
    Digest root;
  };
  DigestOf counter_;
  std::int64_t size_ = 0;
  std::vector<Part> parts_;  // from left to right, each a full subtree smaller than the one before
};

/// True when `leaf` is number `index` (from 0) of the tree of `size` leaves with this root.
bool verify_inclusion(Function function, const Digest& leaf, std::int64_t index, std::int64_t size,
                      std::span<const Digest> proof, const Digest& root);

/// True when the tree of `size` leaves with `root` begins with the whole of the one of `earlier`
/// leaves with `earlier_root`.
bool verify_consistency(Function function, std::int64_t earlier, std::int64_t size,
                        std::span<const Digest> proof, const Digest& earlier_root,
                        const Digest& root);

}  // namespace archive::audit
