#include "config/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

CsvTable table_of(std::string_view text) {
  const TemporaryFolder folder;
  return CsvTable::read(folder.write("table.csv", text));
}

TEST(CsvTable, ReadsQuotesCommentsAndBothLineEnds) {
  const CsvTable table = table_of(
      "# where the facts come from\nid,words\r\n1,\"a, b\"\r\n\n2,\"say \"\"yes\"\"\nand no\"\n3,");
  ASSERT_EQ(table.rows().size(), 3u);
  EXPECT_EQ(table.cell(table.rows()[0], "words"), "a, b");
  EXPECT_EQ(table.cell(table.rows()[1], "words"), "say \"yes\"\nand no");
  EXPECT_EQ(table.cell(table.rows()[2], "words"), "");
  EXPECT_EQ(table.rows()[2].line, 7);
}

TEST(CsvTable, AByteOrderMarkAndBlankLinesOfExcelCountForNothing) {
  const CsvTable table = table_of("\xEF\xBB\xBF# of Excel\r\nid,words\r\n\r\n1,a\r\n\r\n");
  ASSERT_EQ(table.rows().size(), 1u);
  EXPECT_EQ(table.cell(table.rows()[0], "id"), "1");
  EXPECT_EQ(table.rows()[0].line, 4);
}

TEST(CsvTable, OfElsewhereLosesNoRowForItsFirstSign) {
  const CsvTable table = CsvTable::parse("list", "id,words\n#1,a\n2,b\n", ErrorKind::input_missing);
  ASSERT_EQ(table.rows().size(), 2u);
  EXPECT_EQ(table.cell(table.rows()[0], "id"), "#1");
}

struct Refused {
  const char* name;
  const char* text;
  const char* where;
  const char* problem;
};
class RefusedCsv : public testing::TestWithParam<Refused> {};

TEST_P(RefusedCsv, NamesTheLine) {
  try {
    table_of(GetParam().text);
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_THAT(error.where(), EndsWith(GetParam().where));
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedCsv,
    testing::Values(Refused{"Empty", "# nothing\n", ":1", "no header"},
                    Refused{"CellTooMany", "a,b\n1,2\n1,2,3\n", ":3", "3 cells, the header 2"},
                    Refused{"CellTooFew", "a,b\n1\n", ":2", "1 cells"},
                    Refused{"OpenQuote", "a\n\"b\nc", ":2", "never closed"},
                    Refused{"TextAfterQuote", "a\n\"b\"c\n", ":2", "after a closing quote"},
                    Refused{"NotUtf8", "a\n\xFF\n", ":0", "not UTF-8"}),
    [](const auto& row) { return row.param.name; });

TEST(CsvTable, AMissingColumnIsNamed) {
  const CsvTable table = table_of("a\n1\n");
  EXPECT_THROW(table.cell(table.rows()[0], "b"), ArchiveError);
}

TEST(CsvTable, CutsListsAtTheBar) {
  EXPECT_THAT(list_of("一|二||三"), ElementsAre("一", "二", "三"));
  EXPECT_THAT(list_of(""), IsEmpty());
}

}  // namespace
}  // namespace archive
