#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/archive_folder.h"
#include "store/objects/object_store.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

class EncryptedObjects : public testing::Test {
 protected:
  EncryptedObjects() : store_(make()) {}

  ObjectStore make() {
    KeySource source;
    source.key_file = folder_ / "archive.key";
    make_key_file(source.key_file);
    fs::create_directory(folder_ / "archive");
    begin_keys(folder_ / "archive", source);
    fs::create_directory(folder_ / "archive" / "objects");
    return ObjectStore(folder_ / "archive" / "objects");
  }

  TemporaryFolder folder_;
  ObjectStore store_;
};

const std::string kPage =
    "\xff\xd8\xff\xe0 a page about 11010519491231002X" + std::string(900, 'p');

TEST_F(EncryptedObjects, AreAskedForByTheirContents) {
  // Around the length of a segment, where lengths go wrong.
  constexpr std::size_t kSegment = std::size_t{1} << 20;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kSegment - 1, kSegment, kSegment + 1, 3 * kSegment}) {
    const std::string bytes(size, 'b');
    const BlobId blob = store_.put(bytes);
    EXPECT_EQ(blob, hash_of(bytes));
    EXPECT_TRUE(store_.contains(blob));
    EXPECT_EQ(store_.get(blob), bytes);
    EXPECT_EQ(store_.size_of(blob), size);
    const ObjectLook seen = store_.look(blob);
    EXPECT_EQ(seen.health, ObjectHealth::sound);
    EXPECT_EQ(seen.size_bytes, size);
    EXPECT_EQ(read_file(store_.sound_file_of(blob).path()), bytes);
  }
}

TEST_F(EncryptedObjects, TheirFilesTellNothing) {
  const BlobId blob = store_.put(kPage);
  write_file(folder_ / "scan.jpg", kPage + "x");
  const auto stored = store_.put_file(folder_ / "scan.jpg", 1 << 20);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->size_bytes, kPage.size() + 1);
  EXPECT_EQ(stored->first_bytes, kPage + "x");
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "archive" / "objects")) {
    for (const BlobId& id : {blob, stored->blob}) {
      EXPECT_THAT(entry.path().string(), testing::Not(testing::HasSubstr(id.hex().substr(2))));
    }
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    EXPECT_THAT(bytes, testing::Not(testing::HasSubstr("\xff\xd8\xff")));
    EXPECT_THAT(bytes, testing::Not(testing::HasSubstr("11010519491231002X")));
    EXPECT_THAT(bytes, testing::Not(testing::HasSubstr("pppp")));
  }
}

TEST_F(EncryptedObjects, TheSameBytesLieElsewhereInAnotherArchive) {
  EncryptedObjects::SetUp();
  TemporaryFolder other;
  KeySource source;
  source.key_file = other / "other.key";
  make_key_file(source.key_file);
  begin_keys(other.path(), source);
  fs::create_directory(other / "objects");
  ObjectStore store(other / "objects");
  const BlobId blob = store.put(kPage);
  EXPECT_EQ(blob, store_.put(kPage));
  EXPECT_NE(store.path_of(blob).filename(), store_.path_of(blob).filename());
}

TEST_F(EncryptedObjects, ForEachSaysTheirContents) {
  std::map<std::string, int> wanted;
  for (int i = 0; i < 30; ++i) ++wanted[store_.put("object " + std::to_string(i)).text()];
  std::map<std::string, int> seen;
  store_.for_each([&](const std::optional<BlobId>& blob, const fs::path& path) {
    ASSERT_TRUE(blob) << path;
    EXPECT_EQ(store_.path_of(*blob), path);
    ++seen[blob->text()];
  });
  EXPECT_EQ(seen, wanted);
}

TEST_F(EncryptedObjects, EveryChangedByteIsFound) {
  const BlobId blob = store_.put("a short page");
  const fs::path file = store_.path_of(blob);
  const std::string whole = read_file(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    overwrite(file, bytes);
    ASSERT_EQ(store_.check(blob), ObjectHealth::wrong_bytes) << "byte " << at;
    EXPECT_THROW(store_.get(blob), ArchiveError);
    EXPECT_THROW(store_.file_of(blob), ArchiveError);
  }
  for (std::size_t size = 1; size < whole.size(); ++size) {
    overwrite(file, whole.substr(0, size));
    ASSERT_EQ(store_.check(blob), ObjectHealth::wrong_bytes) << size << " bytes";
  }
  overwrite(file, "");
  EXPECT_EQ(store_.check(blob), ObjectHealth::empty);
  overwrite(file, whole + "x");
  EXPECT_EQ(store_.check(blob), ObjectHealth::wrong_bytes);
  // The bytes at hand take the place of damaged ones.
  EXPECT_EQ(store_.put("a short page"), blob);
  EXPECT_EQ(store_.get(blob), "a short page");
}

TEST_F(EncryptedObjects, SegmentsAreNeitherSwappedNorLeftOut) {
  constexpr std::size_t kSealed = (std::size_t{1} << 20) + 16;
  constexpr std::size_t kHead = 40;
  const BlobId blob = store_.put(std::string(2 << 20, 'a') + std::string(1 << 20, 'b') + "end");
  const fs::path file = store_.path_of(blob);
  const std::string whole = read_file(file);
  const auto segment = [&whole](std::size_t i) {
    return whole.substr(kHead + i * kSealed, kSealed);
  };
  const std::string rest = whole.substr(kHead + 3 * kSealed);
  const std::string head = whole.substr(0, kHead);
  ASSERT_EQ(head + segment(0) + segment(1) + segment(2) + rest, whole);
  for (const std::string& bytes :
       {head + segment(1) + segment(0) + segment(2) + rest, head + segment(0) + segment(1) + rest,
        head + segment(0) + segment(1) + segment(2), head + rest}) {
    overwrite(file, bytes);
    EXPECT_EQ(store_.check(blob), ObjectHealth::wrong_bytes);
  }
}

TEST_F(EncryptedObjects, AFileUnderAnothersNameIsNoObject) {
  const BlobId first = store_.put("the first");
  const BlobId second = store_.put("the second");
  overwrite(store_.path_of(first), read_file(store_.path_of(second)));
  EXPECT_EQ(store_.check(first), ObjectHealth::wrong_bytes);
  EXPECT_THROW(store_.get(first), ArchiveError);
  int nameless = 0;
  store_.for_each([&](const std::optional<BlobId>& blob, const fs::path&) { nameless += !blob; });
  EXPECT_EQ(nameless, 1);
}

TEST_F(EncryptedObjects, PlainBytesNeverComeAmongThem) {
  store_.put("a page");
  fs::rename(folder_ / "archive" / "keys", folder_ / "lost");
  try {
    ObjectStore(folder_ / "archive" / "objects");
    FAIL() << "a store without its keys was opened";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::damage);
  }
}

TEST_F(EncryptedObjects, PutAsKeepsTheRightBytesAlone) {
  const BlobId blob = hash_of("wanted");
  const auto produce = [](std::string_view text) {
    return [text](const ObjectStore::Take& take) { take(std::as_bytes(std::span(text))); };
  };
  EXPECT_FALSE(store_.put_as(blob, produce("other")));
  EXPECT_FALSE(store_.contains(blob));
  EXPECT_TRUE(store_.put_as(blob, produce("wanted")));
  EXPECT_EQ(store_.get(blob), "wanted");
}

}  // namespace
}  // namespace archive
