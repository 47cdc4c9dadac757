#include "core/page_order.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

namespace archive {
namespace {

// What each fault costs. A page that is in its place costs nothing; of two explanations the
// cheaper is taken. A misread stamp is likelier than a page out of place together with one
// missing, and a gap likelier than a misread stamp before it; a gap of many pages is little worse
// than of one.
constexpr int kMisread = 12;
constexpr int kMisreadUnsure = 3;
constexpr int kSurplus = 11;
constexpr int kSurplusUnsure = 7;
constexpr int kSurplusUnread = 6;
constexpr int kGap = 9;
constexpr int kGapMore = 1;
constexpr int kOtherEnd = 8;
constexpr int kExtraInPlace = 11;  // although it is thought to be extra
constexpr int kSheetInPlace = 2;
constexpr int kMisreadExtra = 22;
constexpr int kUnlikely = 4;  // where the catalogue has other papers

constexpr int kNever = std::numeric_limits<int>::max() / 2;

int cost_in_place(const StampedPage& page, int number) {
  if (page.stamp == number) return 0;
  const bool unlikely =
      page.likely_first > 0 && (number < page.likely_first || number > page.likely_last);
  const int place = unlikely ? kUnlikely : 0;
  if (page.stamp == 0) return place + (page.extra ? kExtraInPlace : page.sheet ? kSheetInPlace : 0);
  if (page.extra) return place + kMisreadExtra;
  return place + (page.unsure ? kMisreadUnsure : kMisread);
}

int cost_of_surplus(const StampedPage& page) {
  if (page.extra || page.sheet) return 0;
  if (page.stamp == 0) return kSurplusUnread;
  return page.unsure ? kSurplusUnsure : kSurplus;
}

// The cheapest way through pages and numbers, as texts are aligned (Gotoh 1982): a page takes
// the next number or none, and numbers are left out, many at little more than the price of one.
class Alignment {
 public:
  Alignment(const std::vector<StampedPage>& pages, int first, int last)
      : pages_(pages), first_(first), columns_(columns_for(pages, first, last) + 1) {
    steps_.resize((pages.size() + 1) * columns_);
    std::vector<int> taken(columns_, kNever);  // the last step used a page
    std::vector<int> left(columns_, kNever);   // the last step left a number out
    taken[0] = 0;
    leave_numbers_out(0, taken, left);
    for (std::size_t i = 1; i <= pages.size(); ++i) {
      use_page(i, taken, left);
      leave_numbers_out(i, taken, left);
    }
    end_ = cheapest_end(taken, last);
  }

  /// The number of each page, 0 for those without.
  std::vector<int> numbers() const {
    std::vector<int> numbers(pages_.size(), 0);
    std::size_t column = end_;
    bool in_gap = false;
    for (std::size_t i = pages_.size(); i > 0 || column > 0;) {
      const std::uint8_t step = steps_[i * columns_ + column];
      if (in_gap) {
        in_gap = (step & kGapGoesOn) != 0;
        --column;
        continue;
      }
      in_gap = (step & kAfterGap) != 0;
      --i;
      if ((step & kInPlace) != 0) numbers[i] = number_at(column--);
    }
    return numbers;
  }

 private:
  enum Step : std::uint8_t { kInPlace = 1, kAfterGap = 2, kGapGoesOn = 4 };

  // Stamps beyond twice the pages there are do not belong to this volume.
  static std::size_t columns_for(const std::vector<StampedPage>& pages, int first, int last) {
    const std::size_t most = 2 * pages.size() + 200;
    int top = last;
    for (const StampedPage& page : pages) top = std::max(top, page.stamp);
    return std::min(most, static_cast<std::size_t>(std::max(0, top - first + 1)) + pages.size());
  }

  int number_at(std::size_t column) const { return first_ + static_cast<int>(column) - 1; }

  void use_page(std::size_t i, std::vector<int>& taken, std::vector<int>& left) {
    const StampedPage& page = pages_[i - 1];
    const int surplus = cost_of_surplus(page);
    for (std::size_t column = columns_; column-- > 0;) {
      std::uint8_t step = left[column] < taken[column] ? kAfterGap : 0;
      int best = std::min(taken[column], left[column]) + surplus;
      if (column > 0) {
        const int before = std::min(taken[column - 1], left[column - 1]);
        const int in_place = before + cost_in_place(page, number_at(column));
        if (in_place < best) {
          best = in_place;
          step = kInPlace | (left[column - 1] < taken[column - 1] ? kAfterGap : 0);
        }
      }
      taken[column] = std::min(best, kNever);
      steps_[i * columns_ + column] = step;
    }
  }

  void leave_numbers_out(std::size_t i, const std::vector<int>& taken, std::vector<int>& left) {
    left[0] = kNever;
    for (std::size_t column = 1; column < columns_; ++column) {
      const int begun = taken[column - 1] + kGap;
      const int more = left[column - 1] + kGapMore;
      left[column] = std::min({begun, more, kNever});
      if (more < begun) steps_[i * columns_ + column] |= kGapGoesOn;
    }
  }

  std::size_t cheapest_end(std::vector<int>& taken, int last) const {
    for (std::size_t column = 0; column < columns_; ++column) {
      if (last != 0 && number_at(column) != last) taken[column] += kOtherEnd;
    }
    return static_cast<std::size_t>(std::ranges::min_element(taken) - taken.begin());
  }

  const std::vector<StampedPage>& pages_;
  int first_;
  std::size_t columns_;
  std::vector<std::uint8_t> steps_;
  std::size_t end_ = 0;
};

class Explanation {
 public:
  Explanation(const std::vector<StampedPage>& pages, int first, int last)
      : pages_(pages), first_(first), last_(last) {
    order_.numbers = Alignment(pages, first, last).numbers();
    order_.end = first - 1;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      const int number = order_.numbers[i];
      order_.fits.push_back(number == 0                ? PageFit::surplus
                            : pages[i].stamp == 0      ? PageFit::unread
                            : pages[i].stamp == number ? PageFit::in_place
                                                       : PageFit::misread);
      order_.end = std::max(order_.end, number);
      if (number != 0) holders_[number] = i;
    }
    find_moved();
    find_unmoved();
    find_missing();
  }

  PageOrder take() && { return std::move(order_); }

 private:
  bool is_missing(int number) const {
    return number >= first_ && number <= order_.end && !holders_.contains(number);
  }

  // The last page may be the one that lies elsewhere.
  bool goes_on_with(int number) const {
    return number > order_.end && (number <= last_ || number == order_.end + 1);
  }

  // A stamp that is missed elsewhere is right, and its page lies in the wrong place; so are two
  // stamps that would change places. Of two neighbours that did, one stamp is enough.
  void find_moved() {
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      if (pages_[i].extra || pages_[i].sheet) continue;
      if (order_.fits[i] == PageFit::surplus) place_surplus(i);
      if (order_.fits[i] == PageFit::misread) place_misread(i);
    }
  }

  // Once the others have their numbers, a page may turn out to lie where it belongs.
  void find_unmoved() {
    std::vector<int> least_after(pages_.size() + 1, std::numeric_limits<int>::max());
    for (std::size_t i = pages_.size(); i-- > 0;) {
      const int number = order_.numbers[i];
      least_after[i] = number == 0 ? least_after[i + 1] : std::min(number, least_after[i + 1]);
    }
    int most_before = 0;
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      const int number = order_.numbers[i];
      const bool lies_right = number > most_before && number < least_after[i + 1];
      if (order_.fits[i] == PageFit::moved && lies_right) order_.fits[i] = PageFit::in_place;
      most_before = std::max(most_before, number);
    }
  }

  void place_surplus(std::size_t i) {
    const int stamp = pages_[i].stamp;
    if (stamp != 0 && (is_missing(stamp) || goes_on_with(stamp))) return move(i, stamp);
    if (stamp != 0 && !pages_[i].unsure) return;
    const int after = i + 1 < pages_.size() ? order_.numbers[i + 1] : 0;
    const int before = i > 0 ? order_.numbers[i - 1] : 0;
    if (after != 0 && is_missing(after + 1)) {
      move(i, after + 1);
    } else if (before != 0 && is_missing(before - 1)) {
      move(i, before - 1);
    }
  }

  void place_misread(std::size_t i) {
    const int stamp = pages_[i].stamp;
    if (is_missing(stamp)) {
      if (pages_[i].unsure) return;
      holders_.erase(order_.numbers[i]);
      return move(i, stamp);
    }
    const auto holder = holders_.find(stamp);
    if (holder == holders_.end()) return;
    const std::size_t other = holder->second;
    const bool change_places =
        order_.fits[other] == PageFit::misread && pages_[other].stamp == order_.numbers[i];
    const bool neighbours = order_.fits[other] == PageFit::unread && !pages_[i].unsure &&
                            (other + 1 == i || i + 1 == other);
    if (!change_places && !neighbours) return;
    move(other, order_.numbers[i]);
    move(i, stamp);
  }

  void move(std::size_t i, int number) {
    order_.numbers[i] = number;
    order_.fits[i] = PageFit::moved;
    holders_[number] = i;
    order_.end = std::max(order_.end, number);
  }

  // Whether another number would do as well for the page that has this one.
  bool is_loose(int number) const {
    const auto holder = holders_.find(number);
    if (holder == holders_.end()) return false;
    const PageFit fit = order_.fits[holder->second];
    return fit == PageFit::unread || fit == PageFit::misread;
  }

  void find_missing() {
    for (int number = first_; number <= order_.end; ++number) {
      if (!is_missing(number)) continue;
      MissingPages run{number, number, 0};
      while (run.first > first_ && is_loose(run.first - 1)) --run.first;
      for (; is_missing(run.last) || is_loose(run.last); ++run.last) {
        if (is_missing(run.last)) ++run.pages;
      }
      number = run.last--;
      order_.missing.push_back(run);
    }
  }

  const std::vector<StampedPage>& pages_;
  int first_;
  int last_;
  PageOrder order_;
  std::map<int, std::size_t> holders_;  // which page has a number
};

}  // namespace

int first_number_of(const std::vector<StampedPage>& pages) {
  std::vector<int> ahead;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (pages[i].stamp > 0) ahead.push_back(pages[i].stamp - static_cast<int>(i));
  }
  if (ahead.empty()) return 1;
  const auto middle = ahead.begin() + std::ssize(ahead) / 2;
  std::ranges::nth_element(ahead, middle);
  return *middle > std::ssize(pages) + 1 ? *middle : 1;
}

PageOrder order_of(const std::vector<StampedPage>& pages, int first, int last) {
  if (pages.size() > kOrderedPagesMax) {
    return {std::vector<int>(pages.size(), 0),
            std::vector<PageFit>(pages.size(), PageFit::surplus),
            {},
            first - 1};
  }
  return Explanation(pages, first, last).take();
}

}  // namespace archive
