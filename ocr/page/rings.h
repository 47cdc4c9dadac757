#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace archive {

/// The frame of a round or oval stamp on a reduced picture, in its pixels.
struct Ring {
  cv::Point2d centre;
  double across = 0;         ///< half axis along `angle_degrees`, the longer one
  double down = 0;           ///< half axis across it
  double angle_degrees = 0;  ///< -90 <= angle <= 90, clockwise from level
  double coverage = 0;       ///< share of the frame, as far as it is in the picture, with ink
};

struct RingSearch {
  double least_radius = 0;  ///< pixels
  double most_radius = 0;
  double coverage_least = 0.5;
  double lead_least = 0;  ///< by how much more of the frame has ink than of rings beside it
  int candidates = 24;    ///< looked at closely
};

/// Finds thin rings in a picture of ink (one channel, 0 none, 255 surely): edges vote for
/// centres along their normals (Hough transform by gradient, Kimme, Ballard and Sklansky
/// 1975), and what has most votes is fitted until the frame lies on ink with none beside it.
/// Rings may overlap each other, be broken, and leave the picture by up to half.
std::vector<Ring> find_rings(const cv::Mat& ink, const RingSearch& search);

/// The frame of a ring moved, stretched and turned until it lies best on the ink.
Ring fit_oval(const cv::Mat& ink, Ring start);

/// Share of the ring's frame with ink and, on one side at least, none.
double ring_coverage(const cv::Mat& ink, const Ring& ring);

/// Share of the pixels with ink between two rings of the same form, as factors of this one.
double ink_between(const cv::Mat& ink, const Ring& ring, double inner, double outer);

}  // namespace archive
