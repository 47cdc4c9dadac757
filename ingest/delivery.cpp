#include "ingest/delivery.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>

#include "config/job_sheet.h"
#include "core/error.h"
#include "core/utf8.h"
#include "ingest/natural_order.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

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

std::string name_below(const fs::path& path, const fs::path& below) {
  return utf8_name(path.lexically_relative(below).generic_string());
}

/// A file of the folder `handed_in`, named below `below`.
SourceFile source_file(const fs::path& path, const fs::path& below, const fs::path& handed_in) {
  std::error_code unreadable;
  const std::uintmax_t size = fs::file_size(path, unreadable);
  // An unreadable file is still handed in: it is set aside later, with the reason.
  return {path, name_below(path, below), unreadable ? 0 : size,
          name_below(path, handed_in.parent_path())};
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
    const fs::path& path = entries->path();
    // What cannot even be looked at (a link to itself, no right) is a file that is set aside.
    std::error_code unknown;
    const bool walked = entries->is_directory(unknown) && !entries->is_symlink(unknown);
    if (is_hidden(path)) {
      delivery.left_out.push_back(name_below(path, below));
      if (walked) entries.disable_recursion_pending();
    } else if (!walked && path.filename() != kJobSheetName) {
      delivery.files.push_back(source_file(path, below, folder));
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

/// Two folders of the same name that come together are told apart by where they lie.
void keep_apart(std::vector<SourceFile>& files) {
  std::set<std::string_view> known;
  const bool apart = std::ranges::all_of(
      files, [&known](const SourceFile& file) { return known.insert(file.handed_in_as).second; });
  if (apart) return;
  for (SourceFile& file : files) file.handed_in_as = file.name;
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
      delivery.files.push_back(source_file(place, parent, place.parent_path()));
      continue;
    }
    if (const auto sheet = read_job_sheet(place)) delivery.job_sheet = *sheet;
    add_folder(place, places.size() == 1 ? place : parent, delivery);
  }
  if (delivery.files.empty()) {
    throw ArchiveError(ErrorKind::input_missing, inputs.front().string(),
                       "there is no file in it that could be a page",
                       "check the path; a scanner's network folder may have to be mounted");
  }
  keep_apart(delivery.files);
  std::ranges::sort(delivery.files, [](const SourceFile& a, const SourceFile& b) {
    return natural_less(a.name, b.name);
  });
  return delivery;
}

void name_beside(const SourceRecord& first, Delivery& delivery) {
  // "box1/" of "box1/1.jpg", which is called "1.jpg"; nothing where the name has the folder.
  const auto folder_of = [](std::string_view handed_in_as, std::string_view name) {
    return handed_in_as.substr(0, handed_in_as.size() - std::min(handed_in_as.size(), name.size()));
  };
  if (first.handed_in_as.empty()) return;
  for (SourceFile& file : delivery.files) {
    const std::string_view folder = folder_of(file.handed_in_as, file.name);
    if (folder != folder_of(first.handed_in_as, first.name)) file.name = file.handed_in_as;
  }
}

}  // namespace archive
