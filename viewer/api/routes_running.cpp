#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "store/lifecycle/settled_pages.h"
#include "viewer/api/service_impl.h"
#include "viewer/flate.h"
#include "viewer/page_json.h"

// How it runs: batches, alarms, the access log, figures for a monitor, the browser application.

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEntriesStandard = 100;
constexpr std::size_t kEntriesMost = 1'000;
constexpr std::uintmax_t kAssetMost = std::uintmax_t{8} << 20;

struct Type {
  const char* extension;
  const char* type;
};
constexpr std::array kTypes = {
    Type{".html", "text/html; charset=utf-8"},      Type{".js", "text/javascript; charset=utf-8"},
    Type{".css", "text/css; charset=utf-8"},        Type{".svg", "image/svg+xml"},
    Type{".json", "application/json; charset=utf-8"}, Type{".png", "image/png"},
    Type{".ico", "image/x-icon"},                   Type{".woff2", "font/woff2"},
    Type{".webmanifest", "application/manifest+json"}, Type{".txt", "text/plain; charset=utf-8"}};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_loopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

}  // namespace

// All of it is in memory: no path that somebody sends is ever one of a file.
void Service::Impl::load_assets() {
  if (parts.web.empty()) return;
  for (const auto& entry : fs::recursive_directory_iterator(parts.web)) {
    if (!entry.is_regular_file() || entry.file_size() > kAssetMost) continue;
    const auto type = std::ranges::find(kTypes, entry.path().extension().string(),
                                        [](const Type& one) { return std::string(one.extension); });
    if (type == kTypes.end()) continue;
    Asset asset;
    asset.type = type->type;
    asset.plain = std::make_shared<const std::string>(bytes_of(entry.path()));
    if (!asset.type.starts_with("image/p") && !asset.type.starts_with("font/")) {
      asset.packed = std::make_shared<const std::string>(gzip(*asset.plain));
    }
    const std::string name = "/" + entry.path().lexically_relative(parts.web).generic_string();
    asset.for_ever = name.starts_with("/assets/");
    assets.emplace(name, std::move(asset));
  }
}

HttpResponse Service::Impl::asset(const HttpRequest& request) {
  auto found = assets.find(request.path);
  if (found == assets.end() && !request.path.starts_with("/assets/")) {
    found = assets.find("/index.html");  // the application finds its way by the address itself
  }
  if (found == assets.end()) {
    refuse_not_found("没有这个文件", "there is no such file");
  }
  const Asset& asset = found->second;
  HttpResponse response;
  response.content_type = asset.type;
  response.headers.emplace_back(
      "Cache-Control", asset.for_ever ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  const bool packed = asset.packed && request.header("accept-encoding").find("gzip") !=
                                          std::string::npos;
  if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
  response.body = packed ? asset.packed : asset.plain;
  return response;
}

HttpResponse Service::Impl::health(const Asked&) {
  HttpResponse response = HttpResponse::of("ok\n");
  response.content_type = "text/plain; charset=utf-8";
  return response;
}

HttpResponse Service::Impl::batches(const Asked&) {
  auto desk = rooms.lend();
  Json list = Json::array();
  for (const BatchRecord& batch : desk->records.batches()) {
    list.push_back(batch_line(desk->records, batch));
  }
  return answer_of(Json{{"batches", std::move(list)}});
}

HttpResponse Service::Impl::batch(const Asked& asked) {
  const BatchNumber number = asked.number();
  auto desk = rooms.lend();
  const auto batch = desk->records.batch(number);
  if (!batch) refuse_not_found("没有这个批次", "there is no such batch");
  Json json = batch_line(desk->records, *batch);
  const auto settled = SettledPages(desk->records).of_batch(number);
  Json aside = Json::array();
  for (const PageRecord& page : desk->records.pages(number)) {
    if (page.state != PageState::set_aside || !page.fault || page.replaced_by != 0) continue;
    const auto decided = settled.find(page.number);
    const Message& words = parts.messages.of(page.fault->reason);
    aside.push_back({{"page", page.number},
                     {"source", ProtectedFields::masked_numbers(page.source_name)},
                     {"page_in_file", page.occurrence.page_in_file},
                     {"stage", name_of(page.fault->stage)},
                     {"reason", name_of(page.fault->reason)},
                     {"reason_zh", words.zh},
                     {"reason_en", words.en},
                     {"what_to_do_zh", words.zh_what_to_do},
                     {"what_to_do_en", words.en_what_to_do},
                     {"settled", decided == settled.end()
                                     ? Json(nullptr)
                                     : Json{{"by", decided->second.settled_by},
                                            {"at", decided->second.settled_at},
                                            {"reason", decided->second.reason}}}});
  }
  json["set_aside"] = std::move(aside);
  return answer_of(json);
}

HttpResponse Service::Impl::status(const Asked&) {
  auto desk = rooms.lend();
  Json alarms = alarms_json(desk->records);
  const BatchCounts counts = desk->records.counts();
  return answer_of(Json{{"archive", desk->records.archive_id()},
                        {"version", parts.version},
                        {"counts",
                         {{"filed", counts.filed},
                          {"set_aside", counts.set_aside},
                          {"replaced", counts.replaced}}},
                        {"alarms", std::move(alarms)}});
}

HttpResponse Service::Impl::access_entries(const Asked& asked) {
  const auto limit = static_cast<std::int64_t>(
      count_in(asked.request.argument("limit"), kEntriesStandard, kEntriesMost));
  const std::int64_t end = parts.access.end().entries;
  // Without an offset: the newest ones.
  const std::string& from = asked.request.argument("offset");
  const std::int64_t after =
      from.empty() ? std::max<std::int64_t>(0, end - limit)
                   : static_cast<std::int64_t>(count_in(from, 0, static_cast<std::size_t>(end)));
  Json entries = Json::array();
  parts.access.for_each(after, limit, [&entries](const AccessEntry& entry) {
    entries.push_back({{"number", entry.number},
                       {"at", entry.at},
                       {"who", entry.who},
                       {"post", entry.post},
                       {"action", entry.action},
                       {"object", entry.object},
                       {"channel", entry.channel},
                       {"purpose", ProtectedFields::masked_numbers(entry.purpose)},
                       {"applicant", ProtectedFields::masked_numbers(entry.applicant)},
                       {"agent", ProtectedFields::masked_numbers(entry.agent)},
                       {"reason", ProtectedFields::masked_numbers(entry.reason)},
                       {"address", entry.address}});
  });
  return answer_of(Json{{"total", end}, {"entries", std::move(entries)}});
}

// Prometheus text format 0.0.4; counts alone.
HttpResponse Service::Impl::metrics(const Asked& asked) {
  const HttpRequest& request = asked.request;
  const auto session = session_of(request);
  if (!is_loopback(request.peer) && !(session && session->powers.may(Right::operate))) {
    throw Refusal{403, "forbidden", "只限本机或信息技术人员",
                  "for this machine and technicians only", 0};
  }
  auto desk = rooms.lend();
  const BatchCounts counts = desk->records.counts();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::steady_clock::now() - figures.begun);
  std::string text;
  const auto add = [&text](const char* name, const char* kind, const char* help,
                           std::int64_t value) {
    text += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + kind + "\n" +
            name + " " + std::to_string(value) + "\n";
  };
  add("juanzong_requests_answered_total", "counter", "Requests that got what they asked for.",
      figures.answered);
  add("juanzong_requests_refused_total", "counter", "Requests that were refused.",
      figures.refused);
  add("juanzong_requests_failed_total", "counter", "Requests that failed here.", figures.failed);
  add("juanzong_pages_opened_total", "counter", "Pages that somebody opened.", figures.opened);
  add("juanzong_sessions", "gauge", "Sessions that are open.",
      static_cast<std::int64_t>(sessions.size()));
  add("juanzong_access_entries", "gauge", "Entries of the access log.",
      parts.access.end().entries);
  add("juanzong_access_alarms", "gauge", "Alarms about who looks at what that wait for somebody.",
      static_cast<std::int64_t>(parts.watch.open().size()));
  add("juanzong_pages_filed", "gauge", "Pages that are filed.", counts.filed);
  add("juanzong_pages_set_aside", "gauge", "Pages that wait for a person.", counts.set_aside);
  add("juanzong_cache_bytes", "gauge", "Pictures and tiles in memory.",
      static_cast<std::int64_t>(pictures.bytes() + tiles.bytes()));
  add("juanzong_uptime_seconds", "gauge", "Since the server began.", seconds.count());
  HttpResponse response = HttpResponse::of(std::move(text));
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

}  // namespace archive
