#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/review_bench.h"
#include "tests/store/people.h"
#include "tests/store/temporary_folder.h"
#include "viewer/review/alternatives.h"
#include "viewer/review/review_queue.h"
#include "viewer/review/snippet.h"
#include "viewer/review/task_leases.h"

namespace archive {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const FormCatalogue& forms() {
  static const FormCatalogue loaded = FormCatalogue::load(config_folder());
  return loaded;
}

TEST(ReviewBenchRules, IdentityAndMoneyComeBeforeAddresses) {
  const ReviewBenchRules rules = ReviewBenchRules::load(config_folder(), forms());
  bool any = false;
  for (const auto& [doc_type, form] : forms().forms()) {
    for (const FieldDescription& field : form.fields) {
      const double weight = rules.weight_of(doc_type, field.id);
      EXPECT_GT(weight, 1 - 1e-9) << doc_type << " " << field.id;
      if (field.type == ValueType::id18 || field.type == ValueType::money) {
        EXPECT_GE(weight, 8) << doc_type << " " << field.id;
        any = true;
      }
      if (field.type == ValueType::address) {
        EXPECT_LE(weight, 2) << doc_type << " " << field.id;
      }
    }
  }
  EXPECT_TRUE(any);
  EXPECT_EQ(rules.weight_of("DT99", "nobody described it"), 1);
}

TEST(ReviewBenchRules, TablesThatAreWrongAreRefusedWithTheirLine) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() / "duties");
  const auto refused = [&folder](const std::string& risks, const std::string& parameters) {
    std::ofstream(folder.path() / "duties/field_risks.csv") << "kind,field,weight,why\n" << risks;
    std::ofstream(folder.path() / "duties/review_bench.csv")
        << "parameter,value,meaning\n" << parameters;
    return refusal([&folder] { ReviewBenchRules::load(folder.path(), forms()); });
  };
  EXPECT_EQ(refused("id18,,10,\n,name,9,\n", "queue_below,0.5,\n"), kNothingRefused);
  EXPECT_THAT(refused("id19,,10,\n", ""), HasSubstr("no kind of value 'id19'"));
  EXPECT_THAT(refused("id18,,0,\n", ""), HasSubstr("weight"));
  EXPECT_THAT(refused("id18,,9,\nid18,,8,\n", ""), HasSubstr("twice"));
  EXPECT_THAT(refused("id18,name,9,\n", ""), HasSubstr("a kind or a field"));
  EXPECT_THAT(refused("", "queue_below,1.5,\n"), HasSubstr("range"));
  EXPECT_THAT(refused("", "lease,3,\n"), HasSubstr("no parameter 'lease'"));
}

TEST(TaskLeases, AreOnePersonsForAWhile) {
  auto now = TaskLeases::Clock::now();
  TaskLeases leases(seconds(60), [&now] { return now; });
  const ValuePlace place{7, "total", -1};
  EXPECT_TRUE(leases.take(place, "甲"));
  EXPECT_FALSE(leases.take(place, "乙"));
  EXPECT_TRUE(leases.take({7, "total", 0}, "乙")) << "another row is another value";
  now += seconds(59);
  EXPECT_TRUE(leases.take(place, "甲")) << "prolonged";
  now += seconds(59);
  EXPECT_TRUE(leases.held_by(place, "甲"));
  now += seconds(1);
  EXPECT_FALSE(leases.held_by(place, "甲"));
  EXPECT_TRUE(leases.take(place, "乙"));
  leases.give_back(place, "甲");
  EXPECT_EQ(leases.holder(place), "乙") << "nobody gives back what is another's";
  leases.give_back_all("乙");
  EXPECT_EQ(leases.holder(place), std::nullopt);
}

TEST(TaskLeases, NobodyTakesEverything) {
  TaskLeases leases{seconds(60)};
  for (std::size_t i = 0; i < TaskLeases::kOfOneMost; ++i) {
    ASSERT_TRUE(leases.take({static_cast<PageNumber>(i + 1), "f", -1}, "甲"));
  }
  EXPECT_FALSE(leases.take({9'999, "f", -1}, "甲"));
  EXPECT_TRUE(leases.take({9'999, "f", -1}, "乙"));
}

TEST(ReviewQueue, HandwritingHardlyReadIsKeyedTwice) {
  const ReviewBenchRules rules = ReviewBenchRules::load(config_folder(), forms());
  const ReviewQueue queue(rules);
  DoubtfulField field;
  field.confidence = rules.double_keying_below - 0.1;
  EXPECT_EQ(queue.kind_of(field), TaskKind::value);
  field.handwritten = true;
  EXPECT_EQ(queue.kind_of(field), TaskKind::keying);
  field.keyed = 2;
  EXPECT_EQ(queue.kind_of(field), TaskKind::comparison);
  field.keying_done = true;
  EXPECT_EQ(queue.kind_of(field), TaskKind::value);
  field.keying_done = false;
  field.keyed = 0;
  field.confidence = rules.double_keying_below;
  EXPECT_EQ(queue.kind_of(field), TaskKind::value);
  field.keyed = 1;
  EXPECT_EQ(queue.kind_of(field), TaskKind::keying) << "what was begun is ended";
}

FieldDescription described(ValueType type) {
  FieldDescription made;
  made.id = "f";
  made.type = type;
  return made;
}

/// A line of a character each 10 pixels, from (0, 0).
PageLayout layout_of(const std::vector<TextChar>& chars) {
  TextLine line;
  const double width = 10 * static_cast<double>(chars.size());
  line.quad = Quad::of(Box{0, 0, width, 12});
  for (std::size_t i = 0; i < chars.size(); ++i) {
    TextChar one = chars[i];
    one.position = (static_cast<double>(i) + 0.5) / static_cast<double>(chars.size());
    line.text += one.text;
    line.chars.push_back(one);
  }
  PageLayout layout;
  layout.lines.push_back(line);
  return layout;
}

FieldRecord read(const std::string& value, std::size_t characters) {
  FieldRecord made;
  made.field = "f";
  made.raw = made.value = value;
  made.quad = Quad::of(Box{0, 0, 10 * static_cast<double>(characters), 12});
  return made;
}

std::vector<std::string> values_of(const std::vector<ValueAlternative>& list) {
  std::vector<std::string> values;
  for (const ValueAlternative& one : list) values.push_back(one.why + " " + one.value);
  return values;
}

TEST(Alternatives, AreWhatTheNetworkSawSecondLikeliestFirst) {
  const PageLayout layout = layout_of(
      {{"王", 0, 0.6, {{"玉", 0.1}, {"丑", 0.3}}}, {"工", 0, 0.99, {{"土", 0.001}}}});
  const FieldDescription field = described(ValueType::name);
  EXPECT_THAT(values_of(alternatives_of(&field, read("王工", 2), layout, {})),
              ElementsAre("second_reading 丑工", "second_reading 玉工"));
}

TEST(Alternatives, AreValuesOfTheFieldsKind) {
  const PageLayout layout =
      layout_of({{"1", 0, 0.5, {{"l", 0.4}, {"7", 0.3}}}, {"0", 0, 0.9, {}}, {"0", 0, 0.9, {}}});
  const FieldDescription field = described(ValueType::integer);
  EXPECT_THAT(values_of(alternatives_of(&field, read("100", 3), layout, {})),
              ElementsAre("second_reading 700"));
}

TEST(Alternatives, ANumberWhoseCheckFailsGetsTheOneThatHolds) {
  const FieldDescription field = described(ValueType::id18);
  const auto found = alternatives_of(&field, read("110105194912310021", 18), {}, {});
  EXPECT_THAT(values_of(found), ElementsAre("check 11010519491231002X"));
}

TEST(Alternatives, OfAChoiceAreTheOtherChoices) {
  FieldDescription field = described(ValueType::choice);
  field.choices = {"男", "女"};
  EXPECT_THAT(values_of(alternatives_of(&field, read("男", 1), {}, {})), ElementsAre("choice 女"));
}

TEST(Alternatives, LookAlikesComeLast) {
  const LookAlikes looks = LookAlikes::load(config_folder());
  const PageLayout layout = layout_of({{"未", 0, 0.5, {}}, {"明", 0, 0.5, {}}});
  const FieldDescription field = described(ValueType::name);
  EXPECT_THAT(values_of(alternatives_of(&field, read("未明", 2), layout, looks)),
              Contains("look_alike 末明"));
  EXPECT_THAT(alternatives_of(&field, read("未明", 2), {}, looks), IsEmpty());
}

PicturePyramid grey_page(int width, int height) {
  Pixels page{width, height, 1, {}};
  page.bytes.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 255);
  PicturePyramid made;
  made.levels.push_back(page);
  return made;
}

TEST(Snippet, IsTheBoxWithItsMargin) {
  const PicturePyramid page = grey_page(400, 300);
  const PixelBox box{100, 100, 80, 20};
  const Pixels cut = snippet_of(page, box, 0, {1, 0.5}, {});
  EXPECT_EQ(cut.width, 80 + 2 * 20);
  EXPECT_EQ(cut.height, 20 + 2 * 10);
  const Pixels upright = snippet_of(page, {100, 100, 20, 80}, 90, {1, 0.5}, {});
  EXPECT_EQ(upright.width, 80 + 2 * 20) << "the text lies along the long side";
  EXPECT_EQ(upright.height, 20 + 2 * 10);
  const Pixels corner = snippet_of(page, {0, 0, 80, 20}, 0, {1, 0.5}, {});
  EXPECT_EQ(corner.width, 80 + 20) << "nothing beyond the page";
}

TEST(Snippet, PaintsOverWhatElseStandsThere) {
  PicturePyramid page = grey_page(400, 300);
  for (int x = 0; x < 400; ++x) page.levels[0].row(96)[x] = 0;  // ink of a neighbour
  const PixelBox box{100, 100, 80, 20};
  const std::vector<PixelBox> neighbour = {{0, 90, 400, 10}};
  const auto darkest = [](const Pixels& pixels) {
    return *std::ranges::min_element(pixels.bytes);
  };
  EXPECT_EQ(darkest(snippet_of(page, box, 0, kMarginForOffice, {})), 0);
  EXPECT_GT(darkest(snippet_of(page, box, 0, kMarginForOffice, neighbour)), 100);
  page.levels[0].row(105)[120] = 7;
  const std::vector<PixelBox> over = {{90, 90, 200, 40}};
  EXPECT_EQ(darkest(snippet_of(page, box, 0, kMarginForContractor, over)), 7)
      << "the value itself is always seen";
}

TEST(Snippet, BoxesLieOnThePage) {
  const PixelBox box = pixel_box_of(Quad::of(Box{-5, 10.2, 500, 10.4}), 400, 300);
  EXPECT_TRUE(box.lies_within(400, 300));
  EXPECT_EQ(box, (PixelBox{0, 10, 400, 1}));
  EXPECT_TRUE(pixel_box_of(Quad::of(Box{500, 500, 510, 510}), 400, 300).lies_within(400, 300));
}

}  // namespace
}  // namespace archive
