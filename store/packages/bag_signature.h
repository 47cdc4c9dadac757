#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "store/ledger/signing_key.h"

// Who made a bag: an Ed25519 signature over tagmanifest-sha256.txt, which covers every other file.

namespace archive {

/// The tag files of a signature, by name: `signature.txt` and the public key `signature-key.pem`.
std::map<std::string, std::string> bag_signature(const SigningKey& key,
                                                 std::string_view tag_manifest);

struct BagSignature {
  enum class State {
    none,     ///< the bag is not signed
    broken,   ///< signed otherwise, or another tag manifest
    unknown,  ///< right, by the key that lies in the bag; whose it is nobody vouches for
    known,    ///< right, by the key that was handed over by other means
  };
  State state = State::none;
  std::string key_id;  ///< empty where no key can be read
};

/// `known_key` is the sender's public key in PEM; empty where nobody gave one.
BagSignature check_bag_signature(const std::filesystem::path& bag, std::string_view known_key);

}  // namespace archive
