#include "ingest/assembly.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

// Little batches of fictional pages, told as a list of what lies on the table.

namespace archive {
namespace {

class Pile {
 public:
  PageRecord& page(const std::string& file, const std::string& doc_type,
                   const std::string& stamp = "") {
    PageRecord page;
    page.number = static_cast<PageNumber>(pages_.size()) + 1;
    page.source_name = file;
    const auto source = sources_.try_emplace(file, sources_.size() + 1).first->second;
    page.occurrence = {1, static_cast<SourceNumber>(source), count_[file]++,
                       static_cast<std::int64_t>(pages_.size())};
    page.doc_type = doc_type;
    pages_.push_back(page);
    if (!stamp.empty()) field("page_no", stamp);
    return pages_.back();
  }
  void field(const std::string& id, const std::string& value, int row = -1) {
    FieldRecord field;
    field.field = id;
    field.value = value;
    field.row = row;
    pages_.back().fields.push_back(field);
  }
  void separator(const std::string& file, const std::string& code) {
    PageRecord& sheet = page(file, "");
    sheet.kind = PageKind::separator;
    sheet.codes.push_back({"QR-CODE", code, {}});
  }
  std::vector<Records::AssembledDossier> assembled() const {
    return assemble_dossiers(pages_, {},
                             {[](const std::string& type) { return "R-" + type; },
                              [this](const std::string& dossier_no) {
                                const auto found = catalogue_.find(dossier_no);
                                return found == catalogue_.end() ? std::vector<CatalogueEntry>()
                                                                 : found->second;
                              }})
        .dossiers;
  }

  std::map<std::string, std::vector<CatalogueEntry>> catalogue_;

 private:
  std::vector<PageRecord> pages_;
  std::map<std::string, std::size_t> sources_;
  std::map<std::string, int> count_;
};

std::vector<std::string> keys(const std::vector<Records::AssembledDossier>& dossiers) {
  std::vector<std::string> list;
  for (const auto& dossier : dossiers) list.push_back(dossier.dossier.key);
  return list;
}

std::vector<int> items_of_pages(const Records::AssembledDossier& dossier) {
  std::vector<int> list;
  for (const auto& page : dossier.pages) list.push_back(page.item_sequence);
  return list;
}

TEST(Assembly, FoldersFilesAndLoosePicturesAreDossiers) {
  Pile pile;
  pile.page("box/1.jpg", "DT04");
  pile.page("box/2.jpg", "DT04");
  pile.page("book.pdf", "DT04");
  pile.page("book.pdf", "DT04");
  pile.page("loose1.jpg", "DT04");
  pile.page("loose2.jpg", "DT04");
  const auto dossiers = pile.assembled();
  EXPECT_EQ(keys(dossiers), (std::vector<std::string>{"folder:box", "file:book.pdf", "batch"}));
  for (const auto& dossier : dossiers) EXPECT_EQ(dossier.pages.size(), 2u);
}

TEST(Assembly, SeparatorsDivideAFileAndNameTheDossier) {
  Pile pile;
  pile.page("batch.tif", "DT37");  // somebody forgot the first sheet
  pile.separator("batch.tif", "DA|SB2-2012-SY-0001|SB1");
  pile.page("batch.tif", "DT01");
  pile.field("dossier_no", "misread");
  pile.separator("batch.tif", "DA|SB2-2012-SY-0002|SB2");
  pile.page("batch.tif", "DT01");
  const auto dossiers = pile.assembled();
  ASSERT_EQ(keys(dossiers), (std::vector<std::string>{"file:batch.tif", "separator:batch.tif#2",
                                                      "separator:batch.tif#4"}));
  EXPECT_EQ(dossiers[0].pages.size(), 1u);
  EXPECT_EQ(dossiers[1].dossier.dossier_no, "SB2-2012-SY-0001");
  EXPECT_EQ(dossiers[2].dossier.dossier_no, "SB2-2012-SY-0002");
  EXPECT_EQ(dossiers[1].pages.size(), 2u);
}

TEST(Assembly, PagesFindTheirItemByStampAndNeighbours) {
  Pile pile;
  pile.page("d/1.jpg", "DT01");
  pile.page("d/2.jpg", "DT02");
  pile.field("item_title", "劳动合同书", 0);
  pile.field("item_pages", "1-3", 0);
  pile.field("item_title", "身份证复印件", 1);
  pile.field("item_pages", "4", 1);
  pile.page("d/3.jpg", "DT39", "1");
  pile.page("d/4.jpg", "DT39");  // the stamp is illegible
  pile.page("d/5.jpg", "DT39", "3");
  pile.page("d/6.jpg", "").kind = PageKind::blank;
  pile.page("d/7.jpg", "DT37", "4");
  pile.page("d/8.jpg", "DT10", "5");  // not in the catalogue
  pile.page("d/9.jpg", "DT03");
  const auto dossiers = pile.assembled();
  ASSERT_EQ(dossiers.size(), 1u);
  EXPECT_EQ(items_of_pages(dossiers[0]), (std::vector<int>{0, 0, 1, 1, 1, 0, 2, 3, 0}));
  const auto& items = dossiers[0].dossier.items;
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].doc_type, "DT39");
  EXPECT_EQ(items[0].pages_declared, "1-3");
  EXPECT_EQ(items[1].retention, "R-DT37");
  EXPECT_EQ(dossiers[0].pages[4].page_of_item, 3);
}

class Catalogued : public Pile {
 public:
  /// A catalogue of 登记表 1, 合同 2-4, 身份证 5.
  explicit Catalogued(bool second_range = true) {
    page("d/0.jpg", "DT02");
    row(0, "1", "登记表", "1");
    row(1, "2", "合同", second_range ? "2-4" : "");
    row(2, "3", "身份证", "5");
  }
  void row(int number, const std::string& seq, const std::string& title, const std::string& pages) {
    if (!seq.empty()) field("seq", seq, number);
    field("item_title", title, number);
    if (!pages.empty()) field("item_pages", pages, number);
  }
  void five_pages(const std::vector<std::string>& stamps) {
    const char* types[] = {"DT04", "DT39", "DT39", "DT39", "DT37"};
    for (std::size_t i = 0; i < 5; ++i) {
      page("d/" + std::to_string(i + 1) + ".jpg", types[i], stamps[i]).title = "题名";
    }
  }
};

struct Stamps {
  const char* name;
  std::vector<std::string> stamps;
  bool second_range;
  std::vector<int> items;
};
class StampedPages : public testing::TestWithParam<Stamps> {};

TEST_P(StampedPages, FindTheirItem) {
  Catalogued pile(GetParam().second_range);
  pile.five_pages(GetParam().stamps);
  std::vector<int> items = items_of_pages(pile.assembled()[0]);
  items.erase(items.begin());  // the catalogue's own page
  EXPECT_EQ(items, GetParam().items);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, StampedPages,
    testing::Values(Stamps{"AllRead", {"1", "2", "3", "4", "5"}, true, {1, 2, 2, 2, 3}},
                    Stamps{"NoneRead", {"", "", "", "", ""}, true, {1, 2, 2, 2, 3}},
                    Stamps{"OneRead", {"", "", "3", "", ""}, true, {1, 2, 2, 2, 3}},
                    Stamps{"EndsRead", {"1", "", "", "", "5"}, true, {1, 2, 2, 2, 3}},
                    Stamps{"APageIsMissing", {"1", "2", "4", "5", "6"}, true, {1, 2, 2, 3, 4}},
                    Stamps{"OutOfOrder", {"1", "5", "2", "3", "4"}, true, {1, 3, 2, 2, 2}},
                    Stamps{"MisreadAmongUnread", {"1", "", "93", "", "5"}, true, {1, 2, 2, 2, 3}},
                    Stamps{"RangeUnread", {"1", "2", "3", "4", "5"}, false, {1, 2, 2, 2, 3}}),
    [](const auto& row) { return row.param.name; });

TEST(Assembly, ItemsKeepTheNumbersOfTheCatalogue) {
  Pile pile;
  pile.page("d/1.jpg", "DT02");
  const char* printed[] = {"2", "", "4", "9", "6"};  // row 1 was lost, 9 is misread
  for (int row = 0; row < 5; ++row) {
    pile.field("seq", printed[row], row);
    pile.field("item_title", "材料", row);
  }
  const auto dossiers = pile.assembled();
  std::vector<int> numbers;
  for (const ItemRecord& item : dossiers[0].dossier.items) numbers.push_back(item.sequence);
  EXPECT_EQ(numbers, (std::vector<int>{2, 3, 4, 5, 6}));
}

TEST(Assembly, AnItemWithoutItsPagesStaysInTheList) {
  Pile pile;
  pile.page("d/1.jpg", "DT02");
  pile.field("item_title", "退休审批表", 0);
  pile.field("item_pages", "1", 0);
  const auto dossiers = pile.assembled();
  ASSERT_EQ(dossiers[0].dossier.items.size(), 1u);
  EXPECT_EQ(dossiers[0].dossier.items[0].retention, "HOLD");
}

TEST(Assembly, WithoutACatalogueTitlesAndTypesMakeItems) {
  Pile pile;
  pile.page("d/1.jpg", "DT39").title = "劳动合同书";
  pile.page("d/2.jpg", "DT39");
  pile.page("d/3.jpg", "DT39").title = "劳动合同书";
  pile.page("d/4.jpg", "DT37");
  EXPECT_EQ(items_of_pages(pile.assembled()[0]), (std::vector<int>{1, 1, 2, 3}));
}

TEST(Assembly, ASetAsidePageKeepsItsPlaceInTheDossier) {
  Pile pile;
  pile.page("d/1.jpg", "DT04");
  pile.page("d/2.jpg", "").state = PageState::set_aside;
  EXPECT_EQ(items_of_pages(pile.assembled()[0]), (std::vector<int>{1, 0}));
}

// One sheet may name many persons; only a number that proves itself identifies anybody.
TEST(Assembly, MentionsEveryPersonOnASheet) {
  Pile pile;
  pile.page("d/1.jpg", "DT07");
  pile.field("person_name", "甲某", 0);
  pile.field("id_number", "11010519491231002X", 0);
  pile.field("person_name", "乙某", 1);
  pile.field("id_number", "110105194912310021", 1);  // wrong check digit
  pile.page("d/2.jpg", "DT25");
  pile.field("person_name", "甲某");
  pile.field("survivor_name", "丙某");
  pile.field("survivor_id", "440524188001010014");
  const auto mentions = pile.assembled()[0].mentions;
  ASSERT_EQ(mentions.size(), 4u);
  EXPECT_EQ(mentions[0].citizen_id, "11010519491231002X");
  EXPECT_EQ(mentions[0].role, "row");
  EXPECT_EQ(mentions[1].citizen_id, "");
  EXPECT_EQ(mentions[2].role, "holder");
  EXPECT_EQ(mentions[3].citizen_id, "440524188001010014");
  EXPECT_EQ(mentions[3].role, "claimant");
}

struct Code {
  const char* text;
  const char* number;
};

TEST(Assembly, ReadsOnlyCodesOfItsOwnForm) {
  for (const Code& code : {Code{"DA|SB1-2020|X7", "SB1-2020"}, Code{"DA||X7", ""},
                           Code{"DA|SB1-2020", ""}, Code{"SB1-2020", ""}, Code{"", ""}}) {
    EXPECT_EQ(dossier_no_in_code(code.text), code.number) << code.text;
  }
}

}  // namespace
}  // namespace archive
