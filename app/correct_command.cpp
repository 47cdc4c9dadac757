#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/typed_value_text.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "ingest/typed_values.h"
#include "store/archive_folder.h"
#include "store/lifecycle/reviews.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Json correction_json(const Correction& correction) {
  return {{"correction", correction.number},
          {"page", correction.page},
          {"field", correction.value.field},
          {"row", correction.value.row < 0 ? Json(nullptr) : Json(correction.value.row)},
          {"before", correction.before},
          {"after", correction.value.value},
          {"reason", correction.reason},
          {"evidence", correction.evidence},
          {"proposed_by", correction.value.person},
          {"proposed_at", correction.proposed_at},
          {"verdict", correction.verdict},
          {"decided_by", correction.decided_by},
          {"decided_at", correction.decided_at},
          {"decision_reason", correction.decision_reason}};
}

void tell(const Correction& correction, const Console& say) {
  if (say.json()) {
    say.result_json(correction_json(correction));
    return;
  }
  say.result(fmt::format(
      "{} {}  {} {} {}: {} → {}  ({}; {} {}) {} {}", say("更正", "correction"), correction.number,
      say("页", "page"), correction.page, field_text(correction.value.field, correction.value.row),
      correction.before.empty() ? say("（无）", "(none)") : std::string_view(correction.before),
      correction.value.value, correction.reason, say("依据页", "evidence page"),
      correction.evidence, correction.value.person, correction.proposed_at));
  if (correction.verdict.empty()) return;
  say.result(fmt::format(
      "    {}  {} {}  {}",
      correction.verdict == "approved" ? say("同意", "approved") : say("不同意", "refused"),
      correction.decided_by, correction.decided_at, correction.decision_reason));
}

std::int64_t propose(const CorrectOptions& options, WritableArchive& archive) {
  Records& records = archive.records();
  const auto page = records.page(options.page);
  if (!page) throw std::invalid_argument("there is no such page");
  std::string to = options.to;
  if (to == "-") std::getline(std::cin, to);
  const NamedField place = named_field(archive.catalogue(), *page, options.field);
  Correction correction;
  correction.page = options.page;
  correction.value = typed_value(archive.catalogue(), *page, place, to,
                                 parse_pixel_box(options.box), records.writes_as());
  correction.reason = options.reason;
  correction.evidence = options.evidence;
  return Corrections(records).propose(correction);
}

}  // namespace

int run_correct(const CorrectOptions& options, const Console& say) {
  if (options.page == 0 && options.correction == 0) {
    Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
    for (const Correction& correction : Corrections(records).open()) tell(correction, say);
    return 0;
  }
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "correct");
  Corrections corrections(archive.records());
  std::int64_t number = options.correction;
  try {
    if (options.page != 0) {
      number = propose(options, archive);
    } else if (options.approve || options.refuse) {
      corrections.decide(number, options.approve, options.reason);
      assemble_what_changed(archive.records(), archive.catalogue());
      bring_index_up_to_date(archive.catalogue(), archive.objects(), archive.records(),
                             archive.index(), stop);
      bring_checks_up_to_date(archive.records(), archive.tables(), 0, 0, nullptr, stop);
    }
    const auto told = corrections.find(number);
    if (!told) throw std::invalid_argument("there is no correction of this number");
    tell(*told, say);
  } catch (const std::invalid_argument& problem) {
    throw ArchiveError(ErrorKind::usage, "correct", problem.what(),
                       "`juanzong correct` lists what waits, `juanzong correct --help` shows how");
  }
  return stop ? static_cast<int>(ErrorKind::interrupted) : 0;
}

}  // namespace archive
