#include <algorithm>
#include <map>

#include "checks/rule_groups.h"
#include "core/page_range.h"

namespace archive {
namespace {

std::map<int, std::vector<const PageFact*>> pages_by_item(const DossierFacts& facts) {
  std::map<int, std::vector<const PageFact*>> pages;
  for (const PageFact& page : facts.pages) {
    if (page.item_sequence > 0) pages[page.item_sequence].push_back(&page);
  }
  return pages;
}

}  // namespace

// Q20: rows of the office's catalogue and images hang together: every row has its pages, as many
// as it says, and no page is left over.
void check_hooking(const DossierView& view, Findings& findings) {
  const DossierFacts& facts = view.facts();
  if (std::ranges::none_of(facts.items, &ItemFact::catalogued)) return;
  const auto pages = pages_by_item(facts);
  for (const ItemFact& item : facts.items) {
    const std::map<std::string, std::string> words = {{"sequence", std::to_string(item.sequence)},
                                                      {"title", item.title}};
    const auto found = pages.find(item.sequence);
    if (found == pages.end()) {
      if (item.catalogued) {
        findings.add("Q20", "row_without_pages", {}, item.pages_declared, words);
      }
      continue;
    }
    const auto range = PageRange::parse(item.pages_declared);
    std::vector<FindingPlace> places;
    for (const PageFact* page : found->second) places.push_back(place_of(*page));
    if (!item.catalogued) {
      findings.add("Q20", "pages_without_row", std::move(places), "", words);
    } else if (range && static_cast<std::size_t>(range->pages()) != found->second.size()) {
      auto counted = words;
      counted["count"] = std::to_string(found->second.size());
      findings.add("Q20", "count", std::move(places), std::to_string(range->pages()), counted);
    }
  }
}

}  // namespace archive
