#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace archive {

/// What kind of trouble stops the program. Each kind is an exit code of its own;
/// the numbers are stable and explained in docs/ERRORS.md. DO NOT RENUMBER.
enum class ErrorKind : int {
  usage = 2,             ///< the command line cannot be understood
  damage = 3,            ///< verify found damage
  set_aside = 4,         ///< the batch is complete, but some pages wait for a person
  held = 5,              ///< the batch is held: its count differs from the job sheet
  interrupted = 6,       ///< stopped on request; the same command goes on later
  rescan = 7,            ///< pages that were checked are to be scanned again
  findings = 8,          ///< dossiers that were checked have errors that nobody resolved
  alarms = 9,            ///< custody: something is overdue or damaged and somebody must see to it
  settings = 10,         ///< a settings or configuration file is wrong
  archive_missing = 11,  ///< there is no archive at that place
  archive_foreign = 12,  ///< made by a newer program, or not an archive of ours
  archive_locked = 13,   ///< another process is writing to it
  input_missing = 14,    ///< what was to be ingested is not there or may not be read
  model_missing = 15,    ///< a recognition model or library is not installed
  disk = 16,             ///< full, read-only or failing storage
  index = 17,            ///< the full-text index is damaged; it can be rebuilt
  records = 18,          ///< the record database refuses or is damaged
  device = 19,           ///< a scanner does not answer
  not_found = 20,        ///< no such page, dossier or batch
  forbidden = 21,        ///< the user has no post for it, or is none of the archive
  wrong_key = 22,        ///< the key or passphrase does not open this backup
  internal = 70,         ///< a bug in this program
};

/// The machine or its surroundings are sick, so that going on would risk pages.
/// Thrown anywhere, caught in app/main.cpp only, which prints the three parts and
/// exits with `kind`. None of the parts may hold personal data.
class ArchiveError : public std::runtime_error {
 public:
  ArchiveError(ErrorKind kind, std::string where, std::string what, std::string what_to_do)
      : std::runtime_error(where + ": " + what + " (" + what_to_do + ")"),
        kind_(kind),
        where_(std::move(where)),
        problem_(std::move(what)),
        what_to_do_(std::move(what_to_do)) {}

  ErrorKind kind() const noexcept { return kind_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& what_to_do() const noexcept { return what_to_do_; }

 private:
  ErrorKind kind_;
  std::string where_;
  std::string problem_;
  std::string what_to_do_;
};

}  // namespace archive
