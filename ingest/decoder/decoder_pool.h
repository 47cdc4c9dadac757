#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "core/page.h"
#include "core/result.h"

namespace archive {

/// What a look into a stored file found, before any page is decoded.
struct SourceSummary {
  SourceKind kind = SourceKind::other;
  int pages = 0;
  std::vector<std::string> warnings;
};

/// Decodes stored files in sandboxed child processes (program `juanzong-decode`:
/// seccomp, rlimits, Landlock where the kernel has it, no network, no files but the
/// one handed to it as a descriptor and the system's fonts). Whatever a file does there - crash,
/// hang, bomb, hunger - costs that page, which comes back as a PageFault, and a fresh child takes
/// over. A child never serves two different files, so that nothing passes from one
/// person's file to another's; children are spawned ahead to hide the cost.
///
/// summary() and page() may be called from many threads; each call holds one child.
/// Throws ArchiveError{internal} when the decoder program is missing or its sandbox
/// cannot be set up.
class DecoderPool {
 public:
  /// At most `children_max` children work at a time; as many again may keep a file open
  /// for its next page, and two stand ready. `program` empty: see find_decoder_program().
  DecoderPool(const DecodeSettings& settings, int children_max, std::filesystem::path program = {});
  ~DecoderPool();
  DecoderPool(const DecoderPool&) = delete;
  DecoderPool& operator=(const DecoderPool&) = delete;

  /// Tells kind and page count. Files that are no image container (SourceKind::other)
  /// are a success with 0 pages.
  Result<SourceSummary, PageFault> summary(const std::filesystem::path& stored_file);

  /// One page, in 8 bits grey or colour (BGR), turned by its own orientation tag
  /// (TIFF, EXIF) or /Rotate. CMYK, 16 bit, palette, Lab and so on are converted.
  /// Warnings of the decoding library come with it. A page that was decoded only in
  /// part is a success with a warning that begins "partial:".
  /// `occurrence` and `source_name` of the result are left for the caller.
  Result<PageImage, PageFault> page(const std::filesystem::path& stored_file, int page_in_file);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The kind of a file by its first bytes.
SourceKind kind_of(std::string_view first_bytes);
/// The carrier by its first bytes and, when those say nothing, its extension.
Carrier carrier_of(std::string_view first_bytes, const std::filesystem::path& name);
/// The name of a well-known format of pictures or packed files that is not read, by the first
/// bytes of such a file ("GIF", "ZIP"); empty for all others.
std::string_view unread_format(std::string_view first_bytes);

}  // namespace archive
