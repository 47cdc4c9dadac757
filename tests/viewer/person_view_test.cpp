#include "tests/source_root.h"
#include "viewer/person_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"
#include "viewer/dossier_report.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kId = "11010519491231002X";
constexpr const char* kOther = "440524188001010014";

const CheckTables& tables() {
  static const CheckTables loaded = CheckTables::load(source_root() / "config");
  return loaded;
}

FieldRecord value(const std::string& name, const std::string& text, int row = -1) {
  FieldRecord record = field(name, text, row);
  record.raw = record.value = text;
  record.confidence = 1;
  record.unsure = false;
  return record;
}

/// Two agencies, a batch each; a folder is a dossier.
struct PersonViewTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber here = records.open_batch("here", "here", {}).number;
  BatchNumber there = records.open_batch("there", "there", {}).number;
  int files = 0;

  PageNumber put(BatchNumber batch, const std::string& dossier, const std::string& doc_type,
                 std::vector<FieldRecord> fields) {
    const std::string name = dossier + "/" + std::to_string(++files) + ".tif";
    PageRecord page = filed(
        records.add_source(source(batch, name, "bytes of " + name, 1, records.next_order(batch))),
        0);
    page.doc_type = doc_type;
    page.title = "x";
    page.fields = std::move(fields);
    return records.put_page(page);
  }
  void assemble() {
    for (const BatchNumber batch : {here, there}) assemble_batch(records, tables().forms, batch);
  }
  PersonView view(const std::string& who = kId) {
    assemble();
    return person_view(records, tables(), person_named(records, who));
  }
  static const PersonField& field_of(const PersonView& view, PersonFact fact,
                                     const std::string& id) {
    for (const PersonField& field : view.fields) {
      if (field.fact == fact && field.field == id) return field;
    }
    throw std::runtime_error("the view lacks " + id);
  }
  static std::vector<std::string> values_of(const PersonView& view, PersonFact fact,
                                            const std::string& id) {
    std::vector<std::string> values;
    for (const PersonField& field : view.fields) {
      if (field.fact != fact || field.field != id) continue;
      for (const PersonValue& one : field.values) values.push_back(one.value);
    }
    return values;
  }
};

// R19: two dossiers with different birth dates: both values visible with their pages.
TEST_F(PersonViewTest, R19_TwoBirthDatesStandSideBySideWithTheirPages) {
  const PageNumber first = put(
      here, "a", "DT04",
      {value("person_name", "张三"), value("id_number", kId), value("birth_date", "1949-12-31")});
  const PageNumber second = put(
      there, "b", "DT19",
      {value("person_name", "张三"), value("id_number", kId), value("birth_date", "1948-12-31")});
  const PersonView seen = view();
  ASSERT_EQ(seen.dossiers.size(), 2U);
  EXPECT_TRUE(seen.dossiers[0].own && seen.dossiers[1].own);
  EXPECT_EQ(seen.dossiers[0].batch, "here");
  EXPECT_EQ(seen.dossiers[1].batch, "there");
  const PersonField& birth = field_of(seen, PersonFact::person, "birth_date");
  EXPECT_TRUE(birth.differs());
  EXPECT_EQ(seen.differences(), 1);
  ASSERT_EQ(birth.values.size(), 2U);
  EXPECT_EQ(birth.values[0].value, "1949-12-31");
  EXPECT_EQ(birth.values[0].places.at(0).page, first);
  EXPECT_EQ(birth.values[1].value, "1948-12-31");
  EXPECT_EQ(birth.values[1].places.at(0).page, second);
  const std::string html = person_html(seen, false, "today");
  EXPECT_THAT(html, HasSubstr("class=\"error\">1949-12-31"));
  EXPECT_THAT(html, HasSubstr("class=\"error\">1948-12-31"));
  // The records still have what the papers say.
  EXPECT_EQ(records.page(first)->fields[2].value, "1949-12-31");
  EXPECT_EQ(records.page(second)->fields[2].value, "1948-12-31");
}

TEST_F(PersonViewTest, R19_AValueInDoubtAndACoarserDateDifferFromNothing) {
  put(here, "a", "DT04",
      {value("person_name", "张三"), value("id_number", kId), value("birth_date", "1949-12-31")});
  FieldRecord unsure = value("birth_date", "1948-12-31");
  unsure.unsure = true;
  put(there, "b", "DT19", {value("person_name", "张三"), value("id_number", kId), unsure});
  put(there, "c", "DT15",
      {value("person_name", "张三"), value("id_number", kId), value("birth_date", "1949-12")});
  const PersonView seen = view();
  EXPECT_THAT(values_of(seen, PersonFact::person, "birth_date"),
              ElementsAre("1949-12-31", "1948-12-31", "1949-12"));
  EXPECT_EQ(seen.differences(), 0);
}

// Nobody is joined by name: that is for a person to decide.
TEST_F(PersonViewTest, R19_SomebodyWithoutANumberIsJoinedByAPersonAlone) {
  put(here, "a", "DT04", {value("person_name", "张三"), value("id_number", kId)});
  put(there, "b", "DT21", {value("person_name", "张三"), value("unit_name", "示例老厂")});
  PersonView seen = view();
  EXPECT_EQ(seen.dossiers.size(), 1U);
  ASSERT_EQ(seen.namesakes.size(), 1U);
  const PersonNumber nameless = seen.namesakes[0].number;
  EXPECT_THAT(values_of(seen, PersonFact::employer, "unit_name"), IsEmpty());

  EXPECT_THROW(records.join_person(nameless, kId, "", "Li"), std::invalid_argument);
  EXPECT_THROW(records.join_person(nameless, kOther, "same", "Li"), std::invalid_argument);
  EXPECT_THROW(records.join_person(seen.person.number, kId, "same", "Li"), std::invalid_argument);
  records.join_person(nameless, kId, "same contract", "Li");
  seen = view();
  EXPECT_EQ(seen.dossiers.size(), 2U);
  EXPECT_THAT(seen.namesakes, IsEmpty());
  ASSERT_EQ(seen.joined.size(), 1U);
  EXPECT_EQ(seen.joined[0].reason, "same contract");
  EXPECT_EQ(seen.joined[0].decided_by, "Li");
  EXPECT_THAT(values_of(seen, PersonFact::employer, "unit_name"), ElementsAre("示例老厂"));
  // Either number leads to the same person, and a later run loses nothing.
  EXPECT_EQ(view(std::to_string(nameless)).person.citizen_id, kId);
  put(there, "b", "DT21", {value("person_name", "张三"), value("unit_name", "示例老厂")});
  EXPECT_EQ(view().dossiers.size(), 2U);

  EXPECT_TRUE(records.part_person(nameless, "Li"));
  EXPECT_FALSE(records.part_person(nameless, "Li"));
  EXPECT_EQ(view().dossiers.size(), 1U);
  std::vector<std::string> actions;
  records.for_each_event(0, [&](const Records::Event& event) {
    if (event.object_kind != "person" || !event.action.starts_with("person_")) return;
    if (event.action != "person_entered") actions.push_back(event.action + event.details);
  });
  EXPECT_THAT(actions, ElementsAre("person_joined{}", "person_parted{}"));
}

// R20: the six facts, each cell with the hash of a picture and a box.
TEST_F(PersonViewTest, R20_EachOfTheSixFactsHasAPageAPictureAndABox) {
  put(here, "a", "DT04",
      {value("person_name", "张三"), value("id_number", kId), value("unit_name", "示例公司")});
  put(here, "a", "DT09",
      {value("person_name", "张三"), value("id_number", kId), value("amount_num", "1200.00"),
       value("agency_seal", "示例市社会保险费征缴专用章"), value("pay_channel", "税务")});
  put(there, "b", "DT19",
      {value("person_name", "张三"), value("id_number", kId), value("total_months", "372"),
       value("agency_seal", "示例市社会保险事业管理局")});
  const PersonView seen = view();
  std::set<PersonFact> facts;
  for (const PersonField& field : seen.fields) {
    facts.insert(field.fact);
    for (const PersonValue& one : field.values) {
      ASSERT_FALSE(one.places.empty());
      for (const PersonPlace& place : one.places) {
        const auto page = records.page(place.page);
        ASSERT_TRUE(page);
        EXPECT_EQ(place.image, page->source_blob);
        EXPECT_GT(place.box.bounds().width(), 0) << field.field;
        EXPECT_GT(place.box.bounds().height(), 0) << field.field;
      }
    }
  }
  EXPECT_EQ(facts.size(), 6U) << "person, employer, department, collector, amount, total";
  EXPECT_THAT(values_of(seen, PersonFact::collector, "agency_seal"),
              ElementsAre("示例市社会保险费征缴专用章"));
  EXPECT_THAT(values_of(seen, PersonFact::amount, "amount_num"), ElementsAre("1200.00"));
  EXPECT_THAT(values_of(seen, PersonFact::total, "total_months"), ElementsAre("372"));
  for (const auto& cell : person_json(seen)["facts"]) {
    for (const auto& one : cell["values"]) {
      for (const auto& place : one["places"]) {
        EXPECT_THAT(place["image"].get<std::string>(), testing::StartsWith("sha256-"));
        EXPECT_EQ(place["quad"].size(), 4U);
      }
    }
  }
}

TEST_F(PersonViewTest, R20_TheCalendarGoesOverAllDossiers) {
  const auto statement = [](const std::string& year, int months) {
    std::vector<FieldRecord> fields = {value("person_name", "张三"), value("id_number", kId),
                                       value("year", year)};
    for (int month = 1; month <= months; ++month) {
      fields.push_back(value("period_from",
                             year + (month < 10 ? "-0" : "-") + std::to_string(month), month - 1));
    }
    return fields;
  };
  put(here, "a", "DT11", statement("2018", 12));
  put(there, "b", "DT11", statement("2020", 3));
  put(there, "c", "DT11", statement("2020", 2));
  const PersonView seen = view();
  ASSERT_EQ(seen.years.size(), 3U) << "2019 is a year without any";
  EXPECT_EQ(seen.years[0].months.size(), 12U);
  EXPECT_EQ(seen.years[1].months.size(), 0U);
  EXPECT_EQ(seen.years[2].months.size(), 3U);
  EXPECT_EQ(seen.years[2].months.at(1).size(), 2U) << "two dossiers list it";
  EXPECT_EQ(seen.years[2].months.at(3).size(), 1U);
}

// R60: the report of a dossier shows both places, also the one that lies in another dossier.
TEST_F(PersonViewTest, R60_TheReportOfADossierNamesThePageOfTheOtherToo) {
  const auto pay = [this](BatchNumber batch, const char* dossier, const char* amount) {
    return put(batch, dossier, "DT09",
               {value("voucher_no", "12345678"), value("amount_num", amount)});
  };
  const PageNumber own = pay(here, "a", "100.00");
  const PageNumber other = pay(there, "b", "250.00");
  assemble();
  const std::atomic<bool> go = false;
  bring_checks_up_to_date(records, tables(), 0, 1, nullptr, go);
  const DossierReport report =
      dossier_report(records, tables(), records.dossiers(here).front().number);
  const auto told = std::ranges::find(report.findings, "X19", [](const ReportedFinding& finding) {
    return finding.record.finding.rule;
  });
  ASSERT_NE(told, report.findings.end());
  ASSERT_EQ(told->places.size(), 2U);
  EXPECT_EQ(told->places[0].place.page, own);
  EXPECT_EQ(told->places[1].place.page, other);
  EXPECT_THAT(told->places[1].source, testing::StartsWith("b/"));
  EXPECT_TRUE(told->places[1].box);
}

// One sheet, many persons: of a list only the person's own row, and what stands above all rows.
TEST_F(PersonViewTest, TakesItsOwnRowOfAList) {
  put(here, "a", "DT04", {value("person_name", "张三"), value("id_number", kId)});
  put(there, "list", "DT07",
      {value("unit_name", "示例公司"), value("person_name", "李样本", 0),
       value("id_number", kOther, 0), value("person_name", "张三", 1), value("id_number", kId, 1)});
  const PersonView seen = view();
  EXPECT_THAT(values_of(seen, PersonFact::person, "person_name"), ElementsAre("张三"));
  EXPECT_THAT(values_of(seen, PersonFact::employer, "unit_name"), ElementsAre("示例公司"));
  ASSERT_EQ(seen.dossiers.size(), 2U);
  EXPECT_FALSE(seen.dossiers[1].own);
  EXPECT_THAT(person_html(seen, true, "today"), Not(HasSubstr("李样本")));
}

TEST_F(PersonViewTest, ShowsNothingOfAnotherPersonsPage) {
  put(here, "a", "DT04", {value("person_name", "张三"), value("id_number", kId)});
  put(here, "a", "DT10", {value("person_name", "张三"), value("id_number", kId)});
  put(here, "a", "DT09",
      {value("person_name", "李样本"), value("id_number", kOther), value("amount_num", "9.00")});
  EXPECT_THAT(values_of(view(), PersonFact::amount, "amount_num"), IsEmpty());
}

TEST_F(PersonViewTest, SomebodyUnknownIsNotFound) {
  for (const char* who : {"99", kOther, "张三", ""}) {
    try {
      person_named(records, who);
      FAIL() << who;
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::not_found);
      EXPECT_EQ(std::string(error.what()).find("张三"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace archive
