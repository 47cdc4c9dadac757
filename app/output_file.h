#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace archive {

/// A file for people outside the archive. It has another name until it is whole and durable, so
/// that nobody takes half of it for all; unfinished it disappears with this object. Mode 0640.
/// Throws ArchiveError{disk} when the disk refuses.
class OutputFile {
 public:
  /// Throws ArchiveError{usage} when something of that name is there and may not be replaced.
  OutputFile(std::filesystem::path file, bool replace);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes);
  /// Gives the file its name. Nothing may be written afterwards.
  void finish();

 private:
  std::filesystem::path file_;
  std::filesystem::path unfinished_;
  bool replace_;
  int fd_ = -1;
};

/// The same, or standard output where `file` is empty or "-".
class Output {
 public:
  Output(const std::filesystem::path& file, bool replace);

  void write(std::string_view bytes);
  void finish();

 private:
  std::unique_ptr<OutputFile> file_;
};

/// The same for a new folder of files, which are written with OutputFile::finish() into path().
class OutputFolder {
 public:
  explicit OutputFolder(std::filesystem::path folder);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& path() const { return unfinished_; }
  void finish();

 private:
  std::filesystem::path folder_;
  std::filesystem::path unfinished_;
};

}  // namespace archive
