#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "app/commands.h"
#include "app/output_file.h"
#include "config/csv_table.h"
#include "config/form_file.h"
#include "config/form_text.h"
#include "ocr/form_learner.h"
#include "store/archive_folder.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What a person should decide has the careful answer: its retention is on hold, and it is
// sensitive. A learned type stands behind those whose title regulations give.
constexpr const char* kPriority = "40";
constexpr const char* kClass = "SB.UNK";
constexpr const char* kSensitivity = "P2";

constexpr const char* kTypeTable = "domain/document_types.csv";

/// Where the form goes: into a whole configuration, or into an office's folder over ours.
TablePath config_of(const FormLearnOptions& options) {
  const TablePath ours =
      find_config_folder(read_settings(ArchiveFolder::open(options.archive).settings_file()));
  if (options.write.empty()) return ours;
  if (fs::exists(options.write / "domain" / "fields.csv")) return options.write;
  return {ours.root(), options.write};
}

/// How a place of the delivered image lies on the page turned upright.
Affine upright(const PageLayout& layout) {
  const double width = layout.width, height = layout.height;
  switch (layout.rotation) {
    case 90:
      return {0, 1, 0, -1, 0, width};
    case 180:
      return {-1, 0, width, 0, -1, height};
    case 270:
      return {0, -1, height, 1, 0, 0};
    default:
      return {};
  }
}

SamplePage sample_of(const ReadingRoom& room, PageNumber number) {
  const PageRecord page = room.page(number);
  PageLayout layout = room.layout(page);
  const Affine turn = upright(layout);
  const bool lying = layout.rotation % 180 != 0;
  SamplePage sample{std::move(layout.lines), page.pairs, lying ? layout.height : layout.width,
                    lying ? layout.width : layout.height};
  for (TextLine& line : sample.lines) line.quad = turn(line.quad);
  for (LabelledValue& pair : sample.pairs) {
    pair.label_quad = turn(pair.label_quad);
    pair.value_quad = turn(pair.value_quad);
  }
  return sample;
}

[[noreturn]] void refuse(const LearnRefusal& refusal, const std::vector<PageNumber>& pages) {
  using Kind = LearnRefusal::Kind;
  const auto page = [&](std::size_t i) { return fmt::format("page {}", pages[i]); };
  switch (refusal.kind) {
    case Kind::no_pairs:
      throw ArchiveError(ErrorKind::usage, page(refusal.first),
                         "no label with a value was found on it",
                         "take a page that is filled in and can be read");
    case Kind::other_papers:
      throw ArchiveError(
          ErrorKind::usage, page(refusal.first) + " and " + page(refusal.second),
          fmt::format("they are not the same paper: of {} labels on the first, the second bears {}",
                      refusal.of, refusal.shared),
          "give pages of one and the same form");
    case Kind::no_such_label:
      throw ArchiveError(ErrorKind::usage, "--keep, --drop",
                         "no such label stands on the pages: " + refusal.label,
                         "run it without --keep and --drop to see the labels");
    case Kind::nothing_left:
      break;
  }
  throw ArchiveError(ErrorKind::usage, "--drop", "no label is left", "drop fewer labels");
}

void check_type(const FormCatalogue& catalogue, const std::string& code) {
  const bool shaped = code.size() == 4 && code.starts_with("DT") &&
                      code.find_first_not_of("0123456789", 2) == std::string::npos;
  if (!shaped) {
    throw ArchiveError(ErrorKind::usage, "--type " + code, "it is not the code of a type",
                       "give DT and two digits, such as DT50");
  }
  const DocumentType* type = catalogue.type(code);
  if (type == nullptr) return;
  std::string free;
  for (int number = 1; number < 99 && free.empty(); ++number) {
    const std::string next = fmt::format("DT{:02}", number);
    if (catalogue.type(next) == nullptr) free = next;
  }
  throw ArchiveError(ErrorKind::usage, code, "this type exists: " + type->name_zh,
                     free.empty() ? "no number is free" : "the next free one is " + free);
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string expression_of(const std::string& title) {
  std::string expression;
  for (char c : title) {
    if (std::string_view("\\.+*?()[]{}^$|").find(c) != std::string_view::npos) expression += '\\';
    expression += c;
  }
  return expression;
}

/// The columns of the table that the type goes into: an office's may have another order than ours.
std::vector<std::string> type_columns(const FormLearnOptions& options, const TablePath& config) {
  const fs::path own = options.write / kTypeTable;
  const bool has_own = !options.write.empty() && fs::exists(own);
  return CsvTable::read(has_own ? TablePath(own) : config / kTypeTable).columns();
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i) row += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  return row;
}

/// A row of document_types.csv under these columns.
std::string type_row(const FormLearnOptions& options, const FormDescription& form,
                     const std::vector<std::string>& columns) {
  const std::string title = form.titles.empty() ? options.name_zh : form.titles.front();
  std::map<std::string, std::string> cells = {{"doc_type", options.doc_type},
                                              {"name_zh", options.name_zh},
                                              {"aliases_zh", title == options.name_zh ? "" : title},
                                              {"name_en", options.name_en},
                                              {"title_keywords_regex", expression_of(title)},
                                              {"priority", kPriority},
                                              {"class_code", kClass},
                                              {"subject", "P"},
                                              {"business", "any"},
                                              {"layout", "learned from pages"},
                                              {"sensitivity", kSensitivity},
                                              {"verified", "project"}};
  std::vector<std::string> row;
  for (const std::string& column : columns) row.push_back(cells[column]);
  return csv_row(row);
}

/// The table of types as it is; where there is none yet, its header.
std::string types_in(const fs::path& folder, const std::vector<std::string>& columns) {
  const fs::path file = folder / kTypeTable;
  if (!fs::exists(file)) return csv_row(columns) + "\n";
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    throw ArchiveError(ErrorKind::settings, file.string(), "the table cannot be read",
                       "give the office's folder, or one that holds domain/ and forms/");
  }
  return text.str();
}

fs::path form_file(const FormLearnOptions& options) {
  return options.write / "forms" / (options.doc_type + ".toml");
}

/// The form first: a type without a form is whole, a form without its type is refused.
void write_form(const FormLearnOptions& options, const std::vector<std::string>& columns,
                const std::string& form, const std::string& row) {
  std::string table = types_in(options.write, columns);
  if (!table.empty() && table.back() != '\n') table += '\n';
  for (const char* folder : {"domain", "forms"}) fs::create_directories(options.write / folder);
  OutputFile types(options.write / kTypeTable, true);
  types.write(table + row + "\n");
  OutputFile described(form_file(options), false);
  described.write(form);
  types.finish();
  described.finish();
}

Json json_of(const LearnedForm& learned, const std::string& form, const std::string& row) {
  Json fields = Json::array();
  for (std::size_t i = 0; i < learned.fields.size(); ++i) {
    const FieldDescription& field = learned.form.fields[i];
    fields.push_back({{"id", field.id},
                      {"label", field.label_zh},
                      {"type", name_of(field.type)},
                      {"row", field.row},
                      {"pages", learned.fields[i].pages},
                      {"same_everywhere", learned.fields[i].same_everywhere}});
  }
  return {{"doc_type", learned.form.doc_type},
          {"titles", learned.form.titles},
          {"marks", learned.form.marks},
          {"fields", std::move(fields)},
          {"not_printed", learned.not_printed},
          {"form_file", form},
          {"type_row", row}};
}

void explain(const LearnedForm& learned, std::size_t pages, const Console& say) {
  say.note(fmt::format("{}: {}", say("字段数", "fields"), learned.fields.size()));
  for (std::size_t i = 0; i < learned.fields.size(); ++i) {
    const FieldDescription& field = learned.form.fields[i];
    std::string line =
        fmt::format("  {} {} {}  {}/{}", fit_columns(field.label_zh, 30), fit_columns(field.id, 18),
                    fit_columns(name_of(field.type), 12), learned.fields[i].pages, pages);
    if (field.row) line += say("  表格列", "  column of a table");
    if (learned.fields[i].same_everywhere) {
      line += say("  各页相同，可能是印刷文字", "  the same on all pages: print, perhaps");
    }
    say.note(line);
  }
  if (learned.not_printed > 0) {
    say.note(fmt::format("{}: {}",
                         say("并非每页都有、按填写内容处理的标签",
                             "not printed on every page and so taken for values"),
                         learned.not_printed));
  }
  if (learned.form.titles.empty()) {
    say.note(
        say("未找到各页共有的标题：这种材料将只凭字段与印刷语句辨认",
            "no title common to the pages: the paper will be known by labels and print alone"));
  }
  if (pages == 1) {
    say.note(say("只用了一页：再给一两页填写不同的，可分清印刷与填写",
                 "one page only: one or two more, filled in otherwise, tell print from writing"));
  }
}

}  // namespace

int run_form_learn(const FormLearnOptions& options, const Console& say) {
  const ReadingRoom room(options.archive);
  const TablePath config = config_of(options);
  const FormCatalogue catalogue = FormCatalogue::load(config);
  check_type(catalogue, options.doc_type);
  std::vector<SamplePage> samples;
  for (PageNumber page : options.pages) samples.push_back(sample_of(room, page));
  const auto learned =
      learn_form(options.doc_type, samples, {options.keep, options.drop}, catalogue);
  if (!learned) refuse(learned.error(), options.pages);

  const std::string form = form_text(
      learned->form, options.name_zh + (options.name_en.empty() ? "" : " · ") + options.name_en);
  const std::vector<std::string> columns = type_columns(options, config);
  const std::string row = type_row(options, learned->form, columns);
  if (!options.write.empty()) write_form(options, columns, form, row);
  if (say.json()) {
    say.result_json(json_of(*learned, form, row));
    return 0;
  }
  explain(*learned, options.pages.size(), say);
  if (options.write.empty()) {
    say.result(form);
    say.result("# domain/document_types.csv:");
    say.result("# " + row);
    return 0;
  }
  say.result(fmt::format("{}: {}", say("已写入", "written"), form_file(options).string()));
  say.result(fmt::format("{}: {}", say("已追加一行", "a row added to"),
                         (options.write / kTypeTable).string()));
  say.note(say("请核对文件中的字段，再执行 juanzong reprocess，此前未识别的页即按新表识别",
               "check the fields in the file, then run juanzong reprocess: pages of an unknown "
               "type are read by the new form"));
  return 0;
}

}  // namespace archive
