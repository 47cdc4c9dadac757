#include "index/page_terms.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/utf8.h"
#include "index/fold.h"
#include "index/pinyin.h"
#include "index/ranges.h"

namespace archive {
namespace {

constexpr std::size_t kPageCharactersMax = 200'000;
constexpr std::size_t kFieldsMax = 5'000;
constexpr std::size_t kAlternativesMax = 3;  // of a character
constexpr double kAlternativeMin = 0.02;
constexpr std::string_view kUnknownType = "DT99";  // of described forms the fields say it all
constexpr std::size_t kFacetBytesMax = 120;

/// Of a person. What else is called a name is an office's, a bank's or a fonds'.
bool is_name_field(std::string_view field) {
  constexpr std::array<std::string_view, 3> kOthers = {"unit_name", "bank_name", "fonds_name"};
  return field.ends_with("_name") && std::ranges::find(kOthers, field) == kOthers.end();
}

/// A number or a date.
bool is_number(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

/// The text of a page, and what else its characters may be.
struct ReadText {
  std::u32string text;
  std::map<std::size_t, std::vector<char32_t>> alternatives;  // by code point

  void add(const TextLine& line) {
    const std::u32string points = code_points(line.text);
    std::size_t next = 0;  // some readers give spaces no place of their own
    for (std::size_t i = 0; i < points.size() && next < line.chars.size(); ++i) {
      if (line.chars[next].text != utf8(points[i])) continue;
      add_alternatives(text.size() + i, line.chars[next++].alternatives);
    }
    text += points;
    text += U'\n';
  }

 private:
  void add_alternatives(std::size_t at, const std::vector<Alternative>& all) {
    std::size_t taken = 0;
    for (const Alternative& alternative : all) {
      if (alternative.confidence < kAlternativeMin || taken == kAlternativesMax) continue;
      const std::u32string folded_text = folded(alternative.text);
      if (folded_text.size() != 1) continue;
      alternatives[at].push_back(folded_text[0]);
      ++taken;
    }
  }
};

class PageTermsMaker {
 public:
  PageTerms make(const IndexedPage& indexed) {
    const PageRecord& page = indexed.page;
    text(indexed);
    for (std::size_t i = 0; i < page.fields.size() && i < kFieldsMax; ++i) field(page.fields[i]);
    for (const PersonRecord& person : indexed.persons) {
      linked(pseudo_field::kPersonName, person.name);
      linked(pseudo_field::kIdNumber, person.citizen_id);
    }
    if (page.doc_type == kUnknownType) {
      for (const LabelledValue& pair : page.pairs) labelled(pair);
    }
    value(pseudo_field::kTitle, page.title);
    for (const SealMark& mark : page.seals) seal(mark);
    value(pseudo_field::kDocType, page.doc_type);
    value(pseudo_field::kDocType, indexed.doc_type_name);
    value(pseudo_field::kDossierNo, indexed.dossier_no);
    words(field_prefix(prefix::kFieldText, pseudo_field::kDossierTitle),
          tokens_of(indexed.dossier_title));
    if (page.dossier != 0) filter(pseudo_field::kDossier, std::to_string(page.dossier));
    filter(pseudo_field::kBatch, std::to_string(page.occurrence.batch));
    filter(pseudo_field::kBatch, exact_form(indexed.batch_name));
    described(indexed);
    paid_months(page.fields);
    facets(indexed);
    return std::move(made_);
  }

 private:
  void text(const IndexedPage& indexed) {
    ReadText read;
    for (const TextLine& line : indexed.layout.lines) read.add(line);
    std::string more;
    for (const SealMark& seal : indexed.page.seals) more += seal.text + '\n';
    for (const MachineCode& code : indexed.page.codes) more += code.text + '\n';
    read.text += code_points(more);
    if (read.text.size() > kPageCharactersMax) read.text.resize(kPageCharactersMax);
    const TokenText cut = tokens_of(read.text);
    made_.row.add(cut.tokens, alternatives(cut.tokens, read.alternatives));
    append_text_terms(cut, made_.terms);
    append_variation_terms(cut.tokens, made_.terms);
    for (const Compound& compound : cut.compounds) dates(compound.text);
  }

  /// Every token that may be another one, and the pairs it would be part of.
  TokenRow::Possible alternatives(const std::vector<Token>& tokens,
                                  const std::map<std::size_t, std::vector<char32_t>>& at_points) {
    TokenRow::Possible possible;
    if (at_points.empty()) return possible;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const Token& token = tokens[i];
      for (auto at = at_points.lower_bound(token.first);
           at != at_points.end() && at->first <= token.last; ++at) {
        for (const char32_t other : at->second) {
          alternative(tokens, i, at->first, other, possible);
        }
      }
    }
    return possible;
  }

  void alternative(const std::vector<Token>& tokens, std::size_t i, std::size_t point,
                   char32_t other, TokenRow::Possible& possible) {
    const Token& token = tokens[i];
    std::u32string changed = code_points(token.text);
    const std::size_t place = point - token.first;
    if (place >= changed.size() || changed[place] == other) return;
    changed[place] = other;
    const std::string text = utf8(changed);
    possible[i].push_back(text);
    made_.terms.push_back(term(prefix::kAlternative, text));
    if (!token.hanzi || !is_hanzi(other)) return;
    if (i > 0 && tokens[i - 1].hanzi) {
      made_.terms.push_back(term(prefix::kAlternative, tokens[i - 1].text + text));
    }
    if (i + 1 < tokens.size() && tokens[i + 1].hanzi) {
      made_.terms.push_back(term(prefix::kAlternative, text + tokens[i + 1].text));
    }
  }

  void dates(const std::string& exact) { ranges(exact, {}); }

  void ranges(std::string_view exact, std::string_view field) {
    for (std::string& one : value_terms(exact, field)) made_.terms.push_back(std::move(one));
  }

  void field(const FieldRecord& field) {
    const TokenText cut = tokens_of(field.value);
    const std::string exact = exact_form(cut);
    // A table holds dozens of numbers that no other page has. They stand in the text; that the
    // page has them of this field is enough to find them by it.
    const bool cell = field.row >= 0 && is_number(exact);
    if (cell) {
      made_.fields.emplace(field.field);
      made_.terms.push_back(term(prefix::kCells, field.field));
    } else {
      value(field.field, field.value, cut);
      if (field.raw != field.value) value(field.field, field.raw);
      ranges(exact, field.field);
      // 2009.05 is a month to whoever reads it alone, and may be an amount here.
      if (exact != field.value && is_amount(field.value)) {
        filter(field.field, field.value);
        ranges(field.value, field.field);
      }
      dates(exact);
    }
    // What a person typed need not stand on the page as it was read.
    if (field.by_person) {
      made_.row.add(cut.tokens);
      append_text_terms(cut, made_.terms);
    }
    if (looks_like_citizen_id(exact)) filter(pseudo_field::kIdNumber, exact);
  }

  /// Not listed among the fields: offices have more labels than the list should hold.
  void labelled(const LabelledValue& pair) {
    const std::string field = label_field(pair.label);
    const TokenText cut = tokens_of(pair.value);
    const std::string exact = exact_form(cut);
    if (field.empty() || exact.empty()) return;
    made_.terms.push_back(term(prefix::kExact, exact));
    made_.terms.push_back(term(field_prefix(prefix::kFieldExact, field), exact));
    words(field_prefix(prefix::kFieldText, field), cut);
    if (looks_like_citizen_id(exact)) filter(pseudo_field::kIdNumber, exact);
  }

  // Ring, centre and number may each be asked for alone.
  void seal(const SealMark& seal) {
    value(pseudo_field::kSeal, seal.text);
    std::size_t from = 0;
    for (std::size_t blank; (blank = seal.text.find(' ', from)) != std::string::npos;) {
      filter(pseudo_field::kSeal, exact_form(seal.text.substr(from, blank - from)));
      from = blank + 1;
    }
    if (from > 0) filter(pseudo_field::kSeal, exact_form(seal.text.substr(from)));
  }

  void value(std::string_view field, const std::string& text) {
    value(field, text, tokens_of(text));
  }

  void value(std::string_view field, const std::string& text, const TokenText& cut) {
    const std::string exact = exact_form(cut);
    if (exact.empty()) return;
    made_.terms.push_back(term(prefix::kExact, exact));
    filter(field, exact);
    words(field_prefix(prefix::kFieldText, field), cut);
    pinyin(field, text);
  }

  /// A person's name and number are found by field on all of their pages, and elsewhere after the
  /// pages on which they stand.
  void linked(std::string_view field, const std::string& text) {
    const TokenText cut = tokens_of(text);
    const std::string exact = exact_form(cut);
    if (exact.empty()) return;
    made_.terms.push_back(term(prefix::kLinked, exact));
    filter(field, exact);
    words(field_prefix(prefix::kFieldText, field), cut);
    pinyin(field, text);
  }

  void pinyin(std::string_view field, const std::string& text) {
    if (!is_name_field(field)) return;
    for (const std::string& form : pinyin_of_name(folded(text))) {
      made_.terms.push_back(term(prefix::kPinyin, form));
    }
  }

  void filter(std::string_view field, const std::string& exact) {
    if (exact.empty()) return;
    made_.fields.emplace(field);
    made_.terms.push_back(term(field_prefix(prefix::kFieldExact, field), exact));
  }

  /// Of a number, its exact value says it all; of a date, its month is asked for as well.
  void words(const std::string& prefix, const TokenText& cut) {
    const auto is_digits = [](const Token& token) { return is_number(token.text); };
    if (!std::ranges::all_of(cut.tokens, is_digits)) {
      append_value_terms(cut, prefix, made_.terms);
      return;
    }
    append_span_terms(cut, prefix, made_.terms);
  }

  /// What is said about the page, not on it.
  void described(const IndexedPage& indexed) {
    const PageRecord& page = indexed.page;
    filter(pseudo_field::kClass, exact_form(indexed.class_code));
    const std::size_t point = indexed.class_code.find('.');
    if (point != std::string::npos) {
      filter(pseudo_field::kClass, exact_form(indexed.class_code.substr(0, point)));
    }
    filter(pseudo_field::kRetention, exact_form(indexed.retention));
    filter(pseudo_field::kYear, exact_form(indexed.year));
    ranges(exact_form(indexed.year), pseudo_field::kYear);
    filter(pseudo_field::kOperator, exact_form(indexed.operator_name));
    filter(pseudo_field::kConfidence, std::string(confidence_of(page)));
    filter(pseudo_field::kReview, page.review_reasons.empty() ? "none" : "needed");
  }

  static std::string_view confidence_of(const PageRecord& page) {
    constexpr double kFair = 0.80;
    constexpr double kHigh = 0.95;
    return page.text_confidence < kFair ? "low" : page.text_confidence < kHigh ? "fair" : "high";
  }

  /// From the first to the last month of each row, or of the page, that names both.
  void paid_months(const std::vector<FieldRecord>& fields) {
    constexpr int kMonthsMax = 12 * 100;
    std::map<int, std::pair<std::optional<int>, std::optional<int>>> rows;
    for (const FieldRecord& field : fields) {
      if (field.field == "period_from") rows[field.row].first = month_of(exact_form(field.value));
      if (field.field == "period_to") rows[field.row].second = month_of(exact_form(field.value));
    }
    for (const auto& [row, ends] : rows) {
      if (!ends.first && !ends.second) continue;
      const Months paid = {ends.first.value_or(ends.second.value_or(0)),
                           ends.second.value_or(ends.first.value_or(0))};
      if (paid.last < paid.first || paid.last - paid.first > kMonthsMax) continue;
      for (std::string& one : paid_terms(paid)) made_.terms.push_back(std::move(one));
    }
  }

  void facets(const IndexedPage& indexed) {
    const auto set = [&](std::string_view name, std::string value) {
      if (value.size() > kFacetBytesMax) return;
      if (!value.empty()) made_.facets[std::string(name)] = std::move(value);
    };
    const PageRecord& page = indexed.page;
    set(pseudo_field::kDocType, page.doc_type);
    set(pseudo_field::kClass, indexed.class_code);
    set(pseudo_field::kYear, indexed.year);
    set(pseudo_field::kRetention, indexed.retention);
    set(pseudo_field::kConfidence, std::string(confidence_of(page)));
    set(pseudo_field::kReview, page.review_reasons.empty() ? "none" : "needed");
    set(pseudo_field::kOperator, indexed.operator_name);
    set(pseudo_field::kBatch, std::to_string(page.occurrence.batch));
    if (page.dossier != 0) set(pseudo_field::kDossier, std::to_string(page.dossier));
    if (!indexed.persons.empty()) set("person", indexed.persons.front().name);
    for (const FieldRecord& field : page.fields) {
      if (field.field != pseudo_field::kEmployer) continue;
      set(pseudo_field::kEmployer, field.value);
      break;
    }
  }

  PageTerms made_;
};

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return (hash ^ 0xFF) * 1099511628211u;
}

}  // namespace

PageTerms terms_of(const IndexedPage& page) { return PageTermsMaker().make(page); }

std::uint64_t fingerprint_of(const PageTerms& terms) {
  std::uint64_t hash = 14695981039346656037u;
  for (const std::string& term : terms.terms) hash = mixed(hash, term);
  hash = mixed(hash, terms.row.bytes());
  for (const auto& [name, value] : terms.facets) hash = mixed(mixed(hash, name), value);
  return hash == 0 ? 1 : hash;
}

std::uint64_t fingerprint_of(const IndexedPage& page) { return fingerprint_of(terms_of(page)); }

const std::vector<std::string>& facet_names() {
  static const std::vector<std::string> names = {"doc_type",   "class",  "year",     "retention",
                                                 "confidence", "review", "operator", "batch",
                                                 "dossier",    "person", "unit_name"};
  return names;
}

}  // namespace archive
