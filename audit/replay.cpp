#include "audit/replay.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace archive::audit {
namespace {

struct Cell {
  std::string_view name;
  std::string_view value;
  bool key = false;
  bool after = false;  // ":=", the value that a changed row gets
};

std::vector<Cell> cells_in(std::string_view text) {
  std::vector<Cell> cells;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\t', from), text.size());
    std::string_view part = text.substr(from, to - from);
    from = to + 1;
    Cell cell;
    if (part.starts_with('@')) {
      cell.key = true;
      part.remove_prefix(1);
    }
    const std::size_t sign = std::min(part.find('='), part.size());
    cell.name = part.substr(0, sign);
    cell.value = part.substr(std::min(sign + 1, part.size()));
    if (cell.name.ends_with(':')) {
      cell.after = true;
      cell.name.remove_suffix(1);
    }
    cells.push_back(cell);
  }
  return cells;
}

void add(std::string& text, const Cell& cell) {
  if (!text.empty()) text += '\t';
  if (cell.key) text += '@';
  text.append(cell.name).append("=").append(cell.value);
}

/// "column=value" with another value, in place.
bool replace(std::string& rest, const Cell& before, std::string_view after) {
  std::string old(before.name);
  old.append("=").append(before.value);
  std::size_t at = 0;
  while (true) {
    at = rest.find(old, at);
    if (at == std::string::npos) return false;
    const std::size_t end = at + old.size();
    const bool begins = at == 0 || rest[at - 1] == '\t';
    const bool ends = end == rest.size() || rest[end] == '\t';
    if (begins && ends) break;
    ++at;
  }
  rest.replace(at + before.name.size() + 1, before.value.size(), after);
  return true;
}

}  // namespace

std::string Replay::apply(std::string_view changes) {
  std::string wrong;
  for (std::size_t from = 0; from < changes.size();) {
    const std::size_t to = std::min(changes.find('\n', from), changes.size());
    const std::string said = apply_line(changes.substr(from, to - from));
    if (wrong.empty()) wrong = said;
    from = to + 1;
  }
  return wrong;
}

std::string Replay::apply_line(std::string_view line) {
  if (line.empty()) return "an empty line of changes";
  const char kind = line.front();
  const std::size_t tab = std::min(line.find('\t'), line.size());
  const std::string name(line.substr(1, tab - 1));
  Table& table = tables_[name];
  if (kind == '^') {
    for (auto& [key, rest] : table) {
      if (!rest.empty()) rest += '\t';
      rest.append(line.substr(std::min(tab + 1, line.size())));
    }
    return "";
  }
  std::string key;
  std::string rest;
  const std::vector<Cell> cells = cells_in(line.substr(std::min(tab + 1, line.size())));
  for (const Cell& cell : cells) {
    if (cell.key) {
      add(key, cell);
    } else if (!cell.after) {
      add(rest, cell);
    }
  }
  const auto place = table.find(key);
  if (kind == '+') {
    if (place != table.end()) return "a row of " + name + " is added twice: " + key;
    note_number(name, key);
    table.emplace(key, rest);
    ++rows_;
    return "";
  }
  if (place == table.end()) return "a row of " + name + " changes that is not there: " + key;
  if (kind == '-') {
    const bool same = place->second == rest;
    table.erase(place);
    --rows_;
    return same ? "" : "a row of " + name + " goes that was another: " + key;
  }
  if (kind != '~') return "a change of no known kind";
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
    const Cell& cell = cells[i];
    if (cell.key || cell.after) continue;
    if (!cells[i + 1].after || cells[i + 1].name != cell.name ||
        !replace(place->second, cell, cells[i + 1].value)) {
      return "a row of " + name + " changes that was another: " + key + ", column " +
             std::string(cell.name);
    }
  }
  return "";
}

void Replay::note_number(const std::string& table, const std::string& key) {
  const std::size_t sign = key.find('=');
  if (sign == std::string::npos || key.find('\t') != std::string::npos) return;
  std::int64_t number = 0;
  const char* end = key.data() + key.size();
  const auto [stop, error] = std::from_chars(key.data() + sign + 1, end, number);
  if (error != std::errc() || stop != end) return;
  std::int64_t& last = last_numbers_[table];
  last = std::max(last, number);
}

std::int64_t Replay::last_number(const std::string& table) const {
  const auto place = last_numbers_.find(table);
  return place == last_numbers_.end() ? 0 : place->second;
}

Replay::Row Replay::take(const std::string& table, const std::string& key,
                         const std::string& rest) {
  Table& rows = tables_[table];
  const auto place = rows.find(key);
  if (place == rows.end()) return Row::unknown;
  const bool same = place->second == rest;
  rows.erase(place);
  return same ? Row::same : Row::different;
}

void Replay::for_each_left(
    const std::function<void(const std::string& table, const std::string& key)>& visit) const {
  for (const auto& [name, rows] : tables_) {
    for (const auto& [key, rest] : rows) visit(name, key);
  }
}

}  // namespace archive::audit
