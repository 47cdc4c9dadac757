#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/page.h"

namespace archive {

/// The lines of a born-digital page from its own text layer, in pixels of the clean page;
/// nothing when the layer is not to be believed: `read` reads a few of the regions, and
/// the layer must say the same there. `silent` gets the regions where the layer has no
/// word; they are to be read as pictures.
std::optional<std::vector<TextLine>> lines_of_text_layer(
    const CleanPage& page, const std::function<std::string(const TextRegion&)>& read,
    std::vector<TextRegion>& silent);

}  // namespace archive
