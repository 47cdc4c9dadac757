#include "store/packages/bag_writer.h"

#include <cassert>
#include <cerrno>
#include <span>
#include <utility>

#include "store/packages/bag_names.h"
#include "store/packages/checksums.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0640;
constexpr std::string_view kDeclaration =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// A file of the bag while it is written.
class OpenFile {
 public:
  OpenFile(Disk& disk, fs::path path) : disk_(disk), path_(std::move(path)) {
    fd_ = disk_.create(path_);
    if (fd_ < 0) throw_disk_error(path_, "making a file", errno);
  }
  ~OpenFile() {
    if (fd_ >= 0) disk_.close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = disk_.write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) throw_disk_error(path_, "writing", written < 0 ? errno : ENOSPC);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void finish() {
    if (disk_.set_mode(fd_, kFileMode) != 0) throw_disk_error(path_, "setting the mode", errno);
    if (disk_.sync(fd_) != 0) throw_disk_error(path_, "fsync", errno);
    if (disk_.close(std::exchange(fd_, -1)) != 0) throw_disk_error(path_, "closing", errno);
  }

 private:
  Disk& disk_;
  fs::path path_;
  int fd_ = -1;
};

}  // namespace

BagWriter::BagWriter(fs::path folder, bool with_sm3, Disk& disk)
    : folder_(std::move(folder)), with_sm3_(with_sm3), disk_(disk) {
  folders_.insert(folder_);
}

void BagWriter::make_folders_for(const std::string& path) {
  fs::path folder = folder_;
  for (const fs::path& part : fs::path(path).parent_path()) {
    folder /= part;
    if (!folders_.insert(folder).second) continue;
    if (disk_.make_folder(folder) != 0 && errno != EEXIST) {
      throw_disk_error(folder, "making a folder", errno);
    }
  }
}

BagWriter::Written BagWriter::write(const std::string& path,
                                    const std::function<void(const Sink&)>& fill) {
  assert(!escapes_the_bag(path));
  make_folders_for(path);
  std::vector<std::string> algorithms = {"sha256"};
  if (with_sm3_) algorithms.emplace_back("sm3");
  Checksums sums(algorithms);
  Written written;
  OpenFile file(disk_, folder_ / path);
  fill([&](std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    sums.add(bytes);
    file.write(bytes);
    written.size_bytes += bytes.size();
  });
  file.finish();
  const std::vector<std::string> counted = sums.finish();
  written.sha256 = counted[0];
  if (with_sm3_) written.sm3 = counted[1];
  return written;
}

BagWriter::Written BagWriter::write(const std::string& path, std::string_view bytes) {
  return write(path, [bytes](const Sink& sink) { sink(bytes); });
}

BagWriter::Written BagWriter::add(const std::string& path,
                                  const std::function<void(const Sink&)>& fill) {
  const std::string in_bag = "data/" + path;
  assert(!payload_.contains(in_bag));
  const Written written = write(in_bag, fill);
  payload_.emplace(in_bag, written);
  payload_bytes_ += written.size_bytes;
  return written;
}

BagWriter::Written BagWriter::add(const std::string& path, std::string_view bytes) {
  return add(path, [bytes](const Sink& sink) { sink(bytes); });
}

std::string BagWriter::manifest(const std::map<std::string, Written>& files,
                                std::string Written::*sum) const {
  std::string text;
  for (const auto& [path, written] : files) {
    text += written.*sum + "  " + bag_path_written(path) + "\n";
  }
  return text;
}

std::string BagWriter::finish(const std::vector<TagElement>& info, const Sign& sign) {
  const auto tag = [this](const std::string& name, const std::string& text) {
    tags_[name] = write(name, text);
  };
  tag("bagit.txt", std::string(kDeclaration));
  std::string elements;
  for (const TagElement& element : info) elements += tag_element_text(element);
  elements += tag_element_text(
      {"Payload-Oxum", std::to_string(payload_bytes_) + "." + std::to_string(payload_.size())});
  tag("bag-info.txt", elements);
  tag("manifest-sha256.txt", manifest(payload_, &Written::sha256));
  if (with_sm3_) tag("manifest-sm3.txt", manifest(payload_, &Written::sm3));
  const std::map<std::string, Written> listed = tags_;
  const std::string tag_manifest = manifest(listed, &Written::sha256);
  if (with_sm3_) write("tagmanifest-sm3.txt", manifest(listed, &Written::sm3));
  const Written whole = write("tagmanifest-sha256.txt", tag_manifest);
  if (sign) {
    for (const auto& [name, text] : sign(tag_manifest)) write(name, text);
  }
  for (const fs::path& folder : folders_) sync_folder(disk_, folder);
  return whole.sha256;
}

}  // namespace archive
