#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/check_tables.h"
#include "core/facts.h"

// Values are what a reader made of paper. Two that differ show a fault of the paper only where
// an error of reading is the less likely cause.

namespace archive {

/// How many characters must be put in, left out or exchanged to make one text of the other;
/// counted up to 4. Characters, not bytes.
int characters_apart(std::string_view a, std::string_view b);

/// True when not even one character is likely to have been misread; a person's word is. The
/// confidence from which that holds is a parameter, sure_sign.
bool is_beyond_doubt(const FieldFact& printed, const CheckTables& tables);

/// True when the values are one character apart and the reading is not beyond doubt.
bool a_sign_may_be_misread(const FieldFact& printed, std::string_view meant,
                           const CheckTables& tables);

/// True when a slip of reading leads from one value to the other: one character, as above; or the
/// point or several digits are lost, which does not happen to writers.
bool may_be_misread(const FieldFact& printed, std::string_view meant, const CheckTables& tables);

/// True when a printed value that differs from what was expected was more likely misread than
/// misprinted: such a slip, or an amount of quite another size, taken from somewhere else.
bool likelier_misread(const FieldFact& printed, std::string_view expected,
                      const CheckTables& tables);

/// The same of values that break a limit, or an order: true when the reading is not beyond doubt
/// and one digit put in, left out or exchanged leads to a value that `keeps` it.
bool a_digit_would_mend(const FieldFact& printed, const CheckTables& tables,
                        const std::function<bool(const std::string& value)>& keeps);

}  // namespace archive
