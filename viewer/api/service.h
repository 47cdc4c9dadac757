#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/check_tables.h"
#include "config/look_alikes.h"
#include "config/messages.h"
#include "config/posts.h"
#include "config/protected_fields.h"
#include "config/review_bench.h"
#include "config/review_steps.h"
#include "config/settings.h"
#include "core/page.h"
#include "core/records.h"
#include "core/result.h"
#include "core/rights.h"
#include "store/ledger/access_log.h"
#include "viewer/access/watch.h"
#include "viewer/http/message.h"

namespace archive {

/// What the service works with. Everything outlives it.
struct ServiceParts {
  std::filesystem::path archive;
  const Settings& settings;
  const CheckTables& tables;
  const LookAlikes& look_alikes;
  const Messages& messages;
  const Posts& posts;
  const ProtectedFields& protected_fields;
  const ReviewSteps& review_steps;
  const ReviewBenchRules& review_bench;
  AccessLog& access;
  AccessWatch& watch;
  /// Decodes the picture of a page as it was delivered; from any thread.
  std::function<Result<PageImage, PageFault>(const PageRecord&)> picture_of;
  std::filesystem::path web;  ///< the browser application; empty: none
  std::string version;
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
