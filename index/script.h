#pragma once

#include <string>
#include <string_view>

namespace archive {

/// Each character alone in its simplified form (簡 -> 简); what has none stays.
/// Without regard to its neighbours on purpose: the same character must fold the same
/// way in a page and in a query that quotes half a word of it.
///
/// Any thread. Throws ArchiveError{index} when OpenCC's tables are not installed.
std::u32string simplified_each(std::u32string_view characters);

}  // namespace archive
