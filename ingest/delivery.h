#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/page.h"
#include "core/records.h"

namespace archive {

/// What is handed in at once: the files of a batch in natural order.
struct Delivery {
  std::string key;   ///< identity of the batch: the given name, or the absolute path
  std::string name;  ///< what people call it
  JobSheet job_sheet;
  std::vector<SourceFile> files;
  /// Files and folders whose names begin with a dot: no pages, and not passed over unseen.
  std::vector<std::string> left_out;
};

/// Looks at `inputs`: folders are walked to the bottom, files are taken as they are.
/// Job sheets are no pages. A symbolic link to a folder is not followed (it may loop): it is
/// handed in as what it is, and set aside; one to a file is followed.
/// `batch_name` empty: the first input's own name, and its absolute path as key.
/// Throws ArchiveError{input_missing} when an input is not there, a folder may not be read,
/// or there is no file in any of them, ArchiveError{settings} for a job sheet that cannot be
/// understood.
Delivery look_at(const std::vector<std::filesystem::path>& inputs, const std::string& batch_name);

/// Names of a folder that follows another into a batch are told with the folder, as those of
/// folders that come together are. `first` is what came first into the batch.
void name_beside(const SourceRecord& first, Delivery& delivery);

}  // namespace archive
