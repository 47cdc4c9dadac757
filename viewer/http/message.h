#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archive {

/// A request as a route sees it. Everything in it was sent by somebody else: texts are UTF-8
/// without control characters, and nothing else is promised of them.
struct HttpRequest {
  std::string method;
  std::string path;                   ///< as sent, without the query
  std::vector<std::string> segments;  ///< of the path, decoded; none for "/"
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> headers;  ///< by name in small letters
  std::string body;
  std::string peer;  ///< address of the other end
  bool encrypted = false;

  const std::string& header(std::string_view name) const;  ///< "" when there is none
  const std::string& argument(std::string_view name) const;
  /// The value of a cookie, or "".
  std::string cookie(std::string_view name) const;
};

class EventStream;

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// Shared, so that what is kept (a tile) is sent without a copy.
  std::shared_ptr<const std::string> body = {};
  /// Instead of a body: an answer that goes on until the stream ends or the other end goes.
  std::shared_ptr<EventStream> stream = {};

  static HttpResponse of(std::string text, int status = 200) {
    HttpResponse response;
    response.status = status;
    response.body = std::make_shared<const std::string>(std::move(text));
    return response;
  }
};

/// Segments of a path and the arguments of a query, decoded (RFC 3986, and '+' as a blank in the
/// query). Nothing for what is no such text: half a percent sign, control characters, bytes that
/// are not UTF-8, "." and "..", more than 64 segments or arguments.
std::optional<std::vector<std::string>> path_segments(std::string_view path);
std::optional<std::map<std::string, std::string, std::less<>>> query_arguments(
    std::string_view query);
/// A text as a part of an address (RFC 3986): all but letters and digits as percent signs.
std::string percent_encoded(std::string_view text);

}  // namespace archive
