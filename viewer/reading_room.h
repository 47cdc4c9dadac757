#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/forms.h"
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
};

/// The way out of an archive: finds and shows, changes nothing. Works beside a running
/// ingest. One object for each thread.
class ReadingRoom {
 public:
  /// Throws ArchiveError{archive_missing} or {archive_foreign}.
  explicit ReadingRoom(const std::filesystem::path& archive_folder);

  /// Lets clerks name fields in queries by the labels that stand on the forms.
  void use_labels_of(const FormCatalogue& catalogue);

  /// A query nobody can understand throws std::invalid_argument with words for the
  /// clerk; a missing or damaged index ArchiveError{index}.
  SearchPage search(const SearchRequest& request);

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
  std::vector<SearchFieldName> field_names_;
  std::optional<PageIndex> index_;  // opened by the first search: show needs none
};

}  // namespace archive
