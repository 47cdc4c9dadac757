#pragma once

#include <string>
#include <vector>

class PDFDoc;  // Poppler's

namespace archive {

/// What a PDF would do by itself, and whether it is encrypted though it opens without a password,
/// as warnings about the file: "active: JavaScript", "active: launch", "encrypted: ...". Looks at
/// every object of the file without running, following or decoding anything; of a file with more
/// than 200,000 objects at the first so many, and then says so ("partly searched: ...").
std::vector<std::string> look_for_actions(PDFDoc& document);

}  // namespace archive
