#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>

#include "app/commands.h"
#include "app/custody_support.h"
#include "app/event_log.h"
#include "app/interrupt.h"
#include "app/serve_upkeep.h"
#include "app/version.h"
#include "app/writing.h"
#include "config/alarm_rules.h"
#include "config/channels.h"
#include "config/copy_sheet.h"
#include "config/look_alikes.h"
#include "config/messages.h"
#include "config/picture_rules.h"
#include "config/posts.h"
#include "ingest/arranging.h"
#include "ingest/decoder/decoder_pool.h"
#include "ingest/property_evidence.h"
#include "store/archive_folder.h"
#include "store/ledger/access_log.h"
#include "store/writer_lock.h"
#include "viewer/access/watch.h"
#include "viewer/api/service.h"
#include "viewer/http/server.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kDrain{10};
constexpr auto kBetweenLooks = std::chrono::milliseconds(200);
constexpr auto kBetweenWatches = std::chrono::seconds(1);

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw ArchiveError(ErrorKind::input_missing, file.string(), "cannot be read",
                       "check the path and its rights");
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Where `cmake --install` and the build put the browser application, seen from the program.
fs::path web_folder(const fs::path& named) {
  if (!named.empty()) {
    if (fs::exists(named / "index.html")) return named;
    throw ArchiveError(ErrorKind::input_missing, named.string(),
                       "the browser application is not there", "it is where index.html is");
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = program.parent_path().parent_path() / "share/juanzong/web";
  return fs::exists(beside / "index.html") ? beside : fs::path();
}

HttpServerOptions listening(const ServeOptions& options) {
  HttpServerOptions made;
  const std::size_t colon = options.listen.rfind(':');
  const std::string port = options.listen.substr(colon == std::string::npos ? 0 : colon + 1);
  const auto [end, error] =
      std::from_chars(port.data(), port.data() + port.size(), made.port);
  if (colon == std::string::npos || error != std::errc{} || end != port.data() + port.size()) {
    throw ArchiveError(ErrorKind::usage, "--listen " + options.listen, "is no address with a port",
                       "such as 127.0.0.1:8080 or [::1]:8080");
  }
  made.address = options.listen.substr(0, colon);
  if (made.address.starts_with('[') && made.address.ends_with(']')) {
    made.address = made.address.substr(1, made.address.size() - 2);
  }
  if (options.certificate.empty() != options.private_key.empty()) {
    throw ArchiveError(ErrorKind::usage, "serve", "certificate and key belong together",
                       "give both --certificate and --private-key, or neither");
  }
  if (!options.certificate.empty()) {
    made.certificate = text_of(options.certificate);
    made.private_key = text_of(options.private_key);
  } else if (made.address != "::1" && !made.address.starts_with("127.") && !options.plain) {
    throw ArchiveError(ErrorKind::usage, "--listen " + options.listen,
                       "without a certificate passwords and pages would cross the network in clear",
                       "give --certificate and --private-key, or --plain where a proxy with TLS "
                       "stands in front");
  }
  return made;
}

void tell_request(EventLog& events, const RequestFacts& facts) {
  if (!events.on()) return;
  EventLog::Json about = {{"method", facts.method},
                          {"route", facts.route},
                          {"status", facts.status},
                          {"ms", std::round(facts.milliseconds * 10) / 10},
                          {"bytes", facts.bytes}};
  if (facts.session > 0) about["session"] = facts.session;
  const auto level = facts.status >= 500 ? EventLog::Level::error
                     : facts.status == 403 || facts.status == 429 ? EventLog::Level::warn
                                                                  : EventLog::Level::info;
  events.tell(level, "request", about);
}

/// What the tables of the office say, for as long as the server runs.
struct ServingTables {
  explicit ServingTables(const TablePath& config)
      : checks(CheckTables::load(config)),
        look_alikes(LookAlikes::load(config)),
        messages(Messages::load(config)),
        posts(Posts::load(config)),
        protected_fields(ProtectedFields::load(config)),
        channels(Channels::load(config)),
        pictures(PictureRules::load(config)),
        purposes(Purposes::load(config)),
        copy_sheet(CopySheet::load(config)),
        review_steps(ReviewSteps::load(config)),
        review_bench(ReviewBenchRules::load(config, checks.forms)),
        alarms(AlarmRules::load(config)),
        quality(QualityRules::load(config)) {
    protected_fields.add_forms(checks.forms);
    channels.add_forms(checks.forms);
  }

  CheckTables checks;
  LookAlikes look_alikes;
  Messages messages;
  Posts posts;
  ProtectedFields protected_fields;
  Channels channels;
  PictureRules pictures;
  Purposes purposes;
  CopySheet copy_sheet;
  ReviewSteps review_steps;
  ReviewBenchRules review_bench;
  AlarmRules alarms;
  QualityRules quality;
};

/// Looks into stored files for the service: their pictures, their pages read anew, the evidence of
/// the four properties. From any thread; what is costly is done one call at a time.
class FileDesk {
 public:
  FileDesk(const Settings& settings, const ServingTables& tables, ObjectStore& objects)
      : settings_(settings),
        tables_(tables),
        objects_(objects),
        decoder_(settings.ingest.decode, threads_or_cores(0)) {}

  Result<PageImage, PageFault> picture(const PageRecord& page) {
    const ObjectFile file = objects_.sound_file_of(*page.source_blob);
    return decoder_.page(file.path(), page.occurrence.page_in_file);
  }

  PropertyEvidence evidence(const Records& records, DossierNumber number,
                            const std::atomic<bool>& stop) {
    const std::lock_guard lock(examining_);
    return PropertyInspector(records, objects_, decoder_, settings_.security, threads_or_cores(0))
        .evidence(number, stop);
  }

  ReadingParts reading() {
    return {objects_, tables_.quality,
            [this](const Records& records, const PageRecord& page,
                   const ReadingDecisions& decided) {
              const std::lock_guard lock(reading_);
              return read_as_decided(tools(records), page, decided);
            },
            [this](const Records& records, BatchNumber batch, const std::string& bytes,
                   const std::string& name) {
              const std::lock_guard lock(reading_);
              return read_later_scan(tools(records), batch, bytes, name);
            }};
  }

 private:
  // Loads the models at the first call.
  ReadingTools tools(const Records& records) {
    if (!models_) {
      const bool needed = settings_.ocr.engine != "tesseract";
      models_.emplace(settings_.ocr, needed ? find_model_folder(settings_) : fs::path());
    }
    return {settings_, tables_.checks, tables_.quality, *models_, objects_, records};
  }

  const Settings& settings_;
  const ServingTables& tables_;
  ObjectStore& objects_;
  DecoderPool decoder_;
  std::mutex examining_;
  std::mutex reading_;
  std::optional<ReadingModels> models_;
};

/// Records of an older version are brought up to date; somebody must be able to sign in.
void make_ready(const ArchiveFolder& folder, const Settings& settings) {
  Records::Writing upgrade = writing_by(settings, "serve");
  upgrade.claim.reset();
  Records::upgrade(folder.path(), upgrade);
  if (!Records::open_reader(folder.path()).users().empty()) return;
  throw ArchiveError(ErrorKind::usage, folder.path().string(),
                     "nobody could sign in: the archive has no users",
                     "take somebody in: juanzong user add NAME --post counter_clerk --password");
}

/// Until somebody says stop: alarms, and what the server does by itself.
void look_after(AccessWatch& watch, ServeUpkeep& upkeep, const std::atomic<bool>& stop,
                const std::function<void(const std::string&)>& tell) {
  auto watched = std::chrono::steady_clock::now();
  while (!stop) {
    std::this_thread::sleep_for(kBetweenLooks);
    try {
      if (std::chrono::steady_clock::now() >= watched + kBetweenWatches) {
        watched = std::chrono::steady_clock::now();
        watch.look();
      }
      upkeep.look(stop);
    } catch (const ArchiveError& error) {
      // What is wrong with the index or the disk keeps nobody from reading.
      tell(error.what());
    }
  }
}

}  // namespace

int run_serve(const ServeOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  EventLog events(options.log);
  const ArchiveFolder folder = ArchiveFolder::open(options.archive);
  const Settings settings = read_settings(folder.settings_file());
  make_ready(folder, settings);
  const BesideLock beside = BesideLock::share(folder.path());
  const ServingTables tables(find_config_folder(settings));
  AccessLog log(folder.path());
  AccessWatch watch(log, tables.alarms);
  ObjectStore objects(folder.objects(), settings.store.fsync);
  FileDesk files(settings, tables, objects);
  Service service(
      {folder.path(), settings, tables.checks, tables.look_alikes, tables.messages, tables.posts,
       tables.protected_fields, tables.channels, tables.pictures, tables.purposes,
       tables.copy_sheet, tables.review_steps, tables.review_bench, log, watch,
       [&files](const PageRecord& page) { return files.picture(page); }, files.reading(),
       [&](const Records& records, DossierNumber number) {
         return files.evidence(records, number, stop);
       },
       web_folder(options.web), kVersion,
       [&events](const RequestFacts& facts) { tell_request(events, facts); }});
  const auto tell = [&events](const std::string& trouble) {
    events.tell(EventLog::Level::error, "trouble", {{"what", trouble}});
  };
  HttpServer server(
      listening(options),
      [&service](const HttpRequest& request) { return service.handle(request); },
      tell);
  const std::string at = fmt::format("{}://{}:{}/", options.certificate.empty() ? "http" : "https",
                                     options.listen.substr(0, options.listen.rfind(':')),
                                     server.port());
  say.result(fmt::format("{} {}", say("服务地址", "serving at"), at));
  say.flush();  // whoever started us waits for this line
  events.tell(EventLog::Level::info, "serving",
              {{"version", kVersion}, {"tls", !options.certificate.empty()}});
  ServeUpkeep upkeep(folder, settings, tables.checks, objects, log);
  look_after(watch, upkeep, stop, tell);
  say.note(say("正在结束：完成已到的请求", "ending: requests that came are finished"));
  server.drain(kDrain);
  upkeep.end();
  events.tell(EventLog::Level::info, "ended");
  return 0;
}

}  // namespace archive
