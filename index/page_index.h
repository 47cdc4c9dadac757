#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/look_alikes.h"
#include "core/layout.h"
#include "core/records.h"

namespace archive {

/// What the index knows of a page. One document a page.
struct IndexedPage {
  PageRecord page;
  PageLayout layout;
  std::vector<PersonRecord> persons;
  std::string dossier_no;
  std::string dossier_title;
  std::string doc_type_name;  ///< Chinese name of the document type
  std::string batch_name;
  std::string operator_name = {};  ///< who scanned the batch, by its job sheet
  std::string class_code = {};     ///< SB02.01: of its item, else of its type
  std::string retention = {};      ///< code of its item
  std::string year = {};           ///< of its item, yyyy
  /// The part of the index it lies in: the year its batch was begun. The same for a page whenever
  /// it is put in; digits and letters, 16 at most.
  std::string shard = {};
};

/// A name that a clerk may write before a colon, and the field it means: 单位名称 unit_name.
struct SearchFieldName {
  std::string name;
  std::string field;
};

/// Filters that a query may carry; empty means any.
struct SearchFilters {
  std::string person = {};       ///< name, exactly, after folding
  std::string id_kind = {};      ///< as printed, 居民身份证
  std::string id_number = {};    ///< 18 characters, or that of another paper
  std::string period = {};       ///< months paid for that overlap these: 2009-01..2010-06 (R21)
  std::string employer = {};     ///< name, exactly, after folding
  std::string credit_code = {};  ///< 统一社会信用代码
  std::string doc_type = {};     ///< DT01 ...
  std::string class_code = {};   ///< SB02 or SB02.01
  std::string year = {};         ///< 2009 or 2009..2013
  std::string retention = {};    ///< code, D30
  std::string confidence = {};   ///< low, fair, high
  std::string review = {};       ///< needed, none
  std::string operator_name = {};
  std::string dossier = {};  ///< dossier number as read, or its record number
  std::string batch = {};    ///< record number or name
  /// Pages of these dossiers, or these pages; for what only the records know. Nothing: any.
  std::optional<std::vector<DossierNumber>> dossiers = {};
  std::optional<std::vector<PageNumber>> pages = {};

  friend bool operator==(const SearchFilters&, const SearchFilters&) = default;
};

/// What hits can be counted by: "doc_type", "class", "year", "retention", "confidence", "review",
/// "operator", "batch", "dossier", "person", "unit_name".
const std::vector<std::string>& facet_names();

struct SearchRequest {
  std::string text;  ///< what the clerk typed
  SearchFilters filters = {};
  std::size_t offset = 0;
  std::size_t limit = 20;
  /// Go on behind a hit of an earlier answer (SearchAnswer::next), at no cost for what lies before
  /// it; instead of `offset`. Pages filed meanwhile do not move what is still to come.
  std::string after = {};
  std::vector<std::string> facets = {};
  /// Only pages that answer exactly: nothing similar, misread or in another order.
  bool exactly = false;
};

struct SearchHit {
  PageNumber page = 0;
  double score = 0;
  /// Why it was found, best first: "field:id_number", "phrase", "folded" (another script, variant
  /// or accent), "words", "part", "pinyin", "look_alike", "near" (one digit or sign differs),
  /// "scattered" (words in another order), "pieces" (most of them); "filter" without words.
  std::string reason;
  std::string snippet;      ///< a line of text with the hit between « and »
  std::vector<Quad> boxes;  ///< on the delivered image; filled by locate()
};

struct FacetCount {
  std::string value;
  std::size_t pages = 0;
};
struct Facet {
  std::string name;
  std::vector<FacetCount> counts;  ///< most pages first, then by value; at most 50
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  std::size_t estimated_total = 0;
  bool total_exact = true;           ///< every page was counted
  std::string understood;            ///< the query as it was understood
  bool complete = true;              ///< false when part of the index could not be asked
  std::vector<std::string> missing;  ///< the parts that could not: names of shards
  std::string next;                  ///< for SearchRequest::after; empty: this was the end
  std::vector<Facet> facets;
  /// The facets are of so many pages, the first ones; similar ones are counted only when there
  /// are no others.
  std::size_t facets_of = 0;
};

/// How an index stands to the records.
struct IndexState {
  std::int64_t ledger_entries = 0;  ///< of the ledger when it was last committed
  bool rebuilding = false;          ///< a rebuild has begun and not ended
  std::vector<std::string> shards;
  std::vector<std::string> missing;  ///< of these
};

/// The full-text index of an archive; Xapian behind it, and in no other file.
///
/// It can be made again from store and records at any time. commit() returns after
/// the index is durable: Xapian's own commit never syncs its folder, so we do.
/// Throws ArchiveError{index} when the index is missing or damaged.
/// One writer at a time, any number of readers; an object is used by one thread.
class PageIndex {
 public:
  static PageIndex open_writer(const std::filesystem::path& folder);  ///< makes it when missing
  static PageIndex open_reader(const std::filesystem::path& folder);

  PageIndex(PageIndex&&) noexcept;
  PageIndex& operator=(PageIndex&&) noexcept;
  ~PageIndex();

  /// Adds or replaces the document of a page.
  void put(const IndexedPage& page);
  void remove(PageNumber page);
  /// `ledger_entries`: what the records had when these pages were read from them; 0 to leave it.
  void commit(std::int64_t ledger_entries = 0);
  /// Marks that not every page is in it yet, and that all are; durable.
  void begin_rebuilding();
  void end_rebuilding();
  /// Writes its parts anew without the room that changes leave; for a writer. Readers go on.
  void compact();

  /// A query that cannot be understood throws std::invalid_argument with words for
  /// the clerk. Deterministic: equal scores come in page order.
  ///
  /// What is understood, and how answers are ranked: docs/FINDING.md. Pages that answer equally
  /// well come in page order, so that more pages change nothing about those before them.
  SearchAnswer search(const SearchRequest& request) const;

  /// Further names for fields, beside 姓名/name, 身份证号/id, 类型/type, 档号/dossier,
  /// 批次/batch, 题名/title, 印章/seal and the id of every field in the index.
  void name_fields(const std::vector<SearchFieldName>& names);
  /// For pages that look as asked for, without being it.
  void use_look_alikes(LookAlikes table);

  IndexState state() const;

  std::uint64_t pages() const;
  /// Page numbers in the index, ascending; for the cross-check with the records.
  std::vector<PageNumber> page_numbers() const;
  /// What the document of a page was made of, as fingerprint_of() gives it; 0: there is none.
  std::uint64_t fingerprint(PageNumber page) const;

 private:
  struct Impl;
  explicit PageIndex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Of all that put() would write for a page. Equal pages have equal ones.
std::uint64_t fingerprint_of(const IndexedPage& page);

/// Where the words of a query stand on a page: quads on the delivered image, also
/// over line breaks. `snippet_of` gives the best line with the hit marked.
std::vector<Quad> locate(const std::string& query, const PageLayout& layout,
                         const LookAlikes& look_alikes = {});
std::string snippet_of(const std::string& query, const PageLayout& layout,
                       const LookAlikes& look_alikes = {});

}  // namespace archive
