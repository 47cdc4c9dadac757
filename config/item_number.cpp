#include "config/item_number.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "config/toml_tree.h"
#include "core/archival_code.h"
#include "core/digits.h"

namespace archive {
namespace {
}  // namespace

ItemNumberPattern::ItemNumberPattern() : ItemNumberPattern(*parse(kUsual)) {}

Result<ItemNumberPattern::Part, std::string> ItemNumberPattern::part_named(std::string_view name) {
  const std::size_t colon = name.find(':');
  const std::string_view word = name.substr(0, colon);
  if (word == "volume" && colon == std::string_view::npos) return Part{Part::Kind::volume, "", 0};
  if (word != "item") {
    const std::string_view near = nearest(word, {"volume", "item"});
    return Failure{"there is no part {" + std::string(name) + "}" +
                   (near.empty() ? ": the parts are {volume} and {item:4}"
                                 : ", did you mean {" + std::string(near) + "}?")};
  }
  Part part{Part::Kind::item, "", 0};
  if (colon == std::string_view::npos) return part;
  const std::string_view digits = name.substr(colon + 1);
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, part.digits);
  if (error != std::errc{} || rest != end || part.digits < 1 || part.digits > kDigitsMax) {
    return Failure{std::string("the digits of {item:N} are a number from 1 to ") +
                   std::to_string(kDigitsMax)};
  }
  return part;
}

Result<ItemNumberPattern, std::string> ItemNumberPattern::parse(std::string_view text) {
  ItemNumberPattern pattern{Empty{}};
  pattern.text_ = text;
  while (!text.empty()) {
    if (text.front() != '{') {
      const std::size_t end = std::min(text.find_first_of("{}"), text.size());
      if (end == 0) return Failure{std::string("a brace is closed that was not opened")};
      pattern.parts_.push_back({Part::Kind::literal, std::string(text.substr(0, end)), 0});
      text.remove_prefix(end);
      continue;
    }
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) {
      return Failure{std::string("a brace is opened and not closed")};
    }
    const auto part = part_named(text.substr(1, end - 1));
    if (!part) return Failure{part.error()};
    pattern.parts_.push_back(*part);
    text.remove_prefix(end + 1);
  }
  if (std::string fault = pattern.fault(); !fault.empty()) return Failure{std::move(fault)};
  return pattern;
}

std::string ItemNumberPattern::fault() const {
  const auto count = [this](Part::Kind kind) {
    return std::ranges::count(parts_, kind, &Part::kind);
  };
  if (count(Part::Kind::volume) != 1) return "{volume} has to stand in it once";
  if (count(Part::Kind::item) != 1) return "{item} has to stand in it once";
  const auto item = std::ranges::find(parts_, Part::Kind::item, &Part::kind);
  const bool volume_first = std::ranges::find(parts_, Part::Kind::volume, &Part::kind) < item;
  // 1 and 11 of the volumes A1 and A would be one number without a sign between.
  const auto beside = volume_first ? item - 1 : item + 1;
  const bool parted = beside->kind == Part::Kind::literal &&
                      !is_digit(volume_first ? beside->literal.back() : beside->literal.front());
  if (!parted) return "between {volume} and {item} has to stand a sign that is no digit";
  // Judged as a whole, with a volume that has the usual shape.
  const std::string example = number("A1-2", 1);
  const auto code = ArchivalCode::parse(example);
  if (!code || code->text() != example) {
    return "it has a sign that no archive number has; letters are capitals";
  }
  return "";
}

std::string ItemNumberPattern::number(std::string_view volume, int sequence) const {
  assert(sequence > 0);
  std::string made;
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Part::Kind::literal:
        made += part.literal;
        break;
      case Part::Kind::volume:
        made += volume;
        break;
      case Part::Kind::item: {
        const std::string digits = std::to_string(sequence);
        const auto least = static_cast<std::size_t>(part.digits);
        if (digits.size() < least) made.append(least - digits.size(), '0');
        made += digits;
        break;
      }
    }
  }
  return made;
}

}  // namespace archive
