#include "ingest/sources/tiff_directories.h"

#include <string>
#include <unordered_set>

#include "ingest/sources/byte_view.h"

namespace archive {
namespace {

constexpr std::uint16_t kBigTiff = 43;

// The numbers in which the two variants differ (TIFF 6.0 section 2; BigTIFF design).
struct Form {
  std::uint64_t first_at = 4;  // where the first pointer stands
  std::uint64_t count_bytes = 2;
  std::uint64_t entry_bytes = 12;
  std::uint64_t pointer_bytes = 4;
};

constexpr Form kClassic{};
constexpr Form kBig{8, 8, 20, 8};

std::uint64_t pointer_at(const ByteView& view, const Form& form, std::uint64_t offset) {
  return form.pointer_bytes == 8 ? view.u64(offset) : view.u32(offset);
}

}  // namespace

Result<TiffDirectories, PageFault> walk_directories(Bytes bytes, int pages_max) {
  const auto fault = [](FaultReason reason, std::string detail) {
    return Failure{PageFault{Stage::decode, reason, std::move(detail)}};
  };
  const ByteView view(bytes, !bytes.empty() && bytes[0] == 'M');
  const Form& form = view.u16(2) == kBigTiff ? kBig : kClassic;
  if (!view.has(form.first_at, form.pointer_bytes)) {
    return fault(FaultReason::truncated, "ends within its header");
  }
  TiffDirectories found;
  std::unordered_set<std::uint64_t> seen;
  std::uint64_t at = pointer_at(view, form, form.first_at);
  while (at != 0) {
    if (!view.has(at, form.count_bytes)) {
      found.broken_off = "a directory lies outside the file";
      break;
    }
    if (!seen.insert(at).second) {
      found.broken_off = "the directories form a loop";
      break;
    }
    if (found.offsets.size() == static_cast<std::size_t>(pages_max)) {
      return fault(FaultReason::too_many_pages, "more than " + std::to_string(pages_max));
    }
    found.offsets.push_back(at);
    const std::uint64_t entries = form.count_bytes == 8 ? view.u64(at) : view.u16(at);
    if (entries > bytes.size() / form.entry_bytes) {
      found.broken_off = "a directory is cut off";
      break;
    }
    at = pointer_at(view, form, at + form.count_bytes + entries * form.entry_bytes);
  }
  if (found.offsets.empty()) {
    const bool cut = !found.broken_off.empty();
    return fault(cut ? FaultReason::truncated : FaultReason::no_pages,
                 cut ? found.broken_off : "no directory");
  }
  return found;
}

}  // namespace archive
