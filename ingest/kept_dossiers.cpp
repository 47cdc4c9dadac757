#include "ingest/kept_dossiers.h"

#include <algorithm>
#include <string>
#include <utility>

namespace archive {
namespace {

using Pages = std::vector<PageNumber>;

bool has(const Pages& pages, PageNumber page) {
  return std::ranges::find(pages, page) != pages.end();
}

/// Pages that may not leave their dossier and lie in another.
Pages left_pages(const Structure& structure, const KeptDossier& kept) {
  const ArrangedDossier& before = kept.lies;
  Pages left;
  for (const PageNumber page : before.pages) {
    if (!kept.pages.contains(page)) continue;
    const bool elsewhere = std::ranges::any_of(structure.dossiers, [&](const ArrangedDossier& one) {
      return one.key != before.key && has(one.pages, page);
    });
    if (elsewhere) left.push_back(page);
  }
  return left;
}

void take_out(Structure& structure, const Pages& left) {
  const auto goes = [&left](PageNumber page) { return has(left, page); };
  for (ArrangedDossier& one : structure.dossiers) {
    std::erase_if(one.pages, goes);
    for (ArrangedItem& item : one.items) std::erase_if(item.pages, goes);
  }
}

ArrangedDossier& home_of(Structure& structure, const ArrangedDossier& before) {
  const auto found = std::ranges::find(structure.dossiers, before.key, &ArrangedDossier::key);
  if (found != structure.dossiers.end()) return *found;
  structure.merged.erase(before.key);
  structure.dossiers.push_back({before.key, before.opened_by, before.dossier_no, {}, {}});
  return structure.dossiers.back();
}

/// Behind the nearest page that it lay behind, else in front.
void put_back(Pages& pages, const Pages& before, PageNumber page) {
  auto place = pages.begin();
  for (auto one = std::ranges::find(before, page); one != before.begin();) {
    const auto at = std::ranges::find(pages, *--one);
    if (at == pages.end()) continue;
    place = at + 1;
    break;
  }
  pages.insert(place, page);
}

/// Takes the item of this key out of the structure, if it is there without a page.
bool take_empty_item(Structure& structure, const std::string& key, ArrangedItem& taken) {
  for (ArrangedDossier& one : structure.dossiers) {
    const auto item = std::ranges::find_if(one.items, [&key](const ArrangedItem& candidate) {
      return candidate.record.key == key && candidate.pages.empty();
    });
    if (item == one.items.end()) continue;
    taken = std::move(*item);
    one.items.erase(item);
    return true;
  }
  return false;
}

bool has_item(const Structure& structure, const std::string& key) {
  return std::ranges::any_of(structure.dossiers, [&key](const ArrangedDossier& one) {
    return std::ranges::any_of(one.items,
                               [&key](const ArrangedItem& item) { return item.record.key == key; });
  });
}

/// The item for a page of `before`: where others of it are, else the same again.
ArrangedItem& item_of(Structure& structure, ArrangedDossier& home, const ArrangedItem& before,
                      PageNumber page) {
  const auto beside = std::ranges::find_if(home.items, [&before](const ArrangedItem& item) {
    return std::ranges::any_of(item.pages, [&](PageNumber one) { return has(before.pages, one); });
  });
  if (beside != home.items.end()) return *beside;
  ArrangedItem again;
  if (!take_empty_item(structure, before.record.key, again)) {
    again.record = before.record;
    // Its key may be another's by now: the machine numbers the items of a dossier anew.
    if (has_item(structure, again.record.key)) {
      again.record.key = "kept:" + std::to_string(page);
    }
  }
  again.record.sequence = before.record.sequence;
  const auto behind = std::ranges::find_if(home.items, [&again](const ArrangedItem& item) {
    return item.record.sequence > again.record.sequence;
  });
  return *home.items.insert(behind, std::move(again));
}

void leave_nothing_empty(Structure& structure, const std::string& home) {
  for (ArrangedDossier& one : structure.dossiers) {
    std::erase_if(one.items,
                  [](const ArrangedItem& item) { return item.pages.empty() && !item.declared; });
    if (!one.pages.empty()) continue;
    for (auto& [key, into] : structure.merged) {
      if (into == one.key) into = home;
    }
    structure.merged[one.key] = home;
  }
  std::erase_if(structure.dossiers, [](const ArrangedDossier& one) { return one.pages.empty(); });
}

}  // namespace

std::set<PageNumber> keep_in_place(Structure& structure, const std::vector<KeptDossier>& kept) {
  std::set<PageNumber> back;
  for (const KeptDossier& one : kept) {
    const ArrangedDossier& before = one.lies;
    const Pages left = left_pages(structure, one);
    if (left.empty()) continue;
    take_out(structure, left);
    ArrangedDossier& home = home_of(structure, before);
    for (const PageNumber page : left) {
      put_back(home.pages, before.pages, page);
      const auto lay_in = std::ranges::find_if(
          before.items, [page](const ArrangedItem& item) { return has(item.pages, page); });
      if (lay_in == before.items.end()) continue;
      put_back(item_of(structure, home, *lay_in, page).pages, lay_in->pages, page);
    }
    number_items(home);
    leave_nothing_empty(structure, before.key);
    back.insert(left.begin(), left.end());
  }
  return back;
}

}  // namespace archive
