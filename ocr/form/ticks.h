#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/pixels.h"
#include "ocr/form/sheet.h"

namespace archive::form {

/// One option beside a box, where it stands on the page.
struct Option {
  std::u32string text;
  std::vector<Sign> signs;
  double ink = 0;  ///< darkness of its box, 0..1
};

struct Ticked {
  std::vector<Option> options;
  int chosen = -1;
  double confidence = 0;
};

/// Which of several options is ticked: □合同制 □灵活就业. The box before the chosen one
/// holds more ink than the others, whatever the recogniser made of it. Nothing when
/// fewer than two of the options stand in the text. `em`: usual width of a hanzi on the
/// page, for a tick makes its line look larger.
std::optional<Ticked> ticked(const std::vector<Sign>& signs,
                             const std::vector<std::string>& options, const Pixels& pixels,
                             double em);

}  // namespace archive::form
