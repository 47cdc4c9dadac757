#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <memory>

#include "core/error.h"
#include "ingest/spreadsheet/table_text.h"
#include "ingest/spreadsheet/workbook.h"

namespace archive {
namespace {

constexpr std::size_t kRowsMax = 1'048'576;  // of a sheet of Excel
constexpr double kWidth = 18;                // of a column, in digits

[[noreturn]] void refuse_machine() {
  throw ArchiveError(ErrorKind::disk, "workbook", "it cannot be packed",
                     "make room in memory and in the folder for temporary files");
}

/// A file in memory that has a name for as long as it is open.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("workbook", MFD_CLOEXEC)) {
    if (fd_ < 0) refuse_machine();
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string name() const { return "/proc/self/fd/" + std::to_string(fd_); }

  std::string bytes() const {
    std::string all;
    std::array<char, 65536> buffer;
    for (off_t at = 0;;) {
      const ssize_t count = pread(fd_, buffer.data(), buffer.size(), at);
      if (count < 0) refuse_machine();
      if (count == 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(count));
      at += count;
    }
  }

 private:
  int fd_;
};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/// Workbooks write characters that XML cannot have as _xHHHH_. A text that looks like that by
/// itself says so by escaping its first sign; the library does the rest.
std::string escaped(const std::string& text) {
  constexpr std::size_t kLength = 7;
  std::string made;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view here = std::string_view(text).substr(at, kLength);
    const bool looks = here.size() == kLength && here.starts_with("_x") && here.back() == '_' &&
                       is_hex(here[2]) && is_hex(here[3]) && is_hex(here[4]) && is_hex(here[5]);
    if (looks) made += "_x005F";
    made += text[at];
  }
  return made;
}

void refuse_cell(lxw_error error, std::size_t row, std::size_t column) {
  if (error == LXW_NO_ERROR) return;
  throw ArchiveError(
      ErrorKind::usage, column_letters(static_cast<int>(column)) + std::to_string(row + 1),
      "the text is longer than a cell of a workbook holds", "write the catalogue as CSV");
}

class Writer {
 public:
  Writer(lxw_workbook* book, lxw_worksheet* sheet) : book_(book), sheet_(sheet) {}

  void write(const OutTable& table) {
    lxw_format* bold = workbook_add_format(book_);
    format_set_bold(bold);
    const auto last = static_cast<lxw_col_t>(table.headings.size() - 1);
    worksheet_set_column(sheet_, 0, last, kWidth, nullptr);
    worksheet_freeze_panes(sheet_, 1, 0);
    for (std::size_t i = 0; i < table.headings.size(); ++i) {
      text(0, i, table.headings[i], bold);
    }
    // Typed into a column of texts, digits stay what they are.
    lxw_format* as_text = workbook_add_format(book_);
    format_set_num_format(as_text, "@");
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      const auto& cells = table.rows[row];
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].text.empty()) continue;
        if (cells[i].number) {
          number(row + 1, i, cells[i].text);
        } else {
          text(row + 1, i, cells[i].text, as_text);
        }
      }
    }
  }

 private:
  void text(std::size_t row, std::size_t column, const std::string& words, lxw_format* format) {
    refuse_cell(
        worksheet_write_string(sheet_, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                               escaped(words).c_str(), format),
        row, column);
  }

  void number(std::size_t row, std::size_t column, const std::string& digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    refuse_cell(worksheet_write_number(sheet_, static_cast<lxw_row_t>(row),
                                       static_cast<lxw_col_t>(column), value, nullptr),
                row, column);
  }

  lxw_workbook* book_;
  lxw_worksheet* sheet_;
};

}  // namespace

std::string xlsx_bytes(const OutTable& table, const std::string& sheet) {
  if (table.rows.size() >= kRowsMax) {
    throw ArchiveError(ErrorKind::usage, "workbook",
                       "the table has more rows than a sheet: " + std::to_string(table.rows.size()),
                       "write it as CSV");
  }
  const MemoryFile file;
  lxw_workbook* book = workbook_new(file.name().c_str());
  if (book == nullptr) refuse_machine();
  // Closing writes and frees it; when something is wrong before, it is freed all the same.
  std::unique_ptr<lxw_workbook, void (*)(lxw_workbook*)> open(book, &lxw_workbook_free);
  // Equal tables give equal bytes: the day a file was made is nobody's value.
  lxw_doc_properties properties = {};
  properties.created = 1;
  workbook_set_properties(book, &properties);
  lxw_worksheet* made = workbook_add_worksheet(book, sheet.c_str());
  if (made == nullptr) refuse_machine();
  Writer(book, made).write(table);
  if (workbook_close(open.release()) != LXW_NO_ERROR) refuse_machine();
  return file.bytes();
}

}  // namespace archive
