#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "config/forms.h"
#include "core/layout.h"
#include "core/records.h"
#include "index/page_index.h"
#include "store/records/records.h"

namespace archive {

/// What the index is told of a page: its record, its text, and what batch, dossier and item say.
IndexedPage indexed_page(const PageRecord& page, PageLayout layout, const Records& records,
                         const FormCatalogue& catalogue);

/// Hands filed pages to the index and commits now and then: after so many pages or so
/// much time, whichever comes first. Only after a commit are pages marked as indexed
/// in the records and handed to `on_durable`; a page that is not marked is put in
/// again by the next run, so a kill between the two loses nothing.
///
/// Used by one thread at a time.
class IndexFeed {
 public:
  struct Pace {
    int pages = 100;
    std::chrono::milliseconds time{1000};
  };
  using OnDurable = std::function<void(const std::vector<PageRecord>&)>;

  IndexFeed(const FormCatalogue& catalogue, Records& records, PageIndex& index, Pace pace,
            OnDurable on_durable);

  /// REQUIRES: the page has its number.
  void put(PageRecord page, PageLayout layout);
  /// Commits what is pending. Call at the end of a run.
  void flush();

 private:
  const FormCatalogue& catalogue_;
  Records& records_;
  PageIndex& index_;
  Pace pace_;
  OnDurable on_durable_;
  std::vector<PageRecord> pending_;
  std::chrono::steady_clock::time_point last_commit_;
};

}  // namespace archive
