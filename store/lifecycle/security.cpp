#include "store/lifecycle/security.h"

#include <array>

#include "core/timestamp.h"
#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {

void Security::require_right() {
  static constexpr std::array kAnyOf = {Right::operate};
  records_.inside().require(kAnyOf);
}

void Security::note_keys_changing(std::string_view kind) {
  RecordedTransaction transaction(records_.inside(), {Right::operate});
  records_.inside().note("archive_keys_changing", "archive", 0, json_object({{"kind", kind}}));
  transaction.commit();
}

void Security::note_keys_changed(std::string_view kind) {
  RecordedTransaction transaction(records_.inside(), {Right::operate});
  records_.inside().note("archive_keys_changed", "archive", 0, json_object({{"kind", kind}}));
  transaction.commit();
}

void Security::put_selfcheck(const SelfcheckRecord& selfcheck) {
  RecordedTransaction transaction(records_.inside(), {Right::operate, Right::audit});
  const std::int64_t number = records_.inside().database.number(
      "INSERT INTO selfchecks (made_at, made_by, findings, report_blob) VALUES ($1, $2, $3, $4) "
      "RETURNING selfcheck",
      {selfcheck.made_at, selfcheck.made_by, selfcheck.findings, text_of(selfcheck.report)});
  records_.inside().note("selfcheck_made", "selfcheck", number,
                         json_object({{"findings", selfcheck.findings}}));
  transaction.commit();
}

std::optional<SelfcheckRecord> Security::last_selfcheck() const {
  Rows rows = records_.inside().database.query(
      "SELECT selfcheck, made_at, made_by, findings, report_blob FROM selfchecks "
      "ORDER BY selfcheck DESC LIMIT 1");
  if (!rows.next()) return std::nullopt;
  SelfcheckRecord last{rows.integer(), rows.text(), rows.text(), rows.integer(), std::nullopt};
  last.report = BlobId::parse(rows.text());
  return last;
}

std::map<std::pair<std::string, std::string>, std::string> Security::last_use_of_posts() const {
  std::map<std::pair<std::string, std::string>, std::string> used;
  Rows rows = records_.inside().database.query(
      "SELECT actor, post, MAX(happened_at) FROM events WHERE post <> '' GROUP BY actor, post");
  while (rows.next()) {
    std::string actor = rows.text();
    std::string post = rows.text();
    used[{std::move(actor), std::move(post)}] = rows.text();
  }
  return used;
}

std::map<std::string, std::int64_t> Security::refusals_since(const std::string& at) const {
  std::map<std::string, std::int64_t> refused;
  Rows rows = records_.inside().database.query(
      "SELECT actor, COUNT(*) FROM events WHERE action = 'refused' AND happened_at >= $1 "
      "GROUP BY actor",
      {at});
  while (rows.next()) {
    std::string actor = rows.text();
    refused[std::move(actor)] = rows.integer();
  }
  return refused;
}

}  // namespace archive
