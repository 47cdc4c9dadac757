#include <string>

#include "store/packages/hand_over_list.h"
#include "store/packages/xml_text.h"
#include "store/records/names.h"

namespace archive {
namespace {

constexpr const char* kStyle =
    "body{font:11pt/1.5 'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2em}"
    "h1{text-align:center;font-size:16pt}table{border-collapse:collapse;width:100%;margin:1em 0}"
    "td,th{border:1px solid #000;padding:.3em .5em;text-align:left;vertical-align:top}"
    "th{background:#eee}td.n{text-align:right}.sign td{height:6em;width:33%}"
    "@page{size:A4;margin:15mm}tr{break-inside:avoid}";

const char* title_of(PackageKind kind) {
  switch (kind) {
    case PackageKind::give_out:
      return "档案利用出库单 Records given out";
    case PackageKind::hand_over:
      return "档案移交接收单 Hand-over of records";
    case PackageKind::transfer:
      break;
  }
  return "档案转出交接单 Transfer of records";
}

void row(pugi::xml_node table, const char* label, std::string_view value) {
  pugi::xml_node line = table.append_child("tr");
  add_element(line, "th", label);
  add_element(line, "td", value);
}

void number(pugi::xml_node line, std::size_t value) {
  add_element(line, "td", std::to_string(value)).append_attribute("class") = "n";
}

void add_dossiers(pugi::xml_node body, const std::vector<PackedDossier>& dossiers) {
  pugi::xml_node table = body.append_child("table");
  pugi::xml_node head = table.append_child("tr");
  for (const char* label : {"序号 No.", "档号 Archive number", "题名 Title", "件数 Items",
                            "页数 Pages", "原文件 Files", "备注 Remarks"}) {
    add_element(head, "th", label);
  }
  std::size_t count = 0;
  for (const PackedDossier& dossier : dossiers) {
    std::size_t originals = 0;
    for (const PackedFile& file : dossier.files) {
      originals += file.use == PackedUse::original ? 1 : 0;
    }
    pugi::xml_node line = table.append_child("tr");
    number(line, ++count);
    add_element(line, "td",
                dossier.record.dossier_no.empty() ? dossier.folder : dossier.record.dossier_no);
    add_element(line, "td", dossier.record.title);
    number(line, dossier.items.size());
    number(line, dossier.pages.size());
    number(line, originals);
    std::string remark;
    if (dossier.record.dossier_no.empty()) remark = "无档号 no archive number";
    if (!dossier.left_out.empty()) {
      remark += (remark.empty() ? "" : "; ") + std::string("未附原文件 originals not given: ") +
                std::to_string(dossier.left_out.size());
    }
    add_element(line, "td", remark);
  }
}

void add_signatures(pugi::xml_node body) {
  pugi::xml_node table = body.append_child("table");
  table.append_attribute("class") = "sign";
  pugi::xml_node head = table.append_child("tr");
  for (const char* party : {"移交方 Sender", "接收方 Recipient", "监交方 Witness"}) {
    add_element(head, "th", party);
  }
  pugi::xml_node line = table.append_child("tr");
  for (int i = 0; i < 3; ++i) {
    add_element(line, "td", "经办人 Name:\n签章 Seal:\n日期 Date:").append_attribute("style") =
        "white-space:pre-line";
  }
}

}  // namespace

std::string hand_over_form(const HandOverHead& head, const std::vector<PackedDossier>& dossiers) {
  const PackageRecord& package = head.package;
  pugi::xml_document document;
  document.append_child(pugi::node_doctype).set_value("html");
  pugi::xml_node html = document.append_child("html");
  html.append_attribute("lang") = "zh";
  pugi::xml_node top = html.append_child("head");
  top.append_child("meta").append_attribute("charset") = "utf-8";
  add_element(top, "title", title_of(package.kind));
  add_element(top, "style", kStyle);
  pugi::xml_node body = html.append_child("body");
  add_element(body, "h1", title_of(package.kind));
  pugi::xml_node table = body.append_child("table");
  row(table, "包号 Package", package.package_id);
  row(table, "移交单位 Sender", package.sender);
  row(table, "接收单位 Recipient", package.recipient);
  row(table, "用途 Purpose", head.purpose_zh + " " + head.purpose_en);
  row(table, "法律依据 Legal basis", package.legal_basis);
  row(table, "经办人 Made by", package.made_by);
  row(table, "时间 Made at", package.made_at);
  row(table, "卷数 Dossiers", std::to_string(dossiers.size()));
  row(table, "件数 Items", std::to_string(package.items));
  row(table, "页数 Pages", std::to_string(package.pages));
  row(table, "杀毒检测 Malware scan",
      head.malware == "clean" ? "未发现病毒 clean" : "未配置杀毒程序 no scanner configured");
  add_dossiers(body, dossiers);
  add_element(body, "p",
              "各文件的 SHA-256 见 manifest-sha256.txt；以 tagmanifest-sha256.txt 核对全包。 The "
              "SHA-256 of every file is in manifest-sha256.txt; tagmanifest-sha256.txt covers the "
              "whole package.");
  add_signatures(body);
  return html_bytes(document);
}

}  // namespace archive
