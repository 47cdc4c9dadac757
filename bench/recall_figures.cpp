// juanzong_recall_figures truth PAGES CONFIG | archive FOLDER
//
// Answers questions from standard input, one a line: page<TAB>query. One line each comes out:
// the first ten pages, comma-separated, their reason, and the boxes on that page as x1,y1,x2,y2
// with semicolons between. `truth` fills an index with the pages of a file (bench/measuring/
// recall.py writes it): "P<tab>number<tab>type", "N<tab>name<tab>id", "F<tab>field<tab>row<tab>
// value" and "L<tab>eight coordinates<tab>text" lines. `archive` asks an archive as it was read.

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "config/settings.h"
#include "store/archive_folder.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, '\t');) cells.push_back(cell);
  return cells;
}

Quad quad_of(const std::string& numbers) {
  std::istringstream text(numbers);
  Quad quad;
  for (auto& corner : quad.corners) text >> corner.x >> corner.y;
  return quad;
}

/// The pages of a file of known texts.
std::map<PageNumber, IndexedPage> pages_of(const std::filesystem::path& file) {
  std::map<PageNumber, IndexedPage> pages;
  IndexedPage* page = nullptr;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells[0] == "P") {
      page = &pages[std::stoll(cells[1])];
      page->page.number = std::stoll(cells[1]);
      page->page.doc_type = cells[2];
    } else if (cells[0] == "N") {
      page->persons.push_back({0, cells[1], cells.size() > 2 ? cells[2] : std::string()});
    } else if (cells[0] == "F" && cells.size() == 4) {
      FieldRecord field;
      field.field = cells[1];
      field.row = std::stoi(cells[2]);
      field.raw = field.value = cells[3];
      page->page.fields.push_back(std::move(field));
    } else if (cells[0] == "L" && cells.size() == 3) {
      TextLine text;
      text.quad = quad_of(cells[1]);
      text.text = cells[2];
      page->layout.lines.push_back(std::move(text));
    }
  }
  return pages;
}

void print(const SearchAnswer& answer, const std::vector<Quad>& boxes) {
  std::string pages;
  for (const SearchHit& hit : answer.hits) {
    pages += (pages.empty() ? "" : ",") + std::to_string(hit.page);
  }
  std::string places;
  for (const Quad& quad : boxes) {
    const Box box = quad.bounds();
    char text[120];
    std::snprintf(text, sizeof text, "%.1f,%.1f,%.1f,%.1f;", box.left, box.top, box.right,
                  box.bottom);
    places += text;
  }
  const std::string reason = answer.hits.empty() ? "" : answer.hits.front().reason;
  std::printf("%s\t%s\t%s\n", pages.c_str(), reason.c_str(), places.c_str());
}

/// Page number and query of a line.
std::pair<PageNumber, SearchRequest> question_of(const std::string& line) {
  const std::size_t tab = line.find('\t');
  SearchRequest request{line.substr(tab + 1)};
  request.limit = 10;
  return {std::stoll(line.substr(0, tab)), request};
}

SearchAnswer asked(const std::function<SearchAnswer(const SearchRequest&)>& search,
                   const SearchRequest& request) {
  try {
    return search(request);
  } catch (const std::invalid_argument&) {
    return {};
  }
}

int ask_truth(const std::filesystem::path& file, const std::filesystem::path& config) {
  const auto pages = pages_of(file);
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("juanzong-recall-" + std::to_string(::getpid()));
  const LookAlikes look_alikes = LookAlikes::load(config);
  PageIndex writer = PageIndex::open_writer(folder);
  for (const auto& [number, page] : pages) writer.put(page);
  writer.commit();
  PageIndex reader = PageIndex::open_reader(folder);
  reader.use_look_alikes(look_alikes);
  for (std::string line; std::getline(std::cin, line);) {
    const auto [page, request] = question_of(line);
    print(asked([&](const SearchRequest& one) { return reader.search(one); }, request),
          locate(request.text, pages.at(page).layout, look_alikes));
  }
  std::filesystem::remove_all(folder);
  return 0;
}

int ask_archive(const std::filesystem::path& folder) {
  const TablePath tables =
      find_config_folder(read_settings(ArchiveFolder::open(folder).settings_file()));
  ReadingRoom room(folder);
  room.use_labels_of(FormCatalogue::load(tables));
  const LookAlikes look_alikes = LookAlikes::load(tables);
  room.use_look_alikes(look_alikes);
  for (std::string line; std::getline(std::cin, line);) {
    const auto [page, request] = question_of(line);
    std::vector<Quad> boxes = locate(request.text, room.layout(room.page(page)), look_alikes);
    const auto search = [&](const SearchRequest& one) {
      SearchPage result = room.search(one);
      for (const FoundPage& found : result.found) {
        if (found.page.number == page) boxes = found.hit.boxes;
      }
      return result.answer;
    };
    const SearchAnswer answer = asked(search, request);
    print(answer, boxes);
  }
  return 0;
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) {
  const std::string mode = argc > 2 ? argv[1] : "";
  if (mode == "truth" && argc > 3) return archive::ask_truth(argv[2], argv[3]);
  if (mode == "archive") return archive::ask_archive(argv[2]);
  std::fprintf(stderr, "see the head of bench/recall_figures.cpp\n");
  return 2;
}
