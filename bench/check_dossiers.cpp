#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "checks/dossier_checks.h"
#include "config/check_tables.h"

// check_dossiers CONFIG_DIR [TIMES] < facts: checks dossiers and prints what is found, a line a
// finding:
//
//   dossier <tab> rule <tab> variant <tab> severity <tab> page <tab> field <tab> row <tab> printed
//   <tab> expected
//
// and on the error stream how long a dossier took. The facts are lines of tabbed cells, as
// bench/check_facts writes them:
//
//   D id        P number content type        F field row raw value confidence unsure handwritten

namespace archive {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
  cells.resize(8);
  return cells;
}

struct Named {
  std::string id;
  DossierFacts facts;
};

std::vector<Named> read(std::istream& in) {
  std::vector<Named> dossiers;
  for (std::string line; std::getline(in, line);) {
    const auto cells = cells_of(line);
    if (cells[0] == "D") {
      dossiers.push_back({cells[1], {}});
    } else if (cells[0] == "P") {
      PageFact page;
      page.number = std::stoll(cells[1]);
      page.content = cells[2];
      page.doc_type = cells[3];
      page.kind = cells[3] == "-" ? PageKind::blank : PageKind::content;
      dossiers.back().facts.pages.push_back(std::move(page));
    } else if (cells[0] == "F") {
      FieldFact fact;
      fact.field = cells[1];
      fact.row = std::stoi(cells[2]);
      fact.raw = cells[3];
      fact.value = cells[4];
      fact.confidence = std::stod(cells[5]);
      fact.unsure = cells[6] == "1";
      fact.handwritten = cells[7] == "1";
      dossiers.back().facts.pages.back().fields.push_back(std::move(fact));
    }
  }
  return dossiers;
}

void print(const std::string& id, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    const FindingPlace place = finding.places.empty() ? FindingPlace{} : finding.places.front();
    std::cout << id << '\t' << finding.rule << '\t' << finding.variant << '\t'
              << name_of(finding.severity) << '\t' << place.page << '\t' << place.field << '\t'
              << place.row << '\t' << place.printed << '\t' << finding.expected << '\n';
  }
}

int run(const std::filesystem::path& config_folder, int times) {
  const CheckTables tables = CheckTables::load(config_folder);
  const std::vector<Named> dossiers = read(std::cin);
  std::size_t pages = 0, fields = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int round = 0; round < times; ++round) {
    for (const Named& dossier : dossiers) {
      const auto findings = check_dossier(dossier.facts, tables);
      if (round > 0) continue;
      print(dossier.id, findings);
      pages += dossier.facts.pages.size();
      for (const PageFact& page : dossier.facts.pages) fields += page.fields.size();
    }
  }
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  const auto checked = static_cast<double>(dossiers.size()) * times;
  std::fprintf(stderr, "%zu dossiers, %zu pages, %zu fields: %.1f us a dossier\n", dossiers.size(),
               pages, fields, took.count() / checked);
  return 0;
}

}  // namespace
}  // namespace archive

int main(int count, char** words) {
  if (count < 2) return 2;
  return archive::run(words[1], count > 2 ? std::stoi(words[2]) : 1);
}
