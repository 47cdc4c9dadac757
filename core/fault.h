#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace archive {

/// Where on its way a page was when it could not go on.
enum class Stage { receive, decode, clean, read, classify, extract, store, index };

/// Why a page, or a whole file, was set aside for a person. The names are stable:
/// they stand in the records, in reports and in config/messages.csv.
enum class FaultReason {
  empty_file,         ///< no bytes
  unreadable_file,    ///< no permission, or the disk refuses
  vanished,           ///< gone or changed while it was read
  too_large,          ///< more bytes than the limit
  too_many_pixels,    ///< header announces more pixels than the limit
  too_many_pages,     ///< more pages in one file than the limit
  not_an_image,       ///< no known format by its first bytes
  damaged,            ///< format known, content cannot be decoded
  truncated,          ///< ends before it should
  encrypted,          ///< needs a password
  no_pages,           ///< a container without a page
  unsupported,        ///< a legal variant that is not decoded
  decoder_crashed,    ///< the sandboxed decoder died
  decoder_timeout,    ///< the sandboxed decoder took too long
  decoder_memory,     ///< the sandboxed decoder wanted too much memory
  recognition_failed, ///< the recognition engine gave up
  reading_fatal,      ///< reading it ended the program twice, or never ended
  unexpected,         ///< an exception nobody foresaw, caught at the stage
  disposed,           ///< destroyed by an approved disposal list; nothing brings it back
};

/// A page that cannot go on: a value, not an exception.
struct PageFault {
  Stage stage = Stage::decode;
  FaultReason reason = FaultReason::unexpected;
  std::string detail;  ///< technical words for the operator; never personal data
};

std::string_view name_of(Stage stage);
std::string_view name_of(FaultReason reason);
std::optional<Stage> stage_named(std::string_view name);
std::optional<FaultReason> reason_named(std::string_view name);

}  // namespace archive
