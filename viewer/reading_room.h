#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/forms.h"
#include "config/look_alikes.h"
#include "config/review_steps.h"
#include "core/layout.h"
#include "core/records.h"
#include "index/page_index.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// A page found, with what a clerk wants to see beside it.
struct FoundPage {
  SearchHit hit;
  PageRecord page;
  std::string dossier_no;
  std::vector<PersonRecord> persons;
};

struct SearchPage {
  SearchAnswer answer;
  std::vector<FoundPage> found;  ///< in the order of answer.hits
  /// Pages whose record is newer than the index: changed since, and found as they were before.
  std::size_t waiting = 0;
  std::int64_t index_entries = 0;  ///< of the ledger, that the index knows of
};

/// Hits that belong together: those of a dossier, or of a person.
struct FoundGroup {
  std::string name;                     ///< dossier number, or name of the person
  std::int64_t number = 0;              ///< of the record; 0: pages that belong to none
  std::vector<const FoundPage*> pages;  ///< in the order of the answer
};

/// In the order of each group's first hit. Of persons, a page that names several is in each.
std::vector<FoundGroup> grouped_by_dossier(const SearchPage& result);
std::vector<FoundGroup> grouped_by_person(const SearchPage& result);

/// What only the records know; empty: any. Asked of them each time, so it is never out of date.
struct RecordFilters {
  std::string rule;          ///< of an open finding on the dossier, X04
  std::string review_state;  ///< of the item, as `juanzong review` names them
};

/// The way out of an archive: finds and shows, changes nothing. Works beside a running
/// ingest. One object for each thread.
class ReadingRoom {
 public:
  /// Throws ArchiveError{archive_missing} or {archive_foreign}.
  explicit ReadingRoom(const std::filesystem::path& archive_folder);

  /// Lets clerks name fields in queries by the labels that stand on the forms.
  void use_labels_of(const FormCatalogue& catalogue);
  /// For pages that look as asked for (config/look_alikes.h).
  void use_look_alikes(LookAlikes table) { look_alikes_ = std::move(table); }
  const LookAlikes& look_alikes() const { return look_alikes_; }

  /// A query nobody can understand throws std::invalid_argument with words for the
  /// clerk; a missing or damaged index ArchiveError{index}.
  SearchPage search(const SearchRequest& request);
  /// The answer of the index alone, without texts and boxes: for lists of thousands of names.
  SearchAnswer count(const SearchRequest& request);
  /// Narrows a request to what the records say. Throws std::invalid_argument for a state that
  /// `states` does not have.
  void narrow(SearchRequest& request, const RecordFilters& filters, const ReviewSteps& states);

  const Records& records() const { return records_; }
  const ObjectStore& objects() const { return objects_; }

  /// Throws ArchiveError{not_found} when there is no such page.
  PageRecord page(PageNumber number) const;
  /// The text of a filed page with its places; empty for a page that was set aside.
  PageLayout layout(const PageRecord& page) const;

 private:
  std::filesystem::path folder_;
  ObjectStore objects_;
  Records records_;
  PageIndex& index();
  FoundPage found_page(const SearchHit& hit, PageRecord page, const std::string& query) const;

  std::vector<SearchFieldName> field_names_;
  LookAlikes look_alikes_;
  std::optional<PageIndex> index_;  // opened by the first search: show needs none
};

}  // namespace archive
