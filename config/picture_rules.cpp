#include "config/picture_rules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/csv_table.h"
#include "config/posts.h"

namespace archive {
namespace {

constexpr std::string_view kOutside = "contractor";

struct KindColumn {
  PictureKind kind;
  const char* column;
};
constexpr std::array kKinds = {
    KindColumn{PictureKind::known, "known"}, KindColumn{PictureKind::doubtful, "doubtful"},
    KindColumn{PictureKind::identity, "identity"}, KindColumn{PictureKind::unknown, "unknown"}};

struct Word {
  std::string_view word;
  PictureSight always, for_applicant;
};
constexpr std::array kWords = {
    Word{"whole", PictureSight::whole, PictureSight::whole},
    Word{"boxes", PictureSight::boxes, PictureSight::boxes},
    Word{"covered", PictureSight::covered, PictureSight::covered},
    Word{"purpose_boxes", PictureSight::boxes, PictureSight::whole},
    Word{"purpose_covered", PictureSight::covered, PictureSight::whole}};

}  // namespace

PictureRules PictureRules::load(const TablePath& config_folder) {
  const auto duties = config_folder / "duties";
  const Posts posts = Posts::load(config_folder);
  const CsvTable table = CsvTable::read(duties / "pictures.csv");
  PictureRules made;
  for (const CsvTable::Row& row : table.rows()) {
    const std::string& post = table.cell(row, "post");
    if (post != kOutside && posts.find(post) == nullptr) {
      table.refuse(row, "there is no post '" + post + "'");
    }
    Rule rule;
    for (const KindColumn& kind : kKinds) {
      const auto word = std::ranges::find(kWords, table.cell(row, kind.column), &Word::word);
      if (word == kWords.end()) {
        table.refuse(row, "'" + std::string(kind.column) + "' says nothing that is known");
      }
      rule.by_kind[kind.kind] = {word->always, word->for_applicant};
    }
    const std::string& reveal = table.cell(row, "reveal");
    if (reveal != "yes" && reveal != "no") table.refuse(row, "'reveal' is neither yes nor no");
    rule.reveals = reveal == "yes";
    if (!made.posts_.emplace(post, std::move(rule)).second) {
      table.refuse(row, "'" + post + "' stands twice");
    }
  }
  if (!made.posts_.contains(kOutside)) {
    throw ArchiveError(ErrorKind::settings, (duties / "pictures.csv").string(),
                       "nothing is said of outside helpers", "add a row 'contractor'");
  }
  const CsvTable papers = CsvTable::read(duties / "identity_papers.csv");
  for (const CsvTable::Row& row : papers.rows()) {
    made.identity_.insert(papers.cell(row, "doc_type"));
  }
  return made;
}

PictureSight PictureRules::sight(const std::vector<std::string>& posts, bool outside,
                                 PictureKind kind, bool for_applicant) const {
  const auto seen_by = [&](std::string_view post) {
    const auto found = posts_.find(post);
    if (found == posts_.end()) return PictureSight::covered;
    const Seen& seen = found->second.by_kind.at(kind);
    return for_applicant ? seen.for_applicant : seen.always;
  };
  PictureSight most = PictureSight::covered;
  for (const std::string& post : posts) most = std::max(most, seen_by(post));
  return outside ? std::min(most, seen_by(kOutside)) : most;
}

bool PictureRules::reveals(const std::vector<std::string>& posts, bool outside) const {
  const auto may = [this](std::string_view post) {
    const auto found = posts_.find(post);
    return found != posts_.end() && found->second.reveals;
  };
  return std::ranges::any_of(posts, may) && (!outside || may(kOutside));
}

}  // namespace archive
