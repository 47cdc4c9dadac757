#include "ingest/decoder/protocol.h"

#include <cmath>
#include <cstring>
#include <string_view>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr double kDpiMax = 100'000;
constexpr std::size_t kPartsMax = 100'000;

void put_number(std::string& bytes, std::uint32_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_text(std::string& bytes, std::string_view text) {
  put_number(bytes, static_cast<std::uint32_t>(text.size()));
  bytes.append(text);
}

void put_quad(std::string& bytes, const Quad& quad) {
  bytes.append(reinterpret_cast<const char*>(&quad), sizeof quad);
}
static_assert(std::is_trivially_copyable_v<Quad>);

// Takes parts off the front of bytes that cannot be trusted.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  template <class T>
  T take() {
    T value{};
    if (rest_.size() < sizeof value) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }

  std::string take_text() {
    const auto length = take<std::uint32_t>();
    if (length > rest_.size() || !is_utf8(rest_.substr(0, length))) {
      ok_ = false;
      return {};
    }
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }

  std::size_t take_count() {
    const auto count = take<std::uint32_t>();
    if (count > kPartsMax) ok_ = false;
    return ok_ ? count : 0;
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

bool is_finite(const Quad& quad) {
  for (const Point& corner : quad.corners) {
    if (!std::isfinite(corner.x) || !std::isfinite(corner.y)) return false;
  }
  return true;
}

bool is_resolution(double dpi) { return dpi >= 0 && dpi <= kDpiMax; }

bool is_plausible_page(const Answer& answer, const Request& request) {
  if (answer.width < 1 || answer.height < 1) return false;
  if (answer.channels != 1 && answer.channels != 3) return false;
  const auto width = static_cast<std::uint64_t>(answer.width);
  const auto height = static_cast<std::uint64_t>(answer.height);
  if (height > request.pixels_max / width) return false;
  const int bits = answer.bits_per_pixel;
  if (bits != 1 && bits != 8 && bits != 24) return false;
  return is_resolution(answer.dpi_x) && is_resolution(answer.dpi_y);
}

}  // namespace

std::string pack_texts(const std::vector<std::string>& warnings,
                       const std::vector<LayerWord>& words) {
  std::string warning_bytes;
  for (const std::string& warning : warnings) put_text(warning_bytes, warning);
  std::string bytes;
  put_number(bytes, static_cast<std::uint32_t>(warnings.size()));
  bytes += warning_bytes;
  std::string word_bytes;
  std::uint32_t count = 0;
  for (const LayerWord& word : words) {
    const std::size_t needed = word.text.size() + sizeof(Quad) + 2 * sizeof count;
    if (bytes.size() + word_bytes.size() + needed > kTextBytesMax) break;
    put_text(word_bytes, word.text);
    put_quad(word_bytes, word.quad);
    ++count;
  }
  put_number(bytes, count);
  return bytes + word_bytes;
}

std::optional<Texts> unpack_texts(std::string_view bytes) {
  Texts texts;
  Unpacker unpacker(bytes);
  for (std::size_t left = unpacker.take_count(); left > 0 && unpacker.ok(); --left) {
    texts.warnings.push_back(unpacker.take_text());
  }
  for (std::size_t left = unpacker.take_count(); left > 0 && unpacker.ok(); --left) {
    LayerWord word;
    word.text = unpacker.take_text();
    word.quad = unpacker.take<Quad>();
    if (!is_finite(word.quad)) return std::nullopt;
    texts.words.push_back(std::move(word));
  }
  if (!unpacker.ok() || !unpacker.at_end()) return std::nullopt;
  return texts;
}

bool is_plausible(const Answer& answer, const Request& request) {
  if (answer.magic != kAnswerMagic || answer.text_bytes > kTextBytesMax) return false;
  switch (answer.outcome) {
    case Outcome::fault:
      return answer.reason <= static_cast<std::uint32_t>(FaultReason::unexpected);
    case Outcome::summary:
      return request.verb == Verb::summary && answer.pages > 0 && answer.pages <= request.pages_max;
    case Outcome::page:
      return request.verb == Verb::page && is_plausible_page(answer, request);
  }
  return false;
}

std::uint64_t pixel_bytes(const Answer& answer) {
  if (answer.outcome != Outcome::page) return 0;
  return static_cast<std::uint64_t>(answer.width) * static_cast<std::uint64_t>(answer.height) *
         static_cast<std::uint64_t>(answer.channels);
}

}  // namespace archive
