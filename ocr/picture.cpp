#include "ocr/picture.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace archive {
namespace {

struct Pen {
  cv::Scalar colour;
  int thickness;
};

Pen pen_of(Marking::Style style) {
  switch (style) {
    case Marking::Style::field: return {{60, 160, 40}, 3};
    case Marking::Style::unsure_field: return {{0, 140, 255}, 3};
    case Marking::Style::hit: return {{0, 215, 255}, 4};
    case Marking::Style::seal: return {{200, 60, 160}, 3};
    case Marking::Style::line: break;
  }
  return {{190, 190, 190}, 1};
}

std::vector<cv::Point> outline(const Quad& quad) {
  std::vector<cv::Point> points;
  for (const Point& p : quad.corners) points.emplace_back(cvRound(p.x), cvRound(p.y));
  return points;
}

void draw(const Marking& marking, cv::Mat& image) {
  const Pen pen = pen_of(marking.style);
  const std::vector<cv::Point> points = outline(marking.quad);
  if (marking.style == Marking::Style::hit) {
    // A highlighter darkens paper but leaves the print: multiply instead of paint.
    cv::Mat ink(image.size(), image.type(), cv::Scalar(255, 255, 255));
    cv::fillConvexPoly(ink, points, cv::Scalar(60, 240, 255));
    cv::multiply(image, ink, image, 1.0 / 255);
  }
  cv::polylines(image, points, true, pen.colour, pen.thickness, cv::LINE_AA);
}

}  // namespace

std::string png_of(const Pixels& pixels, const std::vector<Marking>& markings, int side_max) {
  const int type = pixels.channels == 3 ? CV_8UC3 : CV_8UC1;
  const cv::Mat view(pixels.height, pixels.width, type,
                     const_cast<std::uint8_t*>(pixels.bytes.data()));
  cv::Mat image;
  if (pixels.channels == 1) {
    cv::cvtColor(view, image, cv::COLOR_GRAY2BGR);
  } else {
    image = view.clone();
  }
  for (const Marking& marking : markings) draw(marking, image);
  if (const int side = std::max(image.cols, image.rows); side_max > 0 && side > side_max) {
    const double scale = static_cast<double>(side_max) / side;
    cv::resize(image, image, {}, scale, scale, cv::INTER_AREA);
  }
  std::vector<std::uint8_t> bytes;
  cv::imencode(".png", image, bytes);
  return {bytes.begin(), bytes.end()};
}

}  // namespace archive
