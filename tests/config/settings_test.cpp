#include "config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/config/temporary_folder.h"

namespace archive {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

Settings settings_of(std::string_view text) {
  const TemporaryFolder folder;
  return read_settings(folder.write("juanzong.toml", text));
}

TEST(Settings, AnEmptyFileGivesTheDefaults) {
  const Settings settings = settings_of("");
  EXPECT_EQ(settings.ingest.decode.pages_max, DecodeSettings{}.pages_max);
  EXPECT_EQ(settings.ocr.engine, "pp-ocr");
  EXPECT_EQ(settings.language, "auto");
}

TEST(Settings, TakesEachKindOfValue) {
  const Settings settings = settings_of(R"(
language = "zh"
config_folder = "/srv/tables"
[ingest]
threads = 3
stable_after_ms = 500
[ingest.decode]
pixels_max = 90_000_000
[ocr]
sure_confidence = 0.9
unsure_confidence = 0
second_opinion = false
[store]
fsync = false
[catalogue]
item_number = "{volume}·{item:3}"
[packages]
sender = "甲市社会保险中心"
[security]
malware_scanner = "clamdscan --no-summary"
malware_seconds_max = 60
)");
  EXPECT_EQ(settings.catalogue.item_number.number("A-1", 7), "A-1·007");
  EXPECT_EQ(settings.language, "zh");
  EXPECT_EQ(settings.config_folder, "/srv/tables");
  EXPECT_EQ(settings.ingest.threads, 3);
  EXPECT_EQ(settings.ingest.stable_after, std::chrono::milliseconds{500});
  EXPECT_EQ(settings.ingest.decode.pixels_max, 90'000'000u);
  EXPECT_DOUBLE_EQ(settings.ocr.sure_confidence, 0.9);
  EXPECT_DOUBLE_EQ(settings.ocr.unsure_confidence, 0);
  EXPECT_FALSE(settings.ocr.second_opinion);
  EXPECT_FALSE(settings.store.fsync);
  EXPECT_EQ(settings.packages.sender, "甲市社会保险中心");
  EXPECT_EQ(settings.security.malware_scanner, "clamdscan --no-summary");
  EXPECT_EQ(settings.security.malware_seconds_max, 60);
}

TEST(Settings, TheTemplateReadsBackAsTheDefaults) {
  const std::string text = settings_template();
  EXPECT_THAT(text, HasSubstr("[ingest.decode]"));
  EXPECT_THAT(text, HasSubstr("sure_confidence = 0.95  # 0–1\n"));
  const Settings settings = settings_of(text);
  const Settings defaults;
  EXPECT_EQ(settings.ingest.decode.memory_bytes_max, defaults.ingest.decode.memory_bytes_max);
  EXPECT_EQ(settings.ingest.index_commit_after, defaults.ingest.index_commit_after);
  EXPECT_DOUBLE_EQ(settings.ocr.unsure_confidence, defaults.ocr.unsure_confidence);
  EXPECT_EQ(settings.store.fsync, defaults.store.fsync);
  EXPECT_EQ(settings.catalogue.item_number.text(), "{volume}-{item:4}");
}

struct Refused {
  const char* name;
  const char* text;
  const char* where;    // how the place ends
  const char* problem;  // part of it
  const char* advice;   // part of it
};
class RefusedSettings : public testing::TestWithParam<Refused> {};

TEST_P(RefusedSettings, NameTheLineAndTheWayOut) {
  try {
    settings_of(GetParam().text);
    FAIL() << "was accepted";
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::settings);
    EXPECT_THAT(error.where(), EndsWith(GetParam().where));
    EXPECT_THAT(error.problem(), HasSubstr(GetParam().problem));
    EXPECT_THAT(error.what_to_do(), HasSubstr(GetParam().advice));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Examples, RefusedSettings,
    testing::Values(
        Refused{"Mistyped", "[ingest]\nthreds = 2\n", "juanzong.toml:2",
                "no setting 'ingest.threds'; nearest: 'ingest.threads'", "config explain"},
        Refused{"MistypedSection", "\n[ingets]\nthreads = 2\n", ":2", "no setting 'ingets'; nearest: 'ingest'",
                "config explain"},
        Refused{"FarFromAll", "colour = 1\n", ":1", "no setting 'colour'", "remove the line"},
        Refused{"WrongSection", "[store]\nthreads = 2\n", ":2", "does not belong here", "[ingest]"},
        Refused{"TextForNumber", "[ingest]\nthreads = \"2\"\n", ":2",
                "expected a whole number, found a text", "correct"},
        Refused{"FractionForWhole", "[ingest]\nthreads = 2.5\n", ":2", "a whole number", "correct"},
        Refused{"Negative", "[ingest]\nthreads = -1\n", ":2", "ingest.threads: must lie between 0 and 1024", "0–1024 threads"},
        Refused{"TooMuch", "[ocr]\nsure_confidence = 1.5\n", ":2", "between 0 and 1", "correct"},
        Refused{"NotANumber", "[ocr]\nsure_confidence = nan\n", ":2", "between 0 and 1", "correct"},
        Refused{"NoneOf", "language = \"fr\"\n", ":1", "\"zh\"", "correct"},
        Refused{"YesForTrue", "[store]\nfsync = \"yes\"\n", ":2", "true or false", "correct"},
        Refused{"MistypedItemNumber", "[catalogue]\nitem_numbr = \"{volume}-{item}\"\n", ":2",
                "nearest: 'catalogue.item_number'", "correct"},
        Refused{"MistypedPartOfANumber", "\n[catalogue]\nitem_number = \"{volumne}-{item}\"\n",
                ":3", "did you mean {volume}?", "correct"},
        Refused{"ItemNumberWithoutItem", "[catalogue]\nitem_number = \"{volume}\"\n", ":2",
                "{item} has to stand in it once", "correct"},
        Refused{"NumberForAnItemNumber", "[catalogue]\nitem_number = 4\n", ":2", "expected a text",
                "correct"},
        Refused{"SectionAsKey", "ingest = 3\n", ":1", "no setting 'ingest': it is a section", "[ingest]"},
        Refused{"BrokenToml", "[ingest]\nthreads =\n", ":2", "", "correct"}),
    [](const auto& row) { return row.param.name; });

TEST(Settings, AFileThatIsNotThereIsNamed) {
  try {
    read_settings("/nowhere/juanzong.toml");
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.where(), "/nowhere/juanzong.toml");
  }
}

}  // namespace
}  // namespace archive
