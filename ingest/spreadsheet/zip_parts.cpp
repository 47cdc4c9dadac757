#include "ingest/spreadsheet/zip_parts.h"

#include <zip.h>

#include <array>
#include <cstdint>
#include <utility>

#include "core/error.h"

namespace archive {
namespace {

constexpr std::size_t kBytesAtOnce = 64 << 10;

[[noreturn]] void refuse(const std::string& where, const std::string& what,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::input_missing, where, what, what_to_do);
}

[[noreturn]] void refuse_damaged(const std::string& where) {
  refuse(where, "the file is damaged or not complete", "copy it again, or save it as CSV in UTF-8");
}

}  // namespace

struct ZipParts::State {
  std::string name;
  SheetLimits limits;
  std::unique_ptr<zip_t, void (*)(zip_t*)> zip{nullptr, &zip_discard};
};

ZipParts::ZipParts(std::string name, std::string_view bytes, const SheetLimits& limits)
    : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->limits = limits;
  if (bytes.size() > limits.file_bytes) {
    refuse(state_->name, "it is larger than " + std::to_string(limits.file_bytes >> 20) + " MB",
           "divide it");
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) state_->zip.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
  zip_error_fini(&error);
  if (state_->zip == nullptr) {
    if (source != nullptr) zip_source_free(source);
    refuse_damaged(state_->name);
  }
  if (zip_get_num_entries(state_->zip.get(), 0) > limits.parts) {
    refuse(state_->name, "it has more than " + std::to_string(limits.parts) + " files inside",
           "save it as CSV in UTF-8");
  }
}

ZipParts::~ZipParts() = default;

// Names inside a workbook do not tell capitals from small letters.
bool ZipParts::has(const std::string& part) const {
  return zip_name_locate(state_->zip.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
}

void ZipParts::read(const std::string& part,
                    const std::function<bool(std::string_view)>& take) const {
  const std::string where = state_->name + ": " + part;
  const zip_int64_t at = zip_name_locate(state_->zip.get(), part.c_str(), ZIP_FL_NOCASE);
  if (at < 0) refuse(where, "the file has no such part", "save it again as .xlsx, or as CSV");
  const auto index = static_cast<zip_uint64_t>(at);
  zip_stat_t about;
  zip_stat_init(&about);
  if (zip_stat_index(state_->zip.get(), index, 0, &about) != 0) refuse_damaged(where);
  if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE) {
    refuse(where, "a password is needed", "save it without a password");
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(state_->zip.get(), index, 0), &zip_fclose);
  if (file == nullptr) refuse_damaged(where);
  std::array<char, kBytesAtOnce> buffer;
  std::uint64_t total = 0;
  for (;;) {
    const zip_int64_t count = zip_fread(file.get(), buffer.data(), buffer.size());
    if (count < 0) refuse_damaged(where);
    if (count == 0) return;
    // What the archive says of the size may be a lie: only what comes out is counted.
    total += static_cast<std::uint64_t>(count);
    if (total > state_->limits.part_bytes) {
      refuse(
          where,
          "unpacked it is larger than " + std::to_string(state_->limits.part_bytes >> 20) + " MB",
          "divide it, or save it as CSV in UTF-8");
    }
    if (!take({buffer.data(), static_cast<std::size_t>(count)})) return;
  }
}

}  // namespace archive
