// Understands pages that were read before, for measuring forms without recognition:
//
//   juanzong_read_forms CONFIG_FOLDER LINES_DIR OUT_DIR [TYPES.csv FIELDS.csv] [--pairs]
//
// LINES_DIR holds what `juanzong_read_pages --lines` writes: <page>.json with the lines
// and <page>.png with the grey upright picture. OUT_DIR/results.json has the format of
// the dossier scorer, with our own names when no tables of its names are given; --pairs
// writes <page>.kv.tsv with every label and value instead.
// Standard output tells the CPU time a page.

#include <time.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "config/csv_table.h"
#include "config/forms.h"
#include "ocr/form_reader.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

Quad quad_of(const json& corners) {
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) quad.corners[i] = {corners[i][0], corners[i][1]};
  return quad;
}

LineKind kind_of(const std::string& name) {
  if (name == "handwritten") return LineKind::handwritten;
  return name == "seal" ? LineKind::seal : LineKind::printed;
}

RecognizedPage page_of(const fs::path& file) {
  const json read = json::parse(std::ifstream(file));
  RecognizedPage page;
  page.clean.delivered.source_name = read["file"];
  page.clean.delivered.occurrence.page_in_file = read["page_in_file"];
  page.clean.blank = read.value("blank", false);
  page.illegible = read.value("illegible", false);
  for (const json& line : read["lines"]) {
    TextLine text;
    text.text = line["text"];
    text.quad = quad_of(line["quad"]);
    text.confidence = line["confidence"];
    text.unsure = line["unsure"];
    text.vertical = line["vertical"];
    text.kind = kind_of(line["kind"]);
    for (const json& c : line["chars"]) {
      text.chars.push_back({c["text"], c["position"], c["confidence"]});
      if (!c.contains("alternatives")) continue;
      for (const json& other : c["alternatives"]) {
        text.chars.back().alternatives.push_back({other["text"], other["confidence"]});
      }
    }
    page.lines.push_back(std::move(text));
  }
  for (const json& seal : read["seals"]) {
    page.seals.push_back(
        {quad_of(seal["quad"]), seal["colour"], seal["shape"], seal["text"], seal["confidence"]});
  }
  fs::path picture = file;
  picture.replace_extension(".png");
  const cv::Mat pixels = cv::imread(picture.string(), cv::IMREAD_ANYCOLOR);
  page.clean.pixels.width = pixels.cols;
  page.clean.pixels.height = pixels.rows;
  page.clean.pixels.channels = std::max(1, pixels.channels());
  if (!pixels.empty()) {
    page.clean.pixels.bytes.assign(pixels.data, pixels.data + pixels.total() * pixels.elemSize());
  }
  return page;
}

/// The scorer's names of types and fields.
struct Names {
  struct Type {
    std::string id, category;
  };
  std::map<std::string, Type> types;
  std::map<std::pair<std::string, std::string>, std::string> fields;

  void read(const fs::path& type_table, const fs::path& field_table) {
    const CsvTable type_rows = CsvTable::read(type_table);
    for (const auto& row : type_rows.rows()) {
      types[type_rows.cell(row, "doc_type")] = {type_rows.cell(row, "scorer_id"),
                                                type_rows.cell(row, "category")};
    }
    const CsvTable field_rows = CsvTable::read(field_table);
    for (const auto& row : field_rows.rows()) {
      fields[{field_rows.cell(row, "doc_type"), field_rows.cell(row, "field")}] =
          field_rows.cell(row, "scorer_id");
    }
  }
};

std::string type_of(const ClassifiedPage& page) {
  if (page.kind == PageKind::separator) return std::string(FormCatalogue::kSeparator);
  return page.kind == PageKind::blank ? "BLANK" : page.doc_type;
}

json result_of(const ExtractedPage& page, const Names& names) {
  const std::string type = type_of(page.classified);
  const CleanPage& clean = page.classified.recognized.clean;
  json result = {{"file", clean.delivered.source_name},
                 {"page_in_file", clean.delivered.occurrence.page_in_file},
                 {"blank", clean.blank},
                 {"illegible", page.classified.recognized.illegible},
                 {"fields", json::array()},
                 {"confidence", page.classified.confidence},
                 {"evidence", page.classified.evidence}};
  const auto known = names.types.find(type);
  if (known != names.types.end()) {
    result["form_type"] = known->second.id;
    result["category"] = known->second.category;
  } else {
    result["form_type"] = type;
  }
  for (const ExtractedField& field : page.fields) {
    const auto name = names.fields.find({type, field.field});
    std::string id = name == names.fields.end() ? "" : name->second;
    if (type == "SEPARATOR" || names.fields.empty()) id = field.field;
    if (id.empty()) continue;
    json entry = {{"id", id},
                  {"value", field.value},
                  {"raw", field.raw},
                  {"confidence", field.confidence},
                  {"unsure", field.unsure},
                  {"traits", field.traits}};
    if (field.row >= 0) entry["row"] = field.row;
    if (!field.problem.empty()) entry["problem"] = field.problem;
    result["fields"].push_back(std::move(entry));
  }
  return result;
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\t', ' ');
  std::ranges::replace(text, '\n', ' ');
  return text;
}

int run(const std::vector<std::string>& arguments) {
  const bool pairs = std::ranges::find(arguments, "--pairs") != arguments.end();
  const FormCatalogue catalogue = FormCatalogue::load(arguments[0]);
  const FormReader reader(catalogue);
  const fs::path out = arguments[2];
  fs::create_directories(out);
  Names names;
  if (!pairs && arguments.size() >= 5) names.read(arguments[3], arguments[4]);

  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(arguments[1])) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  json pages = json::array();
  double classify_seconds = 0, extract_seconds = 0, longest = 0;
  for (const fs::path& file : files) {
    RecognizedPage page = page_of(file);
    const double start = cpu_seconds();
    ClassifiedPage classified = reader.classify(std::move(page));
    const double middle = cpu_seconds();
    const ExtractedPage extracted = reader.extract(std::move(classified), {});
    const double end = cpu_seconds();
    classify_seconds += middle - start;
    extract_seconds += end - middle;
    longest = std::max(longest, end - start);
    if (pairs) {
      std::ofstream tsv(out / (file.stem().string() + ".kv.tsv"));
      const LabelledValue* before = nullptr;
      for (const LabelledValue& pair : extracted.pairs) {
        const bool more = before != nullptr && before->label == pair.label &&
                          before->label_quad == pair.label_quad;
        if (!more) tsv << (before == nullptr ? "" : "\n") << one_line(pair.label) << '\t';
        tsv << (more ? " | " : "") << one_line(pair.value);
        before = &pair;
      }
      if (before != nullptr) tsv << '\n';
    } else {
      pages.push_back(result_of(extracted, names));
    }
  }
  if (!pairs) std::ofstream(out / "results.json") << json{{"pages", pages}}.dump(1);
  const auto count = static_cast<double>(std::max<std::size_t>(1, files.size()));
  std::cout << files.size() << " pages, classify " << 1000 * classify_seconds / count
            << " ms, extract " << 1000 * extract_seconds / count << " ms, longest "
            << 1000 * longest << " ms\n";
  return 0;
}

}  // namespace
}  // namespace archive

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 3) {
    std::cerr
        << "usage: juanzong_read_forms CONFIG LINES_DIR OUT_DIR [TYPES.csv FIELDS.csv | --pairs]\n";
    return 2;
  }
  return archive::run(arguments);
}
