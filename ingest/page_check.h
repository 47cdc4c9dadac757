#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/quality_rules.h"
#include "config/settings.h"
#include "core/fault.h"
#include "core/page.h"
#include "core/quality.h"
#include "ingest/decoder/decoder_pool.h"

namespace archive {

/// A page that was looked at while the paper is still at hand. One of fault and quality is
/// there. A page that cannot be decoded is to be scanned again; a file that is no scan, or
/// not for this program as it is, is to be looked at.
struct CheckedPage {
  std::string file;  ///< its name in the delivery
  int page_in_file = 0;
  std::optional<PageFault> fault;
  std::optional<PageQuality> quality;
  double measuring_ms = 0;  ///< processor time, without decoding

  Verdict verdict() const;
};

/// Judges pictures without an archive and without reading them: decodes in the sandbox,
/// measures, and compares with the rules, which must outlive it. Writes nothing.
class PageChecker {
 public:
  PageChecker(const DecodeSettings& settings, const QualityRules& rules, int threads);

  /// Every page of the files in order, each reported as soon as it and those before it are
  /// done. Files that are no pictures and not meant to be (sound, office files) are passed
  /// over. `report` is called from one thread at a time. Stops between pages when `stop` is
  /// set. Throws ArchiveError as DecoderPool does.
  void check(const std::vector<SourceFile>& files,
             const std::function<void(const CheckedPage&)>& report, const std::atomic<bool>& stop);

 private:
  DecodeSettings settings_;
  const QualityRules& rules_;
  int threads_;
  DecoderPool decoder_;
};

}  // namespace archive
