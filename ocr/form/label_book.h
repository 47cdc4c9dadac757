#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/forms.h"

namespace archive::form {

/// Which field of which form a label stands for.
struct LabelUse {
  int form = 0;           ///< index in LabelBook::forms()
  int field = 0;          ///< index in FormDescription::fields
  int rank = 0;           ///< place in FieldDescription::labels
  bool borrowed = false;  ///< another form's label for the same domain field
};

/// Every label of every form, folded, with what it may stand for. Immutable.
///
/// A label that one form prints for a field of the domain stands for that field on every
/// form that has it once, unless the form uses the label for something else: offices
/// word their forms each in their own way.
class LabelBook {
 public:
  static constexpr int kNone = -1;

  explicit LabelBook(const FormCatalogue& catalogue);

  const std::vector<const FormDescription*>& forms() const { return forms_; }
  /// Index of a form, or kNone.
  int form_of(std::string_view doc_type) const;

  int size() const { return static_cast<int>(labels_.size()); }
  const std::u32string& text(int label) const { return labels_[index(label)].text; }
  /// Empty for labels that stand beside blanks nobody asked for.
  const std::vector<LabelUse>& uses(int label) const { return labels_[index(label)].uses; }
  /// How much it says that a page bears this label: rarer labels say more.
  double weight(int label) const { return labels_[index(label)].weight; }

  /// A label that the configuration writes with a colon: its words are too common to be
  /// believed without one.
  bool needs_colon(int label) const { return labels_[index(label)].needs_colon; }

  int exact(std::u32string_view text) const;
  /// A word that some field may have as its value, such as 男.
  bool is_value(std::u32string_view text) const { return values_.contains(text); }

  struct Match {
    int label = kNone;
    double quality = 0;  ///< 1 exact .. 0
  };
  /// Labels that the whole of a text may be: exactly, with a slip of recognition, or
  /// with a few characters more in front or behind. Best first, at most 6.
  std::vector<Match> whole(std::u32string_view text) const;

  /// Whether a text is a title of papers, or a part of one, but for one character.
  bool is_nearly_a_title(std::u32string_view text) const;

  /// How much a text looks like a label by its shape alone, 0..1.
  double label_likeness(std::u32string_view text) const;

  /// The longest label that begins at a place of the text, or kNone.
  int longest_at(std::u32string_view text, std::size_t begin) const;
  /// The longest label that ends before a place of the text, or kNone.
  int longest_before(std::u32string_view text, std::size_t end) const;

 private:
  struct Label {
    std::u32string text;
    std::vector<LabelUse> uses;
    double weight = 0;
    bool needs_colon = false;
  };

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  int add(std::string_view label);
  void index_labels();
  void lend_labels();
  void add_halves(char32_t half, std::vector<Match>& matches) const;

  std::vector<const FormDescription*> forms_;
  std::vector<Label> labels_;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::u32string_view text) const {
      return std::hash<std::u32string_view>{}(text);
    }
  };

  std::unordered_map<std::u32string, int, TextHash, std::equal_to<>> by_text_;
  std::unordered_map<char32_t, std::vector<int>> by_first_, by_last_;
  std::set<std::u32string, std::less<>> values_;  // options of fields and the like: never labels
  std::vector<std::u32string> endings_;
  std::vector<std::u32string> titles_;
  std::size_t longest_ = 0;
};

/// A text without what decorates a label: a number in front, a colon or brackets at
/// the end, stars. "1.姓名：" and "*姓名(签章)" are both 姓名.
std::u32string_view without_decoration(std::u32string_view text);

}  // namespace archive::form
