// What the checks of a volume find in dossiers whose faults are known, without drawing or reading a
// page:
//
//   juanzong_volume_figures CONFIG_FOLDER BENCH_FOLDER TRUTH_DIR [--noise STAMPS VALUES SEED] [-v]
//
// TRUTH_DIR holds ground truth of the dossier factory, drawn or only planned (plan_dossiers.js):
// <id>.json; fields may have a confidence and be unsure. --noise takes away or changes this share
// of the stamps, and of the other values, types and characters, at random, as reading does. Prints
// recall and precision for each kind of fault, and the time of a dossier; -v every difference too.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "checks/dossier_checks.h"
#include "config/csv_table.h"
#include "core/text_sketch.h"
#include "core/utf8.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Which planted fault a finding is, by rule and variant; findings of other rules are not counted.
const std::map<std::pair<std::string, std::string>, std::string> kKinds = {
    {{"X41", "missing"}, "missing_page"},
    {{"X41", "in_item"}, "missing_page"},
    {{"X41", "item"}, "missing_page"},
    {{"X41", "some"}, "missing_page"},
    {{"X41", "count"}, "(X41 count)"},
    {{"duplicate_page", ""}, "duplicated_page"},
    {{"duplicate_page", "file"}, "duplicated_page"},
    {{"X44", "order"}, "out_of_order"},
    {{"X44", "first"}, "out_of_order"},
    {{"X44", "twice"}, "(X44 twice)"},
    {{"Q18", ""}, "blank_page"},
    {{"Q18", "backs"}, "(Q18 backs)"},
    {{"Q10", ""}, "upside_down_page"},
    {{"Q10", "many"}, "(Q10 many)"},
    {{"X04", "other_person"}, "misfiled_page"},
    {{"X04", "foreign_stamp"}, "misfiled_page"},
    {{"X44", "range"}, "catalogue_range_wrong"},
    {{"X44", "ranges"}, "catalogue_range_wrong"},
    {{"X40", "not_in_catalogue"}, "catalogue_item_absent"},
    {{"X40", "count"}, "(X40 count)"},
    {{"X43", "gap"}, "(X43)"},
    {{"X43", "repeat"}, "(X43)"},
    {{"must_have", "absent"}, "required_doc_absent"},
    {{"must_have", "listed"}, "required_doc_absent"},
    {{"must_have", "unreadable"}, "(must_have)"},
    {{"must_have", "sheet"}, "(must_have)"},
    {{"must_have", "sheets"}, "(must_have)"},
    {{"X42", "from"}, "(X42)"},
    {{"X42", "to"}, "(X42)"},
    {{"X45", ""}, "(X45)"},
    {{"X60", "filing"}, "(X60)"},
    {{"X71", ""}, "retention_mismatch"},
};

struct Noise {
  double stamps = 0;
  double values = 0;
  std::mt19937 random{1};

  bool happens(double share) { return std::uniform_real_distribution<>(0, 1)(random) < share; }
  int number(int below) { return std::uniform_int_distribution<>(0, below - 1)(random); }
};

class Truth {
 public:
  Truth(const fs::path& bench, const CheckTables& tables) : tables_(tables) {
    const CsvTable types = CsvTable::read(bench / "scorer_types.csv");
    for (const auto& row : types.rows()) {
      types_[types.cell(row, "scorer_id")] = types.cell(row, "doc_type");
    }
    const CsvTable fields = CsvTable::read(bench / "scorer_fields.csv");
    for (const auto& row : fields.rows()) {
      fields_[{fields.cell(row, "doc_type"), fields.cell(row, "scorer_id")}] =
          fields.cell(row, "field");
    }
  }

  DossierFacts facts(const json& truth, Noise& noise) const {
    DossierFacts dossier;
    dossier.number = 1;
    dossier.received_on = "2024-06-01";
    std::map<std::string, std::string> retention;
    for (const json& item : truth["items"]) {
      ItemFact fact;
      fact.sequence = item["item_no"];
      fact.doc_type = type(item["form_type"]);
      fact.title = item["title"];
      fact.retention = retention_of(fact.doc_type);
      dossier.items.push_back(fact);
    }
    for (const json& page : truth["pages"]) {
      if (page["form_type"] == "separator") continue;
      dossier.pages.push_back(fact(page, noise));
      PageFact& fact = dossier.pages.back();
      if (fact.doc_type == "DT01") {
        for (const FieldFact& field : fact.fields) {
          if (field.field == "volume_title") dossier.title = field.value;
          if (field.field == "dossier_no") dossier.dossier_no = field.value;
        }
      }
      const bool in_no_item =
          fact.kind == PageKind::content && fact.item_sequence == 0 && fact.doc_type > "DT03";
      if (!in_no_item) continue;
      // Assembly makes an item of a page that no row names.
      fact.item_sequence = 100 + static_cast<int>(dossier.items.size());
      dossier.items.push_back(
          {fact.item_sequence, fact.doc_type, "", "", "", retention_of(fact.doc_type)});
    }
    return dossier;
  }

 private:
  std::string type(const std::string& scorer_id) const {
    const auto found = types_.find(scorer_id);
    return found == types_.end() ? "" : found->second;
  }

  std::string retention_of(const std::string& doc_type) const {
    const DocumentType* type = tables_.forms.type(doc_type);
    return type == nullptr ? "HOLD" : tables_.forms.retention_of(type->class_code);
  }

  PageFact fact(const json& page, Noise& noise) const {
    PageFact fact;
    fact.number = page["index"].get<int>() + 1;
    fact.content = page["file"].get<std::string>() + "#" + page["page_in_file"].dump();
    fact.kind = page["blank"] ? PageKind::blank : PageKind::content;
    fact.doc_type = type(page["form_type"]);
    if (noise.happens(0.2 * noise.values)) fact.doc_type = "DT99";
    fact.titled =
        page.value("titled", page["page_of_item"].is_number() && page["page_of_item"] == 1);
    fact.rotation = page["rotation"];
    fact.item_sequence = page["item_no"].is_number() ? page["item_no"].get<int>() : 0;
    std::string text = page.value("text", "");
    for (const json& line : page.value("text_lines", json::array())) text += line["text"];
    fact.sketch = sketch_of(blurred(text, noise));
    for (const json& field : page["fields"]) add_field(field, fact, noise);
    return fact;
  }

  static std::string blurred(const std::string& text, Noise& noise) {
    std::u32string letters = code_points(text);
    for (char32_t& letter : letters) {
      if (noise.happens(0.5 * noise.values))
        letter = static_cast<char32_t>(0x4E00 + noise.number(3000));
    }
    return utf8(letters);
  }

  void add_field(const json& field, PageFact& page, Noise& noise) const {
    const auto id = fields_.find({page.doc_type, field["id"].get<std::string>()});
    const bool stamp = field["id"] == "page_stamp";
    if (id == fields_.end() && !stamp) return;
    FieldFact fact;
    fact.field = stamp ? "page_no" : id->second;
    fact.row = field.value("row", -1);
    fact.value = fact.raw = field["value"];
    fact.confidence = field.value("confidence", 1.0);
    fact.unsure = field.value("unsure", false);
    const double share = stamp ? noise.stamps : noise.values;
    if (noise.happens(share * (stamp ? 0.5 : 0.25))) return;  // not read
    if (noise.happens(share * (stamp ? 0.35 : 0.5))) {
      fact.unsure = true;
      change(fact.value, noise);
    } else if (noise.happens(share * (stamp ? 0.15 : 0.05))) {
      change(fact.value, noise);  // and nobody doubts it, or half of the time a little
      fact.confidence = noise.happens(0.5) ? 0.8 : 1;
    }
    page.fields.push_back(std::move(fact));
  }

  static void change(std::string& value, Noise& noise) {
    std::vector<std::size_t> digits;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] >= '0' && value[i] <= '9') digits.push_back(i);
    }
    if (digits.empty()) return;
    value[digits[static_cast<std::size_t>(noise.number(static_cast<int>(digits.size())))]] =
        static_cast<char>('1' + noise.number(9));
  }

  const CheckTables& tables_;
  std::map<std::string, std::string> types_;
  std::map<std::pair<std::string, std::string>, std::string> fields_;
};

struct Score {
  int planted = 0, found = 0, located = 0, false_alarms = 0;
};

class Scores {
 public:
  explicit Scores(bool verbose) : verbose_(verbose) {
    for (const auto& [rule, kind] : kKinds) known_.insert(kind);
  }

  void compare(const json& truth, const std::vector<Finding>& findings) {
    std::vector<std::pair<std::string, const Finding*>> rest;
    for (const Finding& finding : findings) {
      const auto kind = kKinds.find({finding.rule, finding.variant});
      if (kind != kKinds.end()) rest.emplace_back(kind->second, &finding);
    }
    const std::string id = truth["dossier_id"];
    for (const json& fault : truth["faults"]) {
      const std::string kind = fault["kind"];
      if (!known_.contains(kind)) continue;
      const std::set<PageNumber> pages = pages_of(fault["where"]);
      const auto touches = [&pages](const Finding& finding) {
        return std::ranges::any_of(
            finding.places, [&](const FindingPlace& place) { return pages.contains(place.page); });
      };
      auto best = rest.end();
      for (auto it = rest.begin(); it != rest.end(); ++it) {
        if (it->first == kind &&
            (best == rest.end() || (touches(*it->second) && !touches(*best->second))))
          best = it;
      }
      Score& score = scores_[kind];
      ++score.planted;
      if (best == rest.end()) {
        if (verbose_) std::cout << "MISSED " << id << ' ' << fault.dump() << '\n';
        continue;
      }
      ++score.found;
      score.located += pages.empty() || touches(*best->second) ? 1 : 0;
      rest.erase(best);
    }
    for (const auto& [kind, finding] : rest) {
      ++scores_[kind].false_alarms;
      if (verbose_) {
        std::cout << "FALSE " << id << ' ' << finding->rule << '/' << finding->variant
                  << " expected " << finding->expected;
        for (const FindingPlace& place : finding->places)
          std::cout << " p" << place.page - 1 << ' ' << place.printed;
        std::cout << "   planted";
        for (const json& fault : truth["faults"])
          std::cout << ' ' << fault["kind"] << fault["where"].dump();
        std::cout << '\n';
      }
    }
    if (truth["faults"].empty()) {
      ++clean_;
      if (rest.empty()) ++left_clean_;
    }
  }

  void print() const {
    Score all;
    for (const auto& [kind, score] : scores_) {
      std::cout << kind << ": found " << score.found << '/' << score.planted << ", located "
                << score.located << ", false alarms " << score.false_alarms << '\n';
      all.planted += score.planted;
      all.found += score.found;
      all.false_alarms += score.false_alarms;
    }
    std::cout << "recall " << 100.0 * all.found / std::max(all.planted, 1) << " %  precision "
              << 100.0 * all.found / std::max(all.found + all.false_alarms, 1) << " %  clean "
              << left_clean_ << '/' << clean_ << '\n';
  }

 private:
  static std::set<PageNumber> pages_of(const json& where) {
    std::set<PageNumber> pages;
    for (const char* key : {"page_index", "duplicate_of"}) {
      if (where.contains(key) && where[key].is_number()) pages.insert(where[key].get<int>() + 1);
    }
    for (const json& page : where.value("page_indexes", json::array()))
      pages.insert(page.get<int>() + 1);
    return pages;
  }

  bool verbose_;
  std::set<std::string> known_;
  std::map<std::string, Score> scores_;
  int clean_ = 0, left_clean_ = 0;
};

int run(const std::vector<std::string>& args) {
  Noise noise;
  bool verbose = false;
  for (std::size_t i = 3; i < args.size(); ++i) {
    if (args[i] == "-v") verbose = true;
    if (args[i] == "--noise" && i + 3 < args.size()) {
      noise.stamps = std::stod(args[i + 1]);
      noise.values = std::stod(args[i + 2]);
      noise.random.seed(static_cast<unsigned>(std::stoul(args[i + 3])));
    }
  }
  const CheckTables tables = CheckTables::load(args[0]);
  const Truth reader(args[1], tables);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(args[2])) {
    if (entry.path().extension() == ".json" && entry.path().stem() != "MANIFEST") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  Scores scores(verbose);
  double seconds = 0;
  std::size_t pages = 0;
  for (const fs::path& file : files) {
    const json truth = json::parse(std::ifstream(file));
    const DossierFacts facts = reader.facts(truth, noise);
    const auto begin = std::chrono::steady_clock::now();
    const std::vector<Finding> findings = check_dossier(facts, tables);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    pages += facts.pages.size();
    scores.compare(truth, findings);
  }
  scores.print();
  std::cout << files.size() << " dossiers, " << pages << " pages, "
            << 1000 * seconds / static_cast<double>(std::max<std::size_t>(files.size(), 1))
            << " ms a dossier\n";
  return 0;
}

}  // namespace
}  // namespace archive

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 3) {
    std::cerr << "usage: juanzong_volume_figures CONFIG_FOLDER BENCH_FOLDER TRUTH_DIR "
                 "[--noise STAMPS VALUES SEED] [-v]\n";
    return 2;
  }
  return archive::run(args);
}
