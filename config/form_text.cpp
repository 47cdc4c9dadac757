#include "config/form_text.h"

#include "config/form_file.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kColumnsMax = 96;

/// A basic string of TOML. Nothing that was read from paper holds other control signs.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (char32_t c : code_points(text)) columns += c < 0x2E80 ? 1 : 2;
  return columns;
}

/// One line when it fits, else lines of as many items as fit.
std::string list_line(std::string_view key, const std::vector<std::string>& items) {
  std::string flat;
  for (const std::string& item : items) flat += (flat.empty() ? "" : ", ") + toml_string(item);
  const std::string line = std::string(key) + " = [" + flat + "]\n";
  if (columns_of(line) <= kColumnsMax) return line;
  std::string out = std::string(key) + " = [\n", row = "  ";
  for (const std::string& item : items) {
    const std::string next = toml_string(item) + ", ";
    if (row.size() > 2 && columns_of(row + next) > kColumnsMax) {
      row.pop_back();
      out += row + "\n";
      row = "  ";
    }
    row += next;
  }
  row.pop_back();
  return out + row + "\n]\n";
}

std::string text_line(std::string_view key, std::string_view text) {
  return std::string(key) + " = " + toml_string(text) + "\n";
}

std::string field_text(const FieldDescription& field) {
  std::string out = "\n[[field]]\n" + text_line("id", field.id);
  if (field.domain != field.id) out += text_line("domain", field.domain);
  out += text_line("label", field.label_zh);
  std::vector<std::string> others;
  for (const std::string& label : field.labels) {
    if (label != field.label_zh) others.push_back(label);
  }
  if (!others.empty()) out += list_line("labels", others);
  if (!field.name_en.empty()) out += text_line("name_en", field.name_en);
  out += text_line("type", name_of(field.type));
  if (field.row) out += "row = true\n";
  if (field.required) out += "required = true\n";
  if (!field.sensitivity.empty()) out += text_line("sensitivity", field.sensitivity);
  if (!field.choices.empty()) out += list_line("choices", field.choices);
  if (!field.patterns.empty()) out += list_line("patterns", field.patterns);
  if (!field.sections.empty()) out += list_line("sections", field.sections);
  if (!field.blocks.empty()) out += list_line("blocks", field.blocks);
  if (field.pick != Pick::best) out += text_line("pick", name_of(field.pick));
  if (field.closing) out += "closing = true\n";
  if (field.length_min > 1) out += "length_min = " + std::to_string(field.length_min) + "\n";
  if (!field.total_of.empty()) out += text_line("total_of", field.total_of);
  return out;
}

}  // namespace

std::string form_text(const FormDescription& form, std::string_view heading) {
  std::string out = heading.empty() ? "" : "# " + std::string(heading) + "\n";
  out += text_line("doc_type", form.doc_type);
  if (!form.titles.empty()) out += list_line("titles", form.titles);
  if (!form.marks.empty()) out += list_line("marks", form.marks);
  if (!form.anti_marks.empty()) out += list_line("anti_marks", form.anti_marks);
  for (const FieldDescription& field : form.fields) out += field_text(field);
  return out;
}

}  // namespace archive
