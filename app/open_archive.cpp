#include "app/open_archive.h"

#include <chrono>
#include <string>

#include "app/writing.h"
#include "core/error.h"
#include "store/archive_folder.h"

namespace archive {

std::filesystem::path index_place(const ArchiveFolder& folder, const Settings& settings) {
  std::filesystem::path place = folder.index(settings.store.index_folder);
  if (settings.store.index_folder.empty()) return place;
  std::error_code error;
  std::filesystem::create_directories(place, error);
  std::filesystem::permissions(place, std::filesystem::perms(0700), error);
  if (!error) return place;
  throw ArchiveError(ErrorKind::index, place.string(), "the index has no place: " + error.message(),
                     "check [store] index_folder in juanzong.toml, and that its disk is mounted");
}

WritableArchive::WritableArchive(const std::filesystem::path& folder, std::string_view command,
                                 std::string_view reason)
    : folder_(folder),
      settings_(read_settings(ArchiveFolder::open(folder).settings_file())),
      records_(Records::open_writer(folder, writing_by(settings_, command, reason))),
      objects_(ArchiveFolder::open(folder).objects(), settings_.store.fsync),
      tables_(CheckTables::load(find_config_folder(settings_))),
      quality_(QualityRules::load(find_config_folder(settings_))) {
  objects_.remove_unfinished();
  open_index();
}

void WritableArchive::open_index() {
  const std::filesystem::path place = index_place(ArchiveFolder::open(folder_), settings_);
  if (!settings_.store.index_folder.empty()) {
    // What lay in the archive before the settings put it elsewhere has the words of the pages.
    std::error_code error;
    std::filesystem::remove_all(ArchiveFolder::open(folder_).index(), error);
  }
  try {
    index_ = PageIndex::open_writer(place);
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::index) throw;
    empty_index();
    return;
  }
  // An empty index beside filled records was deleted, or lost with its folder; until it is full
  // again every answer says that it is not whole.
  if (index_->pages() == 0 && records_.counts().filed > 0) empty_index();
}

void WritableArchive::empty_index() {
  const std::filesystem::path place = index_place(ArchiveFolder::open(folder_), settings_);
  index_.reset();
  std::filesystem::remove_all(place);
  // First the mark: what was begun goes on after a kill, and is never taken for the whole.
  index_ = PageIndex::open_writer(place);
  index_->begin_rebuilding();
  records_.mark_all_unindexed();
}

Workshop WritableArchive::workshop() {
  if (!models_) {
    const bool needs_models = settings_.ocr.engine != "tesseract";
    models_.emplace(settings_.ocr,
                    needs_models ? find_model_folder(settings_) : std::filesystem::path());
  }
  return {settings_, tables_, quality_, *models_, objects_, records_, *index_,
          folder_ / "spool" / "fatal_pages"};
}

}  // namespace archive
