#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "config/posts.h"
#include "core/rights.h"
#include "core/user.h"

namespace archive {

/// Who somebody says to be. It holds when the account of the system is the user's, or the password.
struct Claim {
  Posts posts;          ///< of the office, and their rights
  std::string account;  ///< of the system, in which the program runs
  std::string name;     ///< of a user; empty: whoever has the account
  std::string co_signer;
  /// Asked for only where the account does not say it; may throw.
  std::function<std::string(const std::string& name)> password_of;
};

/// Who somebody is, and may do.
struct Identity {
  /// 0: the archive has no users yet, and whoever has its files becomes the first.
  UserNumber number = 0;
  std::string name;
  Powers powers;
  std::string co_signer;
};

/// Who somebody is to an archive as it lies on the disk, of an older schema as well, without their
/// unit and training. Throws ArchiveError{forbidden} when the claim does not hold.
Identity identify(const std::filesystem::path& archive_folder, const Claim& claim);

}  // namespace archive
