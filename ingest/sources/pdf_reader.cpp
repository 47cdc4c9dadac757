// PDF files. This, pdf_content.cpp and pdf_actions.cpp are the only files that include Poppler.

#include <Error.h>
#include <ErrorCodes.h>
#include <GlobalParams.h>
#include <PDFDoc.h>
#include <Page.h>
#include <SplashOutputDev.h>
#include <Stream.h>
#include <TextOutputDev.h>
#include <fontconfig/fontconfig.h>
#include <splash/SplashBitmap.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "core/utf8.h"
#include "ingest/sources/complaints.h"
#include "ingest/sources/pdf_actions.h"
#include "ingest/sources/pdf_content.h"
#include "ingest/sources/raster.h"
#include "ingest/sources/source_reader.h"

namespace archive {
namespace {

constexpr double kPointsPerInch = 72;
constexpr double kScanDpiMin = 150;  // a page of images is drawn at their own resolution,
constexpr double kScanDpiMax = 600;  // within reason
constexpr double kDpiMin = 36;       // coarser, nothing can be read
constexpr int kWordsMax = 20'000;    // a page
constexpr int kWordLengthMax = 2'000;
constexpr int kInvisible = 3;             // text rendering mode
constexpr double kStrikeSlack = 0.3;      // of the height of a letter
constexpr std::size_t kStrikesApart = 8;  // words

// Poppler's callback carries no user data, and one child decodes one file at a time.
Complaints* listener = nullptr;

void hear(ErrorCategory, Goffset, const char* message) {
  if (listener != nullptr) listener->add(message);
}

// The words a reader of the page can see. Invisible ones are somebody else's recognition.
class VisibleText : public TextOutputDev {
 public:
  VisibleText() : TextOutputDev(nullptr, false, 0, false, false) {}
  void drawChar(GfxState* state, double x, double y, double dx, double dy, double origin_x,
                double origin_y, CharCode code, int bytes, const Unicode* unicode,
                int length) override {
    if ((state->getRender() & 3) == kInvisible) return;
    TextOutputDev::drawChar(state, x, y, dx, dy, origin_x, origin_y, code, bytes, unicode, length);
  }
};

Quad quad_of(const TextWord& word) {
  double left = 0, top = 0, right = 0, bottom = 0;
  word.getBBox(&left, &top, &right, &bottom);
  const Point corners[4] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
  // getRotation() counts quarter turns clockwise, and so do the corners.
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) {
    quad.corners[i] = corners[(i + static_cast<std::size_t>(word.getRotation())) % 4];
  }
  return quad;
}

LayerWord layer_word(const TextWord& word) {
  std::u32string text;
  for (int i = 0; i < std::min(word.getLength(), kWordLengthMax); ++i) {
    text += static_cast<char32_t>(*word.getChar(i));
  }
  return {utf8(text), quad_of(word)};
}

// Whether `word` is a part of `whole`, printed there once more. Striking letters several times
// in nearly the same place makes them bold.
bool struck_again(const LayerWord& word, const LayerWord& whole) {
  if (whole.text.find(word.text) == std::string::npos) return false;
  const Box in = word.quad.bounds();
  const Box out = whole.quad.bounds();
  const double slack = kStrikeSlack * std::min(in.width(), in.height());
  return in.left >= out.left - slack && in.top >= out.top - slack &&
         in.right <= out.right + slack && in.bottom <= out.bottom + slack;
}

// Poppler leaves out what is struck again as the same word, but not as a piece of one. Such
// pieces stand beside it in its list.
void add_word(LayerWord word, std::vector<LayerWord>& words) {
  const std::size_t first = words.size() - std::min(words.size(), kStrikesApart);
  for (std::size_t i = first; i < words.size(); ++i) {
    if (struck_again(word, words[i])) return;
    if (struck_again(words[i], word)) {
      words[i] = std::move(word);
      return;
    }
  }
  words.push_back(std::move(word));
}

class PdfReader : public SourceReader {
 public:
  PdfReader(Bytes bytes, const DecodeLimits& limits) : limits_(limits) {
    listener = &complaints_;
    setErrorCallback(hear);
    auto* stream = new MemStream(reinterpret_cast<const char*>(bytes.data()), 0,
                                 static_cast<Goffset>(bytes.size()), Object(objNull));
    document_ = std::make_unique<PDFDoc>(stream);  // owns the stream
    if (document_->isOk()) pages_ = document_->getNumPages();
    opening_ = complaints_.take();
    if (pages_ > 0) {
      for (std::string& told : look_for_actions(*document_)) opening_.push_back(std::move(told));
    }
    complaints_ = {};  // of objects that no page needs
  }
  ~PdfReader() override { listener = nullptr; }

  std::optional<PageFault> fault() const;
  int pages() const override { return pages_; }
  std::vector<std::string> warnings() const override { return opening_; }
  DecodedPage page(int page_in_file) override;

 private:
  DecodedPage draw(int page, const PdfContent& content);
  double resolution_for(int page, const PdfContent& content);
  DecodedPage copy_bitmap(SplashBitmap* bitmap) const;
  std::vector<LayerWord> words(int page, double dpi);

  DecodeLimits limits_;
  Complaints complaints_;
  std::vector<std::string> opening_;
  std::unique_ptr<PDFDoc> document_;
  int pages_ = 0;
};

std::optional<PageFault> PdfReader::fault() const {
  const auto fault = [](FaultReason reason, std::string detail) {
    return PageFault{Stage::decode, reason, std::move(detail)};
  };
  if (!document_->isOk()) {
    if (document_->getErrorCode() == errEncrypted) {
      return fault(FaultReason::encrypted, "needs a password");
    }
    return fault(FaultReason::damaged, opening_.empty() ? "not readable" : opening_.back());
  }
  if (pages_ <= 0) return fault(FaultReason::no_pages, "no page in the page tree");
  if (pages_ > limits_.pages_max) {
    return fault(FaultReason::too_many_pages, std::to_string(pages_) + " pages");
  }
  return std::nullopt;
}

DecodedPage PdfReader::page(int page_in_file) {
  complaints_ = {};
  const int number = page_in_file + 1;
  if (document_->getPage(number) == nullptr) {
    return Failure{PageFault{Stage::decode, FaultReason::damaged,
                             complaints_.last("the page tree lacks this page")}};
  }
  const PdfContent content = look_at_page(*document_, number);
  DecodedPage page = Failure{PageFault{Stage::decode, FaultReason::unsupported, "not an image"}};
  if (content.only_image) page = take_only_image(*document_, number, limits_);
  if (!page && page.error().reason == FaultReason::unsupported) page = draw(number, content);
  if (!page) return page;
  for (const std::string& warning : (*page).warnings) complaints_.add(warning);
  (*page).warnings = complaints_.take();
  return page;
}

// As fine as the scan it is made of, or as configured; coarser when the paper is so large
// that the limit on pixels would be passed.
double PdfReader::resolution_for(int page, const PdfContent& content) {
  double dpi = limits_.render_dpi;
  if (content.only_images && content.image_dpi > 0) {
    dpi = std::clamp(content.image_dpi, kScanDpiMin, kScanDpiMax);
  } else if (content.image_dpi > dpi) {
    dpi = std::min(content.image_dpi, std::max(dpi, kScanDpiMax));
  }
  const double across = document_->getPageCropWidth(page) / kPointsPerInch;
  const double down = document_->getPageCropHeight(page) / kPointsPerInch;
  const double pixels = (across * dpi + 1) * (down * dpi + 1);
  const double share = static_cast<double>(limits_.pixels_max) / pixels;
  return share < 1 ? std::floor(dpi * std::sqrt(share)) : dpi;
}

DecodedPage PdfReader::draw(int page, const PdfContent& content) {
  const double dpi = resolution_for(page, content);
  if (!(dpi >= kDpiMin)) {
    return Failure{PageFault{Stage::decode, FaultReason::too_many_pixels, "paper too large"}};
  }
  SplashColor paper = {255, 255, 255};
  SplashOutputDev splash(content.coloured ? splashModeBGR8 : splashModeMono8, 1, false, paper);
  splash.setFontAntialias(true);
  splash.setVectorAntialias(true);
  splash.startDoc(document_.get());
  document_->displayPage(&splash, page, dpi, dpi, 0, false, true, false);
  DecodedPage drawn = copy_bitmap(splash.getBitmap());
  if (!drawn) return drawn;
  PageImage& image = *drawn;
  image.dpi_x = dpi;
  image.dpi_y = dpi;
  image.rendered = true;
  if (content.visible_text) image.text_layer = words(page, dpi);
  return drawn;
}

DecodedPage PdfReader::copy_bitmap(SplashBitmap* bitmap) const {
  if (bitmap == nullptr || bitmap->getDataPtr() == nullptr) {
    return Failure{PageFault{Stage::decode, FaultReason::decoder_memory, "no room to draw"}};
  }
  const auto width = static_cast<std::uint64_t>(bitmap->getWidth());
  const auto height = static_cast<std::uint64_t>(bitmap->getHeight());
  if (auto too_much = size_fault(width, height, limits_)) return Failure{*too_much};
  PageImage page;
  const int channels = bitmap->getMode() == splashModeMono8 ? 1 : 3;
  page.pixels = white_raster(width, height, channels);
  page.bits_per_pixel = 8 * channels;
  // Rows are packed on both sides: the bitmap's row padding is 1.
  std::copy_n(bitmap->getDataPtr(), page.pixels.bytes.size(), page.pixels.bytes.data());
  return page;
}

std::vector<LayerWord> PdfReader::words(int page, double dpi) {
  VisibleText text;
  document_->displayPage(&text, page, dpi, dpi, 0, false, true, false);
  const std::unique_ptr<TextWordList> list = text.makeWordList();
  std::vector<LayerWord> words;
  const int count = list == nullptr ? 0 : std::min(list->getLength(), kWordsMax);
  for (int i = 0; i < count; ++i) add_word(layer_word(*list->get(i)), words);
  return words;
}

}  // namespace

OpenedSource open_pdf(Bytes bytes, const DecodeLimits& limits) {
  prepare_fonts();
  auto reader = std::make_unique<PdfReader>(bytes, limits);
  if (auto fault = reader->fault()) return Failure{*std::move(fault)};
  return std::unique_ptr<SourceReader>(std::move(reader));
}

void prepare_fonts() {
  if (globalParams != nullptr) return;
  FcInit();
  globalParams = std::make_unique<GlobalParams>();
}

}  // namespace archive
