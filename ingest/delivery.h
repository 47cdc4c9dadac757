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
};

/// Looks at `inputs`: folders are walked to the bottom, files are taken as they are.
/// Job sheets and files whose names begin with a dot are not pages. A symbolic link to
/// a folder is not followed (it may loop); one to a file is.
/// `batch_name` empty: the first input's own name, and its absolute path as key.
/// Throws ArchiveError{input_missing} when an input is not there or a folder may not
/// be read, ArchiveError{settings} for a job sheet that cannot be understood.
Delivery look_at(const std::vector<std::filesystem::path>& inputs, const std::string& batch_name);

}  // namespace archive
