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
#include "ingest/uploads.h"
#include "store/ledger/ledger_check.h"
#include "store/lifecycle/copies.h"
#include "viewer/access/scan_tray.h"
#include "viewer/access/sessions.h"
#include "viewer/api/answers.h"
#include "viewer/api/events.h"
#include "viewer/api/picture_mask.h"
#include "viewer/api/room_pool.h"
#include "viewer/api/service.h"
#include "viewer/iiif/bounded_cache.h"
#include "viewer/iiif/rendering.h"
#include "viewer/review/review_queue.h"
#include "viewer/review/task_leases.h"
#include "viewer/watermark.h"

// The inside of the service, for the files of viewer/api/ alone.

namespace archive {

using Json = nlohmann::ordered_json;

class Reviews;
struct ReviewState;
struct TaskNow;

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
  HttpResponse route(const HttpRequest& request, RequestFacts& facts);

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
  HttpResponse set_co_signer(const Asked& asked);
  HttpResponse purposes(const Asked& asked);
  HttpResponse channels(const Asked& asked);
  HttpResponse names(const Asked& asked);

  // -- How much of a page a session sees (sight.cpp)
  FieldSight sight_of(const Session& session, bool revealed = false) const;
  /// Whether the channel of the purpose shows a person's own records alone.
  bool shows_own_only(const Session& session) const;
  /// Throws Refusal 403, noted, when the channel shows a person's own records alone and this is
  /// none of them, nor so much as there: nobody learns which.
  void require_in_scope(const Asked& asked, bool own, const std::string& object);
  /// Whether the channel of the purpose lets a page be asked for at all.
  bool in_scope(Records& records, const Session& session, const PageRecord& page) const;
  /// The page, or dossier, that is asked for, if it is in scope; Refusal 403 as above, or 404.
  PageRecord page_asked_for(const Asked& asked, Desk& desk, PageNumber number);
  DossierRecord dossier_asked_for(const Asked& asked, Desk& desk, DossierNumber number);
  /// Of these pages those in scope, in their order.
  std::vector<PageRecord> those_in_scope(Records& records, const Session& session,
                                         std::vector<PageRecord> pages) const;
  /// What a search is narrowed to; nothing: it may find any page.
  std::optional<std::vector<PageNumber>> searched_pages(Records& records,
                                                        const Session& session) const;
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
  HttpResponse dossier_properties(const Asked& asked);
  HttpResponse page(const Asked& asked);
  HttpResponse reveal(const Asked& asked);
  HttpResponse person(const Asked& asked);
  /// As page_asked_for().
  PersonRecord person_asked_for(const Asked& asked, const Records& records);

  // -- Pictures (routes_pictures.cpp)
  HttpResponse image_base(const Asked& asked);
  HttpResponse image_info(const Asked& asked);
  HttpResponse image(const Asked& asked);
  /// The page whose picture it is; Refusal 404 when there is none.
  PageRecord pictured(const Asked& asked, Desk& desk);
  HttpResponse manifest(const Asked& asked);
  HttpResponse page_text(const Asked& asked);      // routes_annotations.cpp
  HttpResponse search_inside(const Asked& asked);  // the same
  /// Decoded once for all who look at it. Refusal 500 when that cannot be done.
  std::shared_ptr<const PicturePyramid> pyramid_of_page(const PageRecord& page);

  // -- The review bench: values (routes_review.cpp, routes_review_say.cpp)
  HttpResponse review_tasks(const Asked& asked);
  HttpResponse review_claim(const Asked& asked);
  HttpResponse review_give_back(const Asked& asked);
  HttpResponse review_task(const Asked& asked);
  HttpResponse review_snippet(const Asked& asked);
  HttpResponse review_say(const Asked& asked);
  HttpResponse review_confirm_group(const Asked& asked);
  HttpResponse review_claim_group(const Asked& asked, Desk& desk, const ReviewQueue::Wish& wish,
                                  const Json& like);
  HttpResponse review_take_back(const Asked& asked, const ValuePlace& place);
  /// Carries out what was said of a value, in a transaction. Answers what became of it.
  std::string say(Records& records, const TaskNow& now, const std::string& action,
                  const Json& body);
  Json task_json(const Session& session, Desk& desk, const TaskNow& now);
  /// Notes that somebody sees a value at the bench, once a session.
  void log_task(const Asked& asked, const ValuePlace& place);
  /// It is theirs for a while from now on; Refusal 409 when somebody else has it.
  void require_lease(const Asked& asked, const ValuePlace& place);

  // -- The steps of cases, and corrections (routes_review_items.cpp)
  HttpResponse review_items(const Asked& asked);
  HttpResponse review_take_step(const Asked& asked);
  HttpResponse corrections(const Asked& asked);
  HttpResponse propose_correction(const Asked& asked);
  HttpResponse decide_correction(const Asked& asked);
  Json item_json(Records& records, const Reviews& reviews, const Session& session,
                 DossierNumber dossier, int item, const std::string& doc_type,
                 const ReviewState& state) const;
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
  HttpResponse retry_page(const Asked& asked);
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

  // -- What persons decide about findings (routes_findings.cpp)
  HttpResponse decide_finding(const Asked& asked);
  /// As page_asked_for(); one that the last check did not make is none.
  FindingRecord finding_asked_for(const Asked& asked, Desk& desk, FindingNumber number);

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

  // -- What is kept how long and where (routes_keeping.cpp)
  HttpResponse keeping(const Asked& asked);
  HttpResponse kept_items(const Asked& asked);
  HttpResponse extend_retention(const Asked& asked);
  HttpResponse appraisals(const Asked& asked);
  HttpResponse open_appraisals(const Asked& asked);
  HttpResponse close_appraisal(const Asked& asked);
  HttpResponse holds(const Asked& asked);
  HttpResponse set_hold(const Asked& asked);
  HttpResponse lift_hold(const Asked& asked);
  HttpResponse disposal_lists(const Asked& asked);
  HttpResponse disposal_list(const Asked& asked);
  HttpResponse make_disposal_list(const Asked& asked);
  HttpResponse approve_disposal(const Asked& asked);
  HttpResponse withdraw_disposal(const Asked& asked);
  HttpResponse loans(const Asked& asked);
  HttpResponse lend(const Asked& asked);
  HttpResponse change_loan(const Asked& asked);
  HttpResponse places(const Asked& asked);
  HttpResponse put_place(const Asked& asked);
  HttpResponse packages(const Asked& asked);
  HttpResponse settle_package(const Asked& asked);

  // -- Copies and their health (routes_custody.cpp)
  HttpResponse custody(const Asked& asked);
  HttpResponse put_medium(const Asked& asked);
  HttpResponse custody_alarms_now(const Asked& asked);
  HttpResponse acknowledge_custody_alarm(const Asked& asked);
  Json alarms_json(Records& records) const;

  // -- Who saw and changed what (routes_audit.cpp)
  HttpResponse audit_entries(const Asked& asked);
  HttpResponse audit_filters(const Asked& asked);
  HttpResponse audit_verification(const Asked& asked);
  HttpResponse audit_proof(const Asked& asked);
  HttpResponse audit_export(const Asked& asked);

  // -- The office (routes_admin.cpp)
  HttpResponse users(const Asked& asked);
  HttpResponse add_user(const Asked& asked);
  HttpResponse change_user(const Asked& asked);
  HttpResponse reset_password(const Asked& asked);
  HttpResponse end_user(const Asked& asked);
  HttpResponse units(const Asked& asked);
  HttpResponse add_unit(const Asked& asked);
  HttpResponse change_unit(const Asked& asked);
  HttpResponse settings_as_they_are(const Asked& asked);
  HttpResponse selfcheck(const Asked& asked);
  HttpResponse file_selfcheck_now(const Asked& asked);

  // -- The shop floor (routes_shop_floor.cpp, routes_uploads.cpp, routes_events.cpp)
  HttpResponse overview(const Asked& asked);
  HttpResponse acceptances(const Asked& asked);
  HttpResponse draw_sample(const Asked& asked);
  HttpResponse note_sample_fault(const Asked& asked);
  HttpResponse close_sample(const Asked& asked);
  HttpResponse release_held(const Asked& asked);
  HttpResponse settle_page(const Asked& asked);
  HttpResponse uploads_under_way(const Asked& asked);
  HttpResponse begin_upload(const Asked& asked);
  HttpResponse append_upload(const Asked& asked);
  HttpResponse give_up_upload(const Asked& asked);
  HttpResponse hand_over_uploads(const Asked& asked);
  HttpResponse listen(const Asked& asked);
  std::vector<EventHub::News> look_for_news(bool all);
  Json batch_line(const Records& records, const BatchRecord& batch) const;

  // -- Used by several
  void note_damage(const HttpRequest& request);
  std::optional<Session> session_of(const HttpRequest& request);
  /// What a user may do here, by their posts. Nobody from outside sees pages (R33).
  Powers powers_of(const UserRecord& user) const;
  /// Who writes for a session, as the records have it now: a post that was taken is gone at once.
  /// Refusal 403 for somebody from outside whom nobody of the office signs for.
  Identity writer_of(const Asked& asked, Desk& desk) const;
  /// Throws Refusal 403, noted in the access log, unless the session has one of the rights.
  void require(const Asked& asked, std::span<const Right> any_of, const std::string& object);
  /// Throws Refusal 403, noted, when personal data is asked for by somebody whose security training
  /// is too long ago (R12).
  void require_training(const Asked& asked, std::string_view kind, const std::string& object);
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
  ReviewQueue queue;
  TaskLeases leases;
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
  LedgerCheck ledger_check;
  Uploads uploads;
  struct Figures {
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
    std::atomic<std::int64_t> answered{0}, refused{0}, failed{0}, opened{0};
  } figures;
  // What the listeners were told; of the hub's thread alone.
  std::int64_t told_entries = -1;
  std::map<BatchNumber, std::string> told_batches;
  std::string told_alarms;
  std::chrono::steady_clock::time_point told_alarms_at;
  EventHub events;  ///< the last: its thread uses the rest
};

[[noreturn]] void refuse_not_found(const char* zh, const char* en);
HttpResponse no_content();
/// Scheme and host of an address, by whatever name it was asked for; nothing is decided by it.
std::string base_of(const HttpRequest& request);
/// What IIIF calls a dossier, without the word behind it.
std::string presentation_id(const HttpRequest& request, DossierNumber dossier);
/// What stands for a state of something; for ETag and If-Match.
std::string etag_of(std::string_view state);
/// Stands for what was decided about a finding.
std::string finding_etag(const FindingRecord& finding);
/// Throws Refusal 412 when the request was made of another state, 428 when it does not say which.
void require_state(const HttpRequest& request, const std::string& etag);
/// A number of the path or a query; Refusal 404 for what is none.
std::int64_t number_in_path(const std::string& text);
std::size_t count_in(const std::string& text, std::size_t standard, std::size_t most);
Json body_json(const HttpRequest& request);
Json purpose_json(const std::optional<AccessPurpose>& purpose);
std::string text_in(const Json& json, const char* key, std::size_t most = 200);

}  // namespace archive
