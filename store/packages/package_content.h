#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "core/package.h"
#include "store/records/records.h"

namespace archive {

/// What a file of a package is there for; the words are `USE` of METS and in hand-over.json.
enum class PackedUse { original, item_pdf, page_alto };
std::string_view name_of(PackedUse use);

/// A file of a packed dossier.
struct PackedFile {
  std::string path;  ///< below the folder of its dossier
  PackedUse use = PackedUse::original;
  std::string name;  ///< of an original: as it was delivered, without folders
  std::string mime;
  std::uint64_t size_bytes = 0;
  std::string sha256;      ///< small hexadecimal digits
  std::string sm3;         ///< may be empty
  std::int64_t pages = 0;  ///< of the dossier that are in it
  SourceNumber source = 0;
};

/// A page, and where in the package it is. Indices into PackedDossier::files.
struct PackedPage {
  PageNumber number = 0;
  std::optional<std::size_t> original;  ///< nothing: the original is not in the package
  int page_in_file = 0;
  std::optional<std::size_t> alto;
  bool set_aside = false;
  int item_sequence = 0;  ///< 0: in no item
};

struct PackedItem {
  ItemRecord record;
  CatalogueEntry entry;
  std::optional<std::size_t> pdf;
};

struct PackedDossier {
  std::string folder;
  DossierRecord record;
  bool catalogued = false;         ///< by the office; else its items are as they were put together
  std::vector<FieldRecord> cover;  ///< what stands on its cover
  std::vector<std::string> persons;  ///< whom it is about, by name
  std::vector<PackedItem> items;
  std::vector<PackedPage> pages;
  std::vector<PackedFile> files;
  std::vector<std::string> left_out;    ///< delivered files that are not given, by name
  std::int64_t pages_left_out = 0;      ///< of the dossier, in those files
  std::vector<Records::Event> history;  ///< of its files and pages, and its own
};

}  // namespace archive
