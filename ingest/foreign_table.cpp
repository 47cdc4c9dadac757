#include "ingest/foreign_table.h"

#include <utility>

#include "core/error.h"
#include "ingest/foreign_text.h"
#include "ingest/spreadsheet/sheet_table.h"

namespace archive {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kZipEntry = "PK\x03\x04"sv;
constexpr std::string_view kZipWithoutEntries = "PK\x05\x06"sv;
/// A compound file: what Excel wrote before 2007, and the wrapping of a workbook with a password.
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;
constexpr std::string_view kEncryptedPackage = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;

[[noreturn]] void refuse_compound_file(const std::string& name, std::string_view bytes) {
  if (bytes.find(kEncryptedPackage) != std::string_view::npos) {
    throw ArchiveError(ErrorKind::input_missing, name, "the workbook has a password",
                       "open it in Excel, take the password off and save it as .xlsx");
  }
  throw ArchiveError(ErrorKind::input_missing, name, "it is a workbook of an older Excel (.xls)",
                     "open it and save it as .xlsx, or as CSV in UTF-8");
}

}  // namespace

CsvTable foreign_table(const std::string& name, std::string bytes,
                       std::span<const std::string_view> headings, const std::string& sheet) {
  if (bytes.starts_with(kCompoundFile)) refuse_compound_file(name, bytes);
  if (bytes.starts_with(kZipEntry) || bytes.starts_with(kZipWithoutEntries)) {
    return read_sheet(name, bytes, headings, sheet);
  }
  if (!sheet.empty()) {
    throw ArchiveError(ErrorKind::usage, name, "a CSV file has no sheets", "leave --sheet out");
  }
  return CsvTable::parse(name, as_utf8(name, std::move(bytes)).text, ErrorKind::input_missing);
}

}  // namespace archive
