#include "core/retention.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

// X70, the example of 社会保险业务档案管理规定: 2009-08-31, ten years.
TEST(Retention, CountsFromTheYearAfterThePaper) {
  const Date formed = *Date::of(2009, 8, 31);
  EXPECT_EQ(retention_start(formed)->text(), "2010-01-01");
  EXPECT_EQ(appraisal_day(formed, 10)->text(), "2020-01-01");
  EXPECT_EQ(appraisal_day(*Date::of(2009, 1, 1), 30)->text(), "2040-01-01");
  EXPECT_FALSE(appraisal_day(*Date::of(2150, 1, 1), 100));
}

TEST(Retention, APeriodIsMadeLongerNeverShorter) {
  struct Case {
    const char* code;
    const char* least;
    bool keeps;
  };
  for (const auto& [code, least, keeps] :
       {Case{"Y", "D100", true}, Case{"D100", "Y", false}, Case{"D50", "D30", true},
        Case{"D30", "D50", false}, Case{"D30", "D30", true}, Case{"D10", "HOLD", true},
        Case{"D100", "ACC", false}, Case{"Y", "INHERIT", true}, Case{"INHERIT", "INHERIT", true},
        Case{"ACC", "D10", false}, Case{"D", "D10", false}, Case{"D1O", "D10", false}}) {
    EXPECT_EQ(keeps_at_least(code, least), keeps) << code << " for " << least;
  }
}

}  // namespace
}  // namespace archive
