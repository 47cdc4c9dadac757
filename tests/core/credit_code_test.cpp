#include "core/credit_code.h"

#include <gtest/gtest.h>

#include <string>

// 91350100M000100Y43 is the worked example of GB 32100-2015, D2143569-X that of GB 11714.

namespace archive {
namespace {

using enum CreditCodeFault;

TEST(CreditCode, TellsItsParts) {
  const auto code = CreditCode::parse("91350100M000100Y43");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->text(), "91350100M000100Y43");
  EXPECT_EQ(code->region(), "350100");
  EXPECT_EQ(code->organisation(), "M000100Y4");
}

struct Refused {
  const char* name;
  const char* text;
  CreditCodeFault fault;
};
class RefusedCreditCode : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCreditCode, NamesTheFault) {
  const auto code = CreditCode::parse(GetParam().text);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedCreditCode,
    testing::Values(Refused{"Nothing", "", length},
                    Refused{"OneTooFew", "91350100M000100Y4", length},
                    Refused{"OldOrganisationCode", "D2143569-X", length},
                    Refused{"LetterOutsideTheAlphabet", "91350100M000100YZ3", character},
                    Refused{"LetterOForZero", "9135O100M000100Y43", character},
                    Refused{"SmallLetters", "91350100m000100y43", character},
                    Refused{"WrongCheckSign", "91350100M000100Y44", check_character}),
    [](const auto& row) { return row.param.name; });

TEST(CreditCode, RefusesEveryMisreadSign) {
  const std::string right = "91350100M000100Y43";
  for (std::size_t place = 0; place < right.size(); ++place) {
    for (char wrong : std::string("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
      if (wrong == right[place]) continue;
      std::string misread = right;
      misread[place] = wrong;
      EXPECT_FALSE(CreditCode::parse(misread)) << "place " << place << " read as " << wrong;
    }
  }
}

TEST(CreditCode, CheckCharacterAgreesWithThePrintedWeights) {
  constexpr int kWeights[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
  const std::string alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const std::string body = "91350100M000100Y4";
  int sum = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    sum += kWeights[i] * static_cast<int>(alphabet.find(body[i]));
  }
  EXPECT_EQ(sum, 1640);
  EXPECT_EQ(CreditCode::check_character(body), alphabet[static_cast<std::size_t>(31 - sum % 31)]);
}

TEST(OrganisationCode, IsReadWithAndWithoutItsHyphen) {
  ASSERT_TRUE(OrganisationCode::parse("D2143569-X"));
  EXPECT_EQ(OrganisationCode::parse("D2143569-X")->text(), "D2143569X");
  EXPECT_EQ(*OrganisationCode::parse("D2143569X"), *OrganisationCode::parse("D2143569-X"));
}

class RefusedOrganisationCode : public testing::TestWithParam<Refused> {};

TEST_P(RefusedOrganisationCode, NamesTheFault) {
  const auto code = OrganisationCode::parse(GetParam().text);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(Examples, RefusedOrganisationCode,
                         testing::Values(Refused{"HyphenElsewhere", "D21435-69X", length},
                                         Refused{"OneTooMany", "D2143569-X0", length},
                                         Refused{"WrongCheckSign", "D2143569-1", check_character},
                                         Refused{"SmallLetter", "d2143569-X", character}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace archive
