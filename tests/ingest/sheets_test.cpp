#include "ingest/sheets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "ingest/codes.h"
#include "ingest/sources/source_reader.h"
#include "tests/store/temporary_folder.h"

// What we print we must be able to read: sheets go through the PDF reader and the code
// reader that a delivered batch goes through.

namespace archive {
namespace {

/// The pages of a PDF at a resolution, as pictures.
std::vector<PageImage> rendered(const std::filesystem::path& pdf, int dpi) {
  const std::string file = read_file(pdf);
  const std::vector<std::uint8_t> bytes(file.begin(), file.end());
  const OpenedSource opened = open_pdf(bytes, DecodeLimits{100'000'000, 100, dpi});
  std::vector<PageImage> pages;
  if (!opened) return pages;
  for (int i = 0; i < (*opened)->pages(); ++i) {
    DecodedPage page = (*opened)->page(i);
    if (page) pages.push_back(std::move(*page));
  }
  return pages;
}

using Codes = std::map<std::string, std::string>;

Codes codes_on(const PageImage& page) {
  Codes found;
  for (const MachineCode& code : find_codes(page.pixels, page.dpi_x)) {
    found[code.symbology] = code.text;
  }
  return found;
}

Codes codes_of(const SheetLabel& label) {
  return {{"CODE-128", label.sheet_code},
          {"QR-CODE", "DA|" + label.dossier_no + "|" + label.sheet_code}};
}

const std::vector<SheetLabel> kLabels = {
    {"SB01-2004-0001", "JZ000001"},
    {"社保〔2004〕第12号", "a-Z-09"},
    {std::string(99, '9') + "x", std::string(24, 'W')},
    {"1", "1"},
};

class PrintedSheets : public testing::TestWithParam<int> {};

TEST_P(PrintedSheets, AreReadBack) {
  const TemporaryFolder folder;
  write_separator_sheets(kLabels, folder / "sheets.pdf");
  const std::vector<PageImage> pages = rendered(folder / "sheets.pdf", GetParam());
  ASSERT_EQ(pages.size(), kLabels.size());
  for (std::size_t i = 0; i < pages.size(); ++i) {
    EXPECT_NEAR(pages[i].pixels.width, 210 / 25.4 * GetParam(), 2) << "A4";
    EXPECT_NEAR(pages[i].pixels.height, 297 / 25.4 * GetParam(), 2) << "A4";
    EXPECT_EQ(codes_on(pages[i]), codes_of(kLabels[i])) << "sheet " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Resolutions, PrintedSheets, testing::Values(150, 200, 300));

TEST(PrintedSheets, SayInWordsWhatTheyAre) {
  const TemporaryFolder folder;
  write_separator_sheets({kLabels[0]}, folder / "sheets.pdf");
  const std::vector<PageImage> pages = rendered(folder / "sheets.pdf", 100);
  ASSERT_EQ(pages.size(), 1u);
  std::string text;
  for (const LayerWord& word : pages[0].text_layer) text += word.text;
  std::erase(text, ' ');
  for (const char* expected : {"批量扫描分隔页", "Separatorsheet", "SB01-2004-0001", "JZ000001"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected << " in " << text;
  }
}

struct Refusal {
  const char* name;
  SheetLabel label;
};
class RefusedLabel : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedLabel, WritesNoFile) {
  const TemporaryFolder folder;
  try {
    write_separator_sheets({kLabels[0], GetParam().label}, folder / "sheets.pdf");
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_FALSE(error.what_to_do().empty());
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "sheets.pdf"));
}

INSTANTIATE_TEST_SUITE_P(Labels, RefusedLabel,
                         testing::Values(Refusal{"NoCode", {"1", ""}},
                                         Refusal{"NoNumber", {"", "1"}},
                                         Refusal{"CodeTooLong", {"1", std::string(25, 'W')}},
                                         Refusal{"NumberTooLong", {std::string(101, '9'), "1"}},
                                         Refusal{"ChineseCode", {"1", "卷1"}},
                                         Refusal{"CodeWithSpace", {"1", "A 1"}},
                                         Refusal{"NumberWithBar", {"1|2", "1"}},
                                         Refusal{"NumberWithLineBreak", {"1\n2", "1"}},
                                         Refusal{"NumberNotUtf8", {"\xff", "1"}}),
                         [](const auto& row) { return row.param.name; });

TEST(Sheets, ThatCannotBeWrittenAreADiskError) {
  const TemporaryFolder folder;
  try {
    write_separator_sheets(kLabels, folder / "no/such/folder.pdf");
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::disk);
  }
}

// Worked by hand: start B 104, then 33 * 1 + 34 * 2 for "AB" make 205, which leaves 102.
TEST(Code128, HasStartTextCheckAndStop) {
  const std::vector<int> expected = {2, 1, 1, 2, 1, 4, 1, 1, 1, 3, 2, 3, 1, 3, 1, 1,
                                     2, 3, 4, 1, 1, 1, 3, 1, 2, 3, 3, 1, 1, 1, 2};
  EXPECT_EQ(code_128("AB"), expected);
}

}  // namespace
}  // namespace archive
