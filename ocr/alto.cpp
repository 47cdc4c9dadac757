#include <algorithm>
#include <cmath>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/running_text.h"
#include "ocr/page_reader.h"

namespace archive {
namespace {

constexpr const char* kNamespace = "http://www.loc.gov/standards/alto/ns-v4#";

int whole(double value) { return static_cast<int>(std::lround(value)); }

void add_place(const Box& box, pugi::xml_node node) {
  node.append_attribute("HPOS") = whole(std::max(0.0, box.left));
  node.append_attribute("VPOS") = whole(std::max(0.0, box.top));
  node.append_attribute("WIDTH") = whole(box.width());
  node.append_attribute("HEIGHT") = whole(box.height());
}

std::string hundredths(double confidence) {
  const int value = std::clamp(whole(confidence * 100), 0, 100);
  if (value == 100) return "1";
  return value < 10 ? "0.0" + std::to_string(value) : "0." + std::to_string(value);
}

void add_word(const TextLine& line, const std::vector<Letter>& letters, WordSpan word,
              const CleanPage& page, pugi::xml_node row) {
  const auto place = [&](std::size_t first, std::size_t last) {
    const Quad part = part_of(line, letters[first].from, letters[last - 1].to);
    return page.to_delivered(part).bounds();
  };
  pugi::xml_node text = row.append_child("String");
  add_place(place(word.first, word.last), text);
  std::string content;
  for (std::size_t i = word.first; i < word.last; ++i) content += letters[i].text;
  text.append_attribute("CONTENT") = content.c_str();
  text.append_attribute("WC") = hundredths(confidence_of(letters, word)).c_str();
  for (std::size_t i = word.first; i < word.last; ++i) {
    pugi::xml_node glyph = text.append_child("Glyph");
    add_place(place(i, i + 1), glyph);
    glyph.append_attribute("CONTENT") = letters[i].text.c_str();
    glyph.append_attribute("GC") = hundredths(letters[i].confidence).c_str();
    if (letters[i].read == nullptr) continue;
    for (const Alternative& other : letters[i].read->alternatives) {
      pugi::xml_node variant = glyph.append_child("Variant");
      variant.append_attribute("CONTENT") = other.text.c_str();
      variant.append_attribute("VC") = hundredths(other.confidence).c_str();
    }
  }
}

void add_line(const TextLine& line, int number, const CleanPage& page, pugi::xml_node space) {
  const std::vector<Letter> letters = running_text(line);
  if (letters.empty()) return;
  const Box box = page.to_delivered(line.quad).bounds();
  pugi::xml_node block = space.append_child("TextBlock");
  block.append_attribute("ID") = ("b" + std::to_string(number)).c_str();
  add_place(box, block);
  // ALTO counts the turn of a block anticlockwise, we count the paper's clockwise.
  if (page.rotation != 0) block.append_attribute("ROTATION") = 360 - page.rotation;
  pugi::xml_node row = block.append_child("TextLine");
  add_place(box, row);
  bool first = true;
  for (const WordSpan word : words_of(letters)) {
    if (!first) row.append_child("SP");
    add_word(line, letters, word, page, row);
    first = false;
  }
}

void add_description(const RecognizedPage& page, pugi::xml_node alto) {
  pugi::xml_node description = alto.append_child("Description");
  description.append_child("MeasurementUnit").text() = "pixel";
  int number = 0;
  for (const EngineId& engine : page.engines) {
    pugi::xml_node processing = description.append_child("Processing");
    processing.append_attribute("ID") = ("e" + std::to_string(++number)).c_str();
    pugi::xml_node software = processing.append_child("processingSoftware");
    software.append_child("softwareName").text() = engine.name.c_str();
    software.append_child("softwareVersion").text() = engine.version.c_str();
  }
}

// A seal is an illustration, ALTO's word for a picture; what it says is a tag of it.
void add_seals(const RecognizedPage& page, pugi::xml_node alto) {
  if (page.seals.empty()) return;
  pugi::xml_node tags = alto.append_child("Tags");
  int number = 0;
  for (const SealMark& seal : page.seals) {
    pugi::xml_node tag = tags.append_child("OtherTag");
    tag.append_attribute("ID") = ("t" + std::to_string(++number)).c_str();
    tag.append_attribute("TYPE") = "seal";
    tag.append_attribute("LABEL") = seal.text.c_str();
    tag.append_attribute("DESCRIPTION") = (seal.colour + ' ' + seal.shape).c_str();
  }
}

void add_seal(const SealMark& seal, int number, const CleanPage& page, pugi::xml_node space) {
  pugi::xml_node picture = space.append_child("Illustration");
  picture.append_attribute("ID") = ("s" + std::to_string(number)).c_str();
  add_place(page.to_delivered(seal.quad).bounds(), picture);
  picture.append_attribute("TAGREFS") = ("t" + std::to_string(number)).c_str();
  picture.append_attribute("TYPE") = "seal";
}

}  // namespace

std::string alto_of(const RecognizedPage& page) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node alto = document.append_child("alto");
  alto.append_attribute("xmlns") = kNamespace;
  add_description(page, alto);
  add_seals(page, alto);

  const Pixels& pixels = page.clean.delivered.pixels;
  pugi::xml_node sheet = alto.append_child("Layout").append_child("Page");
  sheet.append_attribute("ID") = "p1";
  sheet.append_attribute("PHYSICAL_IMG_NR") = page.clean.delivered.occurrence.page_in_file + 1;
  if (page.clean.gutter) sheet.append_attribute("POSITION") = "Double";
  sheet.append_attribute("WIDTH") = pixels.width;
  sheet.append_attribute("HEIGHT") = pixels.height;
  pugi::xml_node space = sheet.append_child("PrintSpace");
  add_place({0, 0, static_cast<double>(pixels.width), static_cast<double>(pixels.height)}, space);
  int number = 0;
  for (const TextLine& line : page.lines) {
    if (line.kind != LineKind::seal) add_line(line, ++number, page.clean, space);
  }
  number = 0;
  for (const SealMark& seal : page.seals) add_seal(seal, ++number, page.clean, space);

  std::ostringstream out;
  document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return out.str();
}

}  // namespace archive
