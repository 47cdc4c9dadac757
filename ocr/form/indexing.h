#pragma once

#include <cstddef>

namespace archive::form {

/// A row, column or line, which counts from zero and is never negative, as the place in a vector.
inline std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace archive::form
