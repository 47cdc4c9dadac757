#include "app/search_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/output_file.h"
#include "app/search_text.h"
#include "config/csv_table.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kQuestionsMax = 100'000;
constexpr std::size_t kPagesShown = 100;

/// The first column. A first row called "query" is a header; else it is asked like the rest.
std::vector<std::string> questions_of(const std::filesystem::path& file) {
  std::ifstream bytes(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(bytes), {}};
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  if (!is_utf8(text)) {
    throw ArchiveError(ErrorKind::usage, file.string(), "it is not UTF-8 text",
                       "save it as CSV in UTF-8");
  }
  std::vector<std::string> questions;
  for (CsvTable::Row& row : CsvTable::rows_of(file.string(), std::move(text), ErrorKind::usage)) {
    std::string& cell = row.cells.front();
    cell.erase(cell.find_last_not_of(' ') + 1);
    if (!cell.empty()) questions.push_back(std::move(cell));
  }
  if (!questions.empty() && questions.front() == "query") questions.erase(questions.begin());
  if (questions.size() > kQuestionsMax) {
    throw ArchiveError(ErrorKind::usage, file.string(),
                       fmt::format("more than {} rows", kQuestionsMax), "divide the list");
  }
  return questions;
}

/// As it stands, whatever it holds: quotation marks would end the phrase.
std::string as_phrase(const std::string& question) {
  std::u32string text = code_points(question);
  std::erase_if(text, [](char32_t c) {
    return std::u32string_view(U"\"“”「」『』«»＂").find(c) != std::u32string_view::npos;
  });
  return "\"" + utf8(text) + "\"";
}

struct ListAnswer {
  std::string question;
  SearchAnswer exact;
  std::size_t alike = 0;
  std::string problem;
};

ListAnswer answer_one(ReadingRoom& room, const SearchRequest& base, const std::string& question) {
  ListAnswer row{question, {}, 0, {}};
  SearchRequest request = base;
  request.limit = kPagesShown;
  request.text = as_phrase(question);
  request.exactly = true;
  try {
    row.exact = room.count(request);
    if (row.exact.hits.empty() && !base.exactly) {
      request.text = question;
      request.exactly = false;
      row.exact = room.count(request);
      row.alike = row.exact.estimated_total;
    }
  } catch (const std::invalid_argument& error) {
    row.problem = error.what();
  }
  return row;
}

std::string pages_text(const ListAnswer& row) {
  std::string pages;
  for (const SearchHit& hit : row.exact.hits) {
    pages += (pages.empty() ? "" : " ") + std::to_string(hit.page);
  }
  if (!row.exact.next.empty()) pages += " ...";
  return pages;
}

std::string line_of(const ListAnswer& row, bool json) {
  const std::size_t exact = row.alike > 0 ? 0 : row.exact.estimated_total;
  const std::string reason = row.exact.hits.empty() ? "" : row.exact.hits.front().reason;
  if (!json) {
    return fmt::format("{},{},{},{},{},{}", csv_cell(row.question), exact, row.alike,
                       csv_cell(reason), csv_cell(pages_text(row)), csv_cell(row.problem));
  }
  using Json = nlohmann::ordered_json;
  Json pages = Json::array();
  for (const SearchHit& hit : row.exact.hits) pages.push_back(hit.page);
  const Json made = {{"query", row.question}, {"exact", exact}, {"alike", row.alike},
                     {"reason", reason},      {"pages", pages}, {"more", !row.exact.next.empty()},
                     {"problem", row.problem}};
  return made.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::size_t answer_list(ReadingRoom& room, const SearchOptions& options, const Console& say) {
  std::size_t pages = 0;
  std::string all;
  if (!say.json()) all = "query,exact,alike,reason,pages,problem\n";
  for (const std::string& question : questions_of(options.list)) {
    const ListAnswer row = answer_one(room, options.request, question);
    pages += row.exact.hits.size();
    all += line_of(row, say.json()) + '\n';
  }
  Output out(options.output, false);
  out.write(all);
  out.finish();
  return pages;
}

}  // namespace archive
