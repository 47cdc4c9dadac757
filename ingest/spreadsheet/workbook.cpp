#include "ingest/spreadsheet/workbook.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>

#include "core/error.h"
#include "ingest/spreadsheet/xml_stream.h"
#include "ingest/spreadsheet/zip_parts.h"

namespace archive {
namespace {

constexpr std::uint64_t kSmallPartBytes = 32ULL << 20;  // all but sheets and shared strings
constexpr std::uint64_t kRowBytes = 16ULL << 20;
constexpr std::size_t kSharedStringsMax = 16'000'000;
constexpr std::size_t kFormatsMax = 100'000;

[[noreturn]] void refuse(const std::string& where, const std::string& what,
                         const std::string& what_to_do = "save it again as .xlsx, or as CSV") {
  throw ArchiveError(ErrorKind::input_missing, where, what, what_to_do);
}

int number_of(std::string_view text, int otherwise) {
  int number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && rest == text.data() + text.size() && !text.empty() ? number
                                                                                    : otherwise;
}

/// The place of a part that another one points to: "worksheets/sheet1.xml" seen from
/// "xl/workbook.xml". A name in an archive, never a path on a disk.
std::string resolved(std::string_view from, std::string_view target) {
  const std::size_t folder = from.rfind('/');
  std::string path = target.starts_with('/') || folder == std::string_view::npos
                         ? std::string()
                         : std::string(from.substr(0, folder));
  while (!target.empty()) {
    const std::size_t end = std::min(target.find('/'), target.size());
    const std::string_view step = target.substr(0, end);
    target.remove_prefix(std::min(end + 1, target.size()));
    if (step == "..") {
      path.resize(path.find('/') == std::string::npos ? 0 : path.rfind('/'));
    } else if (!step.empty() && step != ".") {
      path += (path.empty() ? "" : "/") + std::string(step);
    }
  }
  return path;
}

std::string relations_of(std::string_view part) {
  const std::size_t folder = part.rfind('/');
  const std::size_t name = folder == std::string_view::npos ? 0 : folder + 1;
  return std::string(part.substr(0, name)) + "_rels/" + std::string(part.substr(name)) + ".rels";
}

/// Where a part points to.
class Relations : public XmlListener {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || attributes["TargetMode"] == "External") return;
    const std::string_view type = attributes["Type"];
    // The type is a long address of which two editions of the standard share the end only.
    relations_.push_back({std::string(attributes["Id"]),
                          std::string(type.substr(std::min(type.rfind('/') + 1, type.size()))),
                          std::string(attributes["Target"])});
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  /// Empty when it points to no such thing; any `id` will do when it is empty.
  std::string target(std::string_view kind, std::string_view id = {}) const {
    for (const Relation& relation : relations_) {
      if (relation.kind == kind && (id.empty() || relation.id == id)) return relation.target;
    }
    return {};
  }

 private:
  struct Relation {
    std::string id, kind, target;
  };
  std::vector<Relation> relations_;
};

/// The names of the sheets, and from when days are counted.
class SheetList : public XmlListener {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") {
      const std::string_view word = attributes["date1904"];
      from_1904 = word == "1" || word == "true";
    } else if (name == "sheet") {
      names.emplace_back(attributes["name"]);
      ids.emplace_back(attributes["id"]);
    }
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  bool from_1904 = false;
  std::vector<std::string> names;
  std::vector<std::string> ids;
};

/// How each style shows numbers.
class Styles : public XmlListener {
 public:
  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "numFmt") {
      codes_[number_of(attributes["numFmtId"], -1)] = format_of_code(attributes["formatCode"]);
    } else if (name == "cellXfs") {
      in_cells_ = true;
    } else if (name == "xf" && in_cells_ && formats_.size() < kFormatsMax) {
      const int id = number_of(attributes["numFmtId"], 0);
      const auto own = codes_.find(id);
      formats_.push_back(own == codes_.end() ? built_in_format(id) : own->second);
    }
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }
  void text(std::string_view) override {}

  NumberFormat of(int style) const {
    return style >= 0 && static_cast<std::size_t>(style) < formats_.size()
               ? formats_[static_cast<std::size_t>(style)]
               : NumberFormat{};
  }

 private:
  std::map<int, NumberFormat> codes_;
  std::vector<NumberFormat> formats_;
  bool in_cells_ = false;
};

/// Texts that cells share, one after the other in one long text.
class SharedStrings : public XmlListener {
 public:
  SharedStrings(std::string where, const SheetLimits& limits)
      : where_(std::move(where)), limits_(limits) {}

  void begin(std::string_view name, const XmlAttributes&) override {
    if (name == "si") now_.clear();
    if (name == "rPh") in_phonetic_ = true;
    in_text_ = name == "t" && !in_phonetic_;
  }
  void end(std::string_view name) override {
    if (name == "t") in_text_ = false;
    if (name == "rPh") in_phonetic_ = false;
    if (name != "si") return;
    all_ += without_escapes(now_);
    ends_.push_back(all_.size());
    if (ends_.size() > kSharedStringsMax) refuse(where_, "it has too many texts", "divide it");
  }
  void text(std::string_view piece) override {
    if (!in_text_) return;
    now_ += piece;
    if (all_.size() + now_.size() > limits_.text_bytes) {
      refuse(where_, "its texts are larger than the limit", "divide it, or save it as CSV");
    }
  }

  /// False when there is no such text.
  bool find(int index, std::string_view& found) const {
    if (index < 0 || static_cast<std::size_t>(index) >= ends_.size()) return false;
    const auto at = static_cast<std::size_t>(index);
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    found = std::string_view(all_).substr(begin, ends_[at] - begin);
    return true;
  }

 private:
  std::string where_;
  SheetLimits limits_;
  std::string all_;
  std::vector<std::size_t> ends_;
  std::string now_;
  bool in_text_ = false;
  bool in_phonetic_ = false;
};

/// The column of a place such as "BC12", from 0; -1 when it is none.
int column_of(std::string_view place) {
  int column = 0;
  std::size_t at = 0;
  for (; at < place.size() && place[at] >= 'A' && place[at] <= 'Z'; ++at) {
    column = column * 26 + (place[at] - 'A' + 1);
    if (column > 1'000'000) return -1;
  }
  return at == 0 ? -1 : column - 1;
}

class RowReader : public XmlListener {
 public:
  struct Lent {
    const SheetLimits& limits;
    const Styles& styles;
    const SharedStrings& strings;
    bool from_1904;
  };

  RowReader(std::string where, const Lent& lent, const std::function<bool(const SheetRow&)>& take)
      : where_(std::move(where)), lent_(lent), take_(take) {}

  bool wants_more() const { return wants_more_; }

  void begin(std::string_view name, const XmlAttributes& attributes) override {
    if (!wants_more_) return;
    if (name == "row") {
      begin_row(attributes);
    } else if (name == "c" && in_row_) {
      begin_cell(attributes);
    } else if (name == "f") {
      formula_ = true;
    } else if (name == "rPh") {
      in_phonetic_ = true;
    } else if (in_cell_ && (name == "v" || (name == "t" && !in_phonetic_))) {
      in_value_ = true;
    }
  }

  void end(std::string_view name) override {
    if (!wants_more_) return;
    if (name == "row") {
      in_row_ = false;
      if (!row_.cells.empty()) wants_more_ = take_(row_);
    } else if (name == "c" && in_cell_) {
      end_cell();
    } else if (name == "rPh") {
      in_phonetic_ = false;
    } else if (name == "v" || name == "t") {
      in_value_ = false;
    }
  }

  void text(std::string_view piece) override {
    if (!in_value_ || !wants_more_) return;
    value_ += piece;
    if (row_bytes_ + value_.size() > kRowBytes) refuse_row("the row is too large");
  }

 private:
  [[noreturn]] void refuse_row(const std::string& what) const {
    refuse(where_ + " row " + std::to_string(row_.number), what);
  }

  void begin_row(const XmlAttributes& attributes) {
    const int before = row_.number;
    row_.number = number_of(attributes["r"], before + 1);
    row_.cells.clear();
    own_.clear();
    row_bytes_ = 0;
    column_ = -1;
    in_row_ = true;
    if (row_.number <= before) refuse_row("the rows are not in their order");
    if (row_.number > lent_.limits.rows) {
      refuse(where_, "it has more than " + std::to_string(lent_.limits.rows) + " rows",
             "divide it");
    }
  }

  void begin_cell(const XmlAttributes& attributes) {
    const std::string_view place = attributes["r"];
    const int column = place.empty() ? column_ + 1 : column_of(place);
    if (column <= column_) refuse_row("the cells are not in their order");
    if (column >= lent_.limits.columns) refuse_row("the row has too many columns");
    column_ = column;
    type_ = attributes["t"];
    style_ = number_of(attributes["s"], 0);
    value_.clear();
    in_cell_ = true;
    formula_ = false;
  }

  void end_cell() {
    in_cell_ = false;
    in_value_ = false;
    if (type_ == "s") {
      std::string_view shared;
      if (!value_.empty() && !lent_.strings.find(number_of(value_, -1), shared)) {
        refuse_row("a cell names a text that is not there");
      }
      if (!shared.empty()) row_.cells.push_back({column_, shared, CellFault::none});
      return;
    }
    CellText cell = own_text();
    if (cell.text.empty() && cell.fault == CellFault::none) return;
    row_bytes_ += cell.text.size();
    own_.push_back(std::move(cell.text));
    row_.cells.push_back({column_, own_.back(), cell.fault});
  }

  CellText own_text() const {
    if (type_ == "e") return {"", CellFault::error_value};
    if (type_ == "b") return {value_ == "1" ? "TRUE" : "FALSE", CellFault::none};
    if (type_ == "str" || type_ == "inlineStr") return {without_escapes(value_), CellFault::none};
    if (value_.empty()) return {"", formula_ ? CellFault::no_value : CellFault::none};
    constexpr std::size_t kDayLength = 10;
    if (type_ == "d") return {value_.substr(0, kDayLength), CellFault::none};
    return number_text(value_, lent_.styles.of(style_), lent_.from_1904);
  }

  std::string where_;
  Lent lent_;
  const std::function<bool(const SheetRow&)>& take_;
  bool wants_more_ = true;
  SheetRow row_;
  std::deque<std::string> own_;  // texts of this row alone; they must not move
  std::uint64_t row_bytes_ = 0;
  bool in_row_ = false, in_cell_ = false, in_value_ = false, in_phonetic_ = false;
  bool formula_ = false;
  int column_ = -1;
  std::string type_;
  int style_ = 0;
  std::string value_;
};

}  // namespace

struct Workbook::State {
  std::string name;
  SheetLimits limits;
  ZipParts zip;
  std::vector<std::string> sheets;
  std::vector<std::string> parts;  // of the sheets
  bool from_1904 = false;
  Styles styles;
  SharedStrings strings;

  State(std::string file, std::string_view bytes, const SheetLimits& limit)
      : name(std::move(file)),
        limits(limit),
        zip(name, bytes, limit),
        strings(name + ": shared strings", limit) {}

  void read(const std::string& part, XmlListener& listener) const {
    XmlStream xml(name + ": " + part, listener);
    std::uint64_t total = 0;
    zip.read(part, [&](std::string_view bytes) {
      total += bytes.size();
      if (&listener != &strings && total > kSmallPartBytes) {
        refuse(name + ": " + part, "the part is larger than any workbook has it");
      }
      xml.feed(bytes);
      return true;
    });
    xml.finish();
  }

  void read_if_there(const std::string& part, XmlListener& listener) const {
    if (zip.has(part)) read(part, listener);
  }

  Relations relations(const std::string& part) const {
    Relations relations;
    read_if_there(relations_of(part), relations);
    return relations;
  }

  void open() {
    const std::string book = resolved("", relations("").target("officeDocument"));
    if (book.empty() || !zip.has(book)) {
      refuse(name, "it is a zip archive and no workbook of Excel",
             "open it and save it as .xlsx or as CSV in UTF-8");
    }
    if (book.ends_with(".bin")) {
      refuse(name, "it is a binary workbook (.xlsb)", "save it as .xlsx or as CSV in UTF-8");
    }
    SheetList list;
    read(book, list);
    from_1904 = list.from_1904;
    const Relations from_book = relations(book);
    for (std::size_t i = 0; i < list.names.size(); ++i) {
      if (list.ids[i].empty()) continue;
      // A tab may be a chart or a dialogue, which has no rows.
      const std::string part = resolved(book, from_book.target("worksheet", list.ids[i]));
      if (part.empty() || !zip.has(part)) continue;
      sheets.push_back(list.names[i]);
      parts.push_back(part);
    }
    if (static_cast<int>(sheets.size()) > limits.sheets) refuse(name, "it has too many sheets");
    read_if_there(resolved(book, from_book.target("styles")), styles);
    read_if_there(resolved(book, from_book.target("sharedStrings")), strings);
  }
};

Workbook::Workbook(std::string name, std::string_view bytes, const SheetLimits& limits)
    : state_(std::make_unique<State>(std::move(name), bytes, limits)) {
  state_->open();
}

Workbook::~Workbook() = default;

const std::vector<std::string>& Workbook::sheets() const { return state_->sheets; }

void Workbook::read(std::size_t sheet, const std::function<bool(const SheetRow&)>& take) const {
  const std::string where = state_->name + ":" + state_->sheets.at(sheet);
  RowReader rows(where, {state_->limits, state_->styles, state_->strings, state_->from_1904}, take);
  XmlStream xml(where, rows);
  bool whole = true;
  state_->zip.read(state_->parts.at(sheet), [&](std::string_view bytes) {
    xml.feed(bytes);
    whole = rows.wants_more();
    return whole;
  });
  if (whole) xml.finish();
}

std::string column_letters(int column) {
  constexpr int kLetters = 26;
  std::string letters;
  for (int rest = column + 1; rest > 0; rest = (rest - 1) / kLetters) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % kLetters));
  }
  return letters;
}

}  // namespace archive
