#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "core/error.h"
#include "store/lifecycle/copies.h"
#include "viewer/access/scan_tray.h"
#include "viewer/access/sessions.h"
#include "viewer/api/answers.h"
#include "viewer/api/picture_mask.h"
#include "viewer/api/room_pool.h"
#include "viewer/api/service.h"
#include "viewer/iiif/bounded_cache.h"
#include "viewer/iiif/rendering.h"
#include "viewer/watermark.h"

// The inside of the service, for the files of viewer/api/ alone.

namespace archive {

using Json = nlohmann::ordered_json;

/// A request that is being answered.
struct Asked {
  const HttpRequest& request;
  Session session;              ///< nobody's where the route is open
  std::vector<std::string> at;  ///< what stands in the path for the {...} of its route
  Right by = Right::query;      ///< of those the route wants, the first that somebody has

  /// The number at one of them; Refusal 404 for what is none.
  std::int64_t number(std::size_t which = 0) const;
};

struct Service::Impl {
  explicit Impl(const ServiceParts& given);
  void load_assets();

  /// One thing that can be asked for. HEAD is answered as GET.
  struct Route {
    std::string_view method;
    std::string_view pattern;   ///< "{...}" stands for any one segment, as in OpenAPI
    std::vector<Right> any_of;  ///< who has one of them may; none: whoever is signed in
    std::string_view object;    ///< what the access log calls that which is refused
    HttpResponse (Impl::*answer)(const Asked&);
    bool open = false;  ///< without a session
  };
  static const std::vector<Route>& routes();  // routes.cpp

  HttpResponse handle(const HttpRequest& request);
  HttpResponse route(const HttpRequest& request);

  // -- Who asks (routes_session.cpp)
  HttpResponse get_session(const Asked& asked);
  HttpResponse sign_in(const Asked& asked);
  HttpResponse sign_out(const Asked& asked);
  /// Refusal 401 unless the code is that of this user's second factor, if they have one.
  void require_code(Desk& desk, const HttpRequest& request, const std::string& name,
                    const std::string& password, const std::string& code);

  // -- Who stands at the counter (routes_counter.cpp)
  HttpResponse set_purpose(const Asked& asked);
  HttpResponse end_purpose(const Asked& asked);
  HttpResponse purposes(const Asked& asked);
  HttpResponse channels(const Asked& asked);

  // -- How much of a page a session sees (sight.cpp)
  FieldSight sight_of(const Session& session, bool revealed = false) const;
  /// Throws Refusal 403, noted, when the channel shows a person's own records alone.
  void require_in_scope(const Asked& asked, bool own, const std::string& object);
  /// Whether the channel of the purpose shows a person's own records alone.
  bool shows_own_only(const Session& session) const;
  /// Whether the channel of the purpose lets a page be asked for at all.
  bool in_scope(Records& records, const Session& session, const PageRecord& page) const;
  PictureSight picture_sight(Desk& desk, const Session& session, const PageRecord& page);
  /// Whether its type is one whose pages bear a watermark.
  bool bears_protected(const PageRecord& page) const;
  /// Tells one way to cover a picture from every other; "" for a whole one.
  std::string mask_key(const PageRecord& page, const Session& session, PictureSight sight) const;
  Watermark watermark_of(const Session& session, const PageRecord& page) const;

  // -- The second factor (routes_factor.cpp)
  HttpResponse begin_factor(const Asked& asked);
  HttpResponse confirm_factor(const Asked& asked);
  HttpResponse end_factor(const Asked& asked);
  void require_password(const Asked& asked, const std::string& password);

  // -- What is in the archive (routes_reading.cpp)
  HttpResponse search(const Asked& asked);
  HttpResponse dossiers(const Asked& asked);
  HttpResponse dossier(const Asked& asked);
  HttpResponse page(const Asked& asked);
  HttpResponse reveal(const Asked& asked);
  HttpResponse person(const Asked& asked);

  // -- Pictures (routes_pictures.cpp)
  HttpResponse image_base(const Asked& asked);
  HttpResponse image_info(const Asked& asked);
  HttpResponse image(const Asked& asked);
  /// The page whose picture it is; Refusal 404 when there is none.
  PageRecord pictured(const Asked& asked, Desk& desk);
  HttpResponse manifest(const Asked& asked);
  HttpResponse picture_answer(const Asked& asked, Desk& desk, const PageRecord& page,
                              const ImageRequest& request);
  /// Throws Refusal 403, noted: this page is not shown without a reason.
  [[noreturn]] void refuse_covered(const Asked& asked, const PageRecord& page);
  /// A picture with what a session may not see covered.
  std::shared_ptr<const PicturePyramid> picture_of(Desk& desk, const PageRecord& page,
                                                   PictureSight sight, const Session& session);

  // -- The structure put right (routes_structure.cpp)
  HttpResponse arrangements(const Asked& asked);
  HttpResponse arrange_pages(const Asked& asked);
  HttpResponse undo_arrangement(const Asked& asked);
  HttpResponse begin_scan(const Asked& asked);
  HttpResponse add_to_scan(const Asked& asked);
  /// Stands for the structure of a dossier, in ETag and If-Match.
  std::string structure_etag(const Records& records, const DossierRecord& dossier) const;
  /// What a decision would do; nothing is kept.
  HttpResponse look_at_arrangement(const Asked& asked, DossierNumber number, Arrangement decision);
  HttpResponse after_arranging(BatchNumber batch, DossierNumber number, ArrangementNumber made);
  LaterScan scan_from_tray(const Asked& asked, const Records& records,
                           const Arrangement& decision, const std::string& id);

  // -- Copies that are given out (routes_copies.cpp)
  HttpResponse copies(const Asked& asked);
  HttpResponse issue_copy(const Asked& asked);
  HttpResponse print_copy(const Asked& asked);
  /// Throws Refusal unless the session may see every page so that it may be copied.
  void require_printable(const Asked& asked, Desk& desk, const CopyRecord& copy);
  /// The copy as a PDF.
  std::string copy_bytes(const Asked& asked, Desk& desk, const CopyRecord& copy, int print_no);

  // -- How it runs (routes_running.cpp)
  HttpResponse batches(const Asked& asked);
  HttpResponse batch(const Asked& asked);
  HttpResponse status(const Asked& asked);
  HttpResponse access_entries(const Asked& asked);
  HttpResponse metrics(const Asked& asked);

  // -- What is out of the ordinary (routes_alarms.cpp)
  HttpResponse alarms(const Asked& asked);
  HttpResponse acknowledge(const Asked& asked);

  HttpResponse health(const Asked& asked);
  HttpResponse openapi(const Asked& asked);
  HttpResponse asset(const HttpRequest& request);

  // -- Used by several
  void note_damage(const HttpRequest& request);
  std::optional<Session> session_of(const HttpRequest& request);
  /// Throws Refusal 403, noted in the access log, unless the session has one of the rights.
  void require(const Asked& asked, std::span<const Right> any_of, const std::string& object);
  /// Makes all that `changes` does one transaction of the records, in the session's name and beside
  /// whoever takes pages in; each part of it asks for its right. `method` is what the ledger says
  /// it was done by ("serve review"). Refusal 403 for who may not, 409 for std::invalid_argument,
  /// with its words.
  void write(const Asked& asked, std::string_view method, std::string_view reason,
             const std::function<void(Records&)>& changes);
  /// Returns the number of the entry. Throws Refusal 503 when the log cannot be written.
  std::int64_t log(const Session& session, const HttpRequest& request, std::string action,
                   std::string object, std::string reason = {}, Right by = Right::query);
  /// Notes that a page is opened, once a session and purpose.
  void log_opening(const Asked& asked, PageNumber page);
  Json page_answer(Desk& desk, const Session& session, PageNumber number);
  std::string type_name(const std::string& doc_type) const;

  using TileKey = std::tuple<PageNumber, std::string, std::string>;  // page, its object, the rest

  ServiceParts parts;
  RoomPool rooms;
  std::mutex writing_mutex;
  Sessions sessions;
  ScanTray scans;
  BoundedCache<std::string, PicturePyramid> pictures;
  BoundedCache<TileKey, std::string> tiles;
  FormWords form_words;
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
HttpResponse no_content();
/// What stands for a state of something; for ETag and If-Match.
std::string etag_of(std::string_view state);
/// Throws Refusal 412 when the request was made of another state, 428 when it does not say which.
void require_state(const HttpRequest& request, const std::string& etag);
/// A number of the path or a query; Refusal 404 for what is none.
std::int64_t number_in_path(const std::string& text);
std::size_t count_in(const std::string& text, std::size_t standard, std::size_t most);
Json body_json(const HttpRequest& request);
Json purpose_json(const std::optional<AccessPurpose>& purpose);
std::string text_in(const Json& json, const char* key, std::size_t most = 200);

}  // namespace archive
