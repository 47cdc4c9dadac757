#include "ocr/form/extractor.h"

#include <algorithm>
#include <utility>

#include "core/utf8.h"
#include "ocr/form/blocks.h"
#include "ocr/form/fit.h"
#include "ocr/form/label_hits.h"
#include "ocr/form/page_stamp.h"
#include "ocr/form/pairs.h"
#include "ocr/form/rules.h"
#include "ocr/form/running_text.h"
#include "ocr/form/single_fields.h"
#include "ocr/form/table.h"

namespace archive::form {
namespace {

// A value is sure when its characters are, and when its label was found without doubt.
constexpr double kSureMean = 0.9;
constexpr double kSureLeast = 0.6;
constexpr double kSureScore = 0.5;

Quad place_of(const std::vector<Sign>& signs) {
  Box box = signs.front().box();
  for (const Sign& sign : signs) box = joined(box, sign.box());
  return Quad::of(box);
}

bool is_key(ValueType type) {
  return type == ValueType::id18 || type == ValueType::money || type == ValueType::date ||
         type == ValueType::name;
}

bool is_words(ValueType type) {
  return type == ValueType::text || type == ValueType::address || type == ValueType::name;
}

/// A hole of a character's width between two hanzi of one line: one was not read.
bool lost_character(const std::vector<Sign>& signs) {
  constexpr double kHole = 0.7;
  for (std::size_t i = 1; i < signs.size(); ++i) {
    const Sign& before = signs[i - 1];
    const Sign& sign = signs[i];
    if (sign.line != before.line || !is_hanzi(sign.c) || !is_hanzi(before.c)) continue;
    if (sign.x0 - before.x1 > kHole * (sign.x1 - sign.x0)) return true;
  }
  return false;
}

/// Turns what was found into fields, and asks for a second opinion where it matters.
class Writer {
 public:
  Writer(const FormDescription& form, const ClassifiedPage& page,
         const Extractor::SecondOpinion& second_opinion)
      : form_(form), page_(page), second_opinion_(second_opinion) {}

  void add(const FieldDescription& description, int row, const Fitted& fitted, double score,
           bool handwritten) {
    ExtractedField field;
    field.field = description.id;
    field.row = row;
    field.raw = fitted.raw;
    field.value = fitted.value;
    field.validity = fitted.validity;
    field.problem = fitted.problem;
    field.handwritten = handwritten;
    field.quad = place_of(fitted.signs);
    double sum = 0, least = 1;
    bool unsure_line = false;
    for (const Sign& sign : fitted.signs) {
      sum += sign.confidence;
      least = std::min(least, sign.confidence);
      unsure_line = unsure_line || lines()[static_cast<std::size_t>(sign.line)].unsure;
    }
    const double mean = sum / static_cast<double>(fitted.signs.size());
    field.confidence = mean * std::min(1.0, 0.4 + 0.6 * score);
    field.unsure = unsure_line || mean < kSureMean || least < kSureLeast || score < kSureScore ||
                   fitted.validity == FieldValidity::suspicious;
    if (is_words(description.type) && lost_character(fitted.signs)) field.unsure = true;
    // Digits too many or too few were more likely misread than misprinted.
    if (description.type == ValueType::id18 && fitted.problem == "V01 length") field.unsure = true;
    // A check that holds is a proof of its own.
    if (description.type == ValueType::id18 && fitted.validity == FieldValidity::valid) {
      field.unsure = score < kSureScore;
    }
    if (field.unsure && score >= kSureScore && is_key(description.type)) ask(description, field);
    fields.push_back(std::move(field));
  }

  std::vector<ExtractedField> fields;

 private:
  const std::vector<TextLine>& lines() const { return page_.recognized.lines; }

  void ask(const FieldDescription& description, ExtractedField& field) const {
    if (!second_opinion_) return;
    const std::string opinion = second_opinion_(page_.recognized.clean, field.quad);
    if (!opinion.empty() && normalised(description, opinion) == field.value) {
      field.unsure = false;
      field.confidence = std::max(field.confidence, kSureMean);
    }
  }

  const FormDescription& form_;
  const ClassifiedPage& page_;
  const Extractor::SecondOpinion& second_opinion_;
};

}  // namespace

struct Extractor::Impl {
  const LabelBook& book;
  const SealOwners owners;
  std::vector<FormTools> tools;

  Impl(const LabelBook& labels, SealOwners seal_owners)
      : book(labels), owners(std::move(seal_owners)) {}
};

Extractor::Extractor(const FormCatalogue& catalogue, const LabelBook& book)
    : impl_(std::make_unique<Impl>(book, catalogue.seal_owners())) {
  for (int i = 0; i < static_cast<int>(book.forms().size()); ++i) {
    impl_->tools.push_back(tools_of(*book.forms()[static_cast<std::size_t>(i)], i));
  }
}

Extractor::~Extractor() = default;

namespace {

/// The fields of a separator sheet come from its codes before its text.
bool add_codes(const ClassifiedPage& page, std::vector<ExtractedField>& fields) {
  bool found = false;
  const auto add = [&](const char* id, const std::string& value, const MachineCode& code) {
    if (value.empty()) return;
    for (const ExtractedField& field : fields) {
      if (field.field == id) return;
    }
    ExtractedField field;
    field.field = id;
    field.raw = field.value = value;
    field.confidence = 1;
    field.quad = page.recognized.clean.to_delivered.inverse()(code.quad);
    fields.push_back(std::move(field));
    found = true;
  };
  for (const MachineCode& code : page.recognized.clean.codes) {
    if (!code.text.starts_with("DA|")) {
      add("barcode", code.text, code);
      continue;
    }
    const std::size_t second = code.text.find('|', 3);
    add("dossier_no", code.text.substr(3, second - 3), code);
  }
  return found;
}

/// The seals of unit and agency, where the form asks for them and they can be read. Of
/// several the surest.
void add_seals(const FormDescription& form, const std::vector<SealMark>& seals,
               const SealOwners& owners, std::vector<ExtractedField>& fields) {
  for (const FieldDescription& description : form.fields) {
    if (description.type != ValueType::mark) continue;
    const SealMark* surest = nullptr;
    for (const SealMark& seal : seals) {
      if (seal.text.empty() || owners.field_of(seal.text) != description.id) continue;
      if (surest == nullptr || seal.confidence > surest->confidence) surest = &seal;
    }
    if (surest == nullptr) continue;
    ExtractedField field;
    field.field = description.id;
    field.raw = field.value = surest->text;
    field.confidence = surest->confidence;
    field.unsure = surest->confidence < kSureMean;
    field.quad = surest->quad;
    fields.push_back(std::move(field));
  }
}

}  // namespace

Extraction Extractor::extract(const ClassifiedPage& page, const SecondOpinion& ask) const {
  Extraction extraction;
  if (page.kind == PageKind::blank) return extraction;
  const Sheet sheet = sheet_of(page.recognized);
  const Pixels& pixels = page.recognized.clean.pixels;
  const RuledLines rules =
      sheet.pieces.empty() ? RuledLines() : RuledLines::find(page.recognized.clean);
  const Blocks blocks = blocks_of(sheet, rules, impl_->book);
  const LabelHits hits(blocks, impl_->book);
  extraction.pairs = pairs_of(blocks, rules, hits, impl_->book);

  const bool separator = page.kind == PageKind::separator;
  if (separator) add_codes(page, extraction.fields);
  const int index =
      impl_->book.form_of(separator ? FormCatalogue::kSeparator : std::string_view(page.doc_type));
  if (index == LabelBook::kNone) return extraction;
  const FormTools& tools = impl_->tools[static_cast<std::size_t>(index)];
  const FormDescription& form = *tools.form;

  const Table table = table_of(form, index, blocks, hits, impl_->book);
  const RunningText running(sheet);
  Writer writer(form, page, ask);
  const PageView view{blocks, hits, impl_->book, running, pixels, table.taken};
  for (const SingleValue& value : single_values(tools, view)) {
    const FieldDescription& field = form.fields[static_cast<std::size_t>(value.field)];
    writer.add(field, -1, value.fitted, value.score, value.handwritten);
  }
  for (const TableValue& value : table.values) {
    const FieldDescription& field = form.fields[static_cast<std::size_t>(value.field)];
    writer.add(field, value.row, value.fitted, value.quality, value.handwritten);
  }
  for (const FieldDescription& field : form.fields) {
    if (field.type != ValueType::page_stamp) continue;
    if (const auto stamp = page_stamp_of(sheet)) writer.add(field, -1, *stamp, 1, false);
  }
  add_seals(form, page.recognized.seals, impl_->owners, writer.fields);
  for (ExtractedField& field : writer.fields) {
    const bool known = std::ranges::any_of(extraction.fields, [&](const ExtractedField& other) {
      return other.field == field.field && other.row == field.row;
    });
    if (!known) extraction.fields.push_back(std::move(field));
  }
  return extraction;
}

}  // namespace archive::form
