#include "store/sealing/disk_sealing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "store/sealing/secret.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

/// A sysfs with these devices.
class FakeSystem {
 public:
  fs::path device(const std::string& number, const std::string& uuid = "") {
    const fs::path made = folder_ / "devices" / number;
    fs::create_directories(made / "slaves");
    if (!uuid.empty()) {
      fs::create_directory(made / "dm");
      write_file(made / "dm" / "uuid", uuid + "\n");
    }
    fs::create_directories(folder_ / "dev/block");
    fs::create_directory_symlink(made, folder_ / "dev/block" / number);
    return made;
  }
  void put_on(const std::string& upper, const std::string& lower) {
    fs::create_directory_symlink(folder_ / "devices" / lower,
                                 folder_ / "devices" / upper / "slaves" / lower);
  }
  DiskSealing sealing(const std::string& number) const {
    return device_sealing(number, folder_.path());
  }
  fs::path operator/(const char* name) const { return folder_ / name; }
  const fs::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

TEST(DiskSealing, KnowsLuksBySysfs) {
  FakeSystem system;
  system.device("8:1");
  system.device("253:0", "CRYPT-LUKS2-0123456789abcdef-root");
  EXPECT_EQ(system.sealing("8:1"), DiskSealing::none);
  EXPECT_EQ(system.sealing("253:0"), DiskSealing::luks);
  EXPECT_EQ(system.sealing("9:9"), DiskSealing::unknown);
}

TEST(DiskSealing, AVolumeIsAsClosedAsTheMostOpenDeviceUnderIt) {
  FakeSystem system;
  system.device("8:1");
  system.device("253:0", "CRYPT-LUKS2-aa-one");
  system.device("253:1", "CRYPT-LUKS2-bb-two");
  system.device("253:5", "LVM-closed");
  system.put_on("253:5", "253:0");
  system.put_on("253:5", "253:1");
  EXPECT_EQ(system.sealing("253:5"), DiskSealing::luks);
  system.device("253:6", "LVM-mixed");
  system.put_on("253:6", "253:0");
  system.put_on("253:6", "8:1");
  EXPECT_EQ(system.sealing("253:6"), DiskSealing::none);
}

TEST(DiskSealing, KnowsMemory) {
  if (!fs::exists("/dev/shm")) GTEST_SKIP() << "there is no memory disk here";
  EXPECT_EQ(disk_sealing("/dev/shm"), DiskSealing::memory);
  EXPECT_EQ(disk_sealing("/dev/shm/juanzong-not-there/index"), DiskSealing::memory);
}

TEST(DiskSealing, FindsSwapInTheClear) {
  FakeSystem system;
  const std::string heading = "Filename\tType\tSize\tUsed\tPriority\n";
  fs::create_directory(system / "proc");
  write_file(system / "proc/swaps", heading);
  EXPECT_EQ(open_swap(system / "proc", system.path()), "");
  write_file(system / "proc/swaps", heading + "/dev/zram0 partition 100 0 -2\n");
  EXPECT_EQ(open_swap(system / "proc", system.path()), "");
  write_file(system / "proc/swaps", heading + "/swap.img file 100 0 -2\n");
  EXPECT_EQ(open_swap(system / "proc", system.path()), "/swap.img");
}

TEST(Secret, IsCopiedMovedAndReadFromDigits) {
  const Secret one = Secret::random();
  Secret other = one;
  EXPECT_TRUE(std::ranges::equal(one.bytes(), other.bytes()));
  const Secret moved = std::move(other);
  EXPECT_TRUE(std::ranges::equal(one.bytes(), moved.bytes()));
  other = Secret::random();
  EXPECT_FALSE(std::ranges::equal(other.bytes(), moved.bytes()));
  EXPECT_FALSE(Secret::parse("ab"));
  EXPECT_FALSE(Secret::parse(std::string(64, 'g')));
  EXPECT_TRUE(Secret::parse(std::string(64, 'A')));
  std::string words = "words";
  wipe(words);
  EXPECT_EQ(words, std::string(5, '\0'));
  // More than the locked memory has room for.
  std::vector<Secret> many(5000, one);
  for (const Secret& secret : many) ASSERT_TRUE(std::ranges::equal(secret.bytes(), one.bytes()));
}

}  // namespace
}  // namespace archive
