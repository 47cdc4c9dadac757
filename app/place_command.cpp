#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/keeping_commands.h"
#include "app/writing.h"
#include "core/calendar.h"
#include "core/timestamp.h"
#include "store/archive_folder.h"
#include "store/lifecycle/places.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

Records writer_for(const PlaceOptions& options, std::string_view command) {
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  return Records::open_writer(
      folder.path(), writing_by(read_settings(folder.settings_file()), command, options.reason));
}

[[noreturn]] void refuse(const char* command, const std::invalid_argument& problem) {
  throw ArchiveError(ErrorKind::usage, command, problem.what(),
                     std::string("juanzong ") + command + " --help shows how");
}

void tell_place(const ShelfPlace& place, const Console& say) {
  if (say.json()) {
    return say.result_json(place_json(place));
  }
  const std::string where =
      place.room.empty()
          ? fmt::format("{}: {}", say("缺纸质件", "no paper"), place.missing_reason)
          : fmt::format("{} {} {} {} {} {} {} {}", say("库房", "room"), place.room,
                        say("架", "shelf"), place.shelf, say("格", "cell"), place.cell,
                        say("盒", "box"), place.box);
  const std::string what = place.item_sequence == 0
                               ? fmt::format("{} {}", say("卷宗", "dossier"), place.dossier)
                               : fmt::format("{} {} {} {}", say("卷宗", "dossier"), place.dossier,
                                             say("件", "item"), place.item_sequence);
  say.result(what + "  " + where);
}

void tell_gaps(const std::vector<Places::Gap>& gaps, std::string_view name, std::string_view title,
               const Console& say) {
  if (!say.json()) say.result(fmt::format("{}: {}", title, gaps.size()));
  for (const Places::Gap& gap : gaps) {
    if (say.json()) {
      Json line = {{"gap", name}};
      line.update(gap_json(gap));
      say.result_json(line);
      continue;
    }
    say.result(fmt::format("    {} {} {}  {} {}  {}", say("卷宗", "dossier"), gap.dossier,
                           gap.dossier_no, say("件", "item"), gap.item_sequence, gap.reason));
  }
}

void tell_loan(const Loan& loan, const Console& say) {
  const std::string today = timestamp_now().substr(0, 10);
  if (say.json()) return say.result_json(loan_json(loan, today));
  const bool overdue = loan.returned_at.empty() && loan.due_on < today;
  say.result(fmt::format("{} {}  {} {} {} {}  {}  {} {}{}{}", say("借阅", "loan"), loan.number,
                         say("卷宗", "dossier"), loan.dossier, say("件", "item"),
                         loan.item_sequence, loan.borrower, say("应还", "due"), loan.due_on,
                         overdue ? say("  [逾期]", "  [OVERDUE]") : "",
                         loan.returned_at.empty()
                             ? std::string()
                             : fmt::format("  {} {}", say("已还", "returned"), loan.returned_at)));
}

}  // namespace

int run_place(const PlaceOptions& options, const Console& say) {
  if (!options.place.room.empty() || !options.reason.empty()) {
    Records records = writer_for(options, "place");
    ShelfPlace place = options.place;
    place.missing_reason = options.reason;
    try {
      Places(records).put(place);
    } catch (const std::invalid_argument& problem) {
      refuse("place", problem);
    }
  }
  Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  const Places places(records);
  if (options.place.dossier != 0) {
    for (const ShelfPlace& place : places.of_dossier(options.place.dossier)) {
      tell_place(place, say);
    }
    return 0;
  }
  tell_gaps(places.digital_without_paper(), "digital_without_paper",
            say("有图像、无纸质件位置", "digital without a place of the paper"), say);
  tell_gaps(places.paper_without_digital(), "paper_without_digital",
            say("有目录、无图像", "catalogued paper without digital"), say);
  return 0;
}

int run_loan(const PlaceOptions& options, const Console& say) {
  const bool lends = options.place.dossier != 0;
  if (lends || options.returned != 0) {
    Records records = writer_for(options, "loan");
    Loan loan = options.loan;
    loan.dossier = options.place.dossier;
    loan.item_sequence = options.place.item_sequence;
    loan.reason = options.reason;
    try {
      if (lends && !Date::parse(loan.due_on)) {
        throw std::invalid_argument("--due is no day; write it YYYY-MM-DD");
      }
      if (lends) {
        Places(records).lend(loan);
      } else {
        Places(records).take_back(options.returned);
      }
    } catch (const std::invalid_argument& problem) {
      refuse("loan", problem);
    }
  }
  Records records = Records::open_reader(ArchiveFolder::open(options.archive).path());
  const std::vector<Loan> loans = Places(records).loans(!options.all);
  say.none_if(loans.empty());
  for (const Loan& loan : loans) tell_loan(loan, say);
  return 0;
}

}  // namespace archive
