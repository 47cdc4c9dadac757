#include "index/xapian_search.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "index/terms.h"

// Pages of a tier come in page order, or by how many of the query's terms they have. Neither
// depends on what else is in a shard, so the shards' answers are simply merged, and an index in
// many parts answers as one in a single part does.

namespace archive {
namespace {

using Query = Xapian::Query;

constexpr std::size_t kHitsPerAnswerMax = 1'000;
constexpr std::size_t kFew = 10;  // a screen of hits; with fewer, similar ones are shown as well
constexpr std::size_t kFacetPagesMax = 500;
constexpr std::size_t kFacetValuesMax = 50;

/// The pages of a range, or of a list; Xapian asks it beside a query.
class ChosenPages : public Xapian::PostingSource {
 public:
  ChosenPages(PageNumber first, PageNumber last, const std::vector<PageNumber>* list)
      : first_(first), last_(last), list_(list) {}

  Xapian::doccount get_termfreq_min() const override { return 0; }
  // Xapian walks along the rarer side: of a range, the other one.
  Xapian::doccount get_termfreq_est() const override { return std::min(pages_, most()); }
  Xapian::doccount get_termfreq_max() const override { return pages_; }
  void init(const Xapian::Database& database) override {
    pages_ = database.get_doccount();
    database_ = database;
    at_ = 0;
  }
  void next(double) override { skip_to(static_cast<Xapian::docid>(at_ + 1), 0); }
  void skip_to(Xapian::docid wanted, double) override {
    const PageNumber from = std::max<PageNumber>({at_, wanted, first_});
    if (list_ == nullptr) {
      at_ = from;
      return;
    }
    const auto next = std::ranges::lower_bound(*list_, from);
    at_ = next == list_->end() ? last_ + 1 : *next;
  }
  bool at_end() const override { return at_ > last_; }
  Xapian::docid get_docid() const override { return static_cast<Xapian::docid>(at_); }
  std::string get_description() const override { return "chosen pages"; }

 private:
  Xapian::doccount most() const {
    return list_ == nullptr ? pages_ : static_cast<Xapian::doccount>(list_->size());
  }

  PageNumber first_;
  PageNumber last_;
  const std::vector<PageNumber>* list_;
  Xapian::Database database_;
  Xapian::doccount pages_ = 0;
  PageNumber at_ = 0;
};

struct Found {
  PageNumber page = 0;
  double weight = 0;
  std::size_t shard = 0;
};

struct Counted {
  std::vector<Found> found;
  std::size_t least = 0;  ///< pages there are for certain
  std::size_t estimate = 0;
  bool exact = true;
};

class Answering {
 public:
  Answering(const Shards& shards, const SearchRequest& request,
            const std::vector<const QueryLeaf*>& leaves)
      : shards_(shards), request_(request), leaves_(leaves) {
    if (request.filters.pages) {
      pages_ = *request.filters.pages;
      std::ranges::sort(pages_);
    }
    if (!request.after.empty()) {
      cursor_ = Cursor::parse(request.after);
      if (!cursor_) refuse_query("“后续”标记不对", "the mark to go on from is not one of ours");
    }
    newest_ = cursor_ ? cursor_->newest : newest_page();
    filter_ = filter_query(request.filters);
    wanted_ = std::min(request.limit, kHitsPerAnswerMax);
    skip_ = cursor_ ? 0 : request.offset;
  }

  SearchAnswer answer(const std::vector<Tier>& tiers) {
    for (std::size_t i = 0; i < tiers.size(); ++i) {
      const Tier& tier = tiers[i];
      if (!is_due(tier.when)) continue;
      const TierQuery asked = tier.make();
      if (asked.query.empty()) continue;
      const Query& covers = asked.covers.empty() ? asked.query : asked.covers;
      if (!asked_.insert(covers.serialise()).second) continue;
      take(tier, asked, i);
      (asked.apart ? apart_ : mode_) = asked.apart ? Query(apart_ | covers) : covers;
      earlier_ = mode_ | apart_;
      if (tier.when == Tier::When::always) strict_ = earlier_;
    }
    if (more_ && !answer_.hits.empty()) answer_.next = last_.text();
    if (!request_.facets.empty()) count_facets();
    answer_.missing = shards_.missing();
    answer_.complete = answer_.missing.empty() && !shards_.rebuilding();
    return std::move(answer_);
  }

 private:
  bool is_due(Tier::When when) const {
    if (when == Tier::When::few) return strict_pages_ < kFew;
    return when == Tier::When::always || pages_found_ == 0;
  }

  PageNumber newest_page() const {
    PageNumber newest = 0;
    for (const Shard& shard : shards_.all()) {
      newest = asking(shard, [&] {
        return std::max<PageNumber>(newest, shard.database.get_lastdocid());
      });
    }
    return newest;
  }

  std::size_t room() const { return wanted_ - answer_.hits.size(); }

  /// Asks one tier: hits as far as there is room, and how many pages it has.
  void take(const Tier& tier, const TierQuery& asked, std::size_t number) {
    const bool behind = cursor_ && number < cursor_->tier;
    const bool here = cursor_ && number == cursor_->tier;
    const bool ranked = asked.terms_min > 0;
    const std::size_t skip = here && ranked ? cursor_->ranked : skip_;
    const PageNumber first = here && !ranked ? cursor_->page + 1 : 1;
    const std::size_t need = behind ? 0 : room();
    const Counted counted = ask(asked, first, skip, need);

    std::size_t given = 0;
    for (std::size_t i = skip; i < counted.found.size() && given < need; ++i, ++given) {
      add_hit(tier, counted.found[i]);
    }
    if (need > 0) {
      more_ = counted.found.size() > skip + given;
      skip_ = given > 0 ? 0 : skip - std::min(skip, counted.found.size());
    } else if (!behind) {
      // An estimate of no page is no count: there may be some.
      more_ = more_ || counted.least > 0 || !counted.exact;
    }
    if (given > 0) last_ = {number, answer_.hits.back().page, ranked ? skip + given : 0, newest_};

    // What is asked next depends on all pages of this tier, those given before as well.
    const std::size_t pages = here ? ask(asked, 1, 0, 0).least : counted.least;
    answer_.estimated_total += counted.estimate;
    answer_.total_exact = answer_.total_exact && counted.exact && !cursor_;
    pages_found_ += pages;
    if (tier.when == Tier::When::always) strict_pages_ += pages;
  }

  // A writer that overtakes this answer may let a page be seen twice: in two shards between their
  // commits, or in blocks that it reuses.
  void add_hit(const Tier& tier, const Found& found) {
    if (!given_.insert(found.page).second) return;
    SearchHit hit;
    hit.page = found.page;
    hit.score = tier.score + found.weight / (found.weight + 10);
    hit.reason = tier.reason;
    if (tier.reason == "field") {
      reading(found.shard, [&] { hit.reason = reason_of(tier, found); });
    }
    answer_.hits.push_back(std::move(hit));
  }

  Query restricted(const Query& query, PageNumber first) const {
    return filtered(earlier_.empty() ? query : Query(Query::OP_AND_NOT, query, earlier_), first);
  }

  /// By the filters, and of a search that goes on to the pages there were at its beginning.
  Query filtered(const Query& query, PageNumber first) const {
    Query all = filter_.empty() ? query : Query(Query::OP_FILTER, query, filter_);
    const bool chosen = request_.filters.pages.has_value();
    if (chosen || first > 1 || cursor_) {
      auto* pages = new ChosenPages(first, newest_, chosen ? &pages_ : nullptr);
      all = Query(Query::OP_FILTER, all, Query(pages->release()));
    }
    return all;
  }

  /// The first skip + need pages of all shards together, in order, and one more if there is one.
  Counted ask(const TierQuery& tier, PageNumber first, std::size_t skip, std::size_t need) const {
    Counted counted;
    const Query query = restricted(tier.query, first);
    for (std::size_t i = 0; i < shards_.all().size(); ++i) {
      ask_shard(tier, query, i, need == 0 ? 0 : skip + need + 1, counted);
    }
    std::ranges::sort(counted.found, [](const Found& a, const Found& b) {
      return a.weight != b.weight ? a.weight > b.weight : a.page < b.page;
    });
    return counted;
  }

  void ask_shard(const TierQuery& tier, const Query& query, std::size_t number, std::size_t most,
                 Counted& counted) const {
    reading(number, [&] { ask_database(tier, query, number, most, counted); });
  }

  template <class Work>
  void reading(std::size_t number, Work work) const {
    asking(shards_.all()[number], work);
  }

  void ask_database(const TierQuery& tier, const Query& query, std::size_t number, std::size_t most,
                    Counted& counted) const {
    Xapian::Enquire enquire(shards_.all()[number].database);
    enquire.set_query(query);
    enquire.set_docid_order(Xapian::Enquire::ASCENDING);
    if (tier.terms_min > 0) {
      enquire.set_weighting_scheme(Xapian::CoordWeight());
      enquire.set_cutoff(0, tier.terms_min);
    } else {
      enquire.set_weighting_scheme(Xapian::BoolWeight());
    }
    // Once a screen is full nothing depends on how many more there are: Xapian's estimate will do.
    const bool settled = most == 0 && strict_pages_ >= kFew;
    const auto check = static_cast<Xapian::doccount>(settled ? 0 : std::max(most, kFew));
    const Xapian::MSet found = enquire.get_mset(0, static_cast<Xapian::doccount>(most), check);
    for (auto hit = found.begin(); hit != found.end(); ++hit) {
      counted.found.push_back({*hit, hit.get_weight(), number});
    }
    counted.least += found.get_matches_lower_bound();
    counted.estimate += found.get_matches_estimated();
    const bool exact = found.get_matches_lower_bound() == found.get_matches_upper_bound();
    counted.exact = counted.exact && exact;
  }

  /// "field:id_number": the field whose exact value a leaf was.
  std::string reason_of(const Tier& tier, const Found& found) const {
    const Xapian::Database& database = shards_.all()[found.shard].database;
    const auto page = static_cast<Xapian::docid>(found.page);
    Xapian::TermIterator at = database.termlist_begin(page);
    at.skip_to(std::string(prefix::kFieldExact));
    for (; at != database.termlist_end(page) && (*at).starts_with(prefix::kFieldExact); ++at) {
      const std::string one = *at;
      const std::string field = one.substr(1, one.find(':') - 1);
      for (const QueryLeaf* leaf : leaves_) {
        const std::vector<std::string> named = leaf->named_by();
        const bool same = named.empty() || std::ranges::find(named, field) != named.end();
        if (same && one == term(field_prefix(prefix::kFieldExact, field), leaf->exact)) {
          return "field:" + (field.starts_with('=') ? field.substr(1) : field);
        }
      }
    }
    return tier.reason;
  }

  // -- Facets ----------------------------------------------------------------

  /// The first pages that answer, similar ones left out unless there is nothing else.
  std::vector<Found> pages_to_count() const {
    const TierQuery tier{strict_pages_ > 0 || pages_found_ == 0 ? strict_ : earlier_};
    std::vector<Found> found;
    if (tier.query.empty()) return found;
    const Query query = filtered(tier.query, 1);
    Counted counted;
    for (std::size_t i = 0; i < shards_.all().size(); ++i) {
      ask_shard(tier, query, i, kFacetPagesMax, counted);
    }
    std::ranges::sort(counted.found, {}, &Found::page);
    if (counted.found.size() > kFacetPagesMax) counted.found.resize(kFacetPagesMax);
    return std::move(counted.found);
  }

  void count_facets() {
    const std::vector<Found> pages = pages_to_count();
    answer_.facets_of = pages.size();
    for (const std::string& name : request_.facets) {
      const auto known = std::ranges::find(facet_names(), name);
      if (known == facet_names().end()) {
        refuse_query("不能按 " + name + " 统计", "hits cannot be counted by " + name);
      }
      const auto slot = static_cast<Xapian::valueno>(known - facet_names().begin());
      answer_.facets.push_back(counted_by(name, slot, pages));
    }
  }

  Facet counted_by(const std::string& name, Xapian::valueno slot,
                   const std::vector<Found>& pages) const {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < shards_.all().size(); ++i) {
      reading(i, [&] { count_in(i, slot, pages, counts); });
    }
    Facet facet{name, {}};
    for (const auto& [value, count] : counts) facet.counts.push_back({value, count});
    std::ranges::stable_sort(facet.counts, std::greater<>(), &FacetCount::pages);
    if (facet.counts.size() > kFacetValuesMax) facet.counts.resize(kFacetValuesMax);
    return facet;
  }

  void count_in(std::size_t shard, Xapian::valueno slot, const std::vector<Found>& pages,
                std::map<std::string, std::size_t>& counts) const {
    const Xapian::Database& database = shards_.all()[shard].database;
    const Xapian::ValueIterator end = database.valuestream_end(slot);
    Xapian::ValueIterator value = database.valuestream_begin(slot);
    for (const Found& page : pages) {
      if (page.shard != shard) continue;
      if (value != end) value.skip_to(static_cast<Xapian::docid>(page.page));
      if (value == end) return;
      if (value.get_docid() == page.page) ++counts[*value];
    }
  }

  const Shards& shards_;
  const SearchRequest& request_;
  const std::vector<const QueryLeaf*>& leaves_;
  std::vector<PageNumber> pages_;
  std::optional<Cursor> cursor_;
  PageNumber newest_ = 0;
  Query filter_;
  std::size_t wanted_ = 0;
  std::size_t skip_ = 0;

  std::set<PageNumber> given_;
  SearchAnswer answer_;
  Query mode_;     // the last one asked: it finds all that those before it did
  Query apart_;    // tiers that are no modes
  Query earlier_;  // both
  Query strict_;   // as it was after the last tier that is always asked
  std::set<std::string> asked_;
  std::size_t strict_pages_ = 0;  // at least so many, of tiers that are always asked
  std::size_t pages_found_ = 0;
  Cursor last_;
  bool more_ = false;
};

template <class Number>
bool take_number(const char*& at, const char* end, Number& number) {
  const auto [after, error] = std::from_chars(at, end, number);
  if (error != std::errc()) return false;
  at = after;
  if (at != end && *at == '.') ++at;
  return true;
}

}  // namespace

std::string Cursor::text() const {
  return std::to_string(tier) + "." + std::to_string(page) + "." + std::to_string(ranked) + "." +
         std::to_string(newest);
}

std::optional<Cursor> Cursor::parse(const std::string& text) {
  Cursor cursor;
  const char* at = text.data();
  const char* end = at + text.size();
  const bool whole = take_number(at, end, cursor.tier) && take_number(at, end, cursor.page) &&
                     take_number(at, end, cursor.ranked) && take_number(at, end, cursor.newest);
  constexpr PageNumber kPageMax = std::numeric_limits<Xapian::docid>::max() - 1;
  const auto fits = [](PageNumber page) { return page >= 0 && page <= kPageMax; };
  if (!whole || at != end || !fits(cursor.page) || !fits(cursor.newest)) return std::nullopt;
  if (cursor.ranked > 1'000'000) return std::nullopt;
  return cursor;
}

SearchAnswer answer_tiers(const Shards& shards, const std::vector<Tier>& tiers,
                          const SearchRequest& request,
                          const std::vector<const QueryLeaf*>& leaves) {
  return Answering(shards, request, leaves).answer(tiers);
}

}  // namespace archive
