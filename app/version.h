#pragma once

namespace archive {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace archive
