#include <nlohmann/json.hpp>
#include <string>

#include "app/arrange_text.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/named_batch.h"
#include "app/open_archive.h"
#include "ingest/arrange_wish.h"
#include "ingest/arranging.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "store/archive_folder.h"
#include "viewer/arrangement_json.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;
using Action = ArrangementAction;

[[noreturn]] void refuse(const std::string& where, const std::string& problem,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::usage, where, problem, what_to_do);
}

/// An archive open for a decision, and what is done around each.
class ArrangeSession {
 public:
  ArrangeSession(const ArrangeOptions& options, const char* verb, const Console& say)
      : options_(options),
        say_(say),
        stop_(stop_on_signals()),
        archive_(options.archive, std::string("arrange ") + verb, options.reason) {
    if (options.reason.find_first_not_of(" \t") == std::string::npos) {
      refuse("--reason", "a decision needs a reason", "say why, in a few words");
    }
    // A run that was stopped may have left batches to put together.
    assemble_what_changed(archive_.records(), archive_.catalogue());
  }

  Records& records() { return archive_.records(); }

  /// Follows a wish; a scan named in `file` is read for it.
  int follow(const ArrangeWish& wish, const std::filesystem::path& file = {}) {
    Arrangement decision = decision_of(records(), archive_.catalogue(), wish);
    Brought brought;
    if (const auto reading = reading_of(records(), wish, decision)) {
      Workshop workshop = archive_.workshop();
      brought.page = read_as_decided(workshop, reading->page, reading->decided);
    }
    if (!file.empty()) {
      Workshop workshop = archive_.workshop();
      brought.scan = read_later_scan(workshop, decision.batch, file);
      const std::size_t pages = brought.scan->pages.size();
      if (wish.action == Action::replace_page && pages != 1) {
        refuse(file.string(), "it has " + std::to_string(pages) + " pages",
               "a page is replaced by one: give a file of one page, or insert it");
      }
    }
    decision.reason = options_.reason;
    decision.decided_by = records().writes_as();
    const BatchNumber batch = decision.batch;
    const ArrangementNumber made = arrange(tools(), std::move(decision), brought);
    return finish(batch, made);
  }

  int undo(ArrangementNumber number) {
    const auto decision = records().arrangement(number);
    if (!decision) {
      throw ArchiveError(ErrorKind::not_found, "decision " + std::to_string(number),
                         "there is none of this number", "`juanzong arrange list` prints them");
    }
    std::optional<PageRecord> page;
    if (const auto reading = reading_without(records(), *decision)) {
      Workshop workshop = archive_.workshop();
      page = read_as_decided(workshop, reading->page, reading->decided);
    }
    take_back(tools(), number, options_.reason, records().writes_as(), page);
    return finish(decision->batch, number);
  }

 private:
  ArrangingTools tools() {
    return {archive_.records(), archive_.objects(), archive_.catalogue(), archive_.quality()};
  }

  int finish(BatchNumber batch, ArrangementNumber made) {
    bring_index_up_to_date(archive_.catalogue(), archive_.objects(), records(), archive_.index(),
                           stop_);
    bring_checks_up_to_date(records(), archive_.tables(), batch, 0, nullptr, stop_);
    Json conflicts = Json::array();
    for (const Arrangement& one : records().arrangements(batch)) {
      if (one.number == made && !say_.json()) say_.result(arrangement_text(one, say_));
      if (one.conflict.empty() || !one.stands()) continue;
      conflicts.push_back(arrangement_json(one));
      if (!say_.json()) say_.note(arrangement_text(one, say_));
    }
    if (say_.json()) {
      Json json = arrangement_json(*records().arrangement(made));
      json["conflicts"] = std::move(conflicts);
      say_.result_json(json);
    }
    return stop_ ? static_cast<int>(ErrorKind::interrupted) : 0;
  }

  const ArrangeOptions& options_;
  const Console& say_;
  const std::atomic<bool>& stop_;
  WritableArchive archive_;
};

ArrangeWish wish_of(Action action, const ArrangeOptions& options) {
  ArrangeWish wish;
  wish.action = action;
  wish.after = options.after;
  wish.before = options.before;
  wish.item = options.item;
  wish.dossier = options.dossier;
  wish.other = options.other;
  wish.person = options.person;
  wish.with_page = options.with_page;
  wish.new_item = options.new_item;
  wish.turn = options.turn;
  wish.value = options.value;
  return wish;
}

ArrangeWish about_pages(Action action, const ArrangeOptions& options) {
  ArrangeWish wish = wish_of(action, options);
  wish.pages = options.numbers;
  return wish;
}

ArrangeWish about_page(Action action, const ArrangeOptions& options) {
  ArrangeWish wish = wish_of(action, options);
  wish.pages = {options.page};
  return wish;
}

}  // namespace

int run_arrange_move(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "move", say).follow(about_pages(Action::move_pages, options));
}

int run_arrange_order(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "order", say).follow(about_pages(Action::order_pages, options));
}

int run_arrange_order_items(const ArrangeOptions& options, const Console& say) {
  ArrangeWish wish = wish_of(Action::order_items, options);
  for (const std::int64_t sequence : options.numbers) {
    wish.sequences.push_back(static_cast<int>(sequence));
  }
  return ArrangeSession(options, "order-items", say).follow(wish);
}

int run_arrange_rotate(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "rotate", say).follow(about_page(Action::rotate_page, options));
}

int run_arrange_insert(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "insert", say)
      .follow(wish_of(Action::insert_pages, options), options.file);
}

int run_arrange_replace(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "replace", say);
  if (options.with_page == 0 && options.file.empty()) {
    refuse("juanzong arrange replace", "no scan is named", "give a file, or --page NUMBER");
  }
  return session.follow(about_page(Action::replace_page, options),
                        options.with_page == 0 ? options.file : std::filesystem::path());
}

int run_arrange_split(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "split", say).follow(about_page(Action::split_item, options));
}

int run_arrange_merge(const ArrangeOptions& options, const Console& say) {
  ArrangeWish wish = wish_of(Action::merge_items, options);
  wish.items = options.numbers;
  return ArrangeSession(options, "merge", say).follow(wish);
}

int run_arrange_split_dossier(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "split-dossier", say)
      .follow(about_page(Action::split_dossier, options));
}

int run_arrange_merge_dossiers(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "merge-dossiers", say)
      .follow(wish_of(Action::merge_dossiers, options));
}

int run_arrange_split_person(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "split-person", say)
      .follow(about_pages(Action::split_person, options));
}

int run_arrange_type(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "type", say);
  if (options.item == 0 && options.page == 0) {
    refuse("juanzong arrange type", "nothing is named", "add --page NUMBER or --item NUMBER");
  }
  return session.follow(options.item != 0 ? wish_of(Action::type_item, options)
                                          : about_page(Action::type_page, options));
}

int run_arrange_class(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "class", say);
  if (options.value.empty() && options.retention.empty()) {
    refuse("juanzong arrange class", "nothing is decided", "add --class CODE or --retention CODE");
  }
  ArrangeWish wish = wish_of(
      options.value.empty() ? Action::retention_item : Action::class_item, options);
  if (options.value.empty()) wish.value = options.retention;
  return session.follow(wish);
}

int run_arrange_undo(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "undo", say).undo(options.decision);
}

int run_arrange_list(const ArrangeOptions& options, const Console& say) {
  const ReadingRoom room(options.archive);
  const Records& records = room.records();
  std::vector<Arrangement> found;
  if (options.dossier != 0) {
    const auto dossier = records.dossier(options.dossier);
    if (!dossier) {
      throw ArchiveError(ErrorKind::not_found, "dossier " + std::to_string(options.dossier),
                         "there is none of this number",
                         "`juanzong search` and `juanzong show --dossier N` print the numbers");
    }
    found = decisions_about(records, *dossier);
  } else if (!options.batch.empty()) {
    found = records.arrangements(named_batch(records, options.batch).number);
  } else {
    for (const BatchRecord& batch : records.batches()) {
      for (const Arrangement& one : records.arrangements(batch.number)) found.push_back(one);
    }
  }
  if (!options.all) std::erase_if(found, [](const Arrangement& one) { return !one.stands(); });
  for (const Arrangement& one : found) {
    if (say.json()) {
      say.result_json(arrangement_json(one));
    } else {
      say.result(arrangement_text(one, say));
    }
  }
  say.none_if(found.empty());
  return 0;
}

}  // namespace archive
