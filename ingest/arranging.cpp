#include "ingest/arranging.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.h"
#include "ingest/assembly.h"
#include "ingest/batch_report.h"
#include "ingest/decoder/decoder_pool.h"
#include "ingest/receiving.h"
#include "store/lifecycle/item_contents.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// The folder of a batch in which scans lie that came later. Without the decision that gave them
// their place they are a dossier of their own there, for a person to see.
constexpr const char* kLaterFolder = "补扫/";
constexpr std::size_t kFirstBytes = 2'048;  // tell what kind of file it is

[[noreturn]] void refuse(const std::string& where, const std::string& problem,
                         const std::string& what_to_do, const std::string& zh) {
  throw ArrangementRefused(ErrorKind::usage, where, problem, what_to_do, zh);
}

[[noreturn]] void refuse_scan(const fs::path& file, const std::string& problem) {
  throw ArrangementRefused(ErrorKind::input_missing, file.string(), problem,
                           "scan the sheet again, or give another file",
                           "此扫描件不能使用：请重新扫描或换一个文件");
}

std::string batch_text(BatchNumber batch) { return "batch " + std::to_string(batch); }

/// What reads single pages.
class Desk {
 public:
  explicit Desk(const ReadingTools& workshop)
      : workshop_(workshop),
        decoder_(workshop.settings.ingest.decode, 1),
        forms_(workshop.tables.forms),
        reader_(workshop.models, workshop.settings.ocr),
        tools_{decoder_,
               forms_,
               workshop.objects,
               clock_,
               workshop.quality,
               [](const PageRecord&) {},
               engines_json(workshop.models),
               workshop.tables.forms.version()} {}

  DecoderPool& decoder() { return decoder_; }

  PageRecord read(const PageOccurrence& occurrence, const SourceRecord& source,
                  const ReadingDecisions& decided) {
    const auto batch = workshop_.records.batch(source.batch);
    const bool other_category = batch && !batch->job_sheet.category.empty();
    return work_on(occurrence, source, tools_, reader_, decided, other_category).record;
  }

 private:
  const ReadingTools& workshop_;
  DecoderPool decoder_;
  FormReader forms_;
  PageReader reader_;
  StageClock clock_;
  PageTools tools_;
};

void file_scan(Records& records, LaterScan scan, Arrangement& decision) {
  scan.source.batch = decision.batch;
  scan.source.first_order = records.next_order(decision.batch);
  const SourceRecord source = records.add_source(scan.source);
  if (!records.pages_done(source.number).empty()) {
    refuse(batch_text(decision.batch),
           "this scan came in before as source " + std::to_string(source.number),
           "name its page: `juanzong arrange move`, or `replace PAGE --page NUMBER`",
           "此扫描件已交过：请直接用档案中的那一页");
  }
  for (PageRecord& page : scan.pages) {
    page.occurrence = {decision.batch, source.number, page.occurrence.page_in_file,
                       source.first_order + page.occurrence.page_in_file};
    decision.pages.push_back(records.put_page(page));
  }
}

/// The count of the paper may agree now, or no more. What a person released stays released.
void close_again(const ArrangingTools& tools, const BatchRecord& before) {
  const std::string hold = reason_to_hold(before.job_sheet, tools.records.counts(before.number));
  const bool released = before.state == BatchState::complete && !before.held_reason.empty();
  const bool held = !hold.empty() && !released;
  const BlobId report = tools.objects.put(
      batch_report(tools.records, *tools.records.batch(before.number), tools.quality));
  tools.records.close_batch(before.number, held ? BatchState::held : BatchState::complete,
                            released && !hold.empty() ? before.held_reason : hold, report);
}

BatchRecord finished_batch(const Records& records, BatchNumber number) {
  const auto batch = records.batch(number);
  if (!batch) {
    throw ArchiveError(ErrorKind::not_found, batch_text(number), "there is no such batch",
                       "`juanzong status` lists all batches");
  }
  if (batch->state == BatchState::open) {
    refuse(batch_text(number), "its pages are not all read yet",
           "finish it first: give its `juanzong ingest` command again",
           "该批次的页还没有全部识读：请先完成该批次");
  }
  return *batch;
}

std::string item_text(DossierNumber dossier, int sequence) {
  const std::string of = "dossier " + std::to_string(dossier);
  return sequence == 0 ? of : "item " + std::to_string(sequence) + " of " + of;
}

/// What others rely on: what was approved stays as it was approved, and what has a place, a
/// borrower, a hold or a longer period on record stays under the number it is on record with. What
/// lies in a dossier under a hold stays in it, whatever comes to it.
class Settled {
 public:
  Settled(Records& records, BatchNumber batch)
      : records_(records),
        batch_(batch),
        approved_(approved_items(records, batch)),
        held_(held_pages(records, batch)),
        on_record_(items_on_record(records, batch)) {}

  void refuse_touching() const {
    if (const auto* item = missing(approved_, approved_items(records_, batch_))) {
      refuse(item_text(item->dossier, item->sequence),
             "it is approved, and would not be what was approved",
             "let it be returned first: `juanzong review`", "涉及已审批的件：请先退回");
    }
    refuse_leaving_a_hold();
    if (const auto* item = missing(on_record_, items_on_record(records_, batch_))) {
      refuse(item_text(item->dossier, item->sequence),
             "a place, a loan, a hold or a period is on record of it, which another item would get",
             "lift or end that first, or arrange what lies behind it",
             "涉及已登记库位、借阅、冻结或期限的件，其件号会改变：请先解除登记");
    }
  }

 private:
  void refuse_leaving_a_hold() const {
    const std::vector<HeldPage> now = held_pages(records_, batch_);
    for (const HeldPage& was : held_) {
      const bool stays = std::ranges::any_of(now, [&was](const HeldPage& page) {
        return page.page == was.page && page.dossier == was.dossier && (was.kept || !page.kept);
      });
      if (stays) continue;
      refuse("page " + std::to_string(was.page),
             "a hold is on dossier " + std::to_string(was.dossier) +
                 ", which it would leave, or its item is on an approved disposal list",
             "let the hold be lifted (`juanzong hold`), or the list withdrawn "
             "(`juanzong disposal`) first",
             "该页所在卷宗已冻结，或其件列入已批准的销毁清册，不得移出：请先解除冻结或撤销清册");
    }
  }

  template <class Item>
  static const Item* missing(const std::vector<Item>& before, const std::vector<Item>& now) {
    const auto found = std::ranges::find_if(
        before, [&now](const Item& item) { return std::ranges::find(now, item) == now.end(); });
    return found == before.end() ? nullptr : &*found;
  }

  Records& records_;
  BatchNumber batch_;
  std::vector<ApprovedItem> approved_;
  std::vector<HeldPage> held_;
  std::vector<ItemOnRecord> on_record_;
};

LaterScan read_stored_scan(const ReadingTools& tools, BatchNumber batch,
                           const ObjectStore::StoredFile& stored, const fs::path& file) {
  Desk desk(tools);
  LaterScan scan;
  scan.source.batch = batch;
  scan.source.name = kLaterFolder + file.filename().string();
  scan.source.blob = stored.blob;
  scan.source.size_bytes = stored.size_bytes;
  scan.source.kind = kind_of(stored.first_bytes);
  scan.source.carrier = carrier_of(stored.first_bytes, file);
  if (scan.source.kind == SourceKind::other) refuse_scan(file, "is no picture that can be read");
  const auto summary = desk.decoder().summary(tools.objects.file_of(stored.blob).path());
  if (!summary)
    refuse_scan(file, "cannot be opened: " + std::string(name_of(summary.error().reason)));
  if (summary->pages < 1 || summary->pages > tools.settings.ingest.decode.pages_max) {
    refuse_scan(file, "has " + std::to_string(summary->pages) + " pages");
  }
  scan.source.pages = summary->pages;
  scan.source.warnings = summary->warnings;
  for (int i = 0; i < summary->pages; ++i) {
    PageRecord page = desk.read({batch, 0, i, i}, scan.source, {});
    if (page.fault) {
      refuse_scan(file, "page " + std::to_string(i + 1) +
                            " cannot be read: " + std::string(name_of(page.fault->reason)));
    }
    scan.pages.push_back(std::move(page));
  }
  return scan;
}

/// A file that was set aside as a whole stands as one page, however many it has.
void refuse_whole_file(const ReadingTools& tools, Desk& desk, const PageRecord& page,
                       SourceRecord source) {
  if (page.state != PageState::set_aside || source.pages > 1) return;
  const std::string where = "page " + std::to_string(page.number);
  const int before = source.pages;
  const auto fault = look_into(tools.objects, desk.decoder(), tools.settings.ingest.decode, source);
  if (fault) {
    refuse(where, "its file cannot be opened: " + std::string(name_of(fault->reason)),
           "replace it by a new scan: `juanzong arrange replace`",
           "该文件仍无法打开：请重新扫描并替换该页");
  }
  if (source.pages != before) {
    refuse(where, "its file has " + std::to_string(source.pages) + " pages, all set aside as one",
           "read all of them: `juanzong reprocess " + std::to_string(page.number) + "`",
           "该页代表一个多页文件：请由技术人员执行 juanzong reprocess");
  }
}

bool changes_the_count(ArrangementAction action) {
  return action == ArrangementAction::insert_pages || action == ArrangementAction::replace_page;
}

}  // namespace

LaterScan read_later_scan(const ReadingTools& tools, BatchNumber batch, const fs::path& file) {
  const auto stored = tools.objects.put_file(file, tools.settings.ingest.decode.file_bytes_max);
  if (!stored) refuse_scan(file, "cannot be read: " + std::string(name_of(stored.error().reason)));
  return read_stored_scan(tools, batch, *stored, file);
}

LaterScan read_later_scan(const ReadingTools& tools, BatchNumber batch, std::string_view bytes,
                          const std::string& name) {
  if (bytes.empty() || bytes.size() > tools.settings.ingest.decode.file_bytes_max) {
    refuse_scan(name, "is empty or too large");
  }
  const ObjectStore::StoredFile stored{tools.objects.put(bytes), bytes.size(),
                                       std::string(bytes.substr(0, kFirstBytes))};
  return read_stored_scan(tools, batch, stored, name);
}

PageRecord read_as_decided(const ReadingTools& workshop, const PageRecord& page,
                           const ReadingDecisions& decided) {
  const std::string where = "page " + std::to_string(page.number);
  const auto source = workshop.records.source(page.occurrence.source);
  if (!source || !source->blob) {
    refuse(where, "its file could not be read when it was handed in",
           "replace it by a new scan: `juanzong arrange replace`",
           "原文件交来时就无法读取：请重新扫描并替换该页");
  }
  Desk desk(workshop);
  refuse_whole_file(workshop, desk, page, *source);
  PageRecord fresh = desk.read(page.occurrence, *source, decided);
  if (fresh.fault) {
    refuse(where, "cannot be read: " + std::string(name_of(fresh.fault->reason)),
           "replace it by a new scan: `juanzong arrange replace`",
           "这样无法识读：请重新扫描并替换该页");
  }
  fresh.number = page.number;
  if (!decided.doc_type.empty()) {
    fresh.doc_type = decided.doc_type;
    fresh.doc_type_confidence = 1;
    fresh.doc_type_by_person = true;
    fresh.kind = PageKind::content;
  }
  fresh.rotation_by_person = decided.rotation.has_value();
  return fresh;
}

void file_again(const ArrangingTools& tools, const PageRecord& page) {
  Records& records = tools.records;
  const BatchRecord batch = finished_batch(records, page.occurrence.batch);
  const auto now = records.page(page.number);
  if (!now || now->state != PageState::set_aside || now->replaced_by != 0) {
    refuse("page " + std::to_string(page.number), "it is not set aside",
           "`juanzong status --set-aside` lists those that are", "该页并非待处理页");
  }
  const Settled settled(records, batch.number);
  records.put_page(page);
  assemble_batch(records, tools.forms, batch.number);
  settled.refuse_touching();
  close_again(tools, batch);
}

ArrangementNumber arrange(const ArrangingTools& tools, Arrangement decision,
                          const Brought& brought) {
  Records& records = tools.records;
  const BatchRecord batch = finished_batch(records, decision.batch);
  const Settled settled(records, batch.number);
  const auto file = [&](Arrangement& wanted) {
    if (brought.scan) file_scan(records, *brought.scan, wanted);
  };
  const auto change = [&](const Arrangement& made) {
    if (brought.page) records.put_page(*brought.page);
    assemble_batch(records, tools.forms, made.batch);
    const auto kept = records.arrangement(made.number);
    if (const auto* conflict = conflict_named(kept ? kept->conflict : "")) {
      refuse(batch_text(made.batch), std::string(conflict->en),
             "look with `juanzong show` how things lie now; see `juanzong arrange --help`",
             std::string(conflict->zh));
    }
    settled.refuse_touching();
    if (changes_the_count(made.action)) close_again(tools, batch);
  };
  return records.arrange(std::move(decision), file, change);
}

void take_back(const ArrangingTools& tools, ArrangementNumber number, const std::string& reason,
               const std::string& who, const std::optional<PageRecord>& page) {
  Records& records = tools.records;
  const auto decision = records.arrangement(number);
  if (!decision) {
    throw ArchiveError(ErrorKind::not_found, "decision " + std::to_string(number),
                       "there is no such decision", "`juanzong arrange list` prints the numbers");
  }
  if (!decision->stands()) {
    refuse("decision " + std::to_string(number), "it was taken back already",
           "`juanzong arrange list` prints those that stand", "该决定已撤销");
  }
  const BatchRecord batch = finished_batch(records, decision->batch);
  const Settled settled(records, batch.number);
  records.end_arrangement(number, reason, who, [&](const Arrangement& ended) {
    if (page) {
      records.forget_reading_decisions(page->number);
      records.put_page(*page);
    }
    assemble_batch(records, tools.forms, ended.batch);
    settled.refuse_touching();
    if (changes_the_count(ended.action)) close_again(tools, batch);
  });
}

ReadingDecisions decided_about(const Records& records, const PageRecord& page,
                               ArrangementNumber without) {
  ReadingDecisions decided = decided_about(page);
  const auto ended = records.arrangement(without);
  if (!ended) return decided;
  if (ended->action == ArrangementAction::type_page) decided.doc_type.clear();
  if (ended->action == ArrangementAction::rotate_page) decided.rotation.reset();
  for (const Arrangement& one : records.arrangements(page.occurrence.batch)) {
    const bool counts = one.stands() && one.number != without && one.action == ended->action &&
                        one.pages == ended->pages;
    if (!counts) continue;
    if (one.action == ArrangementAction::type_page) decided.doc_type = one.value;
    if (one.action == ArrangementAction::rotate_page) decided.rotation = std::stoi(one.value);
  }
  return decided;
}

}  // namespace archive
