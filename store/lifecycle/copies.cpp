#include "store/lifecycle/copies.h"

#include <limits>
#include <set>
#include <stdexcept>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {
namespace {

constexpr std::size_t kYear = 4;
constexpr std::size_t kSerialDigits = 6;

constexpr SqlPart kCopies =
    "SELECT c.copy, c.serial, c.kind, c.dossier, c.pages, c.for_whom, c.agent, c.authority, "
    "c.purpose, c.channel, c.made_by, c.made_at, (SELECT COUNT(*) FROM copy_prints p "
    "WHERE p.copy = c.copy) FROM copies c ";

CopyRecord copy_of(Rows& row) {
  CopyRecord copy;
  copy.number = row.integer();
  copy.serial = row.text();
  copy.certified = row.text() == "certified";
  copy.dossier = row.integer();
  for (const std::string& page : parse_json_list(row.text())) {
    copy.pages.push_back(std::stoll(page));
  }
  copy.for_whom = row.text();
  copy.agent = row.text();
  copy.authority = row.text();
  copy.purpose = row.text();
  copy.channel = row.text();
  copy.made_by = row.text();
  copy.made_at = row.text();
  copy.prints = row.small_integer();
  return copy;
}

void require_whole(const Records& records, const CopyRecord& copy) {
  if (copy.for_whom.empty() || copy.purpose.empty()) {
    throw std::invalid_argument("a copy says for whom it is, and what for");
  }
  if (copy.pages.empty()) throw std::invalid_argument("no page is named");
  std::set<PageNumber> seen;
  for (const PageNumber number : copy.pages) {
    const auto page = records.page(number);
    if (!page || page->dossier != copy.dossier || page->state != PageState::filed) {
      throw std::invalid_argument("a page that is named is not filed in this dossier");
    }
    if (!seen.insert(number).second) throw std::invalid_argument("a page is named twice");
  }
}

/// The next of the year: 2026-000012.
std::string next_serial(Database& database, const std::string& now) {
  const std::string year = now.substr(0, kYear);
  const std::int64_t before =
      database.number("SELECT COUNT(*) FROM copies WHERE substr(serial, 1, 4) = $1", {year});
  std::string digits = std::to_string(before + 1);
  if (digits.size() < kSerialDigits) digits.insert(0, kSerialDigits - digits.size(), '0');
  return year + "-" + digits;
}

}  // namespace

CopyRecord Copies::issue(CopyRecord copy) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::query});
  require_whole(records_, copy);
  copy.made_at = timestamp_now();
  copy.made_by = records_.writes_as();
  copy.serial = next_serial(impl.database, copy.made_at);
  std::vector<std::string> pages;
  for (const PageNumber page : copy.pages) pages.push_back(std::to_string(page));
  copy.number = impl.database.number(
      "INSERT INTO copies (serial, kind, dossier, pages, for_whom, agent, authority, purpose, "
      "channel, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
      "RETURNING copy",
      {copy.serial, copy.certified ? "certified" : "print", copy.dossier, json_list(pages),
       copy.for_whom, copy.agent, copy.authority, copy.purpose, copy.channel, copy.made_by,
       copy.made_at});
  impl.note("copy_issued", "dossier", copy.dossier,
            json_object({{"copy", copy.number},
                         {"pages", static_cast<std::int64_t>(copy.pages.size())},
                         {"purpose", copy.purpose}}));
  transaction.commit();
  return copy;
}

int Copies::print(std::int64_t copy, const std::string& reason) {
  Records::Impl& impl = records_.inside();
  RecordedTransaction transaction(impl, {Right::query});
  const auto known = this->copy(copy);
  if (!known) throw std::invalid_argument("there is no copy of this number");
  const int print_no = known->prints + 1;
  if (print_no > 1 && reason.empty()) {
    throw std::invalid_argument("it was printed before: say why again");
  }
  impl.database.execute(
      "INSERT INTO copy_prints (copy, print_no, reason, printed_by, printed_at) "
      "VALUES ($1, $2, $3, $4, $5)",
      {copy, std::int64_t{print_no}, reason, records_.writes_as(), timestamp_now()});
  impl.note("copy_printed", "dossier", known->dossier,
            json_object({{"copy", copy}, {"print", std::int64_t{print_no}}}));
  transaction.commit();
  return print_no;
}

std::optional<CopyRecord> Copies::copy(std::int64_t number) const {
  Rows rows = records_.inside().database.query(joined<kCopies, "WHERE c.copy = $1">(), {number});
  if (!rows.next()) return std::nullopt;
  return copy_of(rows);
}

std::vector<CopyRecord> Copies::list(std::int64_t before, std::size_t at_most,
                                     const std::string& made_by,
                                     const std::optional<std::set<DossierNumber>>& among) const {
  const std::int64_t from = before > 0 ? before : std::numeric_limits<std::int64_t>::max();
  Rows rows = records_.inside().database.query(
      joined<kCopies, "WHERE c.copy < $1 AND ($2 = '' OR c.made_by = $2) "
                      "AND ($3 = '' OR c.dossier IN (SELECT value FROM json_each($3))) "
                      "ORDER BY c.copy DESC LIMIT $4">(),
      {from, made_by, json_numbers(among), static_cast<std::int64_t>(at_most)});
  std::vector<CopyRecord> found;
  while (rows.next()) found.push_back(copy_of(rows));
  return found;
}

}  // namespace archive
