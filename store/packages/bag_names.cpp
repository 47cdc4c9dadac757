#include "store/packages/bag_names.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kNameBytesMax = 120;

bool has_parent_step(std::string_view path) {
  while (true) {
    const std::size_t end = path.find('/');
    if (path.substr(0, end) == "..") return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Escape {
  char character;
  std::string_view written;
};
constexpr std::array kEscapes = {Escape{'\r', "%0D"}, Escape{'\n', "%0A"}, Escape{'%', "%25"}};

}  // namespace

std::string bag_path_written(std::string_view path) {
  std::string written;
  for (const char c : path) {
    const auto escape = std::ranges::find(kEscapes, c, &Escape::character);
    if (escape == kEscapes.end()) {
      written += c;
    } else {
      written += escape->written;
    }
  }
  return written;
}

std::string bag_path_read(std::string_view written, bool percent_encoded) {
  std::string path;
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string code(written.substr(i, 3));
    std::ranges::transform(code, code.begin(), [](char c) {
      return c == 'a' || c == 'd' ? static_cast<char>(c - 32) : c;
    });
    const auto escape = std::ranges::find(kEscapes, std::string_view(code), &Escape::written);
    if (escape == kEscapes.end() || (escape->character == '%' && !percent_encoded)) {
      path += written[i];
    } else {
      path += escape->character;
      i += 2;
    }
  }
  return path;
}

bool escapes_the_bag(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return true;
  std::string forward(path);
  std::ranges::replace(forward, '\\', '/');
  if (forward.front() == '/' || forward.front() == '~') return true;
  if (forward.size() > 1 && is_letter(forward[0]) && forward[1] == ':') return true;
  // %HomeDrive%\...: a shell of Windows would put something else in its place.
  if (forward.front() == '%' && forward.find('%', 1) < forward.find('/')) return true;
  return has_parent_step(forward);
}

std::string folded_name(std::string_view path) {
  if (!is_utf8(path)) return std::string(path);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normal = icu::Normalizer2::getNFCInstance(status);
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(path.data(), static_cast<int32_t>(path.size())));
  text = normal->normalize(text, status).foldCase();
  text = normal->normalize(text, status);
  if (U_FAILURE(status)) return std::string(path);
  std::string folded;
  text.toUTF8String(folded);
  return folded;
}

bool is_system_file(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string name =
      folded_name(slash == std::string_view::npos ? path : path.substr(slash + 1));
  return name == ".ds_store" || name == "thumbs.db" || name == "desktop.ini";
}

std::string file_name_of(std::string_view text) {
  constexpr std::string_view kRefused = "/\\:*?\"<>|%";
  std::string name;
  for (const std::string& character : characters(text)) {
    const bool refused = character.size() == 1 &&
                         (static_cast<unsigned char>(character[0]) < 0x20 || character[0] == 0x7F ||
                          kRefused.find(character[0]) != kRefused.npos);
    if (name.size() + character.size() > kNameBytesMax) break;
    name += refused ? "_" : character;
  }
  while (!name.empty() && (name.back() == ' ' || name.back() == '.')) name.pop_back();
  if (name.empty() || name.front() == '.' || name.front() == '~') name.insert(0, "_");
  return name;
}

}  // namespace archive
