#include "store/ledger/entry_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include "core/escaped_text.h"
#include "store/objects/digest.h"

namespace archive {
namespace {

void add_line(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ' ';
  text += value;
  text += '\n';
}

// The shortest text that reads back as the same number. One without a fraction is written like a
// whole number: engines keep 1.0 as they like.
std::string number_text(double value) {
  constexpr double kWholeMax = 9007199254740992.0;
  if (std::abs(value) < kWholeMax && value == std::floor(value)) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

struct ValueText {
  std::string operator()(std::monostate) const { return "-"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return number_text(value); }
  std::string operator()(std::string_view value) const { return "'" + escaped(value); }
  std::string operator()(RowBytes value) const {
    return "x" + hex_of(std::as_bytes(std::span(value.bytes)));
  }
};

void add_value(std::string& line, std::string_view sign, const RowValue& value) {
  line += sign;
  line += std::visit(ValueText{}, value);
}

}  // namespace

std::string entry_text(const LedgerEntry& entry) {
  std::string text = "juanzong-event 1\n";
  add_line(text, "number", std::to_string(entry.number));
  add_line(text, "at", escaped(entry.happened_at));
  add_line(text, "who", escaped(entry.acting.who));
  add_line(text, "post", escaped(entry.acting.post));
  if (!entry.acting.co_signer.empty()) add_line(text, "co-signer", escaped(entry.acting.co_signer));
  add_line(text, "action", escaped(entry.action));
  add_line(text, "object", escaped(entry.object_kind) + " " + std::to_string(entry.object_number));
  add_line(text, "reason", escaped(entry.acting.reason));
  add_line(text, "method", escaped(entry.acting.method));
  add_line(text, "details", escaped(entry.details));
  if (entry.has_changes) {
    add_line(text, "changes", hex_of(entry.changes.sha256) + " " + hex_of(entry.changes.sm3));
  }
  return text;
}

std::string head_text(const LedgerHead& head) {
  return "juanzong-head 1\t" + std::to_string(head.size) + "\t" + head.signed_at + "\t" +
         hex_of(head.root.sha256) + "\t" + hex_of(head.root.sm3);
}

std::string change_line(const RowChange& change) {
  constexpr std::string_view kSigns = "+~-";
  std::string line(1, kSigns[static_cast<std::size_t>(change.kind)]);
  line += change.table;
  for (const RowChange::Column& column : change.columns) {
    line += column.key ? "\t@" : "\t";
    line += column.name;
    const bool added = change.kind == RowChange::Kind::added;
    add_value(line, "=", added ? column.after : column.before);
    if (change.kind == RowChange::Kind::changed && !column.key) {
      line += '\t';
      line += column.name;
      add_value(line, ":=", column.after);
    }
  }
  line += '\n';
  return line;
}

std::string new_column_line(std::string_view table, std::string_view column,
                            const RowValue& value) {
  std::string line = "^";
  line.append(table).append("\t").append(column);
  add_value(line, "=", value);
  line += '\n';
  return line;
}

}  // namespace archive
