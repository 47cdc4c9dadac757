#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace archive {

/// Why a text is not a page range.
enum class PageRangeFault {
  shape,  ///< neither a number nor two
  order,  ///< the last page lies before the first
  range,  ///< page 0, or more than kPageMax
};
std::string_view name_of(PageRangeFault fault);

/// Pages of a volume as a catalogue names them 页号: 5-8, or 5 alone.
class PageRange {
 public:
  static constexpr int kPageMax = 99'999;

  static std::optional<PageRange> of(int first, int last);

  /// 5, 5-8, 5—8, 5~8, 5至8, 第5页至第8页, 005-008. Spaces are allowed.
  static Result<PageRange, PageRangeFault> parse(std::string_view text);

  int first() const { return first_; }
  int last() const { return last_; }
  int pages() const { return last_ - first_ + 1; }
  bool contains(int page) const { return page >= first_ && page <= last_; }
  std::string text() const;  ///< 5-8, or 5 when it is one page

  auto operator<=>(const PageRange&) const = default;

 private:
  PageRange(int first, int last) : first_(first), last_(last) {}
  int first_;
  int last_;
};

}  // namespace archive
