#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/page.h"
#include "core/records.h"

// What the records hold of a dossier, as far as the checks look at it. Plain data, made from
// the records in one place (ingest/dossier_facts.h) and kept beside them, so that rules can be
// asked again without touching a picture or a text.

namespace archive {

/// A value of a page as it was read or decided.
struct FieldFact {
  std::string field;  ///< id in config/forms
  int row = -1;       ///< row of a table counted from 0, or -1
  std::string raw;    ///< as printed
  std::string value;  ///< normalised; empty when it could not be
  double confidence = 0;
  FieldValidity validity = FieldValidity::valid;
  bool unsure = false;  ///< a person should look before anything is made of it
  bool handwritten = false;
  bool by_person = false;  ///< a person decided

  friend bool operator==(const FieldFact&, const FieldFact&) = default;
};

/// A page of a dossier.
struct PageFact {
  PageNumber number = 0;
  std::string content;  ///< tells equal bytes: hash of the delivered file, '#', page in it
  bool set_aside = false;
  PageKind kind = PageKind::content;
  std::string doc_type;
  double doc_type_confidence = 0;
  bool titled = false;  ///< it has a title of its own
  int rotation = 0;     ///< 0, 90, 180, 270: as CleanPage::rotation
  bool illegible = false;
  int item_sequence = 0;  ///< 件号 of its item; 0: of none
  std::int64_t page_of_item = 0;
  /// The least hashes of the runs of characters in its text, rising: pages with much in common
  /// have much of it in common (core/text_sketch.h). Empty when there is hardly any text.
  std::vector<std::uint32_t> sketch;
  std::vector<FieldFact> fields;

  friend bool operator==(const PageFact&, const PageFact&) = default;
};

/// An item 件 as the catalogue, or else the pages themselves, tell it.
struct ItemFact {
  int sequence = 0;  ///< 件号 inside the volume, from 1
  std::string doc_type;
  std::string title;
  std::string date;            ///< ISO 8601, or empty
  std::string pages_declared;  ///< as the catalogue says, "5-8"; empty without a catalogue row
  std::string retention;       ///< Y, D100, D50, D30, D10, ACC, INHERIT or HOLD
  bool catalogued = false;     ///< it stands in the office's own catalogue

  friend bool operator==(const ItemFact&, const ItemFact&) = default;
};

struct DossierFacts {
  DossierNumber number = 0;
  BatchNumber batch = 0;
  std::string dossier_no;  ///< 档号 as read; may be empty
  std::string title;
  std::string opened_by;    ///< "separator", "folder", "file", "batch"
  std::string received_on;  ///< the day it was handed in, ISO 8601
  std::vector<ItemFact> items;
  std::vector<PageFact> pages;  ///< in delivered order

  friend bool operator==(const DossierFacts&, const DossierFacts&) = default;
};

}  // namespace archive
