#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/forms.h"
#include "config/table_path.h"
#include "core/decimal.h"

// Rules of one shape, as data: sums, values that are equal on several papers, orders in time.

namespace archive {

/// A field of a form.
struct FieldPlace {
  std::string doc_type;
  std::string field;
  bool row = false;  ///< repeats in the rows of a table
};

/// A printed total and what it is the sum of, on one page (sums.csv).
struct SumRule {
  struct Part {
    FieldPlace place;
    bool may_lack = false;  ///< an empty blank counts as nothing
  };
  std::string rule, variant;
  FieldPlace total;
  std::vector<Part> parts;
  Decimal tolerance;
};

/// How values of several papers are compared.
enum class Likeness {
  exact,   ///< sign by sign, as normalised
  amount,  ///< as numbers
  text,    ///< without blanks, brackets, traditional forms
  name,    ///< as a text, of which a character or two may differ: the name of an office
};

/// A fact that several papers print and that must be the same on all of them (equal_values.csv).
struct EqualRule {
  std::string rule, variant;
  std::vector<FieldPlace> places;
  Likeness likeness = Likeness::exact;
};

/// One date that comes before another, by so many months at least (orders.csv).
struct OrderRule {
  std::string rule, variant;
  bool birth = false;  ///< the earlier one is the birth date of the dossier's person
  std::vector<FieldPlace> earlier;
  std::vector<FieldPlace> later;
  int months_least = 0;
  bool same_page = false;  ///< both stand on one page
};

/// The rules that are data. Immutable after loading.
struct CheckShapes {
  std::vector<SumRule> sums;
  std::vector<EqualRule> equals;
  std::vector<OrderRule> orders;

  /// Throws ArchiveError{settings} with file and line: an unknown document type or field (with the
  /// nearest known one), an unknown way of comparing, a number that is none.
  static CheckShapes load(const TablePath& config_folder, const FormCatalogue& forms);
};

}  // namespace archive
