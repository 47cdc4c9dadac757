#pragma once

#include <atomic>
#include <mutex>
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

/// Receives every file of a delivery: its bytes are durable in the store before
/// anything else looks at them, then its kind and number of pages are found out, then
/// it is recorded. A file that cannot be read, or is no picture, is recorded too, with
/// one page that is set aside. Returns all sources of the batch, in delivered order.
/// Stops between files when `stop` is set.
std::vector<SourceRecord> receive(const Delivery& delivery, const BatchRecord& batch,
                                  ReceivingTools& tools, const std::atomic<bool>& stop);

}  // namespace archive
