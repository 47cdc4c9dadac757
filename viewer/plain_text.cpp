#include "viewer/plain_text.h"

#include "core/running_text.h"

namespace archive {

std::string plain_text_of(const PageLayout& page) {
  std::string text;
  for (const TextLine& line : page.lines) {
    const std::string words = text_of(running_text(line));
    if (!words.empty()) text += words + "\n";
  }
  return text;
}

}  // namespace archive
