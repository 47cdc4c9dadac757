#include "config/pattern.h"

#include <re2/re2.h>

#include <stdexcept>
#include <utility>

namespace archive {
namespace {

constexpr std::int64_t kMemoryBytesMax = 8 << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemoryBytesMax);
  return options;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(std::string_view expression) : re(piece(expression), options()) {}
  RE2 re;
};

std::optional<Pattern> Pattern::compile(std::string_view expression, std::string* fault) {
  auto compiled = std::make_shared<const Compiled>(expression);
  if (!compiled->re.ok()) {
    if (fault != nullptr) *fault = compiled->re.error();
    return std::nullopt;
  }
  return Pattern(std::move(compiled));
}

Pattern Pattern::of(std::string_view expression) {
  std::string fault;
  auto pattern = compile(expression, &fault);
  if (!pattern) throw std::logic_error("a wrong expression: " + fault);
  return std::move(*pattern);
}

bool Pattern::found_in(std::string_view text) const {
  return RE2::PartialMatch(piece(text), compiled_->re);
}

std::vector<Pattern::Span> Pattern::first_in(std::string_view text, std::size_t from) const {
  const int parts = compiled_->re.NumberOfCapturingGroups() + 1;
  std::vector<re2::StringPiece> found(static_cast<std::size_t>(parts));
  if (from > text.size() ||
      !compiled_->re.Match(piece(text), from, text.size(), RE2::UNANCHORED, found.data(), parts)) {
    return {};
  }
  std::vector<Span> spans;
  for (const re2::StringPiece& part : found) {
    if (part.data() == nullptr) {
      spans.emplace_back();
      continue;
    }
    const auto begin = static_cast<std::size_t>(part.data() - text.data());
    spans.push_back({begin, begin + part.size()});
  }
  return spans;
}

int Pattern::groups() const { return compiled_->re.NumberOfCapturingGroups(); }

const std::string& Pattern::expression() const { return compiled_->re.pattern(); }

}  // namespace archive
