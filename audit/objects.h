#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "audit/sealing.h"

namespace archive::audit {

struct ObjectCounts {
  std::int64_t objects = 0;
  std::uint64_t bytes = 0;
};

/// Re-hashes every object below `sha256` and says what is wrong: bytes that are not those of the
/// name, what cannot be read, what is no object, and names in `wanted` that are not there.
/// With the master key of an encrypted archive it does so below `sealed`: each object is opened,
/// and its name must be the keyed one of its contents.
ObjectCounts check_objects(const std::filesystem::path& objects,
                           const std::set<std::string>& wanted,
                           const std::optional<SecretKey>& master, int threads,
                           const std::function<void(const char* kind, const std::string& where,
                                                    const std::string& what)>& found);

/// The hexadecimal digits of the objects that a row names ("blob='sha256-…" in any column).
void add_object_names(const std::string& rest, std::set<std::string>& names);

}  // namespace archive::audit
