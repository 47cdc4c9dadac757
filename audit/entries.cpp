#include "audit/entries.h"

#include <zstd.h>

#include "audit/digests.h"
#include "audit/escapes.h"

namespace archive::audit {
namespace {

constexpr unsigned long long kChangesMax = 128ULL << 20;

void line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(" ");
  add_escaped(out, value);
  out += '\n';
}

}  // namespace

std::optional<std::string> expanded(const std::string& frame) {
  if (frame.empty()) return "";
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kChangesMax) {
    return std::nullopt;
  }
  std::string text(size, '\0');
  const std::size_t got = ZSTD_decompress(text.data(), text.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != text.size()) return std::nullopt;
  return text;
}

std::string leaf_text(const RecordsFile::Event& event, const std::string& changes) {
  std::string out = "juanzong-event 1\n";
  line(out, "number", std::to_string(event.number));
  line(out, "at", event.happened_at);
  line(out, "who", event.who);
  line(out, "post", event.post);
  if (!event.co_signer.empty()) line(out, "co-signer", event.co_signer);
  line(out, "action", event.action);
  line(out, "object", event.object_kind + " " + std::to_string(event.object_number));
  line(out, "reason", event.reason);
  line(out, "method", event.method);
  line(out, "details", event.details);
  if (!changes.empty()) {
    line(out, "changes",
         hex(digest(Function::sha256, changes)) + " " + hex(digest(Function::sm3, changes)));
  }
  return out;
}

}  // namespace archive::audit
