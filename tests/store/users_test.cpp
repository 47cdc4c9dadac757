#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/error.h"
#include "store/records/password.h"
#include "store/records/records.h"
#include "store/records/schema.h"
#include "tests/store/people.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

UserRecord user(const std::string& name, const std::vector<std::string>& held,
                const std::string& account = {}) {
  UserRecord record;
  record.name = name;
  record.account = account;
  record.posts = held;
  return record;
}

UserRecord helper(const std::string& name, const std::string& until) {
  UserRecord record = user(name, {"indexer"});
  record.agreement = "BM-7";
  record.works_until = until;
  return record;
}

struct Users : testing::Test {
  TemporaryFolder folder;

  Users() {
    Records::create(folder.path());
    Records founder = as(claim("root"));
    founder.put_user(user("Li", {"indexer"}, "li"), "", posts());
    founder.put_user(user("Wang", {"first_reviewer", "records_manager"}), kPassword, posts());
    founder.put_user(helper("Temp", "2099-12-31"), kPassword, posts());
    founder.put_user(helper("Gone", "2020-12-31"), kPassword, posts());
  }
  Records as(Claim who) const {
    Records::Writing how;
    how.claim = std::move(who);
    return Records::open_writer(folder.path(), how);
  }
  std::vector<Records::Event> events() const {
    std::vector<Records::Event> all;
    Records::open_reader(folder.path()).for_each_event(0, [&](const auto& e) { all.push_back(e); });
    return all;
  }
};

TEST_F(Users, TheFirstWhoWritesHasEveryPost) {
  const Records records = Records::open_reader(folder.path());
  EXPECT_EQ(records.users().front().name, "root");
  EXPECT_EQ(records.users().front().posts.size(), posts().all().size());
}

TEST_F(Users, AreKnownByAccountOrByPassword) {
  const Records records = Records::open_reader(folder.path());
  EXPECT_EQ(records.identify(claim("li")).name, "Li");
  EXPECT_EQ(records.identify(claim("li", "Li", "wrong")).name, "Li") << "the account says it";
  EXPECT_EQ(records.identify(claim("root", "wang")).name, "Wang");
  EXPECT_EQ(records.identify(claim("root", "Wang")).powers.post_for(Right::manage),
            "records_manager");
}

TEST_F(Users, WhoDoesNotShowWhoTheyAreIsRefused) {
  const Records records = Records::open_reader(folder.path());
  const std::string together = "this name and this password do not go together";
  EXPECT_THAT(refusal([&] { records.identify(claim("root", "Wang", "wrong")); }),
              HasSubstr(together));
  EXPECT_THAT(refusal([&] { records.identify(claim("root", "Nobody")); }), HasSubstr(together));
  EXPECT_THAT(refusal([&] { records.identify(claim("root", "Li", "")); }), HasSubstr(together))
      << "Li has no password: an empty one is not it";
  EXPECT_THAT(refusal([&] { records.identify(claim("mallory")); }),
              HasSubstr("'mallory' of this system is no user"));
}

TEST_F(Users, WhatNoPostAllowsIsRefusedAndNoted) {
  {
    Records records = as(claim("li"));
    EXPECT_THAT(refusal([&] { records.put_user(user("X", {}), kPassword, posts()); }),
                HasSubstr("Li has no post with the right 'administer'"));
    EXPECT_THAT(refusal([&] { records.open_batch("k", "n", {}); }),
                HasSubstr("Li has no post with the right 'take_in'"));
  }
  std::vector<std::string> refused;
  for (const Records::Event& event : events()) {
    if (event.action == "refused") refused.push_back(event.actor + event.details);
  }
  EXPECT_THAT(refused, ElementsAre(R"(Li{"right":"administer"})", R"(Li{"right":"take_in"})"));
}

TEST_F(Users, AnEntrySaysByWhichPost) {
  as(claim("root", "Wang")).put_catalogue({}, "Wang");
  EXPECT_EQ(events().back().actor, "Wang");
  EXPECT_EQ(events().back().post, "records_manager");
}

// R51: an agreement that has ended, and a change without the signature of the office.
TEST_F(Users, R51OutsideHelpersAreFencedIn) {
  EXPECT_THAT(refusal([&] { as(claim("root", "Gone", kPassword, "Wang")); }),
              HasSubstr("the agreement BM-7 ended on 2020-12-31"));
  EXPECT_THAT(refusal([&] { as(claim("root", "Temp")); }),
              HasSubstr("the signature of the office"));
  EXPECT_THAT(refusal([&] { as(claim("root", "Temp", kPassword, "Temp")); }),
              HasSubstr("is one too"));
  EXPECT_EQ(Records::open_reader(folder.path()).identify(claim("root", "Temp")).name, "Temp")
      << "reading needs no signature";
  as(claim("root", "Temp", kPassword, "Wang")).note_refusal(Right::query);
  EXPECT_EQ(events().back().actor, "Temp");
  EXPECT_EQ(events().back().co_signer, "Wang");
  EXPECT_EQ(refusal([&] { as(claim("root")).give_post("Temp", "approver", posts()); }),
            "outside helpers cannot be 'approver'");
}

TEST_F(Users, SomebodyIsLeftWhoAdministers) {
  Records root = as(claim("root"));
  const std::string left = "nobody would be left who administers users";
  EXPECT_EQ(refusal([&] { root.end_user("root", posts()); }), left);
  EXPECT_EQ(refusal([&] { root.take_post("root", "administrator", posts()); }), left);
  root.give_post("Wang", "administrator", posts());
  root.take_post("root", "administrator", posts());
  EXPECT_THAT(Records::open_reader(folder.path()).user("Wang")->posts, Contains("administrator"));
}

TEST_F(Users, OneWhoIsEndedIsNobodyAndTheNameIsNotGivenAgain) {
  Records root = as(claim("root"));
  root.end_user("Li", posts());
  EXPECT_THAT(refusal([&] { root.identify(claim("li")); }), HasSubstr("is no user"));
  EXPECT_EQ(root.users().at(1).name, "Li") << "what they did stays theirs";
  EXPECT_THAT(refusal([&] { root.put_user(user("LI", {}), kPassword, posts()); }),
              HasSubstr("already, or there was one"));
}

TEST_F(Users, APasswordHasEightCharactersAndEverybodySetsTheirOwn) {
  EXPECT_EQ(refusal([&] { as(claim("root")).set_password("Li", "七个字的密码吧"); }),
            "a password has at least 8 characters");
  as(claim("root", "Wang")).set_password("Wang", "another good one");
  EXPECT_EQ(as(claim("root", "Wang", "another good one")).writes_as(), "Wang");
  EXPECT_THAT(refusal([&] {
                as(claim("root", "Wang", "another good one")).set_password("Li", "for another");
              }),
              HasSubstr("Wang has no post with the right 'administer'"));
}

TEST(Passwords, AreArgon2idAndNeverTheSameTwice) {
  const std::string hash = hash_password("纸短情长2026");
  EXPECT_THAT(hash, testing::StartsWith("$argon2id$"));
  EXPECT_NE(hash, hash_password("纸短情长2026"));
  EXPECT_TRUE(password_fits("纸短情长2026", hash));
  EXPECT_FALSE(password_fits("纸短情长2027", hash));
  EXPECT_FALSE(password_fits("", ""));
  EXPECT_FALSE(password_fits("a password that nobody has", ""));
}

TEST(PostsTable, IsTheOfficesAndEveryRightHasAPost) {
  EXPECT_EQ(posts().find("approver")->zh, "审批");
  EXPECT_TRUE(posts().find("scan_operator")->for_contractors);
  EXPECT_EQ(posts().find("nobody"), nullptr);
}

}  // namespace
}  // namespace archive
