#pragma once

#include "core/page.h"
#include "core/pixels.h"

namespace archive {

/// The plane that text is read on: of a colour page the red channel, in which the red
/// ink of seals almost vanishes while black and blue ink stay dark; a grey page itself.
Pixels reading_plane(const Pixels& page);

/// From the plane of a bilevel page the specks are taken, which would be read as full stops.
Pixels without_specks(Pixels plane, const PageImage& page);

}  // namespace archive
