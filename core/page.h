#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/blob_id.h"
#include "core/fault.h"
#include "core/geometry.h"
#include "core/pixels.h"

// The journey of a page, one struct a station:
//
//   SourceFile -> SourceRecord -> PageImage -> CleanPage -> RecognizedPage
//     -> ClassifiedPage -> ExtractedPage -> PageRecord -> (index)
//
// The two records are in core/records.h: that of a page says as well when it was set
// aside, from anywhere, and why. From PageImage to ExtractedPage each struct is made in
// one place, moved along, and carries the one before it. Plain data: no struct here
// checks or owns more than its members do.

namespace archive {

using BatchNumber = std::int64_t;
using SourceNumber = std::int64_t;
using PageNumber = std::int64_t;  ///< the number of a page in the records, not on the paper

/// What a handed-in file is, by its first bytes (never by its name).
enum class SourceKind { tiff, pdf, jpeg, png, bmp, jpeg2000, other };

/// The carrier 载体 of a file (R5). Only images are read; the rest is kept as it is.
enum class Carrier { image, audio, video, document, other };

/// A file that was handed in; nothing has been read yet.
struct SourceFile {
  std::filesystem::path path;
  std::string name;  ///< path below the batch's folder, '/' between parts, UTF-8
  std::uintmax_t size_bytes = 0;
  /// By what the file is known again when the same command is given again: its name with that of
  /// the folder that was handed in. Two folders that follow one another into a batch stay two.
  std::string handed_in_as{};
};

/// Which delivered page this is. Equal bytes delivered twice are two occurrences.
struct PageOccurrence {
  BatchNumber batch = 0;
  SourceNumber source = 0;
  int page_in_file = 0;    ///< counted from 0
  std::int64_t order = 0;  ///< place in the batch, in delivered order
};

/// A word of the text layer of a born-digital page, in pixels of the PageImage.
struct LayerWord {
  std::string text;
  Quad quad;
};

/// A decoded page as it was delivered.
struct PageImage {
  PageOccurrence occurrence;
  std::string source_name;
  Pixels pixels;
  double dpi_x = 0;  ///< 0 when the file does not say
  double dpi_y = 0;
  int bits_per_pixel = 24;            ///< of the delivered image: 1 bilevel, 8 grey, 24 colour
  bool rendered = false;              ///< drawn from a PDF, not an embedded scan
  std::vector<LayerWord> text_layer;  ///< only when `rendered`
  std::vector<std::string> warnings;  ///< what the decoder complained about
};

/// A machine-readable code on a page.
struct MachineCode {
  std::string symbology;  ///< "CODE-128", "QR-CODE", "CODE-39", "PATCH" ...
  std::string text;
  Quad quad;  ///< in delivered pixels
};

/// A line of text that the detector found, before it is read.
struct TextRegion {
  Quad quad;  ///< in pixels of CleanPage::pixels
  double score = 0;
  double contrast = 0;  ///< grey levels (0..255) between its paper and its ink
};

/// A seal or stamp 印章 on a page: its frame, and what it says.
struct SealMark {
  Quad quad;              ///< in pixels of CleanPage::pixels; of a ring the box around it
  std::string colour;     ///< "red", "blue", "black" (a photocopy's)
  std::string shape;      ///< "round", "oval", "square" (any rectangle)
  std::string text;       ///< ring, centre, number with blanks between, 〓 for a character
                          ///< that is not sure; empty when it cannot be read
  double confidence = 0;  ///< of the text, 0..1; not kept in the records

  /// Whether print under it is hidden where pages are read, in red light.
  bool hides_print() const { return colour != "red"; }
};

/// A page turned upright and deskewed. Colour is in `delivered` alone.
///
/// Sign of angles: `rotation` and `skew_degrees` say how far the paper lies turned
/// clockwise in the delivered image. rotation is 0, 90, 180 or 270.
struct CleanPage {
  PageImage delivered;
  Pixels plane;         ///< `delivered` as it is read: grey, red ink hardly there, without specks
  Pixels pixels;        ///< the upright page, grey, red ink hardly there
  Affine to_delivered;  ///< pixels of `pixels` -> pixels of `delivered.pixels`
  int rotation = 0;
  double skew_degrees = 0;
  bool blank = false;  ///< nothing on it that a reader would miss; flagged, never dropped
  double ink_share = 0;
  bool dark_border_left = false, dark_border_top = false;
  bool dark_border_right = false, dark_border_bottom = false;
  std::optional<double> gutter;  ///< x in `pixels` that parts two pages side by side
  bool shows_through = false;    ///< the print of the back can be seen
  std::vector<TextRegion> regions;
  std::vector<MachineCode> codes;
  std::vector<SealMark> seals;  ///< found, not yet read
};

/// What a character may have been instead.
struct Alternative {
  std::string text;       ///< one code point, UTF-8
  double confidence = 0;  ///< 0..1, as the network has it

  friend bool operator==(const Alternative&, const Alternative&) = default;
};

/// One character as read. `confidence` is 0..1.
struct TextChar {
  std::string text;     ///< one code point, UTF-8
  double position = 0;  ///< centre, as a fraction 0..1 of the line's width
  double confidence = 0;
  std::vector<Alternative> alternatives = {};  ///< likeliest first; none when it is certain
  double by_hand = 0;  ///< above 0: drawn by a pen, below: printed; not kept in a layout
};

enum class LineKind { printed, handwritten, seal };

/// One line of text. The quad is in pixels of CleanPage::pixels; use
/// CleanPage::to_delivered for a place on the original.
struct TextLine {
  std::string text;
  Quad quad;
  std::vector<TextChar> chars;
  double confidence = 0;  ///< mean of the characters'
  bool vertical = false;  ///< characters run from top to bottom
  bool unsure = false;    ///< a person should look
  LineKind kind = LineKind::printed;
  std::string engine;  ///< short name of the engine that was believed
};

/// What read a page: names, versions and the SHA-256 of every model file.
struct EngineId {
  std::string name;
  std::string version;
  std::vector<std::string> model_hashes;
};

struct RecognizedPage {
  CleanPage clean;
  std::vector<TextLine> lines;  ///< in reading order
  std::vector<SealMark> seals;
  std::vector<EngineId> engines;
  bool illegible = false;  ///< so little can be read that a person must
};

/// What kind of sheet a page is, before its document type.
enum class PageKind { content, blank, separator };

struct ClassifiedPage {
  RecognizedPage recognized;
  PageKind kind = PageKind::content;
  std::string doc_type;  ///< "DT01".."DT99"; empty for blanks and separators
  double confidence = 0;
  std::string title;                  ///< the title as printed, when one was found
  std::vector<std::string> evidence;  ///< "title:退休审批表", "labels:7/9", ...; no personal data
};

enum class FieldValidity { valid, suspicious, invalid };

/// One value on one page, with the place it was read from.
struct ExtractedField {
  std::string field;  ///< id in config/forms, such as "id_number"
  int row = -1;       ///< row of a table counted from 0, or -1
  std::string raw;    ///< as printed: evidence, never corrected
  std::string value;  ///< normalised: 2004-06-30, 1234.56, 11010519491231002X
  double confidence = 0;
  FieldValidity validity = FieldValidity::valid;
  std::string problem;  ///< rule that was broken, such as "V01 check_character"
  bool unsure = false;
  bool handwritten = false;
  Quad quad;                        ///< in pixels of CleanPage::pixels
  std::vector<double> traits = {};  ///< what `confidence` was told by, see
                                    ///< config/field_confidence.h; not kept in the records
};

/// A label and its value on a form nobody described.
struct LabelledValue {
  std::string label;
  std::string value;
  Quad label_quad;
  Quad value_quad;
  double confidence = 0;
};

struct ExtractedPage {
  ClassifiedPage classified;
  std::vector<ExtractedField> fields;
  std::vector<LabelledValue> pairs;
};

}  // namespace archive
