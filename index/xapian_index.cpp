#include <xapian.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "index/page_index.h"
#include "index/page_terms.h"
#include "index/query.h"
#include "index/terms.h"
#include "index/xapian_phrase.h"
#include "index/xapian_query.h"
#include "index/xapian_search.h"
#include "index/xapian_shards.h"

// A document's number is the page's number, so that page order is document order and a
// rebuilt index answers exactly as the one before it.

namespace archive {
namespace {

constexpr std::size_t kPagesPerCommitMax = 1'000;  // about 150 MB of pending changes
constexpr int kReopensMax = 5;

Xapian::docid document_of(PageNumber page) {
  if (page < 1 || page > std::numeric_limits<Xapian::docid>::max()) {
    throw std::out_of_range("page number " + std::to_string(page) + " does not fit the index");
  }
  return static_cast<Xapian::docid>(page);
}

std::string row_value(const PageTerms& terms) {
  std::uint64_t fingerprint = fingerprint_of(terms);
  std::string value(kFingerprintBytes, '\0');
  for (char& byte : value) {
    byte = static_cast<char>(fingerprint & 0xFF);
    fingerprint >>= 8;
  }
  return value + terms.row.bytes();
}

std::uint64_t fingerprint_in(const std::string& value) {
  std::uint64_t fingerprint = 0;
  for (std::size_t i = std::min(kFingerprintBytes, value.size()); i-- > 0;) {
    fingerprint = (fingerprint << 8) | static_cast<unsigned char>(value[i]);
  }
  return fingerprint;
}

Xapian::Document document_from(const PageTerms& terms) {
  Xapian::Document document;
  document.add_value(kRowSlot, row_value(terms));
  for (std::size_t slot = 0; slot < facet_names().size(); ++slot) {
    const auto facet = terms.facets.find(facet_names()[slot]);
    if (facet == terms.facets.end()) continue;
    document.add_value(static_cast<Xapian::valueno>(slot), facet->second);
  }
  for (const std::string& term : terms.terms) document.add_boolean_term(term);
  return document;
}

bool is_filtered(const SearchRequest& request) { return request.filters != SearchFilters{}; }

}  // namespace

// -- The index ---------------------------------------------------------------

struct PageIndex::Impl {
  explicit Impl(Shards opened) : shards(std::move(opened)) {}

  mutable Shards shards;
  mutable FieldNames names;
  LookAlikes look_alikes;
  std::size_t pending = 0;

  void know_fields() const {
    for (const std::string& field : shards.fields()) names.add_field(field);
  }

  /// Runs a read, once more after each reopening when the writer overtook it, and without a
  /// shard that cannot be read.
  template <class Work>
  auto reading(Work work) const -> decltype(work()) {
    return guarded([&] {
      for (int attempt = 0;;) {
        try {
          if (attempt == 0 || !gave_up) shards.reopen();
          know_fields();
          gave_up = false;
          return work();
        } catch (const Xapian::DatabaseModifiedError&) {
          if (shards.writing() || attempt++ >= kReopensMax) throw;
        } catch (const ShardError& error) {
          if (shards.writing() || !shards.give_up(error.shard)) {
            throw_damaged_index("it is damaged: " + error.what);
          }
          gave_up = true;
          ++attempt;
        }
      }
    });
  }

  SearchAnswer search(const SearchRequest& request) const {
    if (is_filtered(request) && exact_form(request.text).empty()) {
      const Tier all{[] { return TierQuery{Xapian::Query::MatchAll}; }, "filter", 0};
      return answer_tiers(shards, {all}, request, {});
    }
    const QueryNode node = parse_query(request.text, names);
    if (!is_filtered(request) && !wants_something(node)) {
      refuse_query("至少要有一个不带 NOT 的检索词", "at least one word without NOT is needed");
    }
    std::vector<const QueryLeaf*> leaves;
    collect_wanted(node, leaves);
    const auto tiers = tiers_of(node, look_alikes, shards, request.exactly);
    SearchAnswer answer = answer_tiers(shards, tiers, request, leaves);
    answer.understood = understood(node);
    return answer;
  }

  mutable bool gave_up = false;
};

PageIndex::PageIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PageIndex::PageIndex(PageIndex&&) noexcept = default;
PageIndex& PageIndex::operator=(PageIndex&&) noexcept = default;
PageIndex::~PageIndex() = default;

PageIndex PageIndex::open_writer(const std::filesystem::path& folder) {
  return guarded([&] { return PageIndex(std::make_unique<Impl>(Shards::open_writer(folder))); });
}

PageIndex PageIndex::open_reader(const std::filesystem::path& folder) {
  return guarded([&] { return PageIndex(std::make_unique<Impl>(Shards::open_reader(folder))); });
}

void PageIndex::put(const IndexedPage& page) {
  const Xapian::docid number = document_of(page.page.number);
  const PageTerms terms = terms_of(page);
  guarded([&] {
    impl_->shards.to_write(page.shard).writer->replace_document(number, document_from(terms));
  });
  impl_->shards.add_fields(terms.fields);
  if (++impl_->pending >= kPagesPerCommitMax) commit();
}

void PageIndex::remove(PageNumber page) {
  const Xapian::docid number = document_of(page);
  guarded([&] {
    for (Shard& shard : impl_->shards.all()) {
      try {
        shard.writer->delete_document(number);
        shard.changed = true;
      } catch (const Xapian::DocNotFoundError&) {
        continue;  // gone already, which is what was wanted
      }
    }
  });
  if (++impl_->pending >= kPagesPerCommitMax) commit();
}

void PageIndex::commit(std::int64_t ledger_entries) {
  guarded([&] { impl_->shards.commit(ledger_entries); });
  impl_->know_fields();
  impl_->pending = 0;
}

void PageIndex::begin_rebuilding() { impl_->shards.set_rebuilding(true); }
void PageIndex::end_rebuilding() { impl_->shards.set_rebuilding(false); }

void PageIndex::compact() {
  commit();
  guarded([&] { impl_->shards.compact(); });
}

void PageIndex::name_fields(const std::vector<SearchFieldName>& names) {
  for (const auto& [name, field] : names) impl_->names.add(name, field);
}

void PageIndex::use_look_alikes(LookAlikes table) { impl_->look_alikes = std::move(table); }

IndexState PageIndex::state() const {
  return impl_->reading([&] {
    IndexState state;
    state.ledger_entries = impl_->shards.ledger_entries();
    state.rebuilding = impl_->shards.rebuilding();
    for (const Shard& shard : impl_->shards.all()) state.shards.push_back(shard.name);
    state.missing = impl_->shards.missing();
    return state;
  });
}

SearchAnswer PageIndex::search(const SearchRequest& request) const {
  return impl_->reading([&] { return impl_->search(request); });
}

std::uint64_t PageIndex::pages() const {
  return impl_->reading([&] {
    std::uint64_t pages = 0;
    for (const Shard& shard : impl_->shards.all()) pages += shard.database.get_doccount();
    return pages;
  });
}

std::vector<PageNumber> PageIndex::page_numbers() const {
  return impl_->reading([&] {
    std::vector<PageNumber> pages;
    for (const Shard& shard : impl_->shards.all()) {
      const Xapian::Database& database = shard.database;
      for (auto at = database.postlist_begin(""); at != database.postlist_end(""); ++at) {
        pages.push_back(*at);
      }
    }
    std::ranges::sort(pages);
    return pages;
  });
}

std::uint64_t PageIndex::fingerprint(PageNumber page) const {
  const Xapian::docid number = document_of(page);
  return impl_->reading([&] {
    for (const Shard& shard : impl_->shards.all()) {
      try {
        return fingerprint_in(shard.database.get_document(number).get_value(kRowSlot));
      } catch (const Xapian::DocNotFoundError&) {
        continue;
      }
    }
    return std::uint64_t{0};
  });
}

}  // namespace archive
