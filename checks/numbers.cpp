#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "checks/rule_groups.h"
#include "checks/subject.h"
#include "checks/wording.h"
#include "core/credit_code.h"
#include "core/width.h"

// V01-V07: numbers that carry a check of their own or a fixed form. Paper can be wrong and so can
// reading; what the rest of the dossier says of the same number tells which.

namespace archive {
namespace {

/// One printed value and everywhere it stands: a number that is wrong on four pages of an item
/// is one finding.
struct Printed {
  std::vector<FindingPlace> places;
  const PageFact* page = nullptr;
  std::string field;
  std::string expected;
};

class NumberRules {
 public:
  NumberRules(const Subject& subject, Findings& findings)
      : subject_(subject), view_(subject.view()), tables_(subject.tables()), findings_(findings) {}

  void run() {
    for (const PageFact& page : view_.facts().pages) {
      if (page.set_aside || page.kind != PageKind::content) continue;
      if (const FormDescription* form = tables_.forms.form(page.doc_type)) look_at(page, *form);
    }
    for (const auto& [rule, numbers] : numbers_) report(rule);
  }

 private:
  static constexpr std::size_t kNumbersMost = 200;  // of one rule in a dossier

  void look_at(const PageFact& page, const FormDescription& form) {
    const PageValues& values = view_.values(page);
    for (const FieldDescription& field : form.fields) {
      if (field.type == ValueType::id18) {
        each(values, field, [&](const FieldFact& fact) { citizen_number(page, fact); });
      } else if (field.type == ValueType::credit_code) {
        each(values, field, [&](const FieldFact& fact) { unit_number(page, fact); });
      }
    }
    for (const auto& [doc_type, field, rule] : kSingle) {
      const FieldFact* fact = doc_type == page.doc_type ? values.believed(field) : nullptr;
      if (fact != nullptr) (this->*rule)(page, *fact);
    }
  }

  template <class Rule>
  static void each(const PageValues& values, const FieldDescription& field, Rule rule) {
    if (!field.row) {
      if (const FieldFact* fact = values.believed(field.id)) rule(*fact);
      return;
    }
    for (const int row : values.rows()) {
      if (const FieldFact* fact = values.believed(field.id, row)) rule(*fact);
    }
  }

  void citizen_number(const PageFact& page, const FieldFact& fact) {
    const auto id = CitizenId::parse(fact.value);
    if (id) {
      if (!tables_.regions.knows(id->region())) add("V02", page, fact, "");
      return;
    }
    // Digits too many or too few were lost by the reader rather than the writer, unless a person
    // says so, and a number of fifteen whose century is open is no fault.
    if (id.error() == CitizenIdFault::length &&
        !(fact.by_person && is_nearly_as_long(fact.value))) {
      return;
    }
    if (id.error() == CitizenIdFault::century) return;
    const std::string meant = meant_number(fact);
    const bool doubted =
        meant.empty() ? !is_beyond_doubt(fact, tables_) : likelier_misread(fact, meant, tables_);
    if (doubted && times_printed(fact) < 2) return;
    add("V01", page, fact, meant.empty() ? with_right_check(fact.value) : meant);
  }

  /// Papers of other kinds than identity cards have numbers too: they have letters, or are shorter.
  static bool is_nearly_as_long(const std::string& number) {
    const bool digits = std::ranges::all_of(
        number, [](char c) { return (c >= '0' && c <= '9') || c == 'X' || c == 'x'; });
    return digits && number.size() >= 14 && number.size() <= 20;
  }

  /// The number of the dossier's person, when the printed one is close to it.
  std::string meant_number(const FieldFact& fact) const {
    constexpr int kClose = 2;
    if (fact.field != "id_number" || fact.row >= 0 || !subject_.id()) return {};
    const std::string own = subject_.id()->text();
    return characters_apart(fact.value, own) <= kClose ? own : std::string();
  }

  static std::string with_right_check(const std::string& number) {
    const std::string body = number.substr(0, number.size() - 1);
    const bool digits = std::ranges::all_of(body, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || body.size() != 17) return {};
    const std::string right = body + CitizenId::check_character(body);
    return CitizenId::parse(right) ? right : std::string();
  }

  /// Two readings that err in the same way are rarer than a misprint that two papers share.
  int times_printed(const FieldFact& printed) {
    if (times_.empty()) {
      for (const PageFact& page : view_.facts().pages) {
        if (const FieldFact* fact = view_.values(page).believed("id_number")) ++times_[fact->value];
      }
    }
    const auto found = times_.find(printed.value);
    return found == times_.end() ? 0 : found->second;
  }

  void unit_number(const PageFact& page, const FieldFact& fact) {
    std::string bare = half_width(fact.value);
    std::erase(bare, '-');
    const bool organisation = bare.size() == 9;
    if (bare.size() != 18 && !organisation) return;
    if (organisation ? OrganisationCode::parse(bare).has_value()
                     : CreditCode::parse(bare).has_value()) {
      return;
    }
    if (!is_beyond_doubt(fact, tables_) || (!organisation && right_but_for_a_likeness(bare)))
      return;
    add(organisation ? "V04" : "V03", page, fact, "");
  }

  /// True when the check holds once a character is taken for the one it is confused with.
  static bool right_but_for_a_likeness(std::string code) {
    constexpr std::array<std::string_view, 8> kAlike = {"8B", "0DQ", "6G", "1T",
                                                        "2Z", "5S",  "4A", "UV"};
    for (char& c : code) {
      const char read = c;
      for (const std::string_view alike : kAlike) {
        if (alike.find(read) == std::string_view::npos) continue;
        for (const char other : alike) {
          c = other;
          if (other != read && CreditCode::parse(code)) return true;
        }
      }
      c = read;
    }
    return false;
  }

  /// Only on the copy of a card: the account on other papers may be that of a passbook.
  void card_number(const PageFact& page, const FieldFact& fact) {
    const std::string& digits = fact.value;
    const bool all_digits =
        std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!all_digits || digits.size() < 16 || digits.size() > 19 || !is_beyond_doubt(fact, tables_))
      return;
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const int digit = digits[digits.size() - 1 - i] - '0';
      const int twice = digit * 2;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    if (sum % 10 != 0) add("V05", page, fact, "");
  }

  void archive_number(const PageFact& page, const FieldFact& fact) {
    const bool known = std::ranges::any_of(
        tables_.archive_numbers, [&fact](const Pattern& p) { return p.found_in(fact.value); });
    if (!known && is_beyond_doubt(fact, tables_)) add("V06", page, fact, "");
  }

  void social_card(const PageFact& page, const FieldFact& fact) {
    const auto least = tables_.parameters.always({"card_number_least"});
    const auto most = tables_.parameters.always({"card_number_most"});
    if (!least || !most) return;
    const auto length = static_cast<std::int64_t>(fact.value.size());
    if (length < least->whole() || length > most->whole()) add("V07", page, fact, "");
  }

  void add(const char* rule, const PageFact& page, const FieldFact& fact, std::string expected) {
    auto& numbers = numbers_[rule];
    if (numbers.size() >= kNumbersMost && !numbers.contains(fact.value)) return;
    Printed& printed = numbers[fact.value];
    if (printed.page == nullptr) {
      printed.page = &page;
      printed.field = fact.field;
      printed.expected = std::move(expected);
    }
    printed.places.push_back(place_of(page, fact));
  }

  void report(const std::string& rule) {
    for (const auto& [value, printed] : numbers_.at(rule)) {
      const bool own = printed.field == "id_number" && printed.places.front().row < 0;
      const bool no_number = rule == "V01" && printed.expected.empty();
      findings_.add(rule, no_number ? "shape" : "", printed.places, printed.expected,
                    words_for(tables_, *printed.page, printed.field),
                    own ? subject_.persons() : std::vector<std::string>{value});
    }
  }

  /// Numbers that stand on one paper only.
  struct Single {
    std::string_view doc_type, field;
    void (NumberRules::*rule)(const PageFact&, const FieldFact&);
  };
  static const std::array<Single, 3> kSingle;

  const Subject& subject_;
  const DossierView& view_;
  const CheckTables& tables_;
  Findings& findings_;
  std::map<std::string, int> times_;  // how often each citizen number is printed
  std::map<std::string, std::map<std::string, Printed>> numbers_;  // by rule, by value
};

const std::array<NumberRules::Single, 3> NumberRules::kSingle = {{
    {"DT42", "bank_account", &NumberRules::card_number},
    {"DT01", "dossier_no", &NumberRules::archive_number},
    {"DT47", "card_no", &NumberRules::social_card},
}};

}  // namespace

void check_numbers(const Subject& subject, Findings& findings) {
  NumberRules(subject, findings).run();
}

}  // namespace archive
