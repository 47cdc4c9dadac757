// Opens TIFF files for libtiff from memory, with its words caught. This and
// tiff_page.cpp are the only files that include libtiff.

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "ingest/sources/tiff_directories.h"
#include "ingest/sources/tiff_page.h"

namespace archive {
namespace {

struct Closer {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};
using Tiff = std::unique_ptr<TIFF, Closer>;

struct Input {
  Bytes bytes;
  toff_t position = 0;
};

tmsize_t read_some(thandle_t handle, void* to, tmsize_t count) {
  auto& input = *static_cast<Input*>(handle);
  if (input.position >= input.bytes.size() || count <= 0) return 0;
  const auto left = static_cast<tmsize_t>(input.bytes.size() - input.position);
  count = std::min(count, left);
  std::copy_n(input.bytes.data() + input.position, count, static_cast<std::uint8_t*>(to));
  input.position += static_cast<toff_t>(count);
  return count;
}
tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }
toff_t seek_to(thandle_t handle, toff_t offset, int whence) {
  auto& input = *static_cast<Input*>(handle);
  if (whence == SEEK_CUR) offset += input.position;
  if (whence == SEEK_END) offset += input.bytes.size();
  return input.position = offset;
}
int close_nothing(thandle_t) { return 0; }
toff_t size_of(thandle_t handle) { return static_cast<Input*>(handle)->bytes.size(); }
int map_all(thandle_t handle, void** base, toff_t* size) {
  const Bytes bytes = static_cast<Input*>(handle)->bytes;
  *base = const_cast<std::uint8_t*>(bytes.data());  // libtiff reads it only
  *size = bytes.size();
  return 1;
}
void unmap_nothing(thandle_t, void*, toff_t) {}

std::string spoken(const char* format, va_list arguments) {
  char text[512];
  std::vsnprintf(text, sizeof text, format, arguments);
  return text;
}

int hear_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  auto& ear = *static_cast<TiffEar*>(user);
  ++ear.errors;
  ear.complaints.add(spoken(format, arguments));
  return 1;
}

// Tags that libtiff does not know are somebody's private notes, not damage.
int hear_warning(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  const std::string text = spoken(format, arguments);
  if (text.starts_with("Unknown field with tag")) return 1;
  auto& ear = *static_cast<TiffEar*>(user);
  if (text.find("remature end") != std::string::npos) {
    ear.complaints.add_partial(text);
  } else {
    ear.complaints.add(text);
  }
  return 1;
}

class TiffReader : public SourceReader {
 public:
  TiffReader(Bytes bytes, const DecodeLimits& limits, TiffDirectories directories)
      : input_{bytes}, limits_(limits), directories_(std::move(directories)) {}

  /// False when libtiff does not even like the header.
  bool open() {
    const std::unique_ptr<TIFFOpenOptions, Closer> options(TIFFOpenOptionsAlloc());
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), hear_error, &ear_);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), hear_warning, &ear_);
    // "h": the header only. Directories are read when their page is asked for.
    tiff_.reset(TIFFClientOpenExt("page", "rh", &input_, read_some, write_nothing, seek_to,
                                  close_nothing, size_of, map_all, unmap_nothing, options.get()));
    return tiff_ != nullptr;
  }

  int pages() const override { return static_cast<int>(directories_.offsets.size()); }

  std::vector<std::string> warnings() const override {
    if (directories_.broken_off.empty()) return {};
    return {directories_.broken_off};
  }

  DecodedPage page(int page_in_file) override {
    ear_ = {};
    const auto index = static_cast<std::size_t>(page_in_file);
    if (TIFFSetSubDirectory(tiff_.get(), directories_.offsets[index]) == 0) {
      return Failure{PageFault{Stage::decode, FaultReason::damaged,
                               ear_.complaints.last("unreadable directory")}};
    }
    DecodedPage page = decode_tiff_page(tiff_.get(), input_.bytes, limits_, ear_);
    if (page) (*page).warnings = ear_.complaints.take();
    return page;
  }

  std::string complaint() const { return ear_.complaints.last("unreadable header"); }

 private:
  Input input_;
  DecodeLimits limits_;
  TiffDirectories directories_;
  TiffEar ear_;
  Tiff tiff_;
};

}  // namespace

OpenedSource open_tiff(Bytes bytes, const DecodeLimits& limits) {
  auto directories = walk_directories(bytes, limits.pages_max);
  if (!directories) return Failure{std::move(directories).error()};
  auto reader = std::make_unique<TiffReader>(bytes, limits, *std::move(directories));
  if (!reader->open()) {
    return Failure{PageFault{Stage::decode, FaultReason::damaged, reader->complaint()}};
  }
  return std::unique_ptr<SourceReader>(std::move(reader));
}

}  // namespace archive
