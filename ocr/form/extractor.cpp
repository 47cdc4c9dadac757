#include "ocr/form/extractor.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ocr/form/blocks.h"
#include "ocr/form/doubts.h"
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

// A seal's words are sure from here.
constexpr double kSealSure = 0.9;
// What was not found by its own label is not worth a second look.
constexpr double kWorthAsking = 0.5;

Quad place_of(const std::vector<Sign>& signs) {
  Box box = signs.front().box();
  for (const Sign& sign : signs) box = joined(box, sign.box());
  return Quad::of(box);
}

bool is_key(ValueType type) {
  return type == ValueType::id18 || type == ValueType::money || type == ValueType::date ||
         type == ValueType::name;
}

/// Turns what was found into fields, and asks for a second opinion where it matters.
class Writer {
 public:
  Writer(const FieldConfidence& confidence, const ClassifiedPage& page,
         const Extractor::SecondOpinion& second_opinion)
      : confidence_(confidence), page_(page), second_opinion_(second_opinion) {}

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
    const Traits traits =
        traits_of(description, fitted, {score, handwritten, row >= 0}, page_.recognized);
    field.traits.assign(traits.begin(), traits.end());
    field.confidence = confidence_.of(traits);
    field.unsure = field.confidence < confidence_.sure_from();
    // Of an amount that lost its end a second reading only says that its rest was read well.
    const bool cut_off = description.type == ValueType::money &&
                         field.validity == FieldValidity::suspicious && !shows_fen(field.raw);
    if (field.unsure && !cut_off && score >= kWorthAsking && is_key(description.type)) {
      ask(description, field);
    }
    // Handwriting is outside what is trusted to a machine (DA/T 77): what must be known of a
    // dossier goes to a person.
    if (handwritten && description.required) field.unsure = true;
    fields.push_back(std::move(field));
  }

  std::vector<ExtractedField> fields;

 private:
  void ask(const FieldDescription& description, ExtractedField& field) const {
    if (!second_opinion_) return;
    const std::string opinion = second_opinion_(page_.recognized.clean, field.quad);
    if (!opinion.empty() && normalised(description, opinion) == field.value) {
      field.unsure = false;
      field.confidence = std::max(field.confidence, confidence_.sure_from());
    }
  }

  const FieldConfidence& confidence_;
  const ClassifiedPage& page_;
  const Extractor::SecondOpinion& second_opinion_;
};

}  // namespace

struct Extractor::Impl {
  const LabelBook& book;
  const SealOwners owners;
  const FieldConfidence confidence;
  std::vector<FormTools> tools;

  Impl(const LabelBook& labels, const FormCatalogue& catalogue)
      : book(labels), owners(catalogue.seal_owners()), confidence(catalogue.field_confidence()) {}
};

Extractor::Extractor(const FormCatalogue& catalogue, const LabelBook& book)
    : impl_(std::make_unique<Impl>(book, catalogue)) {
  for (int i = 0; i < static_cast<int>(book.forms().size()); ++i) {
    impl_->tools.push_back(tools_of(*book.forms()[static_cast<std::size_t>(i)], i));
  }
}

Extractor::~Extractor() = default;

namespace {

/// Where most amounts of a page show fen, one without lost digits or its point.
void doubt_lost_fen(const FormDescription& form, std::vector<SingleValue>& values) {
  const auto is_money = [&](const SingleValue& value) {
    return form.fields[static_cast<std::size_t>(value.field)].type == ValueType::money;
  };
  const auto all = std::ranges::count_if(values, is_money);
  const auto with_fen = std::ranges::count_if(values, [&](const SingleValue& value) {
    return is_money(value) && shows_fen(value.fitted.raw);
  });
  if (with_fen * 2 <= all) return;
  for (SingleValue& value : values) {
    if (!is_money(value) || shows_fen(value.fitted.raw)) continue;
    value.fitted.validity = FieldValidity::suspicious;
    value.fitted.problem = "money decimals";
  }
}

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
    field.unsure = surest->confidence < kSealSure;
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
  Writer writer(impl_->confidence, page, ask);
  std::set<int> tabled;
  for (const TableValue& value : table.values) tabled.insert(value.field);
  const PageView view{blocks, hits, impl_->book, running, pixels, table.taken, tabled};
  std::vector<SingleValue> singles = single_values(tools, view);
  doubt_lost_fen(form, singles);
  for (const SingleValue& value : singles) {
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
