#include "ocr/text/tesseract_engine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "tests/ocr/drawing.h"

namespace archive {
namespace {

std::ptrdiff_t threads_here() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

// Pages are worked on beside each other; a page that takes more than one thread takes it from
// another page.
TEST(TesseractEngine, ReadsOnTheThreadOfItsCallerAlone) {
  Pixels page = white_sheet(800, 120);
  for (int i = 0; i < 12; ++i) frame(page, 60 + 50 * i, 40, 30, 5);
  const auto before = threads_here();
  const auto engine = make_tesseract_engine();
  engine->read(page, Quad::of({40, 20, 700, 90}));
  EXPECT_EQ(threads_here(), before);
}

}  // namespace
}  // namespace archive
