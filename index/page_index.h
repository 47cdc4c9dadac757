#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
};

/// A name that a clerk may write before a colon, and the field it means: 单位名称 unit_name.
struct SearchFieldName {
  std::string name;
  std::string field;
};

/// Filters that a query may carry; empty means any.
struct SearchFilters {
  std::string person = {};     ///< name, exactly, after folding
  std::string id_number = {};  ///< 18 characters
  std::string doc_type = {};   ///< DT01 ...
  std::string dossier = {};    ///< dossier number as read, or its record number
  std::string batch = {};      ///< record number or name

  friend bool operator==(const SearchFilters&, const SearchFilters&) = default;
};

struct SearchRequest {
  std::string text;  ///< what the clerk typed
  SearchFilters filters;
  std::size_t offset = 0;
  std::size_t limit = 20;
};

struct SearchHit {
  PageNumber page = 0;
  double score = 0;
  std::string reason;       ///< "field:id_number", "phrase", "words", "part", "filter"
  std::string snippet;      ///< a line of text with the hit between « and »
  std::vector<Quad> boxes;  ///< on the delivered image; filled by locate()
};

struct SearchAnswer {
  std::vector<SearchHit> hits;
  std::size_t estimated_total = 0;
  std::string understood;  ///< the query as it was understood
  bool complete = true;    ///< false when part of the index could not be asked
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
  void commit();

  /// A query that cannot be understood throws std::invalid_argument with words for
  /// the clerk. Deterministic: equal scores come in page order.
  ///
  /// Understood: words (all must be there; hanzi side by side are a phrase, and when that
  /// finds nothing, any order will do), "a phrase", 字段:值 and field:value, AND, OR, NOT or
  /// a minus sign, brackets, an ID number whole, its first 6 or last 4, or masked with
  /// stars. Exact field values come first, then phrases, then the rest.
  SearchAnswer search(const SearchRequest& request) const;

  /// Further names for fields, beside 姓名/name, 身份证号/id, 类型/type, 档号/dossier,
  /// 批次/batch, 题名/title, 印章/seal and the id of every field in the index.
  void name_fields(const std::vector<SearchFieldName>& names);

  std::uint64_t pages() const;
  /// Page numbers in the index, ascending; for the cross-check with the records.
  std::vector<PageNumber> page_numbers() const;

 private:
  struct Impl;
  explicit PageIndex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Where the words of a query stand on a page: quads on the delivered image, also
/// over line breaks. `snippet_of` gives the best line with the hit marked.
std::vector<Quad> locate(const std::string& query, const PageLayout& layout);
std::string snippet_of(const std::string& query, const PageLayout& layout);

}  // namespace archive
