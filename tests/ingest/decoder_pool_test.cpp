#include "ingest/decoder/decoder_pool.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/error.h"
#include "tests/ingest/saboteur_file.h"
#include "tests/source_root.h"
#include "tests/store/temporary_folder.h"

// Real processes: the pool, a template and its children, with a reader that misbehaves.

namespace archive {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;  // the sandbox is wider then, and memory has no limit
#else
constexpr bool kSanitized = false;
#endif

/// Short, for those that are waited for; long for those whose machine is busy.
DecodeSettings tight_settings(int seconds_max = 20) {
  DecodeSettings settings;
  settings.seconds_max = seconds_max;
  settings.memory_bytes_max = 256ULL << 20;
  settings.pages_max = 100;
  return settings;
}

struct Crime {
  const char* name;
  std::string_view first_bytes;
  FaultReason reason;
  const char* says;  // part of the fault's detail
};

constexpr auto kCrashed = FaultReason::decoder_crashed;
constexpr auto kTimeout = FaultReason::decoder_timeout;
constexpr auto kMemory = FaultReason::decoder_memory;
constexpr auto kRefused = FaultReason::unsupported;
constexpr const char* kForbidden = "forbidden system call";
constexpr const char* kNonsense = "nonsense";

const std::vector<Crime> kCrimes = {
    {"crash", kPngBytes, kCrashed, "signal 11"},
    {"abort", kPngBytes, kCrashed, ""},
    {"exit", kPngBytes, kCrashed, "code 7"},
    {"recurse", kPngBytes, kCrashed, "signal 11"},
    {"throw", kPngBytes, FaultReason::damaged, "exception"},
    {"throw_no_memory", kPngBytes, kMemory, "out of memory"},
    {"spin", kPngBytes, kTimeout, "2 s"},
    {"sleep", kPngBytes, kTimeout, "2 s"},
    {"hunger", kPngBytes, kMemory, "out of memory"},
    {"read_secret", kPngBytes, kCrashed, kForbidden},
    {"read_secret", kPdfBytes, kRefused, "refused"},
    {"write_file", kPngBytes, kCrashed, kForbidden},
    {"write_file", kPdfBytes, kCrashed, kForbidden},
    {"open_socket", kPngBytes, kCrashed, kForbidden},
    {"open_socket", kPdfBytes, kCrashed, kForbidden},
    {"fork", kPngBytes, kRefused, "refused"},
    {"run_program", kPngBytes, kCrashed, kForbidden},
    {"kill_parent", kPngBytes, kCrashed, kForbidden},
    {"trace_parent", kPngBytes, kCrashed, kForbidden},
    {"make_code", kPngBytes, kCrashed, kForbidden},
    {"lift_limit", kPngBytes, kCrashed, kForbidden},
    {"make_folder", kPdfBytes, kRefused, "refused"},
    {"lie_about_size", kPngBytes, kCrashed, kNonsense},
    {"lie_about_channels", kPngBytes, kCrashed, kNonsense},
    {"lie_about_resolution", kPngBytes, kCrashed, kNonsense},
    {"lie_about_reason", kPngBytes, kCrashed, kNonsense},
    {"answer_another_question", kPngBytes, kCrashed, kNonsense},
    {"speak_another_language", kPngBytes, kCrashed, kNonsense},
    {"stop_in_mid_word", kPngBytes, kCrashed, kNonsense},
    {"talk_too_long", kPngBytes, kCrashed, kNonsense},
    {"promise_texts", kPngBytes, kCrashed, kNonsense},
    {"garble_texts", kPngBytes, kCrashed, kNonsense},
    {"leave_in_mid_page", kPngBytes, kCrashed, "code 0"},
    {"stall_in_mid_page", kPngBytes, kTimeout, "2 s"},
};

/// A sanitizer catches some deaths first, and cannot live in the narrow sandbox.
bool is_told_otherwise_by_a_sanitizer(const Crime& crime) {
  const std::string name = crime.name;
  return name == "crash" || name == "abort" || name == "recurse" || name == "hunger" ||
         crime.says == kForbidden || crime.reason == kRefused;
}

class DecoderPoolTest : public testing::Test {
 protected:
  std::filesystem::path file(std::string_view first_bytes, std::string_view crime) {
    const auto path = folder_ / ("file-" + std::to_string(++files_));
    write_file(path, saboteur_file(first_bytes, crime));
    return path;
  }
  static pid_t process_of(const Result<PageImage, PageFault>& page) {
    pid_t process = 0;
    std::memcpy(&process, page.value().pixels.bytes.data(), sizeof process);
    return process;
  }
  static void expect_honest(const Result<PageImage, PageFault>& page) {
    ASSERT_TRUE(page) << name_of(page.error().reason) << ": " << page.error().detail;
    EXPECT_EQ(page->pixels.width, 4);
  }

  explicit DecoderPoolTest(int seconds_max = 20)
      : pool_(tight_settings(seconds_max), 2, SABOTEUR_DECODER) {}

  TemporaryFolder folder_;
  std::atomic<int> files_{0};
  DecoderPool pool_;
};

class CrimeTest : public DecoderPoolTest, public testing::WithParamInterface<Crime> {
 protected:
  CrimeTest() : DecoderPoolTest(GetParam().reason == kTimeout ? 2 : 20) {}
};

TEST_P(CrimeTest, CostsOnePageAndThePoolGoesOn) {
  const Crime& crime = GetParam();
  if (kSanitized && is_told_otherwise_by_a_sanitizer(crime)) GTEST_SKIP();
  const auto culprit = file(crime.first_bytes, crime.name);
  const auto page = pool_.page(culprit, kCrimePage);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().reason, crime.reason) << page.error().detail;
  EXPECT_NE(page.error().detail.find(crime.says), std::string::npos) << page.error().detail;
  EXPECT_EQ(page.error().stage, Stage::decode);
  expect_honest(pool_.page(culprit, 0));
  expect_honest(pool_.page(culprit, kSaboteurPages - 1));
  expect_honest(pool_.page(file(kPngBytes, "none"), kCrimePage));
}

std::string name_of_crime(const testing::TestParamInfo<Crime>& row) {
  return std::string(row.param.name) + (row.param.first_bytes == kPdfBytes ? "_pdf" : "");
}
INSTANTIATE_TEST_SUITE_P(Each, CrimeTest, testing::ValuesIn(kCrimes), name_of_crime);

TEST_F(DecoderPoolTest, NeverServesTwoFilesFromOneProcess) {
  const auto one = file(kTiffBytes, "none");
  const auto other = file(kTiffBytes, "none");
  const pid_t first = process_of(pool_.page(one, 0));
  EXPECT_EQ(process_of(pool_.page(one, 1)), first) << "the next page of a file it holds";
  EXPECT_NE(process_of(pool_.page(other, 0)), first);
  EXPECT_NE(process_of(pool_.page(file(kPngBytes, "none"), 0)), first);
}

TEST_F(DecoderPoolTest, AFileThatChangedGetsAnotherProcess) {
  const auto path = file(kTiffBytes, "none");
  const pid_t first = process_of(pool_.page(path, 0));
  write_file(path, saboteur_file(kTiffBytes, "none"));
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now());
  EXPECT_NE(process_of(pool_.page(path, 0)), first);
}

TEST_F(DecoderPoolTest, ServesManyThreadsAndCriminalsAtOnce) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 25;
  std::atomic<int> honest{0};
  std::atomic<int> caught{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        if (pool_.page(file(kTiffBytes, "none"), round % kSaboteurPages)) ++honest;
        const char* crime = (i + round) % 2 == 0 ? "exit" : "lie_about_size";
        const auto page = pool_.page(file(kPngBytes, crime), kCrimePage);
        if (!page && page.error().reason == kCrashed) ++caught;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(honest, kThreads * kRounds);
  EXPECT_EQ(caught, kThreads * kRounds);
}

TEST_F(DecoderPoolTest, APageThatIsNotThereIsNoCrash) {
  const auto path = file(kTiffBytes, "none");
  for (const int number : {-1, kSaboteurPages, 1'000'000}) {
    const auto page = pool_.page(path, number);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().reason, FaultReason::no_pages);
  }
  expect_honest(pool_.page(path, 0));
}

TEST_F(DecoderPoolTest, CountsPages) {
  const auto summary = pool_.summary(file(kTiffBytes, "none"));
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->pages, kSaboteurPages);
  EXPECT_EQ(summary->kind, SourceKind::tiff);
}

TEST_F(DecoderPoolTest, WhatNeedsNoDecoderIsToldWithoutOne) {
  write_file(folder_ / "empty", "");
  write_file(folder_ / "text", "no picture at all");
  std::filesystem::create_directory(folder_ / "folder");
  const auto reason = [&](const char* name) {
    return pool_.page(folder_ / name, 0).error().reason;
  };
  EXPECT_EQ(reason("none"), FaultReason::vanished);
  EXPECT_EQ(reason("empty"), FaultReason::empty_file);
  EXPECT_EQ(reason("folder"), FaultReason::unreadable_file);
  EXPECT_EQ(reason("text"), FaultReason::not_an_image);
  EXPECT_EQ(pool_.summary(folder_ / "text")->pages, 0);
}

TEST(DecoderPoolEnds, LeavesNoProcessBehind) {
  const TemporaryFolder folder;
  const auto path = folder / "1.tif";
  write_file(path, saboteur_file(kTiffBytes, "sleep"));
  {
    DecoderPool pool(tight_settings(2), 2, SABOTEUR_DECODER);
    EXPECT_TRUE(pool.page(path, 0));
    EXPECT_FALSE(pool.page(path, kCrimePage));
  }
  errno = 0;
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(DecoderPoolBegins, OnlyWithADecoder) {
  for (const std::filesystem::path& program :
       std::vector<std::filesystem::path>{"/bin/true", "/nowhere/juanzong-decode", source_root()}) {
    try {
      DecoderPool pool(tight_settings(), 1, program);
      FAIL() << program;
    } catch (const ArchiveError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::internal) << error.what();
      EXPECT_FALSE(error.what_to_do().empty());
    }
  }
}

// A page that was set aside for it would stay so when the machine is well again.
TEST(DecoderPoolOnASickMachine, BlamesNoPage) {
  const TemporaryFolder folder;
  write_file(folder / "page.png", std::string(kPngBytes) + std::string(64, '\0'));
  DecoderPool pool(tight_settings(), 1, SABOTEUR_DECODER);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  std::optional<ErrorKind> said;
  try {
    [[maybe_unused]] const auto page = pool.page(folder / "page.png", 0);
  } catch (const ArchiveError& error) {
    said = error.kind();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(said, ErrorKind::disk);
}

}  // namespace
}  // namespace archive
