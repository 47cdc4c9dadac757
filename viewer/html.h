#pragma once

#include <string>
#include <string_view>

#include "viewer/finding_words.h"

// What the reports for a browser and for paper have in common.

namespace archive {

/// Text that may stand anywhere in HTML, attributes too.
std::string html_text(std::string_view text);

/// One of two texts, by the language of a report.
class ReportLanguage {
 public:
  explicit ReportLanguage(bool chinese) : chinese_(chinese) {}
  std::string operator()(std::string_view zh, std::string_view en) const {
    return std::string(chinese_ ? zh : en);
  }
  std::string operator()(TwoWords words) const { return (*this)(words.zh, words.en); }

 private:
  bool chinese_;
};

/// A page that needs nothing but itself: begin, sections, end. `title` is plain text.
std::string html_begin(const ReportLanguage& say, const std::string& title,
                       const std::string& made_at);
std::string html_end();

/// A cell of a CSV file (RFC 4180). One that a spreadsheet would run as a formula begins with a
/// blank.
std::string csv_cell(const std::string& text);

}  // namespace archive
