#include "config/password_rules.h"
#include "tests/source_root.h"

#include <gtest/gtest.h>

namespace archive {
namespace {

PasswordRules rules(int length, int kinds) {
  SecuritySettings settings;
  settings.password_length_min = length;
  settings.password_kinds_min = kinds;
  return PasswordRules::load(source_root() / "config", settings);
}

TEST(PasswordRules, TheDefaultsTakeTwoKindsOfCharacters) {
  const PasswordRules usual = rules(SecuritySettings{}.password_length_min,
                                    SecuritySettings{}.password_kinds_min);
  for (const char* good : {"纸短情长2026", "one good password", "Zhi-duan-7", "blau77wald"}) {
    EXPECT_TRUE(usual.fault(good, "王芳").none()) << good;
  }
  for (const char* bad : {"short1", "纸短情长二〇", "onlyletters", "73926150483", "纸短情长的时候呢"}) {
    EXPECT_FALSE(usual.fault(bad, "王芳").none()) << bad;
  }
}

TEST(PasswordRules, WhatIsTriedFirstIsRefusedInAnyCase) {
  for (const char* bad : {"Password123", "ADMIN@123", "shebao12333", "1qaz@WSX"}) {
    EXPECT_FALSE(rules(8, 1).fault(bad, "王芳").none()) << bad;
  }
}

TEST(PasswordRules, TheNameIsNoPartOfIt) {
  EXPECT_FALSE(rules(8, 1).fault("x-Zhang Wei-77", "Zhang Wei").none());
  EXPECT_FALSE(rules(8, 1).fault("我是王芳2026年", "王芳").none());
}

TEST(PasswordRules, AnOfficeMayAskForMoreAndForLess) {
  EXPECT_FALSE(rules(12, 3).fault("Zhi-duan-7", "王芳").none());
  EXPECT_TRUE(rules(12, 3).fault("Zhi-duan-qing-7", "王芳").none());
  EXPECT_TRUE(rules(15, 1).fault("correcthorsebatterystaple", "王芳").none());
}

}  // namespace
}  // namespace archive
