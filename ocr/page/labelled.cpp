#include "ocr/page/labelled.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <utility>

namespace archive {
namespace {

constexpr int kWord = 8;

std::uint64_t word_at(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

bool has_zero_byte(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  return ((word - kOnes) & ~word & (kOnes << 7)) != 0;
}

int next_ink(const std::uint8_t* row, int x, int end) {
  while (x + kWord <= end && word_at(row + x) == 0) x += kWord;
  while (x < end && row[x] == 0) ++x;
  return x;
}

int next_paper(const std::uint8_t* row, int x, int end) {
  while (x + kWord <= end && !has_zero_byte(word_at(row + x))) x += kWord;
  while (x < end && row[x] != 0) ++x;
  return x;
}

// Sets that grow together; the first member of each stands for it.
class Sets {
 public:
  explicit Sets(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t member) {
    while (parents_[member] != member) {
      parents_[member] = parents_[parents_[member]];
      member = parents_[member];
    }
    return member;
  }
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parents_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace

Labelled::Labelled(cv::Size size) : size_(size), row_ends_{0} {}

Labelled::Labelled(const cv::Mat& mask) : Labelled(mask.size()) {
  assert(mask.type() == CV_8U);
  for (int y = 0; y < mask.rows; ++y) {
    const std::uint8_t* row = mask.ptr(y);
    for (int x = next_ink(row, 0, mask.cols); x < mask.cols;) {
      const int end = next_paper(row, x, mask.cols);
      stretches_.push_back({x, end, 0});
      x = next_ink(row, end, mask.cols);
    }
    end_row();
  }
  label(1);
}

Labelled Labelled::groups(int gap) const {
  Labelled made(size_);
  for (int y = 0; y < size_.height; ++y) {
    const std::size_t begin = made.stretches_.size();
    for (const Stretch& part : row(y)) {
      const bool goes_on =
          made.stretches_.size() > begin && part.first - made.stretches_.back().end < gap;
      if (goes_on) {
        made.stretches_.back().end = part.end;
      } else {
        made.stretches_.push_back(part);
      }
    }
    made.end_row();
  }
  made.label(gap);
  for (Piece& group : made.pieces_) {
    group.box -= cv::Point(gap / 2, gap / 2);
    group.box += cv::Size(gap / 2 * 2, gap / 2 * 2);
    group.box &= cv::Rect({}, size_);
  }
  return made;
}

void Labelled::label(int gap) {
  Sets sets(stretches_.size());
  for (std::size_t y = 0; y + 1 < row_ends_.size(); ++y) {
    const std::size_t first_above = y - std::min(y, static_cast<std::size_t>(gap));
    for (std::size_t above = first_above; above < y; ++above) {
      std::size_t other = row_ends_[above];
      for (std::size_t i = row_ends_[y]; i < row_ends_[y + 1]; ++i) {
        const Stretch& here = stretches_[i];
        while (other < row_ends_[above + 1] && stretches_[other].end + gap <= here.first) ++other;
        // The last one may reach the next stretch of this row as well.
        for (std::size_t j = other;
             j < row_ends_[above + 1] && stretches_[j].first < here.end + gap; ++j) {
          sets.join(i, j);
        }
      }
    }
  }

  // OpenCV looks at squares of two pixels each way, and so meets some pieces earlier.
  struct Met {
    std::pair<int, int> square;
    std::size_t set;
  };
  std::vector<Met> met;
  std::vector<std::size_t> place(stretches_.size());
  for (std::size_t y = 0; y + 1 < row_ends_.size(); ++y) {
    for (std::size_t i = row_ends_[y]; i < row_ends_[y + 1]; ++i) {
      const std::size_t set = sets.find(i);
      const std::pair square(static_cast<int>(y / 2), stretches_[i].first / 2);
      if (set == i) {
        place[set] = met.size();
        met.push_back({square, set});
      } else {
        met[place[set]].square = std::min(met[place[set]].square, square);
      }
    }
  }
  std::ranges::sort(met, {}, &Met::square);
  for (std::size_t i = 0; i < met.size(); ++i) place[met[i].set] = i;

  pieces_.assign(met.size(), {});
  for (std::size_t y = 0; y + 1 < row_ends_.size(); ++y) {
    for (std::size_t i = row_ends_[y]; i < row_ends_[y + 1]; ++i) {
      Stretch& part = stretches_[i];
      const std::size_t number = place[sets.find(i)];
      part.piece = static_cast<int>(number);
      pieces_[number].area += part.length();
      pieces_[number].box |= cv::Rect(part.first, static_cast<int>(y), part.length(), 1);
    }
  }
}

std::span<const Stretch> Labelled::row(int y) const {
  const auto at = static_cast<std::size_t>(y);
  return std::span(stretches_).subspan(row_ends_[at], row_ends_[at + 1] - row_ends_[at]);
}

int Labelled::at(cv::Point place) const {
  const std::span<const Stretch> parts = row(place.y);
  const auto part = std::ranges::upper_bound(parts, place.x, {}, &Stretch::end);
  return part != parts.end() && part->first <= place.x ? part->piece : -1;
}

bool Labelled::is_cut(int piece) const {
  const cv::Rect& box = (*this)[piece].box;
  return box.x == 0 || box.y == 0 || box.br().x == size_.width || box.br().y == size_.height;
}

}  // namespace archive
