#pragma once

#include <filesystem>

#include "ingest/delivery.h"
#include "store/archive_folder.h"
#include "store/records/records.h"

namespace archive {

/// Whether this folder is where earlier versions scanned the batch of its name: a page of it lies
/// there. An upload of the same name is a batch of its own.
bool was_scanned(const Records& records, const std::filesystem::path& folder);

/// What lies in the inbox where earlier versions scanned belongs to the batch of that scan: as one
/// of its own each of its pages would be counted twice. Any other delivery stays as it is.
void keep_with_its_scans(Delivery& delivery, const std::filesystem::path& folder,
                         const ArchiveFolder& archive, const Records& records);

}  // namespace archive
