#include "viewer/pdf_file.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

#include "core/utf8.h"
#include "viewer/flate.h"

namespace archive {
namespace {

// Four bytes above 127 tell programs that move files that this is no text (7.5.2).
constexpr std::string_view kHeader = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

constexpr std::size_t kOffsetDigits = 10;  // of a row of the table, which has 20 bytes (7.5.4)
constexpr std::size_t kIdDigits = 32;      // 16 bytes (14.4)

std::string hex4(unsigned value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[(value >> shift) & 0xF];
  return text;
}

}  // namespace

PdfFile::PdfFile(ByteSink sink) : sink_(std::move(sink)) { put(kHeader); }

void PdfFile::put(std::string_view bytes) {
  sink_(bytes);
  digest_.add(bytes);
  written_ += bytes.size();
}

int PdfFile::reserve() {
  offsets_.push_back(0);
  return static_cast<int>(offsets_.size());
}

void PdfFile::begin(int number) {
  std::uint64_t& offset = offsets_.at(static_cast<std::size_t>(number) - 1);
  assert(offset == 0);
  offset = written_;
  put(std::to_string(number) + " 0 obj\n");
}

void PdfFile::object(int number, std::string_view value) {
  begin(number);
  put(value);
  put("\nendobj\n");
}

int PdfFile::object(std::string_view value) {
  const int number = reserve();
  object(number, value);
  return number;
}

void PdfFile::stream(int number, std::string_view entries, std::string_view bytes) {
  begin(number);
  put("<< ");
  put(entries);
  put(" /Length " + std::to_string(bytes.size()) + " >>\nstream\n");
  put(bytes);
  put("\nendstream\nendobj\n");
}

int PdfFile::stream(std::string_view entries, std::string_view bytes) {
  const int number = reserve();
  stream(number, entries, bytes);
  return number;
}

void PdfFile::packed_stream(int number, std::string_view entries, std::string_view bytes) {
  stream(number, std::string(entries) + " /Filter /FlateDecode", flate(bytes));
}

void PdfFile::finish(int catalogue, int information) {
  const std::uint64_t table = written_;
  const std::string id = "<" + hex_of(digest_.finish()).substr(0, kIdDigits) + ">";
  put("xref\n0 " + std::to_string(offsets_.size() + 1) + "\n0000000000 65535 f \n");
  for (const std::uint64_t offset : offsets_) {
    assert(offset != 0);
    const std::string digits = std::to_string(offset);
    put(std::string(kOffsetDigits - std::min(kOffsetDigits, digits.size()), '0') + digits +
        " 00000 n \n");
  }
  put("trailer\n<< /Size " + std::to_string(offsets_.size() + 1) + " /Root " +
      pdf_reference(catalogue) + " /Info " + pdf_reference(information) + " /ID [" + id + id +
      "] >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n");
}

std::string pdf_reference(int number) { return std::to_string(number) + " 0 R"; }

std::string pdf_number(double value) {
  constexpr int kPlaces = 4;
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, std::clamp(value, -1e9, 1e9),
                                 std::chars_format::fixed, kPlaces);
  std::string number(text, end.ptr);
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
  return number == "-0" ? "0" : number;
}

std::string utf16_digits(char32_t c) {
  if (c < 0x10000) return hex4(static_cast<unsigned>(c));
  const unsigned rest = static_cast<unsigned>(c) - 0x10000;
  return hex4(0xD800 + (rest >> 10)) + hex4(0xDC00 + (rest & 0x3FF));
}

std::string pdf_text(std::string_view text) {
  std::string string = "<FEFF";
  for (const char32_t c : code_points(text)) string += utf16_digits(c);
  return string + ">";
}

}  // namespace archive
