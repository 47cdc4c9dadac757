#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>

#include "core/error.h"
#include "viewer/access/sessions.h"
#include "viewer/api/answers.h"
#include "viewer/api/room_pool.h"
#include "viewer/api/service.h"
#include "viewer/iiif/bounded_cache.h"
#include "viewer/iiif/rendering.h"

// The inside of the service, for the files of viewer/api/ alone.

namespace archive {

using Json = nlohmann::ordered_json;

/// A request that is being answered.
struct Asked {
  const HttpRequest& request;
  Session session;  ///< REQUIRES: the route wants one
};

struct Service::Impl {
  explicit Impl(const ServiceParts& given);
  void load_assets();

  HttpResponse handle(const HttpRequest& request);
  HttpResponse route(const HttpRequest& request);

  // -- Who asks (routes_session.cpp)
  HttpResponse get_session(const HttpRequest& request);
  HttpResponse sign_in(const HttpRequest& request);
  HttpResponse sign_out(const Asked& asked);
  HttpResponse set_purpose(const Asked& asked);
  HttpResponse end_purpose(const Asked& asked);

  // -- What is in the archive (routes_reading.cpp)
  HttpResponse search(const Asked& asked);
  HttpResponse dossiers(const Asked& asked);
  HttpResponse dossier(const Asked& asked, DossierNumber number);
  HttpResponse page(const Asked& asked, PageNumber number);
  HttpResponse reveal(const Asked& asked, PageNumber number);
  HttpResponse person(const Asked& asked, const std::string& number);

  // -- Pictures (routes_pictures.cpp)
  HttpResponse image(const Asked& asked);
  HttpResponse manifest(const Asked& asked, DossierNumber number);

  // -- How it runs (routes_running.cpp)
  HttpResponse batches();
  HttpResponse batch(BatchNumber number);
  HttpResponse status();
  HttpResponse access_entries(const Asked& asked);
  HttpResponse metrics(const HttpRequest& request);
  HttpResponse asset(const HttpRequest& request);

  // -- Used by several
  std::optional<Session> session_of(const HttpRequest& request);
  /// Throws Refusal 403, noted in the access log, unless the session has one of the rights.
  void require(const Asked& asked, std::initializer_list<Right> any_of,
               const std::string& object = {});
  /// Throws Refusal 503 when the log cannot be written.
  void log(const Session& session, const HttpRequest& request, std::string action,
           std::string object, std::string reason = {}, Right by = Right::query);
  /// Notes that a page is opened, once a session and purpose.
  void log_opening(const Asked& asked, PageNumber page);
  Json page_answer(Desk& desk, const Session& session, PageNumber number);
  std::string type_name(const std::string& doc_type) const;

  using TileKey = std::tuple<PageNumber, std::string, std::string>;  // page, its object, the rest

  ServiceParts parts;
  RoomPool rooms;
  Sessions sessions;
  BoundedCache<std::string, PicturePyramid> pictures;
  BoundedCache<TileKey, std::string> tiles;
  struct Asset {
    std::string type;
    std::shared_ptr<const std::string> plain, packed;
    bool for_ever = false;  ///< its name changes with its bytes
  };
  std::map<std::string, Asset, std::less<>> assets;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  std::atomic<std::int64_t> answered{0}, refused{0}, failed{0}, opened{0};
};

[[noreturn]] void refuse_not_found(const char* zh, const char* en);
/// A number of the path or a query; Refusal 404 for what is none.
std::int64_t number_in_path(const std::string& text);
std::size_t count_in(const std::string& text, std::size_t standard, std::size_t most);
Json body_json(const HttpRequest& request);
std::string text_in(const Json& json, const char* key, std::size_t most = 200);

}  // namespace archive
