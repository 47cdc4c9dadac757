#include "core/timestamp.h"
#include "store/lifecycle/organisation.h"
#include "store/records/second_factor.h"
#include "viewer/api/service_impl.h"

// Who asks: signing in and out.

namespace archive {
namespace {

constexpr auto kCoSigned = std::chrono::minutes(30);

Json co_signer_json(const Session& session) {
  if (session.signs().empty()) return nullptr;
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(
      session.co_signed_until - std::chrono::steady_clock::now());
  return {{"name", session.co_signer}, {"expires_in_s", left.count()}};
}

Json session_json(const Session& session, const Posts& posts, const Settings& settings,
                  std::chrono::seconds idle, bool second_factor) {
  Json held = Json::array();
  for (const std::string& name : session.posts) {
    const Post* post = posts.find(name);
    held.push_back({{"post", name},
                    {"zh", post == nullptr ? name : post->zh},
                    {"en", post == nullptr ? name : post->en}});
  }
  Json rights = Json::array();
  for (std::size_t i = 0; i < kRights; ++i) {
    if (session.powers.may(static_cast<Right>(i))) rights.push_back(kRightNames[i]);
  }
  return {{"name", session.name},
          {"posts", std::move(held)},
          {"rights", std::move(rights)},
          {"csrf", session.csrf},
          {"language", settings.language},
          {"office", settings.packages.sender},
          {"second_factor", second_factor},
          {"expires_in_s", idle.count()},
          {"now", timestamp_now()},
          {"agreement", session.agreement},
          {"co_signer", co_signer_json(session)},
          {"trained", session.trained},
          {"purpose", purpose_json(session.purpose)}};
}

std::string cookie_of(const Session& session, bool encrypted) {
  return "juanzong_session=" + session.id + "; Path=/; HttpOnly; SameSite=Strict" +
         (encrypted ? "; Secure" : "");
}

}  // namespace

HttpResponse Service::Impl::get_session(const Asked& asked) {
  const auto session = session_of(asked.request);
  if (!session) throw Refusal{401, "who", "请先登录", "sign in first", 0};
  const bool second_factor = SecondFactors(rooms.lend()->records).has(session->name);
  return answer_of(session_json(*session, parts.posts, parts.settings, sessions.idle_limit(),
                                second_factor));
}

HttpResponse Service::Impl::sign_in(const Asked& asked) {
  const HttpRequest& request = asked.request;
  const Json body = body_json(request);
  const std::string name = text_in(body, "name");
  const std::string password = text_in(body, "password");
  if (const auto wait = sessions.must_wait(name, request.peer); wait.count() > 0) {
    throw Refusal{429, "too_many", "尝试次数过多，请稍后再试", "too many tries: wait a while",
                  static_cast<int>(wait.count())};
  }
  Session fresh;
  bool second_factor = false;
  try {
    auto desk = rooms.lend();
    const Identity identity = desk->records.identify(
        {parts.posts, "", name, "", [&password](const std::string&) { return password; }});
    if (identity.number == 0) {
      throw Refusal{403, "no_users", "档案库还没有用户：先运行 juanzong user add",
                    "the archive has no users yet: run `juanzong user add`", 0};
    }
    fresh.user = identity.number;
    fresh.name = identity.name;
    fresh.checked = Sessions::Clock::now();
    if (const auto user = desk->records.user(identity.name)) {
      fresh.powers = powers_of(*user);
      fresh.posts = user->posts;
      fresh.agreement = user->agreement;
      fresh.trained = training_holds(user->trained_on, timestamp_now().substr(0, 10),
                                     parts.settings.security.training_days);
    }
    second_factor = SecondFactors(desk->records).has(identity.name);
    require_code(*desk, request, identity.name, password, text_in(body, "code"));
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::forbidden) throw;
    sessions.note_failure(name, request.peer);
    Session nobody;
    log(nobody, request, "sign_in_refused", "", error.problem());
    throw Refusal{401, "who", "用户名与密码不符，或协议已到期",
                  "name and password do not go together, or an agreement has ended", 0};
  }
  sessions.forget_failures(name);
  // Whoever signs in anew gets a new id, and the old one is gone (session fixation).
  sessions.close(request.cookie("juanzong_session"));
  const Session session = sessions.open(std::move(fresh));
  log(session, request, "signed_in", "");
  HttpResponse response =
      answer_of(session_json(session, parts.posts, parts.settings, sessions.idle_limit(),
                             second_factor));
  response.headers.emplace_back("Set-Cookie", cookie_of(session, request.encrypted));
  return response;
}

HttpResponse Service::Impl::sign_out(const Asked& asked) {
  sessions.close(asked.session.id);
  log(asked.session, asked.request, "signed_out", "");
  HttpResponse response = no_content();
  response.headers.emplace_back("Set-Cookie",
                                "juanzong_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
  return response;
}

HttpResponse Service::Impl::set_co_signer(const Asked& asked) {
  if (!asked.session.outside()) {
    throw Refusal{409, "co_signer", "只有外包人员的更改须会签",
                  "only what somebody from outside changes is co-signed", 0};
  }
  const Json body = body_json(asked.request);
  const std::string name = text_in(body, "name");
  const std::string password = text_in(body, "password");
  if (const auto wait = sessions.must_wait(name, asked.request.peer); wait.count() > 0) {
    throw Refusal{429, "too_many", "尝试次数过多，请稍后再试", "too many tries: wait a while",
                  static_cast<int>(wait.count())};
  }
  std::string signer;
  try {
    auto desk = rooms.lend();
    const Identity identity = desk->records.identify(
        {parts.posts, "", name, "", [&password](const std::string&) { return password; }});
    const auto user = desk->records.user(identity.name);
    try {
      require_code(*desk, asked.request, identity.name, password, text_in(body, "code"));
    } catch (const Refusal& refusal) {
      // Who asks is signed in; it is somebody else who is not believed.
      throw Refusal{403, refusal.code, refusal.zh, refusal.en, 0};
    }
    if (user && user->agreement.empty() && user->number != asked.session.user) signer = user->name;
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::forbidden) throw;
  }
  if (signer.empty()) {
    sessions.note_failure(name, asked.request.peer);
    log(asked.session, asked.request, "refused", "co-signer", "", Right::describe);
    throw Refusal{403, "co_signer", "会签人须为经办机构人员，且用户名与密码相符",
                  "a user of the office co-signs, with name and password", 0};
  }
  sessions.forget_failures(name);
  // Before it counts, it is on record.
  log(asked.session, asked.request, "co_signed", "", signer, Right::describe);
  Session changed = asked.session;
  changed.co_signer = signer;
  changed.co_signed_until = std::chrono::steady_clock::now() + kCoSigned;
  sessions.change(asked.session.id, [&changed](Session& session) {
    session.co_signer = changed.co_signer;
    session.co_signed_until = changed.co_signed_until;
  });
  const bool second_factor = SecondFactors(rooms.lend()->records).has(changed.name);
  return answer_of(session_json(changed, parts.posts, parts.settings, sessions.idle_limit(),
                                second_factor));
}

}  // namespace archive
