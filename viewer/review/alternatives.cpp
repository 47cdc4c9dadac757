#include "viewer/review/alternatives.h"

#include <algorithm>

#include "core/citizen_id.h"
#include "core/text_place.h"
#include "core/utf8.h"
#include "ingest/comparison_list.h"
#include "ingest/typed_values.h"

namespace archive {
namespace {

constexpr double kLeastConfidence = 0.02;  // of a character that may have been another one
constexpr std::size_t kBodyOfNumber = 17;

/// The characters that lie in a box, line after line.
std::vector<TextChar> characters_in(const PageLayout& layout, const Box& box) {
  std::vector<TextChar> found;
  for (const TextLine& line : layout.lines) {
    if (!overlap(line.quad.bounds(), box)) continue;
    for (std::size_t i = 0; i < line.chars.size(); ++i) {
      if (box.contains(place_of(line, i).centre())) found.push_back(line.chars[i]);
    }
  }
  return found;
}

class Collector {
 public:
  Collector(const FieldDescription* described, const FieldRecord& field)
      : described_(described), field_(field) {}

  void add(const std::string& raw, const char* why) {
    if (found_.size() >= kAlternativesMost) return;
    const std::string value = described_ == nullptr ? normalised(ValueType::text, raw)
                                                    : value_of_field(*described_, raw);
    if (value.empty() || value == field_.value) return;
    if (std::ranges::find(found_, value, &ValueAlternative::value) != found_.end()) return;
    found_.push_back({raw, value, why});
  }
  std::vector<ValueAlternative> take() { return std::move(found_); }

 private:
  const FieldDescription* described_;
  const FieldRecord& field_;
  std::vector<ValueAlternative> found_;
};

struct Swap {
  std::size_t index = 0;
  std::string text;
  double confidence = 0;
};

std::string with(const std::vector<TextChar>& read, const Swap& swap) {
  std::string text;
  for (std::size_t i = 0; i < read.size(); ++i) text += i == swap.index ? swap.text : read[i].text;
  return text;
}

void add_second_readings(const std::vector<TextChar>& read, Collector& into) {
  std::vector<Swap> swaps;
  for (std::size_t i = 0; i < read.size(); ++i) {
    for (const Alternative& other : read[i].alternatives) {
      if (other.confidence >= kLeastConfidence) swaps.push_back({i, other.text, other.confidence});
    }
  }
  std::ranges::stable_sort(swaps, std::ranges::greater{}, &Swap::confidence);
  for (const Swap& swap : swaps) into.add(with(read, swap), "second_reading");
}

/// Characters that look like others, the least certain first.
void add_look_alikes(const std::vector<TextChar>& read, const LookAlikes& look_alikes,
                     Collector& into) {
  std::vector<Swap> swaps;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const std::u32string one = code_points(read[i].text);
    if (one.size() != 1) continue;
    for (const char32_t other : look_alikes.of(one.front())) {
      swaps.push_back({i, utf8(other), read[i].confidence});
    }
  }
  std::ranges::stable_sort(swaps, {}, &Swap::confidence);
  for (const Swap& swap : swaps) into.add(with(read, swap), "look_alike");
}

void add_checked_number(const FieldRecord& field, Collector& into) {
  const std::string& number = field.value.empty() ? field.raw : field.value;
  if (number.size() != kBodyOfNumber + 1) return;
  const std::string body = number.substr(0, kBodyOfNumber);
  if (!std::ranges::all_of(body, [](char c) { return c >= '0' && c <= '9'; })) return;
  into.add(body + CitizenId::check_character(body), "check");
}

}  // namespace

std::vector<ValueAlternative> alternatives_of(const FieldDescription* described,
                                              const FieldRecord& field, const PageLayout& layout,
                                              const LookAlikes& look_alikes) {
  Collector found(described, field);
  if (described != nullptr && described->type == ValueType::choice) {
    for (const std::string& choice : described->choices) found.add(choice, "choice");
    return found.take();
  }
  const std::vector<TextChar> read = characters_in(layout, field.quad.bounds());
  add_second_readings(read, found);
  if (described != nullptr && described->type == ValueType::id18) add_checked_number(field, found);
  add_look_alikes(read, look_alikes, found);
  return found.take();
}

}  // namespace archive
