#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "store/objects/digest.h"

namespace archive {

/// Where bytes of a file go that is made piece by piece.
using ByteSink = std::function<void(std::string_view bytes)>;

/// A PDF 1.7 file (ISO 32000-1) as it is written: objects one after another, then the table of
/// where they lie. Keeps eight bytes an object, so that a file may be longer than memory.
class PdfFile {
 public:
  /// Writes the header.
  explicit PdfFile(ByteSink sink);

  /// A number for an object that is written later; each must be written once.
  int reserve();
  /// Writes an object: a dictionary, an array or a simple value.
  void object(int number, std::string_view value);
  int object(std::string_view value);
  /// Writes a stream. `entries` are those of its dictionary beside Length.
  void stream(int number, std::string_view entries, std::string_view bytes);
  int stream(std::string_view entries, std::string_view bytes);
  /// The same, compressed by Flate here.
  void packed_stream(int number, std::string_view entries, std::string_view bytes);

  /// Writes table and trailer, with an identifier that is made of all bytes. Nothing may follow.
  /// REQUIRES: every number has its object.
  void finish(int catalogue, int information);

 private:
  void put(std::string_view bytes);
  void begin(int number);

  ByteSink sink_;
  DigestCounter digest_{DigestKind::sha256};
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> offsets_;  // by number - 1; 0: not written yet
};

/// "12 0 R"
std::string pdf_reference(int number);
/// A number as PDF has it: no exponent, at most four places after the point.
std::string pdf_number(double value);
/// A text string (7.9.2.2) of UTF-8: as UTF-16 with its mark, in hexadecimal digits.
std::string pdf_text(std::string_view utf8);
/// A code point in hexadecimal digits of UTF-16BE.
std::string utf16_digits(char32_t c);

}  // namespace archive
