#include "ingest/foreign_text.h"

#include <iconv.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kBytesMax = std::size_t{256} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Nothing when the bytes are not GB18030, which has GBK and GB 2312 in it.
std::optional<std::string> from_gb18030(std::string_view bytes) {
  const iconv_t converter = iconv_open("UTF-8", "GB18030");
  if (converter == iconv_t(-1)) return std::nullopt;
  const std::unique_ptr<void, int (*)(iconv_t)> closing(converter, &iconv_close);
  std::string text(bytes.size() * 2 + 4, '\0');  // two bytes become three
  std::string input(bytes);
  char* in = input.data();
  std::size_t in_left = input.size();
  char* out = text.data();
  std::size_t out_left = text.size();
  if (iconv(converter, &in, &in_left, &out, &out_left) == std::size_t(-1)) return std::nullopt;
  text.resize(text.size() - out_left);
  return text;
}

void refuse_larger(const std::string& name, std::size_t bytes) {
  if (bytes <= kBytesMax) return;
  throw ArchiveError(ErrorKind::input_missing, name, "it is larger than 256 MB", "divide it");
}

}  // namespace

std::string foreign_bytes(const std::filesystem::path& file) {
  constexpr std::size_t kBytesAtOnce = std::size_t{1} << 20;
  std::ifstream in(file, std::ios::binary);
  std::string bytes;
  // Not by the size that the system tells: a pipe has none, and some devices never end.
  while (in) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kBytesAtOnce);
    in.read(bytes.data() + before, static_cast<std::streamsize>(kBytesAtOnce));
    bytes.resize(before + static_cast<std::size_t>(in.gcount()));
    refuse_larger(file.filename().string(), bytes.size());
  }
  if (!in.eof()) {
    throw ArchiveError(ErrorKind::input_missing, file.string(), "the file cannot be read",
                       "check the path and its permissions");
  }
  return bytes;
}

ForeignText as_utf8(const std::string& name, std::string bytes) {
  refuse_larger(name, bytes.size());
  if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());
  if (is_utf8(bytes)) return {std::move(bytes), "UTF-8"};
  if (auto text = from_gb18030(bytes)) return {std::move(*text), "GB18030"};
  throw ArchiveError(ErrorKind::input_missing, name, "it is neither UTF-8 nor GB18030 (GBK)",
                     "save it as CSV in UTF-8");
}

}  // namespace archive
