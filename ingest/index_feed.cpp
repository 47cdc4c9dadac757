#include "ingest/index_feed.h"

#include <utility>

namespace archive {
namespace {

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
  if (const auto batch = records.batch(page.occurrence.batch)) indexed.batch_name = batch->name;
  if (const DocumentType* type = catalogue.type(page.doc_type)) {
    indexed.doc_type_name = type->name_zh;
  }
  return indexed;
}

}  // namespace

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
  index_.commit();
  std::vector<PageNumber> numbers;
  numbers.reserve(pending_.size());
  for (const PageRecord& page : pending_) numbers.push_back(page.number);
  records_.mark_indexed(numbers);
  if (on_durable_) on_durable_(pending_);
  pending_.clear();
}

}  // namespace archive
