#include "store/lifecycle/reviews.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config/review_steps.h"
#include "store/records/sql.h"
#include "tests/store/office.h"

namespace archive {
namespace {

using testing::HasSubstr;

const ReviewSteps& rules() {
  static const ReviewSteps table = ReviewSteps::load(config_folder());
  return table;
}

struct Case : Office {
  std::string take(const std::string& who, const std::string& step, const std::string& reason = {},
                   const std::string& submitter = {}) const {
    Records records = as(who);
    return refusal([&] { Reviews(records, rules()).take(step, dossier, 1, reason, submitter); });
  }
  std::string state() const {
    Records records = Records::open_reader(folder.path());
    return Reviews(records, rules()).state_of(dossier, 1).state;
  }
  TypedValue typed(const std::string& value) const {
    TypedValue made;
    made.field = "person_name";
    made.raw = made.value = value;
    made.box = {1, 1, 10, 10};
    return made;
  }
  void bring_to(const std::string& wanted) const {
    ASSERT_EQ(take("indexer", "enter"), kTaken);
    ASSERT_EQ(take("first_reviewer", "verify", "", "一厂"), kTaken);
    if (wanted == "entered") return;
    ASSERT_EQ(take("first_reviewer", "review"), kTaken);
    if (wanted == "reviewed") return;
    ASSERT_EQ(take("rechecker", "recheck"), kTaken);
    if (wanted == "rechecked") return;
    ASSERT_EQ(take("approver", "approve"), kTaken);
  }
  static constexpr const char* kTaken = kNothingRefused;
};

// R11: every step by every post, from every state: only the pairs of the table succeed.
TEST_F(Case, R11OnlyTheListedPostsTakeAStep) {
  for (const ReviewStepRule& rule : rules().all()) {
    for (const Post& post : posts().all()) {
      const bool listed = std::ranges::any_of(rule.any_of, [&post](Right right) {
        return std::ranges::find(post.rights, right) != post.rights.end();
      });
      const std::string said = take(post.name, rule.name, "r", "s");
      EXPECT_EQ(said.find("has no post with the right") == std::string::npos, listed)
          << rule.name << " by " << post.name << ": " << said;
    }
  }
}

TEST_F(Case, GoesFromEntryToApprovalByFourPersons) {
  EXPECT_EQ(state(), "filed");
  bring_to("approved");
  EXPECT_EQ(state(), "approved");
}

TEST_F(Case, StepsFollowOneAnother) {
  EXPECT_EQ(take("first_reviewer", "review"), "'review' does not follow 'filed'");
  EXPECT_EQ(take("rechecker", "recheck"), "'recheck' does not follow 'filed'");
  bring_to("entered");
  EXPECT_EQ(take("indexer", "enter"), "'enter' does not follow 'entered'");
  EXPECT_EQ(take("approver", "approve"), "'approve' does not follow 'entered'");
}

// R44: one user tries two steps on one item.
TEST_F(Case, R44NobodyTakesTwoSteps) {
  const std::string apart = "the steps of a case are taken by different persons";
  EXPECT_EQ(take("root", "enter"), kTaken);
  EXPECT_EQ(take("root", "review"), apart);
  EXPECT_EQ(take("first_reviewer", "review"), kTaken);
  EXPECT_EQ(take("root", "recheck"), apart);
  {
    Records root = as("root");
    root.give_post("first_reviewer", "rechecker", posts());
  }
  EXPECT_EQ(take("first_reviewer", "recheck"), apart) << "a second post makes no second person";
}

TEST_F(Case, R44WhoTypedAValueDoesNotReviewIt) {
  {
    Records root = as("root");
    root.give_post("first_reviewer", "indexer", posts());
  }
  as("first_reviewer").put_typed_value(page, [&] {
    TypedValue value = typed("张三丰");
    value.person = "first_reviewer";
    return value;
  }());
  EXPECT_EQ(take("indexer", "enter"), kTaken);
  EXPECT_EQ(take("first_reviewer", "review"), "the steps of a case are taken by different persons");
}

TEST_F(Case, TheDatabaseRefusesWhatTheServiceRefuses) {
  bring_to("entered");
  Database db(folder / "records.sqlite", Database::Access::write);
  const auto insert = [&](const char* step, const char* person) {
    return refusal([&] {
      db.execute(
          "INSERT INTO review_steps (dossier, item_sequence, step, contents, person, reason, "
          "submitter, taken_at) SELECT dossier, 1, $1, contents, $2, 'r', 's', 'now' "
          "FROM review_steps LIMIT 1",
          {step, person});
    });
  };
  EXPECT_THAT(insert("review", "Indexer"), HasSubstr("different persons"));
  EXPECT_THAT(insert("approve", "approver"), HasSubstr("does not follow"));
  EXPECT_THAT(refusal([&] { db.execute("UPDATE review_steps SET person = 'x'"); }),
              HasSubstr("never changed"));
  EXPECT_THAT(refusal([&] { db.execute("DELETE FROM review_steps"); }), HasSubstr("never deleted"));
}

// R39: the state of verification and the submitter; what is not verified is not approved.
TEST_F(Case, R39WhatIsNotVerifiedIsNotApproved) {
  EXPECT_EQ(take("first_reviewer", "verify"), "'verify' says who handed the papers in");
  ASSERT_EQ(take("indexer", "enter"), kTaken);
  ASSERT_EQ(take("first_reviewer", "review"), kTaken);
  ASSERT_EQ(take("rechecker", "recheck"), kTaken);
  EXPECT_EQ(take("approver", "approve"), "what was not verified is not approved");
  ASSERT_EQ(take("first_reviewer", "reject", "编号不符", "一厂"), kTaken);
  EXPECT_EQ(take("approver", "approve"), "what was not verified is not approved");
  ASSERT_EQ(take("first_reviewer", "verify", "", "一厂"), kTaken);
  EXPECT_EQ(take("approver", "approve"), kTaken);
  Records reader = Records::open_reader(folder.path());
  EXPECT_EQ(Reviews(reader, rules()).state_of(dossier, 1).submitter, "一厂");
}

TEST_F(Case, OneThatIsReturnedBeginsAgain) {
  bring_to("rechecked");
  EXPECT_EQ(take("approver", "return"), "'return' needs a reason");
  EXPECT_EQ(take("approver", "return", "缺章"), kTaken);
  EXPECT_EQ(state(), "returned");
  EXPECT_EQ(take("rechecker", "recheck"), "'recheck' does not follow 'returned'");
  ASSERT_EQ(take("indexer", "enter"), kTaken);
  EXPECT_EQ(take("first_reviewer", "review"), kTaken) << "the same person, in a new round";
}

TEST_F(Case, WhatWasLookedAtIsWhatIsApproved) {
  bring_to("rechecked");
  Records records = as("root");
  PageRecord changed = *records.page(page);
  changed.fields[0].value = "李四";
  records.put_page(changed);
  records.assemble(1, {[&] {
                     Records::AssembledDossier same;
                     same.dossier = *records.dossier(dossier);
                     same.pages.push_back({page, 1, 1});
                     return same;
                   }()});
  const ReviewState state = Reviews(records, rules()).state_of(dossier, 1);
  EXPECT_EQ(state.state, "filed");
  EXPECT_TRUE(state.changed_since);
}

TEST_F(Case, TheQueueListsWhatWaits) {
  Records reader = Records::open_reader(folder.path());
  EXPECT_EQ(Reviews(reader, rules()).waiting({"filed"}, 0, 0, 10).size(), 1U);
  EXPECT_EQ(Reviews(reader, rules()).waiting({"entered"}, 0, 0, 10).size(), 0U);
  EXPECT_EQ(Reviews(reader, rules()).waiting({"filed"}, dossier, 1, 10).size(), 0U);
}

// R50: before, after, reason, evidence page, two persons.
TEST_F(Case, R50WhatWasApprovedIsCorrectedByTwoPersonsWithEvidence) {
  bring_to("approved");
  TypedValue over = typed("张三丰");
  over.person = "indexer";
  EXPECT_THAT(refusal([&] { as("indexer").put_typed_value(page, over); }),
              HasSubstr("the item is approved"));
  Correction correction;
  correction.page = page;
  correction.value = typed("张三丰");
  const auto propose = [&](const std::string& who) {
    Records records = as(who);
    return refusal([&] { Corrections(records).propose(correction); });
  };
  EXPECT_THAT(propose("indexer"), HasSubstr("needs a reason"));
  correction.reason = "身份证";
  EXPECT_THAT(propose("indexer"), HasSubstr("a page of the archive that proves it"));
  correction.evidence = page;
  EXPECT_THAT(propose("counter_clerk"), HasSubstr("no post with the right 'describe'"));
  EXPECT_EQ(propose("indexer"), kTaken);

  const auto decide = [&](const std::string& who, bool approve, const std::string& reason) {
    Records records = as(who);
    return refusal([&] { Corrections(records).decide(1, approve, reason); });
  };
  as("root").give_post("indexer", "approver", posts());
  EXPECT_THAT(decide("indexer", true, ""), HasSubstr("proposed themselves"));
  EXPECT_THAT(decide("rechecker", true, ""), HasSubstr("no post with the right 'approve'"));
  EXPECT_THAT(decide("approver", false, ""), HasSubstr("a refusal needs a reason"));
  EXPECT_EQ(decide("approver", true, ""), kTaken);
  EXPECT_THAT(decide("approver", true, ""), HasSubstr("decided already"));

  Records reader = Records::open_reader(folder.path());
  EXPECT_EQ(reader.page(page)->fields[0].value, "张三丰");
  const Correction kept = *Corrections(reader).find(1);
  EXPECT_EQ(kept.before, "张三");
  EXPECT_EQ(kept.value.value, "张三丰");
  EXPECT_EQ(kept.verdict, "approved");
  EXPECT_EQ(kept.decided_by, "approver");
  EXPECT_TRUE(Corrections(reader).open().empty());
}

// R50: also where persons had typed the value that was approved.
TEST_F(Case, R50ACorrectionGoesBeforeWhatWasTypedAndApproved) {
  TypedValue approved = typed("张三");
  approved.person = "root";
  as("root").put_typed_value(page, approved);
  bring_to("approved");
  EXPECT_THAT(refusal([&] { as("root").end_typed_value(page, "person_name", -1, "root"); }),
              HasSubstr("the item is approved"));
  EXPECT_EQ(state(), "approved");
  Correction correction;
  correction.page = correction.evidence = page;
  correction.value = typed("张三丰");
  correction.reason = "身份证";
  {
    Records records = as("indexer");
    Corrections(records).propose(correction);
  }
  {
    Records records = as("approver");
    Corrections(records).decide(1, true, "");
  }
  const PageRecord shown = *Records::open_reader(folder.path()).page(page);
  EXPECT_EQ(shown.fields[0].value, "张三丰");
  EXPECT_EQ(shown.fields[0].typed, TypedState::settled);
}

TEST_F(Case, ARefusedCorrectionChangesNothing) {
  bring_to("approved");
  Correction correction;
  correction.page = correction.evidence = page;
  correction.value = typed("张三丰");
  correction.reason = "身份证";
  {
    Records records = as("indexer");
    Corrections(records).propose(correction);
  }
  {
    Records records = as("approver");
    Corrections(records).decide(1, false, "看不清");
  }
  Records reader = Records::open_reader(folder.path());
  EXPECT_EQ(reader.page(page)->fields[0].value, "张三");
  EXPECT_EQ(state(), "approved");
}

}  // namespace
}  // namespace archive
