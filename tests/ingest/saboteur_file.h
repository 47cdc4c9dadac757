#pragma once

#include <string>
#include <string_view>

namespace archive {

// Files for the saboteur decoder: the first bytes of a real kind, then what the decoder
// is to do when a page is asked for. The crimes are listed in saboteur_decoder.cpp.

constexpr std::size_t kCrimeAt = 16;

inline std::string saboteur_file(std::string_view first_bytes, std::string_view crime) {
  std::string bytes(first_bytes);
  bytes.resize(kCrimeAt, ' ');
  return bytes + std::string(crime);
}

constexpr std::string_view kPngBytes = "\x89PNG\r\n\x1a\n";
constexpr std::string_view kPdfBytes = "%PDF-1.7\n";
constexpr std::string_view kTiffBytes{"II*\0", 4};

/// The page on which a crime is committed; the other two are honest.
constexpr int kCrimePage = 1;
constexpr int kSaboteurPages = 3;

}  // namespace archive
