#include <algorithm>
#include <string>

#include "checks/catalogue_fit.h"
#include "checks/doubt.h"
#include "checks/rule_groups.h"

namespace archive {
namespace {

using Words = std::map<std::string, std::string>;

std::string range_text(int first, int last) { return PageRange::of(first, last)->text(); }

FindingPlace place_of(const CatalogueRow& row, std::string_view field) {
  const FieldFact* fact = believed(*row.page, field, row.row);
  return fact != nullptr ? place_of(*row.page, *fact) : place_of(*row.page);
}

/// Asks the rules of page numbers and catalogue of one volume.
class VolumeChecks {
 public:
  VolumeChecks(const Volume& volume, const Lacking& lacking, Findings& findings)
      : volume_(volume), lacking_(lacking), findings_(findings), fit_(fit_of_catalogue(volume)) {}

  void check() {
    if (volume_.is_stamped()) {
      check_missing();
      check_order();
      check_strangers();
    }
    check_page_counts();
    check_ranges();
    check_unclaimed();
    check_item_counts();
    check_sequence();
  }

 private:
  // -- X41: pages ------------------------------------------------------------

  void check_missing() {
    for (const MissingPages& run : volume_.order().missing) add_missing(run);
    const int end = volume_.order().end;
    const int last = volume_.last_number();
    if (last > end) add_missing({end + 1, last, last - end});
  }

  void add_missing(const MissingPages& run) {
    if (is_reported(run)) return;
    std::vector<FindingPlace> places;
    for (const int beside : {run.first - 1, run.last + 1}) {
      if (const VolumePage* page = volume_.page_with(beside)) {
        places.push_back(archive::place_of(*page->page));
      }
    }
    const CatalogueRow* row = volume_.row_with(run.first);
    Words words{{"numbers", range_text(run.first, run.last)},
                {"count", std::to_string(run.pages)},
                {"title", row == nullptr ? "" : row->title}};
    if (row != nullptr) places.push_back(place_of(*row, "item_pages"));
    const bool whole_item = row != nullptr && run.exact() && row->range->first() == run.first &&
                            row->range->last() == run.last;
    const char* variant = !run.exact()     ? "some"
                          : whole_item     ? "item"
                          : row != nullptr ? "in_item"
                                           : "missing";
    findings_.add("X41", variant, std::move(places), range_text(run.first, run.last),
                  std::move(words));
  }

  // The completeness of the dossier says so already: it is a paper that no dossier may lack.
  bool is_reported(const MissingPages& run) const {
    return std::ranges::any_of(lacking_, [&](const LackingPaper& lack) {
      return lack.row != nullptr && lack.row->range->first() <= run.first &&
             lack.row->range->last() >= run.last;
    });
  }

  void check_page_counts() {
    const DeclaredNumber& cover = volume_.cover_pages();
    const DeclaredNumber& closing = volume_.closing_pages();
    int pages = std::max(volume_.order().end, volume_.last_number());
    const VolumePage* last = volume_.page_with(volume_.order().end);
    const bool certain =
        volume_.is_stamped() && volume_.first_number() == 1 &&
        (pages > volume_.order().end || (last != nullptr && last->fit == PageFit::in_place));
    if (!certain) {
      if (!cover || !closing) return;
      pages = cover.value;
    }
    add_count("X41", cover, closing, pages);
  }

  void add_count(std::string_view rule, const DeclaredNumber& cover, const DeclaredNumber& closing,
                 int counted) {
    std::vector<FindingPlace> places;
    std::string told;
    for (const DeclaredNumber* declared : {&cover, &closing}) {
      if (!*declared || declared->value == counted) continue;
      if (is_misread(declared->field, std::to_string(counted))) continue;
      places.push_back(archive::place_of(*declared->page, *declared->field));
      if (told.empty()) told = std::to_string(declared->value);
    }
    if (places.empty()) return;
    findings_.add(rule, "count", std::move(places), std::to_string(counted), {{"told", told}});
  }

  // -- X44: order ------------------------------------------------------------

  void check_order() {
    const auto& pages = volume_.pages();
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (pages[i].fit != PageFit::moved) continue;
      std::vector<FindingPlace> places;
      std::string numbers;
      std::size_t next = i;
      for (; next < pages.size() && pages[next].fit == PageFit::moved; ++next) {
        places.push_back(archive::place_of(*pages[next].page));
        numbers += (numbers.empty() ? "" : ", ") + std::to_string(pages[next].number);
      }
      // The page that it changed places with, or that it was laid in front of.
      if (next < pages.size()) places.push_back(archive::place_of(*pages[next].page));
      const int before = pages[i].number - 1;
      findings_.add("X44", before == 0 ? "first" : "order", std::move(places),
                    std::to_string(before), {{"numbers", numbers}});
      i = next;
    }
  }

  // Pages that no number is left for: a number stamped twice, a number of another volume.
  void check_strangers() {
    for (const VolumePage& page : volume_.pages()) {
      if (page.fit != PageFit::surplus || page.stamp == 0 || page.unsure || page.of_another ||
          page.repeat_of != nullptr) {
        continue;
      }
      const Words words{{"number", std::to_string(page.stamp)}};
      const VolumePage* other = volume_.page_with(page.stamp);
      if (other != nullptr && other->fit == PageFit::in_place && !other->unsure) {
        findings_.add("X44", "twice",
                      {archive::place_of(*page.page), archive::place_of(*other->page)}, "", words);
      } else if (page.stamp > std::max(volume_.last_number(), volume_.order().end) + 1 &&
                 !is_own(*page.page) && !may_be_last(page)) {
        findings_.add("X04", "foreign_stamp", {archive::place_of(*page.page)}, "", words);
      }
    }
  }

  // Where nothing tells how many pages there are, the stamp of the last one may be misread.
  bool may_be_last(const VolumePage& page) const {
    return &page == &volume_.pages().back() && !volume_.cover_pages() && !volume_.closing_pages() &&
           volume_.catalogue_end() == 0;
  }

  bool is_own(const PageFact& page) const {
    const Subject& subject = volume_.subject();
    const FieldFact* id = believed(page, "id_number");
    const FieldFact* name = believed(page, "person_name");
    return subject.owner_of(page) == PageOwner::subject &&
           ((id != nullptr && subject.id()) || (name != nullptr && !subject.name().empty()));
  }

  // -- X44, X40: the catalogue -------------------------------------------------

  void check_ranges() {
    for (const CatalogueFit::WrongRow& wrong : fit_.wrong) {
      const CatalogueRow& row = *wrong.row;
      const std::string expected = wrong.expected ? wrong.expected->text() : "";
      if (is_misread(believed(*row.page, "item_pages", row.row), expected)) continue;
      findings_.add("X44", wrong.expected ? "range" : "ranges", {place_of(row, "item_pages")},
                    expected, {{"title", row.title}, {"row", row_name(row)}});
    }
  }

  bool is_misread(const FieldFact* printed, const std::string& expected) const {
    return likelier_misread(*printed, expected, volume_.subject().tables());
  }

  std::string row_name(const CatalogueRow& row) const {
    return std::to_string(row.sequence > 0 ? row.sequence : index_of(row) + 1);
  }

  int index_of(const CatalogueRow& row) const {
    return static_cast<int>(&row - volume_.rows().data());
  }

  void check_unclaimed() {
    for (const PageRange& numbers : fit_.unclaimed) {
      std::vector<FindingPlace> places;
      for (int number = numbers.first(); number <= numbers.last(); ++number) {
        const VolumePage* page = volume_.page_with(number);
        if (page != nullptr) places.push_back(archive::place_of(*page->page));
      }
      if (places.empty() || row_was_lost(numbers)) continue;
      findings_.add("X40", "not_in_catalogue", std::move(places), "",
                    {{"numbers", numbers.text()}});
    }
  }

  // The catalogue's own numbers leave one out here, and with it there are as many as cover or
  // closing sheet tell: the row stands on the paper and was not read.
  bool row_was_lost(const PageRange& numbers) const {
    const auto& rows = volume_.rows();
    const auto after = std::ranges::find_if(rows, [&](const CatalogueRow& row) {
      return row.range && row.range->first() > numbers.last();
    });
    if (after == rows.end() || after->sequence == 0) return false;
    const int before = after == rows.begin() ? 0 : (after - 1)->sequence;
    const int last = rows.back().sequence;
    return after->sequence == before + 2 &&
           (last == volume_.cover_items().value || last == volume_.closing_items().value);
  }

  void check_item_counts() {
    const DeclaredNumber& cover = volume_.cover_items();
    const DeclaredNumber& closing = volume_.closing_items();
    if (!fit_.unclaimed.empty()) return;
    if (fit_.complete) {
      add_count("X40", cover, closing, static_cast<int>(volume_.rows().size()));
    } else if (cover && closing) {
      add_count("X40", cover, closing, cover.value);
    }
  }

  // X43: numbers of rows. Where the pages of two rows follow one another, no row between them was
  // overlooked in reading.
  void check_sequence() {
    const auto& rows = volume_.rows();
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      const CatalogueRow& row = rows[i];
      const CatalogueRow& next = rows[i + 1];
      if (row.sequence == 0 || next.sequence == 0 || next.sequence == row.sequence + 1) continue;
      if (!row.range || !next.range || row.range->last() + 1 != next.range->first()) continue;
      // The rows before and after tell whether the numbers go on from here or were misread once.
      const int before = i == 0 ? 0 : rows[i - 1].sequence;
      if (row.sequence != before + 1) continue;
      if (i + 2 == rows.size() || rows[i + 2].sequence != next.sequence + 1) continue;
      const std::string expected = std::to_string(row.sequence + 1);
      if (is_misread(believed(*next.page, "seq", next.row), expected)) continue;
      const char* variant = next.sequence > row.sequence ? "gap" : "repeat";
      findings_.add("X43", variant, {place_of(next, "seq"), place_of(row, "seq")}, expected,
                    {{"number", std::to_string(next.sequence)}});
    }
  }

  const Volume& volume_;
  const Lacking& lacking_;
  Findings& findings_;
  CatalogueFit fit_;
};

}  // namespace

void check_volume(const DossierView&, const Volume& volume, const Lacking& lacking,
                  const CheckTables&, Findings& findings) {
  VolumeChecks(volume, lacking, findings).check();
}

}  // namespace archive
