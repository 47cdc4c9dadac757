#pragma once

#include "config/settings.h"
#include "core/fault.h"
#include "core/records.h"
#include "core/result.h"
#include "ingest/decoder/decoder_pool.h"
#include "viewer/reading_room.h"
#include "viewer/searchable_pdf.h"

namespace archive {

/// Pages of an archive as pages of a searchable PDF: the delivered picture and what was read on it.
class PdfPages {
 public:
  /// The room must live longer.
  PdfPages(const ReadingRoom& room, const DecodeSettings& settings)
      : room_(room), decoder_(settings, 1) {}

  /// Adds a page, or a sheet that says why it cannot be shown: then false. Throws
  /// ArchiveError{damage} where its bytes changed in the store.
  bool add(const PageRecord& page, SearchablePdf& pdf);

 private:
  Result<PdfPage, PageFault> page_of(const PageRecord& page);

  const ReadingRoom& room_;
  DecoderPool decoder_;
};

}  // namespace archive
