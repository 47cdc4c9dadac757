#include "ingest/property_evidence.h"

#include <algorithm>
#include <array>
#include <exception>
#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/layout.h"
#include "store/objects/compression.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

// What a decoder says of a PDF as a whole (ingest/sources/pdf_actions.h).
constexpr std::string_view kActive = "active: ";
constexpr std::string_view kEncrypted = "encrypted:";
constexpr std::string_view kPartly = "partly searched:";

std::string first_bytes_of(const fs::path& file) {
  // As many as receiving looked at: the same bytes must give the same kind.
  std::array<char, 2048> bytes{};
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return {bytes.data(), static_cast<std::size_t>(in.gcount())};
}

FileEvidence::Bytes state_of(ObjectHealth health) {
  switch (health) {
    case ObjectHealth::sound:
      return FileEvidence::Bytes::sound;
    case ObjectHealth::missing:
      return FileEvidence::Bytes::missing;
    case ObjectHealth::wrong_bytes:
    case ObjectHealth::unreadable:
    case ObjectHealth::empty:
      break;
  }
  return FileEvidence::Bytes::damaged;
}

}  // namespace

PropertyInspector::PropertyInspector(const Records& records, const ObjectStore& objects,
                                     DecoderPool& decoder, const SecuritySettings& security,
                                     int threads)
    : records_(records),
      objects_(objects),
      decoder_(decoder),
      scanner_(security),
      threads_(std::max(1, threads)) {
  read_history();
}

void PropertyInspector::read_history() {
  records_.for_each_event(0, [this](const Records::Event& event) {
    if (event.action == "source_received" || event.action == "source_received_again") {
      sources_received_.insert(event.object_number);
    } else if (event.action == "page_filed" || event.action == "page_set_aside" ||
               event.action == "page_filed_again" || event.action == "page_set_aside_again") {
      pages_filed_.insert(event.object_number);
    } else if (event.action == "dossier_assembled") {
      dossiers_assembled_.insert(event.object_number);
    }
  });
}

template <class Work>
void PropertyInspector::share_out(std::size_t count, const std::atomic<bool>& stop,
                                  const Work& work) const {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count && !stop; i = next++) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> others;
    const std::size_t threads = std::min(count, static_cast<std::size_t>(threads_));
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

void PropertyInspector::begin_batch(BatchNumber number) {
  if (batch_.number == number) return;
  batch_ = {};
  sources_.clear();
  files_.clear();
  const auto batch = records_.batch(number);
  if (!batch) return;
  batch_.number = number;
  batch_.state = batch->state;
  batch_.pages_expected = batch->job_sheet.sheets == 0 ? 0 : batch->job_sheet.pages_expected();
  batch_.pages_received = records_.counts(number).occurrences;
  for (const Records::SourceGap& gap : records_.gaps(number)) {
    batch_.pages_unaccounted += gap.pages < 0 ? 1 : std::abs(gap.pages - gap.records);
  }
  for (SourceRecord& source : records_.sources(number)) {
    if (source.blob) {
      ++batch_.files;
      batch_.bytes_recorded += source.size_bytes;
      batch_.bytes_found += objects_.size_of(*source.blob).value_or(0);
    }
    const SourceNumber key = source.number;
    sources_.emplace(key, std::move(source));
  }
  for (const AcceptanceRecord& sample : records_.acceptances(number)) {
    if (!sample.closed_at.empty()) batch_.accepted = sample.passed;
  }
}

FileEvidence PropertyInspector::inspect_file(const SourceRecord& source) const {
  FileEvidence file;
  file.source = source.number;
  file.name = source.name;
  file.size_recorded = source.size_bytes;
  file.kind_recorded = source.kind;
  file.pages_recorded = source.pages;
  if (!source.blob) return file;
  const ObjectLook seen = objects_.look(*source.blob);
  file.bytes = state_of(seen.health);
  file.size_found = seen.size_bytes;
  if (file.bytes == FileEvidence::Bytes::missing || seen.health == ObjectHealth::unreadable) {
    return file;
  }
  std::optional<ObjectFile> bytes;
  try {
    bytes = objects_.file_of(*source.blob);
  } catch (const ArchiveError& error) {
    if (error.kind() != ErrorKind::damage && error.kind() != ErrorKind::not_found) throw;
    file.fault = PageFault{Stage::decode, FaultReason::damaged, error.problem()};
    return file;
  }
  const fs::path& path = bytes->path();
  const std::string first = first_bytes_of(path);
  file.kind_found = kind_of(first);
  file.packed = unread_format(first);
  file.malware = scanner_.ask(path);
  if (file.kind_found == SourceKind::other) return file;
  const auto summary = decoder_.summary(path);
  if (!summary) {
    file.fault = summary.error();
    return file;
  }
  file.pages_found = summary->pages;
  for (const std::string& warning : summary->warnings) {
    if (warning.starts_with(kActive)) file.active.push_back(warning.substr(kActive.size()));
    if (warning.starts_with(kEncrypted)) file.encrypted = true;
    if (warning.starts_with(kPartly)) file.partly_searched = true;
  }
  return file;
}

PageEvidence PropertyInspector::inspect_page(const PageRecord& page) const {
  PageEvidence seen;
  seen.page = page.number;
  seen.source = page.source_name;
  seen.page_in_file = page.occurrence.page_in_file;
  seen.set_aside = page.state == PageState::set_aside;
  seen.received_on_record = sources_received_.contains(page.occurrence.source);
  seen.filed_on_record = pages_filed_.contains(page.number);
  seen.engines_on_record = !page.engines.empty() && page.engines != "[]";
  const auto look = [&](const std::optional<BlobId>& blob, const char* which) {
    if (!blob) return;
    const ObjectHealth health = objects_.check(*blob);
    if (health == ObjectHealth::sound) return;
    (health == ObjectHealth::missing ? seen.objects_missing : seen.objects_damaged)
        .emplace_back(which);
  };
  look(page.layout_blob, "layout");
  look(page.alto_blob, "alto");
  if (!page.layout_blob) return seen;
  try {
    parse_layout(expand(objects_.get(*page.layout_blob)));
  } catch (const ArchiveError&) {
    seen.unreadable = true;
  } catch (const std::invalid_argument&) {
    seen.unreadable = true;
  }
  return seen;
}

void PropertyInspector::inspect_files(const std::vector<PageRecord>& pages,
                                      PropertyEvidence& evidence, const std::atomic<bool>& stop) {
  std::set<SourceNumber> own;
  for (const PageRecord& page : pages) own.insert(page.occurrence.source);
  std::vector<SourceNumber> fresh;
  for (const SourceNumber source : own) {
    if (!files_.contains(source) && sources_.contains(source)) fresh.push_back(source);
  }
  std::vector<FileEvidence> seen(fresh.size());
  share_out(fresh.size(), stop,
            [&](std::size_t i) { seen[i] = inspect_file(sources_.at(fresh[i])); });
  for (FileEvidence& file : seen) files_[file.source] = std::move(file);
  std::map<SourceNumber, std::size_t> at;
  for (const SourceNumber source : own) {
    const auto file = files_.find(source);
    if (file == files_.end()) continue;
    at[source] = evidence.files.size();
    evidence.files.push_back(file->second);
  }

  std::vector<std::optional<PageFault>> faults(pages.size());
  std::vector<char> opened(pages.size(), 0);
  share_out(pages.size(), stop, [&](std::size_t i) {
    const auto file = at.find(pages[i].occurrence.source);
    if (file == at.end()) return;
    const FileEvidence& of = evidence.files[file->second];
    if (of.bytes != FileEvidence::Bytes::sound || of.kind_found == SourceKind::other || of.fault) {
      return;
    }
    const auto image = decoder_.page(objects_.file_of(*sources_.at(of.source).blob).path(),
                                     pages[i].occurrence.page_in_file);
    opened[i] = image.has_value() ? 1 : 0;
    if (!image) faults[i] = image.error();
  });
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const auto file = at.find(pages[i].occurrence.source);
    if (file == at.end()) continue;
    FileEvidence& of = evidence.files[file->second];
    of.pages_opened += opened[i];
    if (faults[i]) of.bad_pages.emplace_back(pages[i].occurrence.page_in_file, *faults[i]);
  }
}

PropertyEvidence PropertyInspector::evidence(DossierNumber number, const std::atomic<bool>& stop) {
  auto dossier = records_.dossier(number);
  if (!dossier) {
    throw ArchiveError(ErrorKind::not_found, std::to_string(number),
                       "there is no dossier of this number",
                       "`juanzong check` lists the dossiers with their numbers");
  }
  begin_batch(dossier->batch);
  PropertyEvidence evidence;
  evidence.dossier = *std::move(dossier);
  evidence.batch = batch_;
  evidence.package = records_.package_of_batch(evidence.dossier.batch);
  evidence.scanner_configured = scanner_.configured();
  evidence.assembled_on_record = dossiers_assembled_.contains(number);
  if (auto facts = records_.facts(number)) evidence.facts = *std::move(facts);
  evidence.findings = records_.findings(number);
  for (const DossierNumber other : records_.dossiers_numbered(evidence.dossier.dossier_no)) {
    if (other != number) evidence.same_number.push_back(other);
  }
  const std::vector<PageRecord> pages = records_.pages_of_dossier(number);
  inspect_files(pages, evidence, stop);
  evidence.pages.resize(pages.size());
  share_out(pages.size(), stop, [&](std::size_t i) { evidence.pages[i] = inspect_page(pages[i]); });
  return evidence;
}

}  // namespace archive
