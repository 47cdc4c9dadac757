#include "viewer/api/service.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <span>
#include <stdexcept>

#include "core/timestamp.h"
#include "core/utf8.h"
#include "store/archive_folder.h"
#include "store/lifecycle/organisation.h"
#include "store/objects/digest.h"
#include "store/sealing/cipher.h"
#include "viewer/api/service_impl.h"

namespace archive {
namespace {

constexpr std::size_t kPictureBytes = std::size_t{512} << 20;
constexpr std::size_t kTileBytes = std::size_t{192} << 20;
constexpr std::size_t kCharactersMost = 200;
constexpr std::size_t kNumberDigitsMost = 14;  // more are an ID number's or an account's
constexpr auto kRightsBelieved = std::chrono::seconds(5);

constexpr std::string_view kBetweenLanguages = " / ";
constexpr std::size_t kEtagDigits = 32;
constexpr int kBodyDepthMost = 16;  // values are copied by recursion, and a stack has an end
constexpr const char* kSessionCookie = "juanzong_session";

/// Whether the path is one of the pattern; then `at` is what stands for its "{...}".
bool matches(const std::vector<std::string>& path, std::string_view pattern,
             std::vector<std::string>& at) {
  at.clear();
  std::size_t i = 0;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);  // the '/'
    const std::string_view wanted = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(wanted.size());
    if (i == path.size()) return false;
    if (wanted.starts_with('{')) {
      at.push_back(path[i]);
    } else if (wanted != path[i]) {
      return false;
    }
    ++i;
  }
  return i == path.size();
}

/// What the access log calls what was asked for; a name in the path may be a person's.
std::string object_of(std::string_view kind, const std::vector<std::string>& at) {
  std::string object(kind);
  const bool number = at.size() == 1 && at[0].size() <= kNumberDigitsMost &&
                      std::ranges::all_of(at[0], [](char c) { return c >= '0' && c <= '9'; });
  return number ? object + " " + at[0] : object;
}

/// A method is a client's word as well: those of HTTP (RFC 9110) are told, any other is not.
std::string_view method_of(const std::string& method) {
  static constexpr std::array kMethods = {
      std::string_view("GET"),    std::string_view("HEAD"),  std::string_view("POST"),
      std::string_view("PUT"),    std::string_view("PATCH"), std::string_view("DELETE"),
      std::string_view("OPTIONS")};
  const auto known = std::ranges::find(kMethods, method);
  return known == kMethods.end() ? "OTHER" : *known;
}

bool changes(const std::string& method) { return method != "GET" && method != "HEAD"; }

Refusal method_not_allowed() {
  return {405, "method", "不支持此方法", "this method is not for this address", 0};
}

HttpResponse of_error(const ArchiveError& error) {
  switch (error.kind()) {
    case ErrorKind::not_found:
      return answer_of(Refusal{404, "not_found", "没有这一项", "there is no such thing", 0});
    case ErrorKind::damage:
      return answer_of(Refusal{500, "damage", "原件损坏：请信息技术人员运行 juanzong verify 并修复",
                               "what is stored is damaged: a technician should run `juanzong "
                               "verify` and repair it",
                               0});
    case ErrorKind::index:
      return answer_of(Refusal{503, "index", "索引不可用：请运行 juanzong index rebuild",
                               "the index is not usable: run `juanzong index rebuild`", 0});
    default:
      return answer_of(Refusal{503, "unavailable", "暂时无法提供，请稍后再试",
                               "not available now, try again later", 0});
  }
}

bool works_here(const UserRecord& user) {
  if (!user.ended_at.empty()) return false;
  return user.agreement.empty() || user.works_until >= timestamp_now().substr(0, 10);
}

}  // namespace

void refuse_not_found(const char* zh, const char* en) {
  throw Refusal{404, "not_found", zh, en, 0};
}

std::int64_t number_in_path(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number <= 0) {
    refuse_not_found("没有这一项", "there is no such thing");
  }
  return number;
}

std::size_t count_in(const std::string& text, std::size_t standard, std::size_t most) {
  if (text.empty()) return standard;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw Refusal{400, "number", "数字不正确", "this is no number", 0};
  }
  return std::min(number, most);
}

HttpResponse no_content() {
  HttpResponse response = HttpResponse::of("", 204);
  response.content_type.clear();
  return response;
}

std::string etag_of(std::string_view state) {
  // A plain digest would let whoever knows the rest of an answer try out its masked values. Never
  // destroyed: OpenSSL may be gone before it.
  static const Secret& key = *new Secret(Secret::random());
  return '"' + hex_of(hmac_of(key, state)).substr(0, kEtagDigits) + '"';
}

void require_state(const HttpRequest& request, const std::string& etag) {
  const std::string& wanted = request.header("if-match");
  if (wanted == etag) return;
  if (wanted.empty()) {
    throw Refusal{428, "if_match", "须注明所依据的版本 (If-Match)",
                  "say by If-Match of which state you ask this", 0};
  }
  throw Refusal{412, "changed", "内容已被他人更改，请刷新后再试",
                "somebody changed it meanwhile: look again", 0};
}

Json body_json(const HttpRequest& request) {
  if (!request.header("content-type").starts_with("application/json")) {
    throw Refusal{415, "type", "请求须为 JSON", "the body has to be JSON", 0};
  }
  const Refusal no_object{400, "json", "请求不是 JSON 对象", "the body is no JSON object", 0};
  const auto shallow = [&no_object](int depth, Json::parse_event_t, Json&) {
    if (depth > kBodyDepthMost) throw no_object;
    return true;
  };
  Json json = Json::parse(request.body, shallow, false);
  if (!json.is_object() || !is_utf8(request.body)) throw no_object;
  return json;
}

std::string text_in(const Json& json, const char* key, std::size_t most) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return {};
  if (!found->is_string()) {
    throw Refusal{400, "json", "字段须为文字", "a member that should be a text is none", 0};
  }
  std::string text = found->get<std::string>();
  const std::u32string characters = code_points(text);
  const bool control = std::ranges::any_of(characters, [](char32_t c) { return c < 0x20; });
  if (characters.size() > std::max(most, kCharactersMost) || control) {
    throw Refusal{400, "text", "文字过长或含控制字符",
                  "a text is too long or has control characters", 0};
  }
  return text;
}

Service::Service(const ServiceParts& parts) : impl_(std::make_unique<Impl>(parts)) {}
Service::~Service() = default;
HttpResponse Service::handle(const HttpRequest& request) { return impl_->handle(request); }

HttpResponse Service::Impl::handle(const HttpRequest& request) {
  const auto begun = std::chrono::steady_clock::now();
  RequestFacts facts{method_of(request.method), "(none)"};
  HttpResponse response;
  try {
    response = route(request, facts);
    ++figures.answered;
  } catch (const Refusal& refusal) {
    ++figures.refused;
    response = answer_of(refusal);
  } catch (const ArchiveError& error) {
    ++figures.failed;
    response = of_error(error);
    if (error.kind() == ErrorKind::damage) note_damage(request);
  } catch (const std::invalid_argument& problem) {
    // A query nobody can understand: its words are for the clerk, "Chinese / English".
    ++figures.refused;
    const std::string words = problem.what();
    const std::size_t bar = words.find(kBetweenLanguages);
    response = answer_of(Refusal{
        400, "query", words.substr(0, bar),
        bar == std::string::npos ? words : words.substr(bar + kBetweenLanguages.size()), 0});
  }
  add_security_headers(request, response);
  pack(request, response);
  if (parts.answered) {
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begun;
    facts.status = response.status;
    facts.milliseconds = taken.count();
    facts.bytes = response.body ? response.body->size() : 0;
    parts.answered(facts);
  }
  return response;
}

// Sets off an alarm (R13); who asked is told that it is damaged, whether this can be noted or not.
void Service::Impl::note_damage(const HttpRequest& request) {
  try {
    if (const auto session = session_of(request)) log(*session, request, "damage_met", "");
  } catch (const Refusal&) {
    ++figures.refused;
  }
}

Powers Service::Impl::powers_of(const UserRecord& user) const {
  Powers powers;
  for (const std::string& name : user.posts) {
    const Post* post = parts.posts.find(name);
    if (post == nullptr) continue;
    for (const Right right : post->rights) {
      if (!user.agreement.empty() && right == Right::query) continue;
      powers.give(right, post->name);
    }
  }
  return powers;
}

Identity Service::Impl::writer_of(const Asked& asked, Desk& desk) const {
  const auto user = desk.records.user(asked.session.name);
  if (!user || !works_here(*user) || user->number != asked.session.user) {
    throw Refusal{401, "who", "请重新登录", "sign in again", 0};
  }
  Identity identity{user->number, user->name, powers_of(*user), {}};
  if (user->agreement.empty()) return identity;
  const std::string signer = asked.session.signs();
  const auto signing = signer.empty() ? std::nullopt : desk.records.user(signer);
  if (!signing || !works_here(*signing) || !signing->agreement.empty() ||
      signing->number == user->number) {
    throw Refusal{403, "co_signer", "外包人员的更改须由经办机构人员会签",
                  "what somebody from outside changes needs the signature of the office", 0};
  }
  identity.co_signer = signing->name;
  return identity;
}

std::optional<Session> Service::Impl::session_of(const HttpRequest& request) {
  const std::string id = request.cookie(kSessionCookie);
  if (id.empty()) return std::nullopt;
  auto session = sessions.find(id);
  if (!session || Sessions::Clock::now() - session->checked < kRightsBelieved) return session;
  // Whoever was ended, or got other posts, since then.
  auto desk = rooms.lend();
  const auto user = desk->records.user(session->name);
  if (!user || !works_here(*user) || user->number != session->user) {
    sessions.close_all_of(session->user);
    return std::nullopt;
  }
  session->powers = powers_of(*user);
  session->posts = user->posts;
  session->trained = training_holds(user->trained_on, timestamp_now().substr(0, 10),
                                    parts.settings.security.training_days);
  session->checked = Sessions::Clock::now();
  sessions.change(id, [&session](Session& kept) {
    kept.powers = session->powers;
    kept.posts = session->posts;
    kept.trained = session->trained;
    kept.checked = session->checked;
  });
  return session;
}

HttpResponse Service::Impl::route(const HttpRequest& request, RequestFacts& facts) {
  const auto& path = request.segments;
  const std::string_view method = request.method == "HEAD" ? "GET" : request.method;
  const Route* route = nullptr;
  bool known = false;  // the address is, with another method
  std::vector<std::string> at;
  for (const Route& one : routes()) {
    if (!matches(path, one.pattern, at)) continue;
    known = true;
    facts.route = one.pattern;
    if (one.method != method) continue;
    route = &one;
    break;
  }
  const bool inside = !path.empty() && (path[0] == "api" || path[0] == "iiif");
  if (!inside && !known) {
    facts.route = "(asset)";
    if (changes(request.method)) throw method_not_allowed();
    return asset(request);
  }
  if (route != nullptr && route->open) return (this->*route->answer)({request, {}, at});
  const auto session = session_of(request);
  if (!session) throw Refusal{401, "who", "请先登录", "sign in first", 0};
  facts.session = session->serial;
  if (changes(request.method) && request.header("x-csrf") != session->csrf) {
    throw Refusal{403, "csrf", "页面已过期，请刷新", "this page is out of date: reload it", 0};
  }
  if (route == nullptr && known) throw method_not_allowed();
  if (route == nullptr) refuse_not_found("没有这个地址", "there is nothing at this address");
  Asked asked{request, *session, at};
  const std::string object = object_of(route->object, at);
  require(asked, route->any_of, object);
  require_training(asked, route->object, object);
  for (const Right right : route->any_of) {
    if (!session->powers.may(right)) continue;
    asked.by = right;
    break;
  }
  return (this->*route->answer)(asked);
}

void Service::Impl::require_training(const Asked& asked, std::string_view kind,
                                     const std::string& object) {
  // Lists stay visible: what a page or a person's papers say is closed.
  static constexpr std::array kPersonal = {
      std::string_view("page"),        std::string_view("picture"),   std::string_view("person"),
      std::string_view("copy"),        std::string_view("value"),
      std::string_view("corrections"), std::string_view("correction")};
  if (asked.session.trained || std::ranges::find(kPersonal, kind) == kPersonal.end()) return;
  log(asked.session, asked.request, "refused", object, "training");
  throw Refusal{403, "training", "安全培训已过期，不能查看内容：请参加培训后由系统管理员登记",
                "the security training is too long ago, so contents stay closed: take part in one "
                "and have an administrator note it",
                0};
}

std::int64_t Asked::number(std::size_t which) const { return number_in_path(this->at.at(which)); }

void Service::Impl::require(const Asked& asked, std::span<const Right> any_of,
                            const std::string& object) {
  const bool may = std::ranges::any_of(
      any_of, [&asked](Right right) { return asked.session.powers.may(right); });
  if (may || any_of.empty()) return;
  log(asked.session, asked.request, "refused", object, std::string(name_of(any_of.front())));
  throw Refusal{403, "forbidden", "您的岗位没有此权限", "no post of yours has this right", 0};
}

void Service::Impl::write(const Asked& asked, std::string_view method, std::string_view reason,
                          const std::function<void(Records&)>& changes) {
  Records::Writing writing;
  writing.acting.reason = reason;
  writing.acting.method = method;
  // One at a time: what they check and what they change are then one step for all who ask here.
  const std::lock_guard lock(writing_mutex);
  writing.identity = writer_of(asked, *rooms.lend());
  try {
    Records records = Records::open_beside(parts.archive, writing);
    records.together([&] { changes(records); });
  } catch (const std::invalid_argument& problem) {
    throw Refusal{409, "conflict", problem.what(), problem.what(), 0};
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::forbidden) throw;
    log(asked.session, asked.request, "refused", std::string(method));
    throw Refusal{403, "forbidden", "您的岗位没有此权限", error.problem(), 0};
  }
}

std::int64_t Service::Impl::log(const Session& session, const HttpRequest& request,
                                std::string action, std::string object, std::string reason,
                                Right by) {
  AccessEntry entry;
  entry.who = session.name;
  entry.post = session.powers.post_for(by);
  entry.action = std::move(action);
  entry.object = std::move(object);
  entry.reason = std::move(reason);
  entry.address = request.peer;
  if (session.purpose) {
    entry.channel = session.purpose->channel;
    entry.purpose = session.purpose->purpose;
    entry.applicant = session.purpose->applicant;
    entry.agent = session.purpose->agent;
  }
  try {
    return parts.access.append(std::move(entry));
  } catch (const ArchiveError&) {
    throw Refusal{503, "log", "利用登记无法写入，暂停查阅：请通知信息技术人员",
                  "the access log cannot be written, so nothing is shown: call a technician", 0};
  }
}

std::string Service::Impl::type_name(const std::string& doc_type) const {
  const DocumentType* type = parts.tables.forms.type(doc_type);
  return type == nullptr ? doc_type : type->name_zh;
}

Service::Impl::Impl(const ServiceParts& given)
    : parts(given),
      rooms(given.archive, given.tables.forms, given.look_alikes),
      queue(given.review_bench),
      leases(std::chrono::minutes(given.review_bench.lease_minutes)),
      pictures(kPictureBytes),
      tiles(kTileBytes),
      form_words(given.tables.forms),
      ledger_check(ArchiveFolder::open(given.archive).ledger()),
      uploads(ArchiveFolder::open(given.archive).spool(),
              given.settings.uploads.folder.empty() ? ArchiveFolder::open(given.archive).inbox()
                                                    : given.settings.uploads.folder,
              given.settings.uploads),
      events({}, [this](bool all) { return look_for_news(all); },
             [this](const std::string& id) { return sessions.lives(id); }) {
  load_assets();
}

}  // namespace archive
