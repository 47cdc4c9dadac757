#include "app/scanned_batch.h"

#include <algorithm>

#include "store/objects/object_store.h"
#include "store/objects/small_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

bool holds(const fs::path& folder, const SourceRecord& source) {
  const fs::path page = folder / source.name;
  std::error_code error;
  if (!source.blob || fs::file_size(page, error) != source.size_bytes) return false;
  return hash_of(read_small_file(page, source.size_bytes)) == *source.blob;
}

}  // namespace

bool was_scanned(const Records& records, const fs::path& folder) {
  const std::vector<BatchRecord> batches = records.batches();
  const auto known = std::ranges::find(batches, folder.filename().string(), &BatchRecord::key);
  if (known == batches.end() || known->job_sheet.scanner.empty()) return false;
  return std::ranges::any_of(records.sources(known->number), [&folder](const SourceRecord& source) {
    return holds(folder, source);
  });
}

void keep_with_its_scans(Delivery& delivery, const fs::path& folder, const ArchiveFolder& archive,
                         const Records& records) {
  std::error_code missing;
  const fs::path place = fs::canonical(folder, missing);
  if (missing || !fs::equivalent(place.parent_path(), archive.inbox(), missing)) return;
  if (was_scanned(records, place)) delivery.key = delivery.name = place.filename().string();
}

}  // namespace archive
