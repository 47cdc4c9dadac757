#include "app/serve_upkeep.h"

#include "app/open_archive.h"
#include "app/writing.h"
#include "core/error.h"
#include "index/page_index.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "ingest/ingest.h"
#include "store/lifecycle/access_note.h"

namespace archive {
namespace {

constexpr auto kBetweenQuestions = std::chrono::seconds(1);
constexpr auto kUntilNextTry = std::chrono::minutes(1);
constexpr auto kQuiet = std::chrono::seconds(5);  // a reviewer's next value comes sooner
constexpr auto kBetweenSignatures = std::chrono::minutes(1);

}  // namespace

ServeUpkeep::ServeUpkeep(const ArchiveFolder& folder, const Settings& settings,
                         const CheckTables& tables, const ObjectStore& objects,
                         const AccessLog& log)
    : folder_(folder),
      settings_(settings),
      tables_(tables),
      objects_(objects),
      log_(log),
      reader_(Records::open_reader(folder.path())),
      next_look_(std::chrono::steady_clock::now()),
      next_signature_(next_look_ + kBetweenSignatures),
      written_(next_look_) {}

bool ServeUpkeep::quiet(std::chrono::steady_clock::time_point now) {
  if (const std::int64_t entries = reader_.entries(); entries != entries_) {
    entries_ = entries;
    written_ = now;
  }
  return now - written_ >= kQuiet;
}

void ServeUpkeep::look(const std::atomic<bool>& stop) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return;
  next_look_ = now + kUntilNextTry;
  const bool pause = quiet(now);
  const Due due{!reader_.pages_to_index(1).empty(),
                pause && !reader_.batches_to_assemble().empty()};
  if (due.index || due.assembly || now >= next_signature_) {
    next_signature_ = now + kBetweenSignatures;
    write(due, stop);
  }
  next_look_ = now + kBetweenQuestions;
}

void ServeUpkeep::end() { write({}, true); }

void ServeUpkeep::write(const Due& due, const std::atomic<bool>& stop) {
  try {
    Records::Writing writing = writing_by(settings_, "serve");
    writing.claim.reset();
    Records records = Records::open_writer(folder_.path(), writing);
    note_access(records, log_.end());
    if (due.assembly) {
      assemble_what_changed(records, tables_.forms);
      bring_checks_up_to_date(records, tables_, 0, 1, nullptr, stop);
    }
    if (!due.index && !due.assembly) return;
    PageIndex pages = PageIndex::open_writer(index_place(folder_, settings_));
    // An index that was lost is filled by whoever is asked to, not between two requests; until then
    // its answers say that they are not whole.
    if (pages.pages() == 0 && records.counts().filed > 0) pages.begin_rebuilding();
    if (pages.state().rebuilding) return;
    bring_index_up_to_date(tables_.forms, objects_, records, pages, stop);
  } catch (const ArchiveError& error) {
    // Whoever has the archive does all of it.
    if (error.kind() != ErrorKind::archive_locked) throw;
  }
}

}  // namespace archive
