#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "store/records/records.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using Dossier = Records::AssembledDossier;

// Fictional; the last character is the right check character.
const std::string kId = "11010519491231002X";
const std::string kOtherId = "440524188001010014";

struct AssemblyTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  BatchNumber batch = records.open_batch("b", "b", {}).number;
  std::vector<PageNumber> pages;

  AssemblyTest() {
    const SourceRecord file = records.add_source(source(batch, "1.tif", "bytes", 6));
    for (int i = 0; i < 6; ++i) pages.push_back(records.put_page(filed(file, i)));
  }

  static ItemRecord item(int sequence, const std::string& title) {
    return {0, 0, sequence, "DT05", title, "2004-06-30", "1-2", "Y"};
  }
  Dossier dossier(const std::string& key, std::vector<std::size_t> of) const {
    Dossier made;
    made.dossier.key = key;
    made.dossier.dossier_no = "SB-2004-" + key;
    made.dossier.title = "title " + key;
    made.dossier.opened_by = "separator";
    made.dossier.items = {item(1, "first"), item(2, "second")};
    for (const std::size_t i : of) {
      made.pages.push_back({pages[i], made.pages.empty() ? 0 : 1, std::int64_t(i)});
    }
    return made;
  }
  void settle() { records.mark_indexed(records.pages_to_index(100)); }
  std::vector<PageNumber> changed() { return records.pages_to_index(100); }
};

TEST_F(AssemblyTest, PagesBelongToDossiersAndItems) {
  records.assemble(batch, {dossier("A", {0, 1, 2}), dossier("B", {3, 4})});
  const auto dossiers = records.dossiers(batch);
  ASSERT_EQ(dossiers.size(), 2u);
  EXPECT_EQ(dossiers[0].dossier_no, "SB-2004-A");
  EXPECT_EQ(dossiers[0].opened_by, "separator");
  ASSERT_EQ(dossiers[0].items.size(), 2u);
  EXPECT_EQ(dossiers[0].items[1].sequence, 2);
  EXPECT_EQ(dossiers[0].items[1].title, "second");
  EXPECT_EQ(dossiers[0].items[1].date, "2004-06-30");
  EXPECT_EQ(dossiers[0].items[1].pages_declared, "1-2");
  EXPECT_EQ(dossiers[0].items[1].retention, "Y");
  EXPECT_EQ(records.dossier(dossiers[1].number)->key, "B");

  const auto of_a = records.pages_of_dossier(dossiers[0].number);
  ASSERT_EQ(of_a.size(), 3u);
  EXPECT_EQ(of_a[0].item, 0);
  EXPECT_EQ(of_a[1].item, dossiers[0].items[0].number);
  EXPECT_EQ(of_a[2].page_of_item, 2);
  EXPECT_EQ(records.page(pages[5])->dossier, 0);
}

TEST_F(AssemblyTest, TheSameResultAgainChangesNothing) {
  Dossier a = dossier("A", {0, 1});
  a.mentions = {{pages[0], "张三", kId, "holder"}, {pages[1], "李四", "", "row"}};
  records.assemble(batch, {a});
  settle();
  const auto before = records.dossiers(batch)[0];
  const auto persons = records.persons_of_dossier(before.number);
  std::int64_t events = 0, later = 0;
  records.for_each_event(0, [&](const Records::Event& e) { events = e.number; });
  records.assemble(batch, {a});
  records.for_each_event(0, [&](const Records::Event& e) { later = e.number; });
  EXPECT_TRUE(changed().empty());
  EXPECT_EQ(events, later);
  EXPECT_EQ(records.dossiers(batch)[0].number, before.number);
  EXPECT_EQ(records.dossiers(batch)[0].items[1].number, before.items[1].number);
  EXPECT_EQ(records.persons_of_dossier(before.number)[1].number, persons[1].number);
}

TEST_F(AssemblyTest, OnlyPagesThatChangedAreIndexedAgain) {
  records.assemble(batch, {dossier("A", {0, 1}), dossier("B", {2, 3})});
  settle();
  records.assemble(batch, {dossier("A", {0, 1}), dossier("B", {2, 3, 4})});
  EXPECT_EQ(changed(), (std::vector<PageNumber>{pages[4]}));
  settle();
  Dossier renamed = dossier("A", {0, 1});
  renamed.dossier.title = "other";
  records.assemble(batch, {renamed, dossier("B", {2, 3, 4})});
  EXPECT_EQ(changed(), (std::vector<PageNumber>{pages[0], pages[1]}));
}

TEST_F(AssemblyTest, ADossierKeepsItsNumberAndOneThatIsGoneIsNeverReplaced) {
  records.assemble(batch, {dossier("A", {0}), dossier("B", {1})});
  const auto a = records.dossiers(batch)[0].number;
  const auto b = records.dossiers(batch)[1].number;
  records.assemble(batch, {dossier("A", {0, 1})});
  ASSERT_EQ(records.dossiers(batch).size(), 1u);
  EXPECT_EQ(records.dossiers(batch)[0].number, a);
  EXPECT_FALSE(records.dossier(b));
  records.assemble(batch, {dossier("A", {0}), dossier("C", {1})});
  EXPECT_GT(records.dossiers(batch)[1].number, b);
  EXPECT_TRUE(records.broken_references().empty());
}

TEST_F(AssemblyTest, AnItemThatIsGoneTakesNoPageWithIt) {
  records.assemble(batch, {dossier("A", {0, 1})});
  Dossier fewer = dossier("A", {0});
  fewer.dossier.items.clear();
  fewer.pages.push_back({pages[1], 0, 0});
  records.assemble(batch, {fewer});
  EXPECT_TRUE(records.dossiers(batch)[0].items.empty());
  EXPECT_EQ(records.page(pages[1])->dossier, records.dossiers(batch)[0].number);
  EXPECT_EQ(records.page(pages[1])->item, 0);
}

TEST_F(AssemblyTest, OtherBatchesStayAsTheyAre) {
  records.assemble(batch, {dossier("A", {0})});
  const BatchNumber other = records.open_batch("c", "c", {}).number;
  records.assemble(other, Records::Assembled{});
  EXPECT_EQ(records.dossiers(batch).size(), 1u);
  EXPECT_EQ(records.page(pages[0])->dossier, records.dossiers(batch)[0].number);
}

TEST_F(AssemblyTest, ACitizenNumberJoinsPersonsEverywhere) {
  Dossier a = dossier("A", {0, 1}), b = dossier("B", {2});
  a.mentions = {{pages[0], "张三", kId, "holder"}, {pages[1], "张三 ", kId, "row"}};
  b.mentions = {{pages[2], "张叁", kId, "holder"}, {pages[2], "李四", kOtherId, "row"}};
  records.assemble(batch, {a, b});
  const auto one = records.persons_of_page(pages[0]);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].name, "张三");
  EXPECT_EQ(one[0].citizen_id, kId);
  EXPECT_EQ(records.persons_of_page(pages[1])[0].number, one[0].number);
  const auto two = records.persons_of_page(pages[2]);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].number, one[0].number);
  EXPECT_EQ(two[1].citizen_id, kOtherId);
}

TEST_F(AssemblyTest, ANameAloneJoinsNobodyAcrossDossiers) {
  Dossier a = dossier("A", {0, 1}), b = dossier("B", {2});
  a.mentions = {{pages[0], "张三", "", "holder"}, {pages[1], "张三", "", "row"}};
  b.mentions = {{pages[2], "张三", "", "holder"}};
  records.assemble(batch, {a, b});
  const auto first = records.persons_of_page(pages[0])[0].number;
  EXPECT_EQ(records.persons_of_page(pages[1])[0].number, first);
  EXPECT_NE(records.persons_of_page(pages[2])[0].number, first);
}

TEST_F(AssemblyTest, ANameIsNotJoinedToANumberEither) {
  Dossier a = dossier("A", {0, 1});
  a.mentions = {{pages[0], "张三", kId, "holder"}, {pages[1], "张三", "", "row"}};
  records.assemble(batch, {a});
  EXPECT_NE(records.persons_of_page(pages[0])[0].number,
            records.persons_of_page(pages[1])[0].number);
}

TEST_F(AssemblyTest, APersonNobodyNamesAnyMoreIsGone) {
  Dossier a = dossier("A", {0});
  a.mentions = {{pages[0], "张三", kId, "holder"}, {pages[0], "李四", "", "row"}};
  records.assemble(batch, {a});
  const auto dossier_number = records.dossiers(batch)[0].number;
  EXPECT_EQ(records.persons_of_dossier(dossier_number).size(), 2u);
  a.mentions.pop_back();
  records.assemble(batch, {a});
  EXPECT_EQ(records.persons_of_dossier(dossier_number).size(), 1u);
  records.assemble(batch, Records::Assembled{});
  EXPECT_TRUE(records.persons_of_page(pages[0]).empty());
  EXPECT_TRUE(records.broken_references().empty());
}

TEST_F(AssemblyTest, OnePersonInTwoRolesOnAPageIsOnePerson) {
  Dossier a = dossier("A", {0});
  a.mentions = {{pages[0], "张三", kId, "holder"}, {pages[0], "张三", kId, "claimant"}};
  records.assemble(batch, {a});
  EXPECT_EQ(records.persons_of_page(pages[0]).size(), 1u);
}

TEST_F(AssemblyTest, ContradictionsAreRefusedAndChangeNothing) {
  const Dossier sound = dossier("A", {0});
  records.assemble(batch, {sound});
  Dossier unknown_page = sound;
  unknown_page.pages.push_back({9999, 0, 0});
  Dossier unknown_item = sound;
  unknown_item.pages[0].item_sequence = 7;
  Dossier stranger = sound;
  stranger.mentions = {{9999, "张三", "", "row"}};
  const std::vector<std::vector<Dossier>> wrong = {
      {unknown_page}, {unknown_item}, {stranger}, {sound, sound}, {sound, dossier("B", {0})}};
  for (const auto& dossiers : wrong) {
    EXPECT_THROW(records.assemble(batch, dossiers), std::invalid_argument);
    ASSERT_EQ(records.dossiers(batch).size(), 1u);
    EXPECT_EQ(records.pages_of_dossier(records.dossiers(batch)[0].number).size(), 1u);
  }
}

TEST_F(AssemblyTest, APageFiledAgainStaysWhereItBelongs) {
  records.assemble(batch, {dossier("A", {0, 1})});
  const PageRecord before = records.page(pages[1]).value();
  PageRecord again = before;
  again.dossier = 0;
  again.item = 0;
  records.put_page(again);
  EXPECT_EQ(records.page(pages[1])->dossier, before.dossier);
  EXPECT_EQ(records.page(pages[1])->item, before.item);
}

}  // namespace
}  // namespace archive
