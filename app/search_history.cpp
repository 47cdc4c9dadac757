#include "app/search_history.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::filesystem::path file_of(const std::filesystem::path& archive) {
  return archive / "searches.ndjson";
}

}  // namespace

void remember_search(const std::filesystem::path& archive, const PastSearch& search) {
  const Json json = {{"at", search.at},
                     {"by", search.by},
                     {"purpose", search.purpose},
                     {"query", search.query},
                     {"pages", search.pages}};
  const std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const auto file = file_of(archive);
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
  const int descriptor = ::open(file.c_str(), kFlags, 0600);
  const bool written =
      descriptor >= 0 &&
      ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
      ::fdatasync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (written) return;
  throw ArchiveError(ErrorKind::disk, file.string(),
                     std::string("the search cannot be noted: ") + std::strerror(error),
                     "let whoever searches write to this file, or search without --purpose");
}

std::vector<PastSearch> past_searches(const std::filesystem::path& archive, std::size_t at_most) {
  std::deque<PastSearch> last;
  std::ifstream file(file_of(archive));
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    const auto text = [&](const char* key) { return json.value(key, std::string()); };
    last.push_back({text("at"), text("by"), text("purpose"), text("query"),
                    json.value("pages", std::size_t{0})});
    if (last.size() > at_most) last.pop_front();
  }
  return {last.begin(), last.end()};
}

}  // namespace archive
