#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/layout.h"
#include "core/records.h"

namespace archive {

/// A field that another reading sees otherwise. The values are personal data: they are for the
/// eyes of who asked, not for logs.
struct FieldDifference {
  enum class Kind { added, gone, changed };
  std::string field;
  int row = -1;
  Kind kind = Kind::changed;
  std::string before;
  std::string after;
};

/// What reading a page again changed, or would change.
struct ReadingDifference {
  PageNumber page = 0;
  bool filed_now = false;        ///< was set aside, can be read now
  bool still_set_aside = false;  ///< was and is
  bool kept_unreadable = false;  ///< was filed and cannot be read now: its record stays
  std::string type_before;       ///< both empty when the type is the same
  std::string type_after;
  bool turned = false;  ///< lies another way than was thought
  std::vector<FieldDifference> fields;
  int decisions_kept = 0;               ///< of persons: nothing of them is changed
  std::size_t characters = 0;           ///< of the text as it was
  std::size_t characters_changed = 0;   ///< edits from one text to the other
  bool changed_at_least = false;        ///< there are more than were counted
  std::vector<std::string> lines_gone;  ///< personal data as well
  std::vector<std::string> lines_new;

  bool type_changed() const { return type_before != type_after; }
  bool text_changed() const { return characters_changed > 0; }
  bool anything() const {
    return filed_now || kept_unreadable || type_changed() || turned || !fields.empty() ||
           text_changed();
  }
};

/// `after` is the record as it will stand, with what persons decided.
ReadingDifference difference_between(const PageRecord& before, const PageLayout& text_before,
                                     const PageRecord& after, const PageLayout& text_after);

/// The edits (insert, remove, replace a character) between two texts, or `limit` when there are
/// as many or more. Time and memory grow with the length times the number of edits.
std::size_t edits_between(const std::u32string& a, const std::u32string& b, std::size_t limit);

}  // namespace archive
