// juanzong_index_figures [PAGES] [FOLDER]
//
// Builds an index of made-up pages (100,000 when not said) in FOLDER and asks it mixed
// questions. One line a figure: name<TAB>value<TAB>unit. The pages have the length and
// the kinds of text of the fictional dossiers: labels, names, numbers, and sentences that
// stand on a great many pages. Everything is drawn with a fixed seed.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "core/utf8.h"
#include "index/page_index.h"

namespace archive {
namespace {

constexpr const char* kSurnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧";
constexpr const char* kGivenNames =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂华建国志文辉玉兰英梅红春东海波宁云飞";
constexpr const char* kPlaces = "云岫临沅青屏望川石鼓栖霞和平桃园翠竹东湖南山西岭北桥中兴长安";
constexpr const char* kTrades[] = {"农产品加工", "食品", "机械制造", "纺织", "建筑安装",
                                   "运输",       "化工", "百货",     "电器", "印刷"};
constexpr const char* kTitles[] = {"养老保险待遇核定表", "职工参保登记表", "劳动合同书",
                                   "个人账户对账单",     "退休审批表",     "工伤认定决定书",
                                   "失业保险金申领表",   "转移接续信息表", "生育津贴申请表",
                                   "社会保险费补缴申请"};
constexpr const char* kLabels[] = {"姓名",     "公民身份号码", "单位名称", "参加工作时间",
                                   "缴费年限", "缴费基数",     "家庭住址", "联系电话",
                                   "个人编号", "经办人",       "审核意见", "填表日期"};
constexpr const char* kSentences[] = {"甲乙双方按国家和当地有关规定参加社会保险",
                                      "乙方应缴纳的社会保险费由甲方代扣代缴",
                                      "单位应当按时足额缴纳社会保险费",
                                      "本表一式两份由单位和社会保险经办机构各执一份",
                                      "经审核申请人符合按月领取基本养老金的条件",
                                      "个人账户储存额按照规定的记账利率计算利息",
                                      "因工作需要安排加班的应依法安排补休或支付加班工资",
                                      "复印件与原件一致特此证明",
                                      "视同缴费年限自参加工作之日起计算",
                                      "用人单位应当自用工之日起三十日内办理社会保险登记"};

struct Person {
  std::string name;
  std::string id;
};

/// Draws pages and, with the same words, questions.
class Office {
 public:
  explicit Office(std::uint32_t seed) : random_(seed) {
    for (int i = 0; i < 8'000; ++i) people_.push_back({name(), citizen_id()});
    for (int i = 0; i < 900; ++i) firms_.push_back(firm());
  }

  IndexedPage page(PageNumber number) {
    IndexedPage made;
    const Person& person = people_[pick(people_.size())];
    const std::string& firm = firms_[pick(firms_.size())];
    made.page.number = number;
    made.page.occurrence.batch = 1 + number / 400;
    made.page.dossier = 1 + number / 15;
    made.page.doc_type = "DT" + std::to_string(10 + pick(30));
    made.page.title = one_of(kTitles);
    made.dossier_no = "0012-SB01-" + std::to_string(made.page.dossier);
    made.persons.push_back({0, person.name, person.id});
    line(made, made.page.title);
    field(made, "person_name", "姓名", person.name);
    field(made, "id_number", "公民身份号码", person.id);
    field(made, "unit_name", "单位名称", firm);
    field(made, "work_start", "参加工作时间", date());
    field(made, "total_months", "缴费年限", std::to_string(pick(400)) + "个月");
    field(made, "pay_base", "缴费基数", money());
    for (int i = 0; i < 8; ++i) line(made, std::string(one_of(kLabels)) + " " + digits(7));
    for (int i = 0; i < 7; ++i) line(made, one_of(kSentences));
    for (int i = 0; i < 3; ++i) line(made, hanzi(kGivenNames, 14) + hanzi(kPlaces, 8));
    return made;
  }

  /// A question as clerks ask them; `kind` counts up.
  std::string question(int kind) {
    const Person& person = people_[pick(people_.size())];
    switch (kind % 10) {
      case 0:
        return person.name;
      case 1:
        return person.id;
      case 2:
        return "id:" + person.id.substr(14);
      case 3:
        return firms_[pick(firms_.size())];
      case 4:
        return one_of(kSentences);
      case 5:
        return "社会保险";
      case 6:
        return person.name + " " + one_of(kTitles);
      case 7:
        return "缴费基数 " + money();
      case 8:
        return "姓名:" + person.name + " -退休审批表";
      default:
        return hanzi(kGivenNames, 2) + hanzi(kPlaces, 2) + " OR " + date();
    }
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  template <std::size_t N>
  const char* one_of(const char* const (&words)[N]) {
    return words[pick(N)];
  }

  std::string hanzi(const char* from, int count) {
    const std::u32string pool = code_points(from);
    std::u32string text;
    for (int i = 0; i < count; ++i) text += pool[pick(pool.size())];
    return utf8(text);
  }

  std::string digits(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += static_cast<char>('0' + pick(10));
    return text;
  }

  std::string name() {
    return hanzi(kSurnames, 1) + hanzi(kGivenNames, 1 + static_cast<int>(pick(2)));
  }
  std::string citizen_id() {
    return "4397" + digits(2) + std::to_string(1940 + pick(60)) + "0" +
           std::to_string(1 + pick(9)) + std::to_string(10 + pick(18)) + digits(4);
  }
  std::string firm() { return hanzi(kPlaces, 4) + one_of(kTrades) + "有限公司"; }
  std::string date() {
    return std::to_string(1970 + pick(50)) + "年" + std::to_string(1 + pick(12)) + "月" +
           std::to_string(1 + pick(28)) + "日";
  }
  std::string money() { return std::to_string(1 + pick(9)) + "," + digits(3) + "." + digits(2); }

  static void line(IndexedPage& page, const std::string& text) {
    TextLine made;
    made.text = text;
    page.layout.lines.push_back(std::move(made));
  }

  static void field(IndexedPage& page, const char* id, const char* label,
                    const std::string& value) {
    line(page, label);
    line(page, value);
    FieldRecord made;
    made.field = id;
    made.raw = made.value = value;
    page.page.fields.push_back(std::move(made));
  }

  std::mt19937 random_;
  std::vector<Person> people_;
  std::vector<std::string> firms_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void print(const char* name, double value, const char* unit) {
  std::printf("%s\t%.3f\t%s\n", name, value, unit);
}

double folder_bytes(const std::filesystem::path& folder) {
  double bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    bytes += static_cast<double>(entry.file_size());
  }
  return bytes;
}

void build(const std::filesystem::path& folder, PageNumber pages) {
  Office office(1);
  std::vector<IndexedPage> batch;
  double wall = 0;
  double cpu = 0;
  PageIndex writer = PageIndex::open_writer(folder);
  for (PageNumber next = 1; next <= pages;) {
    batch.clear();
    while (batch.size() < 1'000 && next <= pages) batch.push_back(office.page(next++));
    const auto start = std::chrono::steady_clock::now();
    const double cpu_before = cpu_seconds();
    for (const IndexedPage& page : batch) writer.put(page);
    writer.commit();
    wall += seconds_since(start);
    cpu += cpu_seconds() - cpu_before;
  }
  print("index_pages_per_s", static_cast<double>(pages) / wall, "pages/s");
  print("index_pages_per_cpu_s", static_cast<double>(pages) / cpu, "pages/s");
  print("index_bytes_per_page", folder_bytes(folder) / static_cast<double>(pages), "bytes");
}

void ask(const std::filesystem::path& folder, int questions) {
  const auto opening = std::chrono::steady_clock::now();
  const PageIndex reader = PageIndex::open_reader(folder);
  reader.search({"开门", {}, 0, 20});
  print("first_answer_ms", 1e3 * seconds_since(opening), "ms");

  Office office(1);
  std::vector<double> all;
  std::vector<std::vector<double>> by_kind(10);
  std::size_t hits = 0;
  for (int i = 0; i < questions; ++i) {
    const SearchRequest request{office.question(i), {}, 0, 20};
    const auto start = std::chrono::steady_clock::now();
    hits += reader.search(request).hits.size();
    all.push_back(1e3 * seconds_since(start));
    by_kind[static_cast<std::size_t>(i % 10)].push_back(all.back());
  }
  const auto at = [](std::vector<double>& times, double share) {
    std::ranges::sort(times);
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  print("hits_per_question", static_cast<double>(hits) / questions, "hits");
  print("p50_warm_ms", at(all, 0.5), "ms");
  print("p99_warm_ms", at(all, 0.99), "ms");
  print("max_warm_ms", all.back(), "ms");
  for (std::size_t kind = 0; kind < by_kind.size(); ++kind) {
    print(("p99_warm_ms_kind_" + std::to_string(kind)).c_str(), at(by_kind[kind], 0.99), "ms");
  }
}

int run(int argc, char** argv) {
  const PageNumber pages = argc > 1 ? std::stoll(argv[1]) : 100'000;
  const std::filesystem::path folder =
      argc > 2 ? argv[2] : std::filesystem::temp_directory_path() / "juanzong_index_figures";
  std::filesystem::remove_all(folder);
  build(folder, pages);
  ask(folder, 2'000);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  print("peak_mb", static_cast<double>(usage.ru_maxrss) / 1024, "MB");
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) { return archive::run(argc, argv); }
