#include "app/acting.h"

#include <pwd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "app/writing.h"
#include "config/posts.h"
#include "core/error.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

// Somebody refused is told so at once; the note of it waits this long for a writer to end.
constexpr int kTries = 20;
constexpr std::chrono::milliseconds kBetweenTries{100};

struct Names {
  std::string by;
  std::string co_signer;
};

Names& names() {
  static Names given;
  return given;
}

/// Types unseen while it lives.
class Unseen {
 public:
  Unseen() {
    known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!known_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Unseen() {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

std::string line_of(std::istream& in) {
  std::string line;
  std::getline(in, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string typed_unseen(std::string_view question) {
  std::cerr << question << ": " << std::flush;
  const Unseen unseen;
  std::string line = line_of(std::cin);
  std::cerr << '\n';
  return line;
}

std::string password_in(const std::string& file) {
  std::ifstream in(file);
  if (in) return line_of(in);
  throw ArchiveError(ErrorKind::usage, file, "there is no password to be read there",
                     "check the path and its rights");
}

std::string password_of(const std::string& name) {
  const bool co_signer = name == names().co_signer;
  const char* file =
      std::getenv(co_signer ? "JUANZONG_CO_SIGNER_PASSWORD_FILE" : "JUANZONG_PASSWORD_FILE");
  if (file != nullptr) return password_in(file);
  if (::isatty(STDIN_FILENO) != 0) return typed_unseen("密码 password (" + name + ")");
  throw ArchiveError(ErrorKind::forbidden, "users", "'" + name + "' has to give a password",
                     co_signer ? "name a file that holds it in $JUANZONG_CO_SIGNER_PASSWORD_FILE"
                               : "name a file that holds it in $JUANZONG_PASSWORD_FILE");
}

void note_refusal(const std::filesystem::path& archive, const Settings& settings,
                  const std::string& who, Right right) {
  Records::Writing writing = writing_by(settings, "");
  writing.claim.reset();
  writing.acting.who = who;
  for (int tries = 1;; ++tries) {
    try {
      Records::open_writer(archive, writing).note_refusal(right);
      return;
    } catch (const ArchiveError& error) {
      if (error.kind() != ErrorKind::archive_locked || tries == kTries) throw;
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
}

Identity identity_in(const std::filesystem::path& archive, const Settings& settings,
                     const Claim& claim, Right right) {
  try {
    return identify(archive, claim);
  } catch (const ArchiveError& error) {
    if (error.kind() == ErrorKind::forbidden) {
      note_refusal(archive, settings, claim.name.empty() ? claim.account : claim.name, right);
    }
    throw;
  }
}

}  // namespace

void act_by(const std::string& name, const std::string& co_signer) { names() = {name, co_signer}; }

Claim claim_of_process(const Settings& settings) {
  return {Posts::load(find_config_folder(settings)), account_of_process(), names().by,
          names().co_signer, password_of};
}

void require_right(const std::filesystem::path& archive, const std::vector<Right>& any_of) {
  Settings settings;
  Identity identity;
  try {
    settings = read_settings(ArchiveFolder::open(archive).settings_file());
    identity = identity_in(archive, settings, claim_of_process(settings), any_of.front());
  } catch (const ArchiveError& error) {
    if (error.kind() == ErrorKind::forbidden) throw;
    return;
  }
  for (const Right right : any_of) {
    if (identity.powers.may(right)) return;
  }
  note_refusal(archive, settings, identity.name, any_of.front());
  throw ArchiveError(
      ErrorKind::forbidden, archive.string(),
      identity.name + " has no post with the right '" + std::string(name_of(any_of.front())) + "'",
      "ask somebody who has one (juanzong user list), or an administrator");
}

void unlock_as_said(const KeySource& said) {
  KeySource source = said;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  if (!source.named()) source.key_file = variable("JUANZONG_KEY_FILE");
  if (!source.named()) source.passphrase_file = variable("JUANZONG_PASSPHRASE_FILE");
  unlock_by(source, [] {
    KeySource typed;
    if (::isatty(STDIN_FILENO) != 0)
      typed.typed = typed_unseen("档案库口令 passphrase of the archive");
    return typed;
  });
}

std::string new_password(std::string_view name) {
  if (::isatty(STDIN_FILENO) == 0) return line_of(std::cin);
  std::string first = typed_unseen("新密码 new password (" + std::string(name) + ")");
  if (first == typed_unseen("再输一次 once more")) return first;
  throw ArchiveError(ErrorKind::usage, "password", "the two were not the same",
                     "give the command again");
}

}  // namespace archive
