#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "config/csv_table.h"
#include "config/forms.h"
#include "config/pattern.h"
#include "tests/source_root.h"

// The tables that are shipped, checked against each other.

namespace archive {
namespace {

using testing::Contains;

std::filesystem::path config_folder() { return source_root() / "config"; }

const FormCatalogue& catalogue() {
  static const FormCatalogue loaded = FormCatalogue::load(config_folder());
  return loaded;
}

std::set<std::string> column(const char* table_name, std::string_view name) {
  const CsvTable table = CsvTable::read(config_folder() / "domain" / table_name);
  std::set<std::string> values;
  for (const CsvTable::Row& row : table.rows()) values.insert(table.cell(row, name));
  return values;
}

TEST(Tables, EveryTypeButTheUnknownHasAForm) {
  for (const DocumentType& type : catalogue().types()) {
    if (type.code == FormCatalogue::kUnknown) continue;
    const FormDescription* form = catalogue().form(type.code);
    ASSERT_NE(form, nullptr) << type.code;
    EXPECT_FALSE(form->fields.empty()) << type.code;
  }
  EXPECT_EQ(catalogue().form(FormCatalogue::kUnknown), nullptr);
  ASSERT_NE(catalogue().form(FormCatalogue::kSeparator), nullptr);
}

TEST(Tables, EveryDomainIdExists) {
  const std::set<std::string> known = column("fields.csv", "field");
  for (const auto& [code, form] : catalogue().forms()) {
    for (const FieldDescription& field : form.fields) {
      if (field.domain.empty()) continue;
      EXPECT_THAT(known, Contains(field.domain)) << code << " " << field.id;
    }
  }
}

TEST(Tables, EveryClassHasItsRetention) {
  const std::set<std::string> classes = column("classification.csv", "class_code");
  const std::set<std::string> kept = column("retention.csv", "class_code");
  for (const DocumentType& type : catalogue().types()) {
    EXPECT_THAT(classes, Contains(type.class_code)) << type.code;
    EXPECT_THAT(kept, Contains(type.class_code)) << type.code;
  }
  EXPECT_EQ(catalogue().retention_of("SB01.02"), "D100");
  EXPECT_EQ(catalogue().retention_of("SB.UNK"), "HOLD");
}

// Basic data, contributions, medical reimbursement, pension benefits.
TEST(Tables, TheFourGroupsOfRecordsAreCovered) {
  std::map<std::string, int> types_of_class;
  for (const DocumentType& type : catalogue().types()) {
    ++types_of_class[type.class_code.substr(0, 4)];
  }
  for (const char* group : {"SB01", "SB02", "SB04", "SB03"}) {
    EXPECT_GT(types_of_class[group], 0) << group;
  }
}

// A title of one type must not be taken for another's by a lower priority number.
TEST(Tables, EveryNameAndAliasFindsItsOwnType) {
  for (const DocumentType& type : catalogue().types()) {
    std::vector<std::string> titles = type.aliases;
    titles.push_back(type.name_zh);
    for (const std::string& title : titles) {
      if (type.title_regex.empty()) continue;
      const DocumentType* best = nullptr;
      for (const DocumentType& other : catalogue().types()) {
        if (other.title_regex.empty()) continue;
        if (!Pattern::compile(other.title_regex)->found_in(title)) continue;
        if (best == nullptr || other.priority < best->priority) best = &other;
      }
      ASSERT_NE(best, nullptr) << title;
      EXPECT_EQ(best->code, type.code) << title;
    }
  }
}

TEST(Tables, ChoicesAndRowsAreSaid) {
  for (const auto& [code, form] : catalogue().forms()) {
    for (const FieldDescription& field : form.fields) {
      EXPECT_FALSE(field.name_en.empty()) << code << " " << field.id;
      EXPECT_FALSE(field.sensitivity.empty()) << code << " " << field.id;
      if (field.type == ValueType::choice) {
        EXPECT_FALSE(field.choices.empty()) << code << " " << field.id;
      }
      EXPECT_FALSE(field.row && !field.total_of.empty()) << code << " " << field.id;
    }
  }
}

}  // namespace
}  // namespace archive
