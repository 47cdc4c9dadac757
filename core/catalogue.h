#pragma once

#include <string>

namespace archive {

/// A row of the office's own catalogue 著录目录: an item, as it was catalogued by people.
/// Everything is kept as it was given.
struct CatalogueEntry {
  std::string item_no;     ///< 档号 of the item; unique in an archive
  std::string dossier_no;  ///< 档号 of the volume it lies in
  int sequence = 0;        ///< 件号 inside the volume, from 1
  std::string title;       ///< 题名
  std::string author;      ///< 责任者
  std::string doc_number;  ///< 文号
  std::string date;        ///< 日期
  int first_page = 0;      ///< 页号 in the volume; 0: not stated
  int last_page = 0;
  std::string class_code;  ///< 类别号
  std::string retention;   ///< 保管期限
  std::string remark;      ///< 备注

  friend bool operator==(const CatalogueEntry&, const CatalogueEntry&) = default;
};

}  // namespace archive
