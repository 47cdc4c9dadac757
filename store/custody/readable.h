#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/custody.h"

namespace archive {

/// Whether a source can be read today (R46): decodes the pages of the file that were filed. What is
/// wrong, in technical words, or nothing. Called from several threads. The store knows no decoder:
/// the program gives it one.
using ReadSource = std::function<std::optional<std::string>(const std::filesystem::path& file,
                                                            const ObjectUse& use)>;

/// Whether a derivative with these bytes can be read: its frame expanded, its text understood.
/// Nothing for what is kept as it was given, such as a list of another office.
std::optional<std::string> derivative_fault(std::string_view bytes, const ObjectUse& use);
/// True for what derivative_fault() looks into.
bool is_derivative(const ObjectUse& use);

/// Does work 0..count-1 with so many threads; each piece once, in no order. Goes on where the first
/// exception leaves it only to come home, and throws it. Stops between pieces when `stop` is set.
void share_work(std::size_t count, int threads, const std::atomic<bool>* stop,
                const std::function<void(std::size_t)>& work);

}  // namespace archive
