#include <algorithm>
#include <array>

#include "viewer/api/body.h"
#include "viewer/api/masking.h"
#include "viewer/dossier_report.h"

// What persons decide about findings: what `juanzong finding` does.

namespace archive {
namespace {

FindingState finding_state_in(const Json& body) {
  static constexpr std::array kDecided = {FindingState::accepted, FindingState::corrected,
                                          FindingState::open};
  const std::string word = text_in(body, "state");
  const auto known = std::ranges::find_if(
      kDecided, [&word](FindingState state) { return name_of(state) == word; });
  if (known != kDecided.end()) return *known;
  throw Refusal{400, "state", "处理结果须为认可、已更正或重新打开",
                "a finding is decided as accepted, corrected or open", 0};
}

/// As it is in a transaction now.
FindingRecord finding_numbered(const Records& records, FindingNumber number) {
  auto finding = records.finding(number);
  // One that the last check did not make is in no report either.
  if (!finding || !finding->gone_at.empty()) {
    refuse_not_found("没有这个问题", "there is no such finding");
  }
  return *std::move(finding);
}

}  // namespace

std::string finding_etag(const FindingRecord& finding) {
  return etag_of("finding " + std::to_string(finding.number) + "|" +
                 std::string(name_of(finding.state)) + "|" + finding.decided_at + "|" +
                 finding.decided_by + "|" + finding.reason);
}

FindingRecord Service::Impl::finding_asked_for(const Asked& asked, Desk& desk,
                                               FindingNumber number) {
  if (shows_own_only(asked.session)) {
    // Of these alone a report tells in such a session.
    const auto finding = desk.records.finding(number);
    const bool own =
        finding && !finding->finding.places.empty() &&
        std::ranges::all_of(finding->finding.places, [&](const FindingPlace& place) {
          const auto page = desk.records.page(place.page);
          return page && in_scope(desk.records, asked.session, *page);
        });
    require_in_scope(asked, own, "finding " + std::to_string(number));
  }
  return finding_numbered(desk.records, number);
}

HttpResponse Service::Impl::decide_finding(const Asked& asked) {
  const FindingNumber number = asked.number();
  const Json body = body_json(asked.request);
  const FindingState state = finding_state_in(body);
  const std::string reason = reason_in(body);
  {
    auto desk = rooms.lend();
    require_state(asked.request, finding_etag(finding_asked_for(asked, *desk, number)));
  }
  Json answer;
  std::string etag;
  write(asked, "serve finding", reason, [&](Records& records) {
    require_state(asked.request, finding_etag(finding_numbered(records, number)));
    records.decide_finding(number, state, reason, records.writes_as());
    FindingRecord decided = finding_numbered(records, number);
    etag = finding_etag(decided);
    answer = finding_json(reported_finding(records, parts.tables, std::move(decided)));
  });
  answer["etag"] = etag;
  mask_values(answer, sight_of(asked.session));
  HttpResponse response = answer_of(answer);
  response.headers.emplace_back("ETag", etag);
  return response;
}

}  // namespace archive
