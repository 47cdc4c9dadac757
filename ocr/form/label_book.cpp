#include "ocr/form/label_book.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "core/digits.h"
#include "core/utf8.h"
#include "ocr/form/fold.h"

namespace archive::form {
namespace {

constexpr std::size_t kMatchesMax = 6;
constexpr std::size_t kLabelLengthMax = 24;

std::u32string_view without_number(std::u32string_view text) {
  while (!text.empty() && in(U"*★※●◆·#☑□", text.front())) text.remove_prefix(1);
  if (text.size() < 4) return text;
  if (text.front() == U'(' && in(U")", text[2]) &&
      (is_digit(text[1]) || in(U"一二三四五六七八九十", text[1]))) {
    return text.substr(3);
  }
  std::size_t digits = 0;
  while (digits < 2 && (is_digit(text[digits]) || in(U"一二三四五六七八九十", text[digits]))) {
    ++digits;
  }
  if (digits > 0 && in(U"、.,)", text[digits])) return text.substr(digits + 1);
  if (in(U"①②③④⑤⑥⑦⑧⑨⑩", text.front())) return text.substr(1);
  return text;
}

std::u32string_view without_brackets(std::u32string_view text) {
  if (text.empty() || text.back() != U')') return text;
  const auto open = text.rfind(U'(');
  return open == std::u32string_view::npos || open < 2 ? text : text.substr(0, open);
}

/// A digit is no slip of recognition for a hanzi: 件数8 is a label and its value.
bool has_other_digits(std::u32string_view text, std::u32string_view label) {
  return std::ranges::any_of(
      text, [&](char32_t c) { return is_digit(c) && label.find(c) == std::u32string_view::npos; });
}

void keep_best(std::vector<LabelBook::Match>& matches, int label, double quality) {
  for (LabelBook::Match& match : matches) {
    if (match.label == label) {
      match.quality = std::max(match.quality, quality);
      return;
    }
  }
  matches.push_back({label, quality});
}

}  // namespace

std::u32string_view without_decoration(std::u32string_view text) {
  text = without_number(text);
  while (!text.empty() && in(U":;.,、*·", text.back())) text.remove_suffix(1);
  return text;
}

LabelBook::LabelBook(const FormCatalogue& catalogue) {
  for (const auto& [code, form] : catalogue.forms()) {
    const int form_index = static_cast<int>(forms_.size());
    forms_.push_back(&form);
    for (const std::string& title : form.titles) titles_.push_back(folded(title));
    for (int f = 0; f < static_cast<int>(form.fields.size()); ++f) {
      const FieldDescription& field = form.fields[index(f)];
      if (field.type == ValueType::page_stamp) continue;
      for (int rank = 0; rank < static_cast<int>(field.labels.size()); ++rank) {
        const int label = add(field.labels[index(rank)]);
        if (label != kNone) labels_[index(label)].uses.push_back({form_index, f, rank, false});
      }
      for (const std::string& block : field.blocks) add(block);
      for (const std::string& choice : field.choices) values_.insert(folded(choice));
    }
  }
  for (const DocumentType& type : catalogue.types()) {
    titles_.push_back(folded(type.name_zh));
    for (const std::string& alias : type.aliases) titles_.push_back(folded(alias));
  }
  for (const std::string& label : catalogue.other_labels()) add(label);
  for (const std::string& value : catalogue.known_values()) values_.insert(folded(value));
  for (const std::string& ending : catalogue.label_endings()) endings_.push_back(folded(ending));
  index_labels();
  lend_labels();
}

bool LabelBook::is_nearly_a_title(std::u32string_view text) const {
  int nearest = 2;
  for (const std::u32string& title : titles_) {
    if (title.size() + 1 < text.size()) continue;
    nearest = std::min(nearest, edits_to_a_part(text, title));
    if (nearest == 0) break;
  }
  return nearest == 1;
}

void LabelBook::lend_labels() {
  constexpr int kBorrowedRank = 25;
  for (int f = 0; f < static_cast<int>(forms_.size()); ++f) {
    const FormDescription& form = *forms_[index(f)];
    std::map<std::string, std::vector<int>> by_domain;
    for (int i = 0; i < static_cast<int>(form.fields.size()); ++i) {
      by_domain[form.fields[index(i)].domain].push_back(i);
    }
    for (Label& label : labels_) {
      const auto own = [&](const LabelUse& use) { return use.form == f; };
      if (label.uses.empty() || std::ranges::any_of(label.uses, own)) continue;
      const LabelUse& lender = label.uses.front();
      const std::string& domain = forms_[index(lender.form)]->fields[index(lender.field)].domain;
      const auto borrower = by_domain.find(domain);
      if (domain.empty() || borrower == by_domain.end() || borrower->second.size() != 1) continue;
      label.uses.push_back({f, borrower->second.front(), kBorrowedRank, true});
    }
  }
}

int LabelBook::add(std::string_view label) {
  std::u32string text = folded(label);
  const bool colon = text.size() > 1 && text.back() == U':';
  if (colon) text.pop_back();
  if (text.empty() || text.size() > kLabelLengthMax) return kNone;
  const auto [place, fresh] = by_text_.emplace(text, size());
  if (fresh) labels_.push_back({std::move(text), {}, 0, false});
  if (colon) labels_[index(place->second)].needs_colon = true;
  return place->second;
}

void LabelBook::index_labels() {
  for (int i = 0; i < size(); ++i) {
    Label& label = labels_[index(i)];
    longest_ = std::max(longest_, label.text.size());
    by_first_[label.text.front()].push_back(i);
    by_last_[label.text.back()].push_back(i);
    std::set<int> forms;
    for (const LabelUse& use : label.uses) forms.insert(use.form);
    if (!forms.empty()) {
      label.weight =
          std::log(1 + static_cast<double>(forms_.size()) / static_cast<double>(forms.size()));
    }
  }
}

int LabelBook::form_of(std::string_view doc_type) const {
  const auto found =
      std::ranges::find_if(forms_, [&](const auto* form) { return form->doc_type == doc_type; });
  return found == forms_.end() ? kNone : static_cast<int>(found - forms_.begin());
}

int LabelBook::exact(std::u32string_view text) const {
  const auto found = by_text_.find(text);
  return found == by_text_.end() ? kNone : found->second;
}

std::vector<LabelBook::Match> LabelBook::whole(std::u32string_view text) const {
  std::vector<Match> matches;
  const std::u32string_view core = without_decoration(text);
  if (core.empty() || core.size() > kLabelLengthMax + 8 || values_.contains(core)) return matches;
  if (const int label = exact(core); label != kNone) keep_best(matches, label, 1);
  const std::u32string_view bare = without_decoration(without_brackets(core));
  if (bare.size() < core.size()) {
    if (const int label = exact(bare); label != kNone) keep_best(matches, label, 0.97);
  }
  std::u32string joined;
  std::ranges::copy_if(core, std::back_inserter(joined),
                       [](char32_t c) { return c != U'(' && c != U')'; });
  if (joined.size() < core.size()) {
    if (const int label = exact(joined); label != kNone) keep_best(matches, label, 0.97);
  }
  // A slip of recognition in a label of three characters or more.
  if (matches.empty() && bare.size() >= 3 && bare.size() <= kLabelLengthMax) {
    const int limit = bare.size() >= 7 ? 2 : 1;
    std::set<int> near;
    for (const auto* part : {&by_first_, &by_last_}) {
      const auto found = part->find(part == &by_first_ ? bare.front() : bare.back());
      if (found != part->end()) near.insert(found->second.begin(), found->second.end());
    }
    for (int label : near) {
      if (this->text(label).size() < 3 || has_other_digits(bare, this->text(label))) continue;
      const int edits = edit_distance(bare, this->text(label), limit);
      if (edits > limit) continue;
      // Of three characters two are hardly a proof: only a colon makes them a label.
      const double sure = bare.size() == 3 ? 0.75 : 0.92;
      keep_best(matches, label, sure - 0.5 * edits / static_cast<double>(bare.size()));
    }
  }
  if (core.size() == 1 && is_hanzi(core.front())) add_halves(core.front(), matches);
  // More words around it: 原单位名称, 退休人员姓名.
  const bool figures = std::ranges::any_of(bare, is_digit);
  for (std::size_t cut = 1; !figures && cut + 2 <= bare.size() && cut <= 6; ++cut) {
    const double share = static_cast<double>(bare.size() - cut) / static_cast<double>(bare.size());
    // 男民族 is no label, but the value of one and another label.
    const bool value_in_front = values_.contains(bare.substr(0, cut));
    if (const int label = exact(bare.substr(cut)); label != kNone && !value_in_front) {
      keep_best(matches, label, 0.45 + 0.4 * share);
    }
    if (const int label = exact(bare.substr(0, bare.size() - cut)); label != kNone) {
      keep_best(matches, label, 0.4 + 0.35 * share);
    }
  }
  std::ranges::stable_sort(matches, std::greater{}, &Match::quality);
  if (matches.size() > kMatchesMax) matches.resize(kMatchesMax);
  return matches;
}

double LabelBook::label_likeness(std::u32string_view text) const {
  constexpr std::size_t kLong = 14;
  const bool colon = !text.empty() && text.back() == U':';
  const std::u32string_view core = without_decoration(text);
  if (core.size() < 2 || core.size() > kLong || values_.contains(core)) return 0.05;
  const std::vector<Match> matches = whole(text);
  if (!matches.empty() && matches.front().quality > 0.9) return 0.97;
  const auto figures =
      std::ranges::count_if(core, [](char32_t c) { return is_digit(c) || is_latin(c); });
  if (figures > 0) return colon ? 0.5 : 0.05;
  if (colon) return 0.9;
  if (!matches.empty() && matches.front().quality > 0.7) return 0.8;
  const std::u32string_view bare = without_brackets(core);
  for (const std::u32string& ending : endings_) {
    if (bare.ends_with(ending)) return 0.7;
  }
  return core.size() <= 8 ? 0.3 : 0.15;
}

/// Of a label of two characters one may be lost: 业 is what is left of 职　业.
void LabelBook::add_halves(char32_t half, std::vector<Match>& matches) const {
  for (const auto* part : {&by_first_, &by_last_}) {
    const auto found = part->find(half);
    if (found == part->end()) continue;
    for (int label : found->second) {
      if (text(label).size() == 2 && !uses(label).empty()) keep_best(matches, label, 0.64);
    }
  }
}

int LabelBook::longest_at(std::u32string_view text, std::size_t begin) const {
  for (std::size_t length = std::min(longest_, text.size() - begin); length >= 2; --length) {
    if (const int label = exact(text.substr(begin, length)); label != kNone) return label;
  }
  return kNone;
}

int LabelBook::longest_before(std::u32string_view text, std::size_t end) const {
  for (std::size_t length = std::min(longest_, end); length >= 2; --length) {
    if (const int label = exact(text.substr(end - length, length)); label != kNone) return label;
  }
  return kNone;
}

}  // namespace archive::form
