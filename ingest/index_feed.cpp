#include "ingest/index_feed.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/digits.h"

namespace archive {
namespace {

constexpr std::size_t kYearLength = 4;

/// The year of a printed or ISO date, or nothing.
std::string year_in(const std::string& date) {
  const bool begins_so =
      date.size() >= kYearLength && std::all_of(date.begin(), date.begin() + kYearLength, is_digit);
  const bool plausible = begins_so && (date.starts_with("19") || date.starts_with("20"));
  return plausible ? date.substr(0, kYearLength) : std::string();
}

std::string year_of(const PageRecord& page, const std::optional<ItemRecord>& item) {
  if (item) {
    if (std::string year = year_in(item->date); !year.empty()) return year;
  }
  for (const char* field : {"doc_date", "handle_date"}) {
    for (const FieldRecord& one : page.fields) {
      if (one.field != field) continue;
      if (std::string year = year_in(one.value); !year.empty()) return year;
    }
  }
  return {};
}

}  // namespace

IndexedPage indexed_page(const PageRecord& page, PageLayout layout, const Records& records,
                         const FormCatalogue& catalogue) {
  IndexedPage indexed;
  indexed.page = page;
  indexed.layout = std::move(layout);
  indexed.persons = records.persons_of_page(page.number);
  if (const auto dossier = page.dossier != 0 ? records.dossier(page.dossier) : std::nullopt) {
    indexed.dossier_no = dossier->dossier_no;
    indexed.dossier_title = dossier->title;
  }
  if (const auto batch = records.batch(page.occurrence.batch)) {
    indexed.batch_name = batch->name;
    indexed.operator_name = batch->job_sheet.operator_name;
    indexed.shard = year_in(batch->opened_at);
  }
  const auto item = page.item != 0 ? records.item(page.item) : std::nullopt;
  if (const DocumentType* type = catalogue.type(page.doc_type)) {
    indexed.doc_type_name = type->name_zh;
    indexed.class_code = type->class_code;
  }
  if (item) {
    if (!item->class_code.empty()) indexed.class_code = item->class_code;
    indexed.retention = item->retention;
  }
  indexed.year = year_of(page, item);
  return indexed;
}

IndexFeed::IndexFeed(const FormCatalogue& catalogue, Records& records, PageIndex& index, Pace pace,
                     OnDurable on_durable)
    : catalogue_(catalogue),
      records_(records),
      index_(index),
      pace_(pace),
      on_durable_(std::move(on_durable)),
      last_commit_(std::chrono::steady_clock::now()) {}

void IndexFeed::put(PageRecord page, PageLayout layout) {
  if (page.state == PageState::filed) {
    index_.put(indexed_page(page, std::move(layout), records_, catalogue_));
  } else {
    index_.remove(page.number);
  }
  pending_.push_back(std::move(page));
  const auto waited = std::chrono::steady_clock::now() - last_commit_;
  if (pending_.size() >= static_cast<std::size_t>(pace_.pages) || waited >= pace_.time) flush();
}

void IndexFeed::flush() {
  last_commit_ = std::chrono::steady_clock::now();
  if (pending_.empty()) return;
  index_.commit(records_.entries());
  std::vector<PageNumber> numbers;
  numbers.reserve(pending_.size());
  for (const PageRecord& page : pending_) numbers.push_back(page.number);
  records_.mark_indexed(numbers);
  if (on_durable_) on_durable_(pending_);
  pending_.clear();
}

}  // namespace archive
