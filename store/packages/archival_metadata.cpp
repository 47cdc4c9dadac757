#include "store/packages/archival_metadata.h"

#include <algorithm>

#include "store/packages/xml_text.h"

namespace archive {
namespace {

std::string on_cover(const PackedDossier& dossier, std::string_view field) {
  const auto found = std::ranges::find_if(
      dossier.cover, [field](const FieldRecord& one) { return one.field == field && one.row < 0; });
  return found == dossier.cover.end() ? std::string() : found->value;
}

std::string_view retention_words(std::string_view code) {
  if (code == "Y") return "永久";
  if (code == "D100") return "100年";
  if (code == "D50") return "50年";
  if (code == "D30") return "30年";
  if (code == "D10") return "10年";
  return code;  // ACC, INHERIT, HOLD: not decided by a number of years
}

void add_item(pugi::xml_node parent, const PackedItem& item, const PackedDossier& dossier) {
  pugi::xml_node node = parent.append_child("文件");
  add_element(node, "聚合层次", "文件");
  pugi::xml_node number = node.append_child("档号");
  add_text(number, "档号", item.entry.item_no);
  add_text(number, "室编件号", std::to_string(item.record.sequence));
  const std::string& catalogued = item.entry.retention;
  add_text(number, "保管期限",
           catalogued.empty() ? retention_words(item.record.retention) : catalogued);
  add_text(number, "类别号", item.entry.class_code);
  std::string pages;
  if (item.entry.first_page > 0) {
    pages = std::to_string(item.entry.first_page) + "-" + std::to_string(item.entry.last_page);
  }
  add_text(number, "页号", pages);
  pugi::xml_node content = node.append_child("内容描述");
  add_text(content, "题名", item.entry.title.empty() ? item.record.title : item.entry.title);
  add_text(content, "文件编号", item.entry.doc_number);
  add_text(content, "责任者", item.entry.author);
  add_text(content, "日期", item.entry.date.empty() ? item.record.date : item.entry.date);
  add_text(content, "文种", item.record.doc_type);
  if (item.pdf) add_element(node, "电子文件号", dossier.files[*item.pdf].path);
}

}  // namespace

std::string archival_metadata_of(const PackedDossier& dossier, const std::string& sender) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("档案元数据");
  root.append_attribute("依据") = "DA/T 46-2009";
  root.append_attribute("说明") = "元素名依 DA/T 46-2009 已知部分，未经标准模式验证";
  pugi::xml_node file = root.append_child("案卷");
  add_element(file, "聚合层次", "案卷");
  pugi::xml_node origin = file.append_child("来源");
  add_text(origin, "档案馆名称", sender);
  add_text(origin, "全宗名称", on_cover(dossier, "fonds_name"));
  add_text(origin, "立档单位名称", on_cover(dossier, "fonds_name"));
  pugi::xml_node number = file.append_child("档号");
  add_text(number, "档号", dossier.record.dossier_no);
  add_text(number, "全宗号", on_cover(dossier, "fonds_no"));
  add_text(number, "目录号", on_cover(dossier, "catalogue_no"));
  add_text(number, "年度", on_cover(dossier, "year"));
  add_text(number, "保管期限", on_cover(dossier, "retention"));
  add_text(number, "类别号", on_cover(dossier, "category"));
  add_text(number, "室编案卷号", on_cover(dossier, "file_no"));
  pugi::xml_node content = file.append_child("内容描述");
  add_text(content, "题名", dossier.record.title);
  for (const std::string& person : dossier.persons) add_text(content, "人名", person);
  const std::string from = on_cover(dossier, "date_from");
  const std::string to = on_cover(dossier, "date_to");
  if (!from.empty() || !to.empty()) add_text(content, "日期", from + "/" + to);
  pugi::xml_node amounts = file.append_child("数量");
  add_element(amounts, "件数", std::to_string(dossier.items.size()));
  add_element(amounts, "页数", std::to_string(dossier.pages.size()));
  for (const PackedItem& item : dossier.items) add_item(file, item, dossier);
  return xml_bytes(document);
}

}  // namespace archive
