#pragma once

#include <string>

#include "core/records.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

inline Quad square(double x, double y) { return Quad::of(Box{x, y, x + 100, y + 20}); }

inline FieldRecord field(const std::string& name, const std::string& value, int row = -1) {
  FieldRecord made;
  made.field = name;
  made.row = row;
  made.raw = "raw " + value;
  made.value = value;
  made.confidence = 0.875;
  made.quad = square(10, 20);
  return made;
}

inline SourceRecord source(BatchNumber batch, const std::string& name, const std::string& bytes,
                           int pages, std::int64_t first_order = 0) {
  SourceRecord made;
  made.batch = batch;
  made.name = name;
  made.blob = hash_of(bytes);
  made.size_bytes = bytes.size();
  made.kind = SourceKind::tiff;
  made.carrier = Carrier::image;
  made.pages = pages;
  made.first_order = first_order;
  return made;
}

/// A filed page without anything on it.
inline PageRecord filed(const SourceRecord& source, int page_in_file) {
  PageRecord made;
  made.occurrence = {source.batch, source.number, page_in_file, source.first_order + page_in_file};
  made.source_name = source.name;
  made.source_blob = source.blob;
  made.doc_type = "DT05";
  made.width = 2480;
  made.height = 3508;
  return made;
}

inline PageRecord set_aside(const SourceRecord& source, int page_in_file,
                            FaultReason reason = FaultReason::damaged) {
  PageRecord made = filed(source, page_in_file);
  made.doc_type.clear();
  made.state = PageState::set_aside;
  made.fault = PageFault{Stage::decode, reason, "strip 3"};
  return made;
}

/// A page with something in every member.
inline PageRecord full_page(const SourceRecord& source, int page_in_file) {
  PageRecord page = filed(source, page_in_file);
  page.review_reasons = {"decoder: \"tag 300\"\nignored", "unsure_field"};
  page.dpi_x = 300;
  page.dpi_y = 299.5;
  page.bits_per_pixel = 24;
  page.rotation = 270;
  page.skew_degrees = -1.25;
  page.doc_type_confidence = 0.75;
  page.title = "退休审批表";
  page.evidence = {"title:退休审批表", "labels:7/9"};
  page.text_confidence = 0.5;
  page.illegible = true;
  page.codes = {{"QR-CODE", "DA|X|1", square(1, 2)}, {"CODE-128", "SB1", square(3, 4)}};
  page.side_pages = 2;
  page.dark_borders = "left,top";
  page.quality =
      PageQuality{Verdict::rescan,
                  {{"badly_blurred", Verdict::rescan, 0.25}, {"grey", Verdict::accept, 8}},
                  {}};
  page.quality->measures.blur_mm = 0.25;
  page.quality->measures.bits = 8;
  page.seals = {{square(5, 6), "red", "round", "社会保险"}};
  page.pairs = {{"姓名", "张三", square(7, 8), square(9, 10), 0.25}};
  page.layout_blob = hash_of("layout");
  page.alto_blob = hash_of("alto");
  page.engines = R"([{"name":"pp-ocr"}])";
  page.config_version = "config-0123456789abcdef";
  page.filed_at = "2024-06-30T09:15:02.123+08:00";
  page.fields = {field("name", "张三"), field("amount", "1234.50", 0), field("amount", "0.10", 1)};
  page.fields[1].validity = FieldValidity::suspicious;
  page.fields[1].problem = "V07 sum";
  page.fields[2].unsure = true;
  page.fields[2].handwritten = true;
  return page;
}

}  // namespace archive
