#include "ingest/spreadsheet/workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/ingest/workbook_files.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// "B3=text" for each cell, in order; "!" for one without a value.
std::vector<std::string> cells_of(const Workbook& book, std::size_t sheet = 0) {
  std::vector<std::string> cells;
  book.read(sheet, [&cells](const SheetRow& row) {
    for (const SheetCell& cell : row.cells) {
      cells.push_back(column_letters(cell.column) + std::to_string(row.number) +
                      (cell.fault == CellFault::none ? "=" : "!") + std::string(cell.text));
    }
    return true;
  });
  return cells;
}

std::vector<std::string> cells_of(const BookParts& parts) {
  const std::string bytes = parts.bytes();
  return cells_of(Workbook("c.xlsx", bytes));
}

TEST(Workbook, ReadsEveryKindOfCell) {
  BookParts parts;
  parts.shared =
      "<si><t>档号</t></si>"
      "<si><r><t>张</t></r><r><rPr/><t xml:space=\"preserve\"> 三</t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>zhang</t></rPh></si>";
  parts.formats = "<numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>";
  parts.styles = "<xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>";
  parts.sheets["一"] =
      "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c></row>"
      "<row r=\"5\"><c t=\"inlineStr\"><is><t>a&amp;b</t></is></c><c><v>7</v></c>"
      "<c s=\"1\"><v>42910</v></c><c s=\"2\"><v>42887</v></c></row>"
      "<row><c t=\"str\"><f>A1</f><v>算出</v></c><c t=\"b\"><v>1</v></c>"
      "<c t=\"e\"><v>#REF!</v></c><c><f>A1</f></c><c t=\"d\"><v>2017-06-24T00:00:00</v></c>"
      "<c s=\"9\"/><c s=\"9\"><v>110105194912310020</v></c></row>";
  EXPECT_THAT(cells_of(parts),
              ElementsAre("A2=档号", "C2=张 三", "A5=a&b", "B5=7", "C5=2017-06-24", "D5=2017-06",
                          "A6=算出", "B6=TRUE", "C6!", "D6!", "E6=2017-06-24", "G6!"));
}

TEST(Workbook, CountsDaysFrom1904WhereItSaysSo) {
  BookParts parts;
  parts.properties = "date1904=\"1\"";
  parts.styles = "<xf numFmtId=\"14\"/>";
  parts.sheets["一"] = "<row><c s=\"1\"><v>41448</v></c></row>";
  EXPECT_THAT(cells_of(parts), ElementsAre("A1=2017-06-24"));
}

TEST(Workbook, KnowsItsSheetsAndStopsWhenNobodyWantsMore) {
  BookParts parts;
  parts.sheets = {{"甲", "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"},
                  {"乙", "<row><c><v>3</v></c></row>"}};
  const std::string bytes = parts.bytes();
  const Workbook book("c.xlsx", bytes);
  EXPECT_EQ(book.sheets().size(), 2u);
  EXPECT_THAT(book.sheets(), testing::UnorderedElementsAre("甲", "乙"));
  int rows = 0;
  book.read(book.sheets()[0] == "甲" ? 0 : 1, [&rows](const SheetRow&) { return ++rows < 1; });
  EXPECT_EQ(rows, 1);
}

TEST(Workbook, ReadsTheOtherEditionOfTheStandardAndPrefixes) {
  Parts parts;
  const std::string type = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
  parts["_rels/.rels"] = "<Relationships><Relationship Id=\"a\" Type=\"" + type +
                         "officeDocument\" Target=\"/book/./x/../Main.xml\"/></Relationships>";
  parts["book/main.xml"] =
      "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
      "xmlns:r=\"http://purl.oclc.org/ooxml/officeDocument/relationships\"><x:sheets>"
      "<x:sheet name=\"t\" sheetId=\"1\" r:id=\"b\"/></x:sheets></x:workbook>";
  parts["book/_rels/main.xml.rels"] = "<Relationships><Relationship Id=\"b\" Type=\"" + type +
                                      "worksheet\" Target=\"s.xml\"/></Relationships>";
  parts["book/s.xml"] =
      "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:sheetData>"
      "<x:row><x:c><x:v>4</x:v></x:c></x:row></x:sheetData></x:worksheet>";
  const std::string bytes = zip_of(parts);
  EXPECT_THAT(cells_of(Workbook("c.xlsx", bytes)), ElementsAre("A1=4"));
}

struct Bad {
  const char* name;
  std::function<std::string()> bytes;
  const char* problem;
  SheetLimits limits = {};
};
class BadWorkbook : public testing::TestWithParam<Bad> {};

TEST_P(BadWorkbook, IsRefused) {
  const std::string bytes = GetParam().bytes();
  try {
    cells_of(Workbook("c.xlsx", bytes, GetParam().limits));
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input_missing);
    EXPECT_THAT(error.where(), HasSubstr("c.xlsx"));
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
    EXPECT_FALSE(error.what_to_do().empty());
  }
}

std::string with_rows(const std::string& rows) {
  BookParts parts;
  parts.sheets["一"] = rows;
  return parts.bytes();
}

std::string with_part(const std::string& part, const std::string& text) {
  BookParts book;
  book.sheets["一"] = "<row><c><v>1</v></c></row>";
  Parts parts = book.parts();
  parts[part] = text;
  return zip_of(parts);
}

std::string without_its_end() {
  const std::string bytes = with_rows("<row><c><v>1</v></c></row>");
  return bytes.substr(0, bytes.size() / 2);
}

std::string with_a_flipped_bit() {
  std::string bytes = with_rows("<row><c><v>1</v></c></row>" + std::string(4096, ' '));
  const std::size_t at = bytes.find("xl/worksheets/sheet1.xml");
  bytes[at + 40] = static_cast<char>(bytes[at + 40] ^ 0x10);
  return bytes;
}

// The archive says that the part is small; what comes out is not.
std::string with_a_size_that_lies() {
  std::string bytes = with_rows(std::string(1 << 20, ' '));
  const std::size_t directory = bytes.find("PK\x01\x02");
  for (std::size_t at = directory; at != std::string::npos; at = bytes.find("PK\x01\x02", at + 4)) {
    bytes[at + 24] = 10;
    bytes[at + 25] = bytes[at + 26] = bytes[at + 27] = 0;
  }
  return bytes;
}

SheetLimits with(void (*change)(SheetLimits&)) {
  SheetLimits limits;
  change(limits);
  return limits;
}

INSTANTIATE_TEST_SUITE_P(
    Damaged, BadWorkbook,
    testing::Values(
        Bad{"Empty", [] { return std::string(); }, "no workbook"},
        Bad{"OnlyItsFirstBytes", [] { return std::string("PK\x03\x04"); }, "damaged"},
        Bad{"Truncated", without_its_end, "damaged"},
        Bad{"OneBitFlipped", with_a_flipped_bit, "damaged"},
        Bad{"NoWorkbook",
            [] {
              return zip_of({{"mimetype", "opendocument"}});
            },
            "no workbook"},
        Bad{"Binary",
            [] {
              return with_part("_rels/.rels",
                               "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
                               "Target=\"xl/workbook.bin\"/></Relationships>");
            },
            "no workbook"},
        Bad{"NoXml", [] { return with_part("xl/worksheets/sheet1.xml", "rows"); }, "no XML"},
        Bad{"CutXml",
            [] { return with_part("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"); },
            "no XML"},
        Bad{"WrongEncoding",
            [] { return with_part("xl/sharedStrings.xml", "<sst><si><t>\xB5\xB5</t></si></sst>"); },
            "no XML"},
        Bad{"SharedTextThatIsNotThere",
            [] { return with_rows("<row><c t=\"s\"><v>3</v></c></row>"); }, "not there"},
        Bad{"RowsBackwards",
            [] { return with_rows("<row r=\"2\"/><row r=\"2\"><c><v>1</v></c></row>"); }, "order"},
        Bad{"CellsBackwards",
            [] { return with_rows("<row><c r=\"B1\"><v>1</v></c><c r=\"B1\"/></row>"); }, "order"},
        Bad{"CellWithoutAColumn", [] { return with_rows("<row><c r=\"9\"><v>1</v></c></row>"); },
            "order"},
        Bad{"Encrypted",
            [] {
              BookParts book;
              book.sheets["一"] = "<row><c><v>1</v></c></row>";
              return zip_of(book.parts(), "secret");
            },
            "password"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Bombs, BadWorkbook,
    testing::Values(
        Bad{"File", [] { return with_rows(""); }, "larger than",
            with([](SheetLimits& limits) { limits.file_bytes = 10; })},
        Bad{"Parts", [] { return with_rows(""); }, "files inside",
            with([](SheetLimits& limits) { limits.parts = 3; })},
        Bad{"Unpacked", [] { return with_rows(std::string(1 << 20, ' ')); }, "unpacked",
            with([](SheetLimits& limits) { limits.part_bytes = 100'000; })},
        Bad{"UnpackedWithASizeThatLies", with_a_size_that_lies, "",
            with([](SheetLimits& limits) { limits.part_bytes = 100'000; })},
        Bad{"SmallPart",
            [] { return with_part("xl/workbook.xml", "<w>" + std::string(40 << 20, ' ')); },
            "larger than any"},
        Bad{"Rows",
            [] {
              std::string rows;
              for (int i = 0; i < 20; ++i) rows += "<row/>";
              return with_rows(rows);
            },
            "rows", with([](SheetLimits& limits) { limits.rows = 10; })},
        Bad{"RowNumber", [] { return with_rows("<row r=\"99999999\"/>"); }, "rows"},
        Bad{"Columns", [] { return with_rows("<row><c r=\"XFE1\"><v>1</v></c></row>"); },
            "columns"},
        Bad{"SharedTexts",
            [] {
              return with_part("xl/sharedStrings.xml",
                               "<sst><si><t>" + std::string(5000, 'x') + "</t></si></sst>");
            },
            "texts", with([](SheetLimits& limits) { limits.text_bytes = 1000; })},
        Bad{"BillionLaughs",
            [] {
              return with_part("xl/sharedStrings.xml",
                               "<!DOCTYPE sst [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>"
                               "<sst><si><t>&b;</t></si></sst>");
            },
            "document type"},
        Bad{"FileOfTheMachine",
            [] {
              return with_part("xl/sharedStrings.xml",
                               "<!DOCTYPE sst [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>"
                               "<sst><si><t>&a;</t></si></sst>");
            },
            "document type"}),
    [](const auto& row) { return row.param.name; });

// Whatever a file holds, it is read or refused: no crash, no other exception, no endless loop.
TEST(R26, EveryCutAndEveryFlippedByteIsReadOrRefused) {
  BookParts parts;
  parts.shared = "<si><t>档号</t></si>";
  parts.formats = "<numFmt numFmtId=\"164\" formatCode=\"yyyy-mm-dd\"/>";
  parts.styles = "<xf numFmtId=\"164\"/>";
  parts.sheets["一"] =
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>42910</v></c></row>";
  const std::string whole = parts.bytes();
  int refused = 0;
  const auto read = [&refused](const std::string& bytes) {
    try {
      const Workbook book("c.xlsx", bytes);
      for (std::size_t sheet = 0; sheet < book.sheets().size(); ++sheet) cells_of(book, sheet);
    } catch (const ArchiveError&) {
      ++refused;
    }
  };
  for (std::size_t length = 0; length < whole.size(); length += 7) read(whole.substr(0, length));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    read(bytes);
  }
  EXPECT_GT(refused, 100);
  // The same in the XML itself, where no checksum helps.
  const Parts plain = parts.parts();
  for (const auto& [name, text] : plain) {
    for (std::size_t at = 0; at < text.size(); at += 3) {
      Parts broken = plain;
      broken[name][at] = static_cast<char>(text[at] ^ 0x11);
      read(zip_of(broken));
    }
  }
}

TEST(ColumnLetters, AreThoseOfASpreadsheet) {
  EXPECT_EQ(column_letters(0), "A");
  EXPECT_EQ(column_letters(25), "Z");
  EXPECT_EQ(column_letters(26), "AA");
  EXPECT_EQ(column_letters(16383), "XFD");
}

}  // namespace
}  // namespace archive
