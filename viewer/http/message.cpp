#include "viewer/http/message.h"

#include <algorithm>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kPartsMost = 64;
const std::string kNone;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus_is_blank) {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
    out += c;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

template <class Take>
bool split(std::string_view text, char separator, Take take) {
  std::size_t parts = 0;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (++parts > kPartsMost || !take(text.substr(0, end))) return false;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

const std::string& HttpRequest::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? kNone : found->second;
}

const std::string& HttpRequest::argument(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? kNone : found->second;
}

std::string HttpRequest::cookie(std::string_view name) const {
  std::string value;
  split(header("cookie"), ';', [&](std::string_view part) {
    while (part.starts_with(' ')) part.remove_prefix(1);
    if (part.starts_with(name) && part.substr(name.size()).starts_with('=')) {
      value = part.substr(name.size() + 1);
    }
    return true;
  });
  return value;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  std::vector<std::string> segments;
  const bool sound = split(path, '/', [&](std::string_view part) {
    auto text = decoded(part, false);
    if (!text || *text == "." || *text == ".." || text->find('/') != std::string::npos) {
      return false;
    }
    segments.push_back(std::move(*text));
    return true;
  });
  if (!sound) return std::nullopt;
  return segments;
}

std::optional<std::map<std::string, std::string, std::less<>>> query_arguments(
    std::string_view query) {
  std::map<std::string, std::string, std::less<>> arguments;
  const bool sound = split(query, '&', [&](std::string_view part) {
    const std::size_t equals = part.find('=');
    auto name = decoded(part.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                  : decoded(part.substr(equals + 1), true);
    if (!name || !value) return false;
    arguments.insert_or_assign(std::move(*name), std::move(*value));
    return true;
  });
  if (!sound) return std::nullopt;
  return arguments;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string made;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) {
      made += c;
    } else {
      made += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
    }
  }
  return made;
}

}  // namespace archive
