#include <fcntl.h>
#include <unistd.h>
#include <xapian.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "index/page_index.h"
#include "index/page_terms.h"
#include "index/query.h"
#include "index/terms.h"
#include "index/xapian_query.h"

// Xapian is included here and in xapian_query, nowhere else.
//
// A document's number is the page's number, so that page order is document order and a
// rebuilt index answers exactly as the one before it.
//
// Writing happens inside a transaction that commit() ends and begins anew. Otherwise
// Xapian would flush by itself, at 10,000 changes or in a destructor, without the fsync
// of the folder that makes a commit survive a power cut.

namespace archive {
namespace {

constexpr std::size_t kPagesPerCommitMax = 1'000;  // about 150 MB of pending changes
constexpr std::size_t kHitsPerAnswerMax = 1'000;
constexpr int kReopensMax = 5;
// A tier with more pages than this is given in page order: weighing each of them would
// cost a walk through the archive, and no clerk reads 20,000 hits by relevance.
constexpr Xapian::doccount kRankedMax = 2'000;

constexpr const char* kFieldsKey = "fields";
constexpr const char* kFormatKey = "format";
constexpr const char* kFormat = "1";
constexpr const char* kRebuild = "rebuild it with: juanzong index rebuild";
constexpr const char* kWhere = "full-text index";

namespace slot {  // values of a document, for grouping and sorting
constexpr Xapian::valueno kDossier = 0;
constexpr Xapian::valueno kBatch = 1;
}  // namespace slot

[[noreturn]] void throw_damaged(const std::string& what) {
  throw ArchiveError(ErrorKind::index, kWhere, what, kRebuild);
}

/// Xapian's words name files and blocks, never what is in them.
[[noreturn]] void rethrow(const Xapian::Error& error) {
  const std::string type = error.get_type();
  const char* cause = error.get_error_string();
  for (int disk_error : {ENOSPC, EDQUOT, EROFS, EIO}) {
    if (cause != nullptr && std::strcmp(cause, std::strerror(disk_error)) == 0) {
      throw ArchiveError(ErrorKind::disk, kWhere, error.get_msg() + ": " + cause,
                         "make room or mend the disk, then run the same command again");
    }
  }
  if (type == "DatabaseLockError") {
    throw ArchiveError(ErrorKind::archive_locked, kWhere, "another process is writing to it",
                       "wait until it has ended, then run the same command again");
  }
  if (type == "DatabaseModifiedError") {
    throw_damaged("it is damaged, or written faster than it can be read");
  }
  throw_damaged("it is damaged: " + type + ": " + error.get_msg());
}

template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Xapian::Error& error) {
    rethrow(error);
  }
}

/// Makes the names of a folder durable. Tried once: after a failed fsync a second one
/// succeeds although the data are gone.
void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int error = descriptor < 0 || ::fsync(descriptor) != 0 ? errno : 0;
  if (descriptor >= 0) ::close(descriptor);
  if (error == 0) return;
  throw ArchiveError(ErrorKind::disk, kWhere,
                     std::string("the folder cannot be synced: ") + std::strerror(error),
                     "check the disk, then run: juanzong index rebuild");
}

bool is_missing(const std::filesystem::path& folder) {
  std::error_code error;
  return !std::filesystem::exists(folder, error) || std::filesystem::is_empty(folder, error);
}

Xapian::docid document_of(PageNumber page) {
  if (page < 1 || page > std::numeric_limits<Xapian::docid>::max()) {
    throw std::out_of_range("page number " + std::to_string(page) + " does not fit the index");
  }
  return static_cast<Xapian::docid>(page);
}

// -- Documents -------------------------------------------------------------

Xapian::Document document_from(const IndexedPage& page, const PageTerms& terms) {
  Xapian::Document document;
  document.set_data(std::to_string(page.page.number));
  document.add_value(slot::kDossier,
                     Xapian::sortable_serialise(static_cast<double>(page.page.dossier)));
  document.add_value(slot::kBatch,
                     Xapian::sortable_serialise(static_cast<double>(page.page.occurrence.batch)));
  for (const Posting& posting : terms.postings) {
    if (posting.position >= 0) {
      document.add_posting(posting.term, static_cast<Xapian::termpos>(posting.position));
    } else {
      document.add_term(posting.term);
    }
  }
  for (const std::string& term : terms.exact_terms) document.add_boolean_term(term);
  return document;
}

}  // namespace

// -- The index ---------------------------------------------------------------

struct PageIndex::Impl {
  std::filesystem::path folder;
  mutable Xapian::Database database;  // also when writing, the same one as `writer`
  std::unique_ptr<Xapian::WritableDatabase> writer;
  mutable FieldNames names;
  mutable std::set<std::string> fields;  // every field that the index has seen
  mutable std::size_t fields_known = 0;  // how many of them stand in the index
  std::size_t pending = 0;

  void check_format() const {
    const std::string format = database.get_metadata(kFormatKey);
    if (format == kFormat || (format.empty() && database.get_doccount() == 0)) return;
    throw_damaged("it was made by another version of the program");
  }

  void read_fields() const {
    const std::string known = database.get_metadata(kFieldsKey);
    for (std::size_t at = 0; at < known.size();) {
      const std::size_t end = std::min(known.find('\n', at), known.size());
      fields.insert(known.substr(at, end - at));
      at = end + 1;
    }
    for (const std::string& field : fields) names.add_field(field);
    fields_known = fields.size();
  }

  void write_fields() {
    if (fields.size() == fields_known) return;
    std::string known;
    for (const std::string& field : fields) known += field + '\n';
    writer->set_metadata(kFieldsKey, known);
    read_fields();
  }

  /// Runs a read, once more after each reopening when the writer overtook it.
  template <class Work>
  auto reading(Work work) const -> decltype(work()) {
    return guarded([&] {
      for (int attempt = 0;; ++attempt) {
        try {
          if (!writer && database.reopen()) read_fields();
          return work();
        } catch (const Xapian::DatabaseModifiedError&) {
          if (writer || attempt == kReopensMax) throw;
        }
      }
    });
  }

  std::string reason_of(const Tier& tier, Xapian::docid page,
                        const std::vector<const QueryLeaf*>& leaves) const;
  Xapian::doccount take(const Tier& tier, const Xapian::Query& query, const SearchRequest& request,
                        const std::vector<const QueryLeaf*>& leaves, std::size_t skip,
                        SearchAnswer& answer) const;
  SearchAnswer answer_tiers(std::vector<Tier> tiers, const SearchRequest& request,
                            const std::vector<const QueryLeaf*>& leaves) const;
};

/// "field:id_number": the field whose exact value a leaf was.
std::string PageIndex::Impl::reason_of(const Tier& tier, Xapian::docid page,
                                       const std::vector<const QueryLeaf*>& leaves) const {
  if (tier.reason != "field") return tier.reason;
  Xapian::TermIterator at = database.termlist_begin(page);
  at.skip_to(std::string(prefix::kFieldExact));
  for (; at != database.termlist_end(page) && (*at).starts_with(prefix::kFieldExact); ++at) {
    const std::string found = *at;
    const std::string field = found.substr(1, found.find(':') - 1);
    for (const QueryLeaf* leaf : leaves) {
      const std::vector<std::string> named = leaf->named_by();
      const bool same = named.empty() || std::ranges::find(named, field) != named.end();
      if (same && found == term(field_prefix(prefix::kFieldExact, field), leaf->exact)) {
        return "field:" + (field.starts_with('=') ? field.substr(1) : field);
      }
    }
  }
  return tier.reason;
}

/// Adds the hits of one tier after the first `skip`; says how many pages it has, exactly
/// when fewer than asked for, else as estimated.
Xapian::doccount PageIndex::Impl::take(const Tier& tier, const Xapian::Query& query,
                                       const SearchRequest& request,
                                       const std::vector<const QueryLeaf*>& leaves,
                                       std::size_t skip, SearchAnswer& answer) const {
  const std::size_t wanted = std::min(request.limit, kHitsPerAnswerMax) - answer.hits.size();
  Xapian::Enquire enquire(database);
  enquire.set_query(query);
  enquire.set_docid_order(Xapian::Enquire::ASCENDING);
  const Xapian::MSet outlook = enquire.get_mset(0, 0);
  if (wanted == 0) return outlook.get_matches_estimated();
  if (outlook.get_matches_upper_bound() == 0) return 0;
  if (outlook.get_matches_upper_bound() > kRankedMax)
    enquire.set_weighting_scheme(Xapian::BoolWeight());

  const auto first =
      static_cast<Xapian::doccount>(std::min<std::size_t>(skip, outlook.get_matches_upper_bound()));
  const auto count = static_cast<Xapian::doccount>(wanted);
  const Xapian::MSet found = enquire.get_mset(first, count, first + count + 1);
  for (auto hit = found.begin(); hit != found.end(); ++hit) {
    SearchHit next;
    next.page = *hit;
    next.score = tier.score + hit.get_weight() / (hit.get_weight() + 10);
    next.reason = reason_of(tier, *hit, leaves);
    answer.hits.push_back(std::move(next));
  }
  return found.get_matches_estimated();
}

SearchAnswer PageIndex::Impl::answer_tiers(std::vector<Tier> tiers, const SearchRequest& request,
                                           const std::vector<const QueryLeaf*>& leaves) const {
  SearchAnswer answer;
  std::size_t skip = request.offset;
  Xapian::Query earlier;
  std::set<std::string> asked;
  for (const Tier& tier : tiers) {
    if (tier.query.empty() || (tier.last_resort && answer.estimated_total > 0)) continue;
    if (!asked.insert(tier.query.serialise()).second) continue;
    Xapian::Query query = filtered_by(request.filters, tier.query);
    if (!earlier.empty()) query = Xapian::Query(Xapian::Query::OP_AND_NOT, query, earlier);
    const std::size_t before = answer.hits.size();
    const Xapian::doccount total = take(tier, query, request, leaves, skip, answer);
    skip = answer.hits.size() > before ? 0 : skip - std::min<std::size_t>(skip, total);
    answer.estimated_total += total;
    earlier |= tier.query;
  }
  return answer;
}

PageIndex::PageIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PageIndex::PageIndex(PageIndex&&) noexcept = default;
PageIndex& PageIndex::operator=(PageIndex&&) noexcept = default;
PageIndex::~PageIndex() = default;

PageIndex PageIndex::open_writer(const std::filesystem::path& folder) {
  return guarded([&] {
    auto impl = std::make_unique<Impl>();
    impl->folder = folder;
    const bool made = is_missing(folder);
    if (made) {
      std::error_code error;
      std::filesystem::create_directories(folder, error);
      if (error) {
        throw ArchiveError(ErrorKind::disk, kWhere, "its folder cannot be made: " + error.message(),
                           "check the rights and the disk");
      }
    }
    impl->writer = std::make_unique<Xapian::WritableDatabase>(
        folder.string(), made ? Xapian::DB_CREATE : Xapian::DB_OPEN);
    impl->database = *impl->writer;
    impl->check_format();
    impl->read_fields();
    impl->writer->begin_transaction();
    if (made) {
      impl->writer->set_metadata(kFormatKey, kFormat);
      impl->writer->commit_transaction();
      sync_folder(folder);
      sync_folder(std::filesystem::absolute(folder).parent_path());
      impl->writer->begin_transaction();
    }
    return PageIndex(std::move(impl));
  });
}

PageIndex PageIndex::open_reader(const std::filesystem::path& folder) {
  if (is_missing(folder)) throw_damaged("there is none");
  return guarded([&] {
    auto impl = std::make_unique<Impl>();
    impl->folder = folder;
    impl->database = Xapian::Database(folder.string());
    impl->check_format();
    impl->read_fields();
    return PageIndex(std::move(impl));
  });
}

void PageIndex::put(const IndexedPage& page) {
  const Xapian::docid number = document_of(page.page.number);
  const PageTerms terms = terms_of(page);
  guarded([&] { impl_->writer->replace_document(number, document_from(page, terms)); });
  impl_->fields.insert(terms.fields.begin(), terms.fields.end());
  if (++impl_->pending >= kPagesPerCommitMax) commit();
}

void PageIndex::remove(PageNumber page) {
  const Xapian::docid number = document_of(page);
  guarded([&] {
    try {
      impl_->writer->delete_document(number);
    } catch (const Xapian::DocNotFoundError&) {
      return;  // gone already, which is what was wanted
    }
  });
  if (++impl_->pending >= kPagesPerCommitMax) commit();
}

void PageIndex::commit() {
  guarded([&] {
    impl_->write_fields();
    impl_->writer->commit_transaction();
    impl_->pending = 0;
    sync_folder(impl_->folder);
    impl_->writer->begin_transaction();
  });
}

void PageIndex::name_fields(const std::vector<SearchFieldName>& names) {
  for (const auto& [name, field] : names) impl_->names.add(name, field);
}

SearchAnswer PageIndex::search(const SearchRequest& request) const {
  const bool filtered = request.filters != SearchFilters{};
  return impl_->reading([&] {
    const bool only_filters = filtered && exact_form(request.text).empty();
    if (only_filters) {
      SearchAnswer answer =
          impl_->answer_tiers({{Xapian::Query::MatchAll, "filter", 0}}, request, {});
      return answer;
    }
    const QueryNode node = parse_query(request.text, impl_->names);
    if (!filtered && !wants_something(node)) {
      throw std::invalid_argument(
          "至少要有一个不带 NOT 的检索词 / at least one word without NOT is needed");
    }
    std::vector<const QueryLeaf*> leaves;
    collect_wanted(node, leaves);
    SearchAnswer answer = impl_->answer_tiers(tiers_of(node), request, leaves);
    answer.understood = understood(node);
    return answer;
  });
}

std::uint64_t PageIndex::pages() const {
  return impl_->reading([&] { return std::uint64_t{impl_->database.get_doccount()}; });
}

std::vector<PageNumber> PageIndex::page_numbers() const {
  return impl_->reading([&] {
    std::vector<PageNumber> pages;
    pages.reserve(impl_->database.get_doccount());
    for (auto at = impl_->database.postlist_begin(""); at != impl_->database.postlist_end("");
         ++at) {
      pages.push_back(*at);
    }
    return pages;
  });
}

}  // namespace archive
