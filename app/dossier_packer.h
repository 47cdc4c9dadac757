#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/pdf_pages.h"
#include "config/settings.h"
#include "store/packages/bag_writer.h"
#include "store/packages/package_content.h"
#include "viewer/reading_room.h"

namespace archive {

/// Writes dossiers of an archive into a bag: their files as they were delivered, a searchable PDF
/// for each item, the ALTO of each page, METS and metadata. Memory: a file of the archive that is
/// no larger than a page, and the numbers and digests of what was written.
class DossierPacker {
 public:
  /// All of it must live longer. `dossiers` are those of the package.
  DossierPacker(const ReadingRoom& room, BagWriter& bag, const Settings& settings, PackageKind kind,
                const std::vector<DossierNumber>& dossiers);

  /// Throws ArchiveError{usage} where a delivered file also has pages of dossiers that are not in
  /// the package, unless copies are given out: then it is left out and its name kept.
  void pack(DossierNumber number);

  /// Writes METS and metadata of all that was packed.
  void describe(const std::string& sender, const std::string& program, const std::string& made_at);

  const std::vector<PackedDossier>& packed() const { return packed_; }
  std::int64_t items() const;
  std::int64_t pages() const;

 private:
  std::string folder_for(const DossierRecord& dossier);
  void add_originals(const std::vector<PageRecord>& pages, PackedDossier& packed);
  std::vector<SourceRecord> sources_of(const std::vector<PageRecord>& pages,
                                       const DossierRecord& dossier) const;
  void add_original(const SourceRecord& source, std::size_t first_page,
                    const std::vector<PageRecord>& pages, PackedDossier& packed);
  std::string path_of_original(const SourceRecord& source, std::size_t first_page,
                               const PackedDossier& packed) const;
  std::size_t add_file(PackedDossier& packed, PackedFile file,
                       const std::function<void(const BagWriter::Sink&)>& fill);
  void add_alto(const std::vector<PageRecord>& pages, PackedDossier& packed);
  void add_pdfs(const std::vector<PageRecord>& pages, PackedDossier& packed);
  std::optional<std::size_t> add_pdf(const std::vector<PageRecord>& pages, int item_sequence,
                                     const std::string& name, PackedDossier& packed);
  void add_history();

  const ReadingRoom& room_;
  BagWriter& bag_;
  const Settings& settings_;
  PackageKind kind_;
  PdfPages pdf_pages_;
  std::map<SourceNumber, std::int64_t> chosen_pages_;  // of each file, in the whole package
  std::set<SourceNumber> given_;
  std::set<std::string> folders_;
  std::vector<PackedDossier> packed_;
};

}  // namespace archive
