#pragma once

#include <cstddef>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace archive {

/// Columns [first, end) of a row that belong to one piece.
struct Stretch {
  int first = 0;
  int end = 0;
  int piece = 0;

  int length() const { return end - first; }
};

/// The pieces of a mask that hang together, over corners too, with their boxes. They are
/// counted from 0 in the order in which OpenCV's labelling meets them, but kept as stretches
/// of rows: a page is mostly paper, which is skipped here eight pixels at a time.
class Labelled {
 public:
  struct Piece {
    cv::Rect box;
    int area = 0;  ///< pixels; of a group those between its pieces in a row as well
  };

  /// REQUIRES: `mask` has one channel of 8 bits. 0 is what lies between the pieces.
  explicit Labelled(const cv::Mat& mask);

  /// The groups that the pieces form when pixels up to `gap` columns and rows apart hang
  /// together: those of a mask widened by squares of `gap`, an odd number.
  Labelled groups(int gap) const;

  int count() const { return static_cast<int>(pieces_.size()); }
  const Piece& operator[](int piece) const { return pieces_[static_cast<std::size_t>(piece)]; }
  cv::Size size() const { return size_; }

  /// The stretches of a row, from left to right. In each of a group lie those of its pieces.
  std::span<const Stretch> row(int y) const;

  /// The piece at a place, or -1.
  int at(cv::Point place) const;

  bool is_cut(int piece) const;  ///< reaches the rim of the picture

 private:
  explicit Labelled(cv::Size size);
  void end_row() { row_ends_.push_back(stretches_.size()); }
  void label(int gap);

  cv::Size size_;
  std::vector<Stretch> stretches_;
  std::vector<std::size_t> row_ends_;  // in stretches_, of each row; a 0 comes first
  std::vector<Piece> pieces_;
};

}  // namespace archive
