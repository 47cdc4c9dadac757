#include "store/objects/small_file.h"

#include <cerrno>
#include <fstream>
#include <span>

#include "store/objects/temporary_file.h"

namespace archive {

void put_small_file(Disk& disk, const std::filesystem::path& file, std::string_view text,
                    std::filesystem::perms mode) {
  const std::filesystem::path folder =
      file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  TemporaryFile temporary(disk, folder);
  temporary.write(std::as_bytes(std::span(text)));
  temporary.seal(true);
  std::error_code error;
  std::filesystem::permissions(temporary.path(), mode, error);
  if (error) throw_disk_error(temporary.path(), "setting the mode", error.value());
  if (disk.rename_over(temporary.path(), file) != 0) {
    throw_disk_error(file, "giving the file its name", errno);
  }
  temporary.release();
  sync_folder(disk, folder);
}

std::string read_small_file(const std::filesystem::path& file, std::size_t bytes_max) {
  std::ifstream in(file, std::ios::binary);
  std::string text(bytes_max, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace archive
