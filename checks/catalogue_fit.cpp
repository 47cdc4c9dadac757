#include "checks/catalogue_fit.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <string>

namespace archive {
namespace {

// Costs of explanations; the cheapest is taken.
constexpr int kWrongRow = 10;
constexpr int kUnclaimed = 8;     // an item that the catalogue lacks
constexpr int kNoRoom = 15;       // fewer numbers than rows
constexpr int kOddPagesMost = 3;  // pages of another type speak against a range, a little
constexpr int kNever = std::numeric_limits<int>::max() / 2;

// Rows of which some are right: each begins after the one before it has ended. Row 0 and the last
// one stand for the first and the last number of the volume.
class RowChain {
 public:
  explicit RowChain(const Volume& volume) : volume_(volume), rows_(volume.rows()) {
    nodes_.push_back({volume.first_number() - 1, volume.first_number() - 1, true});
    for (const CatalogueRow& row : rows_) {
      nodes_.push_back(row.range ? Node{row.range->first(), row.range->last(), true} : Node{});
    }
    const int end = volume.last_number();
    open_end_ = end == 0;
    nodes_.push_back(open_end_ ? Node{PageRange::kPageMax + 1, PageRange::kPageMax + 1, true}
                               : Node{end + 1, end + 1, true});
    find_cheapest();
  }

  /// Indices of the rows that are right, with both ends.
  std::vector<std::size_t> right() const {
    std::vector<std::size_t> chain;
    for (std::size_t at = nodes_.size() - 1;; at = before_[at]) {
      chain.push_back(at);
      if (at == 0) break;
    }
    std::ranges::reverse(chain);
    return chain;
  }

  /// Numbers between two rows of the chain, when there are any and it is known where they end.
  std::optional<PageRange> between(std::size_t from, std::size_t to) const {
    if (open_end_ && to + 1 == nodes_.size()) return std::nullopt;
    return PageRange::of(nodes_[from].last + 1, nodes_[to].first - 1);
  }

  bool is_known(std::size_t node) const { return nodes_[node].known; }

 private:
  struct Node {
    int first = 0;
    int last = 0;
    bool known = false;
  };

  void find_cheapest() {
    std::vector<int> known(nodes_.size() + 1, 0);  // believed rows before each
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      known[i + 1] = known[i] + (nodes_[i].known ? 1 : 0);
    std::vector<int> cost(nodes_.size(), kNever);
    before_.assign(nodes_.size(), 0);
    cost[0] = 0;
    for (std::size_t to = 1; to < nodes_.size(); ++to) {
      if (!nodes_[to].known) continue;
      const int odd = odd_pages(to);
      for (std::size_t from = 0; from < to; ++from) {
        if (!nodes_[from].known || cost[from] == kNever) continue;
        const int step = step_cost(from, to, known[to] - known[from + 1]);
        if (step == kNever || cost[from] + step + odd >= cost[to]) continue;
        cost[to] = cost[from] + step + odd;
        before_[to] = from;
      }
    }
  }

  int step_cost(std::size_t from, std::size_t to, int wrong) const {
    const int rows = static_cast<int>(to - from) - 1;
    const int numbers = nodes_[to].first - nodes_[from].last - 1;
    if (numbers < 0) return kNever;
    if (open_end_ && to + 1 == nodes_.size()) return wrong * kWrongRow;
    if (rows == 0) return numbers > 0 ? kUnclaimed : 0;
    return wrong * kWrongRow + (numbers < rows ? kNoRoom : 0);
  }

  int odd_pages(std::size_t node) const {
    if (node + 1 == nodes_.size()) return 0;
    const CatalogueRow& row = rows_[node - 1];
    std::map<std::string, int> types;
    int pages = 0;
    const int last = std::min(row.range->last(), volume_.order().end);
    for (int number = row.range->first(); number <= last; ++number) {
      const VolumePage* page = volume_.page_with(number);
      if (page == nullptr || page->page->doc_type.empty()) continue;
      ++types[page->page->doc_type];
      ++pages;
    }
    int like = 0;
    for (const auto& [type, count] : types) {
      if (row.doc_type.empty() ? count > like : type == row.doc_type) like = count;
    }
    return std::min(pages - like, kOddPagesMost);
  }

  const Volume& volume_;
  const std::vector<CatalogueRow>& rows_;
  std::vector<Node> nodes_;
  std::vector<std::size_t> before_;
  bool open_end_ = false;
};

// Numbers between two rows may belong to the row before them: pages of its type that go on
// without a title. Then its range is short, and no item is absent.
bool continue_row(const Volume& volume, const CatalogueRow& row, const PageRange& numbers) {
  const VolumePage* last = volume.page_with(row.range->last());
  if (last == nullptr || last->page->doc_type.empty()) return false;
  for (int number = numbers.first(); number <= numbers.last(); ++number) {
    const VolumePage* page = volume.page_with(number);
    if (page == nullptr || page->page->titled || page->page->doc_type != last->page->doc_type) {
      return false;
    }
  }
  return true;
}

// A row whose numbers are wrong has those between its neighbours; but papers of another kind among
// them, each with a title of its own, before or after the row's own paper are of no row.
struct Share {
  std::optional<PageRange> own;
  std::vector<PageRange> of_no_row;
};

Share share_of_row(const Volume& volume, const CatalogueRow& row, const PageRange& numbers) {
  const auto is_own = [&](int number) {
    const VolumePage* page = volume.page_with(number);
    return page != nullptr && page->page->titled && page->page->doc_type == row.doc_type;
  };
  const auto is_other = [&](int number) {
    const VolumePage* page = volume.page_with(number);
    return page != nullptr && !page->page->doc_type.empty() && page->page->doc_type != row.doc_type;
  };
  const auto begins_other = [&](int number) {
    return is_other(number) && volume.page_with(number)->page->titled;
  };
  Share share{numbers, {}};
  if (row.doc_type.empty()) return share;
  int first = numbers.first();
  int last = numbers.last();
  while (first <= last && !is_own(first)) ++first;
  if (first > last) return share;
  int end = first;  // the last one of the row's own paper
  while (end < last && !begins_other(end + 1)) ++end;
  const auto all_other = [&](int from, int to) {
    for (int number = from; number <= to; ++number) {
      if (!is_other(number)) return false;
    }
    return true;
  };
  if (!begins_other(numbers.first()) || !all_other(numbers.first(), first - 1)) {
    first = numbers.first();
  }
  if (!all_other(end + 1, last)) end = last;
  share.own = PageRange::of(first, end);
  if (first > numbers.first()) {
    share.of_no_row.push_back(*PageRange::of(numbers.first(), first - 1));
  }
  if (end < last) share.of_no_row.push_back(*PageRange::of(end + 1, last));
  return share;
}

}  // namespace

CatalogueFit fit_of_catalogue(const Volume& volume) {
  CatalogueFit fit;
  if (volume.rows().empty()) return fit;
  const RowChain chain(volume);
  const std::vector<std::size_t> right = chain.right();
  fit.complete = volume.last_number() > 0 && right.size() == volume.rows().size() + 2;
  for (std::size_t k = 0; k + 1 < right.size(); ++k) {
    const std::size_t from = right[k];
    const std::size_t to = right[k + 1];
    const auto numbers = chain.between(from, to);
    if (to == from + 1 && numbers) {
      fit.complete = false;
      const CatalogueRow* before = from == 0 ? nullptr : &volume.rows()[from - 1];
      if (before != nullptr && continue_row(volume, *before, *numbers)) {
        fit.wrong.push_back({before, PageRange::of(before->range->first(), numbers->last())});
      } else {
        fit.unclaimed.push_back(*numbers);
      }
    }
    for (std::size_t row = from + 1; row < to; ++row) {
      if (!chain.is_known(row)) continue;
      const CatalogueRow& wrong = volume.rows()[row - 1];
      if (to != from + 2 || !numbers) {
        fit.wrong.push_back({&wrong, std::nullopt});
        continue;
      }
      const Share share = share_of_row(volume, wrong, *numbers);
      fit.wrong.push_back({&wrong, share.own});
      std::ranges::copy(share.of_no_row, std::back_inserter(fit.unclaimed));
    }
  }
  return fit;
}

}  // namespace archive
