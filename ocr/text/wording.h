#pragma once

#include "ocr/text/engine.h"

namespace archive {

/// Settles what the shape of a character alone cannot: signs that look alike are told
/// apart by their neighbours (乙 and z, 甲 and 申, the comma and the point of an amount),
/// and strokes of fill-in lines are no text. Characters with a meaning of their own, the
/// digits above all, stay as they were read.
void settle_wording(LineReading& reading);

}  // namespace archive
