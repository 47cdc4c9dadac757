#include "tests/source_root.h"

namespace archive {

std::filesystem::path source_root() { return SOURCE_ROOT; }

}  // namespace archive
