#include "config/forms.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "config/csv_table.h"
#include "config/form_file.h"
#include "config/pattern.h"
#include "config/table_version.h"
#include "core/error.h"

namespace archive {
namespace {

const std::set<std::string, std::less<>> kRetentionCodes = {"Y",   "D100", "D50",     "D30",
                                                            "D10", "ACC",  "INHERIT", "HOLD"};

int number_from(const CsvTable& table, const CsvTable::Row& row, std::string_view column) {
  const std::string& cell = table.cell(row, column);
  int number = 0;
  const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (fault != std::errc() || end != cell.data() + cell.size()) {
    table.refuse(row, "'" + std::string(column) + "' is not a number");
  }
  return number;
}

std::vector<DocumentType> read_types(const TablePath& file) {
  const CsvTable table = CsvTable::read(file);
  std::vector<DocumentType> types;
  for (const CsvTable::Row& row : table.rows()) {
    DocumentType type;
    type.code = table.cell(row, "doc_type");
    type.name_zh = table.cell(row, "name_zh");
    type.name_en = table.cell(row, "name_en");
    type.aliases = list_of(table.cell(row, "aliases_zh"));
    type.title_regex = table.cell(row, "title_keywords_regex");
    type.priority = number_from(table, row, "priority");
    type.class_code = table.cell(row, "class_code");
    type.sensitivity = table.cell(row, "sensitivity");
    std::string fault;
    if (!Pattern::compile(type.title_regex, &fault)) {
      table.refuse(row, "the title expression does not compile: " + fault);
    }
    const bool twice = std::ranges::any_of(
        types, [&](const DocumentType& other) { return other.code == type.code; });
    if (twice) table.refuse(row, "the type " + type.code + " stands twice");
    types.push_back(std::move(type));
  }
  return types;
}

std::map<std::string, std::string, std::less<>> read_retention(const TablePath& file) {
  const CsvTable table = CsvTable::read(file);
  std::map<std::string, std::string, std::less<>> retention;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& code = table.cell(row, "retention_code");
    if (!kRetentionCodes.contains(code)) {
      table.refuse(row, "'" + code + "' is no retention code");
    }
    retention[table.cell(row, "class_code")] = code;
  }
  return retention;
}

[[noreturn]] void refuse_form(const TablePath& file, const std::string& problem) {
  throw ArchiveError(ErrorKind::settings, file.string(), problem, "correct the form file");
}

}  // namespace

FormCatalogue FormCatalogue::load(const TablePath& config_folder) {
  FormCatalogue catalogue;
  catalogue.types_ = read_types(config_folder / "domain" / "document_types.csv");
  catalogue.retention_ = read_retention(config_folder / "domain" / "retention.csv");
  catalogue.seal_owners_ = SealOwners::load(config_folder / "domain" / "seal_owners.csv");
  catalogue.field_confidence_ =
      FieldConfidence::load(config_folder / "domain" / "field_confidence.csv");

  std::vector<TablePath> files = files_below(config_folder / "domain", ".csv");
  for (const TablePath& file : files_below(config_folder / "forms", ".toml")) {
    files.push_back(file);
    file.note_read();
    if (file.leaves_out(file.string())) continue;
    if (file.name().ends_with("/other_labels.toml")) {
      OtherLabels other = read_other_labels(file);
      catalogue.other_labels_ = std::move(other.labels);
      catalogue.label_endings_ = std::move(other.endings);
      catalogue.known_values_ = std::move(other.values);
      continue;
    }
    FormDescription form = read_form_file(file);
    if (form.doc_type != kSeparator && catalogue.type(form.doc_type) == nullptr) {
      refuse_form(file, "there is no document type '" + form.doc_type + "'");
    }
    const std::string doc_type = form.doc_type;
    if (!catalogue.forms_.emplace(doc_type, std::move(form)).second) {
      refuse_form(file, "the type " + doc_type + " has another form file");
    }
  }
  std::ranges::sort(files, {}, &TablePath::name);
  catalogue.version_ = version_of("config", files);
  return catalogue;
}

const DocumentType* FormCatalogue::type(std::string_view code) const {
  const auto found = std::ranges::find(types_, code, &DocumentType::code);
  return found == types_.end() ? nullptr : &*found;
}

const FormDescription* FormCatalogue::form(std::string_view doc_type) const {
  const auto found = forms_.find(std::string(doc_type));
  return found == forms_.end() ? nullptr : &found->second;
}

std::string FormCatalogue::retention_of(std::string_view class_code) const {
  const auto found = retention_.find(class_code);
  return found == retention_.end() ? "HOLD" : found->second;
}

}  // namespace archive
