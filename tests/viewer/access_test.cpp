#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "config/protected_fields.h"
#include "viewer/access/sessions.h"
#include "viewer/api/masking.h"

namespace archive {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

const ProtectedFields& fields() {
  static const ProtectedFields loaded =
      ProtectedFields::load(std::filesystem::path(SOURCE_ROOT) / "config");
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
       {{{"field", "id_number"}, {"raw", id}, {"value", id}, {"quad", quad(100, 100, 300, 30)},
         {"machine", {{"raw", id}, {"value", id}}}},
        {{"field", "pay_base"}, {"raw", amount}, {"value", amount}, {"quad", quad(100, 200, 90, 30)}},
        {{"field", "unit_name"}, {"raw", "某厂"}, {"value", "某厂"}, {"quad", quad(1, 1, 9, 9)}}}},
      {"typed_values", {{{"field", "id_number"}, {"raw", id}, {"value", id}}}},
      // One digit a cell: no line looks like a number.
      {"lines",
       {{{"text", "1"}, {"quad", quad(100, 100, 16, 30)}},
        {{"text", "月工资 " + amount}, {"quad", quad(60, 200, 150, 30)}},
        {{"text", "身份证号 " + id}, {"quad", quad(900, 900, 300, 30)}},
        {{"text", "某厂"}, {"quad", quad(1, 300, 90, 30)}}}},
      {"pairs",
       {{{"label", "工资"}, {"value", amount}, {"label_quad", quad(0, 200, 50, 30)},
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

TEST(Masking, ReachesTheSentencesOfFindings) {
  Json finding = {{"sentence_zh", "缴费基数 2345.67 与 2300.00 不一致"},
                  {"sentence_en", "the base 2345.67 is not 2300.00"},
                  {"places",
                   {{{"page", 1}, {"field", "pay_base"}, {"printed", "2345.67"}},
                    {{"page", 2}, {"field", "pay_base"}, {"printed", "2300.00"}}}}};
  mask_values(finding, fields());
  EXPECT_THAT(finding.dump(), Not(HasSubstr("2345.67")));
  EXPECT_THAT(finding.dump(), Not(HasSubstr("2300.00")));
}

TEST(Masking, ReachesValuesInListsBesideTheirField) {
  Json view = {{"field", "id_number"},
               {"values",
                {{{"value", "11010519491231002X"},
                  {"places", {{{"field", "id_number"}, {"printed", "11010519491231002X"}}}}}}}};
  mask_values(view, fields());
  EXPECT_THAT(view.dump(), Not(HasSubstr("19491231")));
}

}  // namespace
}  // namespace archive
