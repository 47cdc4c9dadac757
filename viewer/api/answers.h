#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "viewer/http/message.h"

namespace archive {

/// What keeps a request from its answer; becomes one with this status.
struct Refusal {
  int status = 400;
  std::string code;  ///< stable: "who", "forbidden", "not_found", "query" ...
  std::string zh, en;
  int retry_after_s = 0;
};

HttpResponse answer_of(const nlohmann::ordered_json& json, int status = 200);
HttpResponse answer_of(const Refusal& refusal);

/// Headers that go with every answer: no guessing of types, no frames, nothing kept, no script but
/// our own.
void add_security_headers(const HttpRequest& request, HttpResponse& response);

/// The body in gzip when the other end takes it and it is worth it.
void pack(const HttpRequest& request, HttpResponse& response);

}  // namespace archive
