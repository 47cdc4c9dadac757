#include "ocr/form_learner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "config/form_text.h"
#include "ocr/form_reader.h"
#include "tests/ocr/form/form_page_builder.h"
#include "tests/source_root.h"

// A paper that no configuration knows: learned from two pages of it, then read on a third.

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

namespace fs = std::filesystem;

const FormCatalogue& shipped() {
  static const FormCatalogue catalogue = FormCatalogue::load(source_root() / "config");
  return catalogue;
}

struct Child {
  const char *name, *born;
};

struct Filled {
  const char *card, *parent, *id, *district, *since, *amount;
  std::vector<Child> children;
};

const Filled kFirst = {"TB20240117",
                       "张三丰",
                       "11010519491231002X",
                       "北苑片区",
                       "2024年3月1日",
                       "4,685.50",
                       {{"张小一", "2021-05-06"}, {"张小二", "2023-01-09"}}};
const Filled kSecond = {"TB20240202",   "李四光",   "440524188001010014",      "南湖片区",
                        "2024年4月1日", "1,200.00", {{"李小三", "2022-11-30"}}};
const Filled kThird = {"TB20240999",
                       "王五福",
                       "11010519491231002X",
                       "东坡片区",
                       "2024年12月15日",
                       "9,031.25",
                       {{"王小六", "2020-02-29"}, {"王小七", "2024-08-08"}}};

constexpr std::initializer_list<int> kEdges = {120, 380, 820, 1080, 1530};

FormPageBuilder nursery_card(const Filled& filled) {
  FormPageBuilder page;
  page.title("托育补贴申领登记卡");
  page.text(120, 250, std::string("登记卡编号：") + filled.card);
  page.row(300, 380, kEdges, {"姓　名", filled.parent, "身份证号码", filled.id});
  page.row(380, 460, kEdges, {"托育片区", filled.district, "补贴起始日期", filled.since});
  page.row(460, 540, kEdges, {"每月补贴金额", filled.amount, "经办备注", ""});
  page.row(640, 720, {120, 620, 1120}, {"幼儿名字", "幼儿出生日期"});
  int top = 720;
  for (int i = 0; i < 3; ++i, top += 80) {
    const bool there = i < static_cast<int>(filled.children.size());
    const auto& child = there ? filled.children[static_cast<std::size_t>(i)] : Child{"", ""};
    page.row(top, top + 80, {120, 620, 1120}, {child.name, child.born});
  }
  page.text(1000, 250, "本登记卡由托育机构统一保管");
  return page;
}

ExtractedPage read(const FormReader& reader, const FormPageBuilder& page) {
  return reader.extract(reader.classify(page.build()), {});
}

SamplePage sample(const FormPageBuilder& page) {
  static const FormReader reader(shipped());
  const ExtractedPage read_page = read(reader, page);
  return {read_page.classified.recognized.lines, read_page.pairs, FormPageBuilder::kWidth,
          FormPageBuilder::kHeight};
}

Result<LearnedForm, LearnRefusal> learned_from(const std::vector<SamplePage>& samples,
                                               const LabelChoice& choice = {}) {
  return learn_form("DT50", samples, choice, shipped());
}

/// The shipped configuration with one type more.
class ConfigWith {
 public:
  explicit ConfigWith(const FormDescription& form)
      : folder_(fs::path(testing::TempDir()) / ("learned_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    fs::copy(source_root() / "config" / "domain", folder_ / "domain");
    fs::copy(source_root() / "config" / "forms", folder_ / "forms");
    std::ofstream(folder_ / "forms" / "DT50.toml") << form_text(form, "托育补贴申领登记卡");
    std::ofstream(folder_ / "domain" / "document_types.csv", std::ios::app)
        << "DT50,托育补贴申领登记卡,,Nursery card,托育补贴申领登记卡,40,SB.UNK,P,any,,P2,project\n";
  }
  ~ConfigWith() { fs::remove_all(folder_); }

  FormCatalogue load() const { return FormCatalogue::load(folder_); }

 private:
  fs::path folder_;
};

TEST(FormLearner, AThirdPageIsKnownAndReadByWhatTwoTaught) {
  const FormReader before(shipped());
  EXPECT_EQ(before.classify(nursery_card(kThird).build()).doc_type, "DT99");

  const auto learned = learned_from({sample(nursery_card(kFirst)), sample(nursery_card(kSecond))});
  ASSERT_TRUE(learned);
  EXPECT_THAT(learned->form.titles, ElementsAre("托育补贴申领登记卡"));
  const ConfigWith config(learned->form);
  const FormCatalogue catalogue = config.load();
  const FormReader reader(catalogue);
  const ExtractedPage page = read(reader, nursery_card(kThird));
  EXPECT_EQ(page.classified.doc_type, "DT50");

  std::map<std::string, std::string> values;
  for (const ExtractedField& field : page.fields) {
    for (const FieldDescription& description : catalogue.form("DT50")->fields) {
      if (description.id != field.field) continue;
      const std::string row = field.row < 0 ? "" : "[" + std::to_string(field.row) + "]";
      values[description.label_zh + row] = field.value;
    }
  }
  EXPECT_THAT(values,
              UnorderedElementsAre(
                  Pair("登记卡编号", "TB20240999"), Pair("姓名", "王五福"),
                  Pair("身份证号码", "11010519491231002X"), Pair("托育片区", "东坡片区"),
                  Pair("补贴起始日期", "2024-12-15"), Pair("每月补贴金额", "9031.25"),
                  Pair("幼儿名字[0]", "王小六"), Pair("幼儿名字[1]", "王小七"),
                  Pair("幼儿出生日期[0]", "2020-02-29"), Pair("幼儿出生日期[1]", "2024-08-08")));
}

TEST(FormLearner, AFieldThatFormsHaveKeepsItsName) {
  const auto learned = learned_from({sample(nursery_card(kFirst)), sample(nursery_card(kSecond))});
  ASSERT_TRUE(learned);
  std::map<std::string, ValueType> types;
  std::map<std::string, std::string> ids;
  for (const FieldDescription& field : learned->form.fields) {
    types[field.label_zh] = field.type;
    ids[field.label_zh] = field.id;
  }
  EXPECT_EQ(ids["姓名"], "person_name");
  EXPECT_EQ(ids["身份证号码"], "id_number");
  EXPECT_EQ(types["补贴起始日期"], ValueType::date);
  EXPECT_EQ(types["每月补贴金额"], ValueType::money);
  EXPECT_EQ(types["托育片区"], ValueType::text);
  EXPECT_EQ(types["登记卡编号"], ValueType::code);
}

TEST(FormLearner, APersonChoosesTheLabels) {
  const std::vector<SamplePage> samples = {sample(nursery_card(kFirst))};
  const auto kept = learned_from(samples, {.keep = {"姓名：", "托育片区"}, .drop = {}});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->form.fields.size(), 2u);
  const auto dropped = learned_from(samples, {.keep = {}, .drop = {"托育片区"}});
  ASSERT_TRUE(dropped);
  for (const FieldDescription& field : dropped->form.fields) EXPECT_NE(field.label_zh, "托育片区");
  const auto wrong = learned_from(samples, {.keep = {}, .drop = {"户籍"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, LearnRefusal::Kind::no_such_label);
  EXPECT_EQ(wrong.error().label, "户籍");
}

TEST(FormLearner, PagesOfOtherPapersTeachNothingTogether) {
  FormPageBuilder other;
  other.title("机动车停放月票");
  other.text(120, 300, "车牌号码：示A00001").text(120, 360, "车位编号：B2-017");
  const auto refused = learned_from({sample(nursery_card(kFirst)), sample(other)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, LearnRefusal::Kind::other_papers);
  EXPECT_EQ(refused.error().second, 1u);
  EXPECT_GT(refused.error().of, 4);
}

TEST(FormLearner, APageWithoutPairsTeachesNothing) {
  FormPageBuilder letter;
  letter.title("通知").text(120, 300, "请各单位按时参加会议");
  const auto refused = learned_from({sample(nursery_card(kFirst)), sample(letter)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, LearnRefusal::Kind::no_pairs);
  EXPECT_EQ(refused.error().first, 1u);
}

}  // namespace
}  // namespace archive
