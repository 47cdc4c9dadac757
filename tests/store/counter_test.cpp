#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "core/timestamp.h"
#include "store/lifecycle/applicants.h"
#include "store/lifecycle/copies.h"
#include "store/records/sql.h"
#include "tests/store/office.h"

namespace archive {
namespace {

struct Counter : Office {
  CopyRecord wish() const {
    CopyRecord copy;
    copy.certified = true;
    copy.dossier = dossier;
    copy.pages = {page};
    copy.for_whom = "张三";
    copy.purpose = "person_request";
    return copy;
  }
};

TEST_F(Counter, ACopyHasASerialOfItsYearAndStays) {
  Records records = as("counter_clerk");
  Copies copies(records);
  const CopyRecord first = copies.issue(wish());
  const CopyRecord second = copies.issue(wish());
  const std::string year = timestamp_now().substr(0, 4);
  EXPECT_EQ(first.serial, year + "-000001");
  EXPECT_EQ(second.serial, year + "-000002");
  EXPECT_EQ(first.made_by, "counter_clerk");
  EXPECT_EQ(copies.print(first.number, ""), 1);
  EXPECT_THROW(copies.print(first.number, ""), std::invalid_argument) << "again wants a reason";
  EXPECT_EQ(copies.print(first.number, "卡纸"), 2);
  EXPECT_THROW(copies.print(99, ""), std::invalid_argument);
  const auto list = copies.list(0, 10, "", {});
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].serial, second.serial) << "the latest first";
  EXPECT_EQ(list[1].prints, 2);
  EXPECT_EQ(list[1].pages, std::vector{page});
  EXPECT_EQ(copies.list(second.number, 10, "", {}).size(), 1u);
  EXPECT_TRUE(copies.list(0, 10, "somebody else", {}).empty());
  EXPECT_TRUE(copies.list(0, 10, "", {{dossier + 1}}).empty());
  EXPECT_TRUE(copies.list(0, 10, "", std::set<DossierNumber>{}).empty()) << "none, not any";
  EXPECT_EQ(copies.list(0, 10, "", {{dossier, dossier + 1}}).size(), 2u);
}

TEST_F(Counter, ACopySaysForWhomWhatForAndWhich) {
  Records records = as("counter_clerk");
  Copies copies(records);
  for (const auto& spoil :
       {+[](CopyRecord& copy) { copy.for_whom.clear(); },
        +[](CopyRecord& copy) { copy.purpose.clear(); },
        +[](CopyRecord& copy) { copy.pages.clear(); },
        +[](CopyRecord& copy) { copy.pages.push_back(copy.pages[0]); },
        +[](CopyRecord& copy) { copy.pages = {999}; }, +[](CopyRecord& copy) { ++copy.dossier; }}) {
    CopyRecord copy = wish();
    spoil(copy);
    EXPECT_THROW(copies.issue(copy), std::invalid_argument);
  }
  EXPECT_TRUE(copies.list(0, 10, "", {}).empty());
}

TEST_F(Counter, AnAgentsCopyWantsThePowerOfAttorney) {
  Records records = as("counter_clerk");
  CopyRecord copy = wish();
  copy.agent = "周代办";
  EXPECT_THROW(Copies(records).issue(copy), SqlError) << "the table itself refuses";
  copy.authority = "授2026-7 2026-03-01";
  EXPECT_EQ(Copies(records).issue(copy).agent, "周代办");
}

TEST_F(Counter, WhoMayNotQueryMakesNoCopy) {
  for (const char* post : {"technician", "administrator", "scan_operator"}) {
    Records records = as(post);
    EXPECT_THROW(Copies(records).issue(wish()), ArchiveError) << post;
  }
}

TEST_F(Counter, TheRegisterNeverChanges) {
  {
    Records records = as("counter_clerk");
    Copies copies(records);
    copies.print(copies.issue(wish()).number, "");
  }
  Database database(folder / "records.sqlite", Database::Access::write);
  EXPECT_THROW(database.execute("UPDATE copies SET for_whom = 'x'"), SqlError);
  EXPECT_THROW(database.execute("DELETE FROM copy_prints"), SqlError);
  EXPECT_THROW(database.execute("DELETE FROM copies"), SqlError);
}

/// A dossier of a person with a number, a list that names others too, and a namesake.
struct Applicants : testing::Test {
  TemporaryFolder folder;
  PageNumber form = 0, list = 0, power = 0;
  DossierNumber dossier = 0;
  static constexpr const char* kNumber = "11010519491231002X";

  Applicants() {
    Records records = Records::create(folder.path());
    const BatchNumber batch = records.open_batch("key", "box", {}).number;
    SourceRecord one = records.add_source(source(batch, "1.tif", "bytes", 3));
    const auto put = [&](int at, const char* type) {
      PageRecord made = filed(one, at);
      made.doc_type = type;
      if (std::string(type) == "DT43") made.fields.push_back(field("agent_name", "周代办"));
      return records.put_page(made);
    };
    form = put(0, "DT19");
    list = put(1, "DT08");
    power = put(2, "DT43");
    Records::AssembledDossier assembled;
    assembled.dossier.batch = batch;
    assembled.dossier.key = "box";
    for (const PageNumber page : {form, list, power}) assembled.pages.push_back({page, 0, 0});
    const auto name = [&](PageNumber page, const char* who, const char* number,
                          const char* role) {
      Records::PersonMention mention;
      mention.page = page;
      mention.name = who;
      mention.citizen_id = number;
      mention.role = role;
      assembled.mentions.push_back(mention);
    };
    name(form, "张三", kNumber, "holder");
    name(list, "张三", kNumber, "row");
    name(list, "李四", "", "row");
    name(power, "张三", kNumber, "holder");
    records.assemble(batch, {assembled});
    dossier = records.dossiers(batch).front().number;
  }
};

TEST_F(Applicants, AreFoundByNumberOrByAName) {
  Records records = Records::open_reader(folder.path());
  for (const Applicant& found :
       {find_applicant(records, "", kNumber), find_applicant(records, "张三", "")}) {
    EXPECT_EQ(found.dossiers, std::set{dossier});
    EXPECT_FALSE(found.ambiguous);
  }
  EXPECT_TRUE(find_applicant(records, "李四", "").dossiers.empty()) << "only on a list";
  EXPECT_TRUE(find_applicant(records, "张三", "439702199511170504").dossiers.empty())
      << "a number that is not there is not made up for by a name";
  EXPECT_TRUE(find_applicant(records, "", "").persons.empty());
}

TEST_F(Applicants, AreAskedForANumberWhenANamesakeHasNone) {
  Records records = Records::open_writer(folder.path());
  const BatchNumber batch = records.open_batch("another", "another box", {}).number;
  const SourceRecord paper = records.add_source(source(batch, "2.tif", "other bytes", 1));
  const PageNumber page = records.put_page(filed(paper, 0));
  Records::AssembledDossier assembled;
  assembled.dossier.batch = batch;
  assembled.dossier.key = "another box";
  assembled.pages.push_back({page, 0, 0});
  Records::PersonMention mention;
  mention.page = page;
  mention.name = "张三";
  mention.role = "holder";
  assembled.mentions.push_back(mention);
  records.assemble(batch, {assembled});
  const Applicant unknown = find_applicant(records, "张三", "");
  EXPECT_TRUE(unknown.ambiguous);
  EXPECT_TRUE(unknown.persons.empty()) << "whose papers they are is not known";
  const auto namesakes = records.persons_without_id("张三");
  ASSERT_EQ(namesakes.size(), 1u);
  records.join_person(namesakes[0].number, kNumber, "同一人", "钱主任");
  for (const Applicant& found :
       {find_applicant(records, "张三", ""), find_applicant(records, "", kNumber)}) {
    EXPECT_FALSE(found.ambiguous);
    EXPECT_EQ(found.dossiers, (std::set{dossier, records.dossiers(batch).front().number}));
  }
}

// Most dossiers have a paper that names its person without the number.
TEST_F(Applicants, AreThemselvesOnPapersOfTheirOwnDossierThatLackTheNumber) {
  constexpr const char* kOther = "439821196003264724";
  Records records = Records::open_writer(folder.path());
  const BatchNumber batch = records.open_batch("another", "another box", {}).number;
  const SourceRecord papers = records.add_source(source(batch, "2.tif", "other bytes", 3));
  Records::AssembledDossier assembled;
  assembled.dossier.batch = batch;
  assembled.dossier.key = "another box";
  const auto paper = [&](int place, const char* number) {
    const PageNumber page = records.put_page(filed(papers, place));
    assembled.pages.push_back({page, 0, 0});
    Records::PersonMention mention;
    mention.page = page;
    mention.name = "王五";
    mention.citizen_id = number;
    mention.role = "holder";
    assembled.mentions.push_back(mention);
    return page;
  };
  paper(0, kOther);
  const PageNumber without = paper(1, "");
  records.assemble(batch, {assembled});
  for (const Applicant& found :
       {find_applicant(records, "王五", ""), find_applicant(records, "", kOther)}) {
    EXPECT_FALSE(found.ambiguous);
    EXPECT_EQ(found.persons.size(), 2u);
    EXPECT_TRUE(page_is_of(records, *records.page(without), found));
  }
  paper(2, "439721198006192841");
  records.assemble(batch, {assembled});
  EXPECT_TRUE(find_applicant(records, "王五", "").ambiguous) << "a dossier of two of one name";
  EXPECT_FALSE(page_is_of(records, *records.page(without), find_applicant(records, "", kOther)));
}

TEST_F(Applicants, SeeTheirPagesAndNoList) {
  Records records = Records::open_reader(folder.path());
  const Applicant applicant = find_applicant(records, "", kNumber);
  EXPECT_TRUE(page_is_of(records, *records.page(form), applicant));
  EXPECT_FALSE(page_is_of(records, *records.page(list), applicant)) << "it names others";
  EXPECT_FALSE(page_is_of(records, *records.page(form), Applicant{}));
}

TEST_F(Applicants, APowerOfAttorneyIsForItsAgentAlone) {
  Records records = Records::open_reader(folder.path());
  const Applicant applicant = find_applicant(records, "", kNumber);
  EXPECT_EQ(power_of_attorney(records, applicant, "周代办"), power);
  EXPECT_EQ(power_of_attorney(records, applicant, "别的人"), 0);
  EXPECT_EQ(power_of_attorney(records, Applicant{}, "周代办"), 0);
}

}  // namespace
}  // namespace archive
