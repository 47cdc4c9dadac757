#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "config/protected_fields.h"
#include "tests/source_root.h"
#include "viewer/access/sessions.h"
#include "viewer/api/masking.h"
#include "viewer/dossier_report.h"

namespace archive {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

const ProtectedFields& fields() {
  static const ProtectedFields loaded = ProtectedFields::load(source_root() / "config");
  return loaded;
}

// -- Sessions

TEST(SessionsTest, AreFoundByWhatCannotBeGuessed) {
  Sessions sessions;
  Session one;
  one.name = "Wang";
  const Session opened = sessions.open(one);
  const Session other = sessions.open(one);
  EXPECT_EQ(opened.id.size(), 64u);
  EXPECT_NE(opened.id, other.id);
  EXPECT_NE(opened.csrf, opened.id);
  EXPECT_EQ(sessions.find(opened.id)->name, "Wang");
  EXPECT_FALSE(sessions.find(""));
  EXPECT_FALSE(sessions.find(std::string(64, '0')));
  sessions.close(opened.id);
  EXPECT_FALSE(sessions.find(opened.id));
  EXPECT_TRUE(sessions.find(other.id));
}

TEST(SessionsTest, EndWhenNobodyUsesThemAndInAnyCase) {
  Sessions::Limits limits;
  limits.idle = 0min;
  Sessions idle(limits);
  EXPECT_FALSE(idle.find(idle.open({}).id));
  limits.idle = 30min;
  limits.whole = 0min;
  Sessions whole(limits);
  EXPECT_FALSE(whole.find(whole.open({}).id));
}

TEST(SessionsTest, NameAPageForThemselvesAlone) {
  Sessions sessions;
  const Session one = sessions.open({});
  const Session other = sessions.open({});
  const std::string token = one.token_of(12);
  EXPECT_EQ(one.page_of(token), 12);
  EXPECT_FALSE(other.page_of(token)) << "good in its own session only";
  EXPECT_FALSE(one.page_of("13" + token.substr(2))) << "another page needs another seal";
  for (const char* bad : {"", "12", "12-", "-", "0-00", "99999999999999999999-00", "12-00"}) {
    EXPECT_FALSE(one.page_of(bad)) << bad;
  }
}

TEST(SessionsTest, WhoFailsTooOftenWaits) {
  Sessions sessions;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(sessions.must_wait("wang", "10.0.0.1").count(), 0) << i;
    sessions.note_failure("wang", "10.0.0.1");
  }
  EXPECT_GT(sessions.must_wait("wang", "10.0.0.1").count(), 0);
  EXPECT_GT(sessions.must_wait("wang", "10.0.0.2").count(), 0) << "from anywhere";
  EXPECT_EQ(sessions.must_wait("li", "10.0.0.1").count(), 0) << "one machine has many clerks";
  sessions.forget_failures("wang");
  EXPECT_EQ(sessions.must_wait("wang", "10.0.0.2").count(), 0);
  for (int i = 0; i < 50; ++i) sessions.note_failure("user" + std::to_string(i), "10.0.0.9");
  EXPECT_GT(sessions.must_wait("somebody", "10.0.0.9").count(), 0);
}

TEST(SessionsTest, OfAUserEndTogether) {
  Sessions sessions;
  Session wang;
  wang.user = 1;
  Session li;
  li.user = 2;
  const Session one = sessions.open(wang);
  const Session two = sessions.open(li);
  sessions.close_all_of(1);
  EXPECT_FALSE(sessions.find(one.id));
  EXPECT_TRUE(sessions.find(two.id));
}

// -- Masks

struct Masked {
  const char* text;
  const char* expected;
};
class NumberInText : public testing::TestWithParam<Masked> {};
TEST_P(NumberInText, IsMasked) {
  EXPECT_EQ(ProtectedFields::masked_numbers(GetParam().text), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    All, NumberInText,
    testing::Values(Masked{"身份证 11010519491231002X 号", "身份证 1101**********002X 号"},
                    Masked{"11010519491231002x", "1101**********002x"},
                    Masked{"110105491231002", "1101*******1002"},
                    Masked{"１１０１０５１９４９１２３１００２Ｘ", "１１０１**********００２Ｘ"},
                    Masked{"1101 0519 4912 3100 2X", "1101 **** **** **00 2X"},
                    Masked{"6222021001112345678", "6222***********5678"},
                    Masked{"2004-06-30 1234.56", "2004-06-30 1234.56"},
                    Masked{"13812345678", "13812345678"}, Masked{"", ""},
                    Masked{"没有号码", "没有号码"}));

TEST(ProtectedFieldsTest, KnowsWhatIsSensitive) {
  EXPECT_TRUE(fields().covers("id_number"));
  EXPECT_TRUE(fields().covers("bank_account"));
  EXPECT_FALSE(fields().covers("unit_name"));
  EXPECT_EQ(fields().masked("11010519491231002X"), "1101**********002X");
  EXPECT_EQ(fields().masked("2345.67"), "******");
  EXPECT_EQ(fields().masked("汉族"), "******");
  EXPECT_EQ(fields().masked(""), "");
}

Json quad(double x, double y, double w, double h) {
  return {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
}

// Whatever an answer carries: the number is in none of it.
TEST(Masking, LeavesNoProtectedValueAnywhere) {
  const std::string id = "11010519491231002X";
  const std::string amount = "2345.67";
  Json page = {
      {"source", id + ".jpg"},
      {"source_object", "sha256-" + std::string(64, '1')},
      {"fields",
       {{{"field", "id_number"},
         {"raw", id},
         {"value", id},
         {"quad", quad(100, 100, 300, 30)},
         {"machine", {{"raw", id}, {"value", id}}}},
        {{"field", "pay_base"},
         {"raw", amount},
         {"value", amount},
         {"quad", quad(100, 200, 90, 30)}},
        {{"field", "unit_name"}, {"raw", "某厂"}, {"value", "某厂"}, {"quad", quad(1, 1, 9, 9)}}}},
      {"typed_values", {{{"field", "id_number"}, {"raw", id}, {"value", id}}}},
      // One digit a cell: no line looks like a number.
      {"lines",
       {{{"text", "1"}, {"quad", quad(100, 100, 16, 30)}},
        {{"text", "月工资 " + amount}, {"quad", quad(60, 200, 150, 30)}},
        {{"text", "身份证号 " + id}, {"quad", quad(900, 900, 300, 30)}},
        {{"text", "某厂"}, {"quad", quad(1, 300, 90, 30)}}}},
      {"pairs",
       {{{"label", "工资"},
         {"value", amount},
         {"label_quad", quad(0, 200, 50, 30)},
         {"value_quad", quad(100, 200, 90, 30)}}}},
      {"seals", Json::array()},
      {"persons", {{{"name", "张三"}, {"id_number", id}}}}};
  mask_page(page, fields());
  const std::string sent = page.dump();
  EXPECT_THAT(sent, Not(HasSubstr(id)));
  EXPECT_THAT(sent, Not(HasSubstr(amount)));
  EXPECT_EQ(page["lines"][0]["text"], "*") << "a digit in its cell is a part of the number";
  EXPECT_EQ(page["lines"][3]["text"], "某厂");
  EXPECT_EQ(page["fields"][2]["value"], "某厂");
  EXPECT_EQ(page["source_object"], "sha256-" + std::string(64, '1')) << "a hash is no number";
}

// It looked for sentences under names that no answer has.
TEST(Masking, ReachesTheSentencesOfFindings) {
  ReportedFinding told;
  told.places = {{{1, "pay_base", -1, "2345.67"}, "", 0, {}},
                 {{2, "pay_base", -1, "2300.00"}, "", 0, {}}};
  told.record.finding.expected = "2350.00";
  told.sentence_zh = "缴费基数 2345.67 与 2300.00 不一致，应为 2350.00";
  told.sentence_en = "the base 2345.67 is not 2300.00; it should be 2350.00";
  Json finding = finding_json(told);
  ASSERT_THAT(finding.dump(), HasSubstr("2345.67"));
  mask_values(finding, fields());
  for (const char* value : {"2345.67", "2300.00", "2350.00"}) {
    EXPECT_THAT(finding.dump(), Not(HasSubstr(value)));
  }
  EXPECT_THAT(finding["sentence"]["en"].get<std::string>(), HasSubstr("the base"));
}

TEST(Masking, ReachesValuesInListsBesideTheirField) {
  Json view = {{"field", "id_number"},
               {"values",
                {{{"value", "11010519491231002X"},
                  {"places", {{{"field", "id_number"}, {"printed", "11010519491231002X"}}}}}}}};
  mask_values(view, fields());
  EXPECT_THAT(view.dump(), Not(HasSubstr("19491231")));
}

Json text_at(const char* text, const Json& place) { return {{"text", text}, {"quad", place}}; }

// A line as long as the page is not for the most part the value, and tells it all the same.
TEST(Masking, HidesALongLineThatBearsAShortValue) {
  Json page = {{"fields",
                {{{"field", "diagnosis"},
                  {"raw", "慢性肾病"},
                  {"value", "慢性肾病"},
                  {"quad", quad(500, 100, 80, 20)}},
                 {{"field", "injured_part"},
                  {"raw", "足"},
                  {"value", "足"},
                  {"quad", quad(100, 50, 20, 20)}}}},
               {"lines",
                {text_at("经本院检查诊断为慢牲肾病须长期治疗并定期复查", quad(0, 100, 1000, 20)),
                 text_at("复查意见同前：慢性 肾病", quad(0, 800, 400, 20)),
                 text_at("足额缴费须附照片", quad(0, 900, 400, 20))}},
               {"pairs",
                {{{"label", "病名"},
                  {"value", "慢性肾病三期"},
                  {"label_quad", quad(0, 600, 50, 20)},
                  {"value_quad", quad(60, 600, 90, 20)}}}}};
  mask_page(page, fields());
  EXPECT_EQ(page["lines"][0]["text"].get<std::string>(), std::string(22, '*')) << "by its place";
  EXPECT_EQ(page["lines"][1]["text"].get<std::string>(), std::string(12, '*')) << "by its words";
  EXPECT_EQ(page["lines"][2]["text"], "足额缴费须附照片") << "one character is no secret";
  EXPECT_EQ(page["pairs"][0]["value"], "******");
  EXPECT_EQ(page["pairs"][0]["label"], "病名");
}

TEST(Masking, HidesWhereAPersonTypedAndWhereTheMachineRead) {
  Json page = {
      {"fields",
       {{{"field", "pay_base"},
         {"raw", "2345.67"},
         {"value", "2345.67"},
         {"quad", quad(0, 0, 0, 0)},
         {"machine",
          {{"raw", "2845.67"}, {"value", "2845.67"}, {"quad", quad(10, 300, 90, 30)}}}}}},
      {"typed_values",
       {{{"field", "pay_base"},
         {"raw", "2345.67"},
         {"value", "2345.67"},
         {"box", {100, 200, 90, 30}}}}},
      {"lines",
       {text_at("23 45 б7", quad(100, 200, 90, 30)), text_at("28a5", quad(10, 300, 90, 30)),
        text_at("原为2845.67元", quad(10, 500, 900, 30)), text_at("某厂", quad(10, 700, 90, 30))}}};
  mask_page(page, fields());
  EXPECT_EQ(page["lines"][0]["text"], "********") << "the typed box";
  EXPECT_EQ(page["lines"][1]["text"], "****") << "the machine's place";
  EXPECT_EQ(page["lines"][2]["text"], "**********") << "the machine's words";
  EXPECT_EQ(page["lines"][3]["text"], "某厂");
}

TEST(Masking, HidesCodesThatBearAValue) {
  Json page = {
      {"fields",
       {{{"field", "pay_base"},
         {"raw", "2345.67"},
         {"value", "2345.67"},
         {"quad", quad(100, 100, 90, 30)}}}},
      {"codes",
       {text_at("base=2345.67;v=1", quad(700, 700, 90, 90)),
        text_at("JZ-0001", quad(700, 100, 90, 90)), text_at("JZ-0002", quad(90, 90, 120, 60))}}};
  mask_page(page, fields());
  EXPECT_EQ(page["codes"][0]["text"].get<std::string>(), std::string(16, '*'));
  EXPECT_EQ(page["codes"][1]["text"], "JZ-0001");
  EXPECT_EQ(page["codes"][2]["text"], "*******") << "on the value";
}

// -- Snippets

PageRecord page_with(const std::string& field, const std::string& raw) {
  PageRecord page;
  FieldRecord made;
  made.field = field;
  made.raw = made.value = raw;
  page.fields.push_back(made);
  return page;
}

struct Told {
  const char* snippet;
  const char* expected;
};
class DiagnosisInSnippet : public testing::TestWithParam<Told> {};
TEST_P(DiagnosisInSnippet, IsStarred) {
  PageRecord page = page_with("diagnosis", "慢性阻塞性肺病");
  page.fields[0].machine.emplace().raw = "慢牲肺病";
  EXPECT_EQ(told_snippet(GetParam().snippet, page, fields()), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    All, DiagnosisInSnippet,
    testing::Values(Told{"诊断为慢性«阻塞»性肺病，住院", "诊断为**«**»***，住院"},
                    Told{"诊断为«慢性 阻塞性肺病»。", "诊断为«** *****»。"},
                    Told{"…性肺病«住院»治疗", "…***«住院»治疗"},
                    Told{"«诊断»为慢性阻…", "«诊断»为***…"}, Told{"…阻塞性…", "…***…"},
                    Told{"原读作慢牲肺病", "原读作****"}, Told{"病人«住院»治疗", "病人«住院»治疗"},
                    Told{"", ""}));

TEST(Snippets, TellAValueAloneAsTheValueIsTold) {
  const PageRecord number = page_with("id_number", "11010519491231002X");
  EXPECT_EQ(told_snippet("«11010519491231002X»", number, fields()), "«1101**********002X»");
  EXPECT_EQ(told_snippet("«男»", page_with("diagnosis", "男"), fields()), "«******»");
  EXPECT_EQ(told_snippet("«某厂»", page_with("unit_name", "某厂"), fields()), "«某厂»");
}

TEST(Snippets, TellNoLongNumberWithAHitInsideOrCutOff) {
  const PageRecord none;
  EXPECT_EQ(told_snippet("号 110105«19491231»002X", none, fields()), "号 1101**«********»002X");
  EXPECT_EQ(told_snippet("…1231002X «王五»", none, fields()), "…******** «王五»");
  EXPECT_EQ(told_snippet("«王五» 110105…", none, fields()), "«王五» ******…");
  EXPECT_EQ(told_snippet("2009 年«王五»", none, fields()), "2009 年«王五»") << "nothing was cut";
}

TEST(Snippets, ShowEverythingToWhoeverSaidWhy) {
  static const Channels channels = Channels::load(source_root() / "config");
  const PageRecord page = page_with("diagnosis", "慢性肾病");
  EXPECT_EQ(told_snippet("诊断«慢性肾病»", page, FieldSight(fields(), channels, nullptr, true)),
            "诊断«慢性肾病»");
}

}  // namespace
}  // namespace archive
