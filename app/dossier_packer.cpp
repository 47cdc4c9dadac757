#include "app/dossier_packer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "app/version.h"
#include "core/error.h"
#include "ingest/catalogue.h"
#include "store/objects/compression.h"
#include "store/objects/input_file.h"
#include "store/packages/archival_metadata.h"
#include "store/packages/bag_names.h"
#include "store/packages/mets.h"

namespace archive {
namespace {

constexpr const char* kCoverType = "DT01";
constexpr const char* kAltoMime = "application/alto+xml";
constexpr const char* kPdfMime = "application/pdf";

std::string_view mime_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::tiff:
      return "image/tiff";
    case SourceKind::pdf:
      return kPdfMime;
    case SourceKind::jpeg:
      return "image/jpeg";
    case SourceKind::png:
      return "image/png";
    case SourceKind::bmp:
      return "image/bmp";
    case SourceKind::jpeg2000:
      return "image/jp2";
    case SourceKind::other:
      break;
  }
  return "application/octet-stream";
}

std::string base_name(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

std::string parent_of(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? std::string() : name.substr(0, slash);
}

/// A number behind the name, in front of its ending.
std::string numbered(const std::string& name, int number) {
  const std::size_t dot = name.rfind('.');
  const std::size_t at = dot == std::string::npos || dot == 0 ? name.size() : dot;
  return name.substr(0, at) + "~" + std::to_string(number) + name.substr(at);
}

std::string ending_of(const std::string& name) {
  constexpr std::size_t kEndingMax = 8;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0 || name.size() - dot > kEndingMax) return {};
  return name.substr(dot);
}

}  // namespace

DossierPacker::DossierPacker(const ReadingRoom& room, BagWriter& bag, const Settings& settings,
                             PackageKind kind, const std::vector<DossierNumber>& dossiers)
    : room_(room),
      bag_(bag),
      settings_(settings),
      kind_(kind),
      pdf_pages_(room, settings.ingest.decode) {
  for (const DossierNumber number : dossiers) {
    for (const PageRecord& page : room_.records().pages_of_dossier(number)) {
      ++chosen_pages_[page.occurrence.source];
    }
  }
}

std::string DossierPacker::folder_for(const DossierRecord& dossier) {
  const std::string name = dossier.dossier_no.empty() ? "dossier-" + std::to_string(dossier.number)
                                                      : file_name_of(dossier.dossier_no);
  std::string folder = name;
  // Two dossiers of one number are a finding, and still two dossiers.
  for (int i = 2; !folders_.insert(folded_name(folder)).second; ++i) {
    folder = name + "~" + std::to_string(i);
  }
  return folder;
}

void DossierPacker::pack(DossierNumber number) {
  const Records& records = room_.records();
  auto dossier = records.dossier(number);
  if (!dossier) {
    throw ArchiveError(ErrorKind::not_found, "dossier " + std::to_string(number),
                       "there is no dossier with this number",
                       "`juanzong show --batch NAME` lists the dossiers of a batch");
  }
  const std::vector<PageRecord> pages = records.pages_of_dossier(number);
  PackedDossier packed;
  packed.folder = folder_for(*dossier);
  packed.record = *std::move(dossier);
  const VolumeCatalogue catalogue =
      catalogue_of_volume(records, packed.record, packed.folder, settings_.catalogue.item_number);
  packed.catalogued = catalogue.by_office;
  for (const ItemRecord& item : packed.record.items) {
    PackedItem& added = packed.items.emplace_back();
    added.record = item;
    const auto entry =
        std::ranges::find(catalogue.entries, item.sequence, &CatalogueEntry::sequence);
    if (entry != catalogue.entries.end()) added.entry = *entry;
    if (added.entry.item_no.empty()) {
      added.entry.item_no = settings_.catalogue.item_number.number(packed.folder, item.sequence);
      added.entry.sequence = item.sequence;
      added.entry.title = item.title;
      added.entry.date = item.date;
      added.entry.retention = item.retention;
    }
  }
  for (const PageRecord& page : pages) {
    if (page.doc_type == kCoverType && packed.cover.empty()) packed.cover = page.fields;
    PackedPage& added = packed.pages.emplace_back();
    added.number = page.number;
    added.page_in_file = page.occurrence.page_in_file;
    added.set_aside = page.state == PageState::set_aside;
    const auto item = std::ranges::find(packed.record.items, page.item, &ItemRecord::number);
    if (page.item != 0 && item != packed.record.items.end()) added.item_sequence = item->sequence;
  }
  std::set<std::string> names;
  for (const PersonRecord& person : records.persons_of_dossier(number)) {
    if (!person.name.empty()) names.insert(person.name);
  }
  packed.persons.assign(names.begin(), names.end());
  add_originals(pages, packed);
  add_alto(pages, packed);
  add_pdfs(pages, packed);
  packed_.push_back(std::move(packed));
}

std::vector<SourceRecord> DossierPacker::sources_of(const std::vector<PageRecord>& pages,
                                                    const DossierRecord& dossier) const {
  std::vector<SourceRecord> sources;
  std::set<SourceNumber> seen;
  for (const PageRecord& page : pages) {
    if (!seen.insert(page.occurrence.source).second) continue;
    if (auto source = room_.records().source(page.occurrence.source)) {
      sources.push_back(std::move(*source));
    }
  }
  // What lies in the dossier's folder and is no picture belongs to it as well.
  constexpr std::string_view kFolderKey = "folder:";
  if (!dossier.key.starts_with(kFolderKey)) return sources;
  for (SourceRecord& source : room_.records().sources(dossier.batch)) {
    const bool here = parent_of(source.name) == dossier.key.substr(kFolderKey.size());
    if (here && source.pages == 0 && source.blob && seen.insert(source.number).second) {
      sources.push_back(std::move(source));
    }
  }
  return sources;
}

void DossierPacker::add_originals(const std::vector<PageRecord>& pages, PackedDossier& packed) {
  for (const SourceRecord& source : sources_of(pages, packed.record)) {
    const auto first = std::ranges::find_if(pages, [&source](const PageRecord& page) {
      return page.occurrence.source == source.number;
    });
    const auto at = static_cast<std::size_t>(first - pages.begin());
    const auto chosen = chosen_pages_.find(source.number);
    const std::int64_t ours = chosen == chosen_pages_.end() ? 0 : chosen->second;
    const bool of_others = source.pages > ours;
    if (of_others && kind_ != PackageKind::give_out) {
      throw ArchiveError(
          ErrorKind::usage, packed.folder,
          fmt::format("source {} has {} pages, and {} of them are of dossiers that are not in the "
                      "package",
                      source.number, source.pages, source.pages - ours),
          "name the other dossiers as well: a file is handed over whole or not at all");
    }
    if (of_others || !source.blob) {
      packed.left_out.push_back(base_name(source.name));
      packed.pages_left_out +=
          std::ranges::count(pages, source.number, [](const PageRecord& page) {
            return page.occurrence.source;
          });
    } else if (given_.insert(source.number).second) {
      add_original(source, at, pages, packed);
    }
  }
}

// Q19 of the digitization standard: hand-overs are named by archive number, a page by its place;
// elsewhere a file keeps the name it came with.
std::string DossierPacker::path_of_original(const SourceRecord& source, std::size_t first_page,
                                            const PackedDossier& packed) const {
  const std::string delivered = base_name(source.name);
  std::string name = file_name_of(delivered);
  if (kind_ == PackageKind::hand_over && source.pages > 0) {
    const bool whole = source.pages == static_cast<std::int64_t>(packed.pages.size());
    name = packed.folder +
           (whole && source.pages > 1 ? "" : fmt::format("-{:04}", first_page + 1)) +
           file_name_of(ending_of(delivered).empty() ? "_" : "x" + ending_of(delivered)).substr(1);
  }
  std::string path = "original/" + name;
  for (int i = 2; bag_.has(packed.folder + "/" + path); ++i) {
    path = "original/" + numbered(name, i);
  }
  return path;
}

std::size_t DossierPacker::add_file(PackedDossier& packed, PackedFile file,
                                    const std::function<void(const BagWriter::Sink&)>& fill) {
  const BagWriter::Written written = bag_.add(packed.folder + "/" + file.path, fill);
  file.size_bytes = written.size_bytes;
  file.sha256 = written.sha256;
  file.sm3 = written.sm3;
  packed.files.push_back(std::move(file));
  return packed.files.size() - 1;
}

void DossierPacker::add_original(const SourceRecord& source, std::size_t first_page,
                                 const std::vector<PageRecord>& pages, PackedDossier& packed) {
  PackedFile file;
  file.path = path_of_original(source, first_page, packed);
  file.use = PackedUse::original;
  file.name = base_name(source.name);
  // A name that was delivered twice keeps its two files apart.
  int same = 1;
  const auto taken = [&packed](const std::string& name) {
    return std::ranges::find(packed.files, name, &PackedFile::name) != packed.files.end();
  };
  while (taken(file.name)) file.name = numbered(base_name(source.name), ++same);
  file.mime = mime_of(source.kind);
  file.pages = std::max(source.pages, 0);
  file.source = source.number;
  const auto blob = *source.blob;
  const std::size_t at = add_file(packed, std::move(file), [&](const BagWriter::Sink& sink) {
    const auto fault = room_.objects().read(blob, [&sink](std::span<const std::byte> piece) {
      sink({reinterpret_cast<const char*>(piece.data()), piece.size()});
    });
    if (fault) {
      throw ArchiveError(ErrorKind::damage, blob.text(), "the object cannot be read",
                         "run `juanzong verify`; `juanzong repair` brings the object back");
    }
  });
  if (packed.files[at].sha256 != blob.hex()) {
    throw ArchiveError(ErrorKind::damage, blob.text(), "its bytes do not agree with its name",
                       "run `juanzong verify`; `juanzong repair` brings the object back");
  }
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (pages[i].occurrence.source == source.number) packed.pages[i].original = at;
  }
}

void DossierPacker::add_alto(const std::vector<PageRecord>& pages, PackedDossier& packed) {
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (!pages[i].alto_blob) continue;
    PackedFile file;
    file.path = fmt::format("alto/{}-{:04}.xml", packed.folder, i + 1);
    file.use = PackedUse::page_alto;
    file.mime = kAltoMime;
    const std::string alto = expand(room_.objects().get(*pages[i].alto_blob));
    packed.pages[i].alto =
        add_file(packed, std::move(file), [&alto](const BagWriter::Sink& sink) { sink(alto); });
  }
}

std::optional<std::size_t> DossierPacker::add_pdf(const std::vector<PageRecord>& pages,
                                                  int item_sequence, const std::string& name,
                                                  PackedDossier& packed) {
  const auto in_part = [&](std::size_t i) {
    return packed.pages[i].item_sequence == item_sequence;
  };
  bool any = false;
  for (std::size_t i = 0; i < pages.size(); ++i) any = any || in_part(i);
  if (!any) return std::nullopt;
  PackedFile file;
  file.path = "pdf/" + file_name_of(name) + ".pdf";
  for (int i = 2; bag_.has(packed.folder + "/" + file.path); ++i) {
    file.path = "pdf/" + numbered(file_name_of(name) + ".pdf", i);
  }
  file.use = PackedUse::item_pdf;
  file.mime = kPdfMime;
  return add_file(packed, std::move(file), [&](const BagWriter::Sink& sink) {
    SearchablePdf pdf(sink, {name, std::string("juanzong ") + kVersion});
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (in_part(i)) pdf_pages_.add(pages[i], pdf);
    }
    pdf.finish();
  });
}

void DossierPacker::add_pdfs(const std::vector<PageRecord>& pages, PackedDossier& packed) {
  for (PackedItem& item : packed.items) {
    item.pdf = add_pdf(pages, item.record.sequence, item.entry.item_no, packed);
  }
  // Cover, catalogue, closing sheet, backs without print.
  add_pdf(pages, 0, packed.folder + "-outside-items", packed);
}

void DossierPacker::add_history() {
  std::unordered_map<std::int64_t, std::vector<std::size_t>> sources;
  std::unordered_map<std::int64_t, std::size_t> pages;
  std::unordered_map<std::int64_t, std::size_t> dossiers;
  for (std::size_t i = 0; i < packed_.size(); ++i) {
    dossiers[packed_[i].record.number] = i;
    for (const PackedPage& page : packed_[i].pages) pages[page.number] = i;
    for (const PackedFile& file : packed_[i].files) {
      if (file.source != 0) sources[file.source].push_back(i);
    }
  }
  room_.records().for_each_event(0, [&](const Records::Event& event) {
    const auto add = [&](const auto& known) {
      const auto found = known.find(event.object_number);
      if (found != known.end()) packed_[found->second].history.push_back(event);
    };
    if (event.object_kind == "page") add(pages);
    if (event.object_kind == "dossier") add(dossiers);
    if (event.object_kind != "source") return;
    const auto found = sources.find(event.object_number);
    if (found == sources.end()) return;
    for (const std::size_t i : found->second) packed_[i].history.push_back(event);
  });
}

void DossierPacker::describe(const std::string& sender, const std::string& program,
                             const std::string& made_at) {
  add_history();
  for (const PackedDossier& packed : packed_) {
    bag_.add(packed.folder + "/mets.xml", mets_of(packed, program, made_at));
    bag_.add(packed.folder + "/metadata.xml", archival_metadata_of(packed, sender));
  }
}

std::int64_t DossierPacker::items() const {
  std::int64_t count = 0;
  for (const PackedDossier& packed : packed_) count += std::ssize(packed.items);
  return count;
}

std::int64_t DossierPacker::pages() const {
  std::int64_t count = 0;
  for (const PackedDossier& packed : packed_) count += std::ssize(packed.pages);
  return count;
}

}  // namespace archive
