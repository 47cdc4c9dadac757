#include "ingest/arrange_wish.h"

#include <algorithm>
#include <set>

#include "core/retention.h"

namespace archive {
namespace {

using Action = ArrangementAction;

constexpr int kFullTurn = 360;

[[noreturn]] void refuse_wish(const std::string& where, const std::string& problem,
                         const std::string& what_to_do, const std::string& zh) {
  throw ArrangementRefused(ErrorKind::usage, where, problem, what_to_do, zh);
}

[[noreturn]] void not_there(const std::string& where) {
  throw ArrangementRefused(ErrorKind::not_found, where, "there is none of this number",
                           "`juanzong search` and `juanzong show --dossier N` print the numbers",
                           "没有这个编号");
}

std::string page_text(PageNumber number) { return "page " + std::to_string(number); }

/// Gathers what a wish names.
class Naming {
 public:
  Naming(const Records& records, Action action) : records_(records) { decision.action = action; }

  PageRecord page(PageNumber number) {
    auto found = records_.page(number);
    const std::string where = page_text(number);
    if (!found) not_there(where);
    if (found->replaced_by != 0) {
      refuse_wish(where, "page " + std::to_string(found->replaced_by) + " stands in its place",
                  "name that one, or take the decision back: `juanzong arrange list`",
                  "该页已由另一页替换：请用替换它的页，或先撤销该决定");
    }
    of_batch(where, found->occurrence.batch);
    if (found->dossier == 0) {
      refuse_wish(where, "it is in no dossier yet", "finish its batch: `juanzong ingest`",
                  "该页还不属于任何卷宗：请先完成其批次");
    }
    return *std::move(found);
  }

  DossierRecord dossier(DossierNumber number) {
    auto found = records_.dossier(number);
    const std::string where = "dossier " + std::to_string(number);
    if (!found) not_there(where);
    if (found->merged_into != 0) {
      refuse_wish(where, "its pages are in dossier " + std::to_string(found->merged_into),
                  "name that one, or take the decision back: `juanzong arrange list`",
                  "该卷宗已并入另一卷：请用那一卷，或先撤销该决定");
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

  /// By its first page where it has one.
  void name_item(ItemNumber number) {
    const ItemRecord named = item(number);
    const auto pages = records_.pages_of_item(number);
    if (pages.empty()) {
      decision.item = key_of(named);
    } else {
      decision.pages.push_back(pages.front().number);
    }
  }

  void name_item_with_pages(ItemNumber number) {
    name_item(number);
    if (decision.item.empty()) return;
    refuse_wish("item " + std::to_string(number), "no page of it is there", "name items with pages",
                "该件没有页面：只能选择有页面的件");
  }

  void name_pages(const std::vector<PageNumber>& numbers) {
    std::set<PageNumber> seen;
    for (const PageNumber number : numbers) {
      if (!seen.insert(number).second) {
        refuse_wish(page_text(number), "it is named twice", "name each page once",
                    "同一页列了两次");
      }
      decision.pages.push_back(page(number).number);
    }
  }

  void name_place(const ArrangeWish& wish) {
    if (wish.after != 0 || wish.before != 0) {
      beside(wish.after != 0 ? Beside::after : Beside::before,
             page(wish.after != 0 ? wish.after : wish.before).number);
    } else if (wish.item != 0) {
      name_end_of_item(wish.item);
    } else if (wish.dossier != 0) {
      decision.dossier = dossier(wish.dossier).key;
      if (wish.new_item) decision.value = "item";
    } else {
      refuse_wish("juanzong arrange", "no place is named",
                  "add --after PAGE, --before PAGE, --item NUMBER or --dossier NUMBER",
                  "没有指明放到哪里");
    }
  }

  Arrangement decision;

 private:
  void name_end_of_item(ItemNumber number) {
    const ItemRecord target = item(number);
    const auto pages = records_.pages_of_item(number);
    const auto last = std::find_if(pages.rbegin(), pages.rend(), [this](const PageRecord& one) {
      return std::ranges::find(decision.pages, one.number) == decision.pages.end();
    });
    if (last != pages.rend()) {
      beside(Beside::after, last->number);
    } else {
      decision.item = key_of(target);
    }
  }

  std::string key_of(const ItemRecord& item) {
    return item.key.empty() ? item_key(dossier(item.dossier).key, item.sequence) : item.key;
  }

  void beside(Beside side, PageNumber page) {
    decision.side = side;
    decision.beside = page;
  }

  void of_batch(const std::string& where, BatchNumber batch) {
    if (decision.batch == 0) decision.batch = batch;
    if (decision.batch == batch) return;
    refuse_wish(where, "it is of another batch, whose pages are counted by themselves",
                "arrange within one batch; a sheet that came with the wrong batch is scanned "
                "into the right one with `juanzong arrange insert`",
                "它属于另一批次，各批次的页数分别清点：只能在同一批次内整理");
  }

  const Records& records_;
};

void about_one_page(const ArrangeWish& wish) {
  if (wish.pages.size() == 1) return;
  refuse_wish("juanzong arrange", "one page is to be named", "name one page", "须指明一页");
}

void name_order_of_items(Naming& naming, const ArrangeWish& wish) {
  const DossierRecord dossier = naming.dossier(wish.dossier);
  for (const int sequence : wish.sequences) {
    const auto item = std::ranges::find(dossier.items, sequence, &ItemRecord::sequence);
    const std::string where =
        "item " + std::to_string(sequence) + " of dossier " + std::to_string(dossier.number);
    if (item == dossier.items.end()) not_there(where);
    naming.name_item(item->number);
    if (!naming.decision.item.empty()) {
      refuse_wish(where, "no page of it is there: it stays behind the item before it",
                  "name items with pages alone",
                  "该件没有页面，随其前一件排列：只能选择有页面的件");
    }
  }
}

void name_split(Naming& naming, const ArrangeWish& wish) {
  about_one_page(wish);
  const PageRecord page = naming.page(wish.pages.front());
  if (page.item != 0 && page.page_of_item == 1) {
    refuse_wish(page_text(page.number), "it is the first of its item",
                "name the page with which the second part begins", "该页已是这一件的第一页");
  }
  naming.decision.pages = {page.number};
}

void name_replacement(Naming& naming, const ArrangeWish& wish) {
  about_one_page(wish);
  naming.name_pages(wish.pages);
  if (wish.with_page == 0) return;
  if (wish.with_page == wish.pages.front()) {
    refuse_wish("--page", "a page cannot stand in its own place", "name another page",
                "一页不能替换它自己");
  }
  naming.name_pages({wish.with_page});
}

void name_person(const Records& records, Naming& naming, const ArrangeWish& wish) {
  const std::string where = "person " + std::to_string(wish.person);
  const auto person = records.person(wish.person);
  if (!person) not_there(where);
  if (!person->citizen_id.empty()) {
    refuse_wish(where, "who has one citizen number is one person",
                "correct the number where it was misread: `juanzong value PAGE id_number`",
                "同一公民身份号码即为同一人：如识读有误，请更正号码");
  }
  std::set<PageNumber> named;
  for (const PersonPageRecord& page : records.pages_of_person(person->number)) {
    named.insert(page.page);
  }
  naming.name_pages(wish.pages);
  naming.decision.value = person->name;
  for (const PageNumber page : naming.decision.pages) {
    if (named.contains(page)) continue;
    refuse_wish(page_text(page), "it does not name this person",
                "`juanzong person NUMBER` lists the pages that do", "该页没有提及此人");
  }
  if (named.size() == naming.decision.pages.size()) {
    refuse_wish(where, "these are all pages that name him, so nobody is left on the other side",
                "name the pages of one of the two", "提及此人的页全部选中了：请只选其中一人的页");
  }
}

void name_type(const FormCatalogue& forms, Naming& naming, const ArrangeWish& wish) {
  if (forms.type(wish.value) == nullptr) {
    refuse_wish(wish.value, "there is no such type of papers",
                "the types are in domain/document_types.csv, such as DT19", "没有这种材料类型");
  }
  naming.decision.value = wish.value;
  if (wish.action == Action::type_item) {
    naming.name_item(wish.item);
  } else {
    about_one_page(wish);
    naming.decision.pages = {naming.page(wish.pages.front()).number};
  }
}

void name_class(const FormCatalogue& forms, Naming& naming, const ArrangeWish& wish) {
  if (wish.action == Action::class_item && !forms.has_class(wish.value)) {
    refuse_wish(wish.value, "there is no such class",
                "the classes are in domain/classification.csv", "没有这个类别");
  }
  naming.name_item(wish.item);
  naming.decision.value = wish.value;
  const ItemRecord item = naming.item(wish.item);
  if (wish.action == Action::retention_item && !keeps_at_least(wish.value, item.retention)) {
    refuse_wish("item " + std::to_string(item.number),
                "it is kept for " + item.retention + ", which cannot be made shorter",
                "name a longer period, or correct its class", "保管期限不能缩短");
  }
}

}  // namespace

Arrangement decision_of(const Records& records, const FormCatalogue& forms,
                        const ArrangeWish& wish) {
  Naming naming(records, wish.action);
  switch (wish.action) {
    case Action::move_pages:
      naming.name_pages(wish.pages);
      naming.name_place(wish);
      break;
    case Action::insert_pages:
      naming.name_place(wish);
      break;
    case Action::order_pages:
      naming.name_pages(wish.pages);
      break;
    case Action::order_items:
      name_order_of_items(naming, wish);
      break;
    case Action::split_item:
      name_split(naming, wish);
      break;
    case Action::merge_items:
      for (const ItemNumber item : wish.items) naming.name_item_with_pages(item);
      break;
    case Action::split_dossier:
      about_one_page(wish);
      naming.name_pages(wish.pages);
      naming.decision.value = wish.value;
      break;
    case Action::merge_dossiers:
      naming.decision.dossier = naming.dossier(wish.dossier).key;
      naming.decision.value = naming.dossier(wish.other).key;
      break;
    case Action::replace_page:
      name_replacement(naming, wish);
      break;
    case Action::split_person:
      name_person(records, naming, wish);
      break;
    case Action::rotate_page: {
      about_one_page(wish);
      const PageRecord page = naming.page(wish.pages.front());
      naming.decision.pages = {page.number};
      // What is shown is the delivered image turned back by the rotation.
      naming.decision.value =
          std::to_string((page.rotation - wish.turn + 2 * kFullTurn) % kFullTurn);
      break;
    }
    case Action::type_page:
    case Action::type_item:
      name_type(forms, naming, wish);
      break;
    case Action::class_item:
    case Action::retention_item:
      name_class(forms, naming, wish);
      break;
  }
  return naming.decision;
}

std::optional<ReadingWish> reading_of(const Records& records, const ArrangeWish& wish,
                                      const Arrangement& decision) {
  if (wish.action != Action::rotate_page && wish.action != Action::type_page) return std::nullopt;
  auto page = records.page(decision.pages.front());
  if (!page) not_there(page_text(decision.pages.front()));
  ReadingWish made{*std::move(page), {}};
  made.decided = decided_about(made.page);
  if (wish.action == Action::rotate_page) {
    made.decided.rotation = std::stoi(decision.value);
  } else {
    made.decided.doc_type = decision.value;
  }
  return made;
}

std::optional<ReadingWish> reading_without(const Records& records, const Arrangement& decision) {
  const bool reading =
      decision.action == Action::rotate_page || decision.action == Action::type_page;
  if (!reading || !decision.stands() || decision.pages.empty()) return std::nullopt;
  auto page = records.page(decision.pages.front());
  if (!page) return std::nullopt;
  const ReadingDecisions decided = decided_about(records, *page, decision.number);
  return ReadingWish{*std::move(page), decided};
}

namespace {

std::set<PageNumber> pages_there(const Records& records, const DossierRecord& dossier) {
  std::set<PageNumber> pages;
  for (const PageRecord& page : records.pages_of_dossier(dossier.number)) {
    pages.insert(page.number);
  }
  // A page that was replaced belongs where the one is that stands for it.
  for (const PageRecord& page : records.pages(dossier.batch)) {
    if (pages.contains(page.replaced_by)) pages.insert(page.number);
  }
  return pages;
}

bool names_dossier(const Arrangement& one, const DossierRecord& dossier,
                   const std::set<PageNumber>& pages) {
  return one.batch == dossier.batch &&
         (one.dossier == dossier.key || one.value == dossier.key ||
          dossier.key == key_of_decision(one.number) || pages.contains(one.beside) ||
          one.item.starts_with(dossier.key + '#') ||
          (!one.item.empty() &&
           std::ranges::find(dossier.items, one.item, &ItemRecord::key) != dossier.items.end()) ||
          std::ranges::any_of(one.pages,
                              [&pages](PageNumber page) { return pages.contains(page); }));
}

}  // namespace

bool is_about(const Records& records, const DossierRecord& dossier, const Arrangement& decision) {
  return names_dossier(decision, dossier, pages_there(records, dossier));
}

std::vector<Arrangement> decisions_about(const Records& records, const DossierRecord& dossier) {
  const std::set<PageNumber> pages = pages_there(records, dossier);
  std::vector<Arrangement> about;
  for (const Arrangement& one : records.arrangements(dossier.batch)) {
    if (names_dossier(one, dossier, pages)) about.push_back(one);
  }
  return about;
}

}  // namespace archive
