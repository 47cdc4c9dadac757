#pragma once

#include <vector>

namespace archive {

/// A page of a volume as far as its place is told by the number stamped on it 页号.
struct StampedPage {
  int stamp = 0;        ///< 0: none, or it cannot be read
  bool unsure = false;  ///< the stamp may have been misread
  /// Other evidence says that it has no number of its own here: a sheet scanned twice, a page
  /// of another person.
  bool extra = false;
  /// A sheet of the volume itself, which bears no number, between numbered pages: likely one
  /// of these that was taken for such a sheet.
  bool sheet = false;
  /// Where the catalogue has papers of its type: between these numbers. 0: nobody can say.
  int likely_first = 0;
  int likely_last = 0;
};

/// How a page stands in the numbers of its volume.
enum class PageFit {
  in_place,  ///< its stamp is the number it must have
  unread,    ///< no stamp; it has the number that its neighbours leave to it
  misread,   ///< its stamp says otherwise, but only this number can be its own
  moved,     ///< its stamp is right, and it lies elsewhere
  surplus,   ///< no number is left for it here
};

/// Numbers that no page has: `pages` of those from `first` to `last`. There are more numbers
/// than pages missing where pages beside the gap cannot be told apart for want of a stamp.
struct MissingPages {
  int first = 0;
  int last = 0;
  int pages = 0;

  bool exact() const { return last - first + 1 == pages; }
  friend bool operator==(const MissingPages&, const MissingPages&) = default;
};

/// The numbers of the pages of a volume, in the order in which they were delivered.
struct PageOrder {
  std::vector<int> numbers;  ///< of each page; 0 for one that has none
  std::vector<PageFit> fits;
  std::vector<MissingPages> missing;  ///< rising; none before `first` or after `end`
  int end = 0;  ///< the highest number that a page has; first - 1 when there is none
};

/// More pages than this are not put in order: their numbers stay unknown.
constexpr std::size_t kOrderedPagesMax = 5'000;

/// Where the numbers of a volume begin, by its stamps alone: at 1, unless most of them lie further
/// on than there are pages.
int first_number_of(const std::vector<StampedPage>& pages);

/// Explains the stamps of a volume by the fewest faults: pages missing, moved or surplus, stamps
/// misread. Volumes are numbered from `first`, without gaps; `last` is where the numbers are said
/// to end, 0 when nothing says so. One misread stamp among good ones is therefore neither a gap
/// nor a page out of order, and a page from elsewhere does not stretch the volume to its number.
PageOrder order_of(const std::vector<StampedPage>& pages, int first = 1, int last = 0);

}  // namespace archive
