#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "core/error.h"
#include "store/packages/hand_over_list.h"
#include "store/packages/mets.h"
#include "store/records/records.h"
#include "store/records/sql.h"
#include "tests/store/temporary_folder.h"

namespace archive {
namespace {

PackageRecord stated() {
  PackageRecord package;
  package.kind = PackageKind::transfer;
  package.package_id = "20261127-0123456789abcdef";
  package.sender = "Agency A";
  package.recipient = "Agency B";
  package.purpose = "transfer_relation";
  package.legal_basis = "Social Insurance Law art. 19";
  package.manifest = std::string(64, 'a');
  package.items = 1;
  package.pages = 2;
  package.files = 9;
  package.bytes = 1234;
  package.made_by = "li";
  package.dossiers = {{"SB1-1", 7, "SB1-1", "title", 2}};
  return package;
}

TEST(PackageRegister, KeepsWhatWasGivenOutToWhomAndWhy) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const PackageNumber number = records.put_package(stated());
  const auto found = records.package(number);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->recipient, "Agency B");
  EXPECT_EQ(found->purpose, "transfer_relation");
  EXPECT_EQ(found->legal_basis, "Social Insurance Law art. 19");
  EXPECT_EQ(found->state, PackageState::handing_over);
  EXPECT_NE(found->made_at, "");
  ASSERT_EQ(found->dossiers.size(), 1u);
  EXPECT_EQ(found->dossiers[0].dossier, 7);
  EXPECT_EQ(records.packages_with(7).size(), 1u);
  EXPECT_TRUE(records.packages_with(8).empty());
  std::string told;
  records.for_each_event(0, [&told](const Records::Event& event) {
    if (event.object_kind == "package") told = event.action + event.details;
  });
  EXPECT_THAT(told, testing::HasSubstr("package_made"));
  EXPECT_THAT(told, testing::HasSubstr(std::string(64, 'a')));
  EXPECT_THAT(told, testing::Not(testing::HasSubstr("Agency")));
}

// R14: neither the program nor the database takes one without them.
TEST(PackageRegister, RefusesWithoutRecipientPurposeOrLegalBasis) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  for (std::string PackageRecord::*member :
       {&PackageRecord::recipient, &PackageRecord::purpose, &PackageRecord::legal_basis,
        &PackageRecord::made_by}) {
    for (const char* nothing : {"", "  "}) {
      PackageRecord package = stated();
      package.*member = nothing;
      EXPECT_THROW(records.put_package(package), std::invalid_argument);
    }
  }
  EXPECT_TRUE(records.packages().empty());
  {
    Database database(folder / "records.sqlite", Database::Access::write);
    EXPECT_THROW(database.execute("INSERT INTO packages (kind, received, package_id, sender, "
                                  "recipient, purpose, legal_basis, manifest, items, pages, files, "
                                  "bytes, signed_by, sealed, made_by, made_at, state) VALUES "
                                  "('export', 0, 'x', '', ' ', 'p', 'l', $1, 0, 0, 0, 0, '', 0, "
                                  "'li', 'now', 'handing_over')",
                                  {std::string_view(stated().manifest)}),
                 SqlError);
  }
}

TEST(PackageRegister, ARowIsSettledOnceAndNeverChangedOrRemoved) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  const PackageNumber number = records.put_package(stated());
  EXPECT_THROW(records.settle_package(number, PackageState::returned, "count", ""),
               std::invalid_argument);
  EXPECT_THROW(records.settle_package(99, PackageState::returned, "count", "li"),
               std::invalid_argument);
  records.settle_package(number, PackageState::returned, "count", "li");
  EXPECT_EQ(records.package(number)->state, PackageState::returned);
  EXPECT_EQ(records.package(number)->settled_reason, "count");
  EXPECT_THROW(records.settle_package(number, PackageState::accepted, "", "li"),
               std::invalid_argument);
  Database database(folder / "records.sqlite", Database::Access::write);
  EXPECT_THROW(database.execute("DELETE FROM packages"), SqlError);
  EXPECT_THROW(database.execute("DELETE FROM package_dossiers"), SqlError);
  EXPECT_THROW(database.execute("UPDATE packages SET recipient = 'x'"), SqlError);
  EXPECT_THROW(database.execute("UPDATE package_dossiers SET pages = 1"), SqlError);
}

TEST(PackageRegister, TheSamePackageComesInOnce) {
  const TemporaryFolder folder;
  Records records = Records::create(folder.path());
  PackageRecord package = stated();
  package.received = true;
  package.batch = records.open_batch("package:a", "a", {}).number;
  const PackageNumber number = records.put_package(package);
  EXPECT_EQ(records.received_package(package.manifest)->number, number);
  EXPECT_EQ(records.package_of_batch(package.batch)->number, number);
  EXPECT_THROW(records.put_package(package), SqlError);
}

PackedDossier packed() {
  PackedDossier dossier;
  dossier.folder = "SB1-1";
  dossier.record.number = 7;
  dossier.record.dossier_no = "SB1-1";
  dossier.record.title = "张三\x01 & <退休>";
  dossier.catalogued = true;
  dossier.files.push_back({"original/0001.tif", PackedUse::original, "0001.tif", "image/tiff", 10,
                           std::string(64, 'b'), std::string(64, 'c'), 2, 3});
  PackedItem item;
  item.record.sequence = 1;
  item.entry.item_no = "SB1-1-0001";
  item.entry.sequence = 1;
  item.entry.title = "退休审批表";
  dossier.items.push_back(item);
  dossier.pages = {{11, 0, 0, std::nullopt, false, 1}, {12, 0, 1, std::nullopt, true, 0}};
  return dossier;
}

TEST(HandOverList, ComesBack) {
  HandOverHead head;
  head.package = stated();
  PackedDossier dossier = packed();
  dossier.left_out = {"0002.tif"};
  dossier.pages_left_out = 1;
  const auto list = read_hand_over_list(hand_over_list(head, {dossier}));
  ASSERT_TRUE(list) << list.error();
  EXPECT_EQ(list->package.recipient, "Agency B");
  EXPECT_EQ(list->package.kind, PackageKind::transfer);
  EXPECT_TRUE(list->package.received);
  ASSERT_EQ(list->dossiers.size(), 1u);
  EXPECT_EQ(list->dossiers[0].record.pages, 2);
  EXPECT_EQ(list->dossiers[0].left_out, 1);
  EXPECT_EQ(list->dossiers[0].pages_left_out, 1);
  EXPECT_EQ(list->dossiers[0].originals[0].sha256, std::string(64, 'b'));
  EXPECT_EQ(list->dossiers[0].catalogue[0].item_no, "SB1-1-0001");
}

TEST(HandOverList, AListThatMayNotBeIsRefused) {
  HandOverHead head;
  head.package = stated();
  const std::string good = hand_over_list(head, {packed()});
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"juanzong-package 1", "juanzong-package 9"},
      {"\"transfer\"", "\"theft\""},
      {"Agency B", ""},
      {"\"folder\": \"SB1-1\"", "\"folder\": \"../SB1\""},
      {"SB1-1/original/0001.tif", "SB1-1/../../0001.tif"},
      {"SB1-1/original/0001.tif", "other/original/0001.tif"},
      {"\"pages\": 2,\n   \"catalogued\"", "\"pages\": 3,\n   \"catalogued\""},
      {"\"legal_basis\"", "\"illegal_basis\""},
      {"\"sequence\": 1", "\"sequence\": \"one\""},
      {"\"pages_left_out\": 0", "\"pages_left_out\": 3"},
      {"\"use\": \"original\"", "\"use\": \"scan\""},
      {"\"name\": \"0001.tif\",\n     \"pages\": 2", "\"name\": \"0001.tif\",\n     \"pages\": -2"},
      {"\"dossiers\": [", "\"dossiers\": {"}};
  for (const auto& [from, to] : changes) {
    std::string bad = good;
    const std::size_t at = bad.find(from);
    ASSERT_NE(at, std::string::npos) << from << "\n" << good;
    bad.replace(at, from.size(), to);
    EXPECT_FALSE(read_hand_over_list(bad)) << from;
  }
  EXPECT_FALSE(read_hand_over_list(""));
  EXPECT_FALSE(read_hand_over_list("[]"));
  EXPECT_FALSE(read_hand_over_list(std::string(100'000, '[')));
}

TEST(Mets, IsReadBackAndHoldsNothingThatXmlCannot) {
  const std::string mets = mets_of(packed(), "juanzong test", "2026-11-27T10:00:00.000+08:00");
  EXPECT_EQ(fault_of_mets(mets), "");
  EXPECT_EQ(mets.find('\x01'), std::string::npos);
  EXPECT_NE(mets.find("premis:version=\"3.0\"") == std::string::npos &&
                mets.find("version=\"3.0\"") == std::string::npos,
            true);
  EXPECT_NE(fault_of_mets(mets.substr(0, mets.size() / 2)), "");
  EXPECT_NE(fault_of_mets("<html/>"), "");
  std::string weak = mets;
  weak.replace(weak.find("CHECKSUMTYPE=\"SHA-256\""), 22, "CHECKSUMTYPE=\"MD5\"    ");
  EXPECT_NE(fault_of_mets(weak), "");
}

}  // namespace
}  // namespace archive
