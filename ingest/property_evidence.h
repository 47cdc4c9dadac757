#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <unordered_set>

#include "checks/four_properties.h"
#include "ingest/decoder/decoder_pool.h"
#include "ingest/malware_scanner.h"
#include "store/objects/object_store.h"
#include "store/records/records.h"

namespace archive {

/// Looks at everything that the four-property check asks of a dossier: hashes its objects again,
/// compares files with their records, opens every page in the sandbox, reads every layout, asks the
/// malware scanner, and follows the history. Changes nothing. Belongs to one thread; works on
/// several inside. Records, store and decoder must live longer.
class PropertyInspector {
 public:
  /// Reads the history once.
  PropertyInspector(const Records& records, const ObjectStore& objects, DecoderPool& decoder,
                    const SecuritySettings& security, int threads);

  /// Throws ArchiveError{not_found} when there is no such dossier. Damage is evidence and throws
  /// nothing. Where `stop` is set meanwhile the evidence is not whole and must not be used.
  PropertyEvidence evidence(DossierNumber number, const std::atomic<bool>& stop);

 private:
  void read_history();
  void begin_batch(BatchNumber number);
  void inspect_files(const std::vector<PageRecord>& pages, PropertyEvidence& evidence,
                     const std::atomic<bool>& stop);
  FileEvidence inspect_file(const SourceRecord& source) const;
  PageEvidence inspect_page(const PageRecord& page) const;
  template <class Work>
  void share_out(std::size_t count, const std::atomic<bool>& stop, const Work& work) const;

  const Records& records_;
  const ObjectStore& objects_;
  DecoderPool& decoder_;
  MalwareScanner scanner_;
  int threads_;

  // What the history has of them.
  std::unordered_set<std::int64_t> sources_received_, pages_filed_, dossiers_assembled_;

  BatchEvidence batch_;
  std::map<SourceNumber, SourceRecord> sources_;  // of the batch
  std::map<SourceNumber, FileEvidence> files_;    // of the batch, as far as looked at
};

}  // namespace archive
