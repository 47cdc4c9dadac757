#include "ocr/text/tesseract_engine.h"

#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/utf8.h"
#include "ocr/text/file_hash.h"
#include "ocr/text/strip.h"

namespace archive {
namespace {

constexpr const char* kLanguages = "chi_sim+eng";
constexpr int kLineHeight = 44;  // pixels; Tesseract reads lines of 40 to 48 best
constexpr int kBorder = 16;      // white around a line: tight crops are misread
constexpr double kLoose = 0.12;  // of the line's height, added above and below

// Tesseract would start OpenMP threads of its own beside ours; two of them cost twice the CPU
// for a ninth of the time. It states their number itself, so that only allowing no level of
// parallel work helps. The runtime is there only when Tesseract was built with it, and we are
// not linked with it: a weak symbol would stay empty. What is set holds for this thread.
void keep_to_this_thread() {
  using SetLevels = void (*)(int);
  if (void* found = ::dlsym(RTLD_DEFAULT, "omp_set_max_active_levels")) {
    reinterpret_cast<SetLevels>(found)(0);
  }
}

struct FreePix {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixHandle = std::unique_ptr<Pix, FreePix>;

PixHandle white_page(int width, int height) {
  PixHandle pix(pixCreate(width, height, 8));
  if (!pix) throw std::bad_alloc();
  pixSetAll(pix.get());
  return pix;
}

PixHandle pix_of(const Pixels& grey) {
  PixHandle pix = white_page(grey.width, grey.height);
  for (int y = 0; y < grey.height; ++y) {
    l_uint32* row = pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
    for (int x = 0; x < grey.width; ++x) SET_DATA_BYTE(row, x, grey.row(y)[x]);
  }
  return pix;
}

/// The line with its neighbourhood, level, in white.
PixHandle line_pix(const Pixels& grey, const Quad& quad) {
  const double height = std::max(1.0, quad.height());
  Quad loose = quad;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& own = quad.corners[i];
    const Point& across = quad.corners[3 - i];
    loose.corners[i] = {own.x + (own.x - across.x) * kLoose, own.y + (own.y - across.y) * kLoose};
  }
  const int width =
      std::clamp(static_cast<int>(std::lround(quad.width() / height * kLineHeight)), 8, 4000);
  const Strip strip = cut_strip(grey, loose, width, kLineHeight);
  PixHandle pix = white_page(strip.width + 2 * kBorder, strip.height + 2 * kBorder);
  for (int y = 0; y < strip.height; ++y) {
    l_uint32* row =
        pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y + kBorder) * pixGetWpl(pix.get());
    for (int x = 0; x < strip.width; ++x) {
      const float value = strip.planes[static_cast<std::size_t>(y * strip.width + x)];
      SET_DATA_BYTE(row, x + kBorder, static_cast<l_uint8>((value + 1) * 127.5F));
    }
  }
  return pix;
}

class TesseractEngine : public ReadingEngine {
 public:
  TesseractEngine() {
    keep_to_this_thread();
    if (api_.Init(nullptr, kLanguages, tesseract::OEM_LSTM_ONLY) != 0) {
      throw ArchiveError(ErrorKind::model_missing, "Tesseract",
                         std::string("its language data are not installed: ") + kLanguages,
                         "./install.sh, or apt-get install tesseract-ocr-chi-sim "
                         "tesseract-ocr-eng");
    }
    api_.SetVariable("debug_file", "/dev/null");
  }

  const std::string& name() const override { return name_; }

  std::vector<TextPatch> find(const Pixels& grey) override {
    const PixHandle pix = pix_of(grey);
    api_.SetPageSegMode(tesseract::PSM_AUTO);
    api_.SetImage(pix.get());
    std::vector<TextPatch> patches;
    if (const std::unique_ptr<tesseract::PageIterator> lines{api_.AnalyseLayout()}) {
      do {
        int left = 0;
        int top = 0;
        int right = 0;
        int bottom = 0;
        if (!lines->BoundingBox(tesseract::RIL_TEXTLINE, &left, &top, &right, &bottom)) continue;
        const Quad quad = Quad::of({static_cast<double>(left), static_cast<double>(top),
                                    static_cast<double>(right), static_cast<double>(bottom)});
        patches.push_back({{quad.corners.begin(), quad.corners.end()}, 1, 1});
      } while (lines->Next(tesseract::RIL_TEXTLINE));
    }
    api_.Clear();
    return patches;
  }

  double upside_down(const Pixels& grey, const Quad& quad) override {
    Quad turned = quad;
    std::ranges::rotate(turned.corners, turned.corners.begin() + 2);
    const double as_it_is = read(grey, quad).confidence;
    const double the_other_way = read(grey, turned).confidence;
    const double sum = as_it_is + the_other_way;
    return sum > 0 ? the_other_way / sum : 0.5;
  }

  LineReading read(const Pixels& grey, const Quad& quad) override {
    const PixHandle pix = line_pix(grey, quad);
    api_.SetPageSegMode(tesseract::PSM_SINGLE_LINE);
    api_.SetImage(pix.get());
    LineReading reading;
    if (api_.Recognize(nullptr) == 0) collect(pixGetWidth(pix.get()), reading);
    api_.Clear();
    for (const TextChar& c : reading.chars) reading.confidence += c.confidence;
    if (!reading.chars.empty()) reading.confidence /= static_cast<double>(reading.chars.size());
    return reading;
  }

 private:
  void collect(int width, LineReading& reading) {
    const std::unique_ptr<tesseract::ResultIterator> symbols(api_.GetIterator());
    if (!symbols) return;
    do {
      const std::unique_ptr<char[]> text(symbols->GetUTF8Text(tesseract::RIL_SYMBOL));
      int left = 0;
      int top = 0;
      int right = 0;
      int bottom = 0;
      if (!text || !symbols->BoundingBox(tesseract::RIL_SYMBOL, &left, &top, &right, &bottom)) {
        continue;
      }
      const double position = ((left + right) / 2.0 - kBorder) / std::max(1, width - 2 * kBorder);
      const double confidence =
          static_cast<double>(symbols->Confidence(tesseract::RIL_SYMBOL)) / 100;
      for (const std::string& c : characters(text.get())) {
        reading.chars.push_back(
            {c, std::clamp(position, 0.0, 1.0), std::clamp(confidence, 0.0, 1.0)});
      }
    } while (symbols->Next(tesseract::RIL_SYMBOL));
  }

  tesseract::TessBaseAPI api_;
  std::string name_ = "tesseract";
};

}  // namespace

std::unique_ptr<ReadingEngine> make_tesseract_engine() {
  return std::make_unique<TesseractEngine>();
}

EngineId tesseract_id() {
  tesseract::TessBaseAPI api;
  EngineId id{"tesseract", tesseract::TessBaseAPI::Version(), {}};
  // Where its data lie is all that is asked: loading them takes ten times as long.
  const std::vector<std::string> names{"tessedit_init_config_only"};
  const std::vector<std::string> values{"1"};
  if (api.Init(nullptr, kLanguages, tesseract::OEM_LSTM_ONLY, nullptr, 0, &names, &values, false) !=
      0) {
    return id;
  }
  const std::filesystem::path folder = api.GetDatapath();
  for (const char* language : {"chi_sim", "eng"}) {
    id.model_hashes.push_back(sha256_of(folder / (std::string(language) + ".traineddata")));
  }
  return id;
}

}  // namespace archive
