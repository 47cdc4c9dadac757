#include "index/xapian_phrase.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace archive {
namespace {

/// Xapian has it look into the rows of the pages that have the phrases' terms.
class StandingPhrases : public Xapian::PostingSource {
 public:
  explicit StandingPhrases(std::vector<RowPhrase> phrases) : phrases_(std::move(phrases)) {}

  Xapian::doccount get_termfreq_min() const override { return 0; }
  // As many as there can be: then Xapian asks every term before it.
  Xapian::doccount get_termfreq_est() const override { return pages_; }
  Xapian::doccount get_termfreq_max() const override { return pages_; }

  void init(const Xapian::Database& database) override {
    database_ = database;
    pages_ = database.get_doccount();
    begun_ = ended_ = stands_ = false;
    at_ = 0;
  }

  void next(double) override { seek(at_ + 1); }
  void skip_to(Xapian::docid wanted, double) override {
    if (wanted > at_ || !stands_) seek(wanted);
  }
  bool check(Xapian::docid wanted, double) override {
    if (wanted > at_) {
      stands_ = has_row_from(wanted) && rows_.get_docid() == wanted && stands_here();
      at_ = wanted;
    }
    return stands_;
  }

  bool at_end() const override { return ended_; }
  Xapian::docid get_docid() const override { return at_; }

  // The same query may be asked twice in one.
  PostingSource* clone() const override { return new StandingPhrases(phrases_); }
  std::string name() const override { return "phrase"; }
  std::string serialise() const override {
    std::string keys;
    for (const RowPhrase& phrase : phrases_) keys += phrase.key() + '\n';
    return keys;
  }
  std::string get_description() const override { return name(); }

 private:
  bool has_row_from(Xapian::docid wanted) {
    if (!begun_) rows_ = database_.valuestream_begin(kRowSlot);
    begun_ = true;
    const Xapian::ValueIterator end;
    if (rows_ != end) rows_.skip_to(wanted);
    return rows_ != end;
  }

  bool stands_here() const {
    const std::string value = *rows_;
    if (value.size() < kFingerprintBytes) return false;
    const std::string_view row = std::string_view(value).substr(kFingerprintBytes);
    return std::ranges::any_of(phrases_, [row](const auto& one) { return one.stands_in(row); });
  }

  void seek(Xapian::docid wanted) {
    for (stands_ = false; !stands_ && has_row_from(wanted); wanted = at_ + 1) {
      at_ = rows_.get_docid();
      stands_ = stands_here();
    }
    ended_ = !stands_;
  }

  std::vector<RowPhrase> phrases_;
  Xapian::Database database_;
  Xapian::doccount pages_ = 0;
  Xapian::ValueIterator rows_;
  bool begun_ = false;
  bool ended_ = false;
  bool stands_ = false;  // at this page
  Xapian::docid at_ = 0;
};

}  // namespace

Xapian::Query standing(std::vector<RowPhrase> phrases) {
  auto* source = new StandingPhrases(std::move(phrases));
  return Xapian::Query(source->release());
}

}  // namespace archive
