#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/error.h"

namespace archive {

/// How a command that runs long is asked to log: --log and --log-level; see event_log.h.
struct LogOptions {
  std::string format;          ///< "text", "json"; empty: nothing but trouble, as text
  std::string level = "info";  ///< "error", "warn", "info"
};

/// How the program talks: in Chinese or English, to people or to machines. Results go
/// to standard output, everything else to standard error, so that output can be piped.
class Console {
 public:
  /// `language` is "zh", "en" or "auto" (by LC_ALL, LC_MESSAGES, LANG).
  Console(std::string_view language, bool json);

  bool chinese() const { return chinese_; }
  bool json() const { return json_; }
  /// True when standard error is a terminal: progress may be redrawn in place.
  bool live() const { return live_; }

  /// One of the two texts, by the language.
  std::string_view operator()(std::string_view zh, std::string_view en) const {
    return chinese_ ? zh : en;
  }

  void result(std::string_view line) const;  ///< standard output, with a line's end
  /// One line for machines; bytes that are no UTF-8 stand in it as U+FFFD.
  void result_json(const nlohmann::ordered_json& json) const;
  /// Of a list that is empty: says so to people; machines see it.
  void none_if(bool empty) const;
  bool flush() const;  ///< what was given to result() goes out now; false: it cannot
  void note(std::string_view line) const;    ///< standard error, with a line's end
  /// Draws over the last progress line; only when live().
  void progress(std::string_view line) const;
  void end_progress() const;

  /// Where, what, what to do; as JSON when machines listen.
  void error(const ArchiveError& error) const;

 private:
  bool chinese_;
  bool json_;
  bool live_;
};

/// Cuts or fills a text to a number of terminal columns; a hanzi takes two.
std::string fit_columns(std::string_view text, std::size_t columns);

}  // namespace archive
