#include "ocr/form/column_content.h"

#include <algorithm>
#include <map>
#include <string>

#include "core/money.h"
#include "core/utf8.h"
#include "ocr/form/doubts.h"
#include "ocr/form/fold.h"
#include "ocr/form/indexing.h"

namespace archive::form {
namespace {

bool proves_itself(ValueType type) {
  return type == ValueType::id18 || type == ValueType::credit_code;
}

class ColumnDoubts {
 public:
  ColumnDoubts(const FormDescription& form, const LabelBook& book, std::vector<TableValue>& values)
      : form_(form), book_(book), values_(values) {}

  /// Where amounts of a column show fen, one without lost digits or its point. A third of them is
  /// enough: a seal damages several, and in a column of whole yuan none has fen.
  void doubt_lost_points() {
    for (int f = 0; f < static_cast<int>(form_.fields.size()); ++f) {
      if (form_.fields[at(f)].type != ValueType::money) continue;
      int all = 0, with_fen = 0;
      for (const TableValue& value : values_) {
        if (value.field != f) continue;
        ++all;
        with_fen += shows_fen(value.fitted.raw) ? 1 : 0;
      }
      for (TableValue& value : values_) {
        if (value.field != f || shows_fen(value.fitted.raw) || with_fen * 3 < all) continue;
        doubt(value, "money decimals");
      }
      doubt_outliers(f);
      doubt_near_misses(f);
    }
  }

  /// Where two texts of a column say the same but for one character, the one that is rarer was
  /// misread, or cut off; and no text has a box to be ticked in its midst.
  void doubt_texts() {
    for (int f = 0; f < static_cast<int>(form_.fields.size()); ++f) {
      if (form_.fields[at(f)].type != ValueType::text || !form_.fields[at(f)].row) continue;
      std::map<std::u32string, int> counts;
      for (const TableValue& value : values_) {
        if (value.field == f && value.row >= 0) ++counts[code_points(value.fitted.value)];
      }
      for (TableValue& value : values_) {
        if (value.field != f || value.row < 0) continue;
        const std::u32string own = code_points(value.fitted.value);
        if (own.find_first_of(U"☑□√") != own.npos) doubt(value, "text with a box");
        const bool rarer = std::ranges::any_of(counts, [&](const auto& other) {
          return other.second > counts[own] && own.size() >= kComparable &&
                 edit_distance(own, other.first, 1) == 1;
        });
        if (rarer) doubt(value, "text nearly as another of its column");
        if (is_misread_title(value, own)) doubt(value, "text nearly as a title");
      }
    }
  }

  /// A total that is the sum of its column was read rightly, and so was the column; any other is
  /// for a person: one of them was misread, or the paper is wrong.
  void check_totals() {
    for (TableValue& total : values_) {
      const std::string& column = form_.fields[at(total.field)].total_of;
      if (total.row >= 0 || column.empty()) continue;
      std::int64_t sum = 0;
      for (const TableValue& value : values_) {
        if (value.row < 0 || form_.fields[at(value.field)].id != column) continue;
        if (const auto money = Money::parse(value.fitted.value)) sum += money->cents();
      }
      const auto own = Money::parse(total.fitted.value);
      total.fitted.confirmed = own && own->cents() == sum;
      if (!total.fitted.confirmed) doubt(total, "money unlike the sum of its column");
    }
  }

 private:
  static constexpr std::size_t kComparable = 4;  // characters: shorter ones are alike by chance

  /// An office may call a paper a little otherwise; then all its characters are sure.
  bool is_misread_title(const TableValue& value, const std::u32string& text) const {
    constexpr std::size_t kTitle = 5;  // characters
    constexpr double kSureSign = 0.97;
    if (text.size() < kTitle || !book_.is_nearly_a_title(text)) return false;
    return std::ranges::any_of(value.fitted.signs,
                               [](const Sign& sign) { return sign.confidence < kSureSign; });
  }

  /// An amount five times as large or small as is usual in its column has lost or gained
  /// a digit more often than not.
  void doubt_outliers(int field) {
    constexpr std::size_t kRowsMin = 5;
    constexpr std::int64_t kTimes = 5;
    std::vector<std::int64_t> cents;
    const auto cents_of = [](const TableValue& value) {
      const auto money = Money::parse(value.fitted.value);
      return money ? money->cents() : 0;
    };
    for (const TableValue& value : values_) {
      if (value.field == field && value.row >= 0) cents.push_back(cents_of(value));
    }
    if (cents.size() < kRowsMin) return;
    std::ranges::sort(cents);
    const std::int64_t usual = cents[cents.size() / 2];
    for (TableValue& value : values_) {
      if (value.field != field || value.row < 0) continue;
      const std::int64_t own = cents_of(value);
      if (own * kTimes >= usual && own <= usual * kTimes) continue;
      doubt(value, "money unlike its column");
    }
  }

  /// Where several amounts of a column are the same, one or two that differ from them in a single
  /// digit were misread, or are wrong on the paper: a person should see them.
  void doubt_near_misses(int field) {
    constexpr int kSameMin = 4, kOddMost = 2;
    std::map<std::string, int> counts;
    for (const TableValue& value : values_) {
      if (value.field == field && value.row >= 0) ++counts[value.fitted.value];
    }
    const auto apart = [](const std::string& x, const std::string& y) {
      int different = 0;
      for (std::size_t i = 0; i < x.size(); ++i) different += x[i] != y[i] ? 1 : 0;
      return different;
    };
    for (TableValue& value : values_) {
      const std::string& own = value.fitted.value;
      if (value.field != field || counts[own] > kOddMost) continue;
      const bool odd = std::ranges::any_of(counts, [&](const auto& other) {
        return other.second >= kSameMin && other.first.size() == own.size() &&
               apart(own, other.first) == 1;
      });
      if (odd) doubt(value, "money nearly as usual in its column");
    }
  }

  static void doubt(TableValue& value, const char* problem) {
    value.fitted.validity = FieldValidity::suspicious;
    value.fitted.problem = problem;
  }

  const FormDescription& form_;
  const LabelBook& book_;
  std::vector<TableValue>& values_;
};

}  // namespace

int self_proving_field(const FormDescription& form, const std::vector<const Block*>& column) {
  constexpr std::ptrdiff_t kLeast = 2;
  for (int f = 0; f < static_cast<int>(form.fields.size()); ++f) {
    const FieldDescription& field = form.fields[at(f)];
    if (!field.row || !proves_itself(field.type)) continue;
    const auto proven = std::ranges::count_if(column, [&](const Block* block) {
      const auto value = fit(field, block->signs);
      return value && value->validity == FieldValidity::valid;
    });
    if (proven >= kLeast && proven * 2 > std::ssize(column)) return f;
  }
  return -1;
}

void doubt_columns(const FormDescription& form, const LabelBook& book,
                   std::vector<TableValue>& values) {
  ColumnDoubts doubts(form, book, values);
  doubts.doubt_lost_points();
  doubts.doubt_texts();
  doubts.check_totals();
}

}  // namespace archive::form
