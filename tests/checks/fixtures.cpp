#include "tests/checks/fixtures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "checks/vouchers.h"
#include "config/toml_tree.h"
#include "core/citizen_id.h"
#include "tests/config/temporary_folder.h"
#include "tests/source_root.h"

namespace archive {
namespace {

std::filesystem::path fixture_folder() {
  return source_root() / "tests" / "checks" / "fixtures";
}

FieldFact fact_of(const std::string& word, int row) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) throw std::runtime_error("no '=' in " + word);
  FieldFact fact;
  fact.field = word.substr(0, equals);
  fact.row = row;
  fact.value = word.substr(equals + 1);
  std::ranges::replace(fact.value, '_', ' ');
  fact.raw = fact.value;
  fact.confidence = 0.99;
  if (fact.field.ends_with('?')) {
    fact.unsure = true;
    fact.field.pop_back();
  }
  if (fact.field.ends_with('!')) {
    fact.by_person = true;
    fact.field.pop_back();
  }
  if (const std::size_t tilde = fact.field.find('~'); tilde != std::string::npos) {
    fact.confidence = std::stod(fact.field.substr(tilde + 1));
    fact.field.resize(tilde);
  }
  return fact;
}

std::string text_of(const TomlValue& table, std::string_view name) {
  const TomlValue* value = table.find(name);
  if (value == nullptr) throw std::runtime_error("a case lacks " + std::string(name));
  return value->text;
}

std::vector<std::string> texts_of(const TomlValue& table, std::string_view name) {
  std::vector<std::string> texts;
  if (const TomlValue* list = table.find(name)) {
    for (const TomlValue& item : list->items) texts.push_back(item.text);
  }
  return texts;
}

ExpectedFinding expected_of(const std::string& line) {
  std::istringstream words(line);
  ExpectedFinding expected;
  std::string arrow;
  words >> expected.variant >> expected.field >> arrow;
  if (arrow != "->") throw std::runtime_error("not 'variant field -> expected': " + line);
  std::getline(words >> std::ws, expected.expected);
  for (std::string* part : {&expected.variant, &expected.field, &expected.expected}) {
    if (*part == "-") part->clear();
  }
  return expected;
}

FixtureCase case_of(const TomlValue& table, bool fails) {
  FixtureCase one{
      text_of(table, "name"), fails, texts_of(table, "pages"), texts_of(table, "elsewhere"), {}};
  for (const std::string& line : texts_of(table, "finds")) one.finds.push_back(expected_of(line));
  return one;
}

}  // namespace

const CheckTables& fixture_tables() {
  static const CheckTables tables = [] {
    const TemporaryFolder folder;
    const std::filesystem::path config = folder.path() / "config";
    std::filesystem::copy(source_root() / "config", config,
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(fixture_folder() / "office.csv",
                          config / "checks" / "parameters" / "office.csv");
    return CheckTables::load(config);
  }();
  return tables;
}

PageFact page_of(std::string_view line, PageNumber number) {
  PageFact page;
  page.number = number;
  page.content = "file" + std::to_string(number) + "#0";
  page.doc_type_confidence = 1;
  page.titled = true;
  std::istringstream words{std::string(line)};
  words >> page.doc_type;
  int row = -1;
  for (std::string word; words >> word;) {
    if (word == "|") {
      ++row;
    } else {
      page.fields.push_back(fact_of(word, row));
    }
  }
  for (FieldFact& fact : page.fields) {
    const bool number_field = fact.field == "id_number" || fact.field.ends_with("_id");
    if (number_field && !CitizenId::parse(fact.value)) fact.validity = FieldValidity::invalid;
  }
  return page;
}

DossierFacts dossier_of(const std::vector<std::string>& lines) {
  DossierFacts dossier;
  dossier.number = 1;
  dossier.received_on = "2025-06-01";
  for (const std::string& line : lines) {
    dossier.pages.push_back(page_of(line, static_cast<PageNumber>(dossier.pages.size()) + 1));
  }
  return dossier;
}

std::vector<VoucherFact> vouchers_elsewhere(const std::vector<std::string>& lines) {
  constexpr PageNumber kFirst = 1001;
  DossierFacts other = dossier_of(lines);
  for (std::size_t i = 0; i < other.pages.size(); ++i) {
    other.pages[i] = page_of(lines[i], kFirst + static_cast<PageNumber>(i));
  }
  std::vector<VoucherFact> vouchers = vouchers_of(other);
  for (VoucherFact& voucher : vouchers) voucher.dossier = 2;
  return vouchers;
}

std::vector<Fixture> all_fixtures() {
  std::vector<Fixture> fixtures;
  for (const auto& entry : std::filesystem::directory_iterator(fixture_folder())) {
    if (entry.path().extension() != ".toml") continue;
    const TomlValue file = read_toml(entry.path());
    Fixture fixture{entry.path().stem().string(), {}};
    for (const auto& [kind, list] : file.members) {
      for (const TomlValue& table : list.items) {
        fixture.cases.push_back(case_of(table, kind == "fails"));
      }
    }
    fixtures.push_back(std::move(fixture));
  }
  std::ranges::sort(fixtures, {}, &Fixture::rule);
  return fixtures;
}

}  // namespace archive
