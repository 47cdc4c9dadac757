#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/four_properties.h"
#include "config/channels.h"
#include "config/check_tables.h"
#include "config/copy_sheet.h"
#include "config/look_alikes.h"
#include "config/messages.h"
#include "config/picture_rules.h"
#include "config/posts.h"
#include "config/protected_fields.h"
#include "config/purposes.h"
#include "config/review_bench.h"
#include "config/review_steps.h"
#include "config/settings.h"
#include "core/page.h"
#include "core/records.h"
#include "core/result.h"
#include "core/rights.h"
#include "ingest/arranging.h"
#include "store/ledger/access_log.h"
#include "viewer/access/watch.h"
#include "viewer/http/message.h"

namespace archive {

/// What reads pages anew for whoever puts a structure right (ingest/arranging.h).
struct ReadingParts {
  ObjectStore& objects;
  const QualityRules& quality;
  /// Load the models at the first call; one call at a time.
  std::function<PageRecord(const Records&, const PageRecord&, const ReadingDecisions&)> again;
  std::function<LaterScan(const Records&, BatchNumber, const std::string& bytes,
                          const std::string& name)>
      scan;
};

/// What is told of a request that was answered: nothing of a person, nothing that was sent.
struct RequestFacts {
  std::string_view method;  ///< a method of HTTP, or "OTHER"
  std::string_view route;   ///< the pattern of the route, "(asset)" or "(none)"
  int status = 0;
  double milliseconds = 0;
  std::int64_t session = 0;  ///< which of this server, from 1; 0: none
  std::size_t bytes = 0;     ///< of the answer's body
};

/// What the service works with. Everything outlives it.
struct ServiceParts {
  std::filesystem::path archive;
  const Settings& settings;
  const CheckTables& tables;
  const LookAlikes& look_alikes;
  const Messages& messages;
  const Posts& posts;
  const ProtectedFields& protected_fields;
  const Channels& channels;
  const PictureRules& pictures;
  const Purposes& purposes;
  const CopySheet& copy_sheet;
  const ReviewSteps& review_steps;
  const ReviewBenchRules& review_bench;
  AccessLog& access;
  AccessWatch& watch;
  /// Decodes the picture of a page as it was delivered; from any thread.
  std::function<Result<PageImage, PageFault>(const PageRecord&)> picture_of;
  ReadingParts reading;
  /// What the four-property check asks of a dossier (ingest/property_evidence.h). Takes seconds of
  /// a large one; one call at a time.
  std::function<PropertyEvidence(const Records&, DossierNumber)> evidence_of;
  std::filesystem::path web;  ///< the browser application; empty: none
  std::string version;
  std::function<void(const RequestFacts&)> answered = {};  ///< from any thread; may be empty
};

/// The interface of `juanzong serve` (docs/API.md): sessions, search, dossiers, pages, pictures
/// (IIIF), batches, the access log. It reads; what it writes is the access log alone.
///
/// Who asks signs in; each answer is what their rights allow, protected values masked until
/// somebody says why they want to see them. Opening a page, a reveal, a refusal is an entry of the
/// access log before anything is sent: when it cannot be written the answer is 503 and nothing is
/// shown.
///
/// handle() is called from several threads.
class Service {
 public:
  explicit Service(const ServiceParts& parts);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  HttpResponse handle(const HttpRequest& request);

  /// What can be asked for. What is at no route is the browser application.
  struct RouteFacts {
    std::string_view method;
    std::string_view pattern;   ///< as a path of OpenAPI
    std::vector<Right> any_of;  ///< who has one of them may; none: whoever is signed in
    bool open;                  ///< without a session
  };
  static std::vector<RouteFacts> routes();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive
