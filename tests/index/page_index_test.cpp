#include "index/page_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "core/error.h"

// Everybody and everything here is fictional.

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

struct Field {
  const char* id;
  const char* value;
};

IndexedPage page(PageNumber number, const std::string& doc_type, const std::string& type_name,
                 const std::vector<std::string>& lines, const std::vector<Field>& fields = {}) {
  IndexedPage made;
  made.page.number = number;
  made.page.doc_type = doc_type;
  made.page.occurrence.batch = number < 5 ? 1 : 2;
  made.batch_name = number < 5 ? "退休档案一" : "退休档案二";
  made.page.dossier = number < 5 ? 7 : 8;
  made.dossier_no = number < 5 ? "0012-SB01-2004-0001" : "0012-SB01-2004-0002";
  made.doc_type_name = type_name;
  for (const std::string& text : lines) {
    TextLine line;
    line.text = text;
    made.layout.lines.push_back(line);
  }
  for (const auto& [id, value] : fields) {
    FieldRecord field;
    field.field = id;
    field.raw = field.value = value;
    made.page.fields.push_back(field);
  }
  return made;
}

std::vector<IndexedPage> corpus() {
  std::vector<IndexedPage> pages;
  pages.push_back(page(
      1, "DT15", "退休审批表",
      {"退休审批表", "姓名 周示例", "公民身份号码 11010519491231002X", "单位名称 示例市第一纺织厂"},
      {{"person_name", "周示例"},
       {"id_number", "11010519491231002X"},
       {"unit_name", "示例市第一纺织厂"},
       {"retire_date", "2004-06-30"}}));
  pages.back().persons = {{1, "周示例", "11010519491231002X"}};
  pages.push_back(
      page(2, "DT20", "待遇核定表",
           {"待遇核定表", "参加社会", "保险登记的时间 2004年6月", "月养老金 1,234.56元"},
           {{"person_name", "吴样本"}, {"monthly_total", "1234.56"}}));
  pages.push_back(
      page(3, "DT30", "劳动合同书",
           {"劳动合同书", "甲方：示例市第一纺织厂", "乙方同意周示例担任工会代表，参加社会保险"}));
  pages.push_back(page(4, "DT99", "其他", {"社會保險業(yè)務", "Gestión de la información"}));
  pages.push_back(page(5, "DT20", "待遇核定表",
                       {"待遇核定表", "养老保险待遇社会化发放", "档案编号 DA-2004-001"},
                       {{"person_name", "郑虚构"}, {"id_number", "440524188001010014"}}));
  pages.back().page.seals = {{{}, "red", "round", "样例县劳动保险所 业务专用章"}};
  pages.push_back(page(6, "DT30", "劳动合同书", {"２００４年度合同", "保险与社会责任，登记"}));
  return pages;
}

class PageIndexTest : public testing::Test {
 protected:
  PageIndexTest()
      : folder_(fs::path(testing::TempDir()) /
                ("index_" + std::to_string(::getpid()) + "_" + unique_name())) {
    fs::remove_all(folder_);
  }
  ~PageIndexTest() override { fs::remove_all(folder_); }

  static std::string unique_name() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "_" + info->name();
    std::ranges::replace(name, '/', '_');
    return name;
  }

  void fill() {
    PageIndex writer = PageIndex::open_writer(folder_);
    for (const IndexedPage& one : corpus()) writer.put(one);
    writer.commit();
  }

  static std::vector<PageNumber> pages_in(const SearchAnswer& answer) {
    std::vector<PageNumber> pages;
    for (const SearchHit& hit : answer.hits) pages.push_back(hit.page);
    return pages;
  }

  std::vector<PageNumber> ask(const std::string& text, const SearchFilters& filters = {}) {
    return pages_in(PageIndex::open_reader(folder_).search({text, filters, 0, 20}));
  }

  fs::path folder_;
};

struct Question {
  const char* name;
  const char* query;
  std::vector<PageNumber> pages;  // in this order
};
class Answered : public PageIndexTest, public testing::WithParamInterface<Question> {};

TEST_P(Answered, WithThesePages) {
  fill();
  EXPECT_EQ(ask(GetParam().query), GetParam().pages);
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Answered,
    testing::Values(
        Question{"ExactNameBeforeMention", "周示例", {1, 3}},
        Question{"SealAsText", "样例县劳动保险所", {5}},
        Question{"SealByField", "印章:样例县劳动保险所", {5}},
        Question{"PartOfASeal", "seal:业务专用章", {5}},
        Question{"NoSealOfTheUnit", "印章:第一纺织厂", {}},
        Question{"NameByField", "姓名:周示例", {1}}, Question{"PartOfAName", "姓名:示例", {1}},
        Question{"TraditionalFindsSimplified", "養老保險待遇", {5}},
        Question{"R71SimplifiedFindsTraditional", "社会保险业务", {4}},
        Question{"PhraseOverALineBreak", "参加社会保险登记", {2}},
        Question{"FullWidth", "２００４年度", {6}}, Question{"HalfWidth", "2004年度", {6}},
        Question{"OneHanzi", "厂", {1, 3}}, Question{"LooseWhenNoPhrase", "社会登记", {2, 6}},
        Question{"QuotedIsNeverLoose", "\"社会登记\"", {}},
        Question{"R72AccentFolded", "gestion", {4}}, Question{"R72Accented", "INFORMACIÓN", {4}},
        Question{"WholeId", "11010519491231002x", {1}}, Question{"HeadOfAnId", "id:110105", {1}},
        Question{"TailOfAnId", "002X", {1}}, Question{"MaskedId", "440524********0014", {5}},
        Question{"MaskedByUs", "110***********002X", {1}},
        Question{"MaskOfNobody", "440524********002X", {}},
        Question{"PartOfANumberIsNoHit", "1949", {}}, Question{"Amount", "1,234.56", {2}},
        Question{"AmountWithoutSeparator", "1234.56", {2}},
        Question{"DateInOtherWords", "2004年6月30日", {1}}, Question{"Month", "2004-06", {2}},
        Question{"Code", "da-2004-001", {5}}, Question{"CodeWithoutSigns", "DA2004001", {5}},
        Question{"DossierNumberTyped", "0012-SB01-2004-0002", {5, 6}},
        Question{"DossierByField", "档号:0012-SB01-2004-0001", {1, 2, 3, 4}},
        Question{"TypeByCode", "type:DT20", {2, 5}},
        Question{"TypeByName", "类型:劳动合同", {3, 6}},
        Question{"BatchByName", "批次:退休档案二", {5, 6}},
        Question{"FieldById", "unit_name:纺织厂", {1}},
        Question{"TwoWords", "周示例 社会保险", {3}},
        Question{"WordsSideBySideFirst", "社会 保险 登记", {2, 6}},
        Question{"Or", "纺织厂 OR 郑虚构", {5, 1, 3}}, Question{"Not", "周示例 -劳动合同书", {1}},
        Question{"Brackets", "(周示例 OR 吴样本) 2004-06", {2}},
        Question{"Nobody", "钱无此人", {}}),
    [](const auto& row) { return row.param.name; });

TEST_F(PageIndexTest, SaysWhyAPageWasFound) {
  fill();
  const PageIndex reader = PageIndex::open_reader(folder_);
  const auto reasons = [&](const std::string& text) {
    std::vector<std::string> all;
    for (const SearchHit& hit : reader.search({text, {}, 0, 20}).hits) all.push_back(hit.reason);
    return all;
  };
  EXPECT_THAT(reasons("周示例"), ElementsAre("field:person_name", "phrase"));
  EXPECT_THAT(reasons("11010519491231002X"), ElementsAre("field:id_number"));
  EXPECT_THAT(reasons("002X"), ElementsAre("part"));
  EXPECT_THAT(reasons("社会登记"), ElementsAre("scattered", "scattered"));
  EXPECT_EQ(reader.search({"社會登記 -DT99", {}, 0, 20}).understood, "社会登记 AND NOT dt99");
}

TEST_F(PageIndexTest, ScoresFallAlongTheList) {
  fill();
  const SearchAnswer answer = PageIndex::open_reader(folder_).search({"周示例", {}, 0, 20});
  ASSERT_EQ(answer.hits.size(), 2u);
  EXPECT_GT(answer.hits[0].score, answer.hits[1].score);
}

TEST_F(PageIndexTest, Filters) {
  fill();
  EXPECT_THAT(ask("待遇", {.dossier = "0012-SB01-2004-0002"}), ElementsAre(5));
  EXPECT_THAT(ask("待遇", {.dossier = "7"}), ElementsAre(2));
  EXPECT_THAT(ask("示例", {.person = "周示例"}), ElementsAre(1));
  EXPECT_THAT(ask("示例", {.person = "周示"}), IsEmpty());
  EXPECT_THAT(ask("", {.id_number = "440524188001010014"}), ElementsAre(5));
  EXPECT_THAT(ask("", {.doc_type = "DT30"}), ElementsAre(3, 6));
  EXPECT_THAT(ask("-纺织厂", {.doc_type = "DT30"}), ElementsAre(6));
  EXPECT_THAT(ask("", {.batch = "2"}), ElementsAre(5, 6));
  EXPECT_THAT(ask("", {.doc_type = "DT30", .batch = "1"}), ElementsAre(3));
  EXPECT_THAT(ask("", {.doc_type = "' OR 1=1"}), IsEmpty());
  EXPECT_THROW(ask("-纺织厂"), std::invalid_argument);
  EXPECT_THROW(ask(""), std::invalid_argument);
}

TEST_F(PageIndexTest, TakesFurtherNamesOfFields) {
  fill();
  PageIndex reader = PageIndex::open_reader(folder_);
  EXPECT_THAT(pages_in(reader.search({"单位名称:纺织厂", {}, 0, 20})), ElementsAre(1));
  EXPECT_EQ(reader.search({"单位名称:纺织厂", {}, 0, 20}).understood,
            "单位名称:纺织厂 OR (单位名称 AND 纺织厂)");
  reader.name_fields({{"单位名称", "unit_name"}});
  EXPECT_EQ(reader.search({"单位名称:纺织厂", {}, 0, 20}).understood, "unit_name:纺织厂");
}

TEST_F(PageIndexTest, WhatAPersonTypedIsFound) {
  IndexedPage corrected = page(1, "DT15", "退休审批表", {"姓名 周汞例"}, {{"note", "周示例夫人"}});
  corrected.page.fields[0].by_person = true;
  PageIndex writer = PageIndex::open_writer(folder_);
  writer.put(corrected);
  writer.commit();
  EXPECT_THAT(ask("示例夫人"), ElementsAre(1));
}

// -- Paging ----------------------------------------------------------------

// Nobody described the form: its labels are names to search by all the same.
TEST_F(PageIndexTest, FindsAPaperNobodyDescribedByLabelAndValue) {
  {
    PageIndex writer = PageIndex::open_writer(folder_);
    IndexedPage unknown =
        page(1, "DT99", "其他", {"预计退休年龄 65", "工作部门：市场部", "吴样本"});
    unknown.page.pairs = {{"预计退休年龄：", "65", {}, {}, 0.9},
                          {"*工作部门", "市场部", {}, {}, 0.9},
                          {"姓名", "吴样本", {}, {}, 0.9}};
    writer.put(unknown);
    writer.put(page(2, "DT99", "其他", {"预计退休年龄 60", "65 吴样本"}));
    writer.commit();
  }
  EXPECT_THAT(ask("预计退休年龄:65"), ElementsAre(1, 2));
  EXPECT_THAT(ask("预计退休年龄:(65 OR 66)"), ElementsAre(1));
  EXPECT_THAT(ask("工作部门：市场部"), ElementsAre(1));
  EXPECT_THAT(ask("姓名:吴样本"), ElementsAre(1));
  const SearchAnswer answer =
      PageIndex::open_reader(folder_).search({"预计退休年龄:65", {}, 0, 20});
  EXPECT_EQ(answer.hits.front().reason, "field:预计退休年龄");
}

std::vector<IndexedPage> shelf(int count) {
  std::vector<IndexedPage> pages;
  std::mt19937 random(3);
  for (int i = 1; i <= count; ++i) {
    std::vector<std::string> lines = {"社会保险登记表"};
    for (auto more = random() % 4; more > 0; --more) lines.push_back("社会保险");
    if (i % 3 == 0) lines.push_back("周示例");
    const std::vector<Field> fields =
        i % 7 == 0 ? std::vector<Field>{{"person_name", "周示例"}} : std::vector<Field>{};
    pages.push_back(page(i, "DT04", "登记表", lines, fields));
  }
  return pages;
}

class Paging : public PageIndexTest, public testing::WithParamInterface<const char*> {};

TEST_P(Paging, ReachesEveryPageOnce) {
  PageIndex writer = PageIndex::open_writer(folder_);
  for (const IndexedPage& one : shelf(2'500)) writer.put(one);  // past the ranked hits
  writer.commit();
  const PageIndex reader = PageIndex::open_reader(folder_);
  const SearchAnswer all = reader.search({GetParam(), {}, 0, 1'000});
  std::vector<PageNumber> seen;
  for (std::size_t offset = 0;; offset += 70) {
    const SearchAnswer some = reader.search({GetParam(), {}, offset, 70});
    if (some.hits.empty()) break;
    for (PageNumber number : pages_in(some)) seen.push_back(number);
  }
  std::vector<PageNumber> first(seen.begin(),
                                seen.begin() + static_cast<std::ptrdiff_t>(all.hits.size()));
  EXPECT_EQ(first, pages_in(all)) << "small steps give the order of a large one";
  std::ranges::sort(seen);
  EXPECT_TRUE(std::ranges::adjacent_find(seen) == seen.end());
  const bool everywhere = std::string(GetParam()) == "社会保险";
  EXPECT_EQ(seen.size(), everywhere ? 2'500u : 833u + 357u - 119u);
}

INSTANTIATE_TEST_SUITE_P(Examples, Paging, testing::Values("社会保险", "周示例"));

// -- Readers and writers -----------------------------------------------------

TEST_F(PageIndexTest, ReplacesAndRemoves) {
  fill();
  PageIndex writer = PageIndex::open_writer(folder_);
  writer.put(page(3, "DT30", "劳动合同书", {"新的内容"}));
  writer.remove(5);
  writer.remove(5);
  writer.remove(4711);
  writer.commit();
  EXPECT_THAT(ask("工会代表"), IsEmpty());
  EXPECT_THAT(ask("新的内容"), ElementsAre(3));
  const PageIndex reader = PageIndex::open_reader(folder_);
  EXPECT_THAT(reader.page_numbers(), ElementsAre(1, 2, 3, 4, 6));
  EXPECT_EQ(reader.pages(), 5u);
}

TEST_F(PageIndexTest, AReaderSeesACommitAndNothingBefore) {
  fill();
  const PageIndex reader = PageIndex::open_reader(folder_);
  PageIndex writer = PageIndex::open_writer(folder_);
  writer.put(page(9, "DT30", "劳动合同书", {"刚刚归档的一页"}, {{"new_field", "新"}}));
  EXPECT_THAT(pages_in(reader.search({"刚刚归档", {}, 0, 20})), IsEmpty());
  writer.commit();
  EXPECT_THAT(pages_in(reader.search({"刚刚归档", {}, 0, 20})), ElementsAre(9));
  EXPECT_THAT(pages_in(reader.search({"new_field:新", {}, 0, 20})), ElementsAre(9));
}

TEST_F(PageIndexTest, WhatWasNotCommittedIsNotThere) {
  fill();
  {
    PageIndex writer = PageIndex::open_writer(folder_);
    writer.put(page(9, "DT30", "劳动合同书", {"没有提交的一页"}));
  }
  EXPECT_THAT(ask("没有提交"), IsEmpty());
}

TEST_F(PageIndexTest, TwoReadersBesideAWriter) {
  fill();
  std::atomic<bool> done = false;
  std::atomic<int> answers = 0;
  const auto read = [&] {
    const PageIndex reader = PageIndex::open_reader(folder_);
    std::uint64_t before = 0;
    while (!done) {
      EXPECT_THAT(pages_in(reader.search({"养老保险待遇社会化", {}, 0, 20})), ElementsAre(5));
      const std::uint64_t pages = reader.pages();
      EXPECT_GE(pages, before);
      before = pages;
      ++answers;
    }
  };
  std::thread one(read);
  std::thread two(read);
  PageIndex writer = PageIndex::open_writer(folder_);
  for (int i = 0; i < 40; ++i) {
    for (int k = 0; k < 5; ++k) {
      writer.put(page(10 + 5 * i + k, "DT30", "劳动合同书", {"又一页劳动合同", std::to_string(i)}));
    }
    writer.commit();
  }
  while (answers < 20) std::this_thread::yield();
  done = true;
  one.join();
  two.join();
  EXPECT_EQ(PageIndex::open_reader(folder_).pages(), 206u);
}

TEST_F(PageIndexTest, ARebuiltIndexAnswersTheSame) {
  const std::vector<IndexedPage> pages = shelf(600);
  const fs::path rebuilt = folder_ / "rebuilt";
  const fs::path grown = folder_ / "grown";
  {
    PageIndex writer = PageIndex::open_writer(grown);  // in disorder, with changes
    for (std::size_t i = pages.size(); i-- > 0;) {
      IndexedPage draft = pages[i];
      draft.layout.lines.resize(1);
      if (i % 5 == 0) writer.put(draft);
      if (i % 50 == 0) writer.commit();
    }
    for (const IndexedPage& one : pages) writer.put(one);
    writer.commit();
    PageIndex anew = PageIndex::open_writer(rebuilt);
    for (const IndexedPage& one : pages) anew.put(one);
    anew.commit();
  }
  const PageIndex a = PageIndex::open_reader(grown);
  const PageIndex b = PageIndex::open_reader(rebuilt);
  EXPECT_EQ(a.page_numbers(), b.page_numbers());
  for (const char* query :
       {"周示例", "社会保险", "登记表 周示例", "姓名:周示例", "险登", "社会表"}) {
    const SearchAnswer one = a.search({query, {}, 0, 300});
    const SearchAnswer other = b.search({query, {}, 0, 300});
    EXPECT_EQ(pages_in(one), pages_in(other)) << query;
    EXPECT_EQ(one.estimated_total, other.estimated_total) << query;
  }
}

// -- Trouble -----------------------------------------------------------------

ErrorKind kind_of_error(const std::function<void()>& work) {
  try {
    work();
  } catch (const ArchiveError& error) {
    EXPECT_NE(std::string(error.what()).find(error.what_to_do()), std::string::npos);
    return error.kind();
  }
  ADD_FAILURE() << "no ArchiveError";
  return ErrorKind::internal;
}

TEST_F(PageIndexTest, AMissingIndexSaysHowToRebuildIt) {
  EXPECT_EQ(kind_of_error([&] { PageIndex::open_reader(folder_); }), ErrorKind::index);
  fs::create_directories(folder_);
  EXPECT_EQ(kind_of_error([&] { PageIndex::open_reader(folder_); }), ErrorKind::index);
  try {
    PageIndex::open_reader(folder_);
  } catch (const ArchiveError& error) {
    EXPECT_THAT(error.what_to_do(), testing::HasSubstr("juanzong index rebuild"));
  }
}

TEST_F(PageIndexTest, AnIndexThatLostItsRootIsNotReplacedByAnEmptyOne) {
  fill();
  fs::remove(folder_ / "all" / "iamglass");
  EXPECT_EQ(kind_of_error([&] { PageIndex::open_writer(folder_); }), ErrorKind::index);
  EXPECT_EQ(kind_of_error([&] { PageIndex::open_reader(folder_); }), ErrorKind::index);
}

TEST_F(PageIndexTest, GarbageIsDamage) {
  fill();
  for (const char* name : {"iamglass", "postlist.glass"}) {
    const fs::path file = folder_ / "all" / name;
    const auto size = fs::file_size(file);
    std::ofstream(file, std::ios::trunc | std::ios::binary) << std::string(size, '\x5A');
    const auto use = [&] {
      const PageIndex reader = PageIndex::open_reader(folder_);
      reader.search({"待遇", {}, 0, 20});
    };
    EXPECT_EQ(kind_of_error(use), ErrorKind::index) << name;
    fs::remove_all(folder_);
    fill();
  }
}

TEST_F(PageIndexTest, ATruncatedTableIsDamage) {
  {
    PageIndex writer = PageIndex::open_writer(folder_);
    for (const IndexedPage& one : shelf(400)) writer.put(one);
    writer.commit();
  }
  fs::resize_file(folder_ / "all" / "postlist.glass", 8'192);
  const auto use = [&] {
    const PageIndex reader = PageIndex::open_reader(folder_);
    reader.search({"周示例", {}, 0, 20});
    reader.page_numbers();
  };
  EXPECT_EQ(kind_of_error(use), ErrorKind::index);
}

TEST_F(PageIndexTest, OnlyOneWriter) {
  PageIndex writer = PageIndex::open_writer(folder_);
  EXPECT_EQ(kind_of_error([&] { PageIndex::open_writer(folder_); }), ErrorKind::archive_locked);
}

TEST_F(PageIndexTest, PageNumbersThatDoNotFitAreRefused) {
  PageIndex writer = PageIndex::open_writer(folder_);
  EXPECT_THROW(writer.put(page(0, "DT01", "", {})), std::out_of_range);
  EXPECT_THROW(writer.put(page(1LL << 33, "DT01", "", {})), std::out_of_range);
}

TEST_F(PageIndexTest, OddPagesAreTaken) {
  PageIndex writer = PageIndex::open_writer(folder_);
  IndexedPage odd =
      page(1, "", "", {"", "\xFF\xFE", std::string("a\0b", 3), std::string(100'000, 'x')},
           {{"", ""}, {"opinion", "意见"}, {"note", "\xC4\xE3"}});
  FieldRecord row;
  row.field = "row";
  row.value = row.raw = "值";
  odd.page.fields.resize(2'000, row);
  writer.put(odd);
  writer.put(page(2, "", "", {}));
  writer.commit();
  EXPECT_THAT(ask("意见"), ElementsAre(1));
  EXPECT_THAT(ask("row:值"), ElementsAre(1));
}

/// Every row finds nothing or is refused; no row finds what its words do not name.
TEST_F(PageIndexTest, InjectionFindsNothingExtra) {
  fill();
  const char* corpus[] = {"' OR '1'='1",
                          "\" OR \"\"=\"",
                          "'; DROP TABLE pages; --",
                          "8 OR 8=8",
                          "*",
                          "%",
                          "_",
                          "?*",
                          "../../etc/passwd",
                          "$(reboot)",
                          "`id`",
                          "|cat /etc/passwd",
                          "<script>alert(1)</script>",
                          "XFperson_name",
                          "Qabc",
                          "{\"$gt\":\"\"}",
                          "field:*",
                          "person_name:*",
                          "Yperson_name",
                          "NEAR/3",
                          "[0 TO 9]",
                          "a..b",
                          "~0.8",
                          "^100",
                          "\\x00",
                          "%00",
                          "\xE2\x80\xAE"
                          "abc",
                          "DT2?",
                          "7 OR 7=7"};
  for (const char* query : corpus) {
    try {
      EXPECT_THAT(ask(query), IsEmpty()) << query;
    } catch (const std::invalid_argument&) {
    }
  }
}

TEST_F(PageIndexTest, HostileQueriesNeverCrash) {
  fill();
  const PageIndex reader = PageIndex::open_reader(folder_);
  std::mt19937 random(26);
  const std::string pieces[] = {"周示例",  "社",       "(",
                                ")",       "\"",       " OR ",
                                " AND ",   "-",        ":",
                                "id:",     "110105",   "002X",
                                "****",    "*",        std::string(1, '\0'),
                                "\xFF",    "\xC9\xE7", "\xE2\x80\xAE",
                                " ",       "2004-06",  ",",
                                "1,234.56"};
  int answered = 0;
  for (int round = 0; round < 1'000; ++round) {
    std::string query;
    const auto length = round < 10 ? 3'000 : random() % 9;
    for (std::size_t i = 0; i < length; ++i) query += pieces[random() % std::size(pieces)];
    try {
      reader.search({query, {}, random() % 3, random() % 5});
      ++answered;
    } catch (const std::invalid_argument&) {
    }
  }
  EXPECT_GT(answered, 100);
}

}  // namespace
}  // namespace archive
