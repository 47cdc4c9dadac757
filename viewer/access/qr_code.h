#pragma once

#include <string>
#include <vector>

namespace archive {

/// A QR code (ISO/IEC 18004, error correction M) as rows of '0' and '1', without a margin.
std::vector<std::string> qr_code(const std::string& text);

}  // namespace archive
