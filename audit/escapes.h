#pragma once

#include <string>
#include <string_view>

namespace archive::audit {

/// Adds a text with the escapes of docs/STORE_FORMAT.md, "Layout".
void add_escaped(std::string& out, std::string_view text);

}  // namespace archive::audit
