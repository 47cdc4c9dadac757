#include "core/citizen_id.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

// The numbers here are the two worked examples of GB 11643-1999, or made from them.
// No real person's number belongs in a test.

namespace archive {
namespace {

using std::chrono::year, std::chrono::year_month_day;
using enum CitizenIdFault;

template <class Row>
std::string row_name(const testing::TestParamInfo<Row>& row) {
  return row.param.name;
}

struct Accepted {
  const char* name;
  const char* text;
  year_month_day birth_date;
  Sex sex;
};

class AcceptedCitizenId : public testing::TestWithParam<Accepted> {};

TEST_P(AcceptedCitizenId, TellsBirthDateAndSex) {
  const auto id = CitizenId::parse(GetParam().text);
  ASSERT_TRUE(id);
  EXPECT_EQ(id->birth_date(), GetParam().birth_date);
  EXPECT_EQ(id->sex(), GetParam().sex);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, AcceptedCitizenId,
    testing::Values(
        Accepted{"WomanOfBeijing", "11010519491231002X", year{1949} / 12 / 31, Sex::female},
        Accepted{"ManOfShantou", "440524188001010014", year{1880} / 1 / 1, Sex::male},
        Accepted{"SmallX", "11010519491231002x", year{1949} / 12 / 31, Sex::female},
        Accepted{"OldFifteenDigits", "110105491231002", year{1949} / 12 / 31, Sex::female},
        Accepted{"LastBeforeTheHundred", "110105491231995", year{1949} / 12 / 31, Sex::male}),
    row_name<Accepted>);

struct Refused {
  const char* name;
  const char* text;
  CitizenIdFault fault;
};

class RefusedCitizenId : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCitizenId, NamesTheFault) {
  const auto id = CitizenId::parse(GetParam().text);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedCitizenId,
    testing::Values(Refused{"Nothing", "", length},
                    Refused{"OneTooMany", "11010519491231002X0", length},
                    Refused{"OneTooFew", "1101051949123100X", length},
                    Refused{"LetterForDigit", "1101O519491231002X", character},
                    Refused{"XInTheBody", "110105X9491231002X", character},
                    Refused{"WrongLastSign", "11010519491231002Y", character},
                    Refused{"BytesOfAHanzi", "1101051949123100\xE5\xB7", character},
                    Refused{"ThirteenthMonth", "11010519491331002X", birth_date},
                    Refused{"NoSuchLeapDay", "110105194902290023", birth_date},
                    Refused{"WrongCheckSign", "110105194912310021", check_character},
                    Refused{"OldWithALetter", "11010549123100X", character},
                    Refused{"OldWithoutSuchADay", "110105490230002", birth_date},
                    Refused{"OldOfACentenarian", "110105491231996", century}),
    row_name<Refused>);

// What the check character is for: a misread digit must not slip through.
TEST(CitizenId, RefusesEveryMisreadSign) {
  const std::string right = "11010519491231002X";
  for (std::size_t place = 0; place < right.size(); ++place) {
    for (char wrong : std::string("0123456789X")) {
      if (wrong == right[place]) continue;
      std::string misread = right;
      misread[place] = wrong;
      EXPECT_FALSE(CitizenId::parse(misread)) << "place " << place << " read as " << wrong;
    }
  }
}

TEST(CitizenId, RefusesEverySwapOfNeighbours) {
  const std::string right = "440524188001010014";
  for (std::size_t place = 0; place + 1 < right.size(); ++place) {
    std::string swapped = right;
    std::swap(swapped[place], swapped[place + 1]);
    if (swapped == right) continue;
    EXPECT_FALSE(CitizenId::parse(swapped)) << "places " << place << " and " << place + 1;
  }
}

// The same sum, worked the way the standard prints it. Two ways, one answer.
TEST(CitizenId, CheckCharacterAgreesWithThePrintedWeights) {
  constexpr int kWeights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  std::mt19937 random(11643);  // a fixed seed: the same 20,000 numbers every time
  for (int round = 0; round < 20'000; ++round) {
    std::string body;
    int sum = 0;
    for (int weight : kWeights) {
      const int digit = static_cast<int>(random() % 10);
      body += static_cast<char>('0' + digit);
      sum += digit * weight;
    }
    const int check = (12 - sum % 11) % 11;
    const char expected = check == 10 ? 'X' : static_cast<char>('0' + check);
    ASSERT_EQ(CitizenId::check_character(body), expected) << body;
  }
}

TEST(CitizenId, WidensTheOldFormAndKeepsWhatWasPrinted) {
  const auto old = CitizenId::parse("110105491231002");
  const auto full = CitizenId::parse("11010519491231002X");
  ASSERT_TRUE(old);
  ASSERT_TRUE(full);
  EXPECT_TRUE(old->widened());
  EXPECT_EQ(old->text(), "11010519491231002X");
  EXPECT_EQ(old->printed(), "110105491231002");
  EXPECT_FALSE(full->widened());
  EXPECT_EQ(full->printed(), full->text());
  EXPECT_EQ(*old, *full) << "one person, printed in two ways";
}

TEST(CitizenId, MaskHidesTheBirthDate) {
  const auto id = CitizenId::parse("11010519491231002x");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "11010519491231002X");
  EXPECT_EQ(id->masked(), "110***********002X");
  EXPECT_EQ(id->region(), "110105");
}

TEST(CitizenId, EqualTextMeansEqualNumber) {
  EXPECT_EQ(*CitizenId::parse("11010519491231002x"), *CitizenId::parse("11010519491231002X"));
  EXPECT_LT(*CitizenId::parse("11010519491231002X"), *CitizenId::parse("440524188001010014"));
}

TEST(CitizenId, FaultsHaveNames) {
  EXPECT_EQ(name_of(check_character), "check_character");
  EXPECT_EQ(name_of(century), "century");
}

}  // namespace
}  // namespace archive
