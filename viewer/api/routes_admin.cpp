#include <algorithm>

#include "config/password_rules.h"
#include "core/timestamp.h"
#include "ingest/typed_values.h"
#include "store/archive_folder.h"
#include "store/lifecycle/organisation.h"
#include "store/lifecycle/security.h"
#include "store/lifecycle/weak_spots.h"
#include "store/objects/object_store.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"

// The office: units, users and posts; settings as they stand; the look for what is weak (R15).

namespace archive {
namespace {

constexpr std::size_t kPostsMost = 50;

std::vector<std::string> names_in(const Json& body, const char* key) {
  const auto found = body.find(key);
  if (found == body.end() || found->is_null()) return {};
  if (!found->is_array() || found->size() > kPostsMost ||
      !std::ranges::all_of(*found, [](const Json& one) { return one.is_string(); })) {
    throw Refusal{400, "json", "须为文字列表", "a list of texts is wanted", 0};
  }
  return found->get<std::vector<std::string>>();
}

/// What was sent as a new password: any characters but control ones, and a bound.
std::string password_in(const Json& body) {
  std::string password = text_in(body, "password");
  if (password.empty()) throw Refusal{400, "password", "须填写密码", "a password is missing", 0};
  return password;
}

void require_good_password(const std::string& password, const std::string& name,
                           const Settings& settings) {
  const PasswordRules rules =
      PasswordRules::load(find_config_folder(settings), settings.security);
  const PasswordRules::Fault fault = rules.fault(password, name);
  if (!fault.none()) throw Refusal{409, "password", fault.zh, fault.en, 0};
}

Json user_json(const UserRecord& user, const std::string& day, int training_days) {
  return {{"user", user.number},
          {"name", user.name},
          {"account", user.account},
          {"has_password", user.has_password},
          {"posts", user.posts},
          {"unit", user.unit},
          {"agreement", user.agreement},
          {"works_until", user.works_until},
          {"agreement_over", !user.agreement.empty() && user.works_until < day},
          {"trained_on", user.trained_on},
          {"training_holds", training_holds(user.trained_on, day, training_days)},
          {"made_at", user.made_at},
          {"ended_at", user.ended_at}};
}

UserRecord user_numbered(const Records& records, UserNumber number) {
  for (UserRecord& user : records.users()) {
    if (user.number == number) return std::move(user);
  }
  refuse_not_found("没有这个用户", "there is no such user");
}

Json weak_spots_json(const std::vector<WeakSpot>& spots) {
  Json list = Json::array();
  for (const WeakSpot& spot : spots) {
    list.push_back({{"kind", spot.kind},
                    {"weak", spot.weak},
                    {"where", spot.where},
                    {"zh", spot.zh},
                    {"en", spot.en}});
  }
  return list;
}

}  // namespace

HttpResponse Service::Impl::users(const Asked&) {
  auto desk = rooms.lend();
  const int training_days = parts.settings.security.training_days;
  Json list = Json::array();
  for (const UserRecord& user : desk->records.users()) {
    list.push_back(user_json(user, today(), training_days));
  }
  Json posts = Json::array();
  for (const Post& post : parts.posts.all()) {
    Json rights = Json::array();
    for (const Right right : post.rights) rights.push_back(name_of(right));
    posts.push_back({{"post", post.name},
                     {"zh", post.zh},
                     {"en", post.en},
                     {"rights", std::move(rights)},
                     {"contractor", post.for_contractors}});
  }
  Json families = Json::array();
  for (const Family& family : parts.posts.families()) {
    families.push_back({{"family", family.name},
                        {"zh", family.zh},
                        {"en", family.en},
                        {"posts", family.posts},
                        {"parent_of_any", family.parent_of_any}});
  }
  return answer_of(Json{{"users", std::move(list)},
                        {"posts", std::move(posts)},
                        {"families", std::move(families)},
                        {"training_days", training_days}});
}

HttpResponse Service::Impl::add_user(const Asked& asked) {
  const Json body = body_json(asked.request);
  UserRecord user;
  const std::string password = password_in(body);
  user.posts = names_in(body, "posts");
  user.agreement = text_in(body, "agreement");
  if (!user.agreement.empty()) user.works_until = day_in(body, "works_until");
  const UnitNumber unit = number_in(body, "unit", true);
  const std::string trained_on = text_in(body, "trained_on");
  UserNumber made = 0;
  write(asked, "user add", text_in(body, "reason", kReasonMost), [&](Records& records) {
    user.name = person_name(text_in(body, "name"));
    require_good_password(password, user.name, parts.settings);
    made = records.put_user(user, password, parts.posts);
    Organisation organisation(records, parts.posts);
    if (unit != 0) organisation.place(user.name, unit);
    if (!trained_on.empty()) organisation.note_training(user.name, trained_on);
  });
  return answer_of(Json{{"user", made}}, 201);
}

// Whatever the body names is changed, all of it or nothing.
HttpResponse Service::Impl::change_user(const Asked& asked) {
  const Json body = body_json(asked.request);
  const UserNumber number = asked.number();
  write(asked, "user change", text_in(body, "reason", kReasonMost), [&](Records& records) {
    const UserRecord user = user_numbered(records, number);
    Organisation organisation(records, parts.posts);
    for (const std::string& post : names_in(body, "take")) {
      records.take_post(user.name, post, parts.posts);
    }
    if (body.contains("unit")) organisation.place(user.name, number_in(body, "unit"));
    for (const std::string& post : names_in(body, "give")) {
      records.give_post(user.name, post, parts.posts);
    }
    if (body.contains("trained_on")) {
      organisation.note_training(user.name, text_in(body, "trained_on"));
    }
    if (body.contains("agreement")) {
      organisation.set_agreement(user.name, text_in(body, "agreement"),
                                 text_in(body, "works_until"));
    }
  });
  return no_content();
}

HttpResponse Service::Impl::reset_password(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string password = password_in(body);
  const UserNumber number = asked.number();
  write(asked, "user change", reason_in(body), [&](Records& records) {
    const std::string name = user_numbered(records, number).name;
    require_good_password(password, name, parts.settings);
    records.set_password(name, password);
  });
  // Whoever knew the old one is out.
  sessions.close_all_of(number);
  return no_content();
}

HttpResponse Service::Impl::end_user(const Asked& asked) {
  const UserNumber number = asked.number();
  write(asked, "user end", reason_in(body_json(asked.request)), [&](Records& records) {
    records.end_user(user_numbered(records, number).name, parts.posts);
  });
  sessions.close_all_of(number);
  return no_content();
}

HttpResponse Service::Impl::units(const Asked&) {
  auto desk = rooms.lend();
  Json list = Json::array();
  for (const Unit& unit : Organisation(desk->records, parts.posts).units()) {
    list.push_back({{"unit", unit.number},
                    {"parent", unit.parent},
                    {"name", unit.name},
                    {"family", unit.family},
                    {"made_at", unit.made_at},
                    {"ended_at", unit.ended_at}});
  }
  return answer_of(Json{{"units", std::move(list)}});
}

HttpResponse Service::Impl::add_unit(const Asked& asked) {
  const Json body = body_json(asked.request);
  UnitNumber made = 0;
  write(asked, "unit add", text_in(body, "reason", kReasonMost), [&](Records& records) {
    made = Organisation(records, parts.posts)
               .add_unit(text_in(body, "name"), text_in(body, "family"),
                         number_in(body, "parent", true));
  });
  return answer_of(Json{{"unit", made}}, 201);
}

HttpResponse Service::Impl::change_unit(const Asked& asked) {
  const Json body = body_json(asked.request);
  write(asked, "unit change", text_in(body, "reason", kReasonMost), [&](Records& records) {
    Organisation organisation(records, parts.posts);
    if (body.contains("name")) {
      organisation.rename_unit(asked.number(), text_in(body, "name"));
    } else if (flag_in(body, "ended")) {
      organisation.end_unit(asked.number());
    } else {
      throw std::invalid_argument("say what changes: a name, or that it ended");
    }
  });
  return no_content();
}

HttpResponse Service::Impl::settings_as_they_are(const Asked&) {
  Json list = Json::array();
  const auto file = ArchiveFolder::open(parts.archive).settings_file();
  for (const SettingShown& one : settings_shown(file)) {
    list.push_back({{"section", one.section},
                    {"name", one.name},
                    {"value", one.value},
                    {"standard", one.standard},
                    {"source", one.line > 0 ? "file" : "standard"},
                    {"line", one.line},
                    {"unit", {{"zh", one.unit_zh}, {"en", one.unit_en}}},
                    {"range", one.range},
                    {"comment", {{"zh", one.zh}, {"en", one.en}}}});
  }
  const TablePath tables = find_config_folder(parts.settings);
  return answer_of(Json{{"file", file.string()},
                        {"config_folder", tables.root().string()},
                        {"office_folder", tables.office_root().string()},
                        {"settings", std::move(list)}});
}

HttpResponse Service::Impl::selfcheck(const Asked&) {
  auto desk = rooms.lend();
  const std::string now = timestamp_now();
  const ArchiveFolder folder = ArchiveFolder::open(parts.archive);
  const auto spots = look_for_weak_spots(folder, parts.settings, desk->records, now);
  Json last = nullptr;
  if (const auto filed = Security(desk->records).last_selfcheck()) {
    last = {{"made_at", filed->made_at},
            {"made_by", filed->made_by},
            {"weak", filed->findings},
            {"report", filed->report ? filed->report->text() : ""}};
  }
  return answer_of(Json{{"looked_at", now},
                        {"findings", weak_spots_json(spots)},
                        {"components", components_in_use(parts.version)},
                        {"last_filed", std::move(last)}});
}

HttpResponse Service::Impl::file_selfcheck_now(const Asked& asked) {
  const ArchiveFolder folder = ArchiveFolder::open(parts.archive);
  Selfcheck check;
  check.made_at = timestamp_now();
  {
    auto desk = rooms.lend();
    check.spots = look_for_weak_spots(folder, parts.settings, desk->records, check.made_at);
  }
  check.components = components_in_use(parts.version);
  ObjectStore objects(folder.objects(), parts.settings.store.fsync);
  std::string report;
  write(asked, "selfcheck", "", [&](Records& records) {
    report = file_selfcheck(check, records, objects).text();
  });
  return answer_of(Json{{"made_at", check.made_at}, {"weak", check.weak()}, {"report", report}},
                   201);
}

}  // namespace archive
