#include "ingest/sources/complaints.h"

#include <algorithm>
#include <utility>

namespace archive {
namespace {

constexpr std::size_t kSentencesMax = 40;
constexpr std::size_t kLengthMax = 240;

std::string printable(std::string_view sentence) {
  std::string text;
  bool quoted = false;
  for (const char c : sentence) {
    if (text.size() == kLengthMax) break;
    const bool quote = c == '\'' || c == '"';
    if (quote) quoted = !quoted;
    if (quoted && !quote) continue;
    text += c >= ' ' && c <= '~' ? c : '?';
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '?')) text.pop_back();
  return text;
}

}  // namespace

void Complaints::add(std::string_view sentence) {
  if (sentences_.size() == kSentencesMax) return;
  std::string text = printable(sentence);
  if (text.empty() || std::ranges::find(sentences_, text) != sentences_.end()) return;
  sentences_.push_back(std::move(text));
}

void Complaints::add_partial(std::string_view sentence) {
  add("partial: " + std::string(sentence));
}

std::string Complaints::last(std::string_view otherwise) const {
  return sentences_.empty() ? std::string(otherwise) : sentences_.back();
}

std::vector<std::string> Complaints::take() { return std::exchange(sentences_, {}); }

}  // namespace archive
