#include "app/console.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/utf8.h"

namespace archive {
namespace {

bool environment_is_chinese() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      return std::string_view(value).starts_with("zh");
    }
  }
  return false;
}

std::string in_one_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

Console::Console(std::string_view language, bool json)
    : chinese_(language == "zh" || (language != "en" && environment_is_chinese())),
      json_(json),
      live_(isatty(STDERR_FILENO) == 1) {}

void Console::result(std::string_view line) const { std::cout << line << '\n'; }

void Console::result_json(const nlohmann::ordered_json& json) const { result(in_one_line(json)); }

void Console::none_if(bool empty) const {
  if (empty && !json_) note((*this)("（无）", "(none)"));
}

bool Console::flush() const { return static_cast<bool>(std::cout << std::flush); }

// In one piece: pages are judged in one thread while others are read in another.
void Console::note(std::string_view line) const {
  std::cerr << std::string(line) + '\n' << std::flush;
}

void Console::progress(std::string_view line) const {
  if (live_) std::cerr << "\r\033[K" << line << std::flush;
}

void Console::end_progress() const {
  if (live_) std::cerr << "\r\033[K" << std::flush;
}

void Console::error(const ArchiveError& error) const {
  if (json_) {
    const nlohmann::ordered_json json = {{"error", static_cast<int>(error.kind())},
                                         {"where", error.where()},
                                         {"what", error.problem()},
                                         {"what_to_do", error.what_to_do()}};
    note(in_one_line(json));
    return;
  }
  const auto& say = *this;
  note("juanzong: " + std::string(say("出错", "error")) + " " +
       std::to_string(static_cast<int>(error.kind())));
  note("  " + std::string(say("位置：", "where:      ")) + error.where());
  note("  " + std::string(say("问题：", "what:       ")) + error.problem());
  note("  " + std::string(say("办法：", "what to do: ")) + error.what_to_do());
}

std::string fit_columns(std::string_view text, std::size_t columns) {
  std::string fitted;
  std::size_t used = 0;
  for (const char32_t c : code_points(text)) {
    const std::size_t width = c >= 0x1100 ? 2 : 1;
    if (used + width > columns) break;
    fitted += utf8(c);
    used += width;
  }
  return fitted + std::string(columns - used, ' ');
}

}  // namespace archive
