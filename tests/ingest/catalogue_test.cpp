#include "ingest/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
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
  const std::string out = catalogue_csv(catalogue_of(one));
  EXPECT_EQ(out, csv);
  Records two = Records::create(second.path());
  two.put_catalogue(read_catalogue("c.csv", out), "Li");
  EXPECT_EQ(catalogue_csv(catalogue_of(two)), out);
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
  const std::string csv = catalogue_csv(catalogue_of(records));
  EXPECT_EQ(csv,
            kHeader +
                "SB1-2017-ZJ-6649-0001,SB1-2017-ZJ-6649,1,补缴申请表,,,2017-06-24,1,2,,D100,\r\n"
                "SB1-2017-ZJ-6649-0012,SB1-2017-ZJ-6649,12,身份证复印件,,,,,,,D100,\r\n");
  EXPECT_EQ(read_catalogue("c.csv", csv).size(), 2u);
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

}  // namespace
}  // namespace archive
