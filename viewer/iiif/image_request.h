#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace archive {

/// What a client of the IIIF Image API 3.0 asks of a picture (https://iiif.io/api/image/3.0/).
struct ImageRequest {
  enum class Quality { standard, colour, grey, bitonal };
  enum class Format { jpg, png, webp };

  int x = 0, y = 0, width = 0, height = 0;  ///< the region, in pixels of the whole picture
  int out_width = 0, out_height = 0;        ///< before it is turned
  int rotation = 0;                         ///< 0, 90, 180 or 270 clockwise
  bool mirrored = false;                    ///< before it is turned
  Quality quality = Quality::standard;
  Format format = Format::jpg;
};

/// The parts of the address of a picture of this size. Nothing, and the status to answer with (400
/// what is no such request, 501 what is not done here: turning by other angles, other formats),
/// when it cannot be served.
struct ImageRequestProblem {
  int status = 400;
  const char* what = "";
};
struct ParsedImageRequest {
  std::optional<ImageRequest> request;
  ImageRequestProblem problem;
};
ParsedImageRequest parse_image_request(std::string_view region, std::string_view size,
                                       std::string_view rotation, std::string_view quality_format,
                                       int picture_width, int picture_height);

/// Nobody is sent more pixels than that in one answer.
inline constexpr int kImageSideMax = 8'192;
inline constexpr int kTileSide = 512;

/// info.json of a picture under this address, level 2.
std::string image_info(const std::string& id, int width, int height);

}  // namespace archive
