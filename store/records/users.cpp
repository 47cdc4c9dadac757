#include "store/records/users.h"

#include <algorithm>
#include <stdexcept>

#include "core/timestamp.h"
#include "core/utf8.h"
#include "store/records/json_text.h"
#include "store/records/password.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr std::size_t kPasswordLeast = 8;

constexpr SqlPart kUsers =
    "SELECT user, name, account, password, agreement, works_until, made_at, ended_at, "
    "COALESCE(unit, 0), trained_on FROM users ";

/// Who somebody is is asked before the steps that are missing are applied: by what step 11 brought.
constexpr SqlPart kKnownBy =
    "SELECT user, name, account, password, agreement, works_until, made_at, ended_at, "
    "0 AS unit, '' AS trained_on FROM users ";

struct KnownUser {
  UserRecord record;
  std::string password;
};

std::vector<std::string> posts_of(Database& database, UserNumber user) {
  std::vector<std::string> posts;
  Rows rows = database.query("SELECT post FROM user_posts WHERE user = $1 ORDER BY post", {user});
  while (rows.next()) posts.push_back(rows.text());
  return posts;
}

std::optional<KnownUser> next_user(Database& database, Rows& rows) {
  if (!rows.next()) return std::nullopt;
  KnownUser user;
  user.record.number = rows.integer();
  user.record.name = rows.text();
  user.record.account = rows.text();
  user.password = rows.text();
  user.record.has_password = !user.password.empty();
  user.record.agreement = rows.text();
  user.record.works_until = rows.text();
  user.record.made_at = rows.text();
  user.record.ended_at = rows.text();
  user.record.unit = rows.integer();
  user.record.trained_on = rows.text();
  user.record.posts = posts_of(database, user.record.number);
  return user;
}

std::optional<KnownUser> user_named(Database& database, std::string_view name) {
  Rows rows = database.query(joined<kUsers, "WHERE name = $1">(), {name});
  return next_user(database, rows);
}

ArchiveError nobody(const std::string& what) {
  return {ErrorKind::forbidden, "users", what,
          "an administrator of the archive takes users in: juanzong user add --help"};
}

KnownUser user_with_password(Database& database, const std::string& name, const Claim& claim) {
  Rows rows = database.query(joined<kKnownBy, "WHERE name = $1">(), {name});
  std::optional<KnownUser> user = next_user(database, rows);
  const bool works = user && user->record.ended_at.empty();
  const bool has_account = works && !claim.account.empty() && user->record.account == claim.account;
  if (has_account) return std::move(*user);
  const std::string given = claim.password_of ? claim.password_of(name) : std::string();
  // Asked of somebody who is not there as well: waiting tells nothing.
  if (password_fits(given, works ? user->password : std::string())) return std::move(*user);
  throw nobody("this name and this password do not go together");
}

KnownUser claimed_user(Database& database, const Claim& claim) {
  if (!claim.name.empty()) return user_with_password(database, claim.name, claim);
  Rows rows =
      database.query(joined<kKnownBy, "WHERE account = $1 AND ended_at = ''">(), {claim.account});
  if (auto user = next_user(database, rows)) return std::move(*user);
  throw nobody("the account '" + claim.account + "' of this system is no user of this archive");
}

void require_agreement(const UserRecord& user) {
  if (user.agreement.empty() || user.works_until >= timestamp_now().substr(0, 10)) return;
  throw ArchiveError(ErrorKind::forbidden, "users",
                     "the agreement " + user.agreement + " ended on " + user.works_until,
                     "if it was prolonged, an administrator ends this user and takes in another");
}

std::string signed_by(Database& database, const Claim& claim, const UserRecord& helper) {
  if (claim.co_signer.empty()) {
    throw ArchiveError(ErrorKind::forbidden, "users",
                       "what an outside helper changes needs the signature of the office",
                       "add --co-signer NAME, a user of the office, who gives a password");
  }
  const KnownUser signer = user_with_password(database, claim.co_signer, claim);
  if (signer.record.agreement.empty() && signer.record.number != helper.number) {
    return signer.record.name;
  }
  throw ArchiveError(ErrorKind::forbidden, "users",
                     signer.record.agreement.empty()
                         ? "nobody adds their own signature to what they do"
                         : "the one who signs for an outside helper is one too",
                     "name another user of the office as --co-signer");
}

void give_powers(Powers& powers, const std::vector<std::string>& held, const Posts& posts) {
  for (const std::string& name : held) {
    // A post that the table lost gives nothing.
    const Post* post = posts.find(name);
    if (post == nullptr) continue;
    for (const Right right : post->rights) powers.give(right, post->name);
  }
}

const Post& known_post(const Posts& posts, std::string_view name) {
  if (const Post* post = posts.find(name)) return *post;
  throw std::invalid_argument("there is no post '" + std::string(name) + "'");
}

void require_post_for(const Post& post, const UserRecord& user) {
  if (post.for_contractors || user.agreement.empty()) return;
  throw std::invalid_argument("outside helpers cannot be '" + post.name + "'");
}

void require_length(std::string_view password) {
  if (password.empty() || code_points(password).size() >= kPasswordLeast) return;
  throw std::invalid_argument("a password has at least 8 characters");
}

UserRecord working_user(const std::optional<UserRecord>& user, std::string_view name) {
  if (user && user->ended_at.empty()) return *user;
  throw std::invalid_argument("there is no user '" + std::string(name) + "'");
}

/// Whether somebody but `without` may administer, in other words: take users in again.
bool administered(const std::vector<UserRecord>& users, const Posts& posts, UserNumber without,
                  std::string_view but_post) {
  for (const UserRecord& user : users) {
    if (!user.ended_at.empty()) continue;
    std::vector<std::string> held = user.posts;
    if (user.number == without) {
      if (but_post.empty()) continue;
      std::erase(held, but_post);
    }
    Powers powers;
    give_powers(powers, held, posts);
    if (powers.may(Right::administer)) return true;
  }
  return false;
}

void require_administered(const std::vector<UserRecord>& users, const Posts& posts,
                          UserNumber without, std::string_view but_post = {}) {
  if (administered(users, posts, without, but_post)) return;
  throw std::invalid_argument("nobody would be left who administers users");
}

}  // namespace

Identity identify(Database& database, const Claim& claim, bool to_write) {
  Identity identity;
  if (database.number("SELECT COUNT(*) FROM users") == 0) {
    identity.name = claim.account;
    for (const Post& post : claim.posts.all()) {
      give_powers(identity.powers, {post.name}, claim.posts);
    }
    return identity;
  }
  const UserRecord user = claimed_user(database, claim).record;
  require_agreement(user);
  identity.number = user.number;
  identity.name = user.name;
  // The office's own people need nobody's signature, but may have one: a witness, say.
  if (to_write && (!user.agreement.empty() || !claim.co_signer.empty())) {
    identity.co_signer = signed_by(database, claim, user);
  }
  give_powers(identity.powers, user.posts, claim.posts);
  return identity;
}

ArchiveError forbidden(const Identity& who, Right right, const std::string& where) {
  return {ErrorKind::forbidden, where,
          who.name + " has no post with the right '" + std::string(name_of(right)) + "'",
          "ask somebody who has one (juanzong user list), or an administrator for a post"};
}

Identity Records::identify(const Claim& claim) const {
  return archive::identify(impl_->database, claim, false);
}

void Records::found(const Claim& claim) {
  UserRecord first;
  first.name = claim.account;
  first.account = claim.account;
  for (const Post& post : claim.posts.all()) first.posts.push_back(post.name);
  put_user(first, "", claim.posts);
}

std::vector<UserRecord> Records::users() const {
  std::vector<UserRecord> users;
  Rows rows = impl_->database.query(joined<kUsers, "ORDER BY user">());
  while (auto user = next_user(impl_->database, rows)) users.push_back(std::move(user->record));
  return users;
}

std::optional<UserRecord> Records::user(std::string_view name) const {
  if (auto user = user_named(impl_->database, name)) return std::move(user->record);
  return std::nullopt;
}

UserNumber Records::put_user(const UserRecord& user, std::string_view password,
                             const Posts& posts) {
  RecordedTransaction transaction(*impl_, {Right::administer});
  if (this->user(user.name)) {
    throw std::invalid_argument("there is a user '" + user.name + "' already, or there was one");
  }
  if (user.account.empty() && password.empty()) {
    throw std::invalid_argument("a user has an account of the system, or a password, or both");
  }
  require_length(password);
  Database& database = impl_->database;
  const UserNumber number = database.number(
      "INSERT INTO users (name, account, password, agreement, works_until, made_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) RETURNING user",
      {user.name, user.account, password.empty() ? std::string() : hash_password(password),
       user.agreement, user.works_until, timestamp_now()});
  impl_->note("user_taken_in", "user", number);
  for (const std::string& post : user.posts) give_post(user.name, post, posts);
  transaction.commit();
  return number;
}

void Records::give_post(std::string_view name, std::string_view post, const Posts& posts) {
  RecordedTransaction transaction(*impl_, {Right::administer});
  const UserRecord user = working_user(this->user(name), name);
  require_post_for(known_post(posts, post), user);
  if (user.unit != 0) {
    Rows unit = impl_->database.query("SELECT family FROM units WHERE unit = $1", {user.unit});
    if (unit.next()) posts.require_post_in(post, unit.text());
  }
  impl_->database.execute(
      "INSERT INTO user_posts (user, post, given_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (user, post) DO NOTHING",
      {user.number, post, timestamp_now()});
  impl_->note("post_given", "user", user.number, json_object({{"post", post}}));
  transaction.commit();
}

void Records::take_post(std::string_view name, std::string_view post, const Posts& posts) {
  RecordedTransaction transaction(*impl_, {Right::administer});
  const UserRecord user = working_user(this->user(name), name);
  require_administered(users(), posts, user.number, post);
  if (impl_->database.execute("DELETE FROM user_posts WHERE user = $1 AND post = $2",
                              {user.number, post}) == 0) {
    throw std::invalid_argument(user.name + " is not '" + std::string(post) + "'");
  }
  impl_->note("post_taken", "user", user.number, json_object({{"post", post}}));
  transaction.commit();
}

void Records::set_password(std::string_view name, std::string_view password) {
  // Everybody sets their own one.
  const bool own = name == writes_as();
  RecordedTransaction transaction(*impl_, own ? std::initializer_list<Right>{}
                                              : std::initializer_list<Right>{Right::administer});
  const UserRecord user = working_user(this->user(name), name);
  if (password.empty()) throw std::invalid_argument("an empty password is none");
  require_length(password);
  // It was sealed under the old one.
  impl_->database.execute("DELETE FROM second_factors WHERE user = $1", {user.number});
  impl_->database.execute("UPDATE users SET password = $1 WHERE user = $2",
                          {hash_password(password), user.number});
  impl_->note("password_set", "user", user.number);
  transaction.commit();
}

void Records::end_user(std::string_view name, const Posts& posts) {
  RecordedTransaction transaction(*impl_, {Right::administer});
  const UserRecord user = working_user(this->user(name), name);
  require_administered(users(), posts, user.number);
  impl_->database.execute("UPDATE users SET ended_at = $1 WHERE user = $2",
                          {timestamp_now(), user.number});
  impl_->note("user_ended", "user", user.number);
  transaction.commit();
}

}  // namespace archive
