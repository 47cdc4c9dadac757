#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "checks/dossier_checks.h"
#include "config/check_tables.h"
#include "core/facts.h"
#include "core/text_sketch.h"
#include "core/utf8.h"
#include "tests/source_root.h"

namespace archive {

inline const CheckTables& check_tables() {
  static const CheckTables loaded =
      CheckTables::load(source_root() / "config");
  return loaded;
}

constexpr const char* kOwnId = "440524188001010014";  // the examples of GB 11643-1999
constexpr const char* kOtherId = "11010519491231002X";

/// A dossier without faults, to which a test adds one: cover, catalogue, items of one to three
/// pages with stamps 1 to 9, closing sheet.
class TestVolume {
 public:
  TestVolume() {
    facts.number = 1;
    facts.opened_by = "folder";
    facts.received_on = "2024-06-01";
    facts.title = "李示例退休审批材料";
    facts.dossier_no = "SB1-2020-YL-0001";
    add_sheet("DT01");
    add_sheet("DT02");
    add_item("DT19", "退休审批表", 1, "2020-06-23");
    add_item("DT20", "基本养老金核定表", 1, "2020-07-21");
    add_item("DT37", "居民身份证复印件", 1, "2020-06-01");
    add_item("DT41", "职工履历材料", 2, "1982-03-01");
    add_item("DT11", "个人账户对账单", 3, "2020-06-14");
    add_item("DT10", "个人权益记录单", 1, "2020-03-10");
    add_sheet("DT03");
    set(cover(), "item_count", "6");
    set(cover(), "page_count", "9");
    set(cover(), "date_from", "1982-03-01");
    set(cover(), "date_to", "2020-07-21");
    set(cover(), "retention", "100年");
    set(cover(), "dossier_no", facts.dossier_no);
    set(catalogue(), "dossier_no", facts.dossier_no);
    set(closing(), "item_count", "6");
    set(closing(), "page_count", "9");
    set(closing(), "filer", "王示例");
    set(closing(), "checker", "赵样本");
  }

  PageFact& page(int stamp) { return *at(stamp); }
  PageFact& cover() { return *of_type("DT01"); }
  PageFact& catalogue() { return *of_type("DT02"); }
  PageFact& closing() { return *of_type("DT03"); }

  /// Gives a field this value; an empty one takes the field away.
  static void set(PageFact& page, const std::string& field, const std::string& value,
                  int row = -1) {
    std::erase_if(page.fields,
                  [&](const FieldFact& f) { return f.field == field && f.row == row; });
    if (!value.empty()) {
      page.fields.push_back(
          {.field = field, .row = row, .raw = value, .value = value, .confidence = 1});
    }
  }
  void set_row(int row, const std::string& field, const std::string& value) {
    set(catalogue(), field, value, row);
  }
  void stamp(int was, const std::string& now) { set(page(was), "page_no", now); }
  static void doubt(PageFact& page, const std::string& field, int row = -1) {
    for (FieldFact& f : page.fields) {
      if (f.field == field && f.row == row) f.unsure = true;
    }
  }

  /// Written by hand: a person should look.
  static void by_hand(PageFact& page, const std::string& field, int row = -1) {
    for (FieldFact& f : page.fields) {
      if (f.field == field && f.row == row) f.handwritten = f.unsure = true;
    }
  }

  /// Believed, but a character of it may be misread.
  static void weaken(PageFact& page, const std::string& field, int row = -1) {
    for (FieldFact& f : page.fields) {
      if (f.field == field && f.row == row) f.confidence = 0.8;
    }
  }

  void remove(int stamp) { facts.pages.erase(at(stamp)); }
  void remove_sheet(const std::string& doc_type) { facts.pages.erase(of_type(doc_type)); }
  void remove_row(int row) {
    std::erase_if(catalogue().fields, [row](const FieldFact& f) { return f.row == row; });
  }
  /// An item that its catalogue does not have: the rows after it are numbered on.
  void leave_out_row(int row) {
    remove_row(row);
    for (int after = row + 1; after < static_cast<int>(facts.items.size()); ++after) {
      set_row(after, "seq", std::to_string(after));
    }
  }
  void swap(int a, int b) { std::iter_swap(at(a), at(b)); }
  /// Puts a page behind the one with this stamp and gives it a number of its own.
  PageFact& insert_after(int stamp, PageFact page) {
    page.number = next_++;
    page.content = "file#" + std::to_string(page.number);
    return *facts.pages.insert(at(stamp) + 1, std::move(page));
  }
  PageFact& insert_blank_after(int stamp) {
    PageFact blank;
    blank.kind = PageKind::blank;
    return insert_after(stamp, blank);
  }
  PageFact& insert_scan_of(int stamp) { return insert_after(stamp, page(stamp)); }

  /// A page that names a person; its text is like no other's.
  PageFact new_page(const std::string& doc_type, const std::string& id, const std::string& name) {
    PageFact page;
    page.number = next_++;
    page.content = "file#" + std::to_string(page.number);
    page.doc_type = doc_type;
    page.titled = true;
    std::u32string text;
    const auto first = static_cast<char32_t>(0x20000 + 200 * page.number);
    for (char32_t c = 0; c < 200; ++c) text += first + c;
    page.sketch = sketch_of(utf8(text));
    set(page, "id_number", id);
    set(page, "person_name", name);
    return page;
  }
  void add_item(const std::string& doc_type, const std::string& title, int pages,
                const std::string& date) {
    const int row = static_cast<int>(facts.items.size());
    const int first = stamps_ + 1;
    for (int i = 0; i < pages; ++i) {
      PageFact page = new_page(doc_type, kOwnId, "李示例");
      page.titled = i == 0;
      page.item_sequence = row + 1;
      page.page_of_item = i + 1;
      set(page, "page_no", std::to_string(++stamps_));
      facts.pages.insert(end_of_items(), std::move(page));
    }
    const std::string numbers =
        pages == 1 ? std::to_string(first) : std::to_string(first) + "-" + std::to_string(stamps_);
    set_row(row, "seq", std::to_string(row + 1));
    set_row(row, "item_title", title);
    set_row(row, "item_date", date);
    set_row(row, "item_pages", numbers);
    const DocumentType* type = check_tables().forms.type(doc_type);
    facts.items.push_back({row + 1, doc_type, title, date, numbers,
                           check_tables().forms.retention_of(type->class_code)});
  }

  DossierFacts facts;

 private:
  using Pages = std::vector<PageFact>::iterator;

  Pages at(int stamp) {
    return std::ranges::find_if(facts.pages, [stamp](const PageFact& page) {
      return std::ranges::any_of(page.fields, [stamp](const FieldFact& field) {
        return field.field == "page_no" && field.raw == std::to_string(stamp);
      });
    });
  }
  Pages of_type(const std::string& doc_type) {
    return std::ranges::find(facts.pages, doc_type, &PageFact::doc_type);
  }
  Pages end_of_items() { return of_type("DT03"); }
  void add_sheet(const std::string& doc_type) {
    PageFact sheet = new_page(doc_type, "", "");
    facts.pages.push_back(std::move(sheet));
  }

  PageNumber next_ = 1;
  int stamps_ = 0;
};

/// "X41/missing 5": the findings of a dossier with what was expected, in their order.
inline std::vector<std::string> found_in(const DossierFacts& facts,
                                         const CheckTables& tables = check_tables()) {
  std::vector<std::string> found;
  for (const Finding& finding : check_dossier(facts, tables)) {
    std::string text = finding.rule;
    if (!finding.variant.empty()) text += "/" + finding.variant;
    if (!finding.expected.empty()) text += " " + finding.expected;
    found.push_back(std::move(text));
  }
  return found;
}

}  // namespace archive
