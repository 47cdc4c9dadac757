#include "ingest/property_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/check_tables.h"
#include "core/error.h"
#include "core/layout.h"
#include "ingest/assembly.h"
#include "store/objects/compression.h"
#include "tests/ingest/saboteur_file.h"
#include "tests/source_root.h"
#include "tests/store/record_samples.h"
#include "tests/store/temporary_folder.h"

// What is really looked at: a store with damaged and missing objects, files that are not what
// their record says, a decoder that refuses, a scanner that answers.

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Bytes = FileEvidence::Bytes;

DecodeSettings decode_settings() {
  DecodeSettings settings;
  settings.memory_bytes_max = 256ULL << 20;
  settings.pages_max = 100;
  return settings;
}

struct PropertyEvidenceTest : testing::Test {
  TemporaryFolder folder;
  Records records = Records::create(folder.path());
  std::filesystem::path objects_folder = [this] {
    std::filesystem::create_directory(folder / "objects");
    return folder / "objects";
  }();
  ObjectStore objects{objects_folder, false};
  BatchNumber batch = records.open_batch("b", "b", {3, 1, "", "", 0}).number;
  SecuritySettings security;
  const std::atomic<bool> go = false;

  SourceRecord put_source(const std::string& name, const std::string& bytes,
                          SourceKind kind = SourceKind::png) {
    SourceRecord record = source(batch, name, bytes, kSaboteurPages, records.next_order(batch));
    record.blob = objects.put(bytes);
    record.kind = kind;
    return records.add_source(record);
  }
  PageRecord page_of(const SourceRecord& from, int place) {
    PageRecord page = filed(from, place);
    page.layout_blob = objects.put(compress(serialize_layout({})));
    page.engines = R"([{"name":"pp-ocr"}])";
    return page;
  }
  /// The only dossier, as it is found.
  PropertyEvidence look(const std::atomic<bool>& stop) {
    const auto tables = CheckTables::load(source_root() / "config");
    assemble_batch(records, tables.forms, batch);
    DecoderPool decoder(decode_settings(), 2, SABOTEUR_DECODER);
    PropertyInspector inspector(records, objects, decoder, security, 2);
    return inspector.evidence(records.dossiers(batch).front().number, stop);
  }
  PropertyEvidence look() { return look(go); }
};

TEST_F(PropertyEvidenceTest, FindsASoundDossierSound) {
  const SourceRecord file =
      put_source("a/1.tif", saboteur_file(kTiffBytes, "none"), SourceKind::tiff);
  for (int i = 0; i < kSaboteurPages; ++i) records.put_page(page_of(file, i));
  const PropertyEvidence evidence = look();
  ASSERT_EQ(evidence.files.size(), 1U);
  const FileEvidence& seen = evidence.files[0];
  EXPECT_EQ(seen.bytes, Bytes::sound);
  EXPECT_EQ(seen.size_found, seen.size_recorded);
  EXPECT_EQ(seen.kind_found, SourceKind::tiff);
  EXPECT_EQ(seen.pages_found, kSaboteurPages);
  EXPECT_EQ(seen.pages_opened, kSaboteurPages);
  EXPECT_THAT(seen.bad_pages, IsEmpty());
  EXPECT_EQ(seen.malware, MalwareAnswer::not_asked);
  EXPECT_FALSE(evidence.scanner_configured);
  EXPECT_TRUE(evidence.assembled_on_record);
  EXPECT_EQ(evidence.batch.pages_expected, 3);
  EXPECT_EQ(evidence.batch.pages_received, 3);
  EXPECT_EQ(evidence.batch.bytes_found, evidence.batch.bytes_recorded);
  EXPECT_FALSE(evidence.batch.accepted);
  ASSERT_EQ(evidence.pages.size(), 3U);
  for (const PageEvidence& page : evidence.pages) {
    EXPECT_TRUE(page.received_on_record && page.filed_on_record && page.engines_on_record);
    EXPECT_THAT(page.objects_missing, IsEmpty());
    EXPECT_FALSE(page.unreadable);
  }
}

TEST_F(PropertyEvidenceTest, FindsDamageOnTheDisk) {
  const SourceRecord flipped = put_source("a/1.png", saboteur_file(kPngBytes, "none"));
  const SourceRecord lost = put_source("a/2.png", saboteur_file(kPngBytes, "other"));
  records.put_page(page_of(flipped, 0));
  PageRecord page = page_of(lost, 0);
  page.layout_blob = objects.put("no frame at all");
  page.alto_blob = hash_of("gone");
  page.engines.clear();
  records.put_page(page);
  overwrite(objects.path_of(*flipped.blob), saboteur_file(kTiffBytes, "other"));
  std::filesystem::remove(objects.path_of(*lost.blob));

  const PropertyEvidence evidence = look();
  ASSERT_EQ(evidence.files.size(), 2U);
  EXPECT_EQ(evidence.files[0].bytes, Bytes::damaged);
  EXPECT_EQ(evidence.files[0].kind_found, SourceKind::tiff);
  EXPECT_NE(evidence.files[0].size_found, evidence.files[0].size_recorded);
  EXPECT_EQ(evidence.files[1].bytes, Bytes::missing);
  EXPECT_NE(evidence.batch.bytes_found, evidence.batch.bytes_recorded);
  EXPECT_EQ(evidence.batch.pages_received, 6) << "the files have three pages each";
  EXPECT_EQ(evidence.batch.pages_unaccounted, 4);
  ASSERT_EQ(evidence.pages.size(), 2U);
  EXPECT_TRUE(evidence.pages[1].unreadable);
  EXPECT_THAT(evidence.pages[1].objects_missing, ElementsAre("alto"));
  EXPECT_FALSE(evidence.pages[1].engines_on_record);
}

TEST_F(PropertyEvidenceTest, OpensEveryPageInTheSandbox) {
  const SourceRecord file = put_source("a/1.png", saboteur_file(kPngBytes, "abort"));
  for (int i = 0; i < kSaboteurPages; ++i) records.put_page(page_of(file, i));
  const PropertyEvidence evidence = look();
  ASSERT_EQ(evidence.files.size(), 1U);
  EXPECT_EQ(evidence.files[0].pages_opened, kSaboteurPages - 1);
  ASSERT_EQ(evidence.files[0].bad_pages.size(), 1U);
  EXPECT_EQ(evidence.files[0].bad_pages[0].first, kCrimePage);
  EXPECT_EQ(evidence.files[0].bad_pages[0].second.reason, FaultReason::decoder_crashed);
}

TEST_F(PropertyEvidenceTest, NamesOtherDossiersWithTheSameNumber) {
  const SourceRecord one = put_source("a/1.png", saboteur_file(kPngBytes, "one"));
  const SourceRecord two = put_source("b/1.png", saboteur_file(kPngBytes, "two"));
  for (const SourceRecord& from : {one, two}) {
    PageRecord page = page_of(from, 0);
    page.doc_type = "DT01";
    page.fields = {field("dossier_no", "SB1-2017-6649")};
    records.put_page(page);
  }
  const PropertyEvidence evidence = look();
  EXPECT_THAT(evidence.same_number, ElementsAre(records.dossiers(batch)[1].number));
}

struct Scanner {
  const char* name;
  const char* script;
  MalwareAnswer answer;
};

TEST_F(PropertyEvidenceTest, AsksTheScannerOfTheOffice) {
  const std::filesystem::path script = folder / "scanner.sh";
  const std::filesystem::path file = folder / "file with blanks";
  write_file(file, "harmful");
  for (const Scanner& scanner : {
           Scanner{"clean", "exit 0", MalwareAnswer::clean},
           Scanner{"looks at the file", "grep -q harmful \"$2\" && exit 1; exit 0",
                   MalwareAnswer::infected},
           Scanner{"fails", "exit 2", MalwareAnswer::failed},
           Scanner{"dies", "kill -9 $$", MalwareAnswer::failed},
           Scanner{"hangs", "sleep 600", MalwareAnswer::failed},
       }) {
    write_file(script, scanner.script);
    SecuritySettings settings;
    settings.malware_scanner = "/bin/sh " + script.string() + " --quick";
    settings.malware_seconds_max = 1;
    EXPECT_EQ(MalwareScanner(settings).ask(file), scanner.answer) << scanner.name;
  }
  SecuritySettings settings;
  EXPECT_EQ(MalwareScanner(settings).ask(file), MalwareAnswer::not_asked);
  settings.malware_scanner = "/nowhere/scanner";
  EXPECT_EQ(MalwareScanner(settings).ask(file), MalwareAnswer::failed);
}

TEST_F(PropertyEvidenceTest, HandsEachStoredFileToTheScanner) {
  const SourceRecord file = put_source("a/1.png", saboteur_file(kPngBytes, "EICAR"));
  records.put_page(page_of(file, 0));
  const std::filesystem::path script = folder / "scanner.sh";
  write_file(script, "grep -q EICAR \"$1\" && exit 1; exit 0");
  security.malware_scanner = "/bin/sh " + script.string();
  const PropertyEvidence evidence = look();
  EXPECT_TRUE(evidence.scanner_configured);
  EXPECT_EQ(evidence.files[0].malware, MalwareAnswer::infected);
}

TEST_F(PropertyEvidenceTest, ADossierThatIsNotThereIsNotFound) {
  DecoderPool decoder(decode_settings(), 1, SABOTEUR_DECODER);
  PropertyInspector inspector(records, objects, decoder, security, 1);
  try {
    inspector.evidence(99, go);
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_found);
  }
}

}  // namespace
}  // namespace archive
