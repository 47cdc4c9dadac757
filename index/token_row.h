#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "index/terms.h"

namespace archive {

/// The tokens of a page one after the other, in few bytes: a hanzi takes two. Whether a phrase
/// stands on the page is looked up here; a table of places takes thrice the room, and half of all
/// the time that indexing takes.
class TokenRow {
 public:
  /// By the number of a token, what the recognizer held possible in its place.
  using Possible = std::map<std::size_t, std::vector<std::string>>;

  /// One text after the other; no phrase crosses from one into the next.
  void add(const std::vector<Token>& tokens, const Possible& possible = {});
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  bool after_word_ = false;
};

/// What may stand at one place of a phrase, any of these.
struct PhrasePlace {
  std::vector<std::string> tokens;
  std::string possible = {};  ///< or the recognizer held this possible there
};

/// Places one after the other among `reach` tokens: side by side when that is their number.
class RowPhrase {
 public:
  RowPhrase(const std::vector<PhrasePlace>& places, std::size_t reach);

  bool stands_in(std::string_view row) const;
  /// Equal phrases have equal ones.
  std::string key() const;

 private:
  std::vector<std::vector<std::string>> places_;  // as the row has them
  std::size_t reach_;
};

}  // namespace archive
