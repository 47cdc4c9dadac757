#include "viewer/iiif/image_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

/// Numbers parted by commas; an empty place is nothing.
std::optional<std::vector<std::optional<double>>> numbers(std::string_view text) {
  std::vector<std::optional<double>> found;
  for (;;) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    if (part.empty()) {
      found.emplace_back();
    } else {
      double value = 0;
      const auto [end, error] =
          std::from_chars(part.data(), part.data() + part.size(), value, std::chars_format::fixed);
      if (error != std::errc{} || end != part.data() + part.size() || value < 0) {
        return std::nullopt;
      }
      found.emplace_back(value);
    }
    if (comma == std::string_view::npos) return found;
    text.remove_prefix(comma + 1);
  }
}

bool is_whole(double value) { return value == std::floor(value); }

class Parser {
 public:
  Parser(int width, int height) : width_(width), height_(height) {}

  ParsedImageRequest parse(std::string_view region, std::string_view size,
                           std::string_view rotation, std::string_view quality_format) {
    if (take_region(region) && take_size(size) && take_rotation(rotation) &&
        take_quality(quality_format)) {
      return {request_, {}};
    }
    return {std::nullopt, problem_};
  }

 private:
  bool refuse(const char* what, int status = 400) {
    problem_ = {status, what};
    return false;
  }

  bool take_region(std::string_view text) {
    double x = 0;
    double y = 0;
    double w = width_;
    double h = height_;
    if (text == "square") {
      w = h = std::min(width_, height_);
      x = std::floor((width_ - w) / 2);
      y = std::floor((height_ - h) / 2);
    } else if (text != "full") {
      const bool percent = text.starts_with("pct:");
      const auto values = numbers(percent ? text.substr(4) : text);
      if (!values || values->size() != 4 ||
          !std::ranges::all_of(*values, [](const auto& v) { return v.has_value(); })) {
        return refuse("the region is none");
      }
      const double across = percent ? width_ / 100.0 : 1;
      const double down = percent ? height_ / 100.0 : 1;
      if (!percent && !std::ranges::all_of(*values, [](const auto& v) { return is_whole(*v); })) {
        return refuse("a region in pixels has whole numbers");
      }
      x = std::round(*(*values)[0] * across);
      y = std::round(*(*values)[1] * down);
      w = std::round(*(*values)[2] * across);
      h = std::round(*(*values)[3] * down);
    }
    if (w < 1 || h < 1 || x >= width_ || y >= height_) {
      return refuse("the region is empty or outside the picture");
    }
    request_.x = static_cast<int>(x);
    request_.y = static_cast<int>(y);
    request_.width = static_cast<int>(std::min(w, width_ - x));
    request_.height = static_cast<int>(std::min(h, height_ - y));
    return true;
  }

  bool take_size(std::string_view text) {
    const bool larger = text.starts_with('^');
    if (larger) text.remove_prefix(1);
    const bool within = text.starts_with('!');
    if (within) text.remove_prefix(1);
    const double w = request_.width;
    const double h = request_.height;
    double out_w = w;
    double out_h = h;
    if (text.starts_with("pct:") && !within) {
      const auto values = numbers(text.substr(4));
      if (!values || values->size() != 1 || !(*values)[0]) return refuse("the size is none");
      out_w = std::round(w * *(*values)[0] / 100);
      out_h = std::round(h * *(*values)[0] / 100);
    } else if (text == "max" && !within) {
      const double fit = std::min(1.0, kImageSideMax / std::max(w, h));
      out_w = std::floor(w * fit);
      out_h = std::floor(h * fit);
    } else {
      const auto values = numbers(text);
      if (!values || values->size() != 2) return refuse("the size is none");
      const auto [wide, high] = std::pair((*values)[0], (*values)[1]);
      if ((!wide && !high) || (wide && !is_whole(*wide)) || (high && !is_whole(*high)) ||
          (within && (!wide || !high))) {
        return refuse("the size is none");
      }
      if (within) {
        double fit = std::min(*wide / w, *high / h);
        if (!larger) fit = std::min(fit, 1.0);
        out_w = std::max(1.0, std::round(w * fit));
        out_h = std::max(1.0, std::round(h * fit));
      } else {
        out_w = wide ? *wide : std::max(1.0, std::round(w * *high / h));
        out_h = high ? *high : std::max(1.0, std::round(h * *wide / w));
      }
    }
    if (out_w < 1 || out_h < 1) return refuse("the size is empty");
    if (!larger && (out_w > w || out_h > h)) {
      return refuse("larger than the region: write ^ before the size");
    }
    if (out_w > kImageSideMax || out_h > kImageSideMax) return refuse("the size is too large");
    request_.out_width = static_cast<int>(out_w);
    request_.out_height = static_cast<int>(out_h);
    return true;
  }

  bool take_rotation(std::string_view text) {
    request_.mirrored = text.starts_with('!');
    if (request_.mirrored) text.remove_prefix(1);
    const auto values = numbers(text);
    if (!values || values->size() != 1 || !(*values)[0] || *(*values)[0] > 360) {
      return refuse("the rotation is none");
    }
    const double degrees = *(*values)[0];
    if (std::fmod(degrees, 90) != 0) return refuse("turned by quarters only", 501);
    request_.rotation = static_cast<int>(degrees) % 360;
    return true;
  }

  bool take_quality(std::string_view text) {
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) return refuse("the quality has no format");
    const std::string_view quality = text.substr(0, dot);
    const std::string_view format = text.substr(dot + 1);
    using Quality = ImageRequest::Quality;
    using Format = ImageRequest::Format;
    if (quality == "default") {
      request_.quality = Quality::standard;
    } else if (quality == "color") {
      request_.quality = Quality::colour;
    } else if (quality == "gray") {
      request_.quality = Quality::grey;
    } else if (quality == "bitonal") {
      request_.quality = Quality::bitonal;
    } else {
      return refuse("the quality is none");
    }
    if (format == "jpg") {
      request_.format = Format::jpg;
    } else if (format == "png") {
      request_.format = Format::png;
    } else if (format == "webp") {
      request_.format = Format::webp;
    } else {
      constexpr std::array kOthers = {"tif", "gif", "jp2", "pdf"};
      const bool known = std::ranges::find(kOthers, format) != kOthers.end();
      return refuse("the format is not one of jpg, png and webp", known ? 501 : 400);
    }
    return true;
  }

  int width_, height_;
  ImageRequest request_;
  ImageRequestProblem problem_;
};

}  // namespace

ParsedImageRequest parse_image_request(std::string_view region, std::string_view size,
                                       std::string_view rotation, std::string_view quality_format,
                                       int picture_width, int picture_height) {
  return Parser(picture_width, picture_height).parse(region, size, rotation, quality_format);
}

std::string image_info(const std::string& id, int width, int height) {
  Json factors = Json::array();
  Json sizes = Json::array();
  for (int factor = 1; factor == 1 || std::max(width, height) / factor >= kTileSide / 2;
       factor *= 2) {
    factors.push_back(factor);
    sizes.insert(sizes.begin(), Json{{"width", (width + factor - 1) / factor},
                                     {"height", (height + factor - 1) / factor}});
  }
  const Json info = {
      {"@context", "http://iiif.io/api/image/3/context.json"},
      {"id", id},
      {"type", "ImageService3"},
      {"protocol", "http://iiif.io/api/image"},
      {"profile", "level2"},
      {"width", width},
      {"height", height},
      {"maxWidth", kImageSideMax},
      {"maxHeight", kImageSideMax},
      {"sizes", std::move(sizes)},
      {"tiles", {{{"width", kTileSide}, {"height", kTileSide}, {"scaleFactors", factors}}}},
      {"preferredFormats", {"jpg"}},
      {"extraFormats", {"webp"}},
      {"extraQualities", {"color", "gray", "bitonal"}},
      {"extraFeatures", {"mirroring", "rotationBy90s", "sizeUpscaling"}}};
  return info.dump();
}

}  // namespace archive
