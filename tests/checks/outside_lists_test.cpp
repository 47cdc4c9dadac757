#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/dossier_checks.h"
#include "tests/source_root.h"

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kId = "11010519491231002X";

FieldFact field(const std::string& name, const std::string& value, int row = -1) {
  return {name, row, value, value, 1, FieldValidity::valid, false, false, false};
}

/// A dossier of one person: an application, and a statement with two months.
DossierFacts dossier() {
  PageFact form;
  form.number = 1;
  form.doc_type = "DT19";
  form.fields = {field("id_number", kId), field("person_name", "张三"),
                 field("birth_date", "1949-12-31")};
  PageFact statement;
  statement.number = 2;
  statement.doc_type = "DT11";
  statement.fields = {field("id_number", kId), field("period_from", "2018-01", 0),
                      field("pay_base", "5000.00", 0), field("period_from", "2018-02", 1),
                      field("pay_base", "5000.00", 1)};
  DossierFacts facts;
  facts.pages = {form, statement};
  return facts;
}

ListedRecord listed(ListKind kind, const std::string& month,
                    std::map<std::string, std::string> values) {
  return {"公安", kind, 7, kId, month, std::move(values)};
}

/// "page:field[row] printed/expected" of what differs from the lists.
std::vector<std::string> differences(const std::vector<ListedRecord>& records,
                                     const DossierFacts& facts = dossier()) {
  static const CheckTables tables = CheckTables::load(source_root() / "config");
  std::vector<std::string> found;
  for (const Finding& finding : check_dossier(facts, tables, records)) {
    if (finding.rule != "list") continue;
    std::string text;
    for (const FindingPlace& place : finding.places) {
      text += std::to_string(place.page) + ":" + place.field + "[" + std::to_string(place.row) +
              "] " + place.printed + "/";
    }
    found.push_back(text + finding.expected);
  }
  return found;
}

TEST(R38, ListWithThreeDifferencesGivesThreeFindings) {
  EXPECT_THAT(differences({listed(ListKind::person, "",
                                  {{"person_name", "张山"}, {"birth_date", "1949-12-30"}}),
                           listed(ListKind::payment, "2018-02", {{"pay_base", "6000.00"}})}),
              ElementsAre("1:birth_date[-1] 1949-12-31/1949-12-30", "1:person_name[-1] 张三/张山",
                          "2:pay_base[1] 5000.00/6000.00"));
}

TEST(R38, WhatAgreesOrCannotBeComparedGivesNone) {
  EXPECT_THAT(differences({listed(ListKind::person, "", {{"person_name", "张 三"}, {"sex", "男"}}),
                           listed(ListKind::person, "", {{"birth_date", "1949-12"}}),
                           listed(ListKind::payment, "2018-01", {{"pay_base", "5000.00"}}),
                           listed(ListKind::payment, "2018-03", {{"pay_base", "1.00"}})}),
              IsEmpty());
}

TEST(R38, OneSignReadWithDoubtIsNoDifference) {
  DossierFacts facts = dossier();
  facts.pages[0].fields[2].confidence = 0.8;
  EXPECT_THAT(differences({listed(ListKind::person, "", {{"birth_date", "1949-12-30"}})}, facts),
              IsEmpty());
  EXPECT_THAT(differences({listed(ListKind::person, "", {{"birth_date", "1948-11-30"}})}, facts),
              ElementsAre("1:birth_date[-1] 1949-12-31/1948-11-30"));
}

/// "variant sequence expected" of what does not hang together.
std::vector<std::string> hooked(const std::vector<ItemFact>& items, const std::vector<int>& pages) {
  static const CheckTables tables = CheckTables::load(source_root() / "config");
  DossierFacts facts;
  facts.items = items;
  for (const int item : pages) {
    PageFact page;
    page.number = static_cast<PageNumber>(facts.pages.size()) + 1;
    page.doc_type = "DT46";
    page.item_sequence = item;
    facts.pages.push_back(page);
  }
  std::vector<std::string> found;
  for (const Finding& finding : check_dossier(facts, tables)) {
    if (finding.rule != "Q20") continue;
    found.push_back(finding.variant + " " + finding.words.at("sequence") + " " + finding.expected);
  }
  return found;
}

ItemFact item(int sequence, const std::string& pages, bool catalogued = true) {
  return {sequence, "DT46", "t", "", pages, "D100", catalogued};
}

TEST(Q20, RowsAndPagesHangTogether) {
  EXPECT_THAT(hooked({item(1, "1-2"), item(2, "3"), item(3, "")}, {1, 1, 2, 3}), IsEmpty());
  EXPECT_THAT(hooked({item(1, "1-2"), item(2, "3")}, {1, 2}), ElementsAre("count 1 2"));
  EXPECT_THAT(hooked({item(1, "1"), item(2, "2")}, {1}), ElementsAre("row_without_pages 2 2"));
  EXPECT_THAT(hooked({item(1, "1"), item(2, "", false)}, {1, 2, 2}),
              ElementsAre("pages_without_row 2 "));
  EXPECT_THAT(hooked({item(1, "1-2", false)}, {1}), IsEmpty()) << "nobody catalogued it";
}

TEST(R38, WhatAPersonIsStillToLookAtIsNotCompared) {
  static const CheckTables tables = CheckTables::load(source_root() / "config");
  DossierFacts facts = dossier();
  for (FieldFact& fact : facts.pages[0].fields) fact.unsure = true;
  EXPECT_EQ(list_keys(facts), std::set<std::string>{kId}) << "the statement still names it";
  for (const Finding& finding :
       check_dossier(facts, tables, {listed(ListKind::person, "", {{"person_name", "李四"}})})) {
    EXPECT_NE(finding.rule, "list");
  }
}

}  // namespace
}  // namespace archive
