#include "app/writing.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "app/acting.h"

namespace archive {

std::string account_of_process() {
  constexpr std::size_t kBytes = 16384;
  std::array<char, kBytes> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->pw_name;
  }
  return "uid " + std::to_string(::getuid());
}

Records::Writing writing_by(const Settings& settings, std::string_view command,
                            std::string_view reason) {
  Records::Writing writing;
  writing.claim = claim_of_process(settings);
  writing.acting.reason = reason;
  writing.acting.method = "juanzong " + std::string(command);
  writing.key_file = settings.ledger.key_file;
  writing.heads_to = settings.ledger.heads_to;
  return writing;
}

}  // namespace archive
