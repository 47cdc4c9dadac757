#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "config/table_path.h"
#include "core/error.h"
#include "core/fault.h"

namespace archive {

/// What a person is told about an event, in both languages.
struct Message {
  std::string zh;
  std::string en;
  std::string zh_what_to_do;
  std::string en_what_to_do;
};

/// The words for every fault, review reason and error (config/messages.csv), so that an
/// office may change them. Immutable after loading.
///
/// Ids: "fault.<name of a FaultReason>", "error.<name of an ErrorKind>" and
/// "review.<reason>". A review reason may carry details after a colon, as in
/// "decoder: 3 strips lost"; the words belong to what stands before it.
class Messages {
 public:
  /// Throws ArchiveError{settings} with file and line: an empty cell, an id twice, or a
  /// fault or error without words.
  static Messages load(const TablePath& config_folder);

  const Message& of(FaultReason reason) const;
  const Message& of(ErrorKind kind) const;
  /// Nothing when nobody wrote words for it.
  const Message* of_review(std::string_view reason) const;

  const std::map<std::string, Message, std::less<>>& all() const { return messages_; }

 private:
  std::map<std::string, Message, std::less<>> messages_;
};

/// "usage", "damage", ...: the stable names of the exit codes, as in docs/ERRORS.md.
std::string_view name_of(ErrorKind kind);

}  // namespace archive
