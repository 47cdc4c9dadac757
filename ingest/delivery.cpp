#include "ingest/delivery.h"

#include <algorithm>
#include <system_error>

#include "config/job_sheet.h"
#include "core/error.h"
#include "core/utf8.h"
#include "ingest/natural_order.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

bool is_page_name(const fs::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with('.') && name != kJobSheetName;
}

// Old scanners write names in GBK or worse; the records hold UTF-8 only. The escape
// is one to one, so that two different names never become the same.
std::string utf8_name(const std::string& name) {
  if (is_utf8(name) && name.find('\\') == std::string::npos) return name;
  constexpr char kHex[] = "0123456789abcdef";
  std::string escaped;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && c != '\\') {
      escaped += c;
    } else {
      escaped += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return escaped;
}

SourceFile source_file(const fs::path& path, const fs::path& below) {
  std::error_code unreadable;
  const std::uintmax_t size = fs::file_size(path, unreadable);
  // An unreadable file is still handed in: it is set aside later, with the reason.
  return {path, utf8_name(path.lexically_relative(below).generic_string()), unreadable ? 0 : size};
}

void add_folder(const fs::path& folder, const fs::path& below, Delivery& delivery) {
  std::error_code error;
  fs::recursive_directory_iterator entries(folder, error);
  if (error) {
    throw ArchiveError(ErrorKind::input_missing, folder.string(),
                       "the folder cannot be read: " + error.message(),
                       "check its permissions, then give the same command again");
  }
  for (const auto end = fs::recursive_directory_iterator(); entries != end;
       entries.increment(error)) {
    if (entries->path().filename().string().starts_with('.') && entries->is_directory()) {
      entries.disable_recursion_pending();
      continue;
    }
    if (!entries->is_directory() && is_page_name(entries->path())) {
      delivery.files.push_back(source_file(entries->path(), below));
    }
  }
  if (error) {
    throw ArchiveError(ErrorKind::input_missing, folder.string(),
                       "a folder below cannot be read: " + error.message(),
                       "check its permissions, then give the same command again");
  }
}

// Names are paths below the folder that holds all inputs, so that a/1.jpg and b/1.jpg
// handed in together stay two deliveries.
fs::path common_parent(const std::vector<fs::path>& places) {
  fs::path parent = places.front().parent_path();
  const auto holds = [&parent](const fs::path& place) {
    const fs::path below = place.lexically_relative(parent);
    return !below.empty() && *below.begin() != "..";
  };
  while (!std::ranges::all_of(places, holds)) parent = parent.parent_path();
  return parent;
}

}  // namespace

Delivery look_at(const std::vector<fs::path>& inputs, const std::string& batch_name) {
  std::vector<fs::path> places;
  for (const fs::path& input : inputs) {
    std::error_code missing;
    fs::path place = fs::canonical(input, missing);
    if (missing) {
      throw ArchiveError(ErrorKind::input_missing, input.string(),
                         "there is no such file or folder",
                         "check the path; a scanner's network folder may have to be mounted");
    }
    if (std::ranges::find(places, place) == places.end()) places.push_back(std::move(place));
  }
  Delivery delivery;
  if (places.empty()) return delivery;
  delivery.key = places.front().string();
  delivery.name = places.front().filename().string();
  if (!batch_name.empty()) delivery.key = delivery.name = batch_name;

  const fs::path parent = common_parent(places);
  for (const fs::path& place : places) {
    if (!fs::is_directory(place)) {
      delivery.files.push_back(source_file(place, parent));
      continue;
    }
    if (const auto sheet = read_job_sheet(place)) delivery.job_sheet = *sheet;
    add_folder(place, places.size() == 1 ? place : parent, delivery);
  }
  std::ranges::sort(delivery.files, [](const SourceFile& a, const SourceFile& b) {
    return natural_less(a.name, b.name);
  });
  return delivery;
}

}  // namespace archive
