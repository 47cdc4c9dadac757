#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace archive {

/// What stands on one separator sheet.
struct SheetLabel {
  std::string dossier_no;  ///< 档号, any text without '|'
  std::string sheet_code;  ///< ASCII letters, digits and hyphens; printed as Code 128
};

/// Writes separator sheets 批量扫描分隔页 as a PDF of A4 pages: a Code 128 with the sheet's
/// code, a QR code with "DA|<dossier_no>|<sheet_code>", both as text below.
/// Throws ArchiveError{usage} for a label that cannot be printed or read back,
/// ArchiveError{disk} when the file cannot be written.
void write_separator_sheets(const std::vector<SheetLabel>& labels,
                            const std::filesystem::path& pdf);

/// The widths of bars and spaces of a Code 128 (ISO/IEC 15417), code set B, in modules,
/// beginning with a bar: start, text, check, stop. REQUIRES: `text` is printable ASCII.
std::vector<int> code_128(const std::string& text);

}  // namespace archive
