#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "index/page_index.h"
#include "tests/store/temporary_folder.h"

// A commit of the index must survive a power cut. No power is cut here: fsync() itself is
// replaced in this program, and what it was asked to make durable is compared with what
// the folder holds when commit() returns.

namespace archive {
namespace {

namespace fs = std::filesystem;

/// The names in a folder and which file each of them is.
using Listing = std::map<std::string, ino_t>;

Listing listing_of(const fs::path& folder) {
  Listing names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    struct stat facts {};
    if (::lstat(entry.path().c_str(), &facts) == 0) names[entry.path().filename()] = facts.st_ino;
  }
  return names;
}

struct FolderSyncs {
  fs::path folder;                // watched
  std::vector<Listing> listings;  // what it held at each fsync of it
  bool fails = false;
};
FolderSyncs* watched = nullptr;

}  // namespace

int replaced_fsync(int descriptor) {
  std::error_code ignored;
  const fs::path what = fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor), ignored);
  if (watched != nullptr && what == watched->folder) {
    watched->listings.push_back(listing_of(what));
    if (watched->fails) {
      errno = EIO;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

}  // namespace archive

extern "C" int fsync(int descriptor) { return archive::replaced_fsync(descriptor); }

namespace archive {
namespace {

IndexedPage page_with(PageNumber number, const std::string& text) {
  IndexedPage indexed;
  indexed.page.number = number;
  indexed.page.occurrence.batch = 1;
  indexed.layout.width = 100;
  indexed.layout.height = 100;
  TextLine line;
  line.text = text;
  line.quad = Quad::of(Box{0, 0, 100, 20});
  indexed.layout.lines.push_back(line);
  return indexed;
}

class DurabilityTest : public testing::Test {
 protected:
  DurabilityTest() {
    index_ = fs::canonical(temporary_.path()) / "index";
    syncs_.folder = index_ / "all";  // the part that pages of no year go to
    watched = &syncs_;
  }
  ~DurabilityTest() override { watched = nullptr; }

  TemporaryFolder temporary_;
  fs::path index_;
  FolderSyncs syncs_;
};

TEST_F(DurabilityTest, EachCommitSyncsTheFolderAfterItsLastChange) {
  PageIndex index = PageIndex::open_writer(index_);
  for (PageNumber page = 1; page <= 3; ++page) {
    index.put(page_with(page, "退休审批表"));
    const std::size_t before = syncs_.listings.size();
    index.commit();
    ASSERT_GT(syncs_.listings.size(), before) << "commit " << page;
    EXPECT_EQ(syncs_.listings.back(), listing_of(syncs_.folder)) << "commit " << page;
  }
}

TEST_F(DurabilityTest, ANewIndexIsDurableToo) {
  syncs_.folder = index_;
  PageIndex::open_writer(index_).commit();
  ASSERT_FALSE(syncs_.listings.empty());
  Listing now = listing_of(syncs_.folder);
  now.erase("lock");  // whether it is there again after a power cut is no matter
  EXPECT_EQ(syncs_.listings.back(), now);
}

TEST_F(DurabilityTest, AFailureIsSaidAndNotTriedAgain) {
  PageIndex index = PageIndex::open_writer(index_);
  index.put(page_with(1, "退休审批表"));
  syncs_.fails = true;
  const std::size_t before = syncs_.listings.size();
  try {
    index.commit();
    FAIL() << "the failure went unheard";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::disk);
  }
  EXPECT_EQ(syncs_.listings.size(), before + 1);
  syncs_.fails = false;
}

}  // namespace
}  // namespace archive
