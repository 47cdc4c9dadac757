#include "audit/merkle.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/ledger/merkle_tree.h"

namespace archive {
namespace {

using audit::Function;

// The eight inputs that implementations of RFC 6962 compare themselves by, and the roots over the
// first 0 to 8 of them (transparency-dev/merkle).
const std::vector<std::string> kInputs = {
    "",
    std::string(1, '\0'),
    "\x10",
    "\x20\x21",
    "\x30\x31",
    "\x40\x41\x42\x43",
    "\x50\x51\x52\x53\x54\x55\x56\x57",
    "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
const std::vector<std::string> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

TEST(Merkle, WriterAndAuditorGiveTheKnownRoots) {
  GrowingTree writer(DigestKind::sha256);
  audit::RunningRoot auditor(Function::sha256);
  EXPECT_EQ(hex_of(writer.root()), kRoots[0]);
  EXPECT_EQ(audit::hex(auditor.root()), kRoots[0]);
  for (std::size_t i = 0; i < kInputs.size(); ++i) {
    writer.append(kInputs[i]);
    auditor.add(auditor.leaf_of(kInputs[i]));
    EXPECT_EQ(hex_of(writer.root()), kRoots[i + 1]) << i;
    EXPECT_EQ(audit::hex(auditor.root()), kRoots[i + 1]) << i;
  }
}

// MTH of RFC 6962, section 2.1, word for word.
Digest root_by_definition(Function function, const std::vector<std::string>& entries,
                          std::size_t from, std::size_t to) {
  audit::DigestOf counter(function);
  if (from == to) return counter.finish();
  if (to - from == 1) {
    counter.add(std::string(1, '\0') + entries[from]);
    return counter.finish();
  }
  std::size_t k = 1;
  while (2 * k < to - from) k *= 2;
  const Digest left = root_by_definition(function, entries, from, from + k);
  const Digest right = root_by_definition(function, entries, from + k, to);
  counter.add("\1");
  counter.add(left);
  counter.add(right);
  return counter.finish();
}

struct Pair {
  DigestKind writer;
  Function auditor;
};

class MerkleProofs : public ::testing::TestWithParam<Pair> {
 protected:
  MerkleProofs() {
    for (std::size_t i = 0; i < kSize; ++i) {
      entries.push_back("entry " + std::to_string(i * i));
      leaves.push_back(hasher.leaf(entries.back()));
    }
  }
  Digest root(std::size_t size) const {
    return root_by_definition(GetParam().auditor, entries, 0, size);
  }
  static constexpr std::size_t kSize = 40;
  MerkleHasher hasher{GetParam().writer};
  std::vector<std::string> entries;
  std::vector<Digest> leaves;
};

TEST_P(MerkleProofs, RootsAreTheDefinitions) {
  GrowingTree writer(GetParam().writer);
  audit::RunningRoot auditor(GetParam().auditor);
  for (std::size_t size = 1; size <= kSize; ++size) {
    writer.append(entries[size - 1]);
    auditor.add(leaves[size - 1]);
    EXPECT_EQ(writer.root(), root(size)) << size;
    EXPECT_EQ(auditor.root(), root(size)) << size;
  }
}

TEST_P(MerkleProofs, EveryInclusionIsProvenAndNothingElse) {
  for (std::size_t size = 1; size <= kSize; ++size) {
    for (std::size_t i = 0; i < size; ++i) {
      const auto proof = inclusion_proof(hasher, i, std::span(leaves).first(size));
      const auto holds = [&](std::size_t index, const Digest& leaf, const auto& path) {
        return audit::verify_inclusion(GetParam().auditor, leaf, static_cast<std::int64_t>(index),
                                       static_cast<std::int64_t>(size), path, root(size));
      };
      ASSERT_TRUE(holds(i, leaves[i], proof)) << i << " of " << size;
      EXPECT_FALSE(holds(i, leaves[(i + 1) % kSize], proof));
      if (size > 1) {
        EXPECT_FALSE(holds((i + 1) % size, leaves[i], proof)) << i << " of " << size;
        auto longer = proof;
        longer.push_back(leaves[0]);
        EXPECT_FALSE(holds(i, leaves[i], longer));
        auto other = proof;
        other.back()[5] ^= std::byte{1};
        EXPECT_FALSE(holds(i, leaves[i], other));
        other.pop_back();
        EXPECT_FALSE(holds(i, leaves[i], other));
      }
    }
  }
}

TEST_P(MerkleProofs, EveryConsistencyIsProvenAndNothingElse) {
  for (std::size_t size = 1; size <= kSize; ++size) {
    for (std::size_t earlier = 1; earlier <= size; ++earlier) {
      const auto proof = consistency_proof(hasher, earlier, std::span(leaves).first(size));
      const auto holds = [&](const Digest& old_root, const Digest& new_root, const auto& path) {
        return audit::verify_consistency(GetParam().auditor, static_cast<std::int64_t>(earlier),
                                         static_cast<std::int64_t>(size), path, old_root, new_root);
      };
      ASSERT_TRUE(holds(root(earlier), root(size), proof)) << earlier << " of " << size;
      Digest other = root(earlier);
      other[0] ^= std::byte{1};
      EXPECT_FALSE(holds(other, root(size), proof));
      other = root(size);
      other[31] ^= std::byte{1};
      EXPECT_FALSE(holds(root(earlier), other, proof));
      if (proof.empty()) continue;
      auto wrong = proof;
      wrong.front()[7] ^= std::byte{1};
      EXPECT_FALSE(holds(root(earlier), root(size), wrong)) << earlier << " of " << size;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Functions, MerkleProofs,
                         ::testing::Values(Pair{DigestKind::sha256, Function::sha256},
                                           Pair{DigestKind::sm3, Function::sm3}));

// The example of GB/T 32905-2016, annex A.1.
TEST(Digests, Sm3OfTheStandard) {
  EXPECT_EQ(hex_of(digests_of("abc").sm3),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  EXPECT_EQ(audit::hex(audit::digest(Function::sm3, "abc")), hex_of(digests_of("abc").sm3));
}

TEST(GrowingTree, GoesOnFromItsPeaks) {
  GrowingTree whole(DigestKind::sha256);
  for (int i = 0; i < 37; ++i) {
    GrowingTree taken_up(DigestKind::sha256);
    taken_up.become(whole.size(), whole.peaks());
    whole.append(std::to_string(i));
    taken_up.append(std::to_string(i));
    EXPECT_EQ(taken_up.root(), whole.root()) << i;
  }
  GrowingTree none(DigestKind::sha256);
  EXPECT_THROW(none.become(3, {Digest{}}), std::invalid_argument);
}

}  // namespace
}  // namespace archive
