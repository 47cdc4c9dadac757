#include <random>

#include "config/sampling_plan.h"
#include "core/timestamp.h"
#include "ingest/acceptance.h"
#include "store/archive_folder.h"
#include "store/lifecycle/overview.h"
#include "store/lifecycle/settled_pages.h"
#include "store/objects/object_store.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"
#include "viewer/keeping_json.h"

// The shop floor: what came in when and by whom, what went wrong where, samples for acceptance, and
// what a person decides about batches and pages that wait.

namespace archive {
namespace {

constexpr std::size_t kDaysStandard = 90;
constexpr std::size_t kDaysMost = 3'660;

/// Counted back from the day it is here, as the days of the records are.
std::string days_ago(std::size_t days) {
  const auto midnight =
      parse_iso8601(timestamp_now().substr(0, 10) + "T00:00:00.000+00:00").value_or(TimePoint{});
  return iso8601(midnight - std::chrono::days(days), {}).substr(0, 10);
}

Json masked_places(Json acceptance) {
  for (Json& page : acceptance["sample"]) {
    page["place"] = ProtectedFields::masked_numbers(page["place"].get<std::string>());
  }
  return acceptance;
}

BatchRecord batch_numbered(const Records& records, BatchNumber number) {
  auto batch = records.batch(number);
  if (!batch) refuse_not_found("没有这个批次", "there is no such batch");
  return *std::move(batch);
}

/// What the worker refuses is told as it says it.
template <class Work>
auto refusing_usage(Work work) {
  try {
    return work();
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::usage) throw;
    throw std::invalid_argument(error.problem());
  }
}

}  // namespace

HttpResponse Service::Impl::overview(const Asked& asked) {
  const std::string from =
      days_ago(count_in(asked.request.argument("days"), kDaysStandard, kDaysMost));
  auto desk = rooms.lend();
  const Overview overview(desk->records);
  Json pages = Json::array(), findings = Json::array(), operators = Json::array(),
       faults = Json::array();
  for (const DayOfPages& day : overview.pages_by_day(from)) {
    pages.push_back({{"day", day.day},
                     {"filed", day.filed},
                     {"set_aside", day.set_aside},
                     {"accept", day.accept},
                     {"look", day.look},
                     {"rescan", day.rescan}});
  }
  for (const DayOfFindings& day : overview.findings_by_day(from)) {
    findings.push_back({{"day", day.day}, {"found", day.found}, {"settled", day.settled}});
  }
  for (const OperatorOutput& one : overview.operators(from)) {
    Json days = Json::array();
    for (const DayOfPages& day : one.days) {
      days.push_back({{"day", day.day}, {"pages", day.filed + day.set_aside}});
    }
    operators.push_back({{"operator", one.operator_name},
                         {"batches", one.batches},
                         {"pages", one.pages},
                         {"set_aside", one.set_aside},
                         {"rescan", one.rescan},
                         {"days", std::move(days)}});
  }
  for (const FaultCount& fault : overview.faults(0)) {
    faults.push_back({{"stage", fault.stage}, {"reason", fault.reason}, {"pages", fault.pages}});
  }
  return answer_of(Json{{"from", from},
                        {"pages", std::move(pages)},
                        {"findings", std::move(findings)},
                        {"operators", std::move(operators)},
                        {"faults", std::move(faults)}});
}

HttpResponse Service::Impl::acceptances(const Asked& asked) {
  auto desk = rooms.lend();
  const BatchRecord batch = batch_numbered(desk->records, asked.number());
  Json list = Json::array();
  for (const AcceptanceRecord& acceptance : desk->records.acceptances(batch.number)) {
    list.push_back(masked_places(acceptance_json(acceptance, desk->records)));
  }
  return answer_of(Json{{"acceptances", std::move(list)}});
}

HttpResponse Service::Impl::draw_sample(const Asked& asked) {
  const SamplingPlan plan = SamplingPlan::load(find_config_folder(parts.settings));
  const std::uint64_t seed = std::random_device{}() & 0x7FFFFFFFU;
  AcceptanceNumber made = 0;
  write(asked, "accept", "", [&](Records& records) {
    made = refusing_usage([&] {
      return draw_acceptance(records, batch_numbered(records, asked.number()), plan, seed,
                             records.writes_as());
    }).number;
  });
  return answer_of(Json{{"acceptance", made}, {"seed", seed}}, 201);
}

HttpResponse Service::Impl::note_sample_fault(const Asked& asked) {
  const Json body = body_json(asked.request);
  const std::string fault = text_in(body, "fault", kReasonMost);
  write(asked, "accept", fault, [&](Records& records) {
    const BatchRecord batch = batch_numbered(records, asked.number());
    records.note_fault(latest_acceptance(records, batch).number, number_in(body, "page"), fault,
                       records.writes_as());
  });
  return no_content();
}

HttpResponse Service::Impl::close_sample(const Asked& asked) {
  ObjectStore objects(ArchiveFolder::open(parts.archive).objects(), parts.settings.store.fsync);
  Json closed;
  write(asked, "accept", "", [&](Records& records) {
    const AcceptanceRecord acceptance = refusing_usage([&] {
      return close_acceptance(records, objects, batch_numbered(records, asked.number()),
                              records.writes_as());
    });
    closed = {{"acceptance", acceptance.number},
              {"passed", acceptance.passed},
              {"faulty", acceptance.faulty()}};
  });
  return answer_of(closed);
}

HttpResponse Service::Impl::release_held(const Asked& asked) {
  const std::string reason = reason_in(body_json(asked.request));
  write(asked, "release", reason,
        [&](Records& records) { release_batch(records, asked.number(), reason); });
  return no_content();
}

HttpResponse Service::Impl::settle_page(const Asked& asked) {
  const std::string reason = reason_in(body_json(asked.request));
  write(asked, "batch", reason,
        [&](Records& records) { SettledPages(records).settle(asked.number(), reason); });
  return no_content();
}

}  // namespace archive
