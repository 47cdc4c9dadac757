#pragma once

#include <filesystem>

namespace archive {

// The source tree that the program was built from. A function of one small source and not a macro, so
// that a test compiled in one clone serves another.
std::filesystem::path source_root();

}  // namespace archive
