#include "ingest/structure.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

// Decisions about the structure, laid over what the machine put together. A structure is told as
// "A: 1 2 3; #1 2 3 | B: 4; #1 4": dossier A has the pages 1, 2 and 3, and an item 1 with 2 and 3.

namespace archive {
namespace {

using Action = ArrangementAction;

Structure told(const std::string& text) {
  Structure structure;
  std::istringstream dossiers(text);
  for (std::string one; std::getline(dossiers, one, '|');) {
    std::istringstream parts(one);
    ArrangedDossier dossier;
    for (std::string part; std::getline(parts, part, ';');) {
      std::istringstream words(part);
      std::string word;
      words >> word;
      std::vector<PageNumber>* pages = &dossier.pages;
      if (word.ends_with(':')) {
        dossier.key = word.substr(0, word.size() - 1);
        dossier.opened_by = "folder";
      } else {
        ArrangedItem item;
        item.declared = word.ends_with('!');  // a catalogue says that it is there
        item.record.sequence = std::stoi(word.substr(1));
        item.record.key = item_key(dossier.key, item.record.sequence);
        pages = &dossier.items.emplace_back(item).pages;
      }
      for (PageNumber page = 0; words >> page;) pages->push_back(page);
    }
    structure.dossiers.push_back(dossier);
  }
  return structure;
}

std::string text_of(const Structure& structure) {
  std::ostringstream text;
  for (const ArrangedDossier& dossier : structure.dossiers) {
    text << (text.tellp() > 0 ? " | " : "") << dossier.key << ':';
    for (const PageNumber page : dossier.pages) text << ' ' << page;
    for (const ArrangedItem& item : dossier.items) {
      text << "; #" << item.record.sequence << (item.declared ? "!" : "");
      for (const PageNumber page : item.pages) text << ' ' << page;
    }
  }
  return text.str();
}

Arrangement decision(Action action, std::vector<PageNumber> pages,
                     const std::function<void(Arrangement&)>& more = nullptr) {
  Arrangement made;
  made.action = action;
  made.pages = std::move(pages);
  if (more) more(made);
  return made;
}

Arrangement move(std::vector<PageNumber> pages, Beside side, PageNumber beside) {
  return decision(Action::move_pages, std::move(pages), [&](Arrangement& made) {
    made.side = side;
    made.beside = beside;
  });
}
Arrangement move_into(std::vector<PageNumber> pages, const std::string& item) {
  return decision(Action::move_pages, std::move(pages),
                  [&](Arrangement& made) { made.item = item; });
}
Arrangement move_to(std::vector<PageNumber> pages, const std::string& dossier,
                    const std::string& as = "") {
  return decision(Action::move_pages, std::move(pages), [&](Arrangement& made) {
    made.dossier = dossier;
    made.value = as;
  });
}
Arrangement merge_dossiers(const std::string& into, const std::string& from) {
  return decision(Action::merge_dossiers, {}, [&](Arrangement& made) {
    made.dossier = into;
    made.value = from;
  });
}

std::vector<Arrangement> numbered(std::vector<Arrangement> decisions) {
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    decisions[i].number = static_cast<ArrangementNumber>(i) + 1;
  }
  return decisions;
}

struct Case {
  const char* story;
  const char* machine;
  std::vector<Arrangement> decisions;
  const char* after;
};

const char* const kTwo = "A: 1 2 3 4 5; #1 2 3; #2 4 5 | B: 6 7 8; #1 7 8";

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {"nothing decided, nothing changed", kTwo, {}, kTwo},
      {"a page goes behind one of another item",
       kTwo,
       {move({3}, Beside::after, 4)},
       "A: 1 2 4 3 5; #1 2; #2 4 3 5 | B: 6 7 8; #1 7 8"},
      {"before one of another dossier",
       kTwo,
       {move({3, 5}, Beside::before, 7)},
       "A: 1 2 4; #1 2; #2 4 | B: 6 3 5 7 8; #1 3 5 7 8"},
      {"beside a page of no item, into none",
       kTwo,
       {move({3}, Beside::after, 6)},
       "A: 1 2 4 5; #1 2; #2 4 5 | B: 6 3 7 8; #1 7 8"},
      {"within its item",
       kTwo,
       {move({3}, Beside::before, 2)},
       "A: 1 3 2 4 5; #1 3 2; #2 4 5 | B: 6 7 8; #1 7 8"},
      {"an item that loses its last page is none",
       kTwo,
       {move({4, 5}, Beside::after, 8)},
       "A: 1 2 3; #1 2 3 | B: 6 7 8 4 5; #1 7 8 4 5"},
      {"unless the catalogue says that it is there",
       "A: 1 2; #1! 1; #2 2",
       {move({1}, Beside::after, 2)},
       "A: 2 1; #1!; #2 2 1"},
      {"a page for an item of which none was there",
       "A: 1 2 3; #1 1; #2!; #3 2",
       {move_into({3}, "A#2")},
       "A: 1 3 2; #1 1; #2! 3; #3 2"},
      {"the first item, of which none was there",
       "A: 1 2; #1!; #2 1",
       {move_into({2}, "A#1")},
       "A: 1 2; #1! 2; #2 1"},
      {"to the end of a dossier",
       kTwo,
       {move_to({2}, "B")},
       "A: 1 3 4 5; #1 3; #2 4 5 | B: 6 7 8 2; #1 7 8"},
      {"to the end of a dossier as an item",
       kTwo,
       {move_to({2, 4}, "B", "item")},
       "A: 1 3 5; #1 3; #2 5 | B: 6 7 8 2 4; #1 7 8; #2 2 4"},
      {"a dossier without pages is in the other",
       kTwo,
       {move_to({6, 7, 8}, "A")},
       "A: 1 2 3 4 5 6 7 8; #1 2 3; #2 4 5"},
      {"pages of an item in another order",
       kTwo,
       {decision(Action::order_pages, {5, 4})},
       "A: 1 2 3 5 4; #1 2 3; #2 5 4 | B: 6 7 8; #1 7 8"},
      {"only some of them",
       "A: 1 2 3 4; #1 1 2 3 4",
       {decision(Action::order_pages, {4, 2})},
       "A: 1 4 3 2; #1 1 4 3 2"},
      {"pages of no item",
       "A: 1 2 3; #1 2",
       {decision(Action::order_pages, {3, 1})},
       "A: 3 2 1; #1 2"},
      {"items in another order keep what sequences there are",
       "A: 1 2 3 4; #1 1; #3 2 3; #4 4",
       {decision(Action::order_items, {4, 2, 1})},
       "A: 4 2 3 1; #1 4; #3 2 3; #4 1"},
      {"what has no pages stays behind its item",
       "A: 1 2 3; #1 1; #2!; #3 2; #4 3",
       {decision(Action::order_items, {2, 1})},
       "A: 2 1 3; #1 2; #2 1; #3!; #4 3"},
      {"an item becomes two",
       kTwo,
       {decision(Action::split_item, {5})},
       "A: 1 2 3 4 5; #1 2 3; #2 4; #3 5 | B: 6 7 8; #1 7 8"},
      {"those behind it make room",
       kTwo,
       {decision(Action::split_item, {3})},
       "A: 1 2 3 4 5; #1 2; #2 3; #3 4 5 | B: 6 7 8; #1 7 8"},
      {"a page of no item becomes one",
       kTwo,
       {decision(Action::split_item, {6})},
       "A: 1 2 3 4 5; #1 2 3; #2 4 5 | B: 6 7 8; #1 6; #2 7 8"},
      {"it begins an item already", kTwo, {decision(Action::split_item, {4})}, kTwo},
      {"two items become one",
       kTwo,
       {decision(Action::merge_items, {2, 5})},
       "A: 1 2 3 4 5; #1 2 3 4 5 | B: 6 7 8; #1 7 8"},
      {"whose pages lie together then",
       "A: 1 2 3; #1 1; #2 2; #3 3",
       {decision(Action::merge_items, {3, 1})},
       "A: 2 3 1; #2 2; #3 3 1"},
      {"they are one already", kTwo, {decision(Action::merge_items, {2, 3})}, kTwo},
      {"a dossier becomes two",
       kTwo,
       {decision(Action::split_dossier, {4})},
       "A: 1 2 3; #1 2 3 | decision:1: 4 5; #2 4 5 | B: 6 7 8; #1 7 8"},
      {"in the middle of an item",
       kTwo,
       {decision(Action::split_dossier, {3})},
       "A: 1 2; #1 2 | decision:1: 3 4 5; #1 3; #2 4 5 | B: 6 7 8; #1 7 8"},
      {"two dossiers become one",
       kTwo,
       {merge_dossiers("A", "B")},
       "A: 1 2 3 4 5 6 7 8; #1 2 3; #2 4 5; #3 7 8"},
      {"split and merged again",
       kTwo,
       {decision(Action::split_dossier, {4}), merge_dossiers("A", "decision:1")},
       kTwo},
      {"decisions follow each other",
       kTwo,
       {decision(Action::split_item, {5}), move({8}, Beside::after, 5), merge_dossiers("B", "A")},
       "B: 6 7 1 2 3 4 5 8; #1 7; #2 2 3; #3 4; #4 5 8"},
  };
  return kCases;
}

TEST(Structure, DecisionsAreLaidOverWhatTheMachineMade) {
  for (const Case& one : cases()) {
    Structure structure = told(one.machine);
    arrange(structure, numbered(one.decisions));
    EXPECT_EQ(text_of(structure), one.after) << one.story;
    EXPECT_TRUE(structure.conflicts.empty()) << one.story;
  }
}

TEST(Structure, NoPageIsLostOrTwiceWhateverIsDecided) {
  for (const Case& one : cases()) {
    Structure structure = told(one.machine);
    std::multiset<PageNumber> before;
    for (const auto& dossier : structure.dossiers) {
      before.insert(dossier.pages.begin(), dossier.pages.end());
    }
    arrange(structure, numbered(one.decisions));
    std::multiset<PageNumber> after;
    std::multiset<PageNumber> of_items;
    for (const auto& dossier : structure.dossiers) {
      after.insert(dossier.pages.begin(), dossier.pages.end());
      int sequence = 0;
      for (const auto& item : dossier.items) {
        EXPECT_GT(item.record.sequence, sequence) << one.story;
        sequence = item.record.sequence;
        of_items.insert(item.pages.begin(), item.pages.end());
        for (const PageNumber page : item.pages) {
          EXPECT_NE(std::ranges::find(dossier.pages, page), dossier.pages.end()) << one.story;
        }
      }
    }
    EXPECT_EQ(after, before) << one.story;
    for (const PageNumber page : of_items) EXPECT_EQ(of_items.count(page), 1u) << one.story;
  }
}

TEST(Structure, WhatCannotBeFollowedIsAConflictAndChangesNothing) {
  struct Broken {
    Arrangement decision;
    const char* conflict;
  };
  const std::vector<Broken> broken = {
      {move({9}, Beside::after, 1), "page_gone"},
      {move({3}, Beside::after, 9), "page_gone"},
      {move({3}, Beside::after, 3), "beside_itself"},
      {move_into({3}, "A#9"), "item_gone"},
      {move_to({3}, "C"), "dossier_gone"},
      {decision(Action::order_pages, {2, 5}), "not_one_item"},
      {decision(Action::order_items, {2, 7}), "not_one_item"},
      {decision(Action::order_items, {2, 1}), "not_in_item"},
      {decision(Action::order_items, {2, 3}), "not_one_item"},
      {decision(Action::split_item, {9}), "page_gone"},
      {decision(Action::merge_items, {2, 1}), "not_in_item"},
      {decision(Action::merge_items, {2, 7}), "not_one_item"},
      {decision(Action::split_dossier, {1}), "first_of_dossier"},
      {merge_dossiers("A", "A"), "same_dossier"},
      {merge_dossiers("A", "C"), "dossier_gone"},
      {decision(Action::type_item, {1}), "not_in_item"},
      {decision(Action::class_item, {}, [](Arrangement& made) { made.item = "C#1"; }), "item_gone"},
  };
  for (const Broken& one : broken) {
    Structure structure = told(kTwo);
    arrange(structure, numbered({one.decision}));
    EXPECT_EQ(text_of(structure), kTwo) << one.conflict;
    ASSERT_TRUE(structure.conflicts.contains(1)) << one.conflict;
    EXPECT_EQ(structure.conflicts.at(1), one.conflict);
    EXPECT_NE(conflict_named(one.conflict), nullptr);
  }
}

TEST(Structure, WhatWasTakenBackDoesNotCountAndWhatHungOnItIsAConflict) {
  auto decisions =
      numbered({decision(Action::split_dossier, {4}), merge_dossiers("B", "decision:1")});
  Structure both = told(kTwo);
  arrange(both, decisions);
  EXPECT_EQ(text_of(both), "A: 1 2 3; #1 2 3 | B: 6 7 8 4 5; #1 7 8; #2 4 5");
  EXPECT_EQ(both.merged, (std::map<std::string, std::string>{{"decision:1", "B"}}));
  decisions[0].ended_at = "2026-11-27T08:00:00+08:00";
  Structure one = told(kTwo);
  arrange(one, decisions);
  EXPECT_EQ(text_of(one), kTwo);
  EXPECT_EQ(one.conflicts, (std::map<ArrangementNumber, std::string>{{2, "dossier_gone"}}));
}

TEST(Structure, DossiersThatAreMergedLeadToTheOneThatHasThePages) {
  Structure structure = told("A: 1; #1 1 | B: 2; #1 2 | C: 3; #1 3");
  arrange(structure, numbered({merge_dossiers("B", "A"), merge_dossiers("C", "B")}));
  EXPECT_EQ(text_of(structure), "C: 3 2 1; #1 3; #2 2; #3 1");
  EXPECT_EQ(structure.merged, (std::map<std::string, std::string>{{"A", "C"}, {"B", "C"}}));
}

TEST(Structure, AnItemIsDecidedAboutByAPageOrByItsKey) {
  Structure structure = told("A: 1 2; #1 1; #2! ");
  arrange(structure, numbered({decision(Action::class_item, {1},
                                        [](Arrangement& made) { made.value = "SB03.01"; }),
                               decision(Action::type_item, {}, [](Arrangement& made) {
                                 made.item = "A#2";
                                 made.value = "DT05";
                               })}));
  EXPECT_EQ(structure.dossiers[0].items[0].decided_class, "SB03.01");
  EXPECT_EQ(structure.dossiers[0].items[1].decided_type, "DT05");
}

TEST(Structure, APageThatAnotherStandsForMeansThatOne) {
  Structure structure = told("A: 1 20 3; #1 1 20; #2 3");
  arrange(structure, numbered({move({2}, Beside::after, 3)}), {{2, 20}});
  EXPECT_EQ(text_of(structure), "A: 1 3 20; #1 1; #2 3 20");
}

Arrangement replaced(PageNumber old_page, PageNumber new_page) {
  return decision(Action::replace_page, {old_page, new_page});
}

TEST(Structure, PagesAreReplacedOnceAndEachByOne) {
  const std::vector<PageNumber> pages = {1, 2, 3, 4};
  const auto chain = replacements_of(numbered({replaced(1, 2), replaced(2, 3)}), pages);
  EXPECT_EQ(chain.by, (std::map<PageNumber, PageNumber>{{1, 3}, {2, 3}}));
  EXPECT_EQ(chain.stand_in, (std::set<PageNumber>{2, 3}));
  EXPECT_TRUE(chain.conflicts.empty());
  struct Case {
    std::vector<Arrangement> decisions;
    const char* conflict;
  };
  for (const auto& [decisions, conflict] : {Case{{replaced(1, 2), replaced(1, 3)}, "page_replaced"},
                                            Case{{replaced(1, 2), replaced(2, 1)}, "page_replaced"},
                                            Case{{replaced(1, 2), replaced(3, 2)}, "page_replaced"},
                                            Case{{replaced(1, 2), replaced(3, 1)}, "page_replaced"},
                                            Case{{replaced(1, 2), replaced(3, 3)}, "page_gone"},
                                            Case{{replaced(1, 2), replaced(3, 9)}, "page_gone"}}) {
    const auto found = replacements_of(numbered(decisions), pages);
    EXPECT_EQ(found.conflicts, (std::map<ArrangementNumber, std::string>{{2, conflict}}));
    EXPECT_EQ(found.by, (std::map<PageNumber, PageNumber>{{1, 2}}));
  }
}

}  // namespace
}  // namespace archive
