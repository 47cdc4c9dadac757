#include "store/lifecycle/field_reviews.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/lifecycle/double_keying.h"
#include "store/records/sql.h"
#include "tests/store/office.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A page with a doubtful printed value, a doubtful written one, and one that is sure.
struct Bench : Office {
  PageNumber doubtful = 0;

  Bench() {
    Records records = as("root");
    for (const char* name : {"甲", "乙", "丙"}) {
      UserRecord user;
      user.name = user.account = name;
      user.posts = {"indexer"};
      records.put_user(user, "", posts());
    }
    const BatchNumber batch = records.open_batch("key", "box", {}).number;
    PageRecord made = filed(records.add_source(source(batch, "2.tif", "other bytes", 1)), 0);
    made.fields = {field("unit_name", "一厂"), field("total", "100"), field("sex", "男")};
    made.fields[0].unsure = made.fields[1].unsure = true;
    made.fields[0].confidence = made.fields[1].confidence = 0.5;
    made.fields[2].confidence = 0.97;
    made.fields[1].handwritten = true;
    doubtful = records.put_page(made);
  }

  static TypedValue said(const std::string& name, const std::string& value) {
    TypedValue made;
    made.field = name;
    made.raw = made.value = value;
    made.box = {1, 1, 10, 10};
    return made;
  }
  std::vector<std::string> in_doubt(double below = 0) const {
    Records records = Records::open_reader(folder.path());
    std::vector<std::string> names;
    for (const DoubtfulField& one : FieldReviews(records).in_doubt(below)) {
      names.push_back(one.field);
    }
    return names;
  }
  std::string say(const std::string& who, TypedValue value) const {
    Records records = as(who);
    value.person = who;
    return refusal([&] { FieldReviews(records).say_value(doubtful, value); });
  }
  std::string cannot_read(const std::string& who, const std::string& reason = "墨迹") const {
    Records records = as(who);
    UnreadableValue value;
    value.field = "unit_name";
    value.box = {1, 1, 10, 10};
    value.reason = reason;
    return refusal([&] { FieldReviews(records).say_unreadable(doubtful, value); });
  }
  std::string key(const std::string& who, const std::string& value) const {
    Records records = as(who);
    std::string outcome;
    const std::string refused = refusal([&] {
      outcome = name_of(DoubleKeying(records).key(doubtful, said("total", value)));
    });
    return refused == kNothingRefused ? outcome : refused;
  }
  std::string decide(const std::string& who, const std::string& value) const {
    Records records = as(who);
    return refusal([&] { DoubleKeying(records).decide(doubtful, said("total", value)); });
  }
  FieldRecord shown(const std::string& name) const {
    const auto record = Records::open_reader(folder.path()).page(doubtful);
    for (const FieldRecord& one : record->fields) {
      if (one.field == name) return one;
    }
    return {};
  }
};

TEST_F(Bench, WhatTheMachineDoubtsIsListedUntilAPersonSaysWhatItIs) {
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name", "total"));
  EXPECT_THAT(in_doubt(0.98), UnorderedElementsAre("person_name", "unit_name", "total", "sex"))
      << "the other page's as well";
  EXPECT_EQ(say("甲", said("unit_name", "一厂")), kNothingRefused);
  EXPECT_THAT(in_doubt(), ElementsAre("total"));
  EXPECT_TRUE(shown("unit_name").by_person);
}

TEST_F(Bench, AMandatoryValueStaysInDoubtUntilASecondPersonAgrees) {
  TypedValue value = said("unit_name", "一厂");
  value.mandatory = true;
  EXPECT_EQ(say("甲", value), kNothingRefused);
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name", "total"));
  EXPECT_EQ(say("乙", value), kNothingRefused);
  EXPECT_THAT(in_doubt(), ElementsAre("total"));
}

TEST_F(Bench, AThirdPersonSettlesWhatTwoDisagreeAbout) {
  EXPECT_EQ(say("甲", said("unit_name", "一厂")), kNothingRefused);
  EXPECT_EQ(say("乙", said("unit_name", "二厂")), kNothingRefused);
  EXPECT_EQ(shown("unit_name").typed, TypedState::conflict);
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name", "total"));
  EXPECT_EQ(say("丙", said("unit_name", "三厂")), kNothingRefused);
  EXPECT_EQ(shown("unit_name").typed, TypedState::conflict) << "three voices are no majority";
  EXPECT_EQ(say("丙", said("unit_name", "二厂")), kNothingRefused);
  EXPECT_EQ(shown("unit_name").typed, TypedState::settled);
  EXPECT_EQ(shown("unit_name").value, "二厂");
  EXPECT_THAT(in_doubt(), ElementsAre("total"));
}

TEST_F(Bench, TwoPersonsWhoCannotReadItEndTheTask) {
  EXPECT_THAT(cannot_read("甲", ""), HasSubstr("say why"));
  EXPECT_EQ(cannot_read("甲"), kNothingRefused);
  EXPECT_EQ(cannot_read("甲"), kNothingRefused) << "the same person is still one";
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name", "total"));
  EXPECT_EQ(cannot_read("乙"), kNothingRefused);
  EXPECT_THAT(in_doubt(), ElementsAre("total"));
  {
    Records records = as("乙");
    EXPECT_TRUE(FieldReviews(records).take_back(doubtful, "unit_name", -1));
    EXPECT_FALSE(FieldReviews(records).take_back(doubtful, "unit_name", -1));
  }
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name", "total"));
  EXPECT_EQ(say("甲", said("unit_name", "一厂")), kNothingRefused) << "read after all";
  Records records = Records::open_reader(folder.path());
  EXPECT_THAT(FieldReviews(records).unreadable(doubtful), IsEmpty());
}

TEST_F(Bench, OnlyWhoMayDescribeSaysAnything) {
  EXPECT_THAT(say("first_reviewer", said("unit_name", "一厂")), HasSubstr("describe"));
  EXPECT_THAT(cannot_read("approver"), HasSubstr("describe"));
  EXPECT_THAT(key("counter_clerk", "100"), HasSubstr("describe"));
}

TEST_F(Bench, TwoKeyingsThatAgreeCount) {
  EXPECT_EQ(key("甲", "100"), "waits");
  EXPECT_FALSE(shown("total").by_person) << "one person's text counts for nothing";
  EXPECT_THAT(key("甲", "100"), HasSubstr("two different persons"));
  EXPECT_EQ(key("乙", "100"), "agreed");
  EXPECT_EQ(shown("total").value, "100");
  EXPECT_TRUE(shown("total").by_person);
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name"));
  EXPECT_THAT(key("丙", "100"), HasSubstr("already"));
}

TEST_F(Bench, NobodySeesAKeyingBeforeBothAreThere) {
  EXPECT_EQ(key("甲", "190"), "waits");
  Records records = Records::open_reader(folder.path());
  EXPECT_EQ(DoubleKeying(records).comparison(doubtful, "total", -1, "丙"), std::nullopt);
  EXPECT_THAT(records.page(doubtful)->typed, IsEmpty());
}

TEST_F(Bench, KeyingsThatDifferAreComparedByAThirdPerson) {
  EXPECT_EQ(key("甲", "100"), "waits");
  EXPECT_EQ(key("乙", "700"), "differs");
  EXPECT_FALSE(shown("total").by_person);
  {
    Records records = Records::open_reader(folder.path());
    const DoubleKeying keying(records);
    for (const char* keyer : {"甲", "乙"}) {
      EXPECT_EQ(keying.comparison(doubtful, "total", -1, keyer), std::nullopt) << keyer;
    }
    const auto both = keying.comparison(doubtful, "total", -1, "丙");
    ASSERT_TRUE(both.has_value());
    EXPECT_EQ(both->first.value + both->second.value, "100700");
  }
  EXPECT_THAT(decide("甲", "100"), HasSubstr("third person"));
  EXPECT_EQ(decide("丙", "700"), kNothingRefused);
  EXPECT_EQ(shown("total").value, "700");
  EXPECT_THAT(decide("丙", "100"), HasSubstr("once"));
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name"));
}

TEST_F(Bench, WhatBothKeyersTakeBackIsInDoubtAgain) {
  EXPECT_EQ(key("甲", "100"), "waits");
  EXPECT_EQ(key("乙", "100"), "agreed");
  for (const char* keyer : {"甲", "乙"}) {
    Records records = as(keyer);
    EXPECT_TRUE(FieldReviews(records).take_back(doubtful, "total", -1)) << keyer;
  }
  EXPECT_FALSE(shown("total").by_person);
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name", "total")) << "nobody's value counts";
}

TEST_F(Bench, TwoWhoCannotReadTheHandAgreeAsWell) {
  EXPECT_EQ(key("甲", ""), "waits");
  EXPECT_EQ(key("乙", ""), "agreed");
  EXPECT_FALSE(shown("total").by_person);
  EXPECT_THAT(in_doubt(), ElementsAre("unit_name"));
}

TEST_F(Bench, TheDatabaseTakesNoTwoKeyingsOfOnePerson) {
  EXPECT_EQ(key("root", "100"), "waits");
  Database database(folder.path() / "records.sqlite", Database::Access::write);
  EXPECT_THAT(refusal([&] {
                database.execute(
                    "INSERT INTO keyings (page, field, table_row, raw, value, validity, problem, "
                    "mandatory, box_x, box_y, box_width, box_height, person, keyed_at) VALUES ($1, "
                    "'total', -1, '1', '1', 'valid', '', FALSE, 1, 1, 1, 1, 'Root', 'now')",
                    {doubtful});
              }),
              HasSubstr("UNIQUE"));
}

TEST_F(Bench, TheDatabaseRefusesWhatTheClassWouldRefuse) {
  EXPECT_EQ(key("甲", "100"), "waits");
  EXPECT_EQ(key("乙", "700"), "differs");
  const auto put = [&](Sql text) {
    Database database(folder.path() / "records.sqlite", Database::Access::write);
    return refusal([&] { database.execute(text, {doubtful}); });
  };
  EXPECT_THAT(put("INSERT INTO keyings (page, field, table_row, raw, value, validity, problem, "
                  "mandatory, box_x, box_y, box_width, box_height, person, keyed_at) VALUES ($1, "
                  "'total', -1, '1', '1', 'valid', '', FALSE, 1, 1, 1, 1, '丙', 'now')"),
              HasSubstr("two persons"));
  EXPECT_THAT(put("INSERT INTO keying_outcomes VALUES ($1, 'total', -1, 'decided', '100', '甲', "
                  "'now')"),
              HasSubstr("third person"));
  EXPECT_THAT(put("INSERT INTO keying_outcomes VALUES ($1, 'total', -1, 'agreed', '100', '丙', "
                  "'now')"),
              HasSubstr("third person"));
  EXPECT_THAT(put("UPDATE keyings SET value = '700' WHERE page = $1"), HasSubstr("never changed"));
  EXPECT_THAT(put("DELETE FROM keyings WHERE page = $1"), HasSubstr("never deleted"));
}

}  // namespace
}  // namespace archive
