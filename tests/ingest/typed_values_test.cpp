#include "ingest/typed_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/check_tables.h"
#include "core/error.h"
#include "ingest/assembly.h"
#include "ingest/catalogue.h"
#include "ingest/dossier_checking.h"
#include "tests/source_root.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const CheckTables& tables() {
  static const CheckTables kTables = CheckTables::load(source_root() / "config");
  return kTables;
}

PageRecord page_of_type(const std::string& doc_type) {
  PageRecord page;
  page.number = 7;
  page.doc_type = doc_type;
  page.width = 2480;
  page.height = 3508;
  return page;
}

constexpr PixelBox kBox{310, 452, 380, 60};

TypedValue typed(const std::string& field, const std::string& text,
                 const std::string& doc_type = "DT04") {
  const PageRecord page = page_of_type(doc_type);
  return typed_value(tables().forms, page, named_field(tables().forms, page, field), text, kBox,
                     "Li");
}

struct Text {
  const char* name;
  const char* field;
  const char* text;
  const char* value;
  bool mandatory = false;
  const char* problem = "";
};
class TypedText : public testing::TestWithParam<Text> {};

TEST_P(TypedText, IsKeptAndNormalised) {
  const Text& row = GetParam();
  const TypedValue made = typed(row.field, row.text);
  EXPECT_EQ(made.raw, row.text);
  EXPECT_EQ(made.value, row.value);
  EXPECT_EQ(made.mandatory, row.mandatory);
  EXPECT_EQ(made.problem, row.problem);
  EXPECT_EQ(made.validity == FieldValidity::invalid, *row.problem != '\0');
  EXPECT_EQ(made.box, kBox);
  EXPECT_EQ(made.person, "Li");
}

INSTANTIATE_TEST_SUITE_P(
    R25, TypedText,
    testing::Values(Text{"Name", "person_name", "张　三", "张三", true},
                    Text{"CitizenNumber", "id_number", "１１０１０５ 19491231 002x",
                         "11010519491231002X", true},
                    Text{"MisprintedCitizenNumber", "id_number", "110105194912310021",
                         "110105194912310021", true, "V01 check_character"},
                    Text{"ShortCitizenNumber", "id_number", "11010519491231", "11010519491231",
                         true, "V01 length"},
                    Text{"Date", "birth_date", "1949年12月31日", "1949-12-31"},
                    Text{"MonthForADate", "birth_date", "1949.12", "1949-12"},
                    Text{"DateWithoutEnd", "birth_date", "长期", "长期"},
                    Text{"Month", "period_from", "2004年6月", "2004-06", true},
                    Text{"Money", "pay_base", "1,234.5", "1234.50"},
                    Text{"Choice", "sex", "女", "女"},
                    Text{"OrganisationCode", "uscc", "D2143569-X", "D2143569X"},
                    Text{"MisprintedCreditCode", "uscc", "91350100M000100Y4A", "91350100M000100Y4A",
                         false, "V03 check_character"}),
    [](const auto& row) { return row.param.name; });

struct Wrong {
  const char* name;
  std::function<void()> done;
  const char* problem;
  const char* what_to_do;
};
class WrongCommand : public testing::TestWithParam<Wrong> {};

TEST_P(WrongCommand, SaysWhatToDoAndNoValue) {
  try {
    GetParam().done();
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
    EXPECT_THAT(error.what_to_do(), HasSubstr(GetParam().what_to_do));
    EXPECT_THAT(error.what(), Not(HasSubstr("张三")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    R25, WrongCommand,
    testing::Values(
        Wrong{"NoDate", [] { typed("birth_date", "张三"); }, "no value of the field", "printed"},
        Wrong{"NoDayOfTheCalendar", [] { typed("birth_date", "2017-02-30"); }, "no value",
              "printed"},
        Wrong{"NoMoney", [] { typed("pay_base", "much"); }, "no value", "printed"},
        Wrong{"NoChoice", [] { typed("sex", "张三"); }, "no value", "男, 女"},
        Wrong{"OnlyBlanks", [] { typed("person_name", "　 "); }, "no value", "printed"},
        Wrong{"NoSuchField", [] { typed("id_numbr", "1"); }, "no field", "'id_number'"},
        Wrong{"TypeWithoutFields", [] { typed("id_number", "1", "DT99"); }, "has no fields",
              "form learn"},
        Wrong{"RowOfASingleField", [] { typed("person_name[0]", "张三"); }, "no table", "row"},
        Wrong{"RowThatIsNoNumber", [] { typed("person_name[x]", "张三"); }, "no number", "wage[0]"},
        Wrong{"RowLeftOut", [] { typed("person_name", "张三", "DT07"); }, "rows of a table", "[0]"},
        Wrong{"RegionOffThePicture",
              [] {
                typed_value(tables().forms, page_of_type("DT04"), {"person_name", -1}, "张三",
                            {2400, 0, 100, 10}, "Li");
              },
              "not on its picture", "2480 x 3508"},
        Wrong{"RegionWithoutAPicture",
              [] {
                PageRecord page = page_of_type("DT04");
                page.width = page.height = 0;
                typed_value(tables().forms, page, {"person_name", -1}, "张三", {0, 0, 1, 1}, "Li");
              },
              "not on its picture", "0 x 0"},
        Wrong{"NoName", [] { person_name(" 　"); }, "a name", "not blank"}),
    [](const auto& row) { return row.param.name; });

TEST(PixelBoxOfText, IsFourWholeNumbers) {
  EXPECT_EQ(parse_pixel_box("1,2,30,40"), (PixelBox{1, 2, 30, 40}));
  for (const char* text : {"", "1,2,3", "1,2,3,4,5", "1,2,3,", "1;2;3;4", "-1,2,3,4", "1.5,2,3,4",
                           " 1,2,3,4", "99999999999,2,3,4"}) {
    EXPECT_THROW(parse_pixel_box(text), ArchiveError) << text;
  }
}

TEST(PersonName, IsOneTextHoweverItIsSpaced) {
  EXPECT_EQ(person_name("李工"), "李工");
  EXPECT_EQ(person_name(" 李　工 "), "李工");
  EXPECT_EQ(person_name("Ｌｉ  Ming "), "Li Ming");
  EXPECT_EQ(person_name("A 李"), "A李");
}

class R25Confirmation : public testing::Test {
 protected:
  void said(const std::string& value, const std::string& person) {
    TypedValue one;
    one.number = static_cast<TypedNumber>(page_.typed.size()) + 1;
    one.field = "id_number";
    one.value = value;
    one.mandatory = true;
    one.person = person;
    page_.typed.push_back(one);
  }
  void expect_refused(const std::string& person, const char* problem) const {
    try {
      confirmation(page_, {"id_number", -1}, person);
      FAIL() << "was accepted";
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_THAT(error.problem(), HasSubstr(problem));
    }
  }
  PageRecord page_ = page_of_type("DT04");
};

TEST_F(R25Confirmation, IsOfWhatAnotherPersonTyped) {
  said("1", "Li");
  const TypedValue made = confirmation(page_, {"id_number", -1}, "Wang");
  EXPECT_EQ(made.confirms, 1);
  EXPECT_EQ(made.value, "1");
  EXPECT_EQ(made.person, "Wang");
}

TEST_F(R25Confirmation, IsRefusedOfOnesOwnOfNothingAndOfAConflict) {
  expect_refused("Wang", "nobody typed");
  said("1", "Li");
  expect_refused("Li", "himself");
  said("2", "Zhao");
  expect_refused("Wang", "different values");
}

// The way of a typed value to the rules: until two persons agree, nothing is made of it.
TEST(R25, ChecksBelieveAMandatoryValueOnceItIsConfirmed) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord file = records.add_source(source(batch, "a/1.tif", "bytes", 1));
  PageRecord page = filed(file, 0);
  page.doc_type = "DT04";
  page.fields = {field("person_name", "张三"), field("id_number", "11010519491231002X"),
                 field("birth_date", "1949-12-31")};
  for (FieldRecord& one : page.fields) one.confidence = 1;
  page.number = records.put_page(page);
  const std::atomic<bool> go = false;
  const auto rules = [&] {
    assemble_what_changed(records, tables().forms);
    bring_checks_up_to_date(records, tables(), 0, 1, nullptr, go);
    std::vector<std::string> found;
    for (const DossierRecord& dossier : records.dossiers(batch)) {
      for (const FindingRecord& record : records.findings(dossier.number)) {
        found.push_back(record.finding.rule);
      }
    }
    return found;
  };
  const auto say = [&](const std::string& text, const std::string& person) {
    records.put_typed_value(
        page.number, typed_value(tables().forms, page, {"id_number", -1}, text, kBox, person));
  };
  EXPECT_THAT(rules(), Not(Contains("X01")));
  // The number is another woman's, born on another day (X01).
  say("110105198001010024", "Li");
  EXPECT_THAT(rules(), Not(Contains("X01"))) << "typed by one person alone";
  say("110105198001010024", "Wang");
  EXPECT_THAT(rules(), Contains("X01"));
  say("11010519491231002X", "Wang");
  EXPECT_THAT(rules(), Not(Contains("X01"))) << "two that contradict each other are not believed";
}

TEST(R25, CatalogueHasTheValueThatTwoPersonsTyped) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  const SourceRecord file = records.add_source(source(batch, "a/1.tif", "bytes", 1));
  PageRecord page = filed(file, 0);
  page.doc_type = "DT02";
  page.fields = {field("dossier_no", "SB1-2017-ZJ-6649"), field("item_title", "补缴申青表", 0)};
  page.number = records.put_page(page);
  const auto title = [&] {
    assemble_what_changed(records, tables().forms);
    const std::vector<CatalogueEntry> entries = catalogue_of(records);
    return entries.size() == 1 ? entries[0].title : "items: " + std::to_string(entries.size());
  };
  const NamedField place = named_field(tables().forms, page, "item_title[0]");
  const TypedValue typed = typed_value(tables().forms, page, place, "补缴申请表", kBox, "Li");
  ASSERT_TRUE(typed.mandatory);
  records.put_typed_value(page.number, typed);
  EXPECT_EQ(title(), "补缴申青表");
  records.put_typed_value(page.number, confirmation(*records.page(page.number), place, "Wang"));
  EXPECT_EQ(title(), "补缴申请表");
}

}  // namespace
}  // namespace archive
