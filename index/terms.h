#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

/// The smallest findable piece of a text: one hanzi, or a word of letters and digits.
struct Token {
  std::string text;  ///< folded
  bool hanzi = false;
  bool joined = false;      ///< by a single sign such as . - / to the token before it
  bool spaced = false;      ///< by nothing but blanks to the token before it
  std::uint32_t first = 0;  ///< code points of the original that it covers
  std::uint32_t last = 0;
  std::string printed = {};  ///< as it stands there, when script, variant or accent were folded

  const std::string& as_printed() const { return printed.empty() ? text : printed; }
};

/// A number, date or code that spans tokens, in the one form it is searched by.
struct Compound {
  std::string text;         ///< 1234.56, 2004-06-30, 2004-06, da-2004-01, da200401
  std::uint32_t first = 0;  ///< tokens that it covers
  std::uint32_t last = 0;
  bool coarse = false;  ///< the month of a date: findable, but not what the text says
};

struct TokenText {
  std::vector<Token> tokens;
  std::vector<Compound> compounds;  ///< the preferred form of a place comes first
};

/// Folds and cuts a text. Blanks, line breaks and punctuation part words, but not hanzi:
/// what was printed in two lines or with spaces between is found all the same.
TokenText tokens_of(std::string_view utf8_text);
TokenText tokens_of(std::u32string_view text);

/// A text as one key: its compound when one covers it all, else its tokens without
/// anything between them. Empty when nothing of it can be searched.
std::string exact_form(std::string_view utf8_text);
std::string exact_form(const TokenText& text);

/// What a term stands for. The index and the query planner both take the prefixes from
/// here and nowhere else. Folded text is never a capital, so no prefix can be typed.
namespace prefix {
inline constexpr std::string_view kText = "";          ///< words and pairs of the page
inline constexpr std::string_view kExact = "V";        ///< exact form of any field value
inline constexpr std::string_view kFieldExact = "Y";   ///< Y<field>:<exact form>
inline constexpr std::string_view kFieldText = "X";    ///< X<field>:<n-gram or word>
inline constexpr std::string_view kIdHead = "H";       ///< first 6 of an ID number on the page
inline constexpr std::string_view kIdTail = "T";       ///< last 4
inline constexpr std::string_view kIdEnds = "M";       ///< both: 1101059999
inline constexpr std::string_view kPrinted = "U";      ///< a piece in its script, before folding
inline constexpr std::string_view kOnlyFolded = "F";   ///< a piece that stands nowhere as it is
inline constexpr std::string_view kAlternative = "A";  ///< what the recognizer thought possible
inline constexpr std::string_view kCells = "C";        ///< C<field>: rows of a table have it
inline constexpr std::string_view kLinked = "W";       ///< exact: of a person the page belongs to
inline constexpr std::string_view kPinyin = "P";       ///< of a name: zhoushili, zsl
inline constexpr std::string_view kYear = "D";         ///< of a date: D2009, D<field>:2009
inline constexpr std::string_view kAmount = "N";       ///< N<field>:<level>:<amount>, ranges.h
inline constexpr std::string_view kPaidMonth = "O";    ///< contributions: O2009-03
inline constexpr std::string_view kPaidYear = "Z";     ///< the whole year
inline constexpr std::string_view kPaidSome = "Q";     ///< some of the year
}  // namespace prefix

/// Names of what is no field of a form but can be asked for like one.
namespace pseudo_field {
inline constexpr std::string_view kPersonName = "person_name";  ///< and linked persons
inline constexpr std::string_view kIdNumber = "id_number";      ///< of anybody on the page
inline constexpr std::string_view kDocType = "doc_type";        ///< code and Chinese name
inline constexpr std::string_view kDossierNo = "dossier_no";    ///< as read
inline constexpr std::string_view kDossier = "dossier";         ///< record number
inline constexpr std::string_view kDossierTitle = "dossier_title";
inline constexpr std::string_view kBatch = "batch";  ///< record number or name
inline constexpr std::string_view kTitle = "title";
inline constexpr std::string_view kSeal = "seal";  ///< what seals and stamps say
inline constexpr std::string_view kEmployer = "unit_name";
inline constexpr std::string_view kCreditCode = "uscc";
inline constexpr std::string_view kIdKind = "id_type";
inline constexpr std::string_view kClass = "class";            ///< 类别号, SB02.01
inline constexpr std::string_view kYear = "year";              ///< of the item, else of the page
inline constexpr std::string_view kRetention = "retention";    ///< code, D30
inline constexpr std::string_view kConfidence = "confidence";  ///< low, fair, high
inline constexpr std::string_view kReview = "review";          ///< needed, none
inline constexpr std::string_view kOperator = "operator";      ///< who scanned it
inline constexpr std::string_view kPeriod = "period";          ///< contributions paid for
}  // namespace pseudo_field

/// prefix + text as a term. Longer than Xapian keeps (245 bytes): cut, with a hash of
/// the whole behind it, so that equal texts still give equal terms.
std::string term(std::string_view prefix, std::string_view text);
/// The prefix of a field: X<field>: or Y<field>:
std::string field_prefix(std::string_view prefix, std::string_view field);

/// The name under which a value is kept that stands beside a label of a form nobody described:
/// '=' and the label's exact form; empty when nothing of the label can be searched.
std::string label_field(std::string_view label);

/// True for 17 digits and a digit or x: the shape of a citizen number, right or misread.
bool looks_like_citizen_id(std::string_view token);

/// The terms of running text: hanzi and words, pairs of hanzi, compounds, the ends of ID numbers.
/// Here and below some may be given twice. A phrase is then looked for on the pages that have all
/// its pairs, which are few, in their rows of tokens (token_row.h).
void append_text_terms(const TokenText& text, std::vector<std::string>& out);

/// What tells the text as printed from the text as folded: of each piece in another script, what
/// stands there (kPrinted), and of those that stand on the page in no other way, the folded one
/// (kOnlyFolded). Few pages have any.
void append_variation_terms(const std::vector<Token>& tokens, std::vector<std::string>& out);

/// The terms of a short value. Of a long one (an address, a title) hanzi are not indexed alone: who
/// looks for one character of it looks on the page.
void append_value_terms(const TokenText& text, std::string_view prefix,
                        std::vector<std::string>& out);

/// The same without the words themselves: pairs of hanzi, compounds, the ends of ID numbers.
void append_span_terms(const TokenText& text, std::string_view prefix,
                       std::vector<std::string>& out);

/// What a page with these tokens side by side must have: pairs, words, lone hanzi.
/// Sorted, each once.
std::vector<std::string> piece_terms(const std::vector<Token>& tokens, std::string_view prefix);

/// The pieces of tokens: pairs of hanzi side by side, lone hanzi and words, as the first token of
/// each and how many it has.
struct Piece {
  std::size_t first = 0;
  std::size_t tokens = 1;
};
std::vector<Piece> pieces_of(const std::vector<Token>& tokens);

/// The same when the tokens need not be side by side and nobody knows where one word ends:
/// hanzi two by two, from the first one on and from the second one on. A page that has all
/// terms of either list will do.
std::array<std::vector<std::string>, 2> loose_terms(const std::vector<Token>& tokens,
                                                    std::string_view prefix);

/// The compounds that stand for the whole text.
std::vector<std::string> whole_compounds(const TokenText& text);

/// Whether the tokens side by side are more than piece_terms() says: neither one token nor two
/// hanzi.
bool is_sequence(const std::vector<Token>& tokens);

}  // namespace archive
