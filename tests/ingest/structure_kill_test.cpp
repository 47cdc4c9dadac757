#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <random>

#include "tests/ingest/arranged_batch.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using testing::IsEmpty;

// Killed at whatever moment, an archive has a decision with all that follows from it, or nothing.
TEST(StructureKill, LeavesEitherBeforeOrAfter) {
  constexpr int kKills = 30;
  const TemporaryFolder folder;
  { const Arranged begun(folder.path()); }
  std::mt19937 random(20261127);
  bool stands = false;
  int changes = 0;
  for (int i = 0; i < kKills; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        Records records = Records::open_writer(folder.path());
        const BatchNumber batch = records.batches().front().number;
        const auto assemble = [&](const Arrangement&) { assemble_batch(records, forms(), batch); };
        for (;;) {
          const auto decisions = records.arrangements(batch);
          if (!decisions.empty() && decisions.back().stands()) {
            records.end_arrangement(decisions.back().number, "again", "wang", assemble);
            continue;
          }
          Arrangement move;
          move.batch = batch;
          move.pages = {1, 2};
          move.side = Beside::after;
          move.beside = 6;
          move.reason = "misfiled";
          move.decided_by = "wang";
          records.arrange(move, nullptr, assemble);
        }
      } catch (...) {
        ::_exit(1);
      }
    }
    const timespec pause{0, 40'000'000 + static_cast<long>(random() % 160'000'000)};
    ::nanosleep(&pause, nullptr);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child gave up by itself";

    const Records records = Records::open_reader(folder.path());
    const BatchNumber batch = records.batches().front().number;
    const auto decisions = records.arrangements(batch);
    const bool moved = !decisions.empty() && decisions.back().stands();
    changes += moved != stands ? 1 : 0;
    stands = moved;
    const auto dossiers = records.dossiers(batch);
    ASSERT_EQ(records.pages_of_dossier(dossiers[0].number).size(), moved ? 3u : 5u);
    ASSERT_EQ(records.pages_of_dossier(dossiers[1].number).size(), moved ? 4u : 2u);
    ASSERT_THAT(records.broken_references(), IsEmpty());
    ASSERT_THAT(records.batches_to_assemble(), IsEmpty());
  }
  EXPECT_GT(changes, 0) << "no kill came after a change";
}

}  // namespace
}  // namespace archive
