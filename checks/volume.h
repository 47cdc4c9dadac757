#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/subject.h"
#include "config/check_tables.h"
#include "core/page_order.h"
#include "core/page_range.h"

namespace archive {

/// A sheet of the volume: cover, catalogue, closing sheet.
constexpr std::string_view kCover = "DT01";
constexpr std::string_view kCatalogue = "DT02";
constexpr std::string_view kClosingSheet = "DT03";

/// A page that has, or should have, a number of the volume.
struct VolumePage {
  const PageFact* page = nullptr;
  int stamp = 0;                        ///< 0: none, or it cannot be read
  bool unsure = false;                  ///< the stamp may have been misread
  const PageFact* repeat_of = nullptr;  ///< the page whose sheet was scanned once more here
  bool of_another = false;              ///< it names another person than the dossier's
  bool may_be_others = false;  ///< a relative's or an agent's paper of its type may lie here
  PageFit fit = PageFit::unread;
  int number = 0;  ///< in the volume; 0 for a page that has none

  /// A page of another person that has no business here.
  bool misfiled() const { return of_another && (fit == PageFit::surplus || !may_be_others); }
};

/// A row of the catalogue 卷内文件目录.
struct CatalogueRow {
  const PageFact* page = nullptr;
  int row = -1;
  int sequence = 0;  ///< 顺序号; 0 when it is not believed
  std::string title = {};
  std::string doc_type = {};            ///< what papers of this title are; may be empty
  std::string date = {};                ///< may be empty
  std::optional<PageRange> range = {};  ///< nothing when it is not believed
};

/// A number that cover or closing sheet tell of the volume.
struct DeclaredNumber {
  const PageFact* page = nullptr;
  const FieldFact* field = nullptr;
  int value = 0;

  explicit operator bool() const { return field != nullptr; }
};

/// A dossier as a volume: its pages with the numbers they have, its catalogue, and what is told
/// of it. Made once for all the checks that ask about the volume. Points into the facts and the
/// subject, which must live longer.
class Volume {
 public:
  explicit Volume(const Subject& subject);

  /// In delivered order; without cover, catalogue, closing sheet, blanks and separators.
  const std::vector<VolumePage>& pages() const { return pages_; }
  const std::vector<CatalogueRow>& rows() const { return rows_; }
  const PageOrder& order() const { return order_; }
  const Subject& subject() const { return subject_; }
  int first_number() const { return first_; }
  /// Enough stamps were read to say anything about their order.
  bool is_stamped() const { return stamped_; }

  const DeclaredNumber& cover_pages() const { return cover_pages_; }
  const DeclaredNumber& closing_pages() const { return closing_pages_; }
  const DeclaredNumber& cover_items() const { return cover_items_; }
  const DeclaredNumber& closing_items() const { return closing_items_; }
  /// Where the catalogue ends: the last page of its last row, 0 when it is not believed.
  int catalogue_end() const;
  /// Where most of cover, closing sheet, catalogue and the pages themselves let the numbers end;
  /// 0 when nothing tells.
  int last_number() const { return last_; }

  /// The page that has a number of the volume; null for one that is missing.
  const VolumePage* page_with(int number) const;
  /// The row of the catalogue whose pages a number is among; null when none claims it.
  const CatalogueRow* row_with(int number) const;

 private:
  void gather_pages();
  void gather_rows();
  void put_in_order();
  int told_end(bool with_pages) const;
  std::pair<int, int> where_listed(const std::string& doc_type) const;

  const Subject& subject_;
  std::vector<VolumePage> pages_;
  std::vector<bool> sheets_;  // of pages_: taken for a sheet of the volume, between other pages
  std::vector<CatalogueRow> rows_;
  DeclaredNumber cover_pages_, closing_pages_, cover_items_, closing_items_;
  int first_ = 1;
  int last_ = 0;
  bool stamped_ = false;
  PageOrder order_;
  std::map<int, std::size_t> by_number_;
};

/// Marks sheets that were scanned twice: pages of equal bytes, and pages with the same stamp, or
/// one that cannot be read, whose texts agree.
void find_repeats(std::vector<VolumePage>& pages);
/// The same among pages whose stamp cannot be read and for which no number is left: one that
/// resembles its neighbour is the neighbour's second scan.
void find_repeats_out_of_order(std::vector<VolumePage>& pages);

/// A plain number of a believed value, 1 to 99,999; 0 for anything else.
int number_in(const std::string& value);

}  // namespace archive
