#include "core/timestamp.h"
#include "store/records/second_factor.h"
#include "viewer/access/qr_code.h"
#include "viewer/api/service_impl.h"

// The second factor (动态口令): shown once, kept when a code of it comes back.

namespace archive {
namespace {

Refusal wrong_code() {
  return {401, "second_factor_wrong", "动态口令不正确或已用过",
          "this one-time code is wrong, or was used before", 0};
}

}  // namespace

void Service::Impl::require_code(Desk& desk, const HttpRequest& request, const std::string& name,
                                 const std::string& password, const std::string& code) {
  const SecondFactors factors(desk.records);
  if (!factors.has(name)) return;
  if (code.empty()) {
    throw Refusal{401, "second_factor", "请输入动态口令", "enter the one-time code", 0};
  }
  const auto secret = factors.secret_of(name, password);
  const auto step =
      secret ? totp_fits(*secret, code, *parse_iso8601(timestamp_now())) : std::nullopt;
  if (step) {
    Records records = Records::open_beside(parts.archive, {});
    if (SecondFactors(records).use(name, *step)) return;
  }
  sessions.note_failure(name, request.peer);
  log({}, request, "sign_in_refused", "", "second factor");
  throw wrong_code();
}

// Whoever finds a screen unlocked does not change how its user signs in.
void Service::Impl::require_password(const Asked& asked, const std::string& password) {
  const std::string& name = asked.session.name;
  if (const auto wait = sessions.must_wait(name, asked.request.peer); wait.count() > 0) {
    throw Refusal{429, "too_many", "尝试次数过多，请稍后再试", "too many tries: wait a while",
                  static_cast<int>(wait.count())};
  }
  try {
    rooms.lend()->records.identify(
        {parts.posts, "", name, "", [&password](const std::string&) { return password; }});
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::forbidden) throw;
    sessions.note_failure(name, asked.request.peer);
    throw Refusal{409, "password", "密码不正确", "this is not the password", 0};
  }
}

HttpResponse Service::Impl::begin_factor(const Asked& asked) {
  require_password(asked, text_in(body_json(asked.request), "password"));
  const std::string secret = SecondFactors::new_secret();
  sessions.change(asked.session.id, [&](Session& session) { session.pending_factor = secret; });
  const std::string text = base32(secret);
  const std::string address = "otpauth://totp/Juanzong:" + percent_encoded(asked.session.name) +
                              "?secret=" + text + "&issuer=Juanzong";
  return answer_of(Json{{"secret", text}, {"address", address}, {"qr", qr_code(address)}});
}

HttpResponse Service::Impl::confirm_factor(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string password = text_in(body, "password");
  const std::string& secret = asked.session.pending_factor;
  if (secret.empty()) {
    throw Refusal{409, "no_factor", "请先生成动态口令密钥", "ask for a secret first", 0};
  }
  require_password(asked, password);
  const auto step =
      totp_fits(secret, text_in(body, "code"), *parse_iso8601(timestamp_now()));
  if (!step) throw Refusal{409, wrong_code().code, wrong_code().zh, wrong_code().en, 0};
  write(asked, "serve second-factor", "",
        [&](Records& records) { SecondFactors(records).put(password, secret, *step); });
  sessions.change(asked.session.id, [](Session& session) { session.pending_factor.clear(); });
  log(asked.session, asked.request, "second_factor_set", "");
  return no_content();
}

HttpResponse Service::Impl::end_factor(const Asked& asked) {
  require_password(asked, text_in(body_json(asked.request), "password"));
  write(asked, "serve second-factor", "",
        [&](Records& records) { SecondFactors(records).remove(); });
  log(asked.session, asked.request, "second_factor_removed", "");
  return no_content();
}

}  // namespace archive
