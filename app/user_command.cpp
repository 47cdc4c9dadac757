#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/acting.h"
#include "app/commands.h"
#include "app/writing.h"
#include "config/password_rules.h"
#include "core/calendar.h"
#include "ingest/typed_values.h"
#include "store/archive_folder.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

std::string posts_text(const std::vector<std::string>& names, const Posts& posts,
                       const Console& say) {
  std::string text;
  for (const std::string& name : names) {
    const Post* post = posts.find(name);
    if (!text.empty()) text += say("、", ", ");
    text += post == nullptr ? std::string_view(name) : say(post->zh, post->en);
  }
  return text;
}

Json user_json(const UserRecord& user) {
  return {{"user", user.number},
          {"name", user.name},
          {"account", user.account},
          {"has_password", user.has_password},
          {"posts", user.posts},
          {"agreement", user.agreement},
          {"works_until", user.works_until},
          {"made_at", user.made_at},
          {"ended_at", user.ended_at}};
}

void print_user(const UserRecord& user, const Posts& posts, const Console& say) {
  std::string line = fmt::format("{}  {}", user.name, posts_text(user.posts, posts, say));
  if (!user.account.empty()) line += fmt::format("  [{} {}]", say("账户", "account"), user.account);
  if (!user.agreement.empty()) {
    line += fmt::format("  [{} {}, {} {}]", say("外包协议", "agreement"), user.agreement,
                        say("至", "until"), user.works_until);
  }
  if (!user.ended_at.empty()) {
    line += fmt::format("  [{} {}]", say("已停用", "ended"), user.ended_at);
  }
  say.result(line);
}

/// Whether the services may run: they act as a user who operates the archive.
bool somebody_operates(const Records& records, const Posts& posts) {
  const auto operates = [&posts](const std::string& name) {
    const Post* post = posts.find(name);
    return post != nullptr && std::ranges::find(post->rights, Right::operate) != post->rights.end();
  };
  return std::ranges::any_of(records.users(), [&](const UserRecord& user) {
    return user.ended_at.empty() && std::ranges::any_of(user.posts, operates);
  });
}

template <class Change>
int change_users(const UserOptions& options, const Console& say, Change change) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  const Posts posts = Posts::load(find_config_folder(settings));
  Records records = Records::open_writer(folder.path(), writing_by(settings, "user"));
  const bool operated = somebody_operates(records, posts);
  try {
    change(records, posts);
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(ErrorKind::usage, "user " + options.name, problem.what(),
                       "`juanzong user list` shows users, `juanzong user posts` what posts there "
                       "are");
  }
  if (operated && !somebody_operates(records, posts)) {
    say.note(say("注意：已无人担任技术人员，服务、巡检、备份将被拒绝（21）：请把 technician "
                 "授予运行服务的账户",
                 "note: nobody is technician any more, so that serve, scrub and backup will be "
                 "refused (21): give the post to the account of the service"));
  }
  return 0;
}

}  // namespace

int run_user_list(const UserOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Posts posts = Posts::load(find_config_folder(read_settings(folder.settings_file())));
  const std::vector<UserRecord> users = Records::open_reader(folder.path()).users();
  Json json = Json::array();
  for (const UserRecord& user : users) {
    if (say.json()) {
      json.push_back(user_json(user));
    } else {
      print_user(user, posts, say);
    }
  }
  if (say.json()) say.result(json.dump());
  return 0;
}

namespace {

/// A password that was typed for somebody, when it is one that may be theirs.
std::string good_password(const UserOptions& options, const std::string& name, const Console& say) {
  const std::string password = new_password(name);
  const Settings settings = read_settings(ArchiveFolder::open(options.archive).settings_file());
  const auto fault =
      PasswordRules::load(find_config_folder(settings), settings.security).fault(password, name);
  if (fault.none()) return password;
  throw ArchiveError(ErrorKind::usage, "--password", std::string(say(fault.zh, fault.en)),
                     "`juanzong config explain security` tells what a password must be");
}

}  // namespace

int run_user_add(const UserOptions& options, const Console& say) {
  UserRecord user;
  user.name = person_name(options.name);
  user.account = options.account;
  user.agreement = options.agreement;
  user.works_until = options.until;
  user.posts = options.posts;
  if (user.agreement.empty() != user.works_until.empty()) {
    throw ArchiveError(ErrorKind::usage, "user add",
                       "an outside helper has an agreement and its last day",
                       "give both --agreement NUMBER and --until YYYY-MM-DD");
  }
  if (!user.works_until.empty() && !Date::parse(user.works_until)) {
    throw ArchiveError(ErrorKind::usage, "user add", "--until is no day", "write it YYYY-MM-DD");
  }
  const std::string password =
      options.password ? good_password(options, user.name, say) : std::string();
  change_users(options, say, [&](Records& records, const Posts& posts) {
    records.put_user(user, password, posts);
  });
  say.result(fmt::format("{}: {}", say("已添加用户", "taken in"), user.name));
  return 0;
}

int run_user_change(const UserOptions& options, const Console& say) {
  const std::string password =
      options.password ? good_password(options, options.name, say) : std::string();
  change_users(options, say, [&](Records& records, const Posts& posts) {
    for (const std::string& post : options.posts) records.give_post(options.name, post, posts);
    for (const std::string& post : options.taken) records.take_post(options.name, post, posts);
    if (options.password) records.set_password(options.name, password);
  });
  say.result(fmt::format("{}: {}", say("已变更", "changed"), options.name));
  return 0;
}

int run_user_end(const UserOptions& options, const Console& say) {
  change_users(options, say, [&](Records& records, const Posts& posts) {
    records.end_user(options.name, posts);
  });
  say.result(fmt::format("{}: {}", say("已停用", "ended"), options.name));
  return 0;
}

int run_posts(const UserOptions& options, const Console& say) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Posts posts = Posts::load(find_config_folder(read_settings(folder.settings_file())));
  Json json = Json::array();
  for (const Post& post : posts.all()) {
    Json rights = Json::array();
    std::string text;
    for (const Right right : post.rights) {
      rights.push_back(name_of(right));
      text += (text.empty() ? "" : ", ") + std::string(name_of(right));
    }
    if (say.json()) {
      json.push_back({{"post", post.name},
                      {"zh", post.zh},
                      {"en", post.en},
                      {"rights", std::move(rights)},
                      {"contractor", post.for_contractors}});
    } else {
      say.result(fmt::format(
          "{} {}  {}{}", fit_columns(post.name, 16), fit_columns(say(post.zh, post.en), 16), text,
          post.for_contractors ? say("  [可由外包人员担任]", "  [outside helpers may]") : ""));
    }
  }
  if (say.json()) say.result(json.dump());
  return 0;
}

}  // namespace archive
