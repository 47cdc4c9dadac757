#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// What a decoding library complained about, in order, each sentence once. Bounded in
/// number and length, and printable: a hostile file writes no novel and no control
/// characters into the records. What stands between quotation marks came from the file
/// and is dropped, for it could be somebody's data.
class Complaints {
 public:
  void add(std::string_view sentence);
  /// Says that a part of the picture is missing or wrong.
  void add_partial(std::string_view sentence);

  bool empty() const { return sentences_.empty(); }
  /// The last sentence without its "partial:", or `otherwise`.
  std::string last(std::string_view otherwise) const;
  const std::vector<std::string>& sentences() const { return sentences_; }
  std::vector<std::string> take();

 private:
  std::vector<std::string> sentences_;
};

}  // namespace archive
