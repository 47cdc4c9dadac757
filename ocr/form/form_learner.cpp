#include "ocr/form_learner.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/citizen_id.h"
#include "core/utf8.h"
#include "ocr/form/fit.h"
#include "ocr/form/fold.h"
#include "ocr/form/label_book.h"
#include "ocr/form/sheet.h"
#include "ocr/form/title.h"

namespace archive {
namespace form {
namespace {

constexpr double kSamePaperShare = 0.6;  // of the characters of one page's labels on the other
constexpr double kSameTitle = 0.8;
constexpr std::size_t kMarksMax = 8;
constexpr std::size_t kMarkLengthMin = 4, kMarkLengthMax = 24;

/// A label of a page with every value it has there.
struct SampleLabel {
  std::u32string text;  // folded, undecorated
  std::string printed;
  std::vector<std::string> values;
};

struct Sample {
  std::vector<SampleLabel> labels;  // in reading order
  std::set<std::u32string> lines;   // folded
  std::u32string text;              // of all lines
  std::vector<TitleLine> titles;
};

std::u32string bare(std::string_view label) {
  return std::u32string(without_decoration(folded(label)));
}

Sample sample_of(const SamplePage& page) {
  Sample sample;
  RecognizedPage read;
  read.lines = page.lines;
  read.clean.pixels.width = page.width;
  read.clean.pixels.height = page.height;
  for (const TextLine& line : page.lines) {
    if (line.kind == LineKind::seal) continue;
    sample.lines.insert(folded(line.text));
    sample.text += folded(line.text);
  }
  sample.titles = title_lines(sheet_of(read));
  const Quad* before = nullptr;
  for (const LabelledValue& pair : page.pairs) {
    std::u32string text = bare(pair.label);
    if (text.size() < 2) continue;
    // Several values of one label follow each other.
    const bool same = before != nullptr && *before == pair.label_quad && !sample.labels.empty() &&
                      sample.labels.back().text == text;
    if (!same) sample.labels.push_back({text, pair.label, {}});
    sample.labels.back().values.push_back(pair.value);
    before = &pair.label_quad;
  }
  return sample;
}

/// How many of a page's labels stand on another page, weighed by their length: every
/// paper has a 姓名.
struct Shared {
  int labels = 0, of = 0;
  double share = 0;
};

Shared shared(const Sample& sample, const Sample& other) {
  Shared result;
  double found = 0, all = 0;
  for (const SampleLabel& label : sample.labels) {
    const auto weight = static_cast<double>(label.text.size() - 1);
    all += weight;
    ++result.of;
    if (other.text.find(label.text) == std::u32string::npos) continue;
    found += weight;
    ++result.labels;
  }
  result.share = all > 0 ? found / all : 0;
  return result;
}

double alike(std::u32string_view a, std::u32string_view b) {
  constexpr int kEditsMax = 7;
  const std::size_t longest = std::max<std::size_t>(1, std::max(a.size(), b.size()));
  return 1 - static_cast<double>(edit_distance(a, b, kEditsMax)) / static_cast<double>(longest);
}

// -- Types -------------------------------------------------------------------

/// What a value is when all of it is that.
std::optional<Fitted> whole(ValueType type, std::string_view text) {
  FieldDescription probe;
  probe.type = type;
  const std::vector<Sign> signs = certain_signs(text);
  std::optional<Fitted> fitted = fit(probe, signs);
  const bool all = fitted && fitted->signs.size() == signs.size() && fitted->fit >= 0.9 &&
                   fitted->validity == FieldValidity::valid;
  return all ? fitted : std::nullopt;
}

bool is_phone(std::string_view text) {
  const auto fitted = whole(ValueType::phone, text);
  if (!fitted) return false;
  const bool mobile = fitted->value.size() == 11 && fitted->value.front() == '1';
  return mobile || (fitted->value.front() == '0' && fitted->value.size() >= 10);
}

/// 4,685.50 and 20元, but not 20: that may be a number of anything.
bool is_amount(std::string_view text) {
  FieldDescription probe;
  probe.type = ValueType::money;
  const auto fitted = fit(probe, certain_signs(text));
  const std::u32string folded_text = folded(text);
  const bool unit = folded_text.ends_with(U"元") || folded_text.find(U'¥') != std::u32string::npos;
  const bool cents = folded_text.size() > 3 && folded_text[folded_text.size() - 3] == U'.';
  return fitted && fitted->fit >= 0.9 && (unit || cents);
}

struct TypeTest {
  ValueType type;
  bool (*holds)(std::string_view text);
};

/// In the order in which they are asked: what is checked by a sum comes first.
constexpr std::array kTypeTests = {
    TypeTest{ValueType::id18,
             [](std::string_view t) { return whole(ValueType::id18, t).has_value(); }},
    TypeTest{ValueType::credit_code,
             [](std::string_view t) { return whole(ValueType::credit_code, t).has_value(); }},
    TypeTest{ValueType::date,
             [](std::string_view t) { return whole(ValueType::date, t).has_value(); }},
    TypeTest{ValueType::year_month,
             [](std::string_view t) { return whole(ValueType::year_month, t).has_value(); }},
    TypeTest{ValueType::phone, is_phone},
    TypeTest{ValueType::money, is_amount},
    TypeTest{ValueType::rate,
             [](std::string_view t) {
               return t.ends_with('%') && whole(ValueType::rate, t).has_value();
             }},
    TypeTest{ValueType::integer,
             [](std::string_view t) {
               return t.size() <= 6 && whole(ValueType::integer, t).has_value();
             }},
    TypeTest{ValueType::code,
             [](std::string_view t) { return whole(ValueType::code, t).has_value(); }},
};

ValueType type_of(const std::vector<std::string>& values) {
  for (const TypeTest& test : kTypeTests) {
    if (std::ranges::all_of(values, test.holds)) return test.type;
  }
  return ValueType::text;
}

bool may_be(const FieldDescription& field, const std::vector<std::string>& values) {
  return std::ranges::all_of(values, [&](const std::string& value) {
    const auto fitted = fit(field, certain_signs(value));
    return fitted && fitted->fit >= 0.5 && fitted->signs.size() * 2 >= certain_signs(value).size();
  });
}

// -- Learning ----------------------------------------------------------------

class Learner {
 public:
  Learner(const std::string& doc_type, const std::vector<SamplePage>& pages,
          const FormCatalogue& catalogue)
      : catalogue_(catalogue), book_(catalogue) {
    learned_.form.doc_type = doc_type;
    for (const SamplePage& page : pages) samples_.push_back(sample_of(page));
  }

  Result<LearnedForm, LearnRefusal> learn(const LabelChoice& choice) {
    if (auto refusal = refused()) return Failure{*refusal};
    gather();
    if (auto refusal = choose(choice)) return Failure{*refusal};
    for (const std::u32string& label : order_) add_field(label);
    add_titles();
    add_marks();
    return std::move(learned_);
  }

 private:
  struct Gathered {
    std::string printed;
    std::vector<std::string> values;
    std::set<std::string> different;
    int pages = 0;
    bool row = false;
  };

  using Kind = LearnRefusal::Kind;

  std::optional<LearnRefusal> refused() const {
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (samples_[i].labels.empty()) return LearnRefusal{.kind = Kind::no_pairs, .first = i};
    }
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      for (std::size_t k = 0; k < samples_.size(); ++k) {
        const Shared part = shared(samples_[i], samples_[k]);
        if (part.share >= kSamePaperShare) continue;
        return LearnRefusal{.kind = Kind::other_papers,
                            .first = i,
                            .second = k,
                            .shared = part.labels,
                            .of = part.of};
      }
    }
    return std::nullopt;
  }

  /// The labels of all pages. What was taken for a label but is not printed on every page
  /// is a value.
  void gather() {
    for (const Sample& sample : samples_) {
      std::set<std::u32string> here;
      for (const SampleLabel& label : sample.labels) {
        if (std::ranges::any_of(samples_, [&](const Sample& other) {
              return other.text.find(label.text) == std::u32string::npos;
            })) {
          ++learned_.not_printed;
          continue;
        }
        const auto [place, fresh] = labels_.try_emplace(label.text);
        Gathered& gathered = place->second;
        if (fresh) {
          order_.push_back(label.text);
          gathered.printed = label.printed;
        }
        if (here.insert(label.text).second) ++gathered.pages;
        gathered.row = gathered.row || label.values.size() > 1;
        gathered.values.insert(gathered.values.end(), label.values.begin(), label.values.end());
        std::string together;
        for (const std::string& value : label.values) together += value + '\n';
        gathered.different.insert(together);
      }
    }
  }

  std::optional<LearnRefusal> choose(const LabelChoice& choice) {
    std::set<std::u32string> keep, drop;
    for (const auto& [list, into] : {std::pair{&choice.keep, &keep}, {&choice.drop, &drop}}) {
      for (const std::string& label : *list) {
        if (!labels_.contains(bare(label))) {
          return LearnRefusal{.kind = Kind::no_such_label, .label = label};
        }
        into->insert(bare(label));
      }
    }
    std::erase_if(order_, [&](const std::u32string& label) {
      return drop.contains(label) || (!keep.empty() && !keep.contains(label));
    });
    if (order_.empty()) return LearnRefusal{.kind = Kind::nothing_left};
    return std::nullopt;
  }

  /// The field that most forms have under this label, when the values may be its own.
  const FieldDescription* known_field(const std::u32string& label, const Gathered& gathered) const {
    const int found = book_.exact(label);
    if (found == LabelBook::kNone) return nullptr;
    std::map<std::string, int> forms_with;
    const FieldDescription* best = nullptr;
    for (const LabelUse& use : book_.uses(found)) {
      const FormDescription& form = *book_.forms()[static_cast<std::size_t>(use.form)];
      const FieldDescription& field = form.fields[static_cast<std::size_t>(use.field)];
      const bool free = std::ranges::none_of(
          learned_.form.fields, [&](const auto& other) { return other.id == field.id; });
      if (use.borrowed || !free || !may_be(field, gathered.values)) continue;
      const int count = ++forms_with[field.id];
      if (best == nullptr || count > forms_with[best->id]) best = &field;
    }
    return best;
  }

  void add_field(const std::u32string& label) {
    const Gathered& gathered = labels_.at(label);
    FieldDescription field;
    if (const FieldDescription* known = known_field(label, gathered)) {
      field.id = known->id;
      field.domain = known->domain;
      field.name_en = known->name_en;
      field.type = known->type;
      field.choices = known->choices;
      field.sensitivity = known->sensitivity;
    } else {
      field.id = "field_" + std::to_string(learned_.form.fields.size() + 1);
      field.type = type_of(gathered.values);
      const bool secret = field.type == ValueType::id18 || field.type == ValueType::money;
      field.sensitivity = secret ? "P2" : "P1";
    }
    field.label_zh = utf8(label);
    field.labels = {field.label_zh};
    field.row = gathered.row;
    const bool several = samples_.size() > 1;
    const bool same = several && gathered.pages == static_cast<int>(samples_.size()) &&
                      gathered.different.size() == 1;
    learned_.fields.push_back({field.id, gathered.pages, same});
    learned_.form.fields.push_back(std::move(field));
  }

  bool is_value(const std::u32string& text) const {
    return std::ranges::any_of(labels_, [&](const auto& label) {
      return std::ranges::any_of(label.second.values,
                                 [&](const std::string& value) { return folded(value) == text; });
    });
  }

  /// A line that was filled in is no title, however alike two pages are.
  bool holds_value(const std::u32string& line) const {
    constexpr std::size_t kValueMin = 3;
    return std::ranges::any_of(labels_, [&](const auto& label) {
      return std::ranges::any_of(label.second.values, [&](const std::string& value) {
        const std::u32string text = folded(value);
        return text.size() >= kValueMin &&
               (line.find(text) != std::u32string::npos || text.find(line) != std::u32string::npos);
      });
    });
  }

  bool on_every_page(const std::u32string& line) const {
    return std::ranges::all_of(samples_, [&](const Sample& s) { return s.lines.contains(line); });
  }

  /// The most prominent line that all pages have there and that is no label.
  void add_titles() {
    for (const TitleLine& line : samples_.front().titles) {
      if (labels_.contains(std::u32string(without_decoration(line.text)))) continue;
      if (line.text.find_first_of(U":。,;") != std::u32string::npos || holds_value(line.text)) {
        continue;
      }
      const auto has = [&](const Sample& sample) {
        return std::ranges::any_of(sample.titles, [&](const TitleLine& other) {
          return alike(line.text, other.text) >= kSameTitle;
        });
      };
      if (!std::ranges::all_of(samples_, has)) continue;
      title_ = line.text;
      learned_.form.titles.push_back(line.printed);
      return;
    }
  }

  /// Printed lines that all pages have; of a single page, labels that no other form has:
  /// what else stands there may be somebody's own words.
  void add_marks() {
    std::vector<std::u32string> phrases;
    if (samples_.size() > 1) {
      for (const std::u32string& line : samples_.front().lines) {
        const auto label = labels_.find(std::u32string(without_decoration(line)));
        if (on_every_page(line) && label == labels_.end()) phrases.push_back(line);
      }
    }
    for (const std::u32string& label : order_) {
      if (book_.exact(label) == LabelBook::kNone) phrases.push_back(label);
    }
    for (std::u32string phrase : phrases) {
      while (!phrase.empty() && !is_hanzi(phrase.front())) phrase.erase(phrase.begin());
      if (is_value(phrase)) continue;
      const auto hanzi = static_cast<std::size_t>(std::ranges::count_if(phrase, is_hanzi));
      if (hanzi < kMarkLengthMin || phrase.size() > kMarkLengthMax || phrase == title_) continue;
      if (learned_.form.marks.size() < kMarksMax) learned_.form.marks.push_back(utf8(phrase));
    }
  }

  const FormCatalogue& catalogue_;
  LabelBook book_;
  std::vector<Sample> samples_;
  std::map<std::u32string, Gathered> labels_;
  std::vector<std::u32string> order_;
  std::u32string title_;
  LearnedForm learned_;
};

}  // namespace
}  // namespace form

Result<LearnedForm, LearnRefusal> learn_form(const std::string& doc_type,
                                             const std::vector<SamplePage>& samples,
                                             const LabelChoice& choice,
                                             const FormCatalogue& catalogue) {
  return form::Learner(doc_type, samples, catalogue).learn(choice);
}

}  // namespace archive
