#include "store/packages/sealed_package.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/error.h"
#include "store/packages/tar_file.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kHeader = 64;
constexpr std::size_t kTag = 16;

SealKey key_of(char c) { return {std::string(32, c), ""}; }

std::string sealed(const SealKey& key, const std::string& bytes) {
  std::string out;
  PackageSealer sealer(key, [&out](std::string_view more) { out += more; });
  // In uneven parts, as they come from a folder.
  for (std::size_t i = 0; i < bytes.size(); i += 300'007) sealer.write(bytes.substr(i, 300'007));
  sealer.finish();
  return out;
}

struct Opened {
  std::optional<PackageSealFault> fault;
  std::string bytes;
};

Opened opened(const std::string& file_bytes, const SealKey& key) {
  const TemporaryFolder folder;
  write_file(folder / "sealed", file_bytes);
  Opened result;
  result.fault =
      unseal(folder / "sealed", key, [&result](std::string_view bytes) { result.bytes += bytes; });
  return result;
}

std::string pattern_of(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 3;
  for (char& c : bytes) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return bytes;
}

// Lengths around a piece are where the last one could be lost.
TEST(SealedFile, GivesBackWhatWentIn) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPiece - 1, kPiece, kPiece + 1,
                                 2 * kPiece, 3 * kPiece + 5}) {
    const std::string bytes = pattern_of(size);
    const std::string file = sealed(key_of('k'), bytes);
    const Opened result = opened(file, key_of('k'));
    EXPECT_FALSE(result.fault) << size;
    EXPECT_TRUE(result.bytes == bytes) << size;
  }
}

// R22: a package without its key does not open.
TEST(SealedFile, DoesNotOpenWithoutItsKey) {
  const std::string file = sealed(key_of('k'), "档案 dossier");
  EXPECT_EQ(file.find("dossier"), std::string::npos);
  const Opened other = opened(file, key_of('x'));
  EXPECT_EQ(other.fault, PackageSealFault::wrong_key);
  EXPECT_EQ(other.bytes, "");
  EXPECT_EQ(opened(file, {"", "a passphrase it has not"}).fault, PackageSealFault::wrong_kind);
}

TEST(SealedFile, OpensByItsPassphraseAlone) {
  const SealKey phrase{"", "correct horse battery"};
  const std::string file = sealed(phrase, "dossier");
  EXPECT_EQ(opened(file, phrase).bytes, "dossier");
  EXPECT_EQ(opened(file, {"", "correct horse batterz"}).fault, PackageSealFault::wrong_key);
  EXPECT_EQ(opened(file, key_of('k')).fault, PackageSealFault::wrong_kind);
}

TEST(SealedFile, EveryChangedByteOfASmallOneIsFound) {
  const std::string file = sealed(key_of('k'), "0123456789");
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string other = file;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_TRUE(opened(other, key_of('k')).fault.has_value()) << i;
  }
}

TEST(SealedFile, EveryCutIsFound) {
  const std::string file = sealed(key_of('k'), "0123456789");
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_TRUE(opened(file.substr(0, size), key_of('k')).fault.has_value()) << size;
  }
  // Whole pieces that are left out, doubled or exchanged.
  const std::string large = sealed(key_of('k'), pattern_of(3 * kPiece));
  const std::size_t piece = kPiece + kTag;
  const std::string first = large.substr(0, kHeader + piece);
  const std::string second = large.substr(kHeader + piece, piece);
  const std::string third = large.substr(kHeader + 2 * piece);
  EXPECT_EQ(opened(first + second, key_of('k')).fault, PackageSealFault::cut_off);
  EXPECT_EQ(opened(first, key_of('k')).fault, PackageSealFault::wrong_key);
  EXPECT_TRUE(opened(first + third, key_of('k')).fault.has_value());
  EXPECT_TRUE(opened(first + third + second, key_of('k')).fault.has_value());
  EXPECT_TRUE(opened(first + second + second + third, key_of('k')).fault.has_value());
  EXPECT_TRUE(opened(large + "x", key_of('k')).fault.has_value());
}

// A header may not make the reader work for hours.
TEST(SealedFile, AHeaderThatAsksForTooMuchIsRefused) {
  std::string file = sealed({"", "correct horse battery"}, "dossier");
  std::string passes = file;
  passes[20] = 100;
  EXPECT_EQ(opened(passes, {"", "correct horse battery"}).fault, PackageSealFault::not_sealed);
  std::string memory = file;
  memory[27] = 1;
  EXPECT_EQ(opened(memory, {"", "correct horse battery"}).fault, PackageSealFault::not_sealed);
  EXPECT_EQ(opened("no such file", key_of('k')).fault, PackageSealFault::not_sealed);
}

TEST(SealedFile, TheSameTwiceIsNotTheSameFile) {
  EXPECT_NE(sealed(key_of('k'), "dossier"), sealed(key_of('k'), "dossier"));
}

TEST(SealKey, IsReadFromItsFile) {
  const TemporaryFolder folder;
  write_file(folder / "key", std::string(64, 'a') + "\n");
  EXPECT_EQ(SealKey::from_key_file(folder / "key").key, std::string(32, '\xAA'));
  write_file(folder / "phrase", "一二三四五六七八九十甲乙\r\nrest");
  EXPECT_EQ(SealKey::from_passphrase_file(folder / "phrase").passphrase,
            "一二三四五六七八九十甲乙");
  for (const std::string& bad : {std::string("abc"), std::string(63, 'a'), std::string(65, 'a'),
                                 std::string(64, 'g'), std::string()}) {
    write_file(folder / "bad", bad);
    EXPECT_THROW(SealKey::from_key_file(folder / "bad"), ArchiveError) << bad;
  }
  write_file(folder / "bad", "too short");
  EXPECT_THROW(SealKey::from_passphrase_file(folder / "bad"), ArchiveError);
  EXPECT_THROW(SealKey::from_key_file(folder / "none"), ArchiveError);
}

// -- The folder in it --------------------------------------------------------

std::string tar_of(const fs::path& folder) {
  std::string bytes;
  write_tar(folder, [&bytes](std::string_view more) { bytes += more; });
  return bytes;
}

const std::string kLongName = std::string(90, 'x') + "/" + std::string(120, 'y');

void fill(const fs::path& folder) {
  fs::create_directories(folder / "data" / std::string(90, 'x'));
  write_file(folder / "bagit.txt", "BagIt");
  write_file(folder / "data/卷 一.tif", std::string(1000, 'p'));
  write_file(folder / "data" / kLongName, std::string(512, 'q'));
  write_file(folder / "data/empty", "");
}

TEST(Tar, GivesBackWhatWentIn) {
  const TemporaryFolder from;
  fill(from.path());
  const std::string bytes = tar_of(from.path());
  for (const std::size_t step : {std::size_t{1}, std::size_t{511}, bytes.size()}) {
    const TemporaryFolder to;
    TarReader reader(to.path());
    for (std::size_t i = 0; i < bytes.size(); i += step) {
      ASSERT_TRUE(reader.add(std::string_view(bytes).substr(i, step))) << step;
    }
    EXPECT_TRUE(reader.ended());
    EXPECT_EQ(tar_of(to.path()), bytes) << step;
    EXPECT_EQ(read_file(to / "data/卷 一.tif"), std::string(1000, 'p'));
  }
}

TEST(Tar, WhatIsCutHasNoEnd) {
  const TemporaryFolder from;
  fill(from.path());
  const std::string bytes = tar_of(from.path());
  for (std::size_t size = 0; size + 1024 <= bytes.size(); size += 97) {
    const TemporaryFolder to;
    TarReader reader(to.path());
    reader.add(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(reader.ended()) << size;
  }
}

TEST(Tar, NothingIsWrittenOutsideItsFolder) {
  const TemporaryFolder from;
  write_file(from / "aaaaaaaa", "x");
  const std::string bytes = tar_of(from.path());
  for (const std::string& name :
       {std::string("../aaaaa"), std::string("/aaaaaaa"), std::string("a/../../")}) {
    const TemporaryFolder to;
    fs::create_directory(to / "in");
    std::string evil = bytes;
    for (std::size_t at = evil.find("path=aaaaaaaa"); at != std::string::npos;
         at = evil.find("path=aaaaaaaa")) {
      evil.replace(at + 5, 8, name);
    }
    TarReader reader(to / "in");
    EXPECT_FALSE(reader.add(evil)) << name;
    EXPECT_EQ(std::distance(fs::directory_iterator(to.path()), {}), 1) << name;
  }
}

TEST(Tar, IsOneThatTarOpens) {
  const TemporaryFolder from;
  fill(from.path());
  write_file(from / "all.tar", tar_of(from.path()));
  const std::string command = "mkdir " + (from / "out").string() + " && tar -xf " +
                              (from / "all.tar").string() + " -C " + (from / "out").string() +
                              " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read_file(from / "out/data/卷 一.tif"), std::string(1000, 'p'));
  EXPECT_EQ(read_file(from / "out/data" / kLongName), std::string(512, 'q'));
}

}  // namespace
}  // namespace archive
