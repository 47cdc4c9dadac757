#include "store/records/typed_values.h"

#include <algorithm>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/names.h"
#include "store/records/page_rows.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

/// Returns how many there were: none or one.
std::int64_t end_statement(Database& database, PageNumber page, const std::string& field, int row,
                           const std::string& person, const std::string& now) {
  return database.execute(
      "UPDATE typed_values SET ended_at = $5 WHERE page = $1 AND field = $2 AND table_row = $3 "
      "AND person = $4 AND ended_at = ''",
      {page, field, std::int64_t{row}, person, now});
}

/// The constraints of the table say the same; here it is said why.
void refuse_unsound(const PageRecord& page, const TypedValue& typed) {
  if (typed.person.empty()) throw std::invalid_argument("a value is typed by somebody");
  if (!typed.box.lies_within(page.width, page.height)) {
    throw std::invalid_argument("the region is not on the picture of the page");
  }
  if (typed.confirms == 0) return;
  const auto meant = std::ranges::find(page.typed, typed.confirms, &TypedValue::number);
  if (meant == page.typed.end() || !meant->stands() || meant->field != typed.field ||
      meant->row != typed.row || meant->value != typed.value || meant->person == typed.person) {
    throw std::invalid_argument("a value is confirmed that another person typed");
  }
}

/// Whoever shows, searches or checks the page is to see what was said. In a transaction.
void page_has_changed(Database& database, PageNumber number) {
  const auto page = read_page(database, number);
  database.execute("UPDATE pages SET review_reasons = $2, revision = revision + 1 WHERE page = $1",
                   {number, json_list(page->review_reasons)});
  database.execute("UPDATE batches SET to_assemble = TRUE WHERE batch = $1",
                   {page->occurrence.batch});
}

void refuse_approved(Database& database, PageNumber page) {
  const bool approved = database.number(
             "SELECT (SELECT s.step FROM pages p JOIN items i ON i.item = p.item "
             "JOIN review_steps s ON s.dossier = i.dossier AND s.item_sequence = i.item_sequence "
             "WHERE p.page = $1 AND s.step NOT IN ('verify', 'reject') "
             "ORDER BY s.review_step DESC LIMIT 1) = 'approve'",
             {page}) != 0;
  if (!approved) return;
  throw std::invalid_argument("the item is approved: propose a correction (juanzong correct)");
}

}  // namespace

std::vector<TypedValue> typed_values_of(Database& database, PageNumber page) {
  Rows row = database.query(
      "SELECT typed_value, field, table_row, raw, value, validity, problem, mandatory, confirms, "
      "box_x, box_y, box_width, box_height, person, typed_at, ended_at FROM typed_values "
      "WHERE page = $1 ORDER BY typed_value",
      {page});
  std::vector<TypedValue> typed;
  while (row.next()) {
    typed.push_back({row.integer(), row.text(), row.small_integer(), row.text(), row.text(),
                     from_word<FieldValidity>(row.text()), row.text(), row.flag(), row.integer(),
                     PixelBox{row.small_integer(), row.small_integer(), row.small_integer(),
                              row.small_integer()},
                     row.text(), row.text(), row.text()});
  }
  return typed;
}

TypedNumber Records::Impl::keep_typed_value(PageNumber number, const TypedValue& typed) {
  const auto page = read_page_as_read(database, number);
  if (!page) throw std::invalid_argument("there is no such page");
  if (page->disposed()) throw std::invalid_argument("the page was disposed of");
  refuse_unsound(*page, typed);
  const std::string now = timestamp_now();
  const std::int64_t ended =
      end_statement(database, number, typed.field, typed.row, typed.person, now);
  const TypedNumber made = database.number(
      "INSERT INTO typed_values (page, field, table_row, raw, value, validity, problem, mandatory, "
      "confirms, box_x, box_y, box_width, box_height, person, typed_at) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING typed_value",
      {number, typed.field, std::int64_t{typed.row}, typed.raw, typed.value,
       word_for(typed.validity), typed.problem, typed.mandatory, reference(typed.confirms),
       std::int64_t{typed.box.x}, std::int64_t{typed.box.y}, std::int64_t{typed.box.width},
       std::int64_t{typed.box.height}, typed.person, now});
  page_has_changed(database, number);
  const auto after = typed_values_of(database, number);
  note(typed.confirms == 0 ? "value_typed" : "value_confirmed", "page", number,
       json_object({{"typed_value", made},
                    {"in_place_of_own", ended},
                    {"state", name_of(typed_state(after, typed.field, typed.row))}}));
  return made;
}

TypedNumber Records::put_typed_value(PageNumber number, const TypedValue& typed) {
  RecordedTransaction transaction(*impl_, {Right::describe});
  refuse_approved(impl_->database, number);
  const TypedNumber made = impl_->keep_typed_value(number, typed);
  transaction.commit();
  return made;
}

bool Records::end_typed_value(PageNumber number, const std::string& field, int row,
                              const std::string& person) {
  RecordedTransaction transaction(*impl_, {Right::describe});
  if (end_statement(impl_->database, number, field, row, person, timestamp_now()) == 0) {
    return false;
  }
  refuse_approved(impl_->database, number);
  page_has_changed(impl_->database, number);
  const auto after = typed_values_of(impl_->database, number);
  impl_->note("value_taken_back", "page", number,
              json_object({{"state", name_of(typed_state(after, field, row))}}));
  transaction.commit();
  return true;
}

}  // namespace archive
