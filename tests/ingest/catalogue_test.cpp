#include "ingest/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "core/error.h"
#include "ingest/spreadsheet/sheet_table.h"
#include "ingest/spreadsheet/workbook.h"
#include "tests/ingest/workbook_files.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const std::string kHeader =
    "档号,案卷档号,件号,题名,责任者,文号,日期,起页,止页,类别号,保管期限,备注\r\n";

std::string two_items() {
  return kHeader +
         "SB1-2017-ZJ-6649-0001,SB1-2017-ZJ-6649,1,补缴申请表,\"甲公司,乙部\",,2017-06-24,1,2,"
         "SB02.02,100年,\r\n"
         "SB1-2017-ZJ-6649-0002,SB1-2017-ZJ-6649,2,身份证复印件,张三,,,3,3,,,"
         "\"第二\"\"页\"\"缺\"\r\n";
}

TEST(R2, CatalogueGoesOutInAndOutAgainByteForByte) {
  const std::string csv = two_items();
  const TemporaryFolder first, second;
  Records one = Records::create(first.path());
  one.put_catalogue(read_catalogue("c.csv", csv), "Li");
  const std::string out = csv_text(catalogue_table(catalogue_of(one)));
  EXPECT_EQ(out, csv);
  Records two = Records::create(second.path());
  two.put_catalogue(read_catalogue("c.csv", out), "Li");
  EXPECT_EQ(csv_text(catalogue_table(catalogue_of(two))), out);
}

/// What an archive gives out after it took this in.
OutTable table_after(const std::string& bytes) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  records.put_catalogue(read_catalogue("c", bytes), "Li");
  return catalogue_table(catalogue_of(records));
}

TEST(R2, CatalogueGoesOutInAndOutAgainAsAWorkbookByteForByte) {
  const std::string first = xlsx_bytes(table_after(two_items()), "著录目录");
  const OutTable again = table_after(first);
  EXPECT_EQ(xlsx_bytes(again, "著录目录"), first);
  EXPECT_EQ(csv_text(again), two_items());
}

// Whatever a text holds, both forms give it back as it was.
TEST(R2, TextsOfEveryKindGoThroughAWorkbook) {
  CatalogueEntry entry;
  entry.item_no = "0001";
  entry.dossier_no = "110105194912310020";
  entry.sequence = 1;
  for (const std::string& text :
       {std::string("=1+1"), std::string("2017-06-24"), std::string(" blank at both ends "),
        std::string("<b>&amp;\"quoted\"</b>"), std::string("two\nlines"),
        std::string("two\r\nlines"), std::string("tab\tand bell\a"),
        std::string("_x000D_ as it stands"), std::string("_x005F_"), std::string("1E5"),
        std::string("𠮷野家"), std::string("#REF!"), std::string("TRUE"), std::string("'1")}) {
    entry.item_no = "#" + text;
    entry.title = text;
    entry.remark = text;
    const std::vector<CatalogueEntry> entries = {entry};
    EXPECT_EQ(read_catalogue("c", xlsx_bytes(catalogue_table(entries), "s")), entries) << text;
    EXPECT_EQ(read_catalogue("c", csv_text(catalogue_table(entries))), entries) << text;
  }
}

TEST(Catalogue, TooLongForACellIsRefusedWithItsPlace) {
  CatalogueEntry entry;
  entry.item_no = "A-1";
  entry.dossier_no = "A";
  entry.title = std::string(40'000, 'x');
  try {
    xlsx_bytes(catalogue_table({entry}), "s");
    FAIL() << "was written";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.where(), "D2");
  }
}

/// The headings in a row, two of them with blanks as people space them.
std::string heading_row(int row) {
  const char* words[] = {"档　号", "案卷档号", "件号", "题 名",  "责任者",   "文号",
                         "日期",   "起页",     "止页", "类别号", "保管期限", "备注"};
  std::string cells;
  for (int i = 0; i < 12; ++i) {
    cells += text_cell(column_letters(i) + std::to_string(row), words[i]);
  }
  return "<row r=\"" + std::to_string(row) + "\">" + cells + "</row>";
}

std::string row_of(int row, const std::string& cells) {
  return "<row r=\"" + std::to_string(row) + "\">" + cells + "</row>";
}

BookParts an_offices_workbook() {
  BookParts book;
  book.styles = "<xf numFmtId=\"14\"/>";
  book.sheets["1说明"] = row_of(1, text_cell("A1", "档号") + text_cell("B1", "怎样填写"));
  book.sheets["2目录"] =
      row_of(1, text_cell("A1", "某某县社会保险业务档案著录目录")) + heading_row(3) +
      row_of(4, text_cell("A4", "SB1-2017-ZJ-6649-0001") + text_cell("B4", "SB1-2017-ZJ-6649") +
                    "<c r=\"C4\"><v>1</v></c>" + text_cell("D4", "补缴申请表") +
                    text_cell("E4", "甲公司,乙部") +
                    "<c r=\"G4\" s=\"1\"><v>42910</v></c>"
                    "<c r=\"H4\"><v>1</v></c><c r=\"I4\"><v>2.0</v></c>" +
                    text_cell("J4", "SB02.02") + text_cell("K4", "100年")) +
      "<row r=\"5\"><c r=\"A5\" s=\"1\"/></row>" +
      row_of(6, text_cell("A6", "SB1-2017-ZJ-6649-0002") + text_cell("B6", "SB1-2017-ZJ-6649") +
                    text_cell("C6", "2") + text_cell("D6", "身份证复印件") +
                    text_cell("E6", "张三") + "<c r=\"H6\"><v>3</v></c><c r=\"I6\"><v>3</v></c>" +
                    text_cell("L6", "第二\"页\"缺") + text_cell("M6", "不归我们"));
  return book;
}

TEST(R2, WorkbookOfAnOfficeIsTheSameCatalogueAsItsCsv) {
  EXPECT_EQ(csv_text(table_after(an_offices_workbook().bytes())), two_items());
}

TEST(Q20, WorkbookHasAsManyItemsInTheSameOrderAsItsCsv) {
  EXPECT_EQ(read_catalogue("c", an_offices_workbook().bytes()), read_catalogue("c", two_items()));
}

TEST(Catalogue, SheetCanBeNamed) {
  BookParts book = an_offices_workbook();
  book.sheets["3另卷"] = heading_row(1) + row_of(2, text_cell("A2", "B-1") + text_cell("B2", "B") +
                                                        "<c r=\"C2\"><v>1</v></c>");
  const std::string bytes = book.bytes();
  EXPECT_EQ(read_catalogue("c", bytes).size(), 2u) << "the first that has the columns";
  ASSERT_EQ(read_catalogue("c", bytes, "3另卷").size(), 1u);
  EXPECT_EQ(read_catalogue("c", bytes, "3另卷")[0].item_no, "B-1");
}

TEST(R2, VolumesThatNobodyCataloguedAreNumberedAsTheyWerePutTogether) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const BatchNumber batch = records.open_batch("b", "b", {}).number;
  Records::AssembledDossier dossier;
  dossier.dossier.key = "A";
  dossier.dossier.dossier_no = "SB1-2017-ZJ-6649";
  dossier.dossier.items = {{0, 0, 1, "DT16", "补缴申请表", "2017-06-24", "1-2", "D100"},
                           {0, 0, 12, "DT37", "身份证复印件", "", "", "D100"}};
  records.assemble(batch, {dossier});
  const std::string csv = csv_text(catalogue_table(catalogue_of(records)));
  EXPECT_EQ(csv,
            kHeader +
                "SB1-2017-ZJ-6649-0001,SB1-2017-ZJ-6649,1,补缴申请表,,,2017-06-24,1,2,,D100,\r\n"
                "SB1-2017-ZJ-6649-0012,SB1-2017-ZJ-6649,12,身份证复印件,,,,,,,D100,\r\n");
  EXPECT_EQ(read_catalogue("c.csv", csv).size(), 2u);

  const auto numbers = ItemNumberPattern::parse("{volume}·{item:03}");
  ASSERT_TRUE(numbers) << numbers.error();
  const std::vector<CatalogueEntry> by_pattern = catalogue_of(records, *numbers);
  ASSERT_EQ(by_pattern.size(), 2u);
  EXPECT_EQ(by_pattern[0].item_no, "SB1-2017-ZJ-6649·001");
  EXPECT_EQ(by_pattern[1].item_no, "SB1-2017-ZJ-6649·012");
  // What was catalogued keeps the number it has, whatever the pattern says later.
  records.put_catalogue(by_pattern, "Li");
  EXPECT_EQ(catalogue_of(records), by_pattern);
}

TEST(Catalogue, OfAVolumeTakesThePlaceOfTheOneBefore) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  CatalogueEntry entry;
  entry.item_no = "A-1";
  entry.dossier_no = "A";
  entry.sequence = 1;
  CatalogueEntry other = entry;
  other.item_no = "B-1";
  other.dossier_no = "B";
  records.put_catalogue({entry, other}, "Li");
  entry.item_no = "A-2";
  records.put_catalogue({entry}, "Li");
  EXPECT_EQ(records.catalogue_of("A"), std::vector{entry});
  EXPECT_EQ(records.catalogue().size(), 2u);
  EXPECT_EQ(records.volume_with_item("B-1"), "B");
  EXPECT_EQ(records.volume_with_item("A-1"), "");
  entry.dossier_no = "C";
  EXPECT_THROW(records.put_catalogue({entry}, "Li"), ArchiveError) << "one number, two volumes";
  EXPECT_EQ(records.catalogue_of("A").size(), 1u);
}

struct Refused {
  const char* name;
  std::string csv;
  const char* where;
  const char* problem;
};
class RefusedCatalogue : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCatalogue, NamesTheLine) {
  try {
    read_catalogue("c.csv", GetParam().csv);
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input_missing);
    EXPECT_THAT(error.where(), EndsWith(GetParam().where));
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedCatalogue,
    testing::Values(Refused{"R25_RowWithoutItem", kHeader + ",A,1,t,,,,,,,,\n", ":2",
                            "name its item"},
                    Refused{"R2_OneNumberTwice", kHeader + "A-1,A,1,t,,,,,,,,\nA-1,A,2,t,,,,,,,,\n",
                            ":3", "same number of an item"},
                    Refused{"OneSequenceTwice", kHeader + "A-1,A,1,t,,,,,,,,\nA-2,A,1,t,,,,,,,,\n",
                            ":3", "same sequence"},
                    Refused{"NoVolume", kHeader + "A-1,,1,t,,,,,,,,\n", ":2", "name its volume"},
                    Refused{"NoSequence", kHeader + "A-1,A,,t,,,,,,,,\n", ":2", "no sequence"},
                    Refused{"PageNoNumber", kHeader + "A-1,A,1,t,,,,x,2,,,\n", ":2", "起页"},
                    Refused{"PagesBackwards", kHeader + "A-1,A,1,t,,,,3,2,,,\n", ":2", "backwards"},
                    Refused{"MissingColumn", "档号,案卷档号\nA-1,A\n", ":1", "件号"}),
    [](const auto& row) { return row.param.name; });

struct RefusedBook {
  const char* name;
  std::function<std::string()> bytes;
  const char* where;
  const char* problem;
  const char* sheet = "";
};
class RefusedWorkbook : public testing::TestWithParam<RefusedBook> {};

TEST_P(RefusedWorkbook, NamesTheCell) {
  try {
    read_catalogue("c.xlsx", GetParam().bytes(), GetParam().sheet);
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.where(), GetParam().where);
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
    EXPECT_FALSE(error.what_to_do().empty());
  }
}

std::string book_with_row(const std::string& cells) {
  BookParts book;
  book.sheets["目录"] = heading_row(2) + row_of(3, cells);
  return book.bytes();
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedWorkbook,
    testing::Values(
        RefusedBook{"R25_RowWithoutItem",
                    [] { return book_with_row(text_cell("B3", "A") + "<c r=\"C3\"><v>1</v></c>"); },
                    "c.xlsx:目录:3", "name its item"},
        RefusedBook{"R25_RowWithSomethingElseAlone",
                    [] { return book_with_row(text_cell("N3", "合计")); }, "c.xlsx:目录:3",
                    "name its item"},
        RefusedBook{"DigitsLost",
                    [] {
                      return book_with_row("<c r=\"A3\"><v>1.1010519491231E+17</v></c>" +
                                           text_cell("B3", "A") + "<c r=\"C3\"><v>1</v></c>");
                    },
                    "c.xlsx:目录!A3", "15 digits"},
        RefusedBook{"FormulaNeverReckoned",
                    [] { return book_with_row("<c r=\"A3\"><f>B3</f></c>"); }, "c.xlsx:目录!A3",
                    "formula"},
        RefusedBook{"SequenceWithAFraction",
                    [] {
                      return book_with_row(text_cell("A3", "A-1") + text_cell("B3", "A") +
                                           "<c r=\"C3\"><v>1.5</v></c>");
                    },
                    "c.xlsx:目录:3", "件号"},
        RefusedBook{"ColumnMissing",
                    [] {
                      BookParts book;
                      book.sheets["目录"] =
                          row_of(4, text_cell("A4", "档号") + text_cell("B4", "案卷档号"));
                      return book.bytes();
                    },
                    "c.xlsx:目录:4", "件号"},
        RefusedBook{"ColumnTwice",
                    [] {
                      BookParts book;
                      book.sheets["目录"] =
                          row_of(1, text_cell("A1", "档号") + text_cell("C1", "档号"));
                      return book.bytes();
                    },
                    "c.xlsx:目录!C1", "twice"},
        RefusedBook{"NoColumns",
                    [] {
                      BookParts book;
                      book.sheets["目录"] = row_of(1, text_cell("A1", "姓名"));
                      return book.bytes();
                    },
                    "c.xlsx", "headings"},
        RefusedBook{"NoSuchSheet", [] { return an_offices_workbook().bytes(); }, "c.xlsx",
                    "no sheet of this name", "三"},
        RefusedBook{"SheetOfACsv", [] { return two_items(); }, "c.xlsx", "no sheets", "三"},
        RefusedBook{"OlderExcel", [] { return "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Workbook"s; },
                    "c.xlsx", ".xls"},
        RefusedBook{"WithAPassword",
                    [] {
                      return "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s +
                             "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"s;
                    },
                    "c.xlsx", "password"}),
    [](const auto& row) { return row.param.name; });

TEST(Catalogue, TextThatCellsShareDoesNotMultiplyWithoutEnd) {
  BookParts book;
  book.shared = "<si><t>" + std::string(30'000, 'x') + "</t></si>";
  std::string rows = heading_row(1);
  for (int i = 2; i < 200; ++i) {
    rows += row_of(i, "<c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c>");
  }
  book.sheets["目录"] = rows;
  const std::string bytes = book.bytes();
  SheetLimits limits;
  limits.text_bytes = 1'000'000;
  const std::array<std::string_view, 2> headings = {"档号", "案卷档号"};
  EXPECT_THROW(read_sheet("c.xlsx", bytes, headings, "", limits), ArchiveError);
}

}  // namespace
}  // namespace archive
