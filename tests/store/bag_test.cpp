#include "store/packages/bag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "store/packages/bag_names.h"
#include "store/packages/bag_signature.h"
#include "store/packages/bag_writer.h"
#include "store/packages/checksums.h"
#include "tests/store/saboteur_disk.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

std::string sum(const std::string& algorithm, std::string_view bytes) {
  Checksums sums({algorithm});
  sums.add(std::as_bytes(std::span(bytes)));
  return sums.finish()[0];
}

/// A bag as a map of its files, so that a test changes what it is about and nothing else.
using Files = std::map<std::string, std::string>;

Files small_bag(const std::string& version = "1.0") {
  Files files = {
      {"bagit.txt", "BagIt-Version: " + version + "\nTag-File-Character-Encoding: UTF-8\n"},
      {"bag-info.txt", "Payload-Oxum: 6.2\n"},
      {"data/a.txt", "aaaa"},
      {"data/b/c.txt", "cc"}};
  files["manifest-sha256.txt"] =
      sum("sha256", "aaaa") + "  data/a.txt\n" + sum("sha256", "cc") + "  data/b/c.txt\n";
  return files;
}

void put(const fs::path& folder, const Files& files) {
  for (const auto& [name, bytes] : files) {
    fs::create_directories((folder / name).parent_path());
    write_file(folder / name, bytes);
  }
}

BagReport report_of(const Files& files) {
  const TemporaryFolder folder;
  put(folder / "bag", files);
  return check_bag(folder / "bag");
}

/// The manifest with another text in the place of one.
void change(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

TEST(Bag, ASmallOneIsValid) {
  for (const char* version : {"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"}) {
    const BagReport report = report_of(small_bag(version));
    EXPECT_TRUE(report.valid) << version;
    EXPECT_TRUE(report.remarks.empty()) << version;
    EXPECT_EQ(report.version, version);
    EXPECT_EQ(report.payload.size(), 2u);
    EXPECT_EQ(report.payload_bytes, 6u);
    EXPECT_EQ(report.payload.at("data/a.txt").sums.at("sha256"), sum("sha256", "aaaa"));
  }
}

struct BadBag {
  const char* name;
  BagProblem problem;
  std::function<void(Files&)> spoil;
};

const std::vector<BadBag>& bad_bags() {
  static const std::vector<BadBag> bags = {
      {"NoDeclaration", BagProblem::not_a_bag, [](Files& f) { f.erase("bagit.txt"); }},
      {"ByteOrderMark", BagProblem::bagit_txt,
       [](Files& f) { f["bagit.txt"].insert(0, "\xEF\xBB\xBF"); }},
      {"BlankBeforeColon", BagProblem::bagit_txt,
       [](Files& f) { change(f["bagit.txt"], "Version:", "Version :"); }},
      {"VersionOfTomorrow", BagProblem::version,
       [](Files& f) { change(f["bagit.txt"], "1.0", "1.1"); }},
      {"UnknownEncoding", BagProblem::tag_encoding,
       [](Files& f) { change(f["bagit.txt"], "UTF-8", "KLINGON-8"); }},
      {"EncodingWithASwitch", BagProblem::tag_encoding,
       [](Files& f) { change(f["bagit.txt"], "UTF-8", "ASCII//IGNORE"); }},
      {"NotInItsEncoding", BagProblem::tag_encoding,
       [](Files& f) { f["bag-info.txt"] = "Contact-Name: \xFF\xFE\n"; }},
      {"InfoWithoutLabel", BagProblem::bag_info,
       [](Files& f) { f["bag-info.txt"] = "no label here\n"; }},
      {"NoManifest", BagProblem::no_manifest, [](Files& f) { f.erase("manifest-sha256.txt"); }},
      {"UnknownChecksum", BagProblem::unknown_checksum,
       [](Files& f) { f["manifest-crc32.txt"] = "00000000  data/a.txt\n"; }},
      {"LineWithoutPath", BagProblem::manifest_line,
       [](Files& f) { f["manifest-sha256.txt"] += sum("sha256", "cc") + "\n"; }},
      {"LineWithoutDigest", BagProblem::manifest_line,
       [](Files& f) { f["manifest-sha256.txt"] += "xyz  data/a.txt\n"; }},
      {"ParentFolder", BagProblem::path_escape,
       [](Files& f) { f["manifest-sha256.txt"] += "00  data/../../etc/passwd\n"; }},
      {"ParentFolderOfWindows", BagProblem::path_escape,
       [](Files& f) { f["manifest-sha256.txt"] += "00  data\\..\\..\\x\n"; }},
      {"AbsolutePath", BagProblem::path_escape,
       [](Files& f) { f["manifest-sha256.txt"] += "00  /etc/passwd\n"; }},
      {"HomeFolder", BagProblem::path_escape,
       [](Files& f) { f["manifest-sha256.txt"] += "00  ~root/x\n"; }},
      {"DriveLetter", BagProblem::path_escape,
       [](Files& f) { f["manifest-sha256.txt"] += "00  C:\\x\n"; }},
      {"VariableOfAShell", BagProblem::path_escape,
       [](Files& f) { f["manifest-sha256.txt"] += "00  %HomeDrive%\\x\n"; }},
      {"PayloadOutsideData", BagProblem::path_place,
       [](Files& f) { f["manifest-sha256.txt"] += "00  bagit.txt\n"; }},
      {"TagInsideData", BagProblem::path_place,
       [](Files& f) { f["tagmanifest-sha256.txt"] = sum("sha256", "aaaa") + "  data/a.txt\n"; }},
      {"MissingFile", BagProblem::missing_file, [](Files& f) { f.erase("data/a.txt"); }},
      {"MissingTagFile", BagProblem::missing_file,
       [](Files& f) { f["tagmanifest-sha256.txt"] = sum("sha256", "x") + "  notes.txt\n"; }},
      {"ExtraFile", BagProblem::extra_file, [](Files& f) { f["data/more.txt"] = "x"; }},
      {"OtherBytes", BagProblem::wrong_sum, [](Files& f) { f["data/a.txt"] = "aaab"; }},
      {"CutOff", BagProblem::wrong_sum, [](Files& f) { f["data/a.txt"] = "aa"; }},
      {"OtherTagFile", BagProblem::wrong_sum,
       [](Files& f) {
         f["tagmanifest-sha256.txt"] = sum("sha256", f["bag-info.txt"]) + "  bag-info.txt\n";
         f["bag-info.txt"] += "Contact-Name: Li\n";
       }},
      {"TwoDigests", BagProblem::listed_twice,
       [](Files& f) { f["manifest-sha256.txt"] += sum("sha256", "x") + "  data/a.txt\n"; }},
      {"SameDigestTwice", BagProblem::listed_twice,
       [](Files& f) { f["manifest-sha256.txt"] += sum("sha256", "aaaa") + "  data/a.txt\n"; }},
      {"NotInEveryManifest", BagProblem::not_in_all,
       [](Files& f) { f["manifest-sm3.txt"] = sum("sm3", "aaaa") + "  data/a.txt\n"; }},
      {"FetchWithoutPath", BagProblem::fetch_line,
       [](Files& f) { f["fetch.txt"] = "http://example.org/a -\n"; }},
      {"FetchOutOfTheBag", BagProblem::path_escape,
       [](Files& f) { f["fetch.txt"] = "http://example.org/a - ../a\n"; }},
      {"NotFetched", BagProblem::not_fetched,
       [](Files& f) {
         f["fetch.txt"] = "http://example.org/a 4 data/a.txt\n";
         f.erase("data/a.txt");
       }},
      {"OtherOxum", BagProblem::wrong_oxum,
       [](Files& f) { f["bag-info.txt"] = "Payload-Oxum: 6.3\n"; }},
  };
  return bags;
}

class ABadBag : public testing::TestWithParam<BadBag> {};

TEST_P(ABadBag, IsInvalidForItsReason) {
  Files files = small_bag();
  GetParam().spoil(files);
  const BagReport report = report_of(files);
  EXPECT_FALSE(report.valid);
  ASSERT_FALSE(report.remarks.empty());
  EXPECT_TRUE(report.says(GetParam().problem)) << name_of(report.remarks[0].problem);
}

INSTANTIATE_TEST_SUITE_P(Of, ABadBag, testing::ValuesIn(bad_bags()),
                         [](const auto& info) { return std::string(info.param.name); });

struct OddBag {
  const char* name;
  const char* version;
  BagProblem problem;
  std::function<void(Files&)> change;
};

const std::vector<OddBag>& odd_bags() {
  static const std::vector<OddBag> bags = {
      {"DotSlash", "1.0", BagProblem::relative_path,
       [](Files& f) { change(f["manifest-sha256.txt"], "data/a.txt", "./data/a.txt"); }},
      {"Star", "1.0", BagProblem::sum_tool_line,
       [](Files& f) { change(f["manifest-sha256.txt"], "data/a.txt", "*data/a.txt"); }},
      {"ListedAgain", "0.97", BagProblem::listed_again,
       [](Files& f) { f["manifest-sha256.txt"] += sum("sha256", "aaaa") + "  data/a.txt\n"; }},
      {"OtherCase", "0.97", BagProblem::equal_names,
       [](Files& f) { f["manifest-sha256.txt"] += sum("sha256", "aaaa") + "  data/A.TXT\n"; }},
      {"SystemFile", "1.0", BagProblem::system_file,
       [](Files& f) {
         f["data/Thumbs.db"] = "x";
         f["manifest-sha256.txt"] += sum("sha256", "x") + "  data/Thumbs.db\n";
         f["bag-info.txt"] = "Payload-Oxum: 7.3\n";
       }},
      {"Weak", "1.0", BagProblem::weak_checksum,
       [](Files& f) {
         f.erase("manifest-sha256.txt");
         f["manifest-md5.txt"] =
             sum("md5", "aaaa") + "  data/a.txt\n" + sum("md5", "cc") + "  data/b/c.txt\n";
       }},
  };
  return bags;
}

class AnOddBag : public testing::TestWithParam<OddBag> {};

TEST_P(AnOddBag, IsValidAndSaysWhatIsOdd) {
  Files files = small_bag(GetParam().version);
  GetParam().change(files);
  const BagReport report = report_of(files);
  EXPECT_TRUE(report.valid);
  EXPECT_TRUE(report.warned());
  EXPECT_TRUE(report.says(GetParam().problem));
}

INSTANTIATE_TEST_SUITE_P(Of, AnOddBag, testing::ValuesIn(odd_bags()),
                         [](const auto& info) { return std::string(info.param.name); });

// The excuse of a file system without capitals holds only for the same bytes.
TEST(Bag, IsBoundWhereItsTagManifestHasThePayloadManifest) {
  Files files = small_bag();
  EXPECT_FALSE(report_of(files).bound_by_sha256);
  for (const auto& [listed, bound] : {std::pair("manifest-sha256.txt", true),
                                      std::pair("bagit.txt", false)}) {
    files["tagmanifest-sha256.txt"] = sum("sha256", files[listed]) + "  " + listed + "\n";
    EXPECT_TRUE(report_of(files).valid);
    EXPECT_EQ(report_of(files).bound_by_sha256, bound) << listed;
  }
  files["tagmanifest-sha256.txt"].clear();
  EXPECT_FALSE(report_of(files).bound_by_sha256) << "every such bag has the same one";
}

TEST(Bag, ANameOfOtherCaseWithOtherBytesIsWrong) {
  Files files = small_bag("0.97");
  files["manifest-sha256.txt"] += sum("sha256", "other") + "  data/A.TXT\n";
  EXPECT_TRUE(report_of(files).says(BagProblem::wrong_sum));
}

TEST(Bag, TagFilesAreReadInTheEncodingThatItDeclares) {
  Files files = small_bag();
  std::string wide;
  for (const char c : files["manifest-sha256.txt"]) wide += {c, '\0'};
  files["manifest-sha256.txt"] = "\xFF\xFE" + wide;
  files.erase("bag-info.txt");
  change(files["bagit.txt"], "UTF-8", "UTF-16");
  EXPECT_TRUE(report_of(files).valid);
  change(files["bagit.txt"], "UTF-16", "GB18030");
  EXPECT_FALSE(report_of(files).valid);
}

TEST(Bag, NamesWithLineEndsAndPercentSignsComeBack) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "bag");
  BagWriter bag(folder / "bag", true);
  const std::vector<std::string> names = {"a\nb.txt", "a\rb.txt",    "100%.txt",
                                          "%0A.txt",  "档案/卷.tif", "two  blanks .txt"};
  for (const std::string& name : names) bag.add(name, "bytes of " + name);
  bag.add("empty", "");
  const std::string whole = bag.finish({{"Contact-Name", "一行\n两行"}});
  const BagReport report = check_bag(folder / "bag");
  EXPECT_TRUE(report.valid) << name_of(report.remarks.at(0).problem);
  EXPECT_TRUE(report.remarks.empty());
  for (const std::string& name : names)
    EXPECT_TRUE(report.payload.contains("data/" + name)) << name;
  EXPECT_EQ(report.payload.at("data/empty").sums.size(), 2u);
  EXPECT_EQ(whole, sum("sha256", read_file(folder / "bag/tagmanifest-sha256.txt")));
}

TEST(Bag, LinksAreRefusedAndNotFollowed) {
  const TemporaryFolder folder;
  put(folder / "bag", small_bag());
  fs::create_symlink("/etc/passwd", folder / "bag/data/link");
  fs::create_directory_symlink("/etc", folder / "bag/etc");
  const BagReport report = check_bag(folder / "bag");
  EXPECT_FALSE(report.valid);
  EXPECT_EQ(std::ranges::count(report.remarks, BagProblem::link, &BagRemark::problem), 2);
}

TEST(Bag, LimitsHold) {
  const TemporaryFolder folder;
  put(folder / "bag", small_bag());
  EXPECT_TRUE(check_bag(folder / "bag", {.files_max = 3}).says(BagProblem::too_large));
  EXPECT_TRUE(check_bag(folder / "bag", {.tag_bytes_max = 100}).says(BagProblem::too_large));
  EXPECT_THROW(check_bag(folder / "none"), ArchiveError);
  Files many = small_bag();
  for (int i = 0; i < 1'100; ++i) many["data/extra" + std::to_string(i)] = "x";
  const BagReport report = report_of(many);
  EXPECT_EQ(report.remarks.size(), BagReport::kRemarksMost);
  EXPECT_GT(report.remarks_left, 99);
}

// Every byte of a small bag, changed once: none may pass.
TEST(Bag, EveryChangedByteOfPayloadAndManifestsIsFound) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "bag");
  BagWriter bag(folder / "bag", false);
  bag.add("page.tif", "0123456789");
  bag.finish({{"Source-Organization", "Agency A"}});
  int changed = 0;
  for (const char* name : {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "data/page.tif"}) {
    const std::string bytes = read_file(folder / "bag" / name);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string other = bytes;
      other[i] = static_cast<char>(other[i] ^ 1);
      write_file(folder / "bag" / name, other);
      EXPECT_FALSE(check_bag(folder / "bag").valid) << name << " " << i;
      ++changed;
    }
    write_file(folder / "bag" / name, bytes);
  }
  EXPECT_GT(changed, 150);
  EXPECT_TRUE(check_bag(folder / "bag").valid);
}

// A disk that refuses anything while a bag is written is told, and nothing counts as finished.
TEST(BagWriter, ASickDiskIsTold) {
  for (const DiskCall call : {DiskCall::create, DiskCall::write, DiskCall::set_mode, DiskCall::sync,
                              DiskCall::close, DiskCall::make_folder}) {
    int failures = 0;
    for (int nth = 1; nth < 30; ++nth) {
      const TemporaryFolder folder;
      fs::create_directory(folder / "bag");
      FailingDisk disk({call, nth, ENOSPC, false});
      try {
        BagWriter bag(folder / "bag", true, disk);
        bag.add("a/page.tif", "0123456789");
        bag.finish({});
        // A folder that was synced is closed without a look at what that says.
        EXPECT_TRUE(!disk.failed() || call == DiskCall::close) << static_cast<int>(call) << nth;
        break;
      } catch (const ArchiveError& error) {
        EXPECT_EQ(error.kind(), ErrorKind::disk);
        ++failures;
      }
    }
    EXPECT_GT(failures, 0) << static_cast<int>(call);
  }
}

TEST(BagSignature, IsRightForItsBagAndKeyAlone) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "bag");
  const SigningKey key = SigningKey::make();
  const SigningKey other = SigningKey::make();
  BagWriter bag(folder / "bag", false);
  bag.add("page.tif", "0123456789");
  bag.finish({}, [&key](std::string_view text) { return bag_signature(key, text); });
  using State = BagSignature::State;
  EXPECT_TRUE(check_bag(folder / "bag").valid);
  EXPECT_EQ(check_bag_signature(folder / "bag", "").state, State::unknown);
  EXPECT_EQ(check_bag_signature(folder / "bag", key.public_text()).state, State::known);
  EXPECT_EQ(check_bag_signature(folder / "bag", key.public_text()).key_id, key.id());
  EXPECT_EQ(check_bag_signature(folder / "bag", other.public_text()).state, State::broken);
  EXPECT_EQ(check_bag_signature(folder / "bag", "no key").state, State::broken);
  const std::string manifest = read_file(folder / "bag/tagmanifest-sha256.txt");
  write_file(folder / "bag/tagmanifest-sha256.txt", manifest + "\n");
  EXPECT_EQ(check_bag_signature(folder / "bag", key.public_text()).state, State::broken);
  write_file(folder / "bag/tagmanifest-sha256.txt", manifest);
  fs::remove(folder / "bag/signature.txt");
  EXPECT_EQ(check_bag_signature(folder / "bag", key.public_text()).state, State::none);
}

TEST(BagNames, BecomeNamesThatEverySystemTakes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"SB1-2017-ZJ-6649·001", "SB1-2017-ZJ-6649·001"},
      {"a/b\\c:d", "a_b_c_d"},
      {"..", "_"},
      {"../x", "_.._x"},
      {"~x", "_~x"},
      {"x. ", "x"},
      {"", "_"},
      {"a\nb", "a_b"},
      {"50%", "50_"}};
  for (const auto& [text, name] : cases) {
    EXPECT_EQ(file_name_of(text), name);
    EXPECT_EQ(file_name_of(name), name);
    EXPECT_FALSE(escapes_the_bag(name));
  }
  std::string hanzi;
  for (int i = 0; i < 100; ++i) hanzi += "档";
  EXPECT_EQ(file_name_of(hanzi).size(), 120u);
}

}  // namespace
}  // namespace archive
