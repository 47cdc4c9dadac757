#include "ocr/page/skew.h"

namespace archive {

double measure_skew(const Pixels&, const std::vector<TextPatch>&, int, double slant_degrees) {
  return slant_degrees;
}

}  // namespace archive
