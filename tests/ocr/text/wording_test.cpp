#include "ocr/text/wording.h"

#include <gtest/gtest.h>

#include "core/utf8.h"

namespace archive {
namespace {

LineReading reading_of(std::string_view text) {
  LineReading reading;
  for (const char32_t c : code_points(std::string(text))) {
    reading.chars.push_back({utf8(c), 0, 1});
  }
  return reading;
}

struct Wording {
  const char* name;
  const char* read;
  const char* meant;
};
class Wordings : public testing::TestWithParam<Wording> {};

TEST_P(Wordings, AreSettledByTheirNeighbours) {
  LineReading reading = reading_of(GetParam().read);
  settle_wording(reading);
  std::string text;
  for (const TextChar& c : reading.chars) text += c.text;
  EXPECT_EQ(text, GetParam().meant);
}

INSTANTIATE_TEST_SUITE_P(
    All, Wordings,
    testing::Values(
        Wording{"materials", "工伤保险待遇村料", "工伤保险待遇材料"},
        Wording{"materials_end", "工伤保险待遇材抖", "工伤保险待遇材料"},
        Wording{"no_materials", "新村料理店", "新村料理店"},
        Wording{"party", "z方（签字）", "乙方（签字）"}, Wording{"party_alone", "z", "乙"},
        Wording{"latin", "zone", "zone"}, Wording{"latin_code", "3z", "3z"},
        Wording{"first_party", "申方：", "甲方："}, Wording{"to_apply", "申请表", "申请表"},
        Wording{"comma", "养老丶医疗", "养老、医疗"}, Wording{"full_stop", "同意°", "同意。"},
        Wording{"degrees", "30°", "30°"}, Wording{"nought", "1o5", "105"},
        Wording{"letter_o", "No.5", "No.5"}, Wording{"dash", "2019一07", "2019-07"},
        Wording{"one", "一九八〇", "一九八〇"}, Wording{"date", "2019.07,01", "2019.07.01"},
        Wording{"amount", "1.234.56", "1,234.56"}, Wording{"amount_colon", "5,466:00", "5,466.00"},
        Wording{"large_amount", "1.234.567,89", "1,234,567.89"}, Wording{"clock", "12:30", "12:30"},
        Wording{"version", "1.2.3", "1.2.3"}, Wording{"speck", "811.84.", "811.84"},
        Wording{"sentence", "共3页.", "共3页."}, Wording{"fill_in_line", "自__年", "自年"},
        Wording{"tick", "在相应“口”内打“V”", "在相应“□”内打“√”"},
        Wording{"quoted_latin", "“Via”", "“Via”"},
        Wording{"minus", "报销金额=（费用总额一自费金额一起付标准）×比例",
                "报销金额=（费用总额-自费金额-起付标准）×比例"},
        Wording{"plus", "养老金=（平均工资十本人工资）÷2", "养老金=（平均工资+本人工资）÷2"},
        Wording{"no_formula", "总额一万元，金额十万元三", "总额一万元，金额十万元三"},
        Wording{"underscore", "a_b", "a_b"}),
    [](const auto& row) { return row.param.name; });

// The network was torn between a sign and what looks like it.
LineReading torn(std::string_view text, std::initializer_list<std::pair<int, const char*>> signs) {
  LineReading reading = reading_of(text);
  for (const auto& [place, sign] : signs) {
    TextChar& c = reading.chars.at(static_cast<std::size_t>(place));
    c.confidence = 0.4;
    c.alternatives = {{"人", 0.2}, {sign, 0.1}};
  }
  return reading;
}

std::string settled(LineReading reading) {
  settle_wording(reading);
  std::string text;
  for (const TextChar& c : reading.chars) text += c.text;
  return text;
}

TEST(FormulaSigns, AreWhatTheNetworkHeldPossibleBetweenQuantities) {
  EXPECT_EQ(settled(torn("储存额一计发月数，养老金三工资（年限X1.3%",
                         {{3, "÷"}, {12, "="}, {15, "×"}, {18, "×"}})),
            "储存额÷计发月数，养老金=工资×年限×1.3%");
}

TEST(FormulaSigns, OneDoubtfulPlaceMakesNoFormula) {
  EXPECT_EQ(settled(torn("总额一万元，金额十万元", {{2, "-"}})), "总额一万元，金额十万元");
}

}  // namespace
}  // namespace archive
