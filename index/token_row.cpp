#include "index/token_row.h"

#include <algorithm>
#include <cassert>

#include "core/utf8.h"

// A row is a string of these, told apart by their first byte:
//
//     0-9 a-z      a word, up to the first byte that is none of these; a blank parts two words
//     80-D1 XX     a hanzi, U+4E00 to U+9FFF
//     FE NN ...    any other token: NN bytes of UTF-8
//     FC and one of the above   what the token before it may be instead
//     FD           the end of a text

namespace archive {
namespace {

constexpr char32_t kFirstHanzi = 0x4E00;
constexpr char32_t kLastHanzi = 0x9FFF;
constexpr unsigned kHanzi = 0x80;
constexpr char kPossible = '\xFC';
constexpr char kEnd = '\xFD';
constexpr char kOther = '\xFE';
constexpr std::size_t kApart = 50;  // tokens of room between two texts

bool is_word_byte(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }
bool is_word(std::string_view token) { return std::ranges::all_of(token, is_word_byte); }

/// The code of a hanzi in three bytes of UTF-8; of anything else, one that is none.
char32_t hanzi_of(std::string_view token) {
  if (token.size() != 3) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(token[i]); };
  if ((byte(0) & 0xF0) != 0xE0) return 0;
  return ((byte(0) & 0x0Fu) << 12) | ((byte(1) & 0x3Fu) << 6) | (byte(2) & 0x3Fu);
}

void append_packed(std::string_view token, std::string& out) {
  const char32_t hanzi = hanzi_of(token);
  if (hanzi >= kFirstHanzi && hanzi <= kLastHanzi) {
    out += static_cast<char>(kHanzi + ((hanzi - kFirstHanzi) >> 8));
    out += static_cast<char>((hanzi - kFirstHanzi) & 0xFF);
    return;
  }
  const std::string kept = term(prefix::kText, token);  // of bounded length
  if (is_word(kept)) {
    out += kept;
    return;
  }
  out += kOther;
  out += static_cast<char>(kept.size());
  out += kept;
}

/// Goes along a row, token by token.
class RowWalk {
 public:
  explicit RowWalk(std::string_view row) : row_(row) {}

  /// The number of the token's place in the row; what may be there instead has the same.
  std::size_t place() const { return place_; }
  /// As it is packed, with the mark before it of what is only possible.
  std::string_view token() const { return row_.substr(begin_, end_ - begin_); }

  bool next() {
    for (begin_ = end_; begin_ < row_.size(); ++begin_) {
      const char first = row_[begin_];
      if (first == kEnd) place_ += kApart;
      if (first == kEnd || first == ' ') continue;
      const bool possible = first == kPossible;
      if (!possible) ++place_;
      end_ = std::min(end_of_token(begin_ + (possible ? 1 : 0)), row_.size());
      return true;
    }
    end_ = begin_;
    return false;
  }

 private:
  std::size_t end_of_token(std::size_t at) const {
    if (at >= row_.size()) return at;
    if (row_[at] == kOther) return at + 2 + (at + 1 < row_.size() ? byte(at + 1) : 0);
    if (byte(at) >= kHanzi) return at + 2;
    do ++at;
    while (at < row_.size() && is_word_byte(row_[at]));
    return at;
  }
  unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(row_[at]); }

  std::string_view row_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t place_ = 0;
};

bool is_any(std::string_view token, const std::vector<std::string>& of) {
  return std::ranges::any_of(of, [token](const std::string& one) {
    return one.size() == token.size() && one.front() == token.front() && one == token;
  });
}

/// Whether what follows a token that fits the first place fits the others, each as early as it can:
/// then the last is as near as it can be.
bool goes_on(RowWalk walk, const std::vector<std::vector<std::string>>& places,
             std::size_t reach) {
  const std::size_t end = walk.place() + reach;
  std::size_t last = walk.place();
  std::size_t next = 1;
  while (next < places.size() && walk.next() && walk.place() < end) {
    if (walk.place() == last || !is_any(walk.token(), places[next])) continue;
    last = walk.place();
    ++next;
  }
  return next == places.size();
}

}  // namespace

void TokenRow::add(const std::vector<Token>& tokens, const Possible& possible) {
  if (!bytes_.empty()) bytes_ += kEnd;
  after_word_ = false;
  auto next_possible = possible.begin();
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const std::string& text = tokens[at].text;
    const bool word = is_word_byte(text.front());
    if (word && after_word_) bytes_ += ' ';
    append_packed(text, bytes_);
    after_word_ = word;
    for (; next_possible != possible.end() && next_possible->first == at; ++next_possible) {
      for (const std::string& other : next_possible->second) {
        bytes_ += kPossible;
        append_packed(other, bytes_);
        after_word_ = is_word_byte(other.front());
      }
    }
  }
}

RowPhrase::RowPhrase(const std::vector<PhrasePlace>& places, std::size_t reach) : reach_(reach) {
  assert(!places.empty() && reach >= places.size());
  for (const PhrasePlace& place : places) {
    std::vector<std::string>& packed = places_.emplace_back();
    for (const std::string& token : place.tokens) append_packed(token, packed.emplace_back());
    if (place.possible.empty()) continue;
    packed.emplace_back(1, kPossible);
    append_packed(place.possible, packed.back());
  }
}

bool RowPhrase::stands_in(std::string_view row) const {
  for (RowWalk walk(row); walk.next();) {
    if (is_any(walk.token(), places_.front()) && goes_on(walk, places_, reach_)) return true;
  }
  return false;
}

std::string RowPhrase::key() const {
  std::string key = std::to_string(reach_);
  for (const std::vector<std::string>& place : places_) {
    key += kEnd;
    for (const std::string& token : place) key += ' ' + token;
  }
  return key;
}

}  // namespace archive
