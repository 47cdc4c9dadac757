#include "ocr/form/id_decoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/citizen_id.h"
#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fit_parts.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr std::size_t kLength = 18;
constexpr std::size_t kExchangesMost = 40;  // of the cheapest that are tried
constexpr int kExchangedMost = 3;
constexpr double kLeast = 1e-3;  // probability below which nothing is believed
constexpr double kMargin = 1.1;  // of the costs: about three times as likely as the next one

struct Exchange {
  std::size_t place = 0;
  char character = 0;
  double cost = 0;  // how much less likely than what was read, as a logarithm
};

std::vector<Exchange> exchanges_of(std::span<const Sign> signs, const std::string& read) {
  std::vector<Exchange> exchanges;
  for (std::size_t i = 0; i < kLength; ++i) {
    for (const Alternative& other : signs[i].alternatives) {
      const std::u32string points = code_points(other.text);
      if (points.size() != 1 || other.confidence < kLeast) continue;
      char32_t c = digit_alike(folded(points.front()));
      if (i + 1 == kLength && (c == U'x' || c == U'X')) c = U'X';
      if (!is_digit(c) && c != U'X') continue;
      if (static_cast<char>(c) == read[i]) continue;
      const double cost = std::log(std::max(signs[i].confidence, kLeast) / other.confidence);
      exchanges.push_back({i, static_cast<char>(c), cost});
    }
  }
  std::ranges::sort(exchanges, {}, &Exchange::cost);
  if (exchanges.size() > kExchangesMost) exchanges.resize(kExchangesMost);
  return exchanges;
}

// One in eleven numbers passes the check by chance: a guess must be a living person's as well.
bool is_plausible(const std::string& text) {
  const auto id = CitizenId::parse(text);
  if (!id) return false;
  const int year = static_cast<int>(id->birth_date().year());
  return year >= 1880 && year < 2100;
}

class Search {
 public:
  explicit Search(const std::vector<Exchange>& exchanges) : exchanges_(exchanges) {}

  std::optional<std::string> best_of(std::string text) {
    extend(text, 0, 0, 0);
    if (best_.empty() || next_ - cost_ < kMargin) return std::nullopt;
    return best_;
  }

 private:
  void extend(std::string& text, std::size_t from, int exchanged, double cost) {
    for (std::size_t i = from; i < exchanges_.size(); ++i) {
      const Exchange& exchange = exchanges_[i];
      if (cost + exchange.cost >= next_) continue;
      char& place = text[exchange.place];
      if (changed_[exchange.place]) continue;
      const char before = place;
      place = exchange.character;
      changed_[exchange.place] = true;
      consider(text, cost + exchange.cost);
      if (exchanged + 1 < kExchangedMost) extend(text, i + 1, exchanged + 1, cost + exchange.cost);
      changed_[exchange.place] = false;
      place = before;
    }
  }

  void consider(const std::string& text, double cost) {
    if (cost >= next_ || !is_plausible(text)) return;
    if (cost < cost_) {
      next_ = cost_;
      cost_ = cost;
      best_ = text;
    } else {
      next_ = cost;
    }
  }

  const std::vector<Exchange>& exchanges_;
  std::array<bool, kLength> changed_{};
  std::string best_;
  double cost_ = std::numeric_limits<double>::infinity();
  double next_ = std::numeric_limits<double>::infinity();
};

}  // namespace

std::optional<std::string> likeliest_id(std::span<const Sign> signs, const std::string& read) {
  if (signs.size() != kLength || read.size() != kLength) return std::nullopt;
  const std::vector<Exchange> exchanges = exchanges_of(signs, read);
  return Search(exchanges).best_of(read);
}

}  // namespace archive::form
