#pragma once

#include <zip.h>

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>

// Workbooks as other programs write them, made part by part, for tests.

namespace archive {

/// Parts of a zip archive by their names.
using Parts = std::map<std::string, std::string>;

inline std::string zip_of(const Parts& parts, const char* password = nullptr) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* all = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* zip = zip_open_from_source(all, ZIP_TRUNCATE, &error);
  if (zip == nullptr) throw std::runtime_error("no zip archive can be made");
  zip_source_keep(all);
  for (const auto& [name, text] : parts) {
    zip_source_t* part = zip_source_buffer(zip, text.data(), text.size(), 0);
    const zip_int64_t index = zip_file_add(zip, name.c_str(), part, ZIP_FL_ENC_UTF_8);
    if (index < 0) throw std::runtime_error("a part cannot be added");
    if (password != nullptr) {
      zip_file_set_encryption(zip, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, password);
    }
  }
  if (zip_close(zip) != 0) throw std::runtime_error("the zip archive cannot be written");
  zip_source_open(all);
  zip_source_seek(all, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(all)), '\0');
  zip_source_seek(all, 0, SEEK_SET);
  zip_source_read(all, bytes.data(), bytes.size());
  zip_source_close(all);
  zip_source_free(all);
  return bytes;
}

/// A workbook before it is packed: the rows of its sheets, and what belongs to them.
struct BookParts {
  std::map<std::string, std::string> sheets;  ///< name of the tab and what stands in sheetData
  std::string shared;                         ///< what stands in sst
  std::string formats;                        ///< numFmt elements
  std::string styles;                         ///< xf elements of cellXfs
  std::string properties;                     ///< of the workbook, such as date1904="1"

  Parts parts() const {
    const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    const std::string space =
        "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
        "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    const std::string relations =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    Parts made;
    std::string tabs, links;
    int number = 0;
    for (const auto& [name, rows] : sheets) {
      const std::string id = std::to_string(++number);
      tabs += "<sheet name=\"" + name + "\" sheetId=\"" + id + "\" r:id=\"rId" + id + "\"/>";
      links += "<Relationship Id=\"rId" + id + "\" Type=\"" + type +
               "worksheet\" Target=\"worksheets/sheet" + id + ".xml\"/>";
      made["xl/worksheets/sheet" + id + ".xml"] =
          "<worksheet " + space + "><sheetData>" + rows + "</sheetData></worksheet>";
    }
    made["[Content_Types].xml"] = "<Types/>";
    made["_rels/.rels"] = relations + "<Relationship Id=\"rId1\" Type=\"" + type +
                          "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    made["xl/workbook.xml"] = "<workbook " + space + "><workbookPr " + properties + "/><sheets>" +
                              tabs + "</sheets></workbook>";
    made["xl/_rels/workbook.xml.rels"] =
        relations + links + "<Relationship Id=\"s\" Type=\"" + type +
        "styles\" Target=\"styles.xml\"/><Relationship Id=\"t\" Type=\"" + type +
        "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/></Relationships>";
    made["xl/styles.xml"] = "<styleSheet " + space + "><numFmts>" + formats +
                            "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                            "<cellXfs><xf numFmtId=\"0\"/>" +
                            styles + "</cellXfs></styleSheet>";
    made["xl/sharedStrings.xml"] = "<sst " + space + ">" + shared + "</sst>";
    return made;
  }

  std::string bytes() const { return zip_of(parts()); }
};

/// A cell with a text of its own.
inline std::string text_cell(const std::string& place, const std::string& text) {
  return "<c r=\"" + place + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

}  // namespace archive
