#include "ocr/text/ring_strip.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "ocr/raster.h"

namespace archive {
namespace {

constexpr double kMargin = 0.06;  // of the frame, around it
constexpr double kNoInk = 0.25;   // of the seal's strongest ink: paper, fringes of print
constexpr double kFullInk = 0.75;
constexpr int kLeastLead = 24;  // grey levels of colour that ink has at least
constexpr int kLongest = 6000;  // pixels of a strip

cv::Rect inside(const Box& box, const Pixels& page) {
  const cv::Rect wanted(
      static_cast<int>(std::floor(box.left)), static_cast<int>(std::floor(box.top)),
      static_cast<int>(std::ceil(box.width())), static_cast<int>(std::ceil(box.height())));
  return wanted & cv::Rect(0, 0, page.width, page.height);
}

int level_at(const cv::Mat& picture, double share) {
  std::vector<std::uint8_t> levels(picture.begin<std::uint8_t>(), picture.end<std::uint8_t>());
  const auto place =
      levels.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(levels.size() - 1));
  std::nth_element(levels.begin(), place, levels.end());
  return *place;
}

// How much the channel of the colour leads the others, spread from paper to full ink.
cv::Mat colour_alone(const cv::Mat& part, const std::string& colour) {
  std::vector<cv::Mat> channels;
  cv::split(part, channels);
  const std::size_t shining = colour == "red" ? 2 : 0;
  cv::Mat others, lead, picture;
  cv::max(channels[(shining + 1) % 3], channels[(shining + 2) % 3], others);
  cv::subtract(channels[shining], others, lead);
  const int strongest = std::max(kLeastLead, level_at(lead, 0.97));
  const double span = (kFullInk - kNoInk) * strongest;
  lead.convertTo(picture, CV_8U, -255 / span, 255 + 255 * kNoInk * strongest / span);
  return picture;
}

}  // namespace

SealPicture cut_seal(const Pixels& page, const Quad& quad, const std::string& colour) {
  const Box bounds = quad.bounds();
  const double margin = kMargin * std::max(bounds.width(), bounds.height());
  const cv::Rect place = inside(
      {bounds.left - margin, bounds.top - margin, bounds.right + margin, bounds.bottom + margin},
      page);
  SealPicture seal;
  if (place.empty()) return seal;
  const cv::Mat part = view(page)(place);
  cv::Mat target = make_pixels(seal.picture, place.width, place.height, 1);
  if (colour == "black" || page.channels == 1) {
    if (page.channels == 1) {
      part.copyTo(target);
    } else {
      cv::cvtColor(part, target, cv::COLOR_BGR2GRAY);
    }
  } else {
    colour_alone(part, colour).copyTo(target);
  }
  seal.origin = {static_cast<double>(place.x), static_cast<double>(place.y)};
  seal.frame = Affine{1, 0, -seal.origin.x, 0, 1, -seal.origin.y}(quad);
  return seal;
}

Pixels unrolled(const Pixels& picture, const Quad& quad, const RingPart& part, bool from_inside) {
  assert(picture.channels == 1);
  const Point centre = quad.centre();
  const auto& c = quad.corners;
  const Point along{(c[1].x - c[0].x) / 2, (c[1].y - c[0].y) / 2};
  const Point across{(c[3].x - c[0].x) / 2, (c[3].y - c[0].y) / 2};
  const double radius = (std::hypot(along.x, along.y) + std::hypot(across.x, across.y)) / 2;
  const double angle = (part.to - part.from) * std::numbers::pi / 180;
  const auto pixels = [](double length) {
    return std::clamp(static_cast<int>(std::lround(length)), 8, kLongest);
  };
  const int height = pixels((part.outer - part.inner) * radius);
  const int width = pixels(angle * radius * (part.inner + part.outer) / 2);

  cv::Mat from_x(height, width, CV_32F);
  cv::Mat from_y(height, width, CV_32F);
  for (int x = 0; x < width; ++x) {
    const double share = (x + 0.5) / width;
    const double direction =
        part.from * std::numbers::pi / 180 + angle * (from_inside ? 1 - share : share);
    const double cosine = std::cos(direction);
    const double sine = std::sin(direction);
    for (int y = 0; y < height; ++y) {
      const double depth = (y + 0.5) / height * (part.outer - part.inner);
      const double distance = from_inside ? part.inner + depth : part.outer - depth;
      const double px = centre.x + distance * (cosine * along.x + sine * across.x);
      const double py = centre.y + distance * (cosine * along.y + sine * across.y);
      from_x.at<float>(y, x) = static_cast<float>(px - 0.5);
      from_y.at<float>(y, x) = static_cast<float>(py - 0.5);
    }
  }
  Pixels strip;
  cv::Mat target = make_pixels(strip, width, height, 1);
  cv::remap(view(picture), target, from_x, from_y, cv::INTER_LINEAR, cv::BORDER_CONSTANT,
            cv::Scalar(255));
  return strip;
}

}  // namespace archive
