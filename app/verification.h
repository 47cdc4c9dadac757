#pragma once

#include <filesystem>
#include <functional>

#include "audit/archive_audit.h"
#include "store/verify.h"

namespace archive {

/// All that can be said of an archive from its files: objects and records by verify(), the ledger
/// by the auditor's code, which shares none with what wrote it.
struct WholeVerification {
  VerifyResult objects;
  audit::AuditReport ledger;  ///< settings that cannot be read are the first of its findings
  bool sound() const { return objects.sound() && ledger.sound(); }
};

WholeVerification verify_whole(const std::filesystem::path& archive,
                               const std::function<void(const VerifyCounts&)>& progress = {});

}  // namespace archive
