#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/check_tables.h"
#include "ingest/assembly.h"
#include "store/records/records.h"
#include "tests/source_root.h"
#include "tests/store/record_samples.h"

namespace archive {

inline const FormCatalogue& forms() {
  static const CheckTables kTables = CheckTables::load(source_root() / "config");
  return kTables.forms;
}

/// Pages of two folders: contracts a (1-3) and b (4-5) in the first, a paper (6-7) in the other.
struct Arranged {
  explicit Arranged(const std::filesystem::path& folder)
      : where_(folder), records(Records::create(folder)) {
    batch = records.open_batch("b", "b", {}).number;
    const char* const titles[] = {"劳动合同书", "", "", "劳动合同书", "", "退休审批表", ""};
    for (int i = 0; i < 7; ++i) {
      SourceRecord file = source(batch, (i < 5 ? "A/" : "B/") + std::to_string(i) + ".tif",
                                 std::to_string(i), 1, i);
      file = records.add_source(file);
      PageRecord page = filed(file, 0);
      page.doc_type = i < 5 ? "DT39" : "DT19";
      page.title = titles[i];
      pages.push_back(records.put_page(page));
    }
    assemble();
    records.close_batch(batch, BatchState::complete, "", std::nullopt);
  }

  void assemble() { assemble_batch(records, forms(), batch); }
  Arrangement decision(ArrangementAction action, std::vector<PageNumber> about) const {
    Arrangement made;
    made.batch = batch;
    made.action = action;
    made.pages = std::move(about);
    made.reason = "misfiled";
    made.decided_by = "wang";
    return made;
  }
  ArrangementNumber decide(Arrangement made) {
    return records.arrange(std::move(made), nullptr, [this](const Arrangement&) { assemble(); });
  }
  ArrangementNumber move(PageNumber page, PageNumber after) {
    Arrangement made = decision(ArrangementAction::move_pages, {page});
    made.side = Beside::after;
    made.beside = after;
    return decide(made);
  }
  void undo(ArrangementNumber number) {
    records.end_arrangement(number, "was right", "li", [this](const Arrangement&) { assemble(); });
  }
  /// A scan that came later, filed and inserted, or put in the place of another page.
  ArrangementNumber later_scan(Arrangement made, const std::string& bytes) {
    return records.arrange(
        std::move(made),
        [&](Arrangement& wanted) {
          SourceRecord file = source(batch, "补扫/" + bytes + ".tif", bytes, 1);
          file.first_order = records.next_order(batch);
          file = records.add_source(file);
          PageRecord page = filed(file, 0);
          page.doc_type = "DT39";
          wanted.pages.push_back(records.put_page(page));
        },
        [this](const Arrangement&) { assemble(); });
  }
  /// Everything is read again, and otherwise: nothing has a title, everything is a contract.
  void read_everything_again(const std::string& type = "DT39") {
    for (const PageNumber number : pages) {
      PageRecord page = *records.page(number);
      page.doc_type = type;
      page.title.clear();
      page.engines = "[{\"name\":\"newer\"}]";
      records.put_page(page);
    }
    assemble_what_changed(records, forms());
  }

  std::vector<PageNumber> dossier(std::size_t at) const {
    std::vector<PageNumber> numbers;
    const auto dossiers = records.dossiers(batch);
    for (const PageRecord& page : records.pages_of_dossier(dossiers.at(at).number)) {
      numbers.push_back(page.number);
    }
    return numbers;
  }
  std::vector<PageNumber> item(std::size_t at, std::size_t of) const {
    std::vector<PageNumber> numbers;
    for (const PageRecord& page :
         records.pages_of_item(records.dossiers(batch).at(at).items.at(of).number)) {
      numbers.push_back(page.number);
    }
    return numbers;
  }
  std::vector<ItemNumber> item_numbers(std::size_t at) const {
    std::vector<ItemNumber> numbers;
    const auto dossiers = records.dossiers(batch);
    for (const ItemRecord& item : dossiers.at(at).items) {
      numbers.push_back(item.number);
    }
    return numbers;
  }
  Records::Event last_event() const {
    Records::Event last;
    records.for_each_event(0, [&last](const Records::Event& event) { last = event; });
    return last;
  }
  void expect_balanced() const {
    const BatchCounts counts = records.counts(batch);
    EXPECT_EQ(counts.occurrences, counts.filed + counts.set_aside + counts.replaced);
    EXPECT_THAT(records.gaps(batch), testing::IsEmpty());
    EXPECT_THAT(records.broken_references(), testing::IsEmpty());
  }

  std::filesystem::path where_;
  Records records;
  BatchNumber batch = 0;
  std::vector<PageNumber> pages;
};

}  // namespace archive
