#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/blob_id.h"
#include "core/comparison_list.h"
#include "core/fault.h"
#include "core/finding.h"
#include "core/page.h"
#include "core/quality.h"
#include "core/typed_value.h"

// The rows that the archive keeps about what it holds. Plain data, shared by the
// store (which keeps them), the doors (which make and show them) and the index.

namespace archive {

using DossierNumber = std::int64_t;
using ItemNumber = std::int64_t;
using PersonNumber = std::int64_t;
using FindingNumber = std::int64_t;
using AcceptanceNumber = std::int64_t;

/// What the operator wrote down before scanning. Zero or empty: not stated.
struct JobSheet {
  int sheets = 0;  ///< sheets of paper, counted by hand
  int sides = 0;   ///< sides scanned of each sheet: 1 or 2
  std::string operator_name;
  std::string scanner;
  int dpi = 0;
  /// 门类 of the papers; empty: social-insurance business archives. Papers of another category are
  /// kept and found, but no fields are read and no dossier is checked (R30).
  std::string category = {};

  int pages_expected() const { return sheets * (sides == 0 ? 1 : sides); }
  friend bool operator==(const JobSheet&, const JobSheet&) = default;
};

enum class BatchState {
  open,      ///< pages are still coming, or a run was stopped
  complete,  ///< every page handed in is filed or set aside, and the count agrees
  held,      ///< the page count differs from the job sheet: a person must decide
};

struct BatchRecord {
  BatchNumber number = 0;
  std::string key;   ///< identity: a given name, or the absolute path it came from
  std::string name;  ///< what people call it
  BatchState state = BatchState::open;
  JobSheet job_sheet;
  std::string opened_at;  ///< ISO 8601 with zone
  std::string closed_at;
  std::string held_reason;
  std::optional<BlobId> report_blob;
};

/// A delivered file.
struct SourceRecord {
  SourceNumber number = 0;
  BatchNumber batch = 0;
  std::string name;            ///< path below the batch's folder
  std::optional<BlobId> blob;  ///< nothing when the bytes could not be read at all
  std::uint64_t size_bytes = 0;
  SourceKind kind = SourceKind::other;
  Carrier carrier = Carrier::other;
  int pages = -1;  ///< -1: not known yet
  std::vector<std::string> warnings;
  std::string received_at;
  std::int64_t first_order = 0;  ///< order of its first page in the batch
  std::int64_t repeat_of = 0;    ///< an earlier source with the same bytes, or 0
  std::string handed_in_as{};    ///< SourceFile::handed_in_as; empty: as `name`
};

enum class PageState { filed, set_aside };

/// A field as kept: the extracted one with its quad on the delivered image.
struct FieldRecord {
  std::string field;
  int row = -1;
  std::string raw;
  std::string value;
  double confidence = 0;
  FieldValidity validity = FieldValidity::valid;
  std::string problem;
  bool unsure = false;
  bool handwritten = false;
  Quad quad;               ///< delivered pixels
  bool by_person = false;  ///< a person decided; no later run overwrites it

  /// What the machine read, where persons typed something.
  struct MachineValue {
    std::string raw;
    std::string value;
    double confidence = 0;
    FieldValidity validity = FieldValidity::valid;
    std::string problem;
    bool unsure = false;
    Quad quad;
    bool by_person = false;
  };
  std::optional<MachineValue> machine = std::nullopt;
  TypedState typed = TypedState::none;  ///< of what persons typed for it
};

/// Everything kept about one page occurrence.
struct PageRecord {
  PageNumber number = 0;
  PageOccurrence occurrence;
  std::string source_name;
  std::optional<BlobId> source_blob;
  PageState state = PageState::filed;
  std::optional<PageFault> fault;           ///< when set aside
  /// Destroyed by a disposal list: nothing but its place is left.
  bool disposed() const { return fault && fault->reason == FaultReason::disposed; }
  std::vector<std::string> review_reasons;  ///< why a person should look; empty: nobody needs to

  int width = 0, height = 0;
  double dpi_x = 0, dpi_y = 0;
  int bits_per_pixel = 0;
  int rotation = 0;
  bool rotation_by_person = false;  ///< a person decided how it lies; no later run overwrites it
  double skew_degrees = 0;
  PageKind kind = PageKind::content;
  std::string doc_type;
  double doc_type_confidence = 0;
  bool doc_type_by_person = false;
  std::string title;
  std::vector<std::string> evidence;
  double text_confidence = 0;
  bool illegible = false;
  std::vector<std::uint32_t> text_sketch;  ///< of its print and writing (core/text_sketch.h)
  std::vector<MachineCode> codes;
  int side_pages = 1;
  std::string dark_borders;            ///< some of "left,top,right,bottom"
  std::optional<PageQuality> quality;  ///< of the picture; nothing when it was not measured
  std::vector<SealMark> seals;         ///< quads in delivered pixels
  std::vector<LabelledValue> pairs;    ///< quads in delivered pixels

  std::optional<BlobId> layout_blob;
  std::optional<BlobId> alto_blob;
  std::string engines;         ///< JSON list of EngineId
  std::string config_version;  ///< hash of the configuration tables
  std::string filed_at;
  std::vector<FieldRecord> fields;  ///< typed values that are settled among them
  std::vector<TypedValue> typed;    ///< what persons typed, in that order, ended ones too

  DossierNumber dossier = 0;  ///< 0: not assembled yet
  ItemNumber item = 0;
  std::int64_t page_of_item = 0;
  std::int64_t page_of_dossier = 0;  ///< from 1, among all pages of its dossier
  PageNumber replaced_by = 0;        ///< the page that stands in its place; it is in no dossier
};

/// What a page was read as before the reading that its record has now.
struct ReadingRecord {
  PageNumber page = 0;
  int number = 0;       ///< 1 for the page's first
  std::string read_at;  ///< ISO 8601 with zone
  std::string replaced_at;
  std::string engines;  ///< JSON list of EngineId
  std::string config_version;
  std::string doc_type;
  bool doc_type_by_person = false;
  double text_confidence = 0;
  std::optional<BlobId> layout_blob;
  std::optional<BlobId> alto_blob;
  std::string fields;  ///< JSON list of the fields as they were
};

struct ItemRecord {
  ItemNumber number = 0;
  DossierNumber dossier = 0;
  int sequence = 0;  ///< 件号 inside the volume, from 1
  std::string doc_type;
  std::string title;
  std::string date;
  std::string pages_declared;  ///< as the catalogue says, "5-8"
  std::string retention;       ///< Y, D100, D50, D30, D10, ACC, INHERIT or HOLD
  /// Its identity in the batch, whatever its dossier and sequence are by now; empty: it is that of
  /// its dossier's key and its sequence (item_key()).
  std::string key = {};
  std::string class_code = {};  ///< as a person decided; empty: that of its type
};

struct DossierRecord {
  DossierNumber number = 0;
  BatchNumber batch = 0;
  std::string key;         ///< identity inside the batch: a folder, a file, or a separator's order
  std::string dossier_no;  ///< 档号 as read; may be empty
  std::string title;
  std::string opened_by;  ///< "separator", "folder", "file", "batch", "person"
  std::vector<ItemRecord> items;
  /// It has no pages by a person's decision: they are in this one. 0 for every other.
  DossierNumber merged_into = 0;
};

/// A person. Joined automatically only by a citizen number whose check digit
/// holds; everyone else stays apart until a person decides (R19).
struct PersonRecord {
  PersonNumber number = 0;
  std::string name;
  std::string citizen_id;     ///< 18 characters, or empty
  DossierNumber dossier = 0;  ///< of somebody without a number: where he is known; else 0
  /// The decision by which he is not the other one of his name in that dossier; 0: none.
  std::int64_t apart = 0;
};

/// A page that names somebody.
struct PersonPageRecord {
  DossierNumber dossier = 0;  ///< 0: not assembled yet
  PageNumber page = 0;
  std::string role;  ///< "holder", "row", "claimant"
  std::string name;  ///< as read there
};

/// A person's decision that somebody without a number is the person with this one (R19).
struct PersonJoinRecord {
  PersonNumber person = 0;  ///< without a number; 0 when no page names him any more
  DossierNumber dossier = 0;
  std::string name;
  std::string citizen_id;
  std::string reason;
  std::string decided_by;
  std::string decided_at;  ///< ISO 8601 with zone
};

/// A finding as kept, with what a person decided about it.
struct FindingRecord {
  FindingNumber number = 0;
  DossierNumber dossier = 0;
  Finding finding;
  FindingState state = FindingState::open;
  std::string reason;  ///< why it was accepted, or how it was corrected
  std::string decided_by;
  std::string decided_at;  ///< ISO 8601 with zone
  std::string found_at;
  std::string gone_at;  ///< empty: the last check made it
};

/// A page of a sample by which a batch is accepted.
struct SampledPage {
  PageNumber page = 0;
  bool forced = false;  ///< it failed in an earlier sample
  std::string fault;    ///< what a person found wrong with it, in an earlier sample too; or empty
  std::string fault_by;
  std::string machine_fault;  ///< what the program found wrong, when the sample was closed

  bool faulty() const { return !fault.empty() || !machine_fault.empty(); }
};

/// A sample of a batch 抽检, and whether the batch passed.
struct AcceptanceRecord {
  AcceptanceNumber number = 0;
  BatchNumber batch = 0;
  std::uint64_t seed = 0;
  double share = 0;  ///< the plan it was drawn by (config/sampling_plan.h)
  int pages_min = 0;
  double pass_share = 0;
  std::int64_t pages = 0;  ///< of the batch, when it was drawn
  std::string drawn_by;
  std::string drawn_at;  ///< ISO 8601 with zone
  std::string closed_by;
  std::string closed_at;  ///< empty: still open
  bool passed = false;    ///< once it is closed
  std::optional<BlobId> report_blob;
  std::vector<SampledPage> sample;  ///< in page order

  std::int64_t faulty() const;
};

/// A comparison list 比对清单 that an archive keeps.
struct ComparisonListRecord {
  std::string name;
  ListKind kind = ListKind::person;
  std::optional<BlobId> blob;  ///< the file as it was given
  std::int64_t records = 0;
  std::string given_by;
  std::string given_at;  ///< ISO 8601 with zone
};

/// How the pages of a batch came out.
struct BatchCounts {
  std::int64_t sources = 0;
  std::int64_t carriers_kept = 0;  ///< files stored but not read (R5)
  std::int64_t occurrences = 0;    ///< pages handed in: filed + set aside + replaced + to be done
  std::int64_t filed = 0;
  std::int64_t set_aside = 0;
  std::int64_t replaced = 0;   ///< kept, with another page in their place
  std::int64_t conflicts = 0;  ///< decisions about the structure that cannot be followed
  std::int64_t blank = 0;
  std::int64_t separators = 0;
  std::int64_t review = 0;   ///< filed, but a person should look
  std::int64_t repeats = 0;  ///< pages whose bytes were handed in before
  std::map<std::string, std::int64_t> set_aside_by_reason;
  std::map<std::string, std::int64_t> by_doc_type;
  std::map<std::string, std::int64_t> by_quality;       ///< pages by verdict on their picture
  std::map<std::string, std::int64_t> open_findings;    ///< on its dossiers, by severity
  std::map<std::string, std::int64_t> by_quality_rule;  ///< pages by each rule they do not keep
};

}  // namespace archive
