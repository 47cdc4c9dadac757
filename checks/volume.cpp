#include "checks/volume.h"

#include <algorithm>
#include <array>

namespace archive {
namespace {

bool is_volume_sheet(const PageFact& page) {
  return page.doc_type == kCover || page.doc_type == kCatalogue || page.doc_type == kClosingSheet;
}

const FieldFact* stamp_field(const PageFact& page) {
  const auto found = std::ranges::find_if(page.fields, [](const FieldFact& field) {
    return field.field == "page_no" && !field.value.empty();
  });
  return found == page.fields.end() ? nullptr : &*found;
}

VolumePage volume_page(const PageFact& page) {
  VolumePage found{.page = &page};
  if (const FieldFact* field = stamp_field(page)) {
    found.stamp = number_in(field->value);
    found.unsure = !is_believed(*field);
  }
  return found;
}

DeclaredNumber declared(const DossierView& dossier, std::string_view doc_type,
                        std::string_view field) {
  for (const PageFact* page : dossier.pages_of(doc_type)) {
    const FieldFact* fact = believed(*page, field);
    if (fact == nullptr) continue;
    if (const int value = number_in(fact->value); value > 0) return {page, fact, value};
  }
  return {};
}

}  // namespace

int number_in(const std::string& value) {
  const auto range = PageRange::parse(value);
  return range && range->pages() == 1 ? range->first() : 0;
}

Volume::Volume(const Subject& subject)
    : subject_(subject),
      cover_pages_(declared(subject.view(), kCover, "page_count")),
      closing_pages_(declared(subject.view(), kClosingSheet, "page_count")),
      cover_items_(declared(subject.view(), kCover, "item_count")),
      closing_items_(declared(subject.view(), kClosingSheet, "item_count")) {
  gather_pages();
  gather_rows();
  find_repeats(pages_);
  put_in_order();
}

void Volume::gather_pages() {
  const auto& all = subject_.view().facts().pages;
  const auto is_numbered = [](const PageFact& page) {
    return page.kind == PageKind::content && (page.set_aside || !is_volume_sheet(page));
  };
  const auto from = std::ranges::find_if(all, is_numbered);
  const auto to = std::ranges::find_if(all.rbegin(), all.rend(), is_numbered).base();
  for (auto page = from; page < to; ++page) {
    if (page->kind != PageKind::content) continue;
    pages_.push_back(volume_page(*page));
    pages_.back().of_another = subject_.owner_of(*page) == PageOwner::other;
    pages_.back().may_be_others = subject_.tables().volume.may_be_others(page->doc_type);
    sheets_.push_back(!is_numbered(*page));
  }
}

void Volume::gather_rows() {
  for (const PageFact* page : subject_.view().pages_of(kCatalogue)) {
    for (const int number : rows_of(*page)) {
      CatalogueRow row{.page = page, .row = number};
      for (const FieldFact& field : page->fields) {
        if (field.row == number && field.field == "item_title") row.title = field.value;
      }
      row.doc_type = subject_.tables().titles.type_of(row.title);
      if (const FieldFact* seq = believed(*page, "seq", number)) {
        row.sequence = number_in(seq->value);
      }
      if (const FieldFact* date = believed(*page, "item_date", number)) row.date = date->value;
      if (const FieldFact* pages = believed(*page, "item_pages", number)) {
        if (const auto range = PageRange::parse(pages->value)) row.range = *range;
      }
      rows_.push_back(std::move(row));
    }
  }
}

void Volume::put_in_order() {
  std::vector<StampedPage> stamped;
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const VolumePage& page = pages_[i];
    const auto [likely_first, likely_last] = where_listed(page.page->doc_type);
    // A page that may be a relative's has a number like the others, until its stamp says otherwise.
    const bool of_another = page.of_another && (page.stamp != 0 || !page.may_be_others);
    stamped.push_back({.stamp = page.stamp,
                       .unsure = page.unsure,
                       .extra = page.repeat_of != nullptr || of_another,
                       .sheet = sheets_[i],
                       .likely_first = likely_first,
                       .likely_last = likely_last});
  }
  const bool has_start = !rows_.empty() && rows_.front().range;
  first_ = has_start ? 1 : first_number_of(stamped);
  order_ = order_of(stamped, first_, told_end(false));
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    pages_[i].fit = order_.fits[i];
    pages_[i].number = order_.numbers[i];
    if (pages_[i].number > 0) by_number_[pages_[i].number] = i;
  }
  const auto in_place = std::ranges::count(order_.fits, PageFit::in_place);
  stamped_ = in_place >= 2 && 2 * in_place >= std::ssize(pages_);
  last_ = told_end(true);
  find_repeats_out_of_order(pages_);
}

std::pair<int, int> Volume::where_listed(const std::string& doc_type) const {
  std::pair<int, int> pages{0, 0};
  for (const CatalogueRow& row : rows_) {
    if (row.doc_type.empty() || row.doc_type != doc_type) continue;
    if (!row.range) return {0, 0};
    pages.first = pages.first == 0 ? row.range->first() : std::min(pages.first, row.range->first());
    pages.second = std::max(pages.second, row.range->last());
  }
  return pages;
}

int Volume::catalogue_end() const {
  return rows_.empty() || !rows_.back().range ? 0 : rows_.back().range->last();
}

int Volume::told_end(bool with_pages) const {
  // The earlier of the list decides where as many speak for one number as for another.
  std::vector<int> told = {cover_pages_.value, closing_pages_.value, catalogue_end()};
  if (with_pages && order_.end >= first_) told.insert(told.begin(), order_.end);
  int best = 0;
  std::ptrdiff_t most = 0;
  for (const int end : told) {
    const auto votes = std::ranges::count(told, end);
    if (end > 0 && votes > most) {
      best = end;
      most = votes;
    }
  }
  return best;
}

const VolumePage* Volume::page_with(int number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &pages_[found->second];
}

const CatalogueRow* Volume::row_with(int number) const {
  const auto found = std::ranges::find_if(rows_, [number](const CatalogueRow& row) {
    return row.range && row.range->contains(number);
  });
  return found == rows_.end() ? nullptr : &*found;
}

}  // namespace archive
