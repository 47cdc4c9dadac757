#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "app/arrange_text.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/named_batch.h"
#include "app/open_archive.h"
#include "core/retention.h"
#include "ingest/arranging.h"
#include "ingest/assembly.h"
#include "ingest/dossier_checking.h"
#include "store/archive_folder.h"
#include "viewer/page_json.h"
#include "viewer/reading_room.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;
using Action = ArrangementAction;

[[noreturn]] void refuse(const std::string& where, const std::string& problem,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::usage, where, problem, what_to_do);
}

[[noreturn]] void not_there(const std::string& where) {
  throw ArchiveError(ErrorKind::not_found, where, "there is none of this number",
                     "`juanzong search` and `juanzong show --dossier N` print the numbers");
}

/// Turns what a person names by the numbers of today into a decision that holds tomorrow.
/// Everything that is named must be of one batch, and nothing that gave its place to another.
class Wish {
 public:
  Wish(const Records& records, Action action) : records_(records) { decision.action = action; }

  PageRecord page(PageNumber number) {
    auto found = records_.page(number);
    const std::string where = "page " + std::to_string(number);
    if (!found) not_there(where);
    if (found->replaced_by != 0) {
      refuse(where, "page " + std::to_string(found->replaced_by) + " stands in its place",
             "name that one, or take the decision back: `juanzong arrange list`");
    }
    of_batch(where, found->occurrence.batch);
    if (found->dossier == 0) {
      refuse(where, "it is in no dossier yet", "finish its batch: `juanzong ingest`");
    }
    return *std::move(found);
  }

  DossierRecord dossier(DossierNumber number) {
    auto found = records_.dossier(number);
    const std::string where = "dossier " + std::to_string(number);
    if (!found) not_there(where);
    if (found->merged_into != 0) {
      refuse(where, "its pages are in dossier " + std::to_string(found->merged_into),
             "name that one, or take the decision back: `juanzong arrange list`");
    }
    of_batch(where, found->batch);
    return *std::move(found);
  }

  ItemRecord item(ItemNumber number) {
    auto found = records_.item(number);
    if (!found) not_there("item " + std::to_string(number));
    dossier(found->dossier);
    return *std::move(found);
  }

  std::string key_of(const ItemRecord& item) {
    return item.key.empty() ? item_key(dossier(item.dossier).key, item.sequence) : item.key;
  }

  /// Names an item: by its first page where it has one.
  void name_item(ItemNumber number) {
    const ItemRecord named = item(number);
    const auto pages = records_.pages_of_item(number);
    if (pages.empty()) {
      decision.item = key_of(named);
    } else {
      decision.pages.push_back(pages.front().number);
    }
  }

  void name_pages(const std::vector<PageNumber>& numbers) {
    std::set<PageNumber> seen;
    for (const PageNumber number : numbers) {
      if (!seen.insert(number).second) {
        refuse("page " + std::to_string(number), "it is named twice", "name each page once");
      }
      decision.pages.push_back(page(number).number);
    }
  }

  void name_place(const ArrangeOptions& options) {
    if (options.after != 0 || options.before != 0) {
      beside(options.after != 0 ? Beside::after : Beside::before,
             page(options.after != 0 ? options.after : options.before).number);
    } else if (options.item != 0) {
      const ItemRecord target = item(options.item);
      const auto pages = records_.pages_of_item(options.item);
      const auto last = std::find_if(pages.rbegin(), pages.rend(), [this](const PageRecord& one) {
        return std::ranges::find(decision.pages, one.number) == decision.pages.end();
      });
      if (last != pages.rend()) {
        beside(Beside::after, last->number);
      } else {
        decision.item = key_of(target);
      }
    } else if (options.dossier != 0) {
      decision.dossier = dossier(options.dossier).key;
      if (options.new_item) decision.value = "item";
    } else {
      refuse("juanzong arrange", "no place is named",
             "add --after PAGE, --before PAGE, --item NUMBER or --dossier NUMBER");
    }
  }

  Arrangement decision;

 private:
  void beside(Beside side, PageNumber page) {
    decision.side = side;
    decision.beside = page;
  }

  void of_batch(const std::string& where, BatchNumber batch) {
    if (decision.batch == 0) decision.batch = batch;
    if (decision.batch == batch) return;
    refuse(where, "it is of another batch, whose pages are counted by themselves",
           "arrange within one batch; a sheet that was handed in with the wrong batch is scanned "
           "into the right one with `juanzong arrange insert`");
  }

  const Records& records_;
};

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

  WritableArchive& archive() { return archive_; }
  Records& records() { return archive_.records(); }

  int decide(Arrangement decision, const Brought& brought = {}) {
    decision.reason = options_.reason;
    decision.decided_by = records().writes_as();
    const BatchNumber batch = decision.batch;
    const ArrangementNumber made = arrange(tools(), std::move(decision), brought);
    return finish(batch, made);
  }

  int undo(ArrangementNumber number) {
    const auto decision = records().arrangement(number);
    if (!decision) not_there("decision " + std::to_string(number));
    std::optional<PageRecord> page;
    const bool reading =
        decision->action == Action::rotate_page || decision->action == Action::type_page;
    if (reading && decision->stands() && !decision->pages.empty()) {
      if (const auto before = records().page(decision->pages.front())) {
        Workshop workshop = archive_.workshop();
        page = read_as_decided(workshop, *before, decided_about(records(), *before, number));
      }
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
      say_.result(json.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    return stop_ ? static_cast<int>(ErrorKind::interrupted) : 0;
  }

  const ArrangeOptions& options_;
  const Console& say_;
  const std::atomic<bool>& stop_;
  WritableArchive archive_;
};

void require_type(const FormCatalogue& forms, const std::string& code) {
  if (forms.type(code) != nullptr) return;
  refuse(code, "there is no such type of papers",
         "the types are in domain/document_types.csv, such as DT19");
}

}  // namespace

int run_arrange_move(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "move", say);
  Wish wish(session.records(), Action::move_pages);
  wish.name_pages(options.numbers);
  wish.name_place(options);
  return session.decide(wish.decision);
}

int run_arrange_order(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "order", say);
  Wish wish(session.records(), Action::order_pages);
  wish.name_pages(options.numbers);
  return session.decide(wish.decision);
}

int run_arrange_order_items(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "order-items", say);
  Wish wish(session.records(), Action::order_items);
  const DossierRecord dossier = wish.dossier(options.dossier);
  for (const std::int64_t sequence : options.numbers) {
    const auto item = std::ranges::find_if(
        dossier.items, [sequence](const ItemRecord& one) { return one.sequence == sequence; });
    const std::string where =
        "item " + std::to_string(sequence) + " of dossier " + std::to_string(dossier.number);
    if (item == dossier.items.end()) not_there(where);
    wish.name_item(item->number);
    if (!wish.decision.item.empty()) {
      refuse(where, "no page of it is there: it stays behind the item before it",
             "name items with pages alone");
    }
  }
  return session.decide(wish.decision);
}

int run_arrange_rotate(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "rotate", say);
  Wish wish(session.records(), Action::rotate_page);
  const PageRecord page = wish.page(options.page);
  wish.decision.pages = {page.number};
  // What is shown is the delivered image turned back by the rotation.
  constexpr int kFullTurn = 360;
  ReadingDecisions decided = decided_about(page);
  decided.rotation = (page.rotation - options.turn + kFullTurn) % kFullTurn;
  wish.decision.value = std::to_string(*decided.rotation);
  Workshop workshop = session.archive().workshop();
  return session.decide(wish.decision, {{}, read_as_decided(workshop, page, decided)});
}

int run_arrange_insert(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "insert", say);
  Wish wish(session.records(), Action::insert_pages);
  wish.name_place(options);
  Workshop workshop = session.archive().workshop();
  return session.decide(wish.decision,
                        {read_later_scan(workshop, wish.decision.batch, options.file), {}});
}

int run_arrange_replace(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "replace", say);
  Wish wish(session.records(), Action::replace_page);
  wish.name_pages({options.page});
  if (options.with_page != 0) {
    if (options.with_page == options.page) {
      refuse("--page", "a page cannot stand in its own place", "name another page");
    }
    wish.name_pages({options.with_page});
    return session.decide(wish.decision);
  }
  if (options.file.empty()) {
    refuse("juanzong arrange replace", "no scan is named", "give a file, or --page NUMBER");
  }
  Workshop workshop = session.archive().workshop();
  LaterScan scan = read_later_scan(workshop, wish.decision.batch, options.file);
  if (scan.pages.size() != 1) {
    refuse(options.file.string(), "it has " + std::to_string(scan.pages.size()) + " pages",
           "a page is replaced by one: give a file of one page, or insert it");
  }
  return session.decide(wish.decision, {std::move(scan), {}});
}

int run_arrange_split(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "split", say);
  Wish wish(session.records(), Action::split_item);
  const PageRecord page = wish.page(options.page);
  if (page.item != 0 && page.page_of_item == 1) {
    refuse("page " + std::to_string(page.number), "it is the first of its item",
           "name the page with which the second part begins");
  }
  wish.decision.pages = {page.number};
  return session.decide(wish.decision);
}

int run_arrange_merge(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "merge", say);
  Wish wish(session.records(), Action::merge_items);
  for (const ItemNumber item : options.numbers) {
    wish.name_item(item);
    if (!wish.decision.item.empty()) {
      refuse("item " + std::to_string(item), "no page of it is there, so nothing can be merged",
             "name items with pages");
    }
  }
  return session.decide(wish.decision);
}

int run_arrange_split_dossier(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "split-dossier", say);
  Wish wish(session.records(), Action::split_dossier);
  wish.name_pages({options.page});
  wish.decision.value = options.value;
  return session.decide(wish.decision);
}

int run_arrange_merge_dossiers(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "merge-dossiers", say);
  Wish wish(session.records(), Action::merge_dossiers);
  wish.decision.dossier = wish.dossier(options.dossier).key;
  wish.decision.value = wish.dossier(options.other).key;
  return session.decide(wish.decision);
}

int run_arrange_split_person(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "split-person", say);
  Records& records = session.records();
  const std::string where = "person " + std::to_string(options.person);
  const auto person = records.person(options.person);
  if (!person) not_there(where);
  if (!person->citizen_id.empty()) {
    refuse(where, "who has one citizen number is one person",
           "correct the number where it was misread: `juanzong value PAGE id_number`");
  }
  std::set<PageNumber> named;
  for (const PersonPageRecord& page : records.pages_of_person(person->number)) {
    named.insert(page.page);
  }
  Wish wish(records, Action::split_person);
  wish.name_pages(options.numbers);
  wish.decision.value = person->name;
  for (const PageNumber page : wish.decision.pages) {
    if (named.contains(page)) continue;
    refuse("page " + std::to_string(page), "it does not name this person",
           "`juanzong person NUMBER` lists the pages that do");
  }
  if (named.size() == wish.decision.pages.size()) {
    refuse(where, "these are all pages that name him, so nobody is left on the other side",
           "name the pages of one of the two");
  }
  return session.decide(wish.decision);
}

int run_arrange_type(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "type", say);
  require_type(session.archive().catalogue(), options.value);
  const bool of_item = options.item != 0;
  if (!of_item && options.page == 0) {
    refuse("juanzong arrange type", "nothing is named", "add --page NUMBER or --item NUMBER");
  }
  Wish wish(session.records(), of_item ? Action::type_item : Action::type_page);
  wish.decision.value = options.value;
  if (of_item) {
    wish.name_item(options.item);
    return session.decide(wish.decision);
  }
  const PageRecord page = wish.page(options.page);
  wish.decision.pages = {page.number};
  ReadingDecisions decided = decided_about(page);
  decided.doc_type = options.value;
  Workshop workshop = session.archive().workshop();
  return session.decide(wish.decision, {{}, read_as_decided(workshop, page, decided)});
}

int run_arrange_class(const ArrangeOptions& options, const Console& say) {
  ArrangeSession session(options, "class", say);
  const FormCatalogue& forms = session.archive().catalogue();
  const bool of_class = !options.value.empty();
  if (!of_class && options.retention.empty()) {
    refuse("juanzong arrange class", "nothing is decided", "add --class CODE or --retention CODE");
  }
  if (of_class && !forms.has_class(options.value)) {
    refuse(options.value, "there is no such class", "the classes are in domain/classification.csv");
  }
  Wish wish(session.records(), of_class ? Action::class_item : Action::retention_item);
  wish.name_item(options.item);
  wish.decision.value = of_class ? options.value : options.retention;
  const ItemRecord item = wish.item(options.item);
  if (!of_class && !keeps_at_least(options.retention, item.retention)) {
    refuse("item " + std::to_string(item.number),
           "it is kept for " + item.retention + ", which cannot be made shorter",
           "name a longer period, or correct its class");
  }
  return session.decide(wish.decision);
}

int run_arrange_undo(const ArrangeOptions& options, const Console& say) {
  return ArrangeSession(options, "undo", say).undo(options.decision);
}

int run_arrange_list(const ArrangeOptions& options, const Console& say) {
  const ReadingRoom room(options.archive);
  const Records& records = room.records();
  std::vector<BatchNumber> batches;
  std::set<PageNumber> pages;
  std::string key;
  if (options.dossier != 0) {
    const auto dossier = records.dossier(options.dossier);
    if (!dossier) not_there("dossier " + std::to_string(options.dossier));
    key = dossier->key;
    batches = {dossier->batch};
    for (const PageRecord& page : records.pages_of_dossier(dossier->number)) {
      pages.insert(page.number);
    }
    // A page that was replaced belongs where the one is that stands for it.
    for (const PageRecord& page : records.pages(dossier->batch)) {
      if (pages.contains(page.replaced_by)) pages.insert(page.number);
    }
  } else if (!options.batch.empty()) {
    batches = {named_batch(records, options.batch).number};
  } else {
    for (const BatchRecord& batch : records.batches()) batches.push_back(batch.number);
  }
  for (const BatchNumber batch : batches) {
    for (const Arrangement& one : records.arrangements(batch)) {
      const bool about = options.dossier == 0 || one.dossier == key || one.value == key ||
                         key == key_of_decision(one.number) || pages.contains(one.beside) ||
                         one.item.starts_with(key + '#') ||
                         std::ranges::any_of(
                             one.pages, [&pages](PageNumber page) { return pages.contains(page); });
      if (!about || (!one.stands() && !options.all)) continue;
      say.result(say.json()
                     ? arrangement_json(one).dump(-1, ' ', false, Json::error_handler_t::replace)
                     : arrangement_text(one, say));
    }
  }
  return 0;
}

}  // namespace archive
