#include "app/words.h"

#include <optional>

#include "config/messages.h"
#include "config/settings.h"

namespace archive {
namespace {

// Words must never stand between a person and a reason: without tables the bare names
// are shown, and the command that needs the tables says that they are missing.
const std::optional<Messages>& messages() {
  static const std::optional<Messages> loaded = []() -> std::optional<Messages> {
    try {
      return Messages::load(find_config_folder(Settings{}));
    } catch (const ArchiveError&) {
      return std::nullopt;
    }
  }();
  return loaded;
}

const Message* message_of(std::string_view reason) {
  if (!messages()) return nullptr;
  if (const auto fault = reason_named(reason)) return &messages()->of(*fault);
  return messages()->of_review(reason);
}

}  // namespace

std::string words_for(std::string_view reason, const Console& console) {
  if (reason == "repeat") {
    return std::string(
        console("内容与此前交来的文件相同，仍作为另一次交来归档",
                "same bytes as an earlier delivery; filed as a delivery of its own"));
  }
  if (reason == "kept_unread") {
    return std::string(console("不是图像，原样保存", "not a picture; kept as it is, not read"));
  }
  const Message* message = message_of(reason);
  if (message == nullptr) return std::string(reason);
  const std::string& words = console.chinese() ? message->zh : message->en;
  const std::size_t colon = reason.find(':');
  return colon == std::string_view::npos ? words : words + std::string(reason.substr(colon));
}

}  // namespace archive
