#include "core/typed_value.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

TypedValue said(const std::string& value, bool mandatory, const std::string& ended_at = "") {
  TypedValue typed;
  typed.field = "id_number";
  typed.value = value;
  typed.mandatory = mandatory;
  typed.ended_at = ended_at;
  return typed;
}

TypedValue of_row(int row) {
  TypedValue typed = said("b", true);
  typed.row = row;
  return typed;
}

struct Said {
  const char* name;
  std::vector<TypedValue> typed;
  TypedState state;
};
class StateOfTyped : public testing::TestWithParam<Said> {};

TEST_P(StateOfTyped, IsToldByWhatStands) {
  EXPECT_EQ(typed_state(GetParam().typed, "id_number", -1), GetParam().state);
}

INSTANTIATE_TEST_SUITE_P(
    R25, StateOfTyped,
    testing::Values(
        Said{"Nobody", {}, TypedState::none},
        Said{"OneWhereItMayBeLeftOut", {said("a", false)}, TypedState::settled},
        Said{"OneWhereItMustBeKnown", {said("a", true)}, TypedState::waiting},
        Said{"TwoThatAgree", {said("a", true), said("a", true)}, TypedState::settled},
        Said{"TwoThatDoNot", {said("a", true), said("b", true)}, TypedState::conflict},
        Said{"TwoThatDoNotWhereItMayBeLeftOut",
             {said("a", false), said("b", false)},
             TypedState::conflict},
        Said{"ThreeOfWhomOneDoesNot",
             {said("a", true), said("a", true), said("b", true)},
             TypedState::conflict},
        Said{"TakenBack", {said("a", true, "2024-06-30T09:15:02.123+08:00")}, TypedState::none},
        Said{"OneOfTwoTakenBack",
             {said("a", true), said("b", true, "2024-06-30T09:15:02.123+08:00")},
             TypedState::waiting},
        Said{"OtherRow", {said("a", false), of_row(2)}, TypedState::settled}),
    [](const auto& row) { return row.param.name; });

struct Region {
  const char* name;
  PixelBox box;
  bool within;
};
class RegionOnAPicture : public testing::TestWithParam<Region> {};

TEST_P(RegionOnAPicture, OfTwoHundredByHundredPixels) {
  EXPECT_EQ(GetParam().box.lies_within(200, 100), GetParam().within);
}

INSTANTIATE_TEST_SUITE_P(R25, RegionOnAPicture,
                         testing::Values(Region{"Inside", {10, 20, 30, 40}, true},
                                         Region{"AllOfIt", {0, 0, 200, 100}, true},
                                         Region{"OnePixel", {199, 99, 1, 1}, true},
                                         Region{"BeyondTheRight", {199, 0, 2, 1}, false},
                                         Region{"BelowTheBottom", {0, 99, 1, 2}, false},
                                         Region{"LeftOfIt", {-1, 0, 2, 1}, false},
                                         Region{"Above", {0, -1, 1, 2}, false},
                                         Region{"WithoutWidth", {0, 0, 0, 5}, false},
                                         Region{"WithoutHeight", {0, 0, 5, 0}, false},
                                         Region{"Endless", {2147483647, 0, 2147483647, 1}, false}),
                         [](const auto& row) { return row.param.name; });

TEST(RegionOnAPicture, OfNothingIsNowhere) {
  EXPECT_FALSE((PixelBox{0, 0, 1, 1}.lies_within(0, 0)));
}

TEST(PixelBox, IsAQuadOfTheSamePlace) {
  EXPECT_EQ((PixelBox{10, 20, 30, 40}.quad().bounds()), (Box{10, 20, 40, 60}));
}

}  // namespace
}  // namespace archive
