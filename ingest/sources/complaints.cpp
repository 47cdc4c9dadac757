#include "ingest/sources/complaints.h"

#include <algorithm>
#include <utility>

namespace archive {
namespace {

constexpr std::size_t kSentencesMax = 40;
constexpr std::size_t kLengthMax = 240;
constexpr std::string_view kPartial = "partial: ";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Where the quotation that begins at `open` ends; nowhere when it does not begin there: an
// apostrophe stands after a letter.
std::size_t end_of_quotation(std::string_view sentence, std::size_t open) {
  const char quote = sentence[open];
  if (quote != '\'' && quote != '"') return std::string_view::npos;
  if (open > 0 && is_letter(sentence[open - 1])) return std::string_view::npos;
  return sentence.find(quote, open + 1);
}

std::string printable(std::string_view sentence) {
  std::string text;
  for (std::size_t i = 0; i < sentence.size() && text.size() < kLengthMax; ++i) {
    const char c = sentence[i];
    text += c >= ' ' && c <= '~' ? c : '?';
    const std::size_t end = end_of_quotation(sentence, i);
    if (end == std::string_view::npos) continue;
    text += sentence[i];
    i = end;
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
  add(std::string(kPartial) + std::string(sentence));
}

std::string Complaints::last(std::string_view otherwise) const {
  if (sentences_.empty()) return std::string(otherwise);
  const std::string& sentence = sentences_.back();
  return sentence.starts_with(kPartial) ? sentence.substr(kPartial.size()) : sentence;
}

std::vector<std::string> Complaints::take() { return std::exchange(sentences_, {}); }

}  // namespace archive
