#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/timestamp.h"
#include "store/records/decisions.h"
#include "store/records/records.h"
#include "store/records/sql.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

// R25: what persons type needs a region of the picture, is kept beside what the machine read, and
// where it must be known counts only when a second person says the same.

namespace archive {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class R25 : public testing::Test {
 protected:
  R25() {
    SourceRecord delivered = source(records_.open_batch("b", "b", {}).number, "1.tif", "x", 1);
    delivered = records_.add_source(delivered);
    read_ = filed(delivered, 0);
    read_.fields = {field("id_number", "11010519491231002X"), field("person_name", "张三")};
    read_.fields[0].unsure = true;
    read_.review_reasons = {"unsure_field"};
    page_ = records_.put_page(read_);
  }

  TypedValue typed(const std::string& value, const std::string& person, bool mandatory = true) {
    TypedValue made;
    made.field = "id_number";
    made.raw = value;
    made.value = value;
    made.mandatory = mandatory;
    made.box = {310, 452, 380, 60};
    made.person = person;
    return made;
  }
  TypedNumber type(const std::string& value, const std::string& person, bool mandatory = true) {
    return records_.put_typed_value(page_, typed(value, person, mandatory));
  }
  TypedNumber confirm(TypedNumber number, const std::string& value, const std::string& person) {
    TypedValue made = typed(value, person);
    made.confirms = number;
    return records_.put_typed_value(page_, made);
  }
  PageRecord page() const { return *records_.page(page_); }
  FieldRecord id() const { return page().fields[0]; }

  TemporaryFolder folder_;
  Records records_ = Records::create(folder_.path());
  PageRecord read_;
  PageNumber page_ = 0;
};

TEST_F(R25, ValueThatMayBeLeftOutCountsAtOnce) {
  type("110105194912310038", "Li", false);
  const FieldRecord field = id();
  EXPECT_EQ(field.value, "110105194912310038");
  EXPECT_EQ(field.typed, TypedState::settled);
  EXPECT_TRUE(field.by_person);
  EXPECT_FALSE(field.unsure);
  EXPECT_EQ(field.quad.bounds(), (Box{310, 452, 690, 512}));
  EXPECT_THAT(page().review_reasons, IsEmpty());
}

TEST_F(R25, MandatoryValueWaitsForASecondPerson) {
  type("110105194912310038", "Li");
  FieldRecord field = id();
  EXPECT_EQ(field.value, "11010519491231002X") << "what the machine read stands";
  EXPECT_EQ(field.typed, TypedState::waiting);
  EXPECT_TRUE(field.unsure);
  EXPECT_FALSE(field.by_person);
  EXPECT_THAT(page().review_reasons, ElementsAre("unsure_field", "unconfirmed_value"));
  confirm(1, "110105194912310038", "Wang");
  field = id();
  EXPECT_EQ(field.value, "110105194912310038");
  EXPECT_EQ(field.typed, TypedState::settled);
  EXPECT_FALSE(field.unsure);
  EXPECT_THAT(page().review_reasons, IsEmpty());
}

TEST_F(R25, SecondPersonWhoTypesTheSameConfirmsIt) {
  type("110105194912310038", "Li");
  type("110105194912310038", "Wang");
  EXPECT_EQ(id().typed, TypedState::settled);
}

TEST_F(R25, SamePersonConfirmsNothing) {
  const TypedNumber number = type("110105194912310038", "Li");
  EXPECT_THROW(confirm(number, "110105194912310038", "Li"), std::invalid_argument);
  type("110105194912310038", "Li");
  EXPECT_EQ(id().typed, TypedState::waiting) << "twice the same person is one person";
  EXPECT_THROW(confirm(number, "110105194912310038", "Wang"), std::invalid_argument)
      << "what was typed first has ended";
}

TEST_F(R25, DifferentValuesAreAConflictAndBothAreKept) {
  type("110105194912310038", "Li");
  type("11010519491231002X", "Wang");
  EXPECT_EQ(id().typed, TypedState::conflict);
  EXPECT_TRUE(id().unsure);
  EXPECT_EQ(page().typed.size(), 2u);
  EXPECT_THAT(page().review_reasons, ElementsAre("unsure_field", "conflicting_values"));
  type("11010519491231002X", "Li");
  EXPECT_EQ(id().typed, TypedState::settled);
  EXPECT_EQ(page().typed.size(), 3u) << "nothing that was said is gone";
  EXPECT_FALSE(page().typed[0].stands());
}

TEST_F(R25, SettledValueIsContradictedLater) {
  type("110105194912310038", "Li");
  type("110105194912310038", "Wang");
  type("11010519491231002X", "Zhao");
  EXPECT_EQ(id().typed, TypedState::conflict);
  EXPECT_EQ(id().value, "11010519491231002X") << "what the machine read";
  EXPECT_TRUE(id().unsure);
}

TEST_F(R25, WhatTheMachineReadIsKeptBeside) {
  type("110105194912310038", "Li", false);
  const FieldRecord field = id();
  ASSERT_TRUE(field.machine);
  EXPECT_EQ(field.machine->value, "11010519491231002X");
  EXPECT_EQ(field.machine->raw, "raw 11010519491231002X");
  EXPECT_EQ(field.machine->quad, square(10, 20));
  EXPECT_EQ(fields_as_read(page().fields)[0].value, "11010519491231002X");
  Database database(folder_ / "records.sqlite", Database::Access::read);
  EXPECT_EQ(database.number("SELECT COUNT(*) FROM fields WHERE value = '11010519491231002X'"), 1);
}

TEST_F(R25, WhoAndWhenIsKept) {
  type("110105194912310038", "Li");
  confirm(1, "110105194912310038", "Wang");
  const std::vector<TypedValue> said = page().typed;
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].person, "Li");
  EXPECT_EQ(said[1].person, "Wang");
  EXPECT_EQ(said[1].confirms, said[0].number);
  EXPECT_EQ(said[1].box, said[0].box);
  EXPECT_TRUE(parse_iso8601(said[0].typed_at));
  std::vector<std::string> actions;
  records_.for_each_event(0, [&actions](const Records::Event& event) {
    actions.push_back(event.action);
    EXPECT_EQ(event.details.find("110105194912310038"), std::string::npos);
    EXPECT_EQ(event.details.find("Wang"), std::string::npos);
  });
  EXPECT_THAT(actions, Contains("value_typed"));
  EXPECT_EQ(actions.back(), "value_confirmed");
}

TEST_F(R25, ValueOfAFieldThatTheMachineDidNotFind) {
  TypedValue made = typed("2017-06-24", "Li");
  made.field = "birth_date";
  records_.put_typed_value(page_, made);
  EXPECT_EQ(page().fields.size(), 2u) << "nothing that waits takes a place";
  EXPECT_THAT(page().review_reasons, Contains("unconfirmed_value"));
  made.person = "Wang";
  records_.put_typed_value(page_, made);
  ASSERT_EQ(page().fields.size(), 3u);
  EXPECT_EQ(page().fields[2].value, "2017-06-24");
  EXPECT_FALSE(page().fields[2].machine);
  EXPECT_EQ(fields_as_read(page().fields).size(), 2u);
}

TEST_F(R25, SettledValueSurvivesAnotherReading) {
  type("110105194912310038", "Li");
  confirm(1, "110105194912310038", "Wang");
  PageRecord again = read_;
  again.engines = "newer";
  again.layout_blob = hash_of("another layout");
  again.fields[0].value = "110105194912310054";
  records_.put_page(again);
  EXPECT_EQ(id().value, "110105194912310038");
  EXPECT_EQ(id().machine->value, "110105194912310054") << "the newer reading is kept beside it";
  EXPECT_THAT(page().review_reasons, IsEmpty());
  again.fields.clear();
  records_.put_page(again);
  ASSERT_EQ(page().fields.size(), 1u) << "also when the field is not found again";
  EXPECT_EQ(id().value, "110105194912310038");
}

TEST_F(R25, WaitingValueSurvivesAnotherReadingToo) {
  type("110105194912310038", "Li");
  records_.put_page(read_);
  EXPECT_EQ(id().typed, TypedState::waiting);
  EXPECT_THAT(page().review_reasons, Contains("unconfirmed_value"));
}

// Who reads a page, changes something and puts it back does not make typed values the machine's.
TEST_F(R25, PageThatIsPutBackKeepsTheMachinesValue) {
  type("110105194912310038", "Li", false);
  records_.put_page(page());
  EXPECT_EQ(id().machine->value, "11010519491231002X");
  EXPECT_EQ(page().typed.size(), 1u);
  EXPECT_TRUE(records_.end_typed_value(page_, "id_number", -1, "Li"));
  EXPECT_EQ(id().value, "11010519491231002X");
  EXPECT_TRUE(id().unsure);
  EXPECT_FALSE(id().by_person);
}

TEST_F(R25, ValueTakenBackLeavesWhatWasThereBefore) {
  type("110105194912310038", "Li", false);
  EXPECT_FALSE(records_.end_typed_value(page_, "id_number", -1, "Wang")) << "it is Li's";
  EXPECT_TRUE(records_.end_typed_value(page_, "id_number", -1, "Li"));
  EXPECT_EQ(id().value, "11010519491231002X");
  EXPECT_EQ(id().typed, TypedState::none);
  EXPECT_THAT(page().review_reasons, ElementsAre("unsure_field"));
  EXPECT_FALSE(records_.end_typed_value(page_, "id_number", -1, "Li"));
}

TEST_F(R25, PageIsIndexedAndPutTogetherAgain) {
  records_.mark_indexed({page_});
  records_.assemble(page().occurrence.batch, Records::Assembled{});
  ASSERT_THAT(records_.batches_to_assemble(), IsEmpty());
  type("110105194912310038", "Li");
  EXPECT_THAT(records_.pages_to_index(10), ElementsAre(page_));
  EXPECT_EQ(records_.batches_to_assemble().size(), 1u);
}

TEST_F(R25, RegionOffThePictureIsRefused) {
  TypedValue made = typed("1", "Li");
  for (const PixelBox& box : {PixelBox{2400, 0, 81, 10}, PixelBox{0, 3500, 10, 9},
                              PixelBox{-1, 0, 10, 10}, PixelBox{0, 0, 0, 10}}) {
    made.box = box;
    EXPECT_THROW(records_.put_typed_value(page_, made), std::invalid_argument);
  }
  made.box = {0, 0, 2480, 3508};
  EXPECT_NO_THROW(records_.put_typed_value(page_, made));
  made.person.clear();
  EXPECT_THROW(records_.put_typed_value(page_, made), std::invalid_argument);
  EXPECT_THROW(records_.put_typed_value(page_ + 1, typed("1", "Li")), std::invalid_argument);
}

// The database keeps the rules also when a program does not.
class R25Database : public R25 {
 protected:
  R25Database() { type("1", "Li"); }
  void insert(std::int64_t confirms, std::string_view person, std::string_view value,
              std::int64_t width = 10, std::string_view at = "2024-06-30T09:15:02.123+08:00") {
    database_.execute(
        "INSERT INTO typed_values (page, field, table_row, raw, value, validity, problem, "
        "mandatory, confirms, box_x, box_y, box_width, box_height, person, typed_at) VALUES "
        "($1, 'id_number', -1, $2, $2, 'valid', '', TRUE, $3, 0, 0, $4, 10, $5, $6)",
        {page_, value, reference(confirms), width, person, at});
  }
  Database database_{folder_ / "records.sqlite", Database::Access::write};
};

TEST_F(R25Database, SamePersonCannotConfirm) {
  EXPECT_THROW(insert(1, "Li", "1"), SqlError);
  EXPECT_THROW(insert(1, "LI", "1"), SqlError) << "small and capital letters are one name";
  EXPECT_THROW(insert(0, "Li", "1"), SqlError) << "one person, one say";
  EXPECT_THROW(insert(0, " Li", "1"), SqlError);
  EXPECT_NO_THROW(insert(1, "Wang", "1"));
}

TEST_F(R25Database, ConfirmationIsOfTheSameValueOfTheSameField) {
  EXPECT_THROW(insert(1, "Wang", "2"), SqlError);
  EXPECT_THROW(insert(99, "Wang", "1"), SqlError);
}

TEST_F(R25Database, ValueNeedsARegionAPersonAndATime) {
  EXPECT_THROW(insert(0, "Wang", "1", 0), SqlError);
  EXPECT_THROW(insert(0, "Wang", "1", 2481), SqlError);
  EXPECT_THROW(insert(0, "", "1"), SqlError);
  EXPECT_THROW(insert(0, "Wang", ""), SqlError);
  EXPECT_THROW(insert(0, "Wang", "1", 10, "yesterday"), SqlError);
  EXPECT_THROW(insert(0, "Wang", "1", 10, "2024-06-30T09:15:02"), SqlError) << "no zone";
}

TEST_F(R25Database, NothingThatWasTypedIsChangedOrDeleted) {
  EXPECT_THROW(database_.execute("UPDATE typed_values SET value = '2'"), SqlError);
  EXPECT_THROW(database_.execute("UPDATE typed_values SET person = 'Wang', ended_at = "
                                 "'2024-06-30T09:15:02.123+08:00'"),
               SqlError);
  EXPECT_THROW(database_.execute("DELETE FROM typed_values"), SqlError);
  EXPECT_EQ(database_.execute("UPDATE typed_values SET ended_at = '2024-06-30T09:15:02.123+08:00'"),
            1);
  EXPECT_THROW(database_.execute("UPDATE typed_values SET ended_at = ''"), SqlError);
}

}  // namespace
}  // namespace archive
