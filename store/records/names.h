#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/arrangement.h"
#include "core/error.h"
#include "core/records.h"

namespace archive {

// The words that stand in the records for enumerators. Stable: they are in archives.

template <class Value>
struct Names;

template <>
struct Names<BatchState> {
  static constexpr std::array kTable = {std::pair{BatchState::open, "open"},
                                        std::pair{BatchState::complete, "complete"},
                                        std::pair{BatchState::held, "held"}};
};

template <>
struct Names<SourceKind> {
  static constexpr std::array kTable = {
      std::pair{SourceKind::tiff, "tiff"},  std::pair{SourceKind::pdf, "pdf"},
      std::pair{SourceKind::jpeg, "jpeg"},  std::pair{SourceKind::png, "png"},
      std::pair{SourceKind::bmp, "bmp"},    std::pair{SourceKind::jpeg2000, "jpeg2000"},
      std::pair{SourceKind::other, "other"}};
};

template <>
struct Names<Carrier> {
  static constexpr std::array kTable = {
      std::pair{Carrier::image, "image"}, std::pair{Carrier::audio, "audio"},
      std::pair{Carrier::video, "video"}, std::pair{Carrier::document, "document"},
      std::pair{Carrier::other, "other"}};
};

template <>
struct Names<PageState> {
  static constexpr std::array kTable = {std::pair{PageState::filed, "filed"},
                                        std::pair{PageState::set_aside, "set_aside"}};
};

template <>
struct Names<PageKind> {
  static constexpr std::array kTable = {std::pair{PageKind::content, "content"},
                                        std::pair{PageKind::blank, "blank"},
                                        std::pair{PageKind::separator, "separator"}};
};

template <>
struct Names<FieldValidity> {
  static constexpr std::array kTable = {std::pair{FieldValidity::valid, "valid"},
                                        std::pair{FieldValidity::suspicious, "suspicious"},
                                        std::pair{FieldValidity::invalid, "invalid"}};
};

template <>
struct Names<Verdict> {
  static constexpr std::array kTable = {std::pair{Verdict::accept, "accept"},
                                        std::pair{Verdict::look, "look"},
                                        std::pair{Verdict::rescan, "rescan"}};
};

template <>
struct Names<Severity> {
  static constexpr std::array kTable = {std::pair{Severity::info, "info"},
                                        std::pair{Severity::warn, "warn"},
                                        std::pair{Severity::error, "error"}};
};

template <>
struct Names<FindingState> {
  static constexpr std::array kTable = {std::pair{FindingState::open, "open"},
                                        std::pair{FindingState::accepted, "accepted"},
                                        std::pair{FindingState::corrected, "corrected"}};
};

template <>
struct Names<Beside> {
  static constexpr std::array kTable = {std::pair{Beside::nothing, ""},
                                        std::pair{Beside::before, "before"},
                                        std::pair{Beside::after, "after"}};
};

template <>
struct Names<ArrangementAction> {
  static constexpr auto kTable = [] {
    std::array<std::pair<ArrangementAction, std::string_view>, kArrangementNames.size()> table;
    for (std::size_t i = 0; i < table.size(); ++i) {
      table[i] = {kArrangementNames[i].action, kArrangementNames[i].name};
    }
    return table;
  }();
};

template <class Value>
std::string_view word_for(Value value) {
  for (const auto& [known, word] : Names<Value>::kTable) {
    if (known == value) return word;
  }
  return {};
}

/// Throws ArchiveError{records} for a word that no version of the program wrote.
template <class Value>
Value from_word(std::string_view word) {
  for (const auto& [known, name] : Names<Value>::kTable) {
    if (name == word) return known;
  }
  throw ArchiveError(ErrorKind::records, "records", "a word in the records is not known",
                     "run `juanzong verify`; if the program is older than the archive, install "
                     "the newer one");
}

}  // namespace archive
