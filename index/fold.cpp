#include "index/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "core/error.h"
#include "core/utf8.h"
#include "index/script.h"

namespace archive {
namespace {

// Old and variant forms that OpenCC leaves alone, with the form in use today. Only pairs
// that every dictionary calls one character; merely similar ones are another matter.
constexpr std::pair<char32_t, char32_t> kVariants[] = {
    {U'戸', U'户'}, {U'囯', U'国'}, {U'羣', U'群'}, {U'畧', U'略'}, {U'呉', U'吴'}, {U'鄊', U'乡'},
    {U'値', U'值'}, {U'焔', U'焰'}, {U'刼', U'劫'}, {U'菓', U'果'}, {U'擧', U'举'}, {U'関', U'关'},
    {U'闗', U'关'}, {U'頼', U'赖'}, {U'毎', U'每'}, {U'歩', U'步'}, {U'徳', U'德'}, {U'恵', U'惠'},
    {U'姪', U'侄'}, {U'壻', U'婿'}, {U'脇', U'胁'}, {U'邨', U'村'}, {U'凢', U'凡'}, {U'刄', U'刃'},
    {U'卋', U'世'}, {U'圡', U'土'}, {U'夀', U'寿'}, {U'寕', U'宁'}, {U'恊', U'协'}, {U'惪', U'德'},
    {U'氷', U'冰'}, {U'痩', U'瘦'}, {U'砲', U'炮'}, {U'秌', U'秋'}, {U'羙', U'美'}, {U'胷', U'胸'},
    {U'舘', U'馆'}, {U'葢', U'盖'}, {U'衞', U'卫'}, {U'覇', U'霸'}, {U'觧', U'解'}, {U'躭', U'耽'},
    {U'輭', U'软'}, {U'鉄', U'铁'}, {U'阯', U'址'}, {U'髙', U'高'}, {U'黒', U'黑'}, {U'黙', U'默'},
    {U'冩', U'写'}, {U'囙', U'因'}, {U'緜', U'绵'}, {U'覩', U'睹'}, {U'谿', U'溪'}, {U'麪', U'面'},
    {U'鬪', U'斗'}, {U'鵞', U'鹅'}, {U'餙', U'饰'}, {U'吿', U'告'}, {U'戱', U'戏'}, {U'塡', U'填'},
    {U'淸', U'清'}, {U'靑', U'青'}, {U'敎', U'教'}, {U'槪', U'概'}, {U'敍', U'叙'}, {U'竝', U'并'},
    {U'〇', U'零'}};

constexpr std::size_t kBasicPlane = 0x10000;
constexpr char32_t kNothing = 0;           // folds to nothing at all
constexpr char32_t kSeveral = 0xFFFFFFFF;  // folds to more than one character

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = get(status);
  if (U_FAILURE(status) || found == nullptr) {
    throw ArchiveError(ErrorKind::index, "character folding", "the tables of ICU cannot be used",
                       "install the package libicu72");
  }
  return *found;
}

bool takes_accents(char32_t c) { return c < 0x0530 || (c >= 0x1E00 && c < 0x2000); }

std::u32string points_of(const icu::UnicodeString& text) {
  std::u32string points;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    points += static_cast<char32_t>(text.char32At(at));
  }
  return points;
}

/// Everything ICU has to say on one character: width, case, compatibility, accents.
std::u32string normalized(char32_t c) {
  static const icu::Normalizer2& fold_case =
      normalizer([](UErrorCode& s) { return icu::Normalizer2::getNFKCCasefoldInstance(s); });
  static const icu::Normalizer2& decompose =
      normalizer([](UErrorCode& s) { return icu::Normalizer2::getNFDInstance(s); });
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text =
      fold_case.normalize(icu::UnicodeString(static_cast<UChar32>(c)), status);
  if (std::ranges::all_of(points_of(text), takes_accents)) text = decompose.normalize(text, status);
  if (U_FAILURE(status)) return {c};
  std::u32string points = points_of(text);
  std::erase_if(points, [](char32_t p) { return p >= 0x300 && p <= 0x36F; });
  return points;
}

char32_t variant_folded(char32_t c) {
  const auto* found = std::ranges::find(kVariants, c, &std::pair<char32_t, char32_t>::first);
  return found == std::end(kVariants) ? c : found->second;
}

char32_t in_one(const std::u32string& points) {
  return points.empty() ? kNothing : points.size() == 1 ? points[0] : kSeveral;
}

/// The fold of every character of the basic plane, made once (about 25 ms).
std::vector<char32_t> fold_table() {
  std::vector<char32_t> table(kBasicPlane);
  std::u32string hanzi;
  for (char32_t c = 0; c < kBasicPlane; ++c) {
    const bool plain_hanzi = is_hanzi(c) && c < 0xF900;
    const bool hangul = c >= 0xAC00 && c < 0xD800;
    const bool without_fold = (c >= 0xD800 && c < 0xF900) || hangul;
    table[c] = plain_hanzi || without_fold ? c : in_one(normalized(c));
    if (is_hanzi(table[c])) hanzi += table[c];
  }
  const std::u32string simple = simplified_each(hanzi);
  std::size_t next = 0;
  for (char32_t c = 0; c < kBasicPlane; ++c) {
    if (is_hanzi(table[c])) table[c] = simple[next++];
  }
  for (const auto& [from, to] : kVariants) table[from] = to;
  for (char32_t& c : table) c = variant_folded(c);
  // Some simplified forms have a simpler one still: 薴 苧 苎.
  for (char32_t& c : table) {
    if (is_hanzi(c) && c < kBasicPlane) c = table[c];
  }
  return table;
}

bool is_varied(char32_t printed, char32_t folded_to) {
  if (printed == folded_to) return false;
  const bool compatibility_form = printed >= 0xF900 && printed < kBasicPlane;
  const bool accented =
      (printed >= 0xC0 && printed < 0x250) || (printed >= 0x1E00 && printed < 0x1F00);
  return is_hanzi(folded_to) ? !compatibility_form : accented;
}

void append_folded(char32_t c, std::uint32_t source, std::vector<FoldedChar>& out) {
  static const std::vector<char32_t> table = fold_table();
  if (c < kBasicPlane && table[c] != kSeveral) {
    if (table[c] != kNothing) out.push_back({table[c], source, is_varied(c, table[c])});
    return;
  }
  for (char32_t p : normalized(c)) {
    const bool rare = p >= kBasicPlane && is_hanzi(p);
    const char32_t simple = rare ? simplified_each({&p, 1})[0] : p;
    const bool once_more = simple < kBasicPlane && table[simple] != kSeveral;
    const char32_t now = once_more ? table[simple] : simple;
    out.push_back({now, source, is_varied(c, now)});
  }
}

bool is_pinyin_letter(char32_t c) {
  constexpr std::u32string_view kToneless = U"üê";
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') ||
         kToneless.find(c) != std::u32string_view::npos;
}

bool carries_tone(char32_t c) {
  constexpr std::u32string_view kToned = U"āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ";
  return kToned.find(c) != std::u32string_view::npos || (c >= 0x300 && c <= 0x36F);
}

bool is_hanzi_numeral(char32_t c) {
  return std::u32string_view(U"〇零一二三四五六七八九").find(c) != std::u32string_view::npos;
}

/// The length of a pinyin syllable in brackets at the head of `text`, or 0. Without a
/// tone mark it is no pinyin: 甲(a) stays.
std::size_t inserted_pinyin(std::u32string_view text) {
  constexpr std::size_t kLongestSyllable = 7;  // zhuāng, its accent perhaps apart
  if (text.empty() || (text[0] != U'(' && text[0] != U'（')) return 0;
  std::size_t at = 1;
  bool toned = false;
  for (; at < text.size() && at <= kLongestSyllable; ++at) {
    toned = toned || carries_tone(text[at]);
    if (!is_pinyin_letter(text[at]) && !carries_tone(text[at])) break;
  }
  const bool closed = at < text.size() && (text[at] == U')' || text[at] == U'）');
  return toned && closed ? at + 1 : 0;
}

}  // namespace

std::vector<FoldedChar> fold(std::u32string_view text) {
  std::vector<FoldedChar> out;
  out.reserve(text.size());
  bool in_numeral = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    // A circle after a numeral is a zero (二○○四); elsewhere it is a bullet or a blank.
    const bool zero = in_numeral && (text[at] == U'○' || text[at] == U'◯');
    append_folded(zero ? U'〇' : text[at], static_cast<std::uint32_t>(at), out);
    in_numeral = zero || is_hanzi_numeral(text[at]);
    if (is_hanzi(text[at])) at += inserted_pinyin(text.substr(at + 1));
  }
  return out;
}

std::u32string folded(std::string_view utf8_text) {
  std::u32string text;
  for (const FoldedChar& f : fold(code_points(utf8_text))) text += f.c;
  return text;
}

bool is_word_char(char32_t c) {
  if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z');
  return !is_hanzi(c) && u_isalnum(static_cast<UChar32>(c)) != 0;
}

}  // namespace archive
