#include "ingest/reading_difference.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/utf8.h"

namespace archive {
namespace {

PageLayout text(std::initializer_list<const char*> lines) {
  PageLayout layout;
  for (const char* words : lines) {
    TextLine line;
    line.text = words;
    line.quad = Quad::of({0, 0, 100, 20});
    layout.lines.push_back(line);
  }
  return layout;
}

FieldRecord field(const std::string& name, const std::string& value, int row = -1) {
  FieldRecord made;
  made.field = name;
  made.value = value;
  made.row = row;
  return made;
}

PageRecord page(std::vector<FieldRecord> fields = {}) {
  PageRecord made;
  made.number = 7;
  made.doc_type = "DT19";
  made.fields = std::move(fields);
  return made;
}

PageRecord aside() {
  PageRecord made = page();
  made.state = PageState::set_aside;
  made.fault = PageFault{};
  return made;
}

TEST(ReadingDifference, IsNothingWhenNothingChanged) {
  const auto difference = difference_between(page({field("name", "张三")}), text({"姓 名", "张三"}),
                                             page({field("name", "张三")}), text({"姓名", "张三"}));
  EXPECT_FALSE(difference.anything());
  EXPECT_EQ(difference.page, 7);
  EXPECT_EQ(difference.characters, 4u);
}

TEST(ReadingDifference, CountsTheCharactersThatChanged) {
  const auto difference =
      difference_between(page(), text({"社会保险", "张三"}), page(), text({"社会保验", "张三丰"}));
  EXPECT_EQ(difference.characters_changed, 2u);
  EXPECT_FALSE(difference.changed_at_least);
  EXPECT_EQ(difference.lines_gone, (std::vector<std::string>{"社会保险", "张三"}));
  EXPECT_EQ(difference.lines_new, (std::vector<std::string>{"社会保验", "张三丰"}));
}

TEST(ReadingDifference, NamesTheFieldsAndHowTheyChanged) {
  const auto difference = difference_between(
      page({field("name", "张三"), field("amount", "1.00", 0), field("old", "x")}), {},
      page({field("name", "张三"), field("amount", "2.00", 0), field("amount", "3.00", 1)}), {});
  using Kind = FieldDifference::Kind;
  ASSERT_EQ(difference.fields.size(), 3u);
  EXPECT_EQ(difference.fields[0].field, "amount");
  EXPECT_EQ(difference.fields[0].kind, Kind::changed);
  EXPECT_EQ(difference.fields[0].before, "1.00");
  EXPECT_EQ(difference.fields[0].after, "2.00");
  EXPECT_EQ(difference.fields[1].row, 1);
  EXPECT_EQ(difference.fields[1].kind, Kind::added);
  EXPECT_EQ(difference.fields[2].field, "old");
  EXPECT_EQ(difference.fields[2].kind, Kind::gone);
}

TEST(ReadingDifference, SeesTypeAndTurn) {
  PageRecord after = page();
  after.doc_type = "DT20";
  after.rotation = 180;
  const auto difference = difference_between(page(), {}, after, {});
  EXPECT_TRUE(difference.type_changed());
  EXPECT_EQ(difference.type_before, "DT19");
  EXPECT_EQ(difference.type_after, "DT20");
  EXPECT_TRUE(difference.turned);
}

TEST(ReadingDifference, TellsWhatBecameOfPagesThatCannotBeRead) {
  EXPECT_TRUE(difference_between(aside(), {}, page(), text({"a"})).filed_now);
  const auto lost = difference_between(page({field("name", "张三")}), text({"a"}), aside(), {});
  EXPECT_TRUE(lost.kept_unreadable);
  EXPECT_TRUE(lost.fields.empty()) << "nothing of it is changed";
  EXPECT_EQ(lost.characters_changed, 0u);
  const auto still = difference_between(aside(), {}, aside(), {});
  EXPECT_TRUE(still.still_set_aside);
  EXPECT_FALSE(still.anything());
}

TEST(ReadingDifference, CountsDecisionsOfPersons) {
  PageRecord before = page({field("name", "张三"), field("amount", "1")});
  before.fields[0].by_person = true;
  before.doc_type_by_person = true;
  EXPECT_EQ(difference_between(before, {}, before, {}).decisions_kept, 2);
}

TEST(ReadingDifference, OfAHugePageIsCountedUpToALimit) {
  std::string a;
  std::string b;
  for (int i = 0; i < 100000; ++i) {
    a += 'a';
    b += 'b';
  }
  const auto difference = difference_between(page(), text({a.c_str()}), page(), text({b.c_str()}));
  EXPECT_TRUE(difference.changed_at_least);
  EXPECT_GT(difference.characters_changed, 10u);
}

// The whole table, without a band.
std::size_t edits_by_the_book(const std::u32string& a, const std::u32string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
      } else {
        d[i][j] = std::min(
            {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(EditsBetween, AgreeWithTheBook) {
  std::uint32_t state = 99;
  const auto next = [&state](std::uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % below;
  };
  for (int round = 0; round < 400; ++round) {
    std::u32string a;
    std::u32string b;
    for (std::uint32_t i = next(12); i > 0; --i) a += U"ab张"[next(3)];
    for (std::uint32_t i = next(12); i > 0; --i) b += U"ab张"[next(3)];
    const std::size_t edits = edits_by_the_book(a, b);
    for (const std::size_t limit : {1, 2, 3, 5, 20}) {
      EXPECT_EQ(edits_between(a, b, limit), std::min(edits, limit))
          << utf8(a) << " " << utf8(b) << " " << limit;
    }
  }
}

}  // namespace
}  // namespace archive
