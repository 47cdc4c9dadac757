#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "store/records/records.h"

namespace archive {

/// A page kept in another format beside the one it came in (迁移, 转换; R48). The old bytes stay.
struct Conversion {
  std::int64_t number = 0;
  SourceNumber source = 0;
  int page_in_file = 0;
  BlobId from, to;
  std::string format;            ///< "jp2"
  std::string tool, version;     ///< what wrote it
  std::string check;             ///< what was compared, and came out equal
  std::string converted_by, converted_at;
};

/// The record of conversions. They are never changed, and go only with their page.
class Conversions {
 public:
  explicit Conversions(Records& records) : records_(records) {}

  /// REQUIRES: both objects are there, and were compared. Number, name and time are not looked at.
  /// One that is on record already is left as it is.
  void put(const std::vector<Conversion>& made);
  /// By source, page and format.
  void for_each(const std::function<void(const Conversion&)>& visit) const;

  /// A page whose file is of this kind and which has no such conversion.
  struct ToConvert {
    PageNumber page = 0;
    SourceNumber source = 0;
    int page_in_file = 0;
    BlobId from;
  };
  /// In the order of pages, after `last`, at most so many.
  std::vector<ToConvert> next(const std::string& kind, const std::string& format, PageNumber last,
                              int at_most) const;

 private:
  Records& records_;
};

}  // namespace archive
