#include "store/ledger/merkle_tree.h"

#include <bit>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace archive {
namespace {

constexpr std::string_view kLeafMark{"\0", 1};
constexpr std::string_view kNodeMark{"\1", 1};

/// The largest power of two below n. REQUIRES: n > 1.
std::size_t split_of(std::size_t n) { return std::bit_floor(n - 1); }

Digest root_of(MerkleHasher& hasher, std::span<const Digest> leaves) {
  if (leaves.empty()) return hasher.empty();
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = split_of(leaves.size());
  const Digest left = root_of(hasher, leaves.first(split));
  return hasher.node(left, root_of(hasher, leaves.subspan(split)));
}

// SUBPROOF of section 2.1.2; `whole`: the earlier tree is exactly this subtree of the later one,
// whose root the verifier knows.
void add_subproof(MerkleHasher& hasher, std::size_t earlier, std::span<const Digest> leaves,
                  bool whole, std::vector<Digest>& proof) {
  if (earlier == leaves.size()) {
    if (!whole) proof.push_back(root_of(hasher, leaves));
    return;
  }
  const std::size_t split = split_of(leaves.size());
  if (earlier <= split) {
    add_subproof(hasher, earlier, leaves.first(split), whole, proof);
    proof.push_back(root_of(hasher, leaves.subspan(split)));
  } else {
    add_subproof(hasher, earlier - split, leaves.subspan(split), false, proof);
    proof.push_back(root_of(hasher, leaves.first(split)));
  }
}

}  // namespace

Digest MerkleHasher::leaf(std::string_view entry) {
  counter_.add(kLeafMark);
  counter_.add(entry);
  return counter_.finish();
}

Digest MerkleHasher::node(const Digest& left, const Digest& right) {
  counter_.add(kNodeMark);
  counter_.add(left);
  counter_.add(right);
  return counter_.finish();
}

Digest MerkleHasher::empty() { return counter_.finish(); }

void GrowingTree::become(std::int64_t size, std::vector<Digest> peaks) {
  const auto peaks_of_size = std::popcount(static_cast<std::uint64_t>(size));
  if (size < 0 || peaks.size() != static_cast<std::size_t>(peaks_of_size)) {
    throw std::invalid_argument("peaks that do not fit the size of the tree");
  }
  size_ = size;
  peaks_ = std::move(peaks);
}

Digest GrowingTree::append(std::string_view entry) {
  const Digest leaf = hasher_.leaf(entry);
  append_leaf(leaf);
  return leaf;
}

void GrowingTree::append_leaf(const Digest& leaf) {
  Digest made = leaf;
  // Each full subtree of the same size becomes the left half of the next larger one.
  for (auto rest = static_cast<std::uint64_t>(size_); (rest & 1) != 0; rest >>= 1) {
    made = hasher_.node(peaks_.back(), made);
    peaks_.pop_back();
  }
  peaks_.push_back(made);
  ++size_;
}

Digest GrowingTree::root() {
  if (peaks_.empty()) return hasher_.empty();
  Digest root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = hasher_.node(peaks_[i], root);
  return root;
}

std::vector<Digest> inclusion_proof(MerkleHasher& hasher, std::size_t index,
                                    std::span<const Digest> leaves) {
  assert(index < leaves.size());
  if (leaves.size() == 1) return {};
  const std::size_t split = split_of(leaves.size());
  if (index < split) {
    std::vector<Digest> path = inclusion_proof(hasher, index, leaves.first(split));
    path.push_back(root_of(hasher, leaves.subspan(split)));
    return path;
  }
  std::vector<Digest> path = inclusion_proof(hasher, index - split, leaves.subspan(split));
  path.push_back(root_of(hasher, leaves.first(split)));
  return path;
}

std::vector<Digest> consistency_proof(MerkleHasher& hasher, std::size_t earlier,
                                      std::span<const Digest> leaves) {
  assert(earlier > 0 && earlier <= leaves.size());
  std::vector<Digest> proof;
  add_subproof(hasher, earlier, leaves, true, proof);
  return proof;
}

}  // namespace archive
