#include "audit/merkle.h"

namespace archive::audit {
namespace {

Digest node_of(DigestOf& counter, const Digest& left, const Digest& right) {
  counter.add(std::string_view("\1", 1));
  counter.add(left);
  counter.add(right);
  return counter.finish();
}

}  // namespace

Digest RunningRoot::leaf_of(std::string_view entry) {
  counter_.add(std::string_view("\0", 1));
  counter_.add(entry);
  return counter_.finish();
}

Digest RunningRoot::node(const Digest& left, const Digest& right) {
  return node_of(counter_, left, right);
}

void RunningRoot::add(const Digest& leaf) {
  parts_.push_back({1, leaf});
  ++size_;
  while (parts_.size() > 1 && parts_[parts_.size() - 2].leaves == parts_.back().leaves) {
    const Part right = parts_.back();
    parts_.pop_back();
    parts_.back() = {2 * right.leaves, node(parts_.back().root, right.root)};
  }
}

Digest RunningRoot::root() {
  if (parts_.empty()) return counter_.finish();
  Digest root = parts_.back().root;
  for (auto part = parts_.rbegin() + 1; part != parts_.rend(); ++part) {
    root = node(part->root, root);
  }
  return root;
}

std::string RunningRoot::peaks() const {
  std::string bytes;
  for (const Part& part : parts_) {
    bytes.append(reinterpret_cast<const char*>(part.root.data()), part.root.size());
  }
  return bytes;
}

// The walk from the leaf upwards of RFC 9162, section 2.1.3.2, which fits the proofs of RFC 6962.
bool verify_inclusion(Function function, const Digest& leaf, std::int64_t index, std::int64_t size,
                      std::span<const Digest> proof, const Digest& root) {
  if (index < 0 || index >= size) return false;
  DigestOf counter(function);
  std::int64_t place = index;
  std::int64_t last = size - 1;
  Digest made = leaf;
  for (const Digest& step : proof) {
    if (last == 0) return false;
    if ((place & 1) != 0 || place == last) {
      made = node_of(counter, step, made);
      while ((place & 1) == 0 && place != 0) {
        place >>= 1;
        last >>= 1;
      }
    } else {
      made = node_of(counter, made, step);
    }
    place >>= 1;
    last >>= 1;
  }
  return last == 0 && made == root;
}

// RFC 9162, section 2.1.4.2.
bool verify_consistency(Function function, std::int64_t earlier, std::int64_t size,
                        std::span<const Digest> proof, const Digest& earlier_root,
                        const Digest& root) {
  if (earlier <= 0 || earlier > size) return false;
  if (earlier == size) return proof.empty() && earlier_root == root;
  DigestOf counter(function);
  std::size_t next = 0;
  Digest old_made;
  if ((earlier & (earlier - 1)) == 0) {
    old_made = earlier_root;
  } else {
    if (proof.empty()) return false;
    old_made = proof[next++];
  }
  Digest new_made = old_made;
  std::int64_t place = earlier - 1;
  std::int64_t last = size - 1;
  while ((place & 1) != 0) {
    place >>= 1;
    last >>= 1;
  }
  for (; next < proof.size(); ++next) {
    if (last == 0) return false;
    if ((place & 1) != 0 || place == last) {
      old_made = node_of(counter, proof[next], old_made);
      new_made = node_of(counter, proof[next], new_made);
      while ((place & 1) == 0 && place != 0) {
        place >>= 1;
        last >>= 1;
      }
    } else {
      new_made = node_of(counter, new_made, proof[next]);
    }
    place >>= 1;
    last >>= 1;
  }
  return last == 0 && old_made == earlier_root && new_made == root;
}

}  // namespace archive::audit
