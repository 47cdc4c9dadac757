#include "viewer/reading_room.h"

#include <algorithm>
#include <string_view>

#include "config/settings.h"
#include "core/error.h"
#include "store/archive_folder.h"
#include "store/lifecycle/reviews.h"
#include "store/objects/compression.h"
#include "store/records/finding_search.h"

namespace archive {

ReadingRoom::ReadingRoom(const std::filesystem::path& archive_folder)
    : folder_(archive_folder),
      objects_(ArchiveFolder::open(archive_folder).objects()),
      records_(Records::open_reader(archive_folder)) {}

void ReadingRoom::use_labels_of(const FormCatalogue& catalogue) {
  for (const auto& [doc_type, form] : catalogue.forms()) {
    for (const FieldDescription& field : form.fields) {
      for (const std::string& label : field.labels) field_names_.push_back({label, field.id});
    }
  }
}

PageIndex& ReadingRoom::index() {
  if (!index_) {
    const ArchiveFolder folder = ArchiveFolder::open(folder_);
    const Settings settings = read_settings(folder.settings_file());
    index_ = PageIndex::open_reader(folder.index(settings.store.index_folder));
    index_->name_fields(field_names_);
    index_->use_look_alikes(look_alikes_);
  }
  return *index_;
}

SearchAnswer ReadingRoom::count(const SearchRequest& request) { return index().search(request); }

SearchPage ReadingRoom::search(const SearchRequest& request) {
  constexpr std::size_t kWaitingMax = 1'000;
  SearchPage result;
  result.answer = index().search(request);
  result.index_entries = index().state().ledger_entries;
  result.waiting = records_.pages_to_index(kWaitingMax).size();
  for (const SearchHit& hit : result.answer.hits) {
    auto page = records_.page(hit.page);
    if (!page) {
      // The index is ahead of this reader, or behind a repair: say so, show the rest.
      result.answer.complete = false;
      continue;
    }
    result.found.push_back(found_page(hit, std::move(*page), request.text));
  }
  return result;
}

FoundPage ReadingRoom::found_page(const SearchHit& hit, PageRecord page,
                                  const std::string& query) const {
  FoundPage found{hit, std::move(page), {}, records_.persons_of_page(hit.page)};
  const PageLayout text = layout(found.page);
  found.hit.snippet = snippet_of(query, text, look_alikes_);
  found.hit.boxes = locate(query, text, look_alikes_);
  // A value that wraps in its cell has other cells' words between its lines, and one that a person
  // typed is no line at all: their place is that of the field.
  constexpr std::string_view kOfField = "field:";
  if (found.hit.boxes.empty() && hit.reason.starts_with(kOfField)) {
    const std::string id = hit.reason.substr(kOfField.size());
    for (const FieldRecord& field : found.page.fields) {
      if (field.field != id) continue;
      found.hit.boxes.push_back(field.quad);
      if (found.hit.snippet.empty()) found.hit.snippet = "«" + field.raw + "»";
    }
  }
  if (found.page.dossier != 0) {
    if (const auto dossier = records_.dossier(found.page.dossier)) {
      found.dossier_no = dossier->dossier_no;
    }
  }
  return found;
}

void ReadingRoom::narrow(SearchRequest& request, const RecordFilters& filters,
                         const ReviewSteps& states) {
  if (!filters.rule.empty()) {
    request.filters.dossiers = dossiers_with_open_finding(records_, filters.rule);
  }
  if (filters.review_state.empty()) return;
  constexpr std::size_t kItemsAtOnce = 1'000;
  const Reviews reviews(records_, states);
  std::vector<PageNumber> pages;
  DossierNumber dossier = 0;
  int sequence = 0;
  for (;;) {
    const auto waiting = reviews.waiting({filters.review_state}, dossier, sequence, kItemsAtOnce);
    if (waiting.empty()) break;
    for (const Reviews::Waiting& one : waiting) {
      dossier = one.dossier;
      sequence = one.item_sequence;
      const auto record = records_.dossier(one.dossier);
      if (!record) continue;
      for (const ItemRecord& item : record->items) {
        if (item.sequence != one.item_sequence) continue;
        for (const PageRecord& page : records_.pages_of_item(item.number)) {
          pages.push_back(page.number);
        }
      }
    }
  }
  request.filters.pages = std::move(pages);
}

std::vector<FoundGroup> grouped_by_dossier(const SearchPage& result) {
  std::vector<FoundGroup> groups;
  for (const FoundPage& found : result.found) {
    const DossierNumber number = found.page.dossier;
    auto group = std::ranges::find(groups, number, &FoundGroup::number);
    if (group == groups.end()) {
      group = groups.insert(groups.end(), FoundGroup{found.dossier_no, number, {}});
    }
    group->pages.push_back(&found);
  }
  return groups;
}

std::vector<FoundGroup> grouped_by_person(const SearchPage& result) {
  std::vector<FoundGroup> groups;
  const auto add = [&](const std::string& name, PersonNumber number, const FoundPage& found) {
    auto group = std::ranges::find(groups, number, &FoundGroup::number);
    if (group == groups.end()) {
      group = groups.insert(groups.end(), FoundGroup{name, number, {}});
    }
    group->pages.push_back(&found);
  };
  for (const FoundPage& found : result.found) {
    for (const PersonRecord& person : found.persons) add(person.name, person.number, found);
    if (found.persons.empty()) add({}, 0, found);
  }
  return groups;
}

PageRecord ReadingRoom::page(PageNumber number) const {
  auto page = records_.page(number);
  if (!page) {
    throw ArchiveError(ErrorKind::not_found, "page " + std::to_string(number),
                       "there is no page with this number",
                       "page numbers are printed by `juanzong search` and `juanzong status`");
  }
  return std::move(*page);
}

PageLayout ReadingRoom::layout(const PageRecord& page) const {
  if (!page.layout_blob) return {};
  return parse_layout(expand(objects_.get(*page.layout_blob)));
}

}  // namespace archive
