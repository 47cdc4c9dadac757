#pragma once

#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "store/verify.h"

namespace archive {

bool is_damage(FindingKind kind);

/// A sentence of advice; `purpose` is what the records need the object for, or "".
std::string advice_for(FindingKind kind, std::string_view purpose);

/// Takes findings from several threads, counts all, keeps some, writes all to the report.
/// Throws ArchiveError{disk} when the report cannot be written.
class FindingSink {
 public:
  explicit FindingSink(const VerifyOptions& options);

  void add(FindingKind kind, std::string object, std::string where, std::string what,
           std::string_view purpose = {});

  /// A damaged object, kept back until it is known who needs it.
  void hold(FindingKind kind, const BlobId& blob, std::string where, std::string what);
  /// The records need `blob` for `purpose`; `referrer` says who, such as "page 12".
  void needed(const BlobId& blob, std::string_view purpose, const std::string& referrer);
  /// No record names `blob`: what was held of it is no damage; a sound one is a remark, too.
  void unneeded(const BlobId& blob, std::string where);
  /// Gives out what was held.
  void release();

  /// Ends the report. The result, but for the counts.
  VerifyResult finish(const VerifyCounts& counts);

 private:
  struct Held {
    FindingKind kind;
    std::string where;
    std::string what;
    std::string purpose;
  };
  void add_unlocked(FindingKind kind, std::string object, std::string where, std::string what,
                    std::string_view purpose);
  void write_line(const std::string& line);

  const VerifyOptions& options_;
  std::mutex mutex_;  // guards everything below
  std::ofstream report_;
  std::map<BlobId, Held> held_;
  VerifyResult result_;
};

}  // namespace archive
