#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "ingest/index_feed.h"
#include "ingest/ingest.h"
#include "store/objects/compression.h"

namespace archive {
namespace {

PageLayout layout_of(const PageRecord& page, const ObjectStore& objects) {
  return page.layout_blob ? parse_layout(expand(objects.get(*page.layout_blob))) : PageLayout();
}

}  // namespace

std::int64_t bring_index_up_to_date(const FormCatalogue& catalogue, const ObjectStore& objects,
                                    Records& records, PageIndex& index,
                                    const std::atomic<bool>& stop,
                                    const std::function<void(std::int64_t)>& progress) {
  constexpr std::size_t kPagesAtOnce = 500;
  std::int64_t count = 0;
  while (!stop) {
    const std::vector<PageNumber> numbers = records.pages_to_index(kPagesAtOnce);
    if (numbers.empty()) {
      index.end_rebuilding();
      break;
    }
    IndexFeed feed(catalogue, records, index,
                   {static_cast<int>(kPagesAtOnce), std::chrono::hours(1)}, nullptr);
    for (const PageNumber number : numbers) {
      auto page = records.page(number);
      assert(page);
      PageLayout layout = layout_of(*page, objects);
      feed.put(std::move(*page), std::move(layout));
      ++count;
    }
    feed.flush();
    if (progress) progress(count);
  }
  return count;
}

IndexDifference compare_index(const FormCatalogue& catalogue, const ObjectStore& objects,
                              const Records& records, const PageIndex& index, int every_nth,
                              const std::atomic<bool>& stop) {
  constexpr std::size_t kWaitingMax = 10'000'000;
  IndexDifference found;
  found.state = index.state();
  const std::vector<PageNumber> indexed = index.page_numbers();
  found.indexed = static_cast<std::int64_t>(indexed.size());
  const std::vector<PageNumber> to_do = records.pages_to_index(kWaitingMax);
  const std::set<PageNumber> waiting(to_do.begin(), to_do.end());
  found.waiting = static_cast<std::int64_t>(waiting.size());

  std::set<PageNumber> filed;
  records.for_each_page([&](const PageRecord& page) {
    if (page.state != PageState::filed || stop) return;
    filed.insert(page.number);
    if (waiting.contains(page.number)) return;
    if (!std::ranges::binary_search(indexed, page.number)) {
      found.absent.push_back(page.number);
      return;
    }
    if (every_nth < 1 || page.number % every_nth != 0) return;
    ++found.compared;
    const IndexedPage now = indexed_page(page, layout_of(page, objects), records, catalogue);
    if (index.fingerprint(page.number) != fingerprint_of(now)) found.unequal.push_back(page.number);
  });
  found.filed = static_cast<std::int64_t>(filed.size());
  for (const PageNumber page : indexed) {
    if (!filed.contains(page) && !waiting.contains(page) && !stop) found.extra.push_back(page);
  }
  return found;
}

}  // namespace archive
