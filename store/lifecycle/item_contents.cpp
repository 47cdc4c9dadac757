#include "store/lifecycle/item_contents.h"

#include "core/escaped_text.h"
#include "store/objects/digest.h"

namespace archive {

std::optional<std::string> item_contents(Database& database, DossierNumber dossier,
                                         int item_sequence) {
  const ItemNumber item =
      database.number("SELECT item FROM items WHERE dossier = $1 AND item_sequence = $2",
                      {dossier, std::int64_t{item_sequence}});
  if (item == 0) return std::nullopt;
  DigestCounter digest(DigestKind::sha256);
  Rows pages = database.query(
      "SELECT p.page, p.doc_type, s.blob, p.page_in_file, p.rotation FROM pages p "
      "JOIN sources s ON s.source = p.source WHERE p.item = $1 ORDER BY p.page_of_item, p.page",
      {item});
  while (pages.next()) {
    const PageNumber page = pages.integer();
    digest.add("page " + std::to_string(page) + "\t" + pages.text() + "\t");
    digest.add(pages.text() + "\t");
    digest.add(std::to_string(pages.integer()) + "\t");
    digest.add(std::to_string(pages.integer()) + "\n");
    Rows values = database.query(
        "SELECT field, table_row, value FROM fields WHERE page = $1 ORDER BY field, table_row, "
        "position",
        {page});
    while (values.next()) {
      digest.add("read " + values.text() + "\t");
      digest.add(std::to_string(values.integer()) + "\t");
      digest.add(escaped(values.text()) + "\n");
    }
    Rows typed = database.query(
        "SELECT field, table_row, value, person FROM typed_values "
        "WHERE page = $1 AND ended_at = '' ORDER BY typed_value",
        {page});
    while (typed.next()) {
      digest.add("typed " + typed.text() + "\t");
      digest.add(std::to_string(typed.integer()) + "\t");
      digest.add(escaped(typed.text()) + "\t");
      digest.add(escaped(typed.text()) + "\n");
    }
  }
  return hex_of(digest.finish());
}

}  // namespace archive
