#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace archive {

using UserNumber = std::int64_t;
using UnitNumber = std::int64_t;

/// Somebody who works with an archive. Never deleted: what they did stays theirs.
struct UserRecord {
  UserNumber number = 0;
  std::string name;
  std::string account;  ///< of the system, that is this user; empty: only a password tells
  bool has_password = false;
  std::string agreement;  ///< number of an outside helper's (外包) agreement; empty: of the office
  std::string works_until;         ///< its last day, YYYY-MM-DD
  std::vector<std::string> posts;  ///< by name, config/duties/posts.csv
  std::string made_at;
  std::string ended_at;  ///< empty: works here
  UnitNumber unit = 0;   ///< of the organisation; 0: in none
  std::string trained_on;  ///< the day of the last security training (R12); empty: none is noted
};

}  // namespace archive
