#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/error.h"
#include "core/utf8.h"
#include "index/page_index.h"
#include "tests/source_root.h"
#include "tests/store/temporary_folder.h"

// Everybody and everything here is fictional.

namespace archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
namespace fs = std::filesystem;

struct Field {
  const char* id;
  const char* value;
  int row = -1;
};

IndexedPage page(PageNumber number, const std::vector<std::string>& lines,
                 const std::vector<Field>& fields = {}) {
  IndexedPage made;
  made.page.number = number;
  made.page.doc_type = "DT15";
  made.page.occurrence.batch = 1;
  made.page.dossier = 1 + number / 10;
  made.page.text_confidence = 0.99;
  for (const std::string& text : lines) {
    TextLine line;
    line.text = text;
    made.layout.lines.push_back(line);
  }
  for (const auto& [id, value, row] : fields) {
    FieldRecord field;
    field.field = id;
    field.raw = field.value = value;
    field.row = row;
    made.page.fields.push_back(field);
  }
  return made;
}

class Finding : public testing::Test {
 protected:
  fs::path folder() const { return temporary_.path() / "index"; }

  void fill(const std::vector<IndexedPage>& pages) {
    PageIndex writer = PageIndex::open_writer(folder());
    for (const IndexedPage& one : pages) writer.put(one);
    writer.commit();
  }

  SearchAnswer answer(SearchRequest request) const {
    PageIndex reader = PageIndex::open_reader(folder());
    reader.use_look_alikes(LookAlikes::load(source_root() / "config"));
    return reader.search(request);
  }

  static std::vector<PageNumber> pages_in(const SearchAnswer& answer) {
    std::vector<PageNumber> pages;
    for (const SearchHit& hit : answer.hits) pages.push_back(hit.page);
    return pages;
  }
  std::vector<PageNumber> ask(const std::string& text, SearchFilters filters = {}) const {
    return pages_in(answer({text, std::move(filters)}));
  }
  /// "page reason", in order.
  std::vector<std::string> why(const std::string& text) const {
    std::vector<std::string> all;
    for (const SearchHit& hit : answer({text}).hits) {
      all.push_back(std::to_string(hit.page) + " " + hit.reason);
    }
    return all;
  }

  TemporaryFolder temporary_;
};

// -- Ranges and filters --------------------------------------------------------

class R21 : public Finding {
 protected:
  R21() {
    fill({page(1, {"一"}, {{"period_from", "2003-05"}, {"period_to", "2006-11"}}),
          page(2, {"二"}, {{"period_from", "2006-12"}, {"period_to", "2009-01"}}),
          page(3, {"三"}, {{"period_from", "1999-01"}, {"period_to", "2012-12"}}),
          page(4, {"四"}, {{"id_type", "居民身份证"}, {"id_number", "11010519491231002X"}}),
          page(5, {"五"}, {{"id_type", "护照"}, {"id_number", "E00000000"}}),
          page(6, {"六"}, {{"period_from", "2008-03"}}),
          page(7, {"七"},
               {{"period_from", "2001-01", 0},
                {"period_to", "2001-12", 0},
                {"period_from", "2010-02", 1},
                {"period_to", "2010-04", 1}})});
  }
};

TEST_F(R21, PeriodsThatShareAMonthAndNoOthers) {
  struct Row {
    const char* period;
    std::vector<PageNumber> pages;
  };
  const Row rows[] = {{"2006-11..2006-11", {1, 3}},
                      {"2006-12..2006-12", {2, 3}},
                      {"2006-11..2006-12", {1, 2, 3}},
                      {"2009-02..2009-12", {3}},
                      {"1998-01..1998-12", {}},
                      {"..1999-01", {3}},
                      {"2012-12..", {3}},
                      {"2013-01..2020-12", {}},
                      {"2004", {1, 3}},
                      {"2008-03", {2, 3, 6}},
                      {"2008-04..2008-12", {2, 3}},
                      {"2001..2002", {3, 7}},
                      {"2010-03..2010-03", {3, 7}},
                      {"2010-05..2011-01", {3}},
                      {"2002-01..2003-04", {3}},
                      {"1990..2020", {1, 2, 3, 6, 7}}};
  for (const auto& [period, pages] : rows) {
    EXPECT_EQ(ask("", {.period = period}), pages) << period;
    EXPECT_EQ(ask(std::string("缴费期间:") + period), pages) << period;
  }
}

// Every pair of months against every page, by counting on fingers.
TEST_F(R21, OverlapAgreesWithCounting) {
  struct Paid {
    PageNumber page;
    int first, last;
  };
  const auto month = [](int year, int number) { return year * 12 + number - 1; };
  const std::vector<Paid> paid = {
      {1, month(2003, 5), month(2006, 11)}, {2, month(2006, 12), month(2009, 1)},
      {3, month(1999, 1), month(2012, 12)}, {6, month(2008, 3), month(2008, 3)},
      {7, month(2001, 1), month(2001, 12)}, {7, month(2010, 2), month(2010, 4)}};
  const PageIndex reader = PageIndex::open_reader(folder());
  std::mt19937 random(21);
  for (int round = 0; round < 300; ++round) {
    const int first = month(1997, 1) + static_cast<int>(random() % 200);
    const int last = first + static_cast<int>(random() % (random() % 2 == 0 ? 5 : 90));
    std::set<PageNumber> expected;
    for (const Paid& one : paid) {
      if (one.first <= last && first <= one.last) expected.insert(one.page);
    }
    char period[32];
    std::snprintf(period, sizeof period, "%04d-%02d..%04d-%02d", first / 12, first % 12 + 1,
                  last / 12, last % 12 + 1);
    const auto found = pages_in(reader.search({"", {.period = period}}));
    EXPECT_EQ(std::set<PageNumber>(found.begin(), found.end()), expected) << period;
  }
}

TEST_F(R21, KindAndNumberOfThePaper) {
  EXPECT_THAT(ask("", {.id_kind = "身份证"}), ElementsAre(4));
  EXPECT_THAT(ask("", {.id_kind = "护照"}), ElementsAre(5));
  EXPECT_THAT(ask("", {.id_kind = "护照", .id_number = "11010519491231002X"}), IsEmpty());
  EXPECT_THAT(ask("", {.id_number = "11010519491231002x"}), ElementsAre(4));
  EXPECT_THAT(ask("id:E00000000"), ElementsAre(5));
}

TEST_F(Finding, DatesAndAmountsInARange) {
  fill({page(1, {"2009年3月5日"}, {{"doc_date", "2009-03-05"}, {"pay_base", "3000.00"}}),
        page(2, {"2013年12月"}, {{"doc_date", "2013-12"}, {"pay_base", "4999.99"}}),
        page(3, {"2014.01.01"}, {{"doc_date", "2014-01-01"}, {"pay_base", "5000"}}),
        page(4, {"编号 2009"}, {{"pay_base", "5000.01"}, {"doc_number", "2009"}}),
        page(5, {"缴费 3,210.50 元", "2008-07-01"},
             {{"pay_base", "3210.50", 0}, {"item_date", "2008-07-01", 0}})});
  EXPECT_THAT(ask("2009..2013"), ElementsAre(1, 2));
  EXPECT_THAT(ask("2009-03-05..2009-03-05"), ElementsAre(1));
  EXPECT_THAT(ask("2009-03-06..2013-11"), IsEmpty());
  EXPECT_THAT(ask("2009年3月..2013年12月"), ElementsAre(1, 2));
  EXPECT_THAT(ask("doc_date:2013..2014"), ElementsAre(2, 3));
  EXPECT_THAT(ask("doc_date:2014.."), ElementsAre(3));
  EXPECT_THAT(ask("doc_date:..2009"), ElementsAre(1));
  EXPECT_THAT(ask("pay_base:3000..5000"), ElementsAre(1, 2, 3));
  EXPECT_THAT(ask("pay_base:3000.01..5000.01元"), ElementsAre(2, 3, 4));
  EXPECT_THAT(ask("pay_base:..4999.98"), ElementsAre(1));
  EXPECT_THAT(ask("pay_base:3210.50"), ElementsAre(5));
  EXPECT_THAT(ask("item_date:2008..2009"), ElementsAre(5));
  EXPECT_THAT(ask("pay_base:3000..5000 -2013-12"), ElementsAre(1, 3));
  EXPECT_THROW(ask("3000..5000"), std::invalid_argument);
  EXPECT_THROW(ask("登记", {.year = "2013..2009"}), std::invalid_argument);
  EXPECT_THROW(ask("period:abc"), std::invalid_argument);
  EXPECT_THAT(why("2009..2010"), ElementsAre("1 range"));
}

// The terms of a range against plain arithmetic, for many values and ranges.
TEST_F(Finding, AmountRangesAgreeWithArithmetic) {
  std::mt19937 random(5);
  std::vector<IndexedPage> pages;
  std::vector<std::int64_t> cents;
  for (PageNumber number = 1; number <= 200; ++number) {
    const std::int64_t limit = number % 3 == 0 ? 1'000 : number % 3 == 1 ? 1'000'000 : 99'999'999;
    cents.push_back(static_cast<std::int64_t>(random()) % limit);
    char value[32];
    std::snprintf(value, sizeof value, "%lld.%02lld", static_cast<long long>(cents.back() / 100),
                  static_cast<long long>(cents.back() % 100));
    pages.push_back(page(number, {"一页"}, {{"amount_num", value}}));
  }
  fill(pages);
  const PageIndex reader = PageIndex::open_reader(folder());
  for (int round = 0; round < 200; ++round) {
    std::int64_t low = static_cast<std::int64_t>(random()) % (round % 2 == 0 ? 2'000 : 2'000'000);
    std::int64_t high = low + static_cast<std::int64_t>(random()) % 3'000'000;
    if (round % 5 == 0) low = cents[random() % cents.size()];
    if (round % 7 == 0) high = cents[random() % cents.size()];
    high = std::max(low, high);
    char query[80];
    std::snprintf(query, sizeof query, "amount_num:%lld.%02lld..%lld.%02lld",
                  static_cast<long long>(low / 100), static_cast<long long>(low % 100),
                  static_cast<long long>(high / 100), static_cast<long long>(high % 100));
    std::vector<PageNumber> expected;
    for (std::size_t i = 0; i < cents.size(); ++i) {
      if (low <= cents[i] && cents[i] <= high) expected.push_back(static_cast<PageNumber>(i) + 1);
    }
    SearchRequest request{query};
    request.limit = 1'000;
    EXPECT_EQ(pages_in(reader.search(request)), expected) << query;
  }
}

TEST_F(Finding, FiltersAndFacets) {
  std::vector<IndexedPage> pages;
  for (PageNumber number = 1; number <= 6; ++number) {
    IndexedPage one = page(number, {"参保登记"}, {{"unit_name", "示例市第一纺织厂"}});
    one.class_code = number <= 2 ? "SB01.02" : "SB02.01";
    one.retention = number == 1 ? "Y" : "D30";
    one.year = std::to_string(2003 + number);
    one.operator_name = number % 2 == 0 ? "甲" : "乙";
    one.page.text_confidence = number == 6 ? 0.5 : 0.99;
    if (number == 3) one.page.review_reasons = {"unsure"};
    if (number == 4) one.page.fields[0].value = one.page.fields[0].raw = "示例市第二纺织厂";
    pages.push_back(std::move(one));
  }
  fill(pages);
  EXPECT_THAT(ask("登记", {.class_code = "SB01"}), ElementsAre(1, 2));
  EXPECT_THAT(ask("登记", {.class_code = "SB02.01"}), ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(ask("登记 类别:SB01.02"), ElementsAre(1, 2));
  EXPECT_THAT(ask("登记", {.retention = "永久"}), ElementsAre(1));
  EXPECT_THAT(ask("登记", {.year = "2004..2006"}), ElementsAre(1, 2, 3));
  EXPECT_THAT(ask("登记", {.operator_name = "甲"}), ElementsAre(2, 4, 6));
  EXPECT_THAT(ask("登记", {.confidence = "low"}), ElementsAre(6));
  EXPECT_THAT(ask("登记 待看:是"), ElementsAre(3));
  EXPECT_THAT(ask("登记", {.employer = "示例市第二纺织厂"}), ElementsAre(4));
  EXPECT_THAT(ask("登记", {.pages = std::vector<PageNumber>{5, 2, 9}}), ElementsAre(2, 5));
  EXPECT_THAT(ask("登记", {.dossiers = std::vector<DossierNumber>{}}), IsEmpty());
  EXPECT_THAT(ask("登记", {.dossiers = std::vector<DossierNumber>{1}}),
              ElementsAre(1, 2, 3, 4, 5, 6));

  SearchRequest request{"登记"};
  request.facets = {"class", "operator", "unit_name"};
  request.limit = 1;
  const SearchAnswer counted = answer(request);
  ASSERT_EQ(counted.facets.size(), 3u);
  EXPECT_EQ(counted.facets_of, 6u);
  EXPECT_EQ(counted.facets[0].counts.at(0).value, "SB02.01");
  EXPECT_EQ(counted.facets[0].counts.at(0).pages, 4u);
  EXPECT_EQ(counted.facets[1].counts.at(0).pages, 3u);
  EXPECT_EQ(counted.facets[2].counts.at(1).value, "示例市第二纺织厂");
  request.facets = {"shoe_size"};
  EXPECT_THROW(answer(request), std::invalid_argument);
}

// -- What is like it -----------------------------------------------------------

TEST_F(Finding, BestAnswersFirstAndWhy) {
  IndexedPage unsure = page(5, {"承办人 周示仞"});
  for (const char* c : {"承", "办", "人", "周", "示"}) {
    unsure.layout.lines[0].chars.push_back({c, 0.5, 1});
  }
  unsure.layout.lines[0].chars.push_back({"仞", 0.5, 0.4, {{"例", 0.3}}});
  fill({page(1, {"证明人 周示例"}), page(2, {"姓名"}, {{"person_name", "周示例"}}),
        page(3, {"經辦人 週示例"}), page(4, {"经办人 周示列"}), unsure});
  EXPECT_THAT(why("周示例"), ElementsAre("2 field:person_name", "1 phrase", "3 folded",
                                         "4 look_alike", "5 look_alike"));
  EXPECT_THAT(why("週示例"), ElementsAre("2 field:person_name", "3 phrase", "1 folded",
                                         "4 look_alike", "5 look_alike"));
  SearchRequest exactly{"周示例"};
  exactly.exactly = true;
  EXPECT_THAT(pages_in(answer(exactly)), ElementsAre(2, 1, 3));
}

TEST_F(Finding, NamesByPinyinAndInitials) {
  fill({page(1, {"单示例"}, {{"person_name", "单示例"}}),
        page(2, {"曾样本"}, {{"person_name", "曾样本"}}),
        page(3, {"仇虚构"}, {{"survivor_name", "仇虚构"}}),
        page(4, {"吕绿"}, {{"person_name", "吕绿"}}),
        page(5, {"欧阳示例"}, {{"person_name", "欧阳示例"}})});
  EXPECT_THAT(why("shanshili"), ElementsAre("1 pinyin"));
  EXPECT_THAT(ask("danshili"), ElementsAre(1)) << "the character's other reading";
  EXPECT_THAT(ask("Zeng Yangben"), ElementsAre(2));
  EXPECT_THAT(ask("qxg"), ElementsAre(3));
  EXPECT_THAT(ask("lvlv"), ElementsAre(4));
  EXPECT_THAT(ask("lulu"), ElementsAre(4));
  EXPECT_THAT(ask("姓名:oysl"), ElementsAre(5));
  EXPECT_THAT(ask("unit_name:oysl OR zyb"), ElementsAre(2));
}

TEST_F(Finding, NearWordsAndStars) {
  fill({page(1, {"公民身份号码 11010519491231002X"}, {{"id_number", "11010519491231002X"}}),
        page(2, {"周示范", "账号 6222021001000000001"}), page(3, {"周大示例"}),
        page(4, {"档案编号 DA-2004-001"}, {{"doc_number", "DA-2004-001"}}),
        page(5, {"示例市第一纺织有限公司"})});
  EXPECT_THAT(why("11010519491231003X"), ElementsAre("1 look_alike"));
  EXPECT_THAT(why("6222021001000000007"), ElementsAre("2 near"));
  EXPECT_THAT(ask("周示例~"), ElementsAre(2, 3, 5)) << "one character another, more, less";
  EXPECT_THAT(ask("1101051949123102X~"), ElementsAre(1));
  EXPECT_THAT(ask("DA-2004*"), ElementsAre(4));
  EXPECT_THAT(ask("doc_number:da-20*1"), ElementsAre(4));
  EXPECT_THAT(ask("110105*"), ElementsAre(1));
  EXPECT_THAT(ask("示例市*有限公司"), ElementsAre(5));
  EXPECT_THAT(ask("有限公司*示例市"), IsEmpty());
  EXPECT_THROW(ask("1*"), std::invalid_argument);
  EXPECT_THROW(ask("*"), std::invalid_argument);
}

TEST_F(Finding, AStarThatStandsForTooMuchIsRefused) {
  std::vector<IndexedPage> pages;
  for (PageNumber number = 1; number <= 600; ++number) {
    pages.push_back(page(number, {"编号 77" + std::to_string(100'000 + number)}));
  }
  fill(pages);
  EXPECT_THROW(ask("77*"), std::invalid_argument);
  EXPECT_EQ(ask("7710012*").size(), 10u);
}

TEST_F(Finding, MostOfAPhraseWhenAWordWasMisread) {
  fill({page(1, {"经审核申请人符合按月领取基本养老金的条件"}), page(2, {"申请人自愿放弃"})});
  EXPECT_THAT(why("申请人符合按月领敢基木养老金"), ElementsAre("1 pieces"));
}

// -- R71, R72 -------------------------------------------------------------------

TEST_F(Finding, R71TraditionalWithInsertedPinyinAndNoise) {
  fill({page(1, {"社會保險業(yè)務檔案管理規(guī)定"}), page(2, {"社?;鸬墓芾?"})});
  EXPECT_THAT(ask("社会保险业务"), ElementsAre(1));
  EXPECT_THAT(ask("社會保險業務"), ElementsAre(1));
  EXPECT_THAT(ask("档案管理规定"), ElementsAre(1));
  EXPECT_THAT(ask("社会保险 OR 管"), ElementsAre(1));
}

TEST_F(Finding, R72TextWithoutChineseIsFoundWithoutItsAccents) {
  fill({page(1, {"Gestión de la información", "DIGITALIZACIÓN"}), page(2, {"gestion"})});
  EXPECT_THAT(why("gestion"), ElementsAre("2 phrase", "1 folded"));
  EXPECT_THAT(why("gestión"), ElementsAre("1 phrase", "2 folded"));
  EXPECT_THAT(ask("\"de la informacion\""), ElementsAre(1));
  EXPECT_THAT(ask("digitalización"), ElementsAre(1));
}

// -- R2: ordered and easy to find ---------------------------------------------

TEST_F(Finding, R2EveryItemIsFoundByItsNumberAndClass) {
  std::vector<IndexedPage> pages;
  for (PageNumber number = 1; number <= 40; ++number) {
    IndexedPage one = page(number, {"卷内文件"});
    char no[40];
    std::snprintf(no, sizeof no, "0012-SB0%d-D30-2004-%04d", static_cast<int>(1 + number % 3),
                  static_cast<int>(number));
    one.dossier_no = no;
    one.class_code = "SB0" + std::to_string(1 + number % 3);
    pages.push_back(std::move(one));
  }
  fill(pages);
  for (const IndexedPage& one : pages) {
    EXPECT_EQ(ask("档号:" + one.dossier_no).front(), one.page.number);
    EXPECT_EQ(ask("", {.dossier = one.dossier_no}), std::vector<PageNumber>{one.page.number});
  }
  EXPECT_EQ(answer({"", {.class_code = "SB02"}}).estimated_total, 14u);
}

// -- R26 ----------------------------------------------------------------------

std::vector<std::string> lines_of(const char* name) {
  std::ifstream file(source_root() / "tests" / "index" / name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  }
  return lines;
}

TEST_F(Finding, R26NoInjectionFindsARowItDoesNotName) {
  fill({page(41, {"周示例 机密"}, {{"person_name", "周示例"}}), page(42, {"吴样本"})});
  const auto corpus = lines_of("injections.txt");
  ASSERT_GT(corpus.size(), 80u);
  const PageIndex reader = PageIndex::open_reader(folder());
  for (const std::string& query : corpus) {
    for (const SearchFilters& filters :
         {SearchFilters{}, SearchFilters{.person = query}, SearchFilters{.dossier = query}}) {
      const auto start = std::chrono::steady_clock::now();
      try {
        const bool as_filter = filters != SearchFilters{};
        EXPECT_THAT(pages_in(reader.search({as_filter ? "" : query, filters})), IsEmpty()) << query;
      } catch (const std::invalid_argument& error) {
        EXPECT_NE(std::string(error.what()).find(" / "), std::string::npos) << query;
      }
      EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2)) << query;
    }
  }
}

TEST_F(Finding, R26AFilterIsNeverPartOfTheQuery) {
  fill({page(1, {"周示例"}, {{"person_name", "周示例"}}), page(2, {"吴样本"})});
  EXPECT_THAT(ask("吴样本", {.person = "周示例 OR 吴样本"}), IsEmpty());
  EXPECT_THAT(ask("", {.person = "*"}), IsEmpty());
  EXPECT_THAT(ask("", {.doc_type = "DT15 OR DT20"}), IsEmpty());
}

/// Longer on request: $JUANZONG_FUZZ_SECONDS.
std::chrono::seconds fuzzing_time() {
  const char* seconds = std::getenv("JUANZONG_FUZZ_SECONDS");
  return std::chrono::seconds(seconds == nullptr ? 5 : std::atoi(seconds));
}

TEST_F(Finding, R26FuzzedQueriesAreAnsweredOrRefused) {
  fill({page(1, {"周示例 2004年6月30日 1,234.56 DA-2004-001"},
             {{"person_name", "周示例"}, {"pay_base", "1234.56"}}),
        page(2, {"社會保險 11010519491231002X"})});
  std::vector<std::string> pieces = lines_of("injections.txt");
  for (const char* more : {"周示例",
                           "社",
                           "(",
                           ")",
                           "\"",
                           " OR ",
                           " AND ",
                           " NOT ",
                           "-",
                           ":",
                           "姓名:",
                           "期间:",
                           "..",
                           "2009",
                           "..2013",
                           "*",
                           "~",
                           "id:",
                           "****",
                           "002X",
                           "\xFF",
                           "\xC9\xE7",
                           "\xE2\x80\xAE",
                           "\xEF\xBB\xBF",
                           "　",
                           "pay_base:",
                           "1,234.56",
                           "🀄",
                           "\xF0\x9F",
                           "zsl",
                           "a*b*c"}) {
    pieces.emplace_back(more);
  }
  pieces.emplace_back(1, '\0');
  PageIndex reader = PageIndex::open_reader(folder());
  reader.use_look_alikes(LookAlikes::load(source_root() / "config"));
  std::mt19937 random(26);
  const auto end = std::chrono::steady_clock::now() + fuzzing_time();
  std::vector<double> times;
  int answered = 0;
  while (std::chrono::steady_clock::now() < end) {
    std::string query;
    const auto parts = random() % 12;
    for (std::size_t i = 0; i < parts; ++i) query += pieces[random() % pieces.size()];
    for (auto flips = random() % 3; flips > 0 && !query.empty(); --flips) {
      query[random() % query.size()] = static_cast<char>(random());
    }
    SearchRequest request{query};
    request.offset = random() % 3;
    request.after = random() % 20 == 0 ? pieces[random() % pieces.size()] : "";
    const auto start = std::chrono::steady_clock::now();
    try {
      const SearchAnswer found = reader.search(request);
      EXPECT_LE(found.hits.size(), 2u) << query;
      ++answered;
    } catch (const std::invalid_argument&) {
    }
    TextLine line;
    line.text = "周示例 2004年6月30日 1,234.56";
    PageLayout layout;
    layout.lines.push_back(line);
    locate(query, layout);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  std::ranges::sort(times);
  EXPECT_GT(answered, 100);
  EXPECT_LT(times[times.size() * 99 / 100], 0.2) << "p99 in seconds";
}

// -- Parts ---------------------------------------------------------------------

std::vector<IndexedPage> shelf(int count, bool in_parts) {
  std::vector<IndexedPage> pages;
  std::mt19937 random(9);
  const char* names[] = {"周示例", "吴样本", "郑虚构", "週示例", "周示列"};
  for (int number = 1; number <= count; ++number) {
    const char* name = names[random() % std::size(names)];
    IndexedPage one =
        page(number, {"社会保险登记表", name, "第" + std::to_string(random() % 50) + "页 社会保险",
                      std::to_string(2000 + random() % 20) + "年6月"});
    if (random() % 3 == 0) {
      one = page(number, {"社会保险", "登记"}, {{"person_name", name}, {"pay_base", "3000.50"}});
    }
    one.year = std::to_string(2001 + random() % 4);
    const std::string part = std::to_string(2001 + random() % 4);
    if (in_parts) one.shard = part;
    pages.push_back(std::move(one));
  }
  return pages;
}

TEST_F(Finding, AnIndexInPartsAnswersAsOneInASinglePart) {
  const fs::path whole = temporary_.path() / "whole";
  const fs::path parts = temporary_.path() / "parts";
  for (const auto& [place, in_parts] : {std::pair(whole, false), std::pair(parts, true)}) {
    PageIndex writer = PageIndex::open_writer(place);
    for (const IndexedPage& one : shelf(700, in_parts)) writer.put(one);
    writer.commit();
  }
  PageIndex one = PageIndex::open_reader(whole);
  PageIndex many = PageIndex::open_reader(parts);
  one.use_look_alikes(LookAlikes::load(source_root() / "config"));
  many.use_look_alikes(LookAlikes::load(source_root() / "config"));
  EXPECT_EQ(one.state().shards.size(), 1u);
  EXPECT_EQ(many.state().shards.size(), 4u);
  EXPECT_EQ(one.page_numbers(), many.page_numbers());
  for (const char* query : {"周示例", "社会保险", "登记表 周示例", "姓名:周示例", "社会登记表示例",
                            "周示例~", "zsl", "2003..2005", "pay_base:3000..3001",
                            "第7页 OR 郑虚构", "社会保险 -吴样本", "保险登记周末"}) {
    for (const std::size_t offset : {0u, 1u, 15u, 200u, 690u}) {
      SearchRequest request{query, {}, offset, 60};
      request.facets = {"year", "person"};
      const SearchAnswer a = one.search(request);
      const SearchAnswer b = many.search(request);
      ASSERT_EQ(a.hits.size(), b.hits.size()) << query;
      for (std::size_t i = 0; i < a.hits.size(); ++i) {
        EXPECT_EQ(a.hits[i].page, b.hits[i].page) << query << " " << i;
        EXPECT_EQ(a.hits[i].reason, b.hits[i].reason) << query << " " << i;
        EXPECT_EQ(a.hits[i].score, b.hits[i].score) << query << " " << i;
      }
      ASSERT_EQ(a.facets.size(), b.facets.size());
      for (std::size_t f = 0; f < a.facets.size(); ++f) {
        ASSERT_EQ(a.facets[f].counts.size(), b.facets[f].counts.size()) << query;
        for (std::size_t i = 0; i < a.facets[f].counts.size(); ++i) {
          EXPECT_EQ(a.facets[f].counts[i].pages, b.facets[f].counts[i].pages) << query;
        }
      }
    }
  }
}

TEST_F(Finding, APartThatIsDownIsNamedAndTheRestAnswers) {
  fill(shelf(200, true));
  const std::size_t all = answer({"社会保险", {}, 0, 1'000}).hits.size();
  fs::rename(folder() / "2002", temporary_.path() / "away");
  const SearchAnswer without = answer({"社会保险", {}, 0, 1'000});
  EXPECT_FALSE(without.complete);
  EXPECT_THAT(without.missing, ElementsAre("2002"));
  EXPECT_LT(without.hits.size(), all);
  EXPECT_GT(without.hits.size(), all / 2);
  EXPECT_THROW(PageIndex::open_writer(folder()), ArchiveError);

  PageIndex reader = PageIndex::open_reader(folder());
  fs::rename(temporary_.path() / "away", folder() / "2002");
  const SearchAnswer again = reader.search({"社会保险", {}, 0, 1'000});
  EXPECT_TRUE(again.complete);
  EXPECT_EQ(again.hits.size(), all);
}

TEST_F(Finding, APartThatIsDamagedWhileItIsReadIsNamed) {
  fill(shelf(400, true));
  const fs::path table = folder() / "2003" / "postlist.glass";
  const auto size = fs::file_size(table);
  std::ofstream(table, std::ios::trunc | std::ios::binary) << std::string(size, '\x5A');
  const SearchAnswer without = answer({"社会保险"});
  EXPECT_FALSE(without.complete);
  EXPECT_THAT(without.missing, ElementsAre("2003"));
  EXPECT_FALSE(without.hits.empty());
}

TEST_F(Finding, APartThatGoesAwayUnderAReaderIsNamedAndTheRestAnswers) {
  fill(shelf(200, true));
  PageIndex reader = PageIndex::open_reader(folder());
  EXPECT_TRUE(reader.search({"社会保险"}).complete);
  fs::rename(folder() / "2002", temporary_.path() / "away");
  const SearchAnswer without = reader.search({"社会保险"});
  EXPECT_THAT(without.missing, ElementsAre("2002"));
  EXPECT_FALSE(without.complete);
  EXPECT_FALSE(without.hits.empty());
  EXPECT_THAT(reader.state().missing, ElementsAre("2002"));
  fs::rename(temporary_.path() / "away", folder() / "2002");
  EXPECT_TRUE(reader.search({"社会保险"}).complete);
}

TEST_F(Finding, CompactingChangesNoAnswer) {
  fill(shelf(500, true));
  PageIndex reader = PageIndex::open_reader(folder());
  const auto before = pages_in(reader.search({"周示例", {}, 0, 1'000}));
  {
    PageIndex writer = PageIndex::open_writer(folder());
    writer.compact();
    EXPECT_EQ(pages_in(reader.search({"周示例", {}, 0, 1'000})), before);
    writer.put(page(501, {"后来的周示例"}));
    writer.commit();
    writer.compact();
  }
  EXPECT_EQ(pages_in(reader.search({"周示例", {}, 0, 1'000})).size(), before.size() + 1);
  EXPECT_TRUE(fs::exists(folder() / "2001-3"));
  EXPECT_FALSE(fs::exists(folder() / "2001-2"));
  EXPECT_FALSE(fs::exists(folder() / "2001"));
}

TEST_F(Finding, AnIndexOfAnOlderProgramSaysRebuild) {
  fill({page(1, {"周示例"})});
  std::ofstream(folder() / "manifest") << "juanzong index 1\n";
  try {
    PageIndex::open_reader(folder());
    FAIL();
  } catch (const ArchiveError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::index);
    EXPECT_NE(error.what_to_do().find("index rebuild"), std::string::npos);
  }
}

TEST_F(Finding, ARebuildThatHasNotEndedIsSaid) {
  fill({page(1, {"周示例"})});
  PageIndex writer = PageIndex::open_writer(folder());
  writer.begin_rebuilding();
  EXPECT_FALSE(answer({"周示例"}).complete);
  EXPECT_TRUE(PageIndex::open_reader(folder()).state().rebuilding);
  writer.end_rebuilding();
  EXPECT_TRUE(answer({"周示例"}).complete);
}

TEST_F(Finding, KnowsTheLedgerItWasMadeFrom) {
  PageIndex writer = PageIndex::open_writer(folder());
  writer.put(page(1, {"周示例"}));
  writer.commit(4711);
  EXPECT_EQ(PageIndex::open_reader(folder()).state().ledger_entries, 4711);
  const IndexedPage one = page(1, {"周示例"});
  EXPECT_EQ(writer.fingerprint(1), fingerprint_of(one));
  EXPECT_NE(writer.fingerprint(1), fingerprint_of(page(1, {"周示范"})));
  EXPECT_EQ(writer.fingerprint(2), 0u);
}

// -- Paging --------------------------------------------------------------------

TEST_F(Finding, GoingOnReachesEveryPageOnceWhilePagesComeIn) {
  fill(shelf(600, true));
  PageIndex reader = PageIndex::open_reader(folder());
  reader.use_look_alikes(LookAlikes::load(source_root() / "config"));
  PageIndex writer = PageIndex::open_writer(folder());
  PageNumber newcomer = 10'000;  // a page's number is never given again
  for (const char* query : {"周示例", "社会保险", "周示例 登记", "保险登记吴洋本"}) {
    std::vector<PageNumber> at_once;
    for (const SearchHit& hit : reader.search({query, {}, 0, 1'000}).hits) {
      at_once.push_back(hit.page);
    }
    std::vector<PageNumber> seen;
    SearchRequest request{query, {}, 0, 37};
    do {
      const SearchAnswer some = reader.search(request);
      for (const SearchHit& hit : some.hits) seen.push_back(hit.page);
      request.after = some.next;
      writer.put(page(++newcomer, {"社会保险登记表 周示例"}, {{"person_name", "周示例"}}));
      writer.commit();
    } while (!request.after.empty() && seen.size() < 2'000);
    EXPECT_EQ(seen, at_once) << query;
    for (PageNumber number = 10'001; number <= newcomer; ++number) writer.remove(number);
    writer.commit();
  }
}

// Two words that are rare each are estimated to stand together on no page.
TEST_F(Finding, GoingOnReachesATierThatIsEstimatedToBeEmpty) {
  std::vector<IndexedPage> pages;
  for (PageNumber number = 1; number <= 10; ++number) {
    pages.push_back(page(number, {"alpha beta"}));
  }
  pages.push_back(page(11, {"alpha", "gamma", "beta"}));
  for (PageNumber number = 12; number <= 400; ++number) pages.push_back(page(number, {"gamma"}));
  fill(pages);
  SearchRequest request{"alpha beta", {}, 0, 10};
  std::vector<PageNumber> seen;
  do {
    const SearchAnswer some = answer(request);
    for (const SearchHit& hit : some.hits) seen.push_back(hit.page);
    request.after = some.next;
  } while (!request.after.empty() && seen.size() < 20);
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
}

TEST_F(Finding, FacetsOfASearchThatGoesOnAreOfThePagesItBeganWith) {
  fill({page(1, {"周示例"}), page(2, {"周示例"}), page(3, {"周示例"})});
  SearchRequest request{"周示例", {}, 0, 1};
  request.facets = {"doc_type"};
  const SearchAnswer first = answer(request);
  ASSERT_EQ(first.facets_of, 3u);
  PageIndex writer = PageIndex::open_writer(folder());
  writer.put(page(4, {"周示例"}));
  writer.commit();
  request.after = first.next;
  const SearchAnswer second = answer(request);
  EXPECT_EQ(second.facets_of, 3u);
  EXPECT_EQ(second.facets.at(0).counts.at(0).pages, 3u);
}

TEST_F(Finding, AMarkThatIsNotOursIsRefused) {
  fill({page(1, {"周示例"})});
  for (const char* mark :
       {"x", "1", "1.2.3", "-1.0.0.0", "0.99999999999999999999.0.0", "0.0.0.0x"}) {
    SearchRequest request{"周示例"};
    request.after = mark;
    EXPECT_THROW(answer(request), std::invalid_argument) << mark;
  }
}

}  // namespace
}  // namespace archive
