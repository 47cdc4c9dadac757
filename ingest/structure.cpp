#include "ingest/structure.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace archive {
namespace {

using Pages = std::vector<PageNumber>;
using Conflict = std::string;  // a word of kArrangementConflicts, or empty

bool has(const Pages& pages, PageNumber page) {
  return std::ranges::find(pages, page) != pages.end();
}

/// Gives the places that some of `pages` have to `order`, one after another.
void reorder(Pages& pages, const Pages& order) {
  auto next = order.begin();
  for (PageNumber& page : pages) {
    if (has(order, page)) page = *next++;
  }
}

void put(Pages& pages, const Pages& more, PageNumber beside, Beside side) {
  auto place = side == Beside::nothing ? pages.end() : std::ranges::find(pages, beside);
  if (side == Beside::after && place != pages.end()) ++place;
  pages.insert(place, more.begin(), more.end());
}

/// Lays decisions over a structure. Places are told by indices: they hold until something is moved.
class Arranger {
 public:
  Arranger(Structure& structure, const std::map<PageNumber, PageNumber>& replaced)
      : structure_(structure), replaced_(replaced) {}

  void lay(Arrangement decision) {
    Pages pages;
    for (const PageNumber page : decision.pages) {
      if (!has(pages, standing(page))) pages.push_back(standing(page));
    }
    decision.pages = std::move(pages);
    decision.beside = standing(decision.beside);
    const Conflict conflict = follow(decision);
    if (!conflict.empty()) structure_.conflicts[decision.number] = conflict;
    drop_what_is_empty();
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Place {
    std::size_t dossier = kNone;
    std::size_t item = kNone;
    bool found() const { return dossier != kNone; }
    friend bool operator==(const Place&, const Place&) = default;
  };

  PageNumber standing(PageNumber page) const {
    const auto found = replaced_.find(page);
    return found == replaced_.end() ? page : found->second;
  }

  Conflict follow(const Arrangement& decision) {
    using Action = ArrangementAction;
    if (decision.action != Action::replace_page) {
      for (const PageNumber page : decision.pages) {
        if (!place_of(page).found()) return "page_gone";
      }
    }
    switch (decision.action) {
      case Action::move_pages:
      case Action::insert_pages:
        return move(decision);
      case Action::order_pages:
        return order_pages(decision.pages);
      case Action::order_items:
        return order_items(decision.pages);
      case Action::split_item:
        return split_item(decision);
      case Action::merge_items:
        return merge_items(decision.pages);
      case Action::split_dossier:
        return split_dossier(decision);
      case Action::merge_dossiers:
        return merge_dossiers(decision);
      case Action::split_person:
        for (const PageNumber page : decision.pages) {
          structure_.apart[page][decision.value] = decision.number;
        }
        return {};
      case Action::type_item:
      case Action::class_item:
      case Action::retention_item:
        return decide_item(decision);
      case Action::replace_page:  // before anything is put together
      case Action::rotate_page:   // these are about the reading of a page
      case Action::type_page:
        return {};
    }
    return {};
  }

  ArrangedDossier& dossier(const Place& place) { return structure_.dossiers[place.dossier]; }
  ArrangedItem& item(const Place& place) { return dossier(place).items[place.item]; }

  Place place_of(PageNumber page) const {
    for (std::size_t d = 0; d < structure_.dossiers.size(); ++d) {
      const ArrangedDossier& one = structure_.dossiers[d];
      if (!has(one.pages, page)) continue;
      for (std::size_t i = 0; i < one.items.size(); ++i) {
        if (has(one.items[i].pages, page)) return {d, i};
      }
      return {d, kNone};
    }
    return {};
  }

  std::size_t dossier_with(const std::string& key) const {
    const auto found = std::ranges::find(structure_.dossiers, key, &ArrangedDossier::key);
    return found == structure_.dossiers.end()
               ? kNone
               : static_cast<std::size_t>(found - structure_.dossiers.begin());
  }

  Place item_with(const std::string& key) const {
    for (std::size_t d = 0; d < structure_.dossiers.size(); ++d) {
      const auto& items = structure_.dossiers[d].items;
      const auto found = std::ranges::find_if(
          items, [&key](const ArrangedItem& one) { return one.record.key == key; });
      if (found != items.end()) return {d, static_cast<std::size_t>(found - items.begin())};
    }
    return {};
  }

  void take_out(const Pages& pages) {
    for (ArrangedDossier& one : structure_.dossiers) {
      const auto moved = [&pages](PageNumber page) { return has(pages, page); };
      if (std::erase_if(one.pages, moved) > 0) lost_pages_.insert(one.key);
      for (ArrangedItem& item : one.items) std::erase_if(item.pages, moved);
    }
  }

  Conflict move(const Arrangement& decision) {
    if (decision.side != Beside::nothing) {
      if (has(decision.pages, decision.beside)) return "beside_itself";
      const Place target = place_of(decision.beside);
      if (!target.found()) return "page_gone";
      take_out(decision.pages);
      put(dossier(target).pages, decision.pages, decision.beside, decision.side);
      if (target.item != kNone) {
        put(item(target).pages, decision.pages, decision.beside, decision.side);
      }
      moved_to(target);
      return {};
    }
    if (!decision.item.empty()) return move_into_item(decision);
    const Place target{dossier_with(decision.dossier), kNone};
    if (!target.found()) return "dossier_gone";
    take_out(decision.pages);
    put(dossier(target).pages, decision.pages, 0, Beside::nothing);
    if (decision.value == "item") {
      dossier(target).items.push_back(fresh_item(decision.number, decision.pages));
      number_items(dossier(target));
    }
    moved_to(target);
    return {};
  }

  Conflict move_into_item(const Arrangement& decision) {
    const Place target = item_with(decision.item);
    if (!target.found()) return "item_gone";
    take_out(decision.pages);
    // After what is in the item, else behind the items before it, else at the end.
    PageNumber beside = 0;
    for (std::size_t i = 0; i <= target.item; ++i) {
      const Pages& pages = dossier(target).items[i].pages;
      if (!pages.empty()) beside = pages.back();
    }
    put(dossier(target).pages, decision.pages, beside,
        beside == 0 ? Beside::nothing : Beside::after);
    put(item(target).pages, decision.pages, 0, Beside::nothing);
    moved_to(target);
    return {};
  }

  Conflict order_pages(const Pages& order) {
    if (order.empty()) return "page_gone";
    const Place place = place_of(order.front());
    for (const PageNumber page : order) {
      if (place_of(page) != place) return "not_one_item";
    }
    reorder(dossier(place).pages, order);
    if (place.item != kNone) reorder(item(place).pages, order);
    return {};
  }

  // An item without pages stays behind the one that it is behind.
  Conflict order_items(const Pages& anchors) {
    if (anchors.empty()) return "page_gone";
    const Place first = place_of(anchors.front());
    std::set<std::size_t> named;
    for (const PageNumber page : anchors) {
      const Place place = place_of(page);
      if (place.item == kNone) return "not_in_item";
      if (place.dossier != first.dossier || !named.insert(place.item).second) return "not_one_item";
    }
    ArrangedDossier& one = dossier(first);
    std::vector<int> sequences;
    std::vector<std::vector<ArrangedItem>> blocks;
    std::vector<std::size_t> slots;
    for (std::size_t i = 0; i < one.items.size(); ++i) {
      sequences.push_back(one.items[i].record.sequence);
      if (named.contains(i)) slots.push_back(blocks.size());
      if (blocks.empty() || !one.items[i].pages.empty()) blocks.emplace_back();
      blocks.back().push_back(std::move(one.items[i]));
    }
    const auto block_of = [&blocks](PageNumber page) {
      return *std::ranges::find_if(blocks, [page](const std::vector<ArrangedItem>& block) {
        return has(block.front().pages, page);
      });
    };
    std::vector<std::vector<ArrangedItem>> ordered = blocks;
    Pages order;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      ordered[slots[i]] = block_of(anchors[i]);
      const Pages& pages = ordered[slots[i]].front().pages;
      order.insert(order.end(), pages.begin(), pages.end());
    }
    one.items.clear();
    for (std::vector<ArrangedItem>& block : ordered) {
      std::ranges::move(block, std::back_inserter(one.items));
    }
    for (std::size_t i = 0; i < sequences.size(); ++i) one.items[i].record.sequence = sequences[i];
    reorder(one.pages, order);
    return {};
  }

  Conflict split_item(const Arrangement& decision) {
    const PageNumber page = decision.pages.at(0);
    const Place place = place_of(page);
    if (place.item == kNone) {
      // A page of no item becomes one: behind the last item that begins before it.
      ArrangedDossier& one = dossier(place);
      const auto at = std::ranges::find(one.pages, page);
      auto behind = one.items.begin();
      for (auto item = one.items.begin(); item != one.items.end(); ++item) {
        const bool before =
            !item->pages.empty() && std::ranges::find(one.pages, item->pages.front()) < at;
        if (before) behind = item + 1;
      }
      one.items.insert(behind, fresh_item(decision.number, {page}));
      number_items(one);
      return {};
    }
    Pages& pages = item(place).pages;
    const auto at = std::ranges::find(pages, page);
    if (at == pages.begin()) return {};
    ArrangedItem part = fresh_item(decision.number, Pages(at, pages.end()));
    pages.erase(at, pages.end());
    ArrangedDossier& one = dossier(place);
    one.items.insert(one.items.begin() + static_cast<std::ptrdiff_t>(place.item) + 1,
                     std::move(part));
    number_items(one);
    return {};
  }

  Conflict merge_items(const Pages& anchors) {
    for (const PageNumber page : anchors) {
      const Place place = place_of(page);
      if (place.item == kNone) return "not_in_item";
      if (place.dossier != place_of(anchors.front()).dossier) return "not_one_item";
    }
    for (const PageNumber page : anchors) {
      const Place from = place_of(page);
      const Place into = place_of(anchors.front());
      if (from == into) continue;
      const Pages moved = item(from).pages;
      const PageNumber last = item(into).pages.back();
      item(from).pages.clear();
      std::erase_if(dossier(into).pages, [&moved](PageNumber one) { return has(moved, one); });
      put(dossier(into).pages, moved, last, Beside::after);
      put(item(into).pages, moved, 0, Beside::nothing);
      dossier(from).items.erase(dossier(from).items.begin() +
                                static_cast<std::ptrdiff_t>(from.item));
    }
    return {};
  }

  Conflict split_dossier(const Arrangement& decision) {
    const Place place = place_of(decision.pages.at(0));
    ArrangedDossier& old = dossier(place);
    const auto at = std::ranges::find(old.pages, decision.pages.at(0));
    if (at == old.pages.begin()) return "first_of_dossier";
    ArrangedDossier made{
        key_of_decision(decision.number), "person", decision.value, Pages(at, old.pages.end()), {}};
    old.pages.erase(at, old.pages.end());
    std::vector<ArrangedItem> stay;
    for (ArrangedItem& item : old.items) {
      const auto goes = [&made](PageNumber page) { return has(made.pages, page); };
      if (item.pages.empty() || std::ranges::none_of(item.pages, goes)) {
        stay.push_back(std::move(item));
      } else if (std::ranges::all_of(item.pages, goes)) {
        made.items.push_back(std::move(item));
      } else {
        // One item on both sides becomes two.
        Pages gone;
        std::ranges::copy_if(item.pages, std::back_inserter(gone), goes);
        std::erase_if(item.pages, goes);
        made.items.push_back(fresh_item(decision.number, std::move(gone)));
        made.items.back().record.key += '#' + item.record.key;
        stay.push_back(std::move(item));
      }
    }
    old.items = std::move(stay);
    number_items(made);
    structure_.dossiers.insert(
        structure_.dossiers.begin() + static_cast<std::ptrdiff_t>(place.dossier) + 1,
        std::move(made));
    return {};
  }

  Conflict merge_dossiers(const Arrangement& decision) {
    if (decision.dossier == decision.value) return "same_dossier";
    const std::size_t into = dossier_with(decision.dossier);
    const std::size_t from = dossier_with(decision.value);
    if (into == kNone || from == kNone) return "dossier_gone";
    ArrangedDossier& target = structure_.dossiers[into];
    ArrangedDossier& source = structure_.dossiers[from];
    target.pages.insert(target.pages.end(), source.pages.begin(), source.pages.end());
    std::ranges::move(source.items, std::back_inserter(target.items));
    number_items(target);
    structure_.merged[source.key] = target.key;
    structure_.dossiers.erase(structure_.dossiers.begin() + static_cast<std::ptrdiff_t>(from));
    return {};
  }

  Conflict decide_item(const Arrangement& decision) {
    const Place place =
        decision.pages.empty() ? item_with(decision.item) : place_of(decision.pages.front());
    if (!place.found()) return "item_gone";
    if (place.item == kNone) return "not_in_item";
    ArrangedItem& one = item(place);
    if (decision.action == ArrangementAction::type_item) one.decided_type = decision.value;
    if (decision.action == ArrangementAction::class_item) one.decided_class = decision.value;
    if (decision.action == ArrangementAction::retention_item) {
      one.decided_retention = decision.value;
    }
    return {};
  }

  static ArrangedItem fresh_item(ArrangementNumber decision, Pages pages) {
    ArrangedItem made;
    made.record.key = key_of_decision(decision);
    made.pages = std::move(pages);
    return made;
  }

  void moved_to(const Place& target) {
    for (const std::string& key : lost_pages_) {
      if (key != dossier(target).key) structure_.merged[key] = dossier(target).key;
    }
  }

  void drop_what_is_empty() {
    for (const std::string& key : lost_pages_) {
      const std::size_t place = dossier_with(key);
      if (place == kNone) continue;
      ArrangedDossier& one = structure_.dossiers[place];
      std::erase_if(one.items,
                    [](const ArrangedItem& item) { return item.pages.empty() && !item.declared; });
      if (one.pages.empty()) {
        structure_.dossiers.erase(structure_.dossiers.begin() + static_cast<std::ptrdiff_t>(place));
      } else {
        structure_.merged.erase(key);
      }
    }
    lost_pages_.clear();
  }

  Structure& structure_;
  const std::map<PageNumber, PageNumber>& replaced_;
  std::set<std::string> lost_pages_;
};

/// Where the pages of merged dossiers are in the end.
void follow_chains(Structure& structure) {
  std::set<std::string> there;
  for (const ArrangedDossier& dossier : structure.dossiers) there.insert(dossier.key);
  for (auto& [key, into] : structure.merged) {
    for (std::size_t steps = 0; !there.contains(into) && steps < structure.merged.size(); ++steps) {
      into = structure.merged.at(into);
    }
  }
}

}  // namespace

void number_items(ArrangedDossier& dossier) {
  int before = 0;
  for (ArrangedItem& item : dossier.items) {
    if (item.record.sequence <= before) item.record.sequence = before + 1;
    before = item.record.sequence;
  }
}

Replacements replacements_of(const std::vector<Arrangement>& decisions, const Pages& pages) {
  const std::set<PageNumber> there(pages.begin(), pages.end());
  Replacements found;
  for (const Arrangement& decision : decisions) {
    if (decision.action != ArrangementAction::replace_page || !decision.stands()) continue;
    const PageNumber old_page = decision.pages.at(0);
    const PageNumber new_page = decision.pages.at(1);
    if (!there.contains(old_page) || !there.contains(new_page) || old_page == new_page) {
      found.conflicts[decision.number] = "page_gone";
    } else if (found.by.contains(old_page) || found.by.contains(new_page) ||
               std::ranges::any_of(
                   found.by, [new_page](const auto& known) { return known.second == new_page; })) {
      found.conflicts[decision.number] = "page_replaced";
    } else {
      found.by[old_page] = new_page;
      found.stand_in.insert(new_page);
    }
  }
  for (auto& [old_page, new_page] : found.by) {
    for (auto next = found.by.find(new_page); next != found.by.end();
         next = found.by.find(new_page)) {
      new_page = next->second;
    }
  }
  return found;
}

void arrange(Structure& structure, const std::vector<Arrangement>& decisions,
             const std::map<PageNumber, PageNumber>& replaced) {
  Arranger arranger(structure, replaced);
  for (const Arrangement& decision : decisions) {
    if (decision.stands()) arranger.lay(decision);
  }
  follow_chains(structure);
}

}  // namespace archive
