#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/table_path.h"

namespace archive {

/// What there is to protect in the picture of a page.
enum class PictureKind {
  known,     ///< its type is known, and nobody is asked to look at it
  doubtful,  ///< its type is known, and somebody should look
  identity,  ///< it bears what identifies a person for good
  unknown,   ///< of no known type, unread, or set aside
};

/// How much of it somebody sees; the later the more.
enum class PictureSight {
  covered,  ///< nothing but its size
  boxes,    ///< labels and values that are known and not protected
  whole,
};

/// Which pictures a post sees (R27; config/duties/pictures.csv, identity_papers.csv). Immutable
/// after loading.
class PictureRules {
 public:
  /// Throws ArchiveError{settings} with file and line.
  static PictureRules load(const TablePath& config_folder);

  bool identifies(std::string_view doc_type) const { return identity_.contains(doc_type); }
  /// What somebody with these posts sees without giving a reason. `for_applicant`: the page is of
  /// the person for whom a purpose is recorded. An outside helper sees no more than "contractor".
  PictureSight sight(const std::vector<std::string>& posts, bool outside, PictureKind kind,
                     bool for_applicant) const;
  /// Whether a reason shows them the whole picture.
  bool reveals(const std::vector<std::string>& posts, bool outside) const;

 private:
  struct Seen {
    PictureSight always = PictureSight::covered;
    PictureSight for_applicant = PictureSight::covered;
  };
  struct Rule {
    std::map<PictureKind, Seen> by_kind;
    bool reveals = false;
  };
  std::map<std::string, Rule, std::less<>> posts_;
  std::set<std::string, std::less<>> identity_;
};

}  // namespace archive
