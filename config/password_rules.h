#pragma once

#include <set>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "config/table_path.h"

namespace archive {

/// What a new password must be: the settings security.password_*, and none of those that are tried
/// first (config/duties/weak_passwords.csv). GB/T 22239-2019 8.1.4.1 asks for kinds of characters;
/// an office that goes by NIST SP 800-63B instead sets the length up and the kinds to 1.
class PasswordRules {
 public:
  /// Throws ArchiveError{settings} with file and line.
  static PasswordRules load(const TablePath& config_folder, const SecuritySettings& settings);

  struct Fault {
    std::string zh, en;
    bool none() const { return en.empty(); }
  };
  /// What is wrong with a password of somebody of that name.
  Fault fault(std::string_view password, std::string_view name) const;

 private:
  std::size_t length_min_ = 0;
  int kinds_min_ = 0;
  std::set<std::string, std::less<>> weak_;  ///< in small letters
};

}  // namespace archive
