#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "store/records/decisions.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/page_rows.h"
#include "store/records/readings.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

// How many page numbers are fetched at a time when all pages are visited.
constexpr std::int64_t kNumbersAtOnce = 500;

std::vector<PageNumber> numbers(Rows rows) {
  std::vector<PageNumber> found;
  while (rows.next()) found.push_back(rows.integer());
  return found;
}

std::string details_of(const PageRecord& page) {
  const std::string_view reason = page.fault ? name_of(page.fault->reason) : std::string_view();
  return json_object({{"source", page.occurrence.source},
                      {"page_in_file", page.occurrence.page_in_file},
                      {"kind", word_for(page.kind)},
                      {"doc_type", page.doc_type},
                      {"fields", static_cast<std::int64_t>(page.fields.size())},
                      {"reason", reason},
                      {"layout", text_of(page.layout_blob)},
                      {"alto", text_of(page.alto_blob)},
                      {"config", page.config_version}});
}

std::string_view action_of(const PageRecord& page, bool replaced) {
  const bool filed = page.state == PageState::filed;
  if (replaced) return filed ? "page_filed_again" : "page_set_aside_again";
  return filed ? "page_filed" : "page_set_aside";
}

std::vector<PageRecord> pages_numbered(Database& database, const std::vector<PageNumber>& wanted) {
  std::vector<PageRecord> pages;
  pages.reserve(wanted.size());
  for (const PageNumber number : wanted) {
    if (auto page = read_page(database, number)) pages.push_back(std::move(*page));
  }
  return pages;
}

/// What persons typed stays where it is, beside the fields; only reasons to look depend on it.
PageRecord page_to_write(const std::optional<PageRecord>& before, PageRecord page) {
  page.fields = fields_as_read(std::move(page.fields));
  if (!before) return page;
  page = with_decisions(*before, std::move(page));
  page.typed = before->typed;
  page.review_reasons = with_typed_values(page).review_reasons;
  return page;
}

// A value that nobody can find on a picture proves nothing (R24).
void refuse_values_without_place(const PageRecord& page) {
  for (const FieldRecord& field : page.fields) {
    const Box box = field.quad.bounds();
    const bool finite = std::ranges::all_of(field.quad.corners, [](const Point& corner) {
      return std::isfinite(corner.x) && std::isfinite(corner.y);
    });
    const bool placed = finite && (box.width() > 0 || box.height() > 0);
    if (!placed) {
      throw std::invalid_argument("the field " + field.field + " has no place on its page");
    }
  }
}

}  // namespace

PageNumber Records::put_page(const PageRecord& page) {
  refuse_values_without_place(page);
  RecordedTransaction transaction(*impl_, {Right::take_in, Right::operate, Right::manage});
  const PageOccurrence& place = page.occurrence;
  const PageNumber known = page_at(impl_->database, place.source, place.page_in_file);
  const auto before = known == 0 ? std::nullopt : read_page_as_read(impl_->database, known);
  const WrittenPage written = write_page(impl_->database, page_to_write(before, page));
  if (before) {
    keep_reading(impl_->database, *before, page);
    impl_->database.execute("UPDATE batches SET to_assemble = TRUE WHERE batch = $1",
                            {place.batch});
  }
  impl_->note(action_of(page, written.replaced), "page", written.number, details_of(page));
  transaction.commit();
  impl_->revisions[written.number] = written.revision;
  return written.number;
}

std::set<int> Records::pages_done(SourceNumber source) const {
  // A page that stands for bytes which could not be read says nothing about them once
  // they are there; one that stands for a file that did not open, nothing about its first page.
  Rows rows = impl_->database.query(
      "SELECT p.page_in_file FROM pages p JOIN sources s ON s.source = p.source "
      "WHERE p.source = $1 AND NOT (s.blob <> '' AND p.fault_stage = $2 "
      "AND p.fault_reason IN ($3, $4, $5, $6)) "
      "AND NOT (p.state = 'set_aside' AND s.pages > 1 "
      "AND (SELECT COUNT(*) FROM pages q WHERE q.source = p.source) = 1)",
      {source, name_of(Stage::receive), name_of(FaultReason::empty_file),
       name_of(FaultReason::unreadable_file), name_of(FaultReason::vanished),
       name_of(FaultReason::too_large)});
  std::set<int> done;
  while (rows.next()) done.insert(rows.small_integer());
  return done;
}

std::optional<PageRecord> Records::page(PageNumber number) const {
  Transaction one_moment(impl_->database, Transaction::Kind::read);
  auto page = read_page(impl_->database, number);
  one_moment.commit();
  return page;
}

std::vector<PageRecord> Records::pages(BatchNumber batch) const {
  Transaction one_moment(impl_->database, Transaction::Kind::read);
  auto pages = pages_numbered(
      impl_->database,
      numbers(impl_->database.query(
          "SELECT page FROM pages WHERE batch = $1 ORDER BY page_order, page", {batch})));
  one_moment.commit();
  return pages;
}

std::vector<PageRecord> Records::pages_of_dossier(DossierNumber dossier) const {
  Transaction one_moment(impl_->database, Transaction::Kind::read);
  auto pages = pages_numbered(
      impl_->database,
      numbers(impl_->database.query(
          "SELECT page FROM pages WHERE dossier = $1 ORDER BY page_of_dossier, page_order, page",
          {dossier})));
  one_moment.commit();
  return pages;
}

std::vector<PageRecord> Records::pages_replaced_in(DossierNumber dossier) const {
  Transaction one_moment(impl_->database, Transaction::Kind::read);
  auto pages = pages_numbered(
      impl_->database,
      numbers(impl_->database.query("SELECT p.page FROM pages p JOIN pages b ON b.page = "
                                    "p.replaced_by WHERE b.dossier = $1 ORDER BY p.page",
                                    {dossier})));
  one_moment.commit();
  return pages;
}

std::vector<PageRecord> Records::pages_of_item(ItemNumber item) const {
  Transaction one_moment(impl_->database, Transaction::Kind::read);
  auto pages = pages_numbered(
      impl_->database,
      numbers(impl_->database.query(
          "SELECT page FROM pages WHERE item = $1 ORDER BY page_of_item, page_order", {item})));
  one_moment.commit();
  return pages;
}

// No statement stays open while `visit` runs, so that it may write.
void Records::for_each_page(const std::function<void(const PageRecord&)>& visit) const {
  PageNumber last = 0;
  for (;;) {
    const auto next = numbers(impl_->database.query(
        "SELECT page FROM pages WHERE page > $1 ORDER BY page LIMIT $2", {last, kNumbersAtOnce}));
    if (next.empty()) return;
    for (const PageNumber number : next) {
      if (const auto page = this->page(number)) visit(*page);
    }
    last = next.back();
  }
}

std::vector<PageNumber> Records::pages_to_index(std::size_t at_most) const {
  Rows rows = impl_->database.query(
      "SELECT page, revision FROM pages WHERE indexed_revision < revision ORDER BY page LIMIT $1",
      {static_cast<std::int64_t>(at_most)});
  std::vector<PageNumber> found;
  while (rows.next()) {
    found.push_back(rows.integer());
    impl_->revisions[found.back()] = rows.integer();
  }
  return found;
}

void Records::mark_indexed(const std::vector<PageNumber>& pages) {
  RecordedTransaction transaction(*impl_);
  for (const PageNumber page : pages) {
    const auto known = impl_->revisions.find(page);
    if (known == impl_->revisions.end()) {
      impl_->database.execute("UPDATE pages SET indexed_revision = revision WHERE page = $1",
                              {page});
    } else {
      impl_->database.execute("UPDATE pages SET indexed_revision = $2 WHERE page = $1",
                              {page, known->second});
    }
  }
  transaction.commit();
  for (const PageNumber page : pages) impl_->revisions.erase(page);
}

void Records::mark_all_unindexed() {
  RecordedTransaction transaction(*impl_);
  impl_->database.execute("UPDATE pages SET indexed_revision = 0 WHERE indexed_revision > 0");
  transaction.commit();
  impl_->revisions.clear();
}

}  // namespace archive
