#include "config/forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kTypes =
    "doc_type,name_zh,aliases_zh,name_en,title_keywords_regex,priority,class_code,sensitivity\n"
    "DT01,案卷封面,卷皮,Cover,案卷封面,20,SB.DOSSIER,P1\n"
    "DT99,未识别材料,,Unknown,,30,SB.UNK,P2\n";
constexpr const char* kRetention = "class_code,retention_code\nSB01,D100\nSB02,Y\n";
constexpr const char* kForm = R"toml(doc_type = "DT01"
titles = ["业务档案"]
[[field]]
id = "volume_title"
label = "案卷题名"
labels = ["题名"]
type = "text"
[[field]]
id = "unit_address"
domain = "address"
label = "地址"
type = "address"
patterns = ["地址为(.+)"]
)toml";

/// A small configuration; each part may be replaced.
struct SmallConfig {
  TemporaryFolder folder;
  SmallConfig() {
    folder.write("domain/document_types.csv", kTypes);
    folder.write("domain/retention.csv", kRetention);
    folder.write("domain/seal_owners.csv", "field,words_regex\nunit_seal,.{4}\n");
    std::string weights = "trait,weight\n";
    for (const std::string_view name : kTraitNames) weights += std::string(name) + ",0\n";
    folder.write("domain/field_confidence.csv", weights);
    folder.write("forms/DT01.toml", kForm);
  }
  FormCatalogue load() const { return FormCatalogue::load(folder.path()); }
};

TEST(FormCatalogue, TellsTypesFormsAndRetention) {
  const FormCatalogue catalogue = SmallConfig().load();
  ASSERT_NE(catalogue.type("DT01"), nullptr);
  EXPECT_EQ(catalogue.type("DT01")->name_zh, "案卷封面");
  EXPECT_THAT(catalogue.type("DT01")->aliases, ElementsAre("卷皮"));
  EXPECT_EQ(catalogue.type("DT02"), nullptr);

  const FormDescription* form = catalogue.form("DT01");
  ASSERT_NE(form, nullptr);
  ASSERT_EQ(form->fields.size(), 2u);
  EXPECT_THAT(form->fields[0].labels, ElementsAre("案卷题名", "题名"));
  EXPECT_EQ(form->fields[0].domain, "volume_title");
  EXPECT_EQ(form->fields[1].domain, "address");
  EXPECT_EQ(catalogue.form("DT99"), nullptr);

  EXPECT_EQ(catalogue.retention_of("SB01"), "D100");
  EXPECT_EQ(catalogue.retention_of("SB77"), "HOLD") << "never ten years for what is unknown";
}

TEST(FormCatalogue, AnyChangeOfATableIsAnotherVersion) {
  SmallConfig config;
  const std::string version = config.load().version();
  EXPECT_THAT(version, StartsWith("config-"));
  EXPECT_EQ(version.size(), std::string("config-").size() + 16);
  EXPECT_EQ(config.load().version(), version);
  config.folder.write("domain/retention.csv", "class_code,retention_code\nSB01,D50\n");
  EXPECT_NE(config.load().version(), version);
}

struct Refused {
  const char* name;
  const char* file;
  const char* text;
  const char* problem;
};
class RefusedConfig : public testing::TestWithParam<Refused> {};

TEST_P(RefusedConfig, NamesTheFileAndTheProblem) {
  SmallConfig config;
  config.folder.write(GetParam().file, GetParam().text);
  try {
    config.load();
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_THAT(error.where(), HasSubstr(GetParam().file));
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
  }
}

constexpr const char* kDT01 = "forms/DT01.toml";
INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedConfig,
    testing::Values(
        Refused{"UnknownType", kDT01, "doc_type = \"DT77\"\n", "no document type 'DT77'"},
        Refused{"NoType", kDT01, "titles = []\n", "doc_type is missing"},
        Refused{"SecondFormOfAType", "forms/other.toml", "doc_type = \"DT01\"\n", "another"},
        Refused{"UnknownKey", kDT01, "doc_type = \"DT01\"\nmark = []\n", "unknown key 'mark'"},
        Refused{"NoLabel", kDT01, "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\n", "no label"},
        Refused{"EmptyLabel", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\nlabels = [\"\"]\n",
                "an empty text"},
        Refused{"NoId", kDT01, "doc_type = \"DT01\"\n[[field]]\nlabel = \"甲\"\n", "without an id"},
        Refused{"FieldTwice", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\n"
                "[[field]]\nid = \"a\"\nlabel = \"乙\"\n",
                "stands twice"},
        Refused{"UnknownValueType", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\ntype = \"colour\"\n",
                "'colour' is none"},
        Refused{"BrokenPattern", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\npatterns = [\"(\"]\n",
                "does not compile"},
        Refused{"PatternWithoutAGroup", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\npatterns = [\"甲\"]\n",
                "no group"},
        Refused{"TotalOfNothing", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\ntotal_of = \"b\"\n",
                "does not have"},
        Refused{"NoLength", kDT01,
                "doc_type = \"DT01\"\n[[field]]\nid = \"a\"\nlabel = \"甲\"\nlength_min = 0\n",
                "from 1 to 100"},
        Refused{"RetentionCode", "domain/retention.csv", "class_code,retention_code\nSB01,D99\n",
                "'D99' is no retention code"},
        Refused{"OwnerOfASeal", "domain/seal_owners.csv", "field,words_regex\nnobody,.\n",
                "'nobody' is no field of a seal"},
        Refused{"TitleExpression", "domain/document_types.csv",
                "doc_type,name_zh,aliases_zh,name_en,title_keywords_regex,priority,class_code,"
                "sensitivity\nDT01,甲,,A,(,20,SB,P1\n",
                "does not compile"},
        Refused{"TypeTwice", "domain/document_types.csv",
                "doc_type,name_zh,aliases_zh,name_en,title_keywords_regex,priority,class_code,"
                "sensitivity\nDT01,甲,,A,a,20,SB,P1\nDT01,甲,,A,a,20,SB,P1\n",
                "stands twice"},
        Refused{"Priority", "domain/document_types.csv",
                "doc_type,name_zh,aliases_zh,name_en,title_keywords_regex,priority,class_code,"
                "sensitivity\nDT01,甲,,A,a,high,SB,P1\n",
                "not a number"}),
    [](const auto& row) { return row.param.name; });

TEST(FormCatalogue, AMissingFolderIsNamed) {
  try {
    FormCatalogue::load("/nowhere");
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_THAT(error.where(), HasSubstr("/nowhere"));
  }
}

}  // namespace
}  // namespace archive
