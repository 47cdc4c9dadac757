#include "viewer/api/service_impl.h"

// What can be asked for, and by whom; docs/API.md tells it to people, docs/openapi to programs.

namespace archive {

namespace {

const std::vector<Right> kReadOrManage = {Right::query, Right::manage};
const std::vector<Right> kSeeAlarms = {Right::manage, Right::operate, Right::administer,
                                       Right::audit};
const std::vector<Right> kEndAlarms = {Right::manage, Right::operate, Right::administer};
// Who reads what is kept where; each change has the right of its own.
const std::vector<Right> kKeepers = {Right::manage, Right::approve, Right::operate, Right::audit};

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

      {"GET", "/api/v1/batches", {Right::monitor}, "batches", &Impl::batches},
      {"GET", "/api/v1/batches/{batch}", {Right::monitor}, "batch", &Impl::batch},
      {"GET", "/api/v1/status", {Right::monitor}, "status", &Impl::status},
      {"GET", "/api/v1/alarms", kSeeAlarms, "alarms", &Impl::alarms},
      {"POST", "/api/v1/alarms/{alarm}/acknowledge", kEndAlarms, "alarm", &Impl::acknowledge},
      {"GET", "/api/v1/access", {Right::audit}, "access log", &Impl::access_entries},

      {"GET", "/api/v1/events", {Right::monitor}, "events", &Impl::listen},
      {"GET", "/api/v1/overview", {Right::monitor}, "overview", &Impl::overview},
      {"GET",
       "/api/v1/batches/{batch}/acceptances",
       {Right::monitor},
       "batch",
       &Impl::acceptances},
      {"POST",
       "/api/v1/batches/{batch}/acceptances",
       {Right::recheck},
       "batch",
       &Impl::draw_sample},
      {"POST",
       "/api/v1/batches/{batch}/acceptances/fault",
       {Right::recheck},
       "batch",
       &Impl::note_sample_fault},
      {"POST",
       "/api/v1/batches/{batch}/acceptances/close",
       {Right::recheck},
       "batch",
       &Impl::close_sample},
      {"POST",
       "/api/v1/batches/{batch}/release",
       {Right::take_in, Right::operate, Right::manage},
       "batch",
       &Impl::release_held},
      {"POST",
       "/api/v1/pages/{page}/settle",
       {Right::manage, Right::recheck},
       "set-aside page",
       &Impl::settle_page},
      {"GET", "/api/v1/uploads", {Right::take_in}, "uploads", &Impl::uploads_under_way},
      {"POST", "/api/v1/uploads", {Right::take_in}, "uploads", &Impl::begin_upload},
      {"POST", "/api/v1/uploads/deliver", {Right::take_in}, "uploads", &Impl::hand_over_uploads},
      {"PATCH", "/api/v1/uploads/{upload}", {Right::take_in}, "uploads", &Impl::append_upload},
      {"DELETE", "/api/v1/uploads/{upload}", {Right::take_in}, "uploads", &Impl::give_up_upload},

      {"GET", "/api/v1/keeping", kKeepers, "keeping", &Impl::keeping},
      {"GET", "/api/v1/retention", kKeepers, "retention", &Impl::kept_items},
      {"POST", "/api/v1/retention", {Right::approve}, "retention", &Impl::extend_retention},
      {"GET", "/api/v1/appraisals", kKeepers, "appraisals", &Impl::appraisals},
      {"POST", "/api/v1/appraisals", {Right::manage}, "appraisals", &Impl::open_appraisals},
      {"POST",
       "/api/v1/appraisals/{appraisal}",
       {Right::manage},
       "appraisals",
       &Impl::close_appraisal},
      {"GET", "/api/v1/holds", kKeepers, "holds", &Impl::holds},
      {"POST", "/api/v1/holds", {Right::manage, Right::approve}, "holds", &Impl::set_hold},
      {"POST", "/api/v1/holds/{hold}/lift", {Right::approve}, "holds", &Impl::lift_hold},
      {"GET", "/api/v1/disposals", kKeepers, "disposals", &Impl::disposal_lists},
      {"POST", "/api/v1/disposals", {Right::manage}, "disposals", &Impl::make_disposal_list},
      {"GET", "/api/v1/disposals/{list}", kKeepers, "disposals", &Impl::disposal_list},
      {"POST",
       "/api/v1/disposals/{list}/approve",
       {Right::approve},
       "disposals",
       &Impl::approve_disposal},
      {"POST",
       "/api/v1/disposals/{list}/withdraw",
       {Right::manage, Right::approve},
       "disposals",
       &Impl::withdraw_disposal},
      {"GET", "/api/v1/loans", kKeepers, "loans", &Impl::loans},
      {"POST", "/api/v1/loans", {Right::manage}, "loans", &Impl::lend},
      {"POST", "/api/v1/loans/{loan}/{change}", {Right::manage}, "loans", &Impl::change_loan},
      {"GET", "/api/v1/places", kKeepers, "places", &Impl::places},
      {"POST", "/api/v1/places", {Right::manage}, "places", &Impl::put_place},
      {"GET", "/api/v1/packages", kKeepers, "packages", &Impl::packages},
      {"POST",
       "/api/v1/packages/{package}/settle",
       {Right::manage, Right::export_out},
       "packages",
       &Impl::settle_package},
      {"GET", "/api/v1/custody", kKeepers, "custody", &Impl::custody},
      {"POST", "/api/v1/media", {Right::manage, Right::operate}, "custody", &Impl::put_medium},
      {"GET", "/api/v1/custody/alarms", {Right::monitor}, "alarms", &Impl::custody_alarms_now},
      {"POST",
       "/api/v1/custody/alarms/acknowledge",
       kEndAlarms,
       "alarms",
       &Impl::acknowledge_custody_alarm},

      {"GET", "/api/v1/audit/entries", {Right::audit}, "access log", &Impl::audit_entries},
      {"GET", "/api/v1/audit/filters", {Right::audit}, "access log", &Impl::audit_filters},
      {"GET",
       "/api/v1/audit/verification",
       {Right::audit},
       "access log",
       &Impl::audit_verification},
      {"GET", "/api/v1/audit/changes/{entry}", {Right::audit}, "access log", &Impl::audit_proof},
      {"GET", "/api/v1/audit/export", {Right::audit}, "access log", &Impl::audit_export},

      {"GET", "/api/v1/users", {Right::administer, Right::audit}, "users", &Impl::users},
      {"POST", "/api/v1/users", {Right::administer}, "users", &Impl::add_user},
      {"PATCH", "/api/v1/users/{user}", {Right::administer}, "users", &Impl::change_user},
      {"POST",
       "/api/v1/users/{user}/password",
       {Right::administer},
       "users",
       &Impl::reset_password},
      {"POST", "/api/v1/users/{user}/end", {Right::administer}, "users", &Impl::end_user},
      {"GET", "/api/v1/units", {Right::administer, Right::audit}, "units", &Impl::units},
      {"POST", "/api/v1/units", {Right::administer}, "units", &Impl::add_unit},
      {"PATCH", "/api/v1/units/{unit}", {Right::administer}, "units", &Impl::change_unit},
      {"GET",
       "/api/v1/settings",
       {Right::administer, Right::operate, Right::audit},
       "settings",
       &Impl::settings_as_they_are},
      {"GET",
       "/api/v1/selfcheck",
       {Right::administer, Right::operate, Right::audit},
       "selfcheck",
       &Impl::selfcheck},
      {"POST", "/api/v1/selfcheck", {Right::operate}, "selfcheck", &Impl::file_selfcheck_now},
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
