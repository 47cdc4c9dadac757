#include "audit/journal.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <istream>
#include <string_view>
#include <utility>
#include <vector>

namespace archive::audit {
namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  // its last bit: words of the sums are big-endian
constexpr std::uint32_t kPageBytesMax = 65536;
constexpr const char* kEither =
    ": what a kill or a power cut leaves of a transaction, or damage; bring what was written last "
    "in "
    "again if it is missing";

std::uint32_t word(std::string_view bytes, std::size_t at, bool big = true) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[at + (big ? i : 3 - i)]);
    value = value << 8 | byte;
  }
  return value;
}

/// The sums that run over all of the journal.
struct Sums {
  bool big = false;
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  void add(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += word(bytes, at, big) + second;
      second += word(bytes, at + 4, big) + first;
    }
  }
  bool are_at(std::string_view bytes, std::size_t at) const {
    return word(bytes, at) == first && word(bytes, at + 4) == second;
  }
};

struct Frames {
  std::uint64_t whole = 0;  // up to the end of the last whole transaction
  std::uint64_t ours = 0;   // up to the last that belongs to this turn of the journal
};

// A frame of an earlier turn has other numbers in both places where this turn's stand.
bool of_this_turn(std::string_view header, std::string_view frame) {
  return word(frame, 8) == word(header, 16) || word(frame, 12) == word(header, 20);
}

Frames count(std::istream& in, std::string_view header, std::size_t page_bytes) {
  Sums sums{(word(header, 0) & 1) != 0};
  sums.add(header.substr(0, 24));
  Frames frames;
  bool chain = true;
  std::string frame(kFrameHeaderBytes + page_bytes, '\0');
  for (std::uint64_t number = 1;; ++number) {
    in.read(frame.data(), static_cast<std::streamsize>(frame.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    if (got < kFrameHeaderBytes) {
      if (got > 0) frames.ours = number;
      return frames;
    }
    if (of_this_turn(header, frame)) frames.ours = number;
    if (got < frame.size()) return frames;
    sums.add(std::string_view(frame).substr(0, 8));
    sums.add(std::string_view(frame).substr(kFrameHeaderBytes));
    const bool same_turn =
        word(frame, 8) == word(header, 16) && word(frame, 12) == word(header, 20);
    chain = chain && same_turn && sums.are_at(frame, 16);
    if (chain && word(frame, 4) != 0) frames.whole = number;
  }
}

}  // namespace

std::string journal_left(const std::filesystem::path& journal) {
  std::ifstream in(journal, std::ios::binary);
  return journal_left(in);
}

std::vector<std::uint32_t> apply_journal(std::string_view journal, std::string& database) {
  constexpr std::size_t kPage = 4096;
  std::vector<std::uint32_t> applied;
  if (journal.size() < kHeaderBytes) return applied;
  const std::string_view header = journal.substr(0, kHeaderBytes);
  Sums sums{(word(header, 0) & 1) != 0};
  sums.add(header.substr(0, 24));
  if ((word(header, 0) & ~1U) != kMagic || !sums.are_at(header, 24) || word(header, 8) != kPage) {
    return applied;
  }
  std::vector<std::pair<std::uint32_t, std::string_view>> waiting;  // of a transaction without end
  journal.remove_prefix(kHeaderBytes);
  for (; journal.size() >= kFrameHeaderBytes + kPage;
       journal.remove_prefix(kFrameHeaderBytes + kPage)) {
    const std::string_view page = journal.substr(kFrameHeaderBytes, kPage);
    sums.add(journal.substr(0, 8));
    sums.add(page);
    const std::uint32_t number = word(journal, 0);
    if (word(journal, 8) != word(header, 16) || word(journal, 12) != word(header, 20) ||
        !sums.are_at(journal, 16) || number == 0) {
      break;
    }
    waiting.emplace_back(number, page);
    const std::size_t pages = word(journal, 4);
    if (pages == 0) continue;
    database.resize(pages * kPage, '\0');
    for (const auto& [at, bytes] : waiting) {
      if (at > pages) continue;
      database.replace((at - 1) * kPage, kPage, bytes);
      applied.push_back(at);
    }
    waiting.clear();
  }
  return applied;
}

std::string journal_left(std::istream& in) {
  std::string header(kHeaderBytes, '\0');
  in.read(header.data(), static_cast<std::streamsize>(header.size()));
  const auto got = static_cast<std::size_t>(in.gcount());
  if (got == 0) return "";
  Sums sums{(word(header, 0) & 1) != 0};
  sums.add(std::string_view(header).substr(0, 24));
  const std::uint32_t page_bytes = word(header, 8);
  if (got < header.size() || (word(header, 0) & ~1U) != kMagic || !sums.are_at(header, 24) ||
      page_bytes < 512 || page_bytes > kPageBytesMax) {
    return std::string("its head is not whole, so that nothing in it counts") + kEither;
  }
  const Frames frames = count(in, header, page_bytes);
  if (frames.ours <= frames.whole) return "";
  return std::to_string(frames.ours - frames.whole) + " pages after its last whole transaction" +
         kEither;
}

}  // namespace archive::audit
