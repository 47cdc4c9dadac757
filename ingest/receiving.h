#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "config/settings.h"
#include "core/records.h"
#include "ingest/decoder/decoder_pool.h"
#include "ingest/delivery.h"
#include "ingest/progress.h"
#include "ingest/stage_clock.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

struct ReceivingTools {
  const IngestSettings& settings;
  ObjectStore& objects;
  Records& records;
  DecoderPool& decoder;
  IngestProgress& progress;
  StageClock& clock;
  int threads = 1;
  bool wait_until_stable = true;
};

/// Looks into a stored file that is of a known kind: fills in how many pages it has and what the
/// decoder warned of, or says why none of them can be read.
std::optional<PageFault> look_into(const ObjectStore& objects, DecoderPool& decoder,
                                   const DecodeSettings& settings, SourceRecord& source);

/// Receives every file of a delivery: its bytes are durable in the store before
/// anything else looks at them, then its kind and number of pages are found out, then
/// it is recorded. A file that cannot be read, or is no picture, is recorded too, with
/// one page that is set aside. Returns all sources of the batch, in delivered order.
/// Stops between files when `stop` is set.
std::vector<SourceRecord> receive(const Delivery& delivery, const BatchRecord& batch,
                                  ReceivingTools& tools, const std::atomic<bool>& stop);

}  // namespace archive
