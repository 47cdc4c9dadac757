#include "config/must_haves.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>

#include "config/csv_table.h"
#include "config/toml_tree.h"

namespace archive {
namespace {

constexpr std::string_view kVolumeSheets = "dossier";
constexpr std::string_view kAnywhere = "*";
constexpr int kStepMax = 99;

class PaperRow {
 public:
  PaperRow(const CsvTable& table, const CsvTable::Row& row, const FormCatalogue& forms)
      : table_(table), row_(row), forms_(forms) {}

  MustHave paper() const {
    MustHave paper;
    paper.doc_types = list_of(cell("doc_type"));
    if (paper.doc_types.empty()) table_.refuse(row_, "no document type is given");
    for (const std::string& type : paper.doc_types) {
      if (forms_.type(type) == nullptr) refuse_type(type);
    }
    paper.need = need();
    paper.principal = cell("principal") == "yes";
    if (!paper.principal && !cell("principal").empty()) {
      table_.refuse(row_, "under 'principal' stands neither 'yes' nor nothing");
    }
    paper.when = when();
    paper.condition = cell("condition");
    paper.step = step();
    return paper;
  }

  const std::string& cell(std::string_view column) const { return table_.cell(row_, column); }

 private:
  [[noreturn]] void refuse_type(const std::string& type) const {
    std::vector<std::string_view> known;
    for (const DocumentType& other : forms_.types()) known.push_back(other.code);
    refuse_name("document type", type, known);
  }

  [[noreturn]] void refuse_name(const std::string& what, const std::string& name,
                                const std::vector<std::string_view>& known) const {
    const std::string_view near = nearest(name, known);
    table_.refuse(row_, "'" + name + "' is no " + what +
                            (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }

  Need need() const {
    if (cell("need") == "M") return Need::mandatory;
    if (cell("need") == "C") return Need::conditional;
    if (cell("need") == "O") return Need::optional;
    table_.refuse(row_, "the need '" + cell("need") + "' is none of M, C, O");
  }

  MustHave::Condition when() const {
    const std::string& text = cell("when");
    if (text.empty()) return {};
    const std::size_t sign = text.find_first_of(">~");
    MustHave::Condition condition{text.substr(0, sign), 0, {}};
    if (sign != std::string::npos) {
      condition.sign = text[sign];
      condition.operands = list_of(text.substr(sign + 1));
      if (condition.operands.empty()) table_.refuse(row_, "the condition has no second side");
      if (condition.sign == '>') number_in(condition.operands.front(), "the condition");
    }
    std::set<std::string_view> fields;
    for (const auto& [type, form] : forms_.forms()) {
      for (const FieldDescription& field : form.fields) fields.insert(field.id);
    }
    if (!fields.contains(condition.field)) {
      refuse_name("field of any form", condition.field, {fields.begin(), fields.end()});
    }
    return condition;
  }

  int step() const {
    if (cell("step").empty()) return 0;
    const int step = number_in(cell("step"), "the step");
    if (step > kStepMax) table_.refuse(row_, "the step is more than " + std::to_string(kStepMax));
    return step;
  }

  int number_in(const std::string& text, const std::string& what) const {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [read, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc() || read != end || number < 0) {
      table_.refuse(row_, what + " is no number");
    }
    return number;
  }

  const CsvTable& table_;
  const CsvTable::Row& row_;
  const FormCatalogue& forms_;
};

}  // namespace

bool Business::lists(const std::string& doc_type) const {
  return std::ranges::any_of(papers, [&](const MustHave& paper) {
    return std::ranges::find(paper.doc_types, doc_type) != paper.doc_types.end();
  });
}

MustHaves MustHaves::load(const TablePath& config_folder, const FormCatalogue& forms) {
  const CsvTable table = CsvTable::read(config_folder / "checks" / "must_have.csv");
  MustHaves must_haves;
  for (const CsvTable::Row& row : table.rows()) {
    const PaperRow reader(table, row, forms);
    const std::string& id = reader.cell("business");
    const std::string& name = reader.cell("name_zh");
    Business* business = id == kVolumeSheets ? &must_haves.sheets_
                         : id == kAnywhere   ? &must_haves.anywhere_
                                             : nullptr;
    if (business == nullptr) {
      const auto known = std::ranges::find(must_haves.businesses_, id, &Business::id);
      business =
          known == must_haves.businesses_.end() ? &must_haves.businesses_.emplace_back() : &*known;
    }
    if (business->papers.empty()) {
      business->id = id;
      business->name_zh = name;
      if (!name.empty()) business->words.push_back(name);
    } else if (business->name_zh != name) {
      table.refuse(row, "the business '" + id + "' has two names");
    }
    for (std::string& word : list_of(reader.cell("words"))) {
      business->words.push_back(std::move(word));
    }
    business->papers.push_back(reader.paper());
  }
  return must_haves;
}

}  // namespace archive
