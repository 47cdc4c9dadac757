#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/lifecycle/disposal.h"
#include "store/records/sql.h"
#include "tests/ingest/arranged_batch.h"
#include "tests/store/temporary_folder.h"

// Decisions about the structure in the records: each one transaction and one event, kept whatever
// is read or put together afterwards, taken back and never lost.

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Action = ArrangementAction;

struct FolderFirst {
  TemporaryFolder folder;
};
struct StructureRecords : testing::Test, FolderFirst, Arranged {
  StructureRecords() : Arranged(folder.path()) {}
  void TearDown() override { expect_balanced(); }
};

TEST_F(StructureRecords, AreWhatTheMachineSaysWhileNobodyDecides) {
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(item(0, 0), ElementsAre(1, 2, 3));
  EXPECT_THAT(item(0, 1), ElementsAre(4, 5));
  EXPECT_THAT(item(1, 0), ElementsAre(6, 7));
  EXPECT_EQ(records.page(5)->page_of_dossier, 5);
}

TEST_F(StructureRecords, ADecisionIsOneEventWithBeforeAndAfter) {
  const ArrangementNumber made = move(3, 4);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 4, 3, 5));
  EXPECT_THAT(item(0, 1), ElementsAre(4, 3, 5));
  const Records::Event event = last_event();
  EXPECT_EQ(event.action, "pages_moved");
  EXPECT_EQ(event.object_kind, "arrangement");
  EXPECT_EQ(event.object_number, made);
  const auto details = nlohmann::json::parse(event.details);
  const auto where = [](const nlohmann::json& side) {
    std::map<PageNumber, std::pair<ItemNumber, int>> places;
    for (const auto& page : side["pages"]) {
      places[page["page"]] = {page["item"], page["page_of_item"]};
    }
    return places;
  };
  const auto items = item_numbers(0);
  using Places = std::map<PageNumber, std::pair<ItemNumber, int>>;
  EXPECT_EQ(where(details["before"]), (Places{{3, {items[0], 3}}, {5, {items[1], 2}}}));
  EXPECT_EQ(where(details["after"]), (Places{{3, {items[1], 2}}, {5, {items[1], 3}}}));
}

TEST_F(StructureRecords, WhatIsReadAgainUndoesNothing) {
  move(3, 4);
  decide(decision(Action::split_item, {5}));
  const auto numbers = item_numbers(0);
  read_everything_again();
  // The machine sees one item now; what was decided holds.
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 4, 3, 5));
  EXPECT_THAT(item(0, 0), ElementsAre(1, 2, 4, 3));
  EXPECT_THAT(item(0, 1), ElementsAre(5));
  EXPECT_EQ(item_numbers(0), (std::vector<ItemNumber>{numbers[0], numbers[2]}));
  EXPECT_EQ(records.counts().conflicts, 0);
}

/// Page 4 is read as a separator: what follows is another dossier.
struct UnderAHold : StructureRecords {
  UnderAHold() { hold = Disposal(records).hold(records.dossiers(batch)[0].number, "suit", "law"); }
  void read_as_separator(bool is = true) {
    PageRecord page = *records.page(4);
    page.kind = is ? PageKind::separator : PageKind::content;
    page.engines = is ? "[{\"name\":\"newer\"}]" : "[{\"name\":\"newest\"}]";
    records.put_page(page);
    assemble_what_changed(records, forms());
  }
  void late(const std::string& name, PageKind kind) {
    SourceRecord file = source(batch, name, name, 1);
    file.first_order = records.next_order(batch);
    file = records.add_source(file);
    PageRecord page = filed(file, 0);
    page.doc_type = "DT39";
    page.kind = kind;
    records.put_page(page);
    assemble();
  }
  std::vector<PageNumber> kept() const {
    std::vector<PageNumber> marked;
    for (const PageRecord& page : records.pages(batch)) {
      const auto& reasons = page.review_reasons;
      if (std::ranges::find(reasons, "held_in_dossier") != reasons.end()) {
        marked.push_back(page.number);
      }
    }
    return marked;
  }
  std::int64_t hold = 0;
};

TEST_F(UnderAHold, WhatIsReadAgainLeavesNoPageOut) {
  const auto numbers = item_numbers(0);
  read_as_separator();
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(item(0, 1), ElementsAre(4, 5));
  EXPECT_EQ(item_numbers(0), numbers);
  EXPECT_THAT(kept(), ElementsAre(4, 5));
  EXPECT_EQ(records.dossiers(batch).size(), 2u);
  assemble();
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5)) << "and so ever after";
  EXPECT_THAT(kept(), ElementsAre(4, 5));
  read_as_separator(false);
  EXPECT_THAT(kept(), IsEmpty());
  EXPECT_EQ(item_numbers(0), numbers);
}

TEST_F(UnderAHold, WhatIsLiftedGoesWhereItBelongs) {
  read_as_separator();
  Disposal(records).lift(hold, "settled");
  assemble_what_changed(records, forms());
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3));
  EXPECT_THAT(dossier(2), ElementsAre(4, 5));
  EXPECT_THAT(kept(), IsEmpty());
}

TEST_F(UnderAHold, LateFilesLeaveNoPageOut) {
  late("A/2a.tif", PageKind::separator);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(kept(), ElementsAre(4, 5));
  EXPECT_THAT(dossier(2), ElementsAre(8)) << "what is new lies where it belongs";
}

// A dossier of its own that the machine does not make any more stays, with its pages.
TEST_F(UnderAHold, ADossierThatWouldVanishStays) {
  Disposal(records).lift(hold, "wrong dossier");
  read_as_separator();
  const DossierRecord parted = records.dossiers(batch)[2];
  ASSERT_THAT(dossier(2), ElementsAre(4, 5));
  Disposal(records).hold(parted.number, "suit", "law");
  read_as_separator(false);
  ASSERT_TRUE(records.dossier(parted.number));
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3));
  EXPECT_THAT(dossier(2), ElementsAre(4, 5));
  EXPECT_EQ(records.dossier(parted.number)->key, parted.key);
  EXPECT_THAT(kept(), ElementsAre(4, 5));
}

// Its decision is followed no more, or another way: what it brought into the dossier stays there.
TEST_F(UnderAHold, WhatADecisionBroughtStaysWhenItIsTakenBack) {
  Arrangement made = decision(Action::move_pages, {6});
  made.dossier = records.dossiers(batch)[0].key;
  made.value = "item";
  const ArrangementNumber moved = decide(made);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5, 6));
  undo(moved);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(item(0, 2), ElementsAre(6));
  EXPECT_THAT(kept(), ElementsAre(6));
}

TEST_F(UnderAHold, AMergeThatTakesTheDossierAwayTakesNoPage) {
  Arrangement made = decision(Action::merge_dossiers, {});
  made.dossier = records.dossiers(batch)[1].key;
  made.value = records.dossiers(batch)[0].key;
  const auto numbers = item_numbers(0);
  decide(made);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(item_numbers(0), numbers);
  EXPECT_THAT(dossier(1), ElementsAre(6, 7));
  EXPECT_THAT(kept(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(StructureRecords, TheSameAgainChangesNothing) {
  move(3, 4);
  records.mark_indexed(records.pages_to_index(100));
  const std::int64_t events = last_event().number;
  assemble();
  EXPECT_EQ(last_event().number, events);
  EXPECT_THAT(records.pages_to_index(100), IsEmpty());
}

TEST_F(StructureRecords, ItemsKeepTheirNumbersWhereverTheyGo) {
  const auto before = item_numbers(0);
  const auto other = item_numbers(1);
  decide(decision(Action::order_items, {4, 1}));
  EXPECT_THAT(dossier(0), ElementsAre(4, 5, 1, 2, 3));
  EXPECT_THAT(item_numbers(0), ElementsAre(before[1], before[0]));
  Arrangement merge = decision(Action::merge_dossiers, {});
  merge.dossier = "folder:B";
  merge.value = "folder:A";
  const ArrangementNumber merged = decide(merge);
  EXPECT_THAT(item_numbers(0), ElementsAre(other[0], before[1], before[0]));
  undo(merged);
  EXPECT_THAT(item_numbers(0), ElementsAre(before[1], before[0]));
  EXPECT_THAT(item_numbers(1), ElementsAre(other[0]));
}

TEST_F(StructureRecords, AMergedDossierKeepsItsNumberAndLeadsToTheOther) {
  const auto before = records.dossiers(batch);
  Arrangement merge = decision(Action::merge_dossiers, {});
  merge.dossier = "folder:A";
  merge.value = "folder:B";
  const ArrangementNumber made = decide(merge);
  ASSERT_EQ(records.dossiers(batch).size(), 1u);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(records.dossier(before[1].number)->merged_into, before[0].number);
  EXPECT_FALSE(records.facts(before[1].number));
  read_everything_again("DT19");
  EXPECT_EQ(records.dossier(before[1].number)->merged_into, before[0].number);
  undo(made);
  ASSERT_EQ(records.dossiers(batch).size(), 2u);
  EXPECT_EQ(records.dossiers(batch)[1].number, before[1].number);
  EXPECT_EQ(records.dossiers(batch)[1].merged_into, 0);
  EXPECT_TRUE(records.facts(before[1].number));
}

TEST_F(StructureRecords, ASplitDossierIsOneOfItsOwn) {
  Arrangement split = decision(Action::split_dossier, {4});
  split.value = "SB-2004-7";
  decide(split);
  const auto dossiers = records.dossiers(batch);
  ASSERT_EQ(dossiers.size(), 3u);
  EXPECT_EQ(dossiers[2].opened_by, "person");
  EXPECT_EQ(dossiers[2].dossier_no, "SB-2004-7");
  EXPECT_THAT(dossier(2), ElementsAre(4, 5));
  read_everything_again();
  EXPECT_EQ(records.dossiers(batch)[2].number, dossiers[2].number);
  EXPECT_THAT(dossier(2), ElementsAre(4, 5));
}

TEST_F(StructureRecords, AReplacedPageIsKeptCountedAndOutOfTheOrder) {
  const ArrangementNumber made = later_scan(decision(Action::replace_page, {2}), "rescan");
  const PageNumber fresh = records.arrangement(made)->pages.at(1);
  EXPECT_THAT(dossier(0), ElementsAre(1, fresh, 3, 4, 5));
  EXPECT_THAT(item(0, 0), ElementsAre(1, fresh, 3));
  EXPECT_EQ(records.dossiers(batch).size(), 2u);
  const PageRecord old_page = *records.page(2);
  EXPECT_EQ(old_page.replaced_by, fresh);
  EXPECT_EQ(old_page.dossier, 0);
  EXPECT_TRUE(old_page.source_blob);
  EXPECT_EQ(records.replacement_of(2)->reason, "misfiled");
  EXPECT_EQ(records.pages_replaced_in(records.dossiers(batch)[0].number).at(0).number, 2);
  const BatchCounts counts = records.counts(batch);
  EXPECT_EQ(counts.occurrences, 8);
  EXPECT_EQ(counts.filed, 7);
  EXPECT_EQ(counts.replaced, 1);
  read_everything_again();
  EXPECT_THAT(item(0, 0), ElementsAre(1, fresh, 3, 4, 5));
  EXPECT_EQ(records.page(2)->replaced_by, fresh);

  undo(made);
  EXPECT_THAT(dossier(0), ElementsAre(1, 2, 3, 4, 5));
  // Without the decision the scan lies where a person sees it.
  EXPECT_EQ(records.dossier(records.page(fresh)->dossier)->key, "folder:补扫");
  EXPECT_EQ(records.counts(batch).replaced, 0);
}

TEST_F(StructureRecords, AnInsertedPageHasTheGivenPlace) {
  Arrangement insert = decision(Action::insert_pages, {});
  insert.side = Beside::before;
  insert.beside = 7;
  const ArrangementNumber made = later_scan(insert, "sheet");
  const PageNumber fresh = records.arrangement(made)->pages.at(0);
  EXPECT_THAT(item(1, 0), ElementsAre(6, fresh, 7));
  EXPECT_EQ(records.dossiers(batch).size(), 2u);
  EXPECT_EQ(records.counts(batch).occurrences, 8);
  read_everything_again();
  EXPECT_THAT(item(1, 0), ElementsAre(6, fresh, 7));
}

TEST_F(StructureRecords, WhatIsDecidedAboutItemsHolds) {
  Arrangement kind = decision(Action::class_item, {1});
  kind.value = "SB06.01";
  decide(kind);
  EXPECT_EQ(records.dossiers(batch)[0].items[0].class_code, "SB06.01");
  EXPECT_EQ(records.dossiers(batch)[0].items[0].retention, forms().retention_of("SB06.01"));
  Arrangement longer = decision(Action::retention_item, {1});
  longer.value = "D30";
  decide(longer);
  Arrangement type = decision(Action::type_item, {6});
  type.value = "DT20";
  decide(type);
  read_everything_again();
  EXPECT_EQ(records.dossiers(batch)[0].items[0].retention, "D30");
  EXPECT_EQ(records.dossiers(batch)[1].items[0].doc_type, "DT20");
}

TEST_F(StructureRecords, WhatCannotBeFollowedAnyMoreIsForAPersonToSee) {
  const ArrangementNumber split = decide(decision(Action::split_dossier, {4}));
  Arrangement merge = decision(Action::merge_dossiers, {});
  merge.dossier = "folder:B";
  merge.value = key_of_decision(split);
  const ArrangementNumber merged = decide(merge);
  EXPECT_EQ(records.counts(batch).conflicts, 0);
  undo(split);
  EXPECT_EQ(records.arrangement(merged)->conflict, "dossier_gone");
  EXPECT_EQ(records.counts(batch).conflicts, 1);
  EXPECT_THAT(records.page(6)->review_reasons, ElementsAre("structure_conflict"));
  read_everything_again();
  EXPECT_THAT(records.page(6)->review_reasons, ElementsAre("structure_conflict"));
  undo(merged);
  EXPECT_THAT(records.page(6)->review_reasons, IsEmpty());
  EXPECT_EQ(records.counts(batch).conflicts, 0);
}

TEST_F(StructureRecords, WhatFailsLeavesNothing) {
  const std::int64_t events = last_event().number;
  const auto fail = [this](const Arrangement&) {
    assemble();
    throw std::runtime_error("no");
  };
  EXPECT_THROW(records.arrange(decision(Action::split_item, {5}), nullptr, fail),
               std::runtime_error);
  EXPECT_THAT(records.arrangements(batch), IsEmpty());
  EXPECT_THAT(item(0, 1), ElementsAre(4, 5));
  EXPECT_EQ(last_event().number, events);
}

TEST_F(StructureRecords, ADecisionNeedsAReasonAndANameAndIsTakenBackOnce) {
  Arrangement nameless = decision(Action::split_item, {5});
  nameless.decided_by = " ";
  EXPECT_THROW(decide(nameless), std::invalid_argument);
  Arrangement groundless = decision(Action::split_item, {5});
  groundless.reason.clear();
  EXPECT_THROW(decide(groundless), std::invalid_argument);
  const ArrangementNumber made = decide(decision(Action::split_item, {5}));
  undo(made);
  EXPECT_EQ(last_event().action, "arrangement_taken_back");
  EXPECT_THROW(undo(made), std::invalid_argument);
  EXPECT_THROW(undo(99), std::invalid_argument);
  const Arrangement kept = *records.arrangement(made);
  EXPECT_EQ(kept.reason, "misfiled");
  EXPECT_EQ(kept.ended_by, "li");
  EXPECT_EQ(kept.ended_reason, "was right");
}

TEST_F(StructureRecords, TheDatabaseItselfKeepsDecisionsAsTheyWere) {
  const ArrangementNumber made = decide(decision(Action::split_item, {5}));
  undo(made);
  const ArrangementNumber stands = decide(decision(Action::split_item, {5}));
  const std::filesystem::path file = where_ / "records.sqlite";
  Database database(file, Database::Access::write);
  EXPECT_THROW(
      database.execute("UPDATE arrangements SET value = 'x' WHERE arrangement = $1", {stands}),
      SqlError);
  EXPECT_THROW(database.execute("UPDATE arrangements SET ended_at = '', ended_by = '', "
                                "ended_reason = '' WHERE arrangement = $1",
                                {made}),
               SqlError);
  EXPECT_THROW(database.execute("DELETE FROM arrangements"), SqlError);
}

FieldRecord named(const std::string& name) {
  FieldRecord made = field("person_name", name);
  made.confidence = 1;
  return made;
}

TEST_F(StructureRecords, TwoPersonsOfOneNameArePartedAndEachJoinedByHimself) {
  const std::string id = "11010519491231002X";
  for (const PageNumber number : {1, 4, 5}) {
    PageRecord page = *records.page(number);
    page.fields = {named("张三")};
    records.put_page(page);
  }
  PageRecord known = *records.page(6);
  known.fields = {named("张三"), field("id_number", id)};
  records.put_page(known);
  assemble();
  ASSERT_EQ(records.persons_without_id("张三").size(), 1u);
  const PersonNumber one = records.persons_without_id("张三")[0].number;

  Arrangement split = decision(Action::split_person, {4, 5});
  split.value = "张三";
  const ArrangementNumber made = decide(split);
  const auto persons = records.persons_without_id("张三");
  ASSERT_EQ(persons.size(), 2u);
  EXPECT_EQ(persons[0].number, one);
  EXPECT_EQ(persons[1].apart, made);
  EXPECT_EQ(records.pages_of_person(one).size(), 1u);
  EXPECT_EQ(records.pages_of_person(persons[1].number).size(), 2u);
  EXPECT_EQ(last_event().action, "person_split");
  EXPECT_EQ(last_event().details.find("张"), std::string::npos);

  records.join_person(persons[1].number, id, "same contract", "wang");
  EXPECT_FALSE(records.join_of(one));
  EXPECT_EQ(records.joined_to(id).at(0).person, persons[1].number);
  EXPECT_EQ(records.joined_to(id).at(0).name, "张三");
  assemble();
  EXPECT_EQ(records.join_of(persons[1].number)->citizen_id, id);
  EXPECT_TRUE(records.part_person(persons[1].number, "wang"));

  // The pages do not name him any more: a conflict, and nothing is lost.
  for (const PageNumber number : {4, 5}) {
    PageRecord page = *records.page(number);
    page.fields.clear();
    records.put_page(page);
  }
  assemble();
  EXPECT_EQ(records.arrangement(made)->conflict, "name_gone");
  EXPECT_EQ(records.persons_without_id("张三").size(), 1u);
}

TEST_F(StructureRecords, AJoinOfAMergedDossierHoldsInTheOther) {
  const std::string id = "11010519491231002X";
  PageRecord nameless = *records.page(6);
  nameless.fields = {named("张三")};
  records.put_page(nameless);
  PageRecord known = *records.page(1);
  known.fields = {named("李四"), field("id_number", id)};
  records.put_page(known);
  assemble();
  records.join_person(records.persons_without_id("张三").at(0).number, id, "same paper", "wang");
  Arrangement merge = decision(Action::merge_dossiers, {});
  merge.dossier = "folder:A";
  merge.value = "folder:B";
  decide(merge);
  const PersonNumber moved = records.persons_without_id("张三").at(0).number;
  EXPECT_EQ(records.joined_to(id).at(0).person, moved);
  EXPECT_TRUE(records.part_person(moved, "wang"));
}

}  // namespace
}  // namespace archive
