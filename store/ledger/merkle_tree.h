#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ledger.h"
#include "store/objects/digest.h"

// The Merkle tree of RFC 6962, section 2.1, over the entries of the ledger, once with SHA-256 and
// once with SM3. A leaf is digest(00 || entry), a node digest(01 || left || right).

namespace archive {

/// Counts leaves and nodes with one digest.
class MerkleHasher {
 public:
  explicit MerkleHasher(DigestKind kind) : counter_(kind) {}

  Digest leaf(std::string_view entry);
  Digest node(const Digest& left, const Digest& right);
  Digest empty();  ///< root of no leaves: the digest of nothing

 private:
  DigestCounter counter_;
};

/// A tree that only grows: of all its leaves it keeps the roots of the full subtrees, at most 63,
/// so that appending and the root cost the logarithm of its size.
class GrowingTree {
 public:
  explicit GrowingTree(DigestKind kind) : hasher_(kind) {}
  /// Becomes the tree of `size` leaves with these peaks(). Throws std::invalid_argument when there
  /// are not as many as such a tree has.
  void become(std::int64_t size, std::vector<Digest> peaks);

  /// Returns the leaf.
  Digest append(std::string_view entry);
  void append_leaf(const Digest& leaf);

  std::int64_t size() const { return size_; }
  Digest root();
  /// Roots of the full subtrees, the largest first.
  const std::vector<Digest>& peaks() const { return peaks_; }

 private:
  MerkleHasher hasher_;
  std::int64_t size_ = 0;
  std::vector<Digest> peaks_;
};

/// Merkle audit path of leaf `index` (from 0) in the tree over `leaves`, RFC 6962 section 2.1.1.
/// REQUIRES: index < leaves.size().
std::vector<Digest> inclusion_proof(MerkleHasher& hasher, std::size_t index,
                                    std::span<const Digest> leaves);
/// Consistency proof from the tree over the first `earlier` leaves, RFC 6962 section 2.1.2.
/// REQUIRES: 0 < earlier <= leaves.size().
std::vector<Digest> consistency_proof(MerkleHasher& hasher, std::size_t earlier,
                                      std::span<const Digest> leaves);

}  // namespace archive
