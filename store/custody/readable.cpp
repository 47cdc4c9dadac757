#include "store/custody/readable.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/error.h"
#include "core/layout.h"
#include "store/objects/compression.h"

namespace archive {
namespace {

constexpr int kThreadsMost = 64;

enum class Form { layout, alto, json };

std::optional<Form> form_of(const ObjectUse& use) {
  if (use.purpose.ends_with("layout")) return Form::layout;
  if (use.purpose.ends_with("alto")) return Form::alto;
  if (use.purpose == "report" || use.purpose == "acceptance") return Form::json;
  return std::nullopt;
}

}  // namespace

bool is_derivative(const ObjectUse& use) { return form_of(use).has_value(); }

std::optional<std::string> derivative_fault(std::string_view bytes, const ObjectUse& use) {
  const auto form = form_of(use);
  if (!form) return std::nullopt;
  if (*form == Form::json) {
    if (nlohmann::json::accept(bytes)) return std::nullopt;
    return "is no JSON";
  }
  try {
    const std::string text = expand(bytes);
    if (*form == Form::layout) {
      parse_layout(text);
    } else if (text.find("<alto") == std::string::npos ||
               text.find("</alto>") == std::string::npos) {
      return "is no ALTO";
    }
  } catch (const ArchiveError& error) {
    return error.problem();
  } catch (const std::invalid_argument&) {
    return "is no layout that can be read";
  }
  return std::nullopt;
}

void share_work(std::size_t count, int threads, const std::atomic<bool>* stop,
                const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count && !(stop != nullptr && *stop); i = next++) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> others;
    const auto wanted = static_cast<std::size_t>(std::clamp(threads, 1, kThreadsMost));
    for (std::size_t i = 1; i < std::min(count, wanted); ++i) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace archive
