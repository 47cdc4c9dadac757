#include "viewer/reading_room.h"

#include "config/settings.h"
#include "core/error.h"
#include "store/archive_folder.h"
#include "store/objects/compression.h"

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

SearchPage ReadingRoom::search(const SearchRequest& request) {
  if (!index_) {
    const ArchiveFolder folder = ArchiveFolder::open(folder_);
    const Settings settings = read_settings(folder.settings_file());
    index_ = PageIndex::open_reader(folder.index(settings.store.index_folder));
    index_->name_fields(field_names_);
  }
  SearchPage result;
  result.answer = index_->search(request);
  for (SearchHit& hit : result.answer.hits) {
    auto page = records_.page(hit.page);
    if (!page) {
      // The index is ahead of this reader, or behind a repair: say so, show the rest.
      result.answer.complete = false;
      continue;
    }
    const PageLayout text = layout(*page);
    hit.snippet = snippet_of(request.text, text);
    hit.boxes = locate(request.text, text);
    FoundPage found{hit, std::move(*page), {}, records_.persons_of_page(hit.page)};
    if (found.page.dossier != 0) {
      if (const auto dossier = records_.dossier(found.page.dossier)) {
        found.dossier_no = dossier->dossier_no;
      }
    }
    result.found.push_back(std::move(found));
  }
  return result;
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
