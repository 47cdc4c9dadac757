#include "index/page_terms.h"

#include <string_view>

#include "core/utf8.h"

namespace archive {
namespace {

constexpr std::size_t kPageCharactersMax = 200'000;
constexpr std::size_t kFieldsMax = 5'000;
constexpr std::string_view kUnknownType = "DT99";  // of described forms the fields say it all

class PageTermsMaker {
 public:
  PageTerms make(const IndexedPage& indexed) {
    const PageRecord& page = indexed.page;
    text(indexed);
    for (std::size_t i = 0; i < page.fields.size() && i < kFieldsMax; ++i) field(page.fields[i]);
    for (const PersonRecord& person : indexed.persons) {
      value(pseudo_field::kPersonName, person.name);
      value(pseudo_field::kIdNumber, person.citizen_id);
    }
    if (page.doc_type == kUnknownType) {
      for (const LabelledValue& pair : page.pairs) labelled(pair);
    }
    value(pseudo_field::kTitle, page.title);
    for (const SealMark& mark : page.seals) seal(mark);
    value(pseudo_field::kDocType, page.doc_type);
    value(pseudo_field::kDocType, indexed.doc_type_name);
    value(pseudo_field::kDossierNo, indexed.dossier_no);
    words(field_prefix(prefix::kFieldText, pseudo_field::kDossierTitle), indexed.dossier_title);
    if (page.dossier != 0) filter(pseudo_field::kDossier, std::to_string(page.dossier));
    filter(pseudo_field::kBatch, std::to_string(page.occurrence.batch));
    filter(pseudo_field::kBatch, exact_form(indexed.batch_name));
    return std::move(made_);
  }

 private:
  void text(const IndexedPage& indexed) {
    std::string all;
    for (const TextLine& line : indexed.layout.lines) {
      all += line.text;
      all += '\n';
    }
    for (const SealMark& seal : indexed.page.seals) all += seal.text + '\n';
    for (const MachineCode& code : indexed.page.codes) all += code.text + '\n';
    std::u32string points = code_points(all);
    if (points.size() > kPageCharactersMax) points.resize(kPageCharactersMax);
    append_text_postings(tokens_of(points), position_, made_.postings);
  }

  void field(const FieldRecord& field) {
    value(field.field, field.value);
    if (field.raw != field.value) value(field.field, field.raw);
    // What a person typed need not stand on the page as it was read.
    if (field.by_person) {
      append_text_postings(tokens_of(field.value), position_, made_.postings);
    }
    const std::string exact = exact_form(field.value);
    if (looks_like_citizen_id(exact)) filter(pseudo_field::kIdNumber, exact);
  }

  /// Not listed among the fields: offices have more labels than the list should hold.
  void labelled(const LabelledValue& pair) {
    const std::string field = label_field(pair.label);
    const std::string exact = exact_form(pair.value);
    if (field.empty() || exact.empty()) return;
    made_.exact_terms.insert(term(prefix::kExact, exact));
    made_.exact_terms.insert(term(field_prefix(prefix::kFieldExact, field), exact));
    words(field_prefix(prefix::kFieldText, field), pair.value);
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
    const std::string exact = exact_form(text);
    if (exact.empty()) return;
    made_.exact_terms.insert(term(prefix::kExact, exact));
    filter(field, exact);
    words(field_prefix(prefix::kFieldText, field), text);
  }

  void filter(std::string_view field, const std::string& exact) {
    if (exact.empty()) return;
    made_.fields.emplace(field);
    made_.exact_terms.insert(term(field_prefix(prefix::kFieldExact, field), exact));
  }

  void words(const std::string& prefix, const std::string& text) {
    append_value_postings(tokens_of(text), prefix, made_.postings);
  }

  PageTerms made_;
  std::int64_t position_ = 1;
};

}  // namespace

PageTerms terms_of(const IndexedPage& page) { return PageTermsMaker().make(page); }

}  // namespace archive
