#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/geometry.h"
#include "core/pixels.h"
#include "ocr/text/engine.h"
#include "ocr/text/network.h"

namespace archive {

/// The characters a recognition network knows: class 0 is the gap between two
/// characters, then one class a line of the alphabet file, then the space.
class Alphabet {
 public:
  /// Throws ArchiveError{model_missing} when the file cannot be read or is not UTF-8.
  explicit Alphabet(const std::filesystem::path& file);
  explicit Alphabet(std::vector<std::string> characters);

  std::size_t classes() const { return characters_.size(); }
  const std::string& operator[](std::size_t index) const { return characters_[index]; }

 private:
  std::vector<std::string> characters_;
};

/// Turns the answer of a recognition network, one row of probabilities a step from
/// left to right, into characters: the best class of each step, repeats and gaps taken
/// out (greedy decoding of connectionist temporal classification). `inked` says of each step
/// whether there is ink in the picture: a character that lost to the gap is put back only
/// there; empty: everywhere. `marks`, kMarks numbers a step, is what the network knows of its own
/// reading (ocr/training/selfknowledge.py); empty: a character is as sure as the network says.
/// REQUIRES: probabilities.size() is a multiple of alphabet.classes().
inline constexpr std::size_t kMarks = 3;
LineReading decode_steps(std::span<const float> probabilities, const Alphabet& alphabet,
                         const std::vector<bool>& inked = {}, std::span<const float> marks = {});

/// Reads one line of a grey page.
LineReading recognize_line(const Network& network, const Alphabet& alphabet, const Pixels& grey,
                           const Quad& quad);

}  // namespace archive
