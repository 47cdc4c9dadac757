#include "ocr/form/classifier.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "config/pattern.h"
#include "core/utf8.h"
#include "ocr/form/blocks.h"
#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"
#include "ocr/form/label_hits.h"
#include "ocr/form/title.h"

namespace archive::form {
namespace {

constexpr double kTitleWeight = 1.0;
constexpr double kLabelWeight = 1.1;
constexpr double kMarkWeight = 0.8;
constexpr double kScoreMin = 0.36;   // less is no type
constexpr double kMarginMin = 0.04;  // nor is a draw

std::u32string without_brackets(const std::u32string& text) {
  std::u32string bare;
  int depth = 0;
  for (char32_t c : text) {
    if (c == U'(') ++depth;
    if (depth == 0) bare += c;
    if (c == U')' && depth > 0) --depth;
  }
  return bare;
}

/// Length of the longest common subsequence: words put in between cost little.
int common(std::u32string_view a, std::u32string_view b) {
  std::vector<int> row(b.size() + 1, 0);
  for (char32_t c : a) {
    int diagonal = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int above = row[j];
      row[j] = c == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.size()];
}

double similarity(std::u32string_view a, std::u32string_view b) {
  if (a.empty() || b.empty()) return 0;
  return 2.0 * common(a, b) / static_cast<double>(a.size() + b.size());
}

/// What makes a page of no type foreign to the dossiers: it is not in Chinese, or holds a picture
/// and hardly a word. Empty for a paper of ours that was not recognised.
std::string foreign_by(std::u32string_view text) {
  constexpr std::ptrdiff_t kFew = 12;  // hanzi and letters
  constexpr double kHanziShare = 0.3;
  const auto hanzi = std::ranges::count_if(text, is_hanzi);
  const auto latin = std::ranges::count_if(text, is_latin);
  if (hanzi + latin < kFew) return "foreign:picture";
  const bool other_language =
      static_cast<double>(hanzi) < kHanziShare * static_cast<double>(hanzi + latin);
  return other_language ? "foreign:language" : "";
}

struct KnownType {
  std::string code;
  int priority = 100;
  std::optional<Pattern> title;
  std::vector<std::u32string> titles;
  std::vector<std::u32string> marks, anti_marks;
  int form = LabelBook::kNone;
  double labels_all = 0;  // weight of every label of the form
};

struct Scored {
  const KnownType* type = nullptr;
  double title = 0, labels = 0, marks = 0;
  int labels_found = 0;
  std::u32string title_text;
  std::string title_printed;
  double total() const {
    return kTitleWeight * title + kLabelWeight * labels + kMarkWeight * marks;
  }
};

/// What a page says, gathered once for all types.
struct Evidence {
  std::vector<TitleLine> titles;
  std::map<int, std::map<int, double>> fields_by_form;  // form -> field -> weight found
  double labels_on_page = 0;
  std::u32string text;
};

}  // namespace

struct Classifier::Impl {
  const LabelBook& book;
  std::vector<KnownType> types;
  std::vector<std::u32string> separator_titles;

  explicit Impl(const LabelBook& labels) : book(labels) {}

  Evidence evidence_of(const Sheet& sheet) const;
  void add_labels(const Sheet& sheet, Evidence& evidence) const;
  Scored scored(const KnownType& type, const Evidence& evidence) const;
  void score_title(const KnownType& type, const Evidence& evidence, Scored& scored) const;
  void settle_titles(std::vector<Scored>& all) const;
  bool is_separator(const RecognizedPage& page, const Evidence& evidence) const;
};

Classifier::Classifier(const FormCatalogue& catalogue, const LabelBook& book)
    : impl_(std::make_unique<Impl>(book)) {
  for (const DocumentType& type : catalogue.types()) {
    if (type.code == FormCatalogue::kUnknown) continue;
    KnownType known;
    known.code = type.code;
    known.priority = type.priority;
    if (!type.title_regex.empty()) known.title = Pattern::compile(type.title_regex);
    known.titles.push_back(folded(type.name_zh));
    for (const std::string& alias : type.aliases) known.titles.push_back(folded(alias));
    if (const FormDescription* form = catalogue.form(type.code)) {
      for (const std::string& title : form->titles) known.titles.push_back(folded(title));
      for (const std::string& mark : form->marks) known.marks.push_back(folded(mark));
      for (const std::string& mark : form->anti_marks) known.anti_marks.push_back(folded(mark));
      known.form = book.form_of(type.code);
      for (const FieldDescription& field : form->fields) {
        double most = 0;
        for (const std::string& label : field.labels) {
          const int found = book.exact(folded(label));
          if (found != LabelBook::kNone) most = std::max(most, book.weight(found));
        }
        if (field.type != ValueType::mark) known.labels_all += most;
      }
    }
    impl_->types.push_back(std::move(known));
  }
  if (const FormDescription* form = catalogue.form(FormCatalogue::kSeparator)) {
    for (const std::string& title : form->titles) {
      impl_->separator_titles.push_back(folded(title));
    }
  }
}

Classifier::~Classifier() = default;

void Classifier::Impl::add_labels(const Sheet& sheet, Evidence& evidence) const {
  const Blocks blocks = blocks_of(sheet, RuledLines(), book);
  const LabelHits hits(blocks, book);
  std::set<int> seen;
  for (const LabelHit& hit : hits.all()) {
    if (!hit.whole && !hit.colon && hit.quality < 0.75) continue;
    double most = 0;
    for (const LabelBook::Match& match : hit.matches) {
      if (match.quality < 0.8) continue;
      for (const LabelUse& use : book.uses(match.label)) {
        if (use.borrowed) continue;
        double& found = evidence.fields_by_form[use.form][use.field];
        found = std::max(found, book.weight(match.label) * match.quality);
      }
      if (seen.insert(match.label).second) most = std::max(most, book.weight(match.label));
    }
    evidence.labels_on_page += most;
  }
}

Evidence Classifier::Impl::evidence_of(const Sheet& sheet) const {
  Evidence evidence;
  evidence.titles = title_lines(sheet);
  add_labels(sheet, evidence);
  std::vector<int> all;
  for (int i = 0; i < static_cast<int>(sheet.pieces.size()); ++i) all.push_back(i);
  for (const auto& row : rows_of(sheet.pieces, all)) {
    for (int i : row) evidence.text += sheet.pieces[at(i)].text;
  }
  return evidence;
}

void Classifier::Impl::score_title(const KnownType& type, const Evidence& evidence,
                                   Scored& result) const {
  for (const TitleLine& line : evidence.titles) {
    const std::u32string bare = without_brackets(line.text);
    double match = 0;
    if (type.title && (type.title->found_in(utf8(line.text)) || type.title->found_in(utf8(bare)))) {
      match = 0.8;
    }
    for (const std::u32string& title : type.titles) {
      const double alike = std::max(similarity(line.text, title), similarity(bare, title));
      if (alike > 0.72) match = std::max(match, alike > 0.99 ? 1.0 : 0.9 * alike);
    }
    // Long rows of running text name other papers; a title says little else.
    if (match < 0.9 && line.text.size() > 24) match *= 0.5;
    const double score = match * (0.25 + 0.75 * line.prominence);
    if (score > result.title) {
      result.title = score;
      result.title_text = line.text;
      result.title_printed = line.printed;
    }
  }
}

Scored Classifier::Impl::scored(const KnownType& type, const Evidence& evidence) const {
  Scored result;
  result.type = &type;
  score_title(type, evidence, result);
  const auto fields = evidence.fields_by_form.find(type.form);
  if (fields != evidence.fields_by_form.end() && type.labels_all > 0) {
    double found = 0;
    for (const auto& [field, weight] : fields->second) found += weight;
    result.labels_found = static_cast<int>(fields->second.size());
    // A cosine: many of the form's labels, and few that are foreign to it. A handful of
    // labels on a page full of text says little.
    const double enough = std::min(1.0, found / 6.0);
    result.labels =
        enough * found / std::sqrt(type.labels_all * std::max(evidence.labels_on_page, found));
  }
  double marks = 0;
  for (const std::u32string& mark : type.marks) {
    if (evidence.text.find(mark) != std::u32string::npos) marks += 1;
  }
  if (!type.marks.empty()) {
    const double wanted = std::min<double>(static_cast<double>(type.marks.size()), 5);
    result.marks = std::min(1.0, marks / wanted);
  }
  for (const std::u32string& mark : type.anti_marks) {
    if (evidence.text.find(mark) != std::u32string::npos) result.marks -= 0.15;
  }
  return result;
}

/// One title finds several types by its words: the type of the lowest priority number,
/// or the one that knows the whole title, keeps it.
void Classifier::Impl::settle_titles(std::vector<Scored>& all) const {
  for (Scored& one : all) {
    if (one.title_text.empty()) continue;
    for (const Scored& other : all) {
      if (&other == &one || other.title_text != one.title_text) continue;
      const bool worse =
          other.title > one.title + 0.02 ||
          (other.title > one.title - 0.02 && other.type->priority < one.type->priority);
      if (worse) {
        one.title *= 0.8;
        break;
      }
    }
  }
}

bool Classifier::Impl::is_separator(const RecognizedPage& page, const Evidence& evidence) const {
  for (const MachineCode& code : page.clean.codes) {
    if (code.text.starts_with("DA|") || code.symbology == "PATCH") return true;
  }
  for (const TitleLine& line : evidence.titles) {
    if (line.prominence < 0.5) continue;
    for (const std::u32string& title : separator_titles) {
      if (similarity(line.text, title) > 0.85) return true;
    }
  }
  return false;
}

Verdict Classifier::classify(const RecognizedPage& page) const {
  Verdict verdict;
  const Sheet sheet = sheet_of(page);
  const Evidence evidence = impl_->evidence_of(sheet);
  if (impl_->is_separator(page, evidence)) {
    verdict.kind = PageKind::separator;
    verdict.confidence = page.clean.codes.empty() ? 0.9 : 0.99;
    if (!evidence.titles.empty()) verdict.title = evidence.titles.front().printed;
    verdict.evidence.emplace_back(page.clean.codes.empty() ? "title" : "code");
    return verdict;
  }
  if (page.clean.blank) {
    verdict.kind = PageKind::blank;
    verdict.confidence = 0.95;
    return verdict;
  }
  std::vector<Scored> all;
  for (const KnownType& type : impl_->types) all.push_back(impl_->scored(type, evidence));
  impl_->settle_titles(all);
  std::ranges::sort(all, [](const Scored& a, const Scored& b) { return a.total() > b.total(); });

  const double best = all.empty() ? 0 : all[0].total();
  const double margin = all.size() < 2 ? best : best - all[1].total();
  if (best < kScoreMin || margin < kMarginMin) {
    verdict.doc_type = FormCatalogue::kUnknown;
    verdict.confidence = std::clamp(0.9 - best, 0.2, 0.9);
    if (std::string foreign = foreign_by(evidence.text); !foreign.empty()) {
      verdict.evidence.push_back(std::move(foreign));
    }
    return verdict;
  }
  const Scored& winner = all[0];
  verdict.doc_type = winner.type->code;
  verdict.confidence = 1 / (1 + std::exp(-(4 * best + 6 * margin - 3)));
  if (winner.title > 0.3) {
    verdict.title = winner.title_printed;
    verdict.evidence.push_back("title:" + utf8(winner.title_text));
  }
  if (winner.labels_found > 0) {
    verdict.evidence.push_back("labels:" + std::to_string(winner.labels_found));
  }
  if (winner.marks > 0) {
    verdict.evidence.push_back("marks:" + std::to_string(static_cast<int>(winner.marks * 100)) +
                               "%");
  }
  return verdict;
}

}  // namespace archive::form
