#include "ocr/text/under_seals.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "ocr/text/region_reader.h"
#include "ocr/text/seal_rows.h"

namespace archive {
namespace {

constexpr double kSound = 0.85;        // confidence of a line whose place is believed
constexpr double kCertain = 0.95;      // of a line that need not be read again
constexpr double kBeside = 0.35;       // of a line within a seal, at most: it stands beside it
constexpr double kReplaced = 0.6;      // of a line within a place: it is read with it
constexpr double kTouching = 0.3;      // heights of a line within a place: not of it
constexpr double kBlankCell = 0.3;     // of a cell without certain text: nothing is missing there
constexpr double kBlank = 0.8;         // heights of a stretch, the same
constexpr double kDoubt = 0.6;         // confidence of a character that is no gain
constexpr double kFigures = 0.6;       // of a column's lines: it is one of figures
constexpr double kGain = 0.2;          // by which a reading must be better
constexpr double kStretchShare = 0.8;  // of its gain, for a stretch beside single cells
constexpr double kOpenEnd = 0.6;       // confidence of what a ring leaves at the ends of a row
constexpr double kInk = 255;           // contrast of a region that nothing is known of

bool is_figure(const TextChar& c) {
  return c.text.size() == 1 && std::string_view("0123456789.,%-").find(c.text) != c.text.npos;
}

Point place_of(const TextChar& c, const Box& line) {
  return {line.left + c.position * line.width(), down(line).middle()};
}

// A reading of a place, and the lines it would replace.
struct Offer {
  Span reach;  // of the place and these lines
  std::vector<TextLine> lines;
  std::vector<std::size_t> replaced;
  double gain = 0;
};

// Of offers in one row those that gain most together and do not stand in each other's way
// (weighted interval scheduling).
std::vector<Offer> best_together(std::vector<Offer> offers) {
  struct Choice {
    double gain = 0;
    bool taken = false;
    std::size_t before = 0;  // the rest is chosen from so many
  };
  std::ranges::stable_sort(offers, {}, [](const Offer& offer) { return offer.reach.to; });
  std::vector<Choice> best(offers.size() + 1);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    std::size_t before = i;
    while (before > 0 && offers[before - 1].reach.to > offers[i].reach.from) --before;
    const double gain = best[before].gain + offers[i].gain;
    best[i + 1] = gain > best[i].gain ? Choice{gain, true, before} : Choice{best[i].gain, false, i};
  }
  std::vector<Offer> chosen;
  for (std::size_t i = offers.size(); i > 0; i = best[i].before) {
    if (best[i].taken) chosen.push_back(std::move(offers[i - 1]));
  }
  return chosen;
}

bool is_bracket(const TextChar& c) {
  return c.text == "（" || c.text == "）" || c.text == "(" || c.text == ")";
}

class UnderSeal {
 public:
  UnderSeal(ReadingEngine& engine, const CleanPage& page, const OcrSettings& settings,
            const SealArea& seal, std::vector<TextLine>& lines)
      : engine_(engine), page_(page), settings_(settings), seal_(seal), lines_(lines) {}

  void read() {
    std::vector<Box> beside;
    std::vector<Box> within;
    for (const TextLine& line : lines_) {
      if (is_sound(line)) (is_beside(line) ? beside : within).push_back(line.quad.bounds());
    }
    std::erase_if(within, [&](const Box& box) { return !overlap(box, seal_.box()); });
    const std::vector<Span> columns = columns_under(seal_, beside);
    std::ranges::copy_if(columns, std::back_inserter(figures_),
                         [&](const Span& column) { return has_figures(column); });
    for (const Span& row : rows_under(seal_, beside, within)) {
      std::vector<Box> found;
      for (const TextLine& line : lines_) found.push_back(line.quad.bounds());
      take(offers_in(row, places_in(seal_, row, columns, found, beside)));
    }
  }

 private:
  // Whether the line shows how high its row is; aslant or tall are those that grew together
  // with characters of a seal.
  bool is_sound(const TextLine& line) const {
    const Box box = line.quad.bounds();
    return line.confidence >= kSound && !line.vertical && line.quad == Quad::of(box) &&
           box.height() < seal_.box().height() / 2;
  }
  bool is_beside(const TextLine& line) const {
    return is_sound(line) && seal_.share_inside(line.quad.bounds()) < kBeside;
  }

  // Whether the lines of a column beside the seal, but for its heading, are figures.
  bool has_figures(const Span& column) const {
    int all = 0;
    int figures = 0;
    for (const TextLine& line : lines_) {
      const Span width = across(line.quad.bounds());
      if (!is_beside(line) || common(width, column) < kReplaced * width.length()) continue;
      ++all;
      figures += std::ranges::all_of(line.chars, is_figure) ? 1 : 0;
    }
    return figures >= 2 && figures > kFigures * all;
  }

  // A character of the ring in a column of figures is none of it.
  bool is_among_figures(const TextChar& c, const Box& line) const {
    const Point place = place_of(c, line);
    return !is_figure(c) && seal_.on_ring(place) &&
           std::ranges::any_of(figures_, [&](const Span& column) {
             return place.x > column.from && place.x < column.to;
           });
  }

  // Every character that is likelier right than wrong speaks for a line.
  double worth(const TextLine& line) const {
    const Box box = line.quad.bounds();
    double sum = 0;
    for (const TextChar& c : line.chars) {
      sum += (is_among_figures(c, box) ? 0 : c.confidence) - kDoubt;
    }
    return sum;
  }

  // What a reading of a place would replace. False: it would cut a line in two, across or along.
  bool replaced_by(const Box& place, std::vector<std::size_t>& replaced) const {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const Box box = lines_[i].quad.bounds();
      const double width = common(across(box), across(place));
      if (width < kTouching * place.height() && width < kReplaced * box.width()) continue;
      if (!in_row(box, down(place))) {
        const double height = common(down(box), down(place));
        if (height > kTouching * place.height() && is_sound(lines_[i])) return false;
        continue;
      }
      if (width < kReplaced * box.width() && is_beside(lines_[i])) return false;
      replaced.push_back(i);
    }
    return true;
  }

  // Whether certain lines leave room for no more than `most` pixels of text.
  bool is_known(const Box& place, const std::vector<std::size_t>& replaced, double most) const {
    double missing = place.width();
    for (const std::size_t i : replaced) {
      if (lines_[i].confidence < kCertain) continue;
      missing -= common(across(lines_[i].quad.bounds()), across(place));
    }
    return missing <= most;
  }

  // At the ends of a row stand characters of the ring, and the frame as a bracket without the
  // other one.
  void drop_ring(TextLine& line) const {
    const Box box = line.quad.bounds();
    auto& chars = line.chars;
    const bool odd = std::ranges::count_if(chars, is_bracket) % 2 == 1;
    const auto of_ring = [&](const TextChar& c) {
      const Point place = place_of(c, box);
      return is_among_figures(c, box) || (c.confidence < kOpenEnd && seal_.on_ring(place)) ||
             (odd && is_bracket(c) && seal_.on_frame(place));
    };
    while (!chars.empty() && of_ring(chars.front())) chars.erase(chars.begin());
    while (!chars.empty() && of_ring(chars.back())) chars.pop_back();
    line.text.clear();
    double sum = 0;
    for (const TextChar& c : chars) line.text += c.text, sum += c.confidence;
    line.confidence = chars.empty() ? 0 : sum / static_cast<double>(chars.size());
    line.unsure = line.confidence < settings_.unsure_confidence;
  }

  std::vector<TextLine> read(const Box& place) const {
    std::vector<TextLine> lines =
        read_region(engine_, page_, {Quad::of(place), 1, kInk}, settings_);
    for (TextLine& line : lines) drop_ring(line);
    std::erase_if(lines, [](const TextLine& line) { return line.chars.empty(); });
    return lines;
  }

  // False: nothing stands there, or all of it is certain; other widths need not be tried.
  bool consider(const Box& place, double share, double blank, std::vector<Offer>& offers) const {
    Offer offer{across(place), {}, {}, 0};
    if (!replaced_by(place, offer.replaced) || is_known(place, offer.replaced, blank)) return true;
    offer.lines = read(place);
    if (offer.lines.empty()) return !offer.replaced.empty();
    for (const TextLine& line : offer.lines) offer.gain += worth(line);
    for (const std::size_t i : offer.replaced) {
      offer.gain -= worth(lines_[i]);
      const Span line = across(lines_[i].quad.bounds());
      offer.reach = {std::min(offer.reach.from, line.from), std::max(offer.reach.to, line.to)};
    }
    offer.gain *= share;
    const bool certain = std::ranges::all_of(
        offer.lines, [](const TextLine& line) { return line.confidence >= kCertain; });
    if (offer.gain > kGain) offers.push_back(std::move(offer));
    return !certain;
  }

  std::vector<Offer> offers_in(const Span& row, const RowPlaces& places) const {
    const auto box_of = [&](const Span& place) {
      return Box{place.from, row.from, place.to, row.to};
    };
    std::vector<Offer> offers;
    for (const std::vector<Span>& cell : places.cells) {
      for (const Span& place : cell) {
        if (!consider(box_of(place), 1, kBlankCell * place.length(), offers)) break;
      }
    }
    for (const Span& place : places.stretches) {
      consider(box_of(place), kStretchShare, kBlank * row.length(), offers);
    }
    return offers;
  }

  void take(std::vector<Offer> offers) {
    std::vector<std::size_t> replaced;
    std::vector<TextLine> read;
    for (Offer& offer : best_together(std::move(offers))) {
      std::ranges::copy(offer.replaced, std::back_inserter(replaced));
      std::ranges::move(offer.lines, std::back_inserter(read));
    }
    std::ranges::sort(replaced, std::greater{});
    for (const std::size_t i : replaced) {
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    std::ranges::move(read, std::back_inserter(lines_));
  }

  ReadingEngine& engine_;
  const CleanPage& page_;
  const OcrSettings& settings_;
  const SealArea& seal_;
  std::vector<TextLine>& lines_;
  std::vector<Span> figures_;  // columns of them
};

}  // namespace

void read_under_seals(ReadingEngine& engine, const CleanPage& page, const OcrSettings& settings,
                      std::vector<TextLine>& lines) {
  for (const SealMark& seal : page.seals) {
    // The ink of a rectangle can be lifted off a page with shades; so lines were found without it.
    const bool lifted = seal.shape == "square" && page.delivered.bits_per_pixel != 1;
    if (!seal.hides_print() || lifted) continue;
    const SealArea area(seal);
    UnderSeal(engine, page, settings, area, lines).read();
  }
}

}  // namespace archive
