#include "config/form_file.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <utility>

#include "config/pattern.h"
#include "config/toml_tree.h"
#include "core/error.h"

namespace archive {
namespace {

constexpr std::array kTypes = {
    std::pair{ValueType::text, "text"},
    std::pair{ValueType::name, "name"},
    std::pair{ValueType::id18, "id18"},
    std::pair{ValueType::credit_code, "credit_code"},
    std::pair{ValueType::date, "date"},
    std::pair{ValueType::year_month, "year_month"},
    std::pair{ValueType::money, "money"},
    std::pair{ValueType::integer, "integer"},
    std::pair{ValueType::rate, "rate"},
    std::pair{ValueType::phone, "phone"},
    std::pair{ValueType::bank_account, "bank_account"},
    std::pair{ValueType::choice, "choice"},
    std::pair{ValueType::address, "address"},
    std::pair{ValueType::page_range, "page_range"},
    std::pair{ValueType::page_stamp, "page_stamp"},
    std::pair{ValueType::mark, "mark"},
    std::pair{ValueType::code, "code"},
    std::pair{ValueType::capitals, "capitals"},
};

constexpr std::array kPicks = {
    std::pair{Pick::best, "best"},
    std::pair{Pick::first, "first"},
    std::pair{Pick::last, "last"},
};

class FormFile {
 public:
  explicit FormFile(const TablePath& place) : file_(place.in_force()), place_(place) {}

  FormDescription form() {
    const TomlValue root = read();
    FormDescription form;
    const std::vector<Member> members = {
        {"doc_type", [&](const TomlValue& v) { form.doc_type = text(v); }},
        {"titles", [&](const TomlValue& v) { form.titles = texts(v); }},
        {"marks", [&](const TomlValue& v) { form.marks = texts(v); }},
        {"anti_marks", [&](const TomlValue& v) { form.anti_marks = texts(v); }},
        {"field",
         [&](const TomlValue& v) {
           for (const TomlValue& item : wanted(v, TomlValue::Kind::list).items) {
             form.fields.push_back(field(item));
           }
         }},
    };
    take(root, members);
    if (form.doc_type.empty()) refuse(1, "doc_type is missing");
    check_fields(form);
    return form;
  }

  OtherLabels other_labels() {
    OtherLabels other;
    take(read(), {{"labels", [&](const TomlValue& v) { other.labels = texts(v); }},
                            {"endings", [&](const TomlValue& v) { other.endings = texts(v); }},
                            {"values", [&](const TomlValue& v) { other.values = texts(v); }}});
    return other;
  }

 private:
  struct Member {
    std::string_view name;
    std::function<void(const TomlValue&)> take;
  };

  TomlValue read() const {
    TomlValue root = read_toml(file_);
    drop_left_out(root);
    return root;
  }

  void drop_left_out(TomlValue& value) const {
    const std::string name = file_.string();
    const auto out = [&](const TomlValue& one) { return place_.leaves_out(name, one.line); };
    std::erase_if(value.members, [&](const auto& member) { return out(member.second); });
    std::erase_if(value.items, out);
    for (auto& [key, member] : value.members) drop_left_out(member);
    for (TomlValue& item : value.items) drop_left_out(item);
  }

  [[noreturn]] void refuse(int line, const std::string& problem,
                           const std::string& advice = "correct the form file") const {
    throw ArchiveError(ErrorKind::settings, file_.string() + ":" + std::to_string(line), problem,
                       advice);
  }

  void take(const TomlValue& table, const std::vector<Member>& members) const {
    for (const auto& [name, value] : table.members) {
      const auto known = std::ranges::find(members, name, &Member::name);
      if (known != members.end()) {
        known->take(value);
        continue;
      }
      std::vector<std::string_view> names;
      for (const Member& member : members) names.push_back(member.name);
      const std::string_view near = nearest(name, names);
      refuse(value.line, "unknown key '" + name + "'",
             near.empty() ? "remove it" : "did you mean '" + std::string(near) + "'?");
    }
  }

  const TomlValue& wanted(const TomlValue& value, TomlValue::Kind kind) const {
    if (value.kind == kind) return value;
    refuse(value.line, "expected " + std::string(name_of(kind)) + ", found " +
                           std::string(name_of(value.kind)));
  }

  std::string text(const TomlValue& value) const {
    return wanted(value, TomlValue::Kind::text).text;
  }

  std::vector<std::string> texts(const TomlValue& value) const {
    std::vector<std::string> list;
    for (const TomlValue& item : wanted(value, TomlValue::Kind::list).items) {
      list.push_back(text(item));
      if (list.back().empty()) refuse(item.line, "an empty text in a list");
    }
    return list;
  }

  template <class Table>
  auto named(const TomlValue& value, const Table& table) const {
    const std::string name = text(value);
    for (const auto& [member, member_name] : table) {
      if (name == member_name) return member;
    }
    refuse(value.line, "'" + name + "' is none of the names allowed here");
  }

  FieldDescription field(const TomlValue& table) const {
    FieldDescription field;
    bool domain_given = false;
    const std::vector<Member> members = {
        {"id", [&](const TomlValue& v) { field.id = text(v); }},
        {"domain",
         [&](const TomlValue& v) {
           field.domain = text(v);
           domain_given = true;
         }},
        {"label", [&](const TomlValue& v) { field.label_zh = text(v); }},
        {"labels", [&](const TomlValue& v) { field.labels = texts(v); }},
        {"name_en", [&](const TomlValue& v) { field.name_en = text(v); }},
        {"type", [&](const TomlValue& v) { field.type = named(v, kTypes); }},
        {"row", [&](const TomlValue& v) { field.row = flag(v); }},
        {"required", [&](const TomlValue& v) { field.required = flag(v); }},
        {"sensitivity", [&](const TomlValue& v) { field.sensitivity = text(v); }},
        {"choices", [&](const TomlValue& v) { field.choices = texts(v); }},
        {"patterns", [&](const TomlValue& v) { field.patterns = patterns(v); }},
        {"sections", [&](const TomlValue& v) { field.sections = texts(v); }},
        {"blocks", [&](const TomlValue& v) { field.blocks = texts(v); }},
        {"pick", [&](const TomlValue& v) { field.pick = named(v, kPicks); }},
        {"closing", [&](const TomlValue& v) { field.closing = flag(v); }},
        {"total_of", [&](const TomlValue& v) { field.total_of = text(v); }},
        {"length_min", [&](const TomlValue& v) { field.length_min = length(v); }},
    };
    take(wanted(table, TomlValue::Kind::table), members);
    if (!domain_given) field.domain = field.id;
    if (field.id.empty()) refuse(table.line, "a field without an id");
    if (field.label_zh.empty()) refuse(table.line, "the field '" + field.id + "' has no label");
    if (std::ranges::find(field.labels, field.label_zh) == field.labels.end()) {
      field.labels.insert(field.labels.begin(), field.label_zh);
    }
    return field;
  }

  bool flag(const TomlValue& value) const {
    return wanted(value, TomlValue::Kind::boolean).boolean;
  }

  std::size_t length(const TomlValue& value) const {
    const std::int64_t length = wanted(value, TomlValue::Kind::integer).integer;
    if (length < 1 || length > 100) refuse(value.line, "a length is from 1 to 100");
    return static_cast<std::size_t>(length);
  }

  std::vector<std::string> patterns(const TomlValue& value) const {
    for (const TomlValue& item : wanted(value, TomlValue::Kind::list).items) {
      std::string fault;
      const auto pattern = Pattern::compile(text(item), &fault);
      if (!pattern) refuse(item.line, "the pattern does not compile: " + fault);
      if (pattern->groups() < 1) refuse(item.line, "the pattern has no group for the value");
    }
    return texts(value);
  }

  void check_fields(const FormDescription& form) const {
    std::set<std::string> seen;
    for (const FieldDescription& field : form.fields) {
      if (!seen.insert(field.id).second) refuse(1, "the field '" + field.id + "' stands twice");
    }
    for (const FieldDescription& field : form.fields) {
      if (!field.total_of.empty() && !seen.contains(field.total_of)) {
        refuse(1, "the field '" + field.id + "' sums up '" + field.total_of +
                      "', which the form does not have");
      }
    }
  }

  std::filesystem::path file_;
  TablePath place_;
};

}  // namespace

std::optional<ValueType> value_type_named(std::string_view name) {
  const auto found = std::ranges::find(kTypes, name, [](const auto& row) -> std::string_view {
    return row.second;
  });
  if (found == kTypes.end()) return std::nullopt;
  return found->first;
}

std::string_view name_of(ValueType type) {
  return std::ranges::find(kTypes, type, &decltype(kTypes)::value_type::first)->second;
}

std::string_view name_of(Pick pick) {
  return std::ranges::find(kPicks, pick, &decltype(kPicks)::value_type::first)->second;
}

FormDescription read_form_file(const TablePath& file) { return FormFile(file).form(); }

OtherLabels read_other_labels(const TablePath& file) {
  return FormFile(file).other_labels();
}

}  // namespace archive
