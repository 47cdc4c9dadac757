#include "index/pinyin.h"

#include <unicode/translit.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "core/error.h"
#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kShortest = 2;
constexpr std::size_t kLongest = 6;
// A reading takes ICU 70 microseconds, and a dossier's pages name the same persons.
constexpr std::size_t kRememberedMax = 20'000;

using Syllables = std::vector<std::string>;

/// One of ICU's ways to read hanzi, tones dropped. Not for two threads at once.
class Reader {
 public:
  explicit Reader(const char* rules) {
    UErrorCode status = U_ZERO_ERROR;
    const std::string all = std::string(rules) + "; NFD; [[:Mn:]-[\\u0308]] Remove; NFC; Lower";
    reader_.reset(icu::Transliterator::createInstance(icu::UnicodeString::fromUTF8(all),
                                                      UTRANS_FORWARD, status));
    if (U_FAILURE(status) || !reader_) {
      throw ArchiveError(ErrorKind::index, "pinyin of names", "the tables of ICU cannot be used",
                         "install the package libicu72");
    }
  }

  Syllables read(std::u32string_view hanzi) const {
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8(hanzi));
    reader_->transliterate(text);
    std::string latin;
    text.toUTF8String(latin);
    Syllables syllables;
    for (std::size_t at = 0; at < latin.size();) {
      const std::size_t end = std::min(latin.find(' ', at), latin.size());
      if (end > at) syllables.push_back(latin.substr(at, end - at));
      at = end + 1;
    }
    return syllables;
  }

 private:
  std::unique_ptr<icu::Transliterator> reader_;
};

void add_with(std::string_view umlaut, const Syllables& syllables, std::set<std::string>& forms) {
  std::string whole;
  std::string initials;
  for (std::string syllable : syllables) {
    constexpr std::string_view kUmlaut = "ü";
    const std::size_t at = syllable.find(kUmlaut);
    if (at != std::string::npos) syllable.replace(at, kUmlaut.size(), umlaut);
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    if (!std::ranges::all_of(syllable, is_letter)) return;  // a character nobody can read
    whole += syllable;
    initials += syllable.front();
  }
  forms.insert(whole);
  forms.insert(initials);
}

std::vector<std::string> forms_of(const std::u32string& hanzi) {
  static thread_local const Reader as_name("Han-Latin/Names");
  static thread_local const Reader as_text("Han-Latin");
  std::set<std::string> forms;
  for (const Reader* reader : {&as_name, &as_text}) {
    const Syllables syllables = reader->read(hanzi);
    if (syllables.size() != hanzi.size()) continue;
    add_with("u", syllables, forms);
    add_with("v", syllables, forms);
  }
  return {forms.begin(), forms.end()};
}

}  // namespace

std::vector<std::string> pinyin_of_name(std::u32string_view folded_name) {
  std::u32string hanzi;
  for (const char32_t c : folded_name) {
    const bool dot = c == U'·' || c == U'•' || c == U' ';
    if (!is_hanzi(c) && !dot) return {};
    if (!dot) hanzi += c;
  }
  if (hanzi.size() < kShortest || hanzi.size() > kLongest) return {};
  static thread_local std::map<std::u32string, std::vector<std::string>> remembered;
  if (const auto known = remembered.find(hanzi); known != remembered.end()) return known->second;
  if (remembered.size() >= kRememberedMax) remembered.clear();
  return remembered.emplace(hanzi, forms_of(hanzi)).first->second;
}

}  // namespace archive
