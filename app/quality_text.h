#pragma once

#include <string>
#include <vector>

#include "app/console.h"
#include "config/quality_rules.h"
#include "ingest/page_check.h"

namespace archive {

/// A verdict in the console's language.
std::string_view verdict_text(Verdict verdict, const Console& console);

/// The rules with their words; none when the table is missing, so that a reason is shown by
/// its name rather than not at all.
const QualityRules& quality_words();

/// One line a finding, the gravest first: what is wrong, what was measured beside the limit,
/// and what to do. Remarks are left out unless there is nothing else.
std::vector<std::string> quality_lines(const PageQuality& quality, const QualityRules& rules,
                                       const Console& console);

/// A page that was checked: its verdict, file and place, then a line a reason.
std::vector<std::string> page_lines(const CheckedPage& page, const QualityRules& rules,
                                    const Console& console);

}  // namespace archive
