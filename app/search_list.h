#pragma once

#include "app/commands.h"
#include "viewer/reading_room.h"

namespace archive {

/// Answers a list: the first column of a CSV file, with or without a header of ours. One row a
/// question: how many pages answer exactly, how many alike, and which. Each is asked as a phrase,
/// so that nothing in a list is an operator. Returns the pages of all together.
std::size_t answer_list(ReadingRoom& room, const SearchOptions& options, const Console& say);

}  // namespace archive
