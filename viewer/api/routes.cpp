#include "viewer/api/service_impl.h"

// What can be asked for, and by whom; docs/API.md tells it to people, docs/openapi to programs.

namespace archive {

namespace {

const std::vector<Right> kReadOrManage = {Right::query, Right::manage};
const std::vector<Right> kSeeAlarms = {Right::manage, Right::operate, Right::administer,
                                       Right::audit};
const std::vector<Right> kEndAlarms = {Right::manage, Right::operate, Right::administer};

}  // namespace

const std::vector<Service::Impl::Route>& Service::Impl::routes() {
  static const std::vector<Route> table = {
      {"GET", "/healthz", {}, "", &Impl::health, true},
      {"GET", "/metrics", {}, "", &Impl::metrics, true},
      {"GET", "/api/v1/openapi.json", {}, "", &Impl::openapi, true},

      {"GET", "/api/v1/session", {}, "", &Impl::get_session, true},
      {"POST", "/api/v1/session", {}, "", &Impl::sign_in, true},
      {"DELETE", "/api/v1/session", {}, "", &Impl::sign_out},
      {"POST", "/api/v1/session/second-factor", {}, "", &Impl::begin_factor},
      {"PUT", "/api/v1/session/second-factor", {}, "", &Impl::confirm_factor},
      {"DELETE", "/api/v1/session/second-factor", {}, "", &Impl::end_factor},
      {"PUT", "/api/v1/session/purpose", {}, "", &Impl::set_purpose},
      {"DELETE", "/api/v1/session/purpose", {}, "", &Impl::end_purpose},

      {"PUT", "/api/v1/session/co-signer", {}, "", &Impl::set_co_signer},

      {"GET", "/api/v1/search", {Right::query}, "search", &Impl::search},
      {"GET", "/api/v1/dossiers", kReadOrManage, "dossiers", &Impl::dossiers},
      {"GET", "/api/v1/dossiers/{dossier}", kReadOrManage, "dossier", &Impl::dossier},
      {"GET", "/api/v1/pages/{page}", {Right::query}, "page", &Impl::page},
      {"POST", "/api/v1/pages/{page}/reveal", {Right::query}, "page", &Impl::reveal},
      {"GET", "/api/v1/persons/{person}", {Right::query}, "person", &Impl::person},

      {"GET", "/iiif/3/{token}", {Right::query}, "picture", &Impl::image_base},
      {"GET", "/iiif/3/{token}/info.json", {Right::query}, "picture", &Impl::image_info},
      {"GET",
       "/iiif/3/{token}/{region}/{size}/{rotation}/{quality}",
       {Right::query},
       "picture",
       &Impl::image},
      {"GET",
       "/iiif/presentation/3/dossiers/{dossier}/manifest",
       {Right::query},
       "dossier",
       &Impl::manifest},
      {"GET",
       "/iiif/presentation/3/dossiers/{dossier}/pages/{page}/text",
       {Right::query},
       "page",
       &Impl::page_text},
      {"GET",
       "/iiif/search/2/dossiers/{dossier}",
       {Right::query},
       "dossier",
       &Impl::search_inside},

      {"GET", "/api/v1/review/tasks", {Right::describe}, "review", &Impl::review_tasks},
      {"POST", "/api/v1/review/claims", {Right::describe}, "review", &Impl::review_claim},
      {"DELETE", "/api/v1/review/claims", {Right::describe}, "review", &Impl::review_give_back},
      {"GET",
       "/api/v1/review/fields/{token}/{field}/{row}",
       {Right::describe},
       "value",
       &Impl::review_task},
      {"POST",
       "/api/v1/review/fields/{token}/{field}/{row}",
       {Right::describe},
       "value",
       &Impl::review_say},
      {"GET",
       "/api/v1/review/fields/{token}/{field}/{row}/snippet",
       {Right::describe},
       "value",
       &Impl::review_snippet},
      {"POST",
       "/api/v1/review/confirmations",
       {Right::describe},
       "review",
       &Impl::review_confirm_group},
      {"GET",
       "/api/v1/review/items",
       {Right::describe, Right::review, Right::recheck, Right::approve},
       "review",
       &Impl::review_items},
      {"POST",
       "/api/v1/review/items/{dossier}/{item}/steps",
       {Right::describe, Right::review, Right::recheck, Right::approve},
       "item",
       &Impl::review_take_step},
      {"GET",
       "/api/v1/review/corrections",
       {Right::describe, Right::approve},
       "corrections",
       &Impl::corrections},
      {"POST",
       "/api/v1/review/corrections",
       {Right::describe},
       "corrections",
       &Impl::propose_correction},
      {"POST",
       "/api/v1/review/corrections/{correction}",
       {Right::approve},
       "correction",
       &Impl::decide_correction},

      {"GET", "/api/v1/batches", {Right::monitor}, "batches", &Impl::batches},
      {"GET", "/api/v1/batches/{batch}", {Right::monitor}, "batch", &Impl::batch},
      {"GET", "/api/v1/status", {Right::monitor}, "status", &Impl::status},
      {"GET", "/api/v1/alarms", kSeeAlarms, "alarms", &Impl::alarms},
      {"POST", "/api/v1/alarms/{alarm}/acknowledge", kEndAlarms, "alarm", &Impl::acknowledge},
      {"GET", "/api/v1/access", {Right::audit}, "access log", &Impl::access_entries},
  };
  return table;
}

std::vector<Service::RouteFacts> Service::routes() {
  std::vector<RouteFacts> facts;
  for (const Impl::Route& route : Impl::routes()) {
    facts.push_back({route.method, route.pattern, route.any_of, route.open});
  }
  return facts;
}

}  // namespace archive
