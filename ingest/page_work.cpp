#include "ingest/page_work.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/error.h"
#include "core/lost_characters.h"
#include "core/text_sketch.h"
#include "ingest/codes.h"
#include "ocr/page/quality.h"
#include "store/objects/compression.h"

namespace archive {
namespace {

constexpr std::size_t kWarningsMax = 20;
constexpr std::size_t kWarningLengthMax = 300;

// Smaller or narrower than this is no page and no line of text: icons, rules, test patterns.
constexpr int kSideMin = 4;
constexpr int kSidesRatioMax = 100;

std::optional<PageFault> too_small_for_a_page(const Pixels& pixels) {
  const auto [shorter, longer] = std::minmax(pixels.width, pixels.height);
  if (shorter >= kSideMin && longer / shorter < kSidesRatioMax) return std::nullopt;
  return PageFault{Stage::decode, FaultReason::unsupported,
                   std::to_string(pixels.width) + " x " + std::to_string(pixels.height) +
                       " pixels are too small or too narrow for a page"};
}

PageFault fault_of(const std::exception& error, Stage stage) {
  return {stage, FaultReason::unexpected, error.what()};
}

TextLine on_original(TextLine line, const Affine& to_delivered) {
  line.quad = to_delivered(line.quad);
  return line;
}

PageLayout layout_of(const RecognizedPage& page) {
  const CleanPage& clean = page.clean;
  PageLayout layout{clean.delivered.pixels.width,
                    clean.delivered.pixels.height,
                    clean.rotation,
                    clean.skew_degrees,
                    {}};
  layout.lines.reserve(page.lines.size());
  for (const TextLine& line : page.lines) {
    layout.lines.push_back(on_original(line, clean.to_delivered));
  }
  return layout;
}

void note_image(const PageImage& image, PageRecord& record) {
  record.width = image.pixels.width;
  record.height = image.pixels.height;
  record.dpi_x = image.dpi_x;
  record.dpi_y = image.dpi_y;
  record.bits_per_pixel = image.bits_per_pixel;
  for (const std::string& warning : image.warnings) {
    if (record.review_reasons.size() >= kWarningsMax) break;
    record.review_reasons.push_back("decoder: " + warning.substr(0, kWarningLengthMax));
  }
}

void note_quality(PageQuality quality, PageRecord& record) {
  if (quality.verdict == Verdict::rescan) record.review_reasons.emplace_back("rescan");
  if (quality.verdict == Verdict::look) record.review_reasons.emplace_back("image");
  record.quality = std::move(quality);
}

std::string border_names(const CleanPage& page) {
  std::string names;
  const auto add = [&names](bool dark, const char* name) {
    if (dark) names += (names.empty() ? "" : ",") + std::string(name);
  };
  add(page.dark_border_top, "top");
  add(page.dark_border_left, "left");
  add(page.dark_border_right, "right");
  add(page.dark_border_bottom, "bottom");
  return names;
}

void note_cleaning(const CleanPage& page, PageRecord& record) {
  record.rotation = page.rotation;
  record.skew_degrees = page.skew_degrees;
  record.codes = page.codes;
  record.side_pages = page.gutter ? 2 : 1;
  record.dark_borders = border_names(page);
}

void note_reading(const RecognizedPage& page, PageRecord& record) {
  record.illegible = page.illegible;
  double characters = 0;
  double sum = 0;
  std::string text;
  for (const TextLine& line : page.lines) {
    if (line.kind != LineKind::seal) text += line.text;
    sum += line.confidence * static_cast<double>(line.chars.size());
    characters += static_cast<double>(line.chars.size());
  }
  record.text_confidence = characters > 0 ? sum / characters : 0;
  record.text_sketch = sketch_of(text);
  if (page.illegible) record.review_reasons.emplace_back("illegible");
  if (lost_characters(text) > 0) record.review_reasons.emplace_back("lost_characters");
  for (SealMark seal : page.seals) {
    seal.quad = page.clean.to_delivered(seal.quad);
    record.seals.push_back(std::move(seal));
  }
}

void note_class(const ClassifiedPage& page, PageRecord& record) {
  record.kind = page.kind;
  record.doc_type = page.doc_type;
  record.doc_type_confidence = page.confidence;
  record.title = page.title;
  record.evidence = page.evidence;
  if (page.kind == PageKind::content && page.doc_type == "DT99") {
    const bool foreign = std::ranges::any_of(
        page.evidence, [](const std::string& one) { return one.starts_with("foreign:"); });
    record.review_reasons.emplace_back(foreign ? "foreign" : "unknown_type");
  }
}

void note_fields(const ExtractedPage& page, PageRecord& record) {
  const Affine& to_delivered = page.classified.recognized.clean.to_delivered;
  bool unsure = false;
  bool invalid = false;
  for (const ExtractedField& field : page.fields) {
    Quad quad = to_delivered(field.quad);
    // A value must have a place: one found nowhere in particular is somewhere on the page.
    if (quad.bounds().width() <= 0 && quad.bounds().height() <= 0) {
      const double right = record.width;
      const double bottom = record.height;
      quad = Quad::of({0, 0, right, bottom});
    }
    record.fields.push_back({field.field, field.row, field.raw, field.value, field.confidence,
                             field.validity, field.problem, field.unsure, field.handwritten, quad,
                             false});
    unsure = unsure || field.unsure;
    invalid = invalid || field.validity == FieldValidity::invalid;
  }
  for (LabelledValue pair : page.pairs) {
    pair.label_quad = to_delivered(pair.label_quad);
    pair.value_quad = to_delivered(pair.value_quad);
    record.pairs.push_back(std::move(pair));
  }
  if (unsure) record.review_reasons.emplace_back("unsure_field");
  if (invalid) record.review_reasons.emplace_back("invalid_field");
}

/// Runs the stages in order. Ends early by returning the fault.
class PageWalk {
  template <class Work>
  auto timed(Stage stage, Work&& work) {
    stage_ = stage;
    const StageClock::Measure measure(tools_.clock, stage);
    return work();
  }

 public:
  PageWalk(PageTools& tools, PageReader& reader, const ReadingDecisions& decided,
           bool other_category, WorkedPage& page)
      : tools_(tools),
        reader_(reader),
        decided_(decided),
        other_category_(other_category),
        page_(page) {}

  std::optional<PageFault> walk(const SourceRecord& source) {
    auto image = decode(source);
    if (!image) return image.error();
    note_image(*image, page_.record);
    if (auto fault = too_small_for_a_page(image->pixels)) return fault;
    timed(Stage::clean, [&] {
      note_quality(tools_.quality.judge(measure_quality(*image)), page_.record);
      return 0;
    });
    tools_.judged(page_.record);

    auto clean =
        timed(Stage::clean, [&] { return reader_.clean(std::move(*image), decided_.rotation); });
    if (!clean) return clean.error();
    note_codes(*clean);
    note_cleaning(*clean, page_.record);

    auto read = timed(Stage::read, [&] { return reader_.read(std::move(*clean)); });
    if (!read) return read.error();
    note_reading(*read, page_.record);
    if (other_category_) {
      page_.record.doc_type = FormCatalogue::kUnknown;
      page_.record.evidence = {"other category"};
      timed(Stage::store, [&] {
        keep_derivatives(*read);
        return 0;
      });
      return std::nullopt;
    }

    ClassifiedPage classified =
        timed(Stage::classify, [&] { return tools_.forms.classify(std::move(*read)); });
    note_class(classified, page_.record);
    if (!decided_.doc_type.empty()) {
      classified.doc_type = decided_.doc_type;
      classified.kind = PageKind::content;
    }

    const ExtractedPage extracted = timed(Stage::extract, [&] {
      return tools_.forms.extract(std::move(classified),
                                  [this](const CleanPage& page, const Quad& quad) {
                                    return reader_.second_opinion(page, quad);
                                  });
    });
    note_fields(extracted, page_.record);
    timed(Stage::store, [&] {
      keep_derivatives(extracted.classified.recognized);
      return 0;
    });
    return std::nullopt;
  }

  Stage stage() const { return stage_; }

 private:
  Result<PageImage, PageFault> decode(const SourceRecord& source) {
    const PageOccurrence& occurrence = page_.record.occurrence;
    // A disk may have failed since the file was received: what it left must not be believed.
    std::optional<ObjectFile> file;
    try {
      file = tools_.objects.sound_file_of(*source.blob);
    } catch (const ArchiveError& error) {
      if (error.kind() != ErrorKind::damage && error.kind() != ErrorKind::not_found) throw;
      return Failure{PageFault{Stage::decode, FaultReason::damaged,
                               "the stored bytes are not those that were received: see "
                               "`juanzong verify`, and hand the file in again"}};
    }
    auto image = timed(Stage::decode,
                       [&] { return tools_.decoder.page(file->path(), occurrence.page_in_file); });
    if (image) {
      image->occurrence = occurrence;
      image->source_name = source.name;
    }
    return image;
  }

  void note_codes(CleanPage& page) {
    const StageClock::Measure measure(tools_.clock, Stage::clean);
    page.codes = find_codes(page.delivered.pixels, page.delivered.dpi_x);
  }

  void keep_derivatives(const RecognizedPage& page) {
    page_.layout = layout_of(page);
    if (!tools_.keep) return;
    page_.record.layout_blob = tools_.objects.put(compress(serialize_layout(page_.layout)));
    page_.record.alto_blob = tools_.objects.put(compress(alto_of(page)));
  }

  PageTools& tools_;
  PageReader& reader_;
  const ReadingDecisions& decided_;
  bool other_category_;
  WorkedPage& page_;
  Stage stage_ = Stage::decode;
};

void set_aside(PageFault fault, PageRecord& record) {
  record.state = PageState::set_aside;
  record.fault = std::move(fault);
  record.review_reasons.clear();
}

}  // namespace

std::string engines_json(const ReadingModels& models) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const EngineId& engine : models.engines()) {
    list.push_back(
        {{"name", engine.name}, {"version", engine.version}, {"models", engine.model_hashes}});
  }
  return list.dump();
}

ReadingDecisions decided_about(const PageRecord& page) {
  ReadingDecisions decided;
  if (page.doc_type_by_person) decided.doc_type = page.doc_type;
  if (page.rotation_by_person) decided.rotation = page.rotation;
  return decided;
}

WorkedPage work_on(const PageOccurrence& occurrence, const SourceRecord& source, PageTools& tools,
                   PageReader& reader, const ReadingDecisions& decided, bool other_category) {
  WorkedPage page;
  page.record.occurrence = occurrence;
  page.record.source_name = source.name;
  page.record.source_blob = source.blob;
  page.record.engines = tools.engines;
  page.record.config_version = tools.config_version;

  PageWalk walk(tools, reader, decided, other_category, page);
  try {
    std::optional<ReadingGuard::Hold> hold;
    std::optional<PageFault> fault;
    if (tools.guard != nullptr) fault = tools.guard->refusal(occurrence);
    if (tools.guard != nullptr && !fault) hold.emplace(*tools.guard, occurrence);
    if (!fault) fault = walk.walk(source);
    if (fault) set_aside(std::move(*fault), page.record);
  } catch (const ArchiveError&) {
    throw;
  } catch (const std::exception& error) {
    set_aside(fault_of(error, walk.stage()), page.record);
  }
  return page;
}

}  // namespace archive
