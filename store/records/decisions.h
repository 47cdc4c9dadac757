#pragma once

#include "core/records.h"

namespace archive {

/// `fresh` with what a person decided on the record that it replaces: the type, the values of
/// fields, also of fields that were not found again. A decision that `fresh` brings is newer.
/// Reasons to look at the page that are settled by decisions are dropped.
PageRecord with_decisions(const PageRecord& before, PageRecord fresh);

/// How many decisions of persons a record has: the type and the fields.
int decisions_of(const PageRecord& page);

}  // namespace archive
