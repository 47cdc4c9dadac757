#include <algorithm>
#include <utility>

#include "store/objects/digest.h"
#include "store/records/facts_bytes.h"
#include "store/records/records.h"
#include "store/records/records_impl.h"
#include "store/records/schema.h"

namespace archive {
namespace {

/// Every place in the records that names an object, with what for and which row.
constexpr SqlPart kReferences =
    "SELECT blob, purpose, number FROM ("
    "SELECT blob, 'source' AS purpose, source AS number FROM sources "
    "WHERE blob <> '' AND NOT disposed "
    "UNION ALL SELECT layout_blob, 'layout', page FROM pages WHERE layout_blob <> '' "
    "UNION ALL SELECT alto_blob, 'alto', page FROM pages WHERE alto_blob <> '' "
    "UNION ALL SELECT layout_blob, 'earlier layout', page FROM readings WHERE layout_blob <> '' "
    "UNION ALL SELECT alto_blob, 'earlier alto', page FROM readings WHERE alto_blob <> '' "
    "UNION ALL SELECT report_blob, 'report', batch FROM batches WHERE report_blob <> '' "
    "UNION ALL SELECT blob, 'list', list FROM comparison_lists WHERE blob <> '' "
    "UNION ALL SELECT to_object, 'conversion', source FROM conversions "
    "UNION ALL SELECT report_blob, 'selfcheck', selfcheck FROM selfchecks "
    "UNION ALL SELECT report_blob, 'acceptance', acceptance FROM acceptances "
    "WHERE report_blob <> ''"
    ") named ";

/// What foreign keys cannot say: where a page belongs must agree with itself.
void add_contradictions(Database& database, std::vector<std::string>& found) {
  Rows places = database.query(
      "SELECT p.page FROM pages p JOIN items i ON i.item = p.item WHERE p.dossier IS NULL "
      "OR i.dossier <> p.dossier ORDER BY p.page");
  while (places.next()) {
    found.push_back("page " + std::to_string(places.integer()) +
                    " belongs to an item of another dossier");
  }
  Rows replaced = database.query(
      "SELECT p.page FROM pages p JOIN pages b ON b.page = p.replaced_by "
      "WHERE p.dossier IS NOT NULL OR p.item IS NOT NULL OR b.batch <> p.batch ORDER BY p.page");
  while (replaced.next()) {
    found.push_back("page " + std::to_string(replaced.integer()) +
                    " was replaced and still belongs somewhere, or by a page of another batch");
  }
  Rows emptied = database.query(
      "SELECT d.dossier FROM dossiers d WHERE d.merged_into IS NOT NULL AND (EXISTS "
      "(SELECT 1 FROM pages p WHERE p.dossier = d.dossier) OR NOT EXISTS (SELECT 1 FROM dossiers t "
      "WHERE t.dossier = d.merged_into AND t.merged_into IS NULL)) ORDER BY d.dossier");
  while (emptied.next()) {
    found.push_back("dossier " + std::to_string(emptied.integer()) +
                    " is said to be in another and has pages, or that one has none");
  }
  Rows batches = database.query(
      "SELECT p.page FROM pages p JOIN dossiers d ON d.dossier = p.dossier "
      "WHERE d.batch <> p.batch ORDER BY p.page");
  while (batches.next()) {
    found.push_back("page " + std::to_string(batches.integer()) +
                    " belongs to a dossier of another batch");
  }
}

/// What is made from other rows must be as it was made, and work cannot be further than it can be:
/// what was not done yet would never be done.
void add_wrong_derivatives(Database& database, std::vector<std::string>& found) {
  Rows dossiers = database.query(
      "SELECT f.dossier, f.facts, b.to_assemble, f.checked_revision > f.revision "
      "FROM dossier_facts f JOIN dossiers d ON d.dossier = f.dossier "
      "JOIN batches b ON b.batch = d.batch ORDER BY f.dossier");
  while (dossiers.next()) {
    const std::string dossier = "dossier " + std::to_string(dossiers.integer());
    const std::string bytes = dossiers.bytes();
    const bool waits = dossiers.flag();
    if (dossiers.flag()) found.push_back(dossier + " was checked further than it was made");
    try {
      for (const PageFact& page : parse_facts(bytes).pages) {
        Rows row = database.query("SELECT text_sketch FROM pages WHERE page = $1", {page.number});
        if (waits || (row.next() && row.bytes() == sketch_bytes(page.sketch))) continue;
        found.push_back("the text of page " + std::to_string(page.number) +
                        " is another than that of which the facts of " + dossier + " were made");
      }
    } catch (const ArchiveError& error) {
      found.push_back("the facts of " + dossier + " cannot be read: " + error.problem());
    }
  }
  Rows pages = database.query("SELECT page FROM pages WHERE indexed_revision > revision");
  while (pages.next()) {
    found.push_back("page " + std::to_string(pages.integer()) +
                    " is in the index further than it was read");
  }
}

void add_names_that_are_none(Database& database, std::vector<std::string>& found) {
  Rows rows = database.query(joined<kReferences, "ORDER BY purpose, number">());
  while (rows.next()) {
    if (BlobId::parse(rows.text())) continue;
    const std::string purpose = rows.text();
    found.push_back("the " + purpose + " object of number " + std::to_string(rows.integer()) +
                    " has a name that is no hash");
  }
}

}  // namespace

void Records::for_each_object(
    const std::function<void(const BlobId& blob, std::string_view purpose)>& visit) const {
  for_each_reference([&visit](const BlobId& blob, std::string_view purpose, std::int64_t) {
    visit(blob, purpose);
  });
}

void Records::for_each_reference(
    const std::function<void(const BlobId& blob, std::string_view purpose, std::int64_t number)>&
        visit) const {
  Rows rows = impl_->database.query(joined<kReferences, "ORDER BY blob, purpose, number">());
  while (rows.next()) {
    const auto blob = BlobId::parse(rows.text());
    const std::string purpose = rows.text();
    if (blob) visit(*blob, purpose, rows.integer());
  }
}

void Records::for_each_use(
    int part, const std::function<void(const BlobId& object, const ObjectUse& use)>& visit) const {
  const std::byte number{static_cast<unsigned char>(part)};
  const std::string first = std::string(BlobId::kPrefix) + hex_of(std::span(&number, 1));
  // Behind every hexadecimal digit.
  const std::string end = first + 'g';
  Rows rows = impl_->database.query(
      joined<kReferences, "WHERE blob >= $1 AND blob < $2 ORDER BY blob, purpose DESC, number">(),
      {first, end});
  std::optional<BlobId> last;
  while (rows.next()) {
    const auto blob = BlobId::parse(rows.text());
    // Equal bytes may be needed for several purposes; being a source asks the most of them.
    if (!blob || blob == last) continue;
    last = blob;
    ObjectUse use{rows.text(), {}};
    if (use.purpose == "source") {
      Rows pages = impl_->database.query(
          "SELECT DISTINCT p.page_in_file FROM sources s JOIN pages p USING (source) "
          "WHERE s.blob = $1 AND p.state = 'filed' ORDER BY p.page_in_file",
          {blob->text()});
      while (pages.next()) use.pages.push_back(pages.small_integer());
    } else if (use.purpose == "conversion") {
      use.pages = {0};  // a picture of one page
    }
    visit(*blob, use);
  }
}

std::vector<std::string> Records::broken_references() const {
  std::vector<std::string> found;
  try {
    found = impl_->database.damage();
    for (std::string& line : schema_differences(impl_->database)) found.push_back(std::move(line));
    add_contradictions(impl_->database, found);
    add_names_that_are_none(impl_->database, found);
    add_wrong_derivatives(impl_->database, found);
  } catch (const SqlError& error) {
    found.push_back("the check of the records could not be finished: " + error.problem());
  }
  return found;
}

}  // namespace archive
