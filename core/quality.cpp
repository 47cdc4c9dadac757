#include "core/quality.h"

#include <utility>

namespace archive {
namespace {

constexpr std::array kVerdicts = {std::pair{Verdict::accept, std::string_view("accept")},
                                  std::pair{Verdict::look, std::string_view("look")},
                                  std::pair{Verdict::rescan, std::string_view("rescan")}};

}  // namespace

std::string_view name_of(Verdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)].second;
}

std::optional<Verdict> verdict_named(std::string_view name) {
  for (const auto& [verdict, known] : kVerdicts) {
    if (known == name) return verdict;
  }
  return std::nullopt;
}

}  // namespace archive
