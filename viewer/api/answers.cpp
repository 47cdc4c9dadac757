#include "viewer/api/answers.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "viewer/flate.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWorthPacking = 1'024;

bool is_text(const std::string& type) {
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type.starts_with("application/ld+json") || type.starts_with("text/javascript") ||
         type.starts_with("image/svg");
}

}  // namespace

HttpResponse answer_of(const Json& json, int status) {
  return HttpResponse::of(json.dump(-1, ' ', false, Json::error_handler_t::replace), status);
}

HttpResponse answer_of(const Refusal& refusal) {
  Json error = {{"code", refusal.code}, {"zh", refusal.zh}, {"en", refusal.en}};
  if (refusal.retry_after_s > 0) error["retry_after_s"] = refusal.retry_after_s;
  HttpResponse response = answer_of(Json{{"error", std::move(error)}}, refusal.status);
  if (refusal.retry_after_s > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after_s));
  }
  return response;
}

void add_security_headers(const HttpRequest& request, HttpResponse& response) {
  const auto add = [&response](const char* name, const char* value) {
    response.headers.emplace_back(name, value);
  };
  add("X-Content-Type-Options", "nosniff");
  add("X-Frame-Options", "DENY");
  add("Referrer-Policy", "no-referrer");
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Cross-Origin-Resource-Policy", "same-origin");
  add("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  add("Content-Security-Policy",
      "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
      "form-action 'self'; frame-ancestors 'none'");
  // Level 2 of IIIF wants it; no other site's page has a session here, so none is shown anything.
  if (request.path.starts_with("/iiif/")) add("Access-Control-Allow-Origin", "*");
  if (request.encrypted) add("Strict-Transport-Security", "max-age=31536000");
  for (const auto& [name, value] : response.headers) {
    if (name == "Cache-Control") return;
  }
  add("Cache-Control", "no-store");
}

void pack(const HttpRequest& request, HttpResponse& response) {
  if (!response.body || response.body->size() < kWorthPacking || !is_text(response.content_type)) {
    return;
  }
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (request.header("accept-encoding").find("gzip") == std::string::npos) return;
  response.body = std::make_shared<const std::string>(gzip(*response.body));
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace archive
