#pragma once

#include "core/records.h"

namespace archive {

/// `fresh` with what a person decided on the record that it replaces: the type, how it lies, the
/// values of fields, also of fields that were not found again. A decision that `fresh` brings is
/// newer. Reasons to look at the page that are settled by decisions are dropped.
PageRecord with_decisions(const PageRecord& before, PageRecord fresh);

/// `page` as everybody sees it: what persons typed (page.typed) laid over what the machine read.
/// A settled value takes the field's place, with the machine's kept in it. One that waits or is
/// contradicted leaves the machine's, which then counts as unsure where it is another; reasons to
/// look at the page say so.
PageRecord with_typed_values(PageRecord page);

/// The fields as the machine read them: undoes with_typed_values().
std::vector<FieldRecord> fields_as_read(std::vector<FieldRecord> fields);

/// How many decisions of persons a record has: the type, how it lies, the fields.
int decisions_of(const PageRecord& page);

}  // namespace archive
