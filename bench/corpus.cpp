#include "bench/corpus.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "core/citizen_id.h"
#include "core/digits.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr PageNumber kPagesPerDossier = 15;
constexpr const char32_t* kSurnames =
    U"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕单仇";
constexpr const char32_t* kGiven =
    U"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂华建国志文辉玉兰英梅红春东海波宁云飞";
constexpr const char32_t* kPlaces = U"云岫临沅青屏望川石鼓栖霞和平桃园翠竹东湖南山西岭北桥中兴长安";
constexpr const char* kTrades[] = {"农产品加工", "食品", "机械制造", "纺织", "建筑安装",
                                   "运输",       "化工", "百货",     "电器", "印刷"};

template <class Random>
std::string hanzi(std::u32string_view pool, int count, Random& random) {
  std::u32string text;
  for (int i = 0; i < count; ++i) text += pool[random() % pool.size()];
  return utf8(text);
}

template <class Random>
std::string digits(std::size_t count, Random& random) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random() % 10);
  return text;
}

/// A year, a month or a day stays one; any other number keeps its length.
template <class Random>
std::string other_number(const std::string& number, Random& random) {
  const bool year = number.size() == 4 && (number.starts_with("19") || number.starts_with("20"));
  if (year) return std::to_string(1975 + random() % 50);
  if (number.size() == 2 && number[0] <= '2') return "0" + std::to_string(1 + random() % 9);
  if (number.size() < 2) return std::to_string(1 + random() % 9);
  std::string other = digits(number.size(), random);
  if (other[0] == '0' && number[0] != '0') other[0] = '1';
  return other;
}

}  // namespace

Corpus::Corpus(const std::filesystem::path& templates, std::uint64_t seed) : seed_(seed) {
  std::ifstream file(templates);
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string rest = line.substr(tab + 1);
    if (line[0] == 'P') {
      templates_.push_back({rest, {}, {}});
    } else if (line[0] == 'L') {
      templates_.back().lines.push_back(rest);
    } else {
      const std::size_t row = rest.find('\t') + 1;
      const std::size_t value = rest.find('\t', row) + 1;
      FieldRecord field;
      field.field = rest.substr(0, row - 1);
      field.row = std::stoi(rest.substr(row, value - row));
      field.value = rest.substr(value);
      templates_.back().fields.push_back(std::move(field));
    }
  }
  if (templates_.empty()) throw std::runtime_error(templates.string() + " holds no pages");
}

Corpus::Random Corpus::random_for(PageNumber number, std::uint64_t salt) const {
  std::seed_seq seed{seed_, static_cast<std::uint64_t>(number), salt};
  return Random(seed);
}

Corpus::Dossier Corpus::dossier_of(PageNumber number) const {
  Random random = random_for(number / kPagesPerDossier, 1);
  Dossier made;
  made.name =
      hanzi(kSurnames, 1, random) + hanzi(kGiven, 1 + static_cast<int>(random() % 2), random);
  made.id = "4397" + digits(2, random) + std::to_string(1940 + random() % 60) + "0" +
            std::to_string(1 + random() % 9) + std::to_string(10 + random() % 18) +
            digits(3, random);
  made.id += CitizenId::check_character(made.id);
  Random firm = random_for(static_cast<PageNumber>(random() % 3'000), 2);
  made.employer = hanzi(kPlaces, 4, firm) + kTrades[firm() % std::size(kTrades)] + "有限公司";
  return made;
}

std::string Corpus::filled(const std::string& text, const Dossier& dossier, Random& random) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\x01') made += dossier.name;
    if (c == '\x02') made += dossier.id;
    if (c == '\x03') made += dossier.employer;
    if (is_digit(c)) {
      std::size_t end = at;
      while (end < text.size() && is_digit(text[end])) ++end;
      made += other_number(text.substr(at, end - at), random);
      at = end;
      continue;
    }
    if (c > '\x03' || c < 0) made += c;
    ++at;
  }
  return made;
}

IndexedPage Corpus::page(PageNumber number) const {
  Random random = random_for(number, 3);
  const Dossier dossier = dossier_of(number);
  const Template& from = templates_[random() % templates_.size()];
  IndexedPage made;
  made.page.number = number;
  made.page.occurrence.batch = 1 + number / 400;
  made.page.dossier = 1 + number / kPagesPerDossier;
  made.page.doc_type = from.doc_type;
  made.page.text_confidence = 0.9 + 0.001 * static_cast<double>(random() % 100);
  made.dossier_no = "0012-SB01-" + std::to_string(made.page.dossier);
  made.persons.push_back({0, dossier.name, dossier.id});
  made.class_code = "SB0" + std::to_string(1 + random() % 9);
  made.retention = random() % 2 == 0 ? "D30" : "D100";
  made.year = std::to_string(1990 + random() % 35);
  made.shard = std::to_string(2000 + number / 500'000);
  for (const std::string& line : from.lines) {
    TextLine text;
    text.text = filled(line, dossier, random);
    made.layout.lines.push_back(std::move(text));
  }
  if (!made.layout.lines.empty()) made.page.title = made.layout.lines.front().text;
  for (FieldRecord field : from.fields) {
    field.raw = field.value = filled(field.value, dossier, random);
    made.page.fields.push_back(std::move(field));
  }
  return made;
}

std::string Corpus::text_of(const IndexedPage& page) {
  std::string text;
  for (const TextLine& line : page.layout.lines) text += line.text + "\n";
  return text;
}

std::string Corpus::line_of(const IndexedPage& page, Random& random) const {
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kLongest = 20;
  for (int attempt = 0; attempt < 50 && !page.layout.lines.empty(); ++attempt) {
    const std::string& line = page.layout.lines[random() % page.layout.lines.size()].text;
    std::u32string text = code_points(line);
    if (text.size() > kLongest) text.resize(kLongest);
    const bool good = text.size() >= kShortest && std::ranges::all_of(text, is_hanzi);
    if (good) return utf8(text);
  }
  return "社会保险";
}

Corpus::Question Corpus::question(std::size_t number, PageNumber pages) const {
  Random random = random_for(static_cast<PageNumber>(number), 4);
  const auto about = static_cast<PageNumber>(1 + random() % static_cast<std::uint64_t>(pages));
  const IndexedPage page = this->page(about);
  const Dossier dossier = dossier_of(about);
  Question made;
  SearchRequest& request = made.request;
  const std::string year = std::to_string(1990 + random() % 20);
  switch (number % kKinds) {
    case 0:
      return {"name", {dossier.name}, dossier.name};
    case 1:
      return {"id_number", {dossier.id}, dossier.id};
    case 2:
      return {"id_tail", {"id:" + dossier.id.substr(14)}, {}};
    case 3:
      return {"masked_id", {dossier.id.substr(0, 6) + "********" + dossier.id.substr(14)}, {}};
    case 4:
      return {"employer", {dossier.employer}, dossier.employer};
    case 5:
    case 6: {
      const std::string line = line_of(page, random);
      return {"phrase", {"\"" + line + "\""}, line};
    }
    case 7:
      return {"everywhere", {"社会保险"}, "社会保险"};
    case 8:
      return {"two_words", {dossier.name + " " + line_of(page, random)}, {}};
    case 9:
      return {"field", {"姓名:" + dossier.name + " -待遇核定表"}, {}};
    case 10:
      request = {dossier.employer};
      request.filters.doc_type = page.page.doc_type;
      made.kind = "filter";
      return made;
    case 11:
      return {"range", {year + "-03.." + std::to_string(std::stoi(year) + 3) + "-07"}, {}};
    case 12:
      return {"fuzzy", {dossier.name + "~"}, {}};
    case 13:
      request = {line_of(page, random)};
      request.facets = {"doc_type", "year", "class"};
      made.kind = "facets";
      return made;
    case 14: {
      std::string wrong = dossier.id;
      wrong[16] = wrong[16] == '9' ? '0' : static_cast<char>(wrong[16] + 1);
      return {"one_wrong_digit", {wrong}, {}};
    }
    default:
      return {"star", {dossier.id.substr(0, 14) + "*"}, {}};
  }
}

}  // namespace archive
