#include "ingest/reading_guard.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr PageOccurrence kPage{1, 7, 2, 40};
constexpr PageOccurrence kNext{1, 7, 3, 41};

class ReadingGuardTest : public testing::Test {
 protected:
  /// The signal that ended a process of its own which did this; 0 when it came to its end.
  int end_of(const std::function<void(ReadingGuard&)>& work) const {
    const pid_t child = ::fork();
    if (child == 0) {
      ReadingGuard guard(folder(), 1, ReadingGuard::Then::end);
      work(guard);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  }

  bool refused(const PageOccurrence& page) const {
    return ReadingGuard(folder(), 1, ReadingGuard::Then::end).refusal(page).has_value();
  }

  std::ptrdiff_t marks() const {
    return fs::exists(folder()) ? std::distance(fs::directory_iterator(folder()), {}) : 0;
  }

  fs::path folder() const { return temporary_.path() / "fatal_pages"; }

 private:
  TemporaryFolder temporary_;
};

TEST_F(ReadingGuardTest, APageThatCrashesTwiceIsLeftOut) {
  const auto crash = [](ReadingGuard& guard) {
    const ReadingGuard::Hold hold(guard, kPage);
    ::raise(SIGSEGV);
  };
  EXPECT_NE(end_of(crash), 0);
  EXPECT_FALSE(refused(kPage));
  EXPECT_NE(end_of(crash), 0);
  EXPECT_TRUE(refused(kPage));
  EXPECT_FALSE(refused(kNext));
}

TEST_F(ReadingGuardTest, APageThatNeverEndsIsLeftOutAtOnce) {
  EXPECT_EQ(end_of([](ReadingGuard& guard) {
              const ReadingGuard::Hold hold(guard, kPage);
              for (volatile unsigned turns = 0;;) turns = turns + 1;
            }),
            SIGABRT);
  EXPECT_TRUE(refused(kPage));
}

TEST_F(ReadingGuardTest, WaitingCostsAPageNothing) {
  EXPECT_EQ(end_of([](ReadingGuard& guard) {
              const ReadingGuard::Hold hold(guard, kPage);
              ::usleep(2'500'000);
            }),
            0);
  EXPECT_FALSE(refused(kPage));
}

TEST_F(ReadingGuardTest, APageThatGotThroughLosesItsMark) {
  EXPECT_NE(end_of([](ReadingGuard& guard) {
              const ReadingGuard::Hold hold(guard, kPage);
              ::abort();
            }),
            0);
  EXPECT_EQ(marks(), 1);
  EXPECT_EQ(end_of([](ReadingGuard& guard) { const ReadingGuard::Hold hold(guard, kPage); }), 0);
  EXPECT_EQ(marks(), 0);
}

TEST_F(ReadingGuardTest, WhatEndsElsewhereOrFromOutsideLeavesNoMark) {
  EXPECT_NE(end_of([](ReadingGuard& guard) {
              { const ReadingGuard::Hold hold(guard, kPage); }
              ::raise(SIGSEGV);
            }),
            0);
  EXPECT_EQ(end_of([](ReadingGuard& guard) {
              const ReadingGuard::Hold hold(guard, kPage);
              ::raise(SIGKILL);
            }),
            SIGKILL);
  EXPECT_EQ(marks(), 0);
}

TEST_F(ReadingGuardTest, MarksOfAnotherBuildAreForgotten) {
  fs::create_directories(folder());
  std::ofstream(folder() / "7-2.100-100") << "!!";
  EXPECT_FALSE(refused(kPage));
  EXPECT_EQ(marks(), 0);
}

}  // namespace
}  // namespace archive
