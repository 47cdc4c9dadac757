#include "ingest/reading_difference.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "core/running_text.h"
#include "core/utf8.h"
#include "store/records/decisions.h"

namespace archive {
namespace {

// Cells of the table of edits that a page may cost: a twentieth of a second.
constexpr std::size_t kCellsMax = 20'000'000;

std::vector<std::string> lines_of(const PageLayout& layout) {
  std::vector<std::string> lines;
  for (const TextLine& line : layout.lines) {
    std::string text = text_of(running_text(line));
    if (!text.empty()) lines.push_back(std::move(text));
  }
  return lines;
}

std::u32string joined(const std::vector<std::string>& lines) {
  std::u32string text;
  for (const std::string& line : lines) text += code_points(line);
  return text;
}

// The lines of `from` that `others` has not, in their order; one that stands twice needs two.
std::vector<std::string> lines_only_in(const std::vector<std::string>& from,
                                       const std::vector<std::string>& others) {
  std::map<std::string, int> there;
  for (const std::string& line : others) ++there[line];
  std::vector<std::string> only;
  std::ranges::copy_if(from, std::back_inserter(only),
                       [&there](const std::string& line) { return there[line]-- <= 0; });
  return only;
}

void compare_texts(const std::vector<std::string>& before, const std::vector<std::string>& after,
                   ReadingDifference& difference) {
  const std::u32string a = joined(before);
  const std::u32string b = joined(after);
  difference.characters = a.size();
  difference.lines_gone = lines_only_in(before, after);
  difference.lines_new = lines_only_in(after, before);
  const std::size_t longer = std::max(a.size(), b.size());
  const std::size_t limit = std::max<std::size_t>(1, kCellsMax / (2 * longer + 1));
  difference.characters_changed = edits_between(a, b, limit);
  difference.changed_at_least = difference.characters_changed == limit && limit < longer;
}

using FieldKey = std::pair<std::string, int>;

// A field may have several values in a row; they are compared in the order they stand.
std::map<FieldKey, std::vector<std::string>> values_of(const PageRecord& page) {
  std::map<FieldKey, std::vector<std::string>> values;
  for (const FieldRecord& field : page.fields) {
    values[{field.field, field.row}].push_back(field.value);
  }
  return values;
}

void compare_fields(const PageRecord& before, const PageRecord& after,
                    ReadingDifference& difference) {
  using Kind = FieldDifference::Kind;
  auto old_values = values_of(before);
  auto new_values = values_of(after);
  for (const auto& [key, values] : new_values) old_values.try_emplace(key);
  for (const auto& [key, was] : old_values) {
    const std::vector<std::string>& is = new_values[key];
    for (std::size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
      if (i >= was.size()) {
        difference.fields.push_back({key.first, key.second, Kind::added, "", is[i]});
      } else if (i >= is.size()) {
        difference.fields.push_back({key.first, key.second, Kind::gone, was[i], ""});
      } else if (was[i] != is[i]) {
        difference.fields.push_back({key.first, key.second, Kind::changed, was[i], is[i]});
      }
    }
  }
}

}  // namespace

// Only the diagonals that `limit` edits can reach are looked at (Ukkonen 1985).
std::size_t edits_between(const std::u32string& a, const std::u32string& b, std::size_t limit) {
  const std::size_t apart = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (apart >= limit) return limit;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = std::min(j, limit);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const std::size_t first = i > limit ? i - limit : 1;
    const std::size_t last = std::min(b.size(), i + limit);
    std::size_t diagonal = row[first - 1];
    row[first - 1] = first == 1 ? std::min(i, limit) : limit;
    std::size_t least = row[first - 1];
    for (std::size_t j = first; j <= last; ++j) {
      const std::size_t above = j == i + limit ? limit : row[j];
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, above + 1, row[j - 1] + 1, limit});
      least = std::min(least, row[j]);
    }
    if (least >= limit) return limit;
  }
  return std::min(row[b.size()], limit);
}

ReadingDifference difference_between(const PageRecord& before, const PageLayout& text_before,
                                     const PageRecord& after, const PageLayout& text_after) {
  ReadingDifference difference;
  difference.page = before.number;
  difference.decisions_kept = decisions_of(before);
  const bool was_filed = before.state == PageState::filed;
  const bool is_filed = after.state == PageState::filed;
  difference.filed_now = !was_filed && is_filed;
  difference.still_set_aside = !was_filed && !is_filed;
  difference.kept_unreadable = was_filed && !is_filed;
  if (!is_filed) return difference;
  if (before.doc_type != after.doc_type) {
    difference.type_before = before.doc_type;
    difference.type_after = after.doc_type;
  }
  difference.turned = was_filed && before.rotation != after.rotation;
  compare_fields(before, after, difference);
  compare_texts(lines_of(text_before), lines_of(text_after), difference);
  return difference;
}

}  // namespace archive
