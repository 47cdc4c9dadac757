#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/ledger/entry_text.h"
#include "store/records/sql.h"

namespace archive {

/// One step of the schema: store/records/migrations/NNNN_name.sql.
struct Migration {
  int number;
  const char* name;
  const char* script;
};

/// All steps that this program knows, numbered from 1 without a gap.
std::span<const Migration> migrations();

/// Those that an archive with a ledger gets without an entry of it that tells what they did.
std::span<const Migration> steps_before_the_ledger();

/// The number of the last step that was applied; 0 for an empty database.
/// Throws ArchiveError{archive_foreign} when the database was not made by this program.
int schema_version(Database& database, const std::string& where);

/// Applies the steps that are missing, each in a transaction of its own.
/// Throws ArchiveError{archive_foreign} for a schema newer than the program.
void upgrade_schema(Database& database, const std::string& where,
                    std::span<const Migration> steps = migrations());

/// Applies one step. Returns the lines of the ledger's changes that tell which columns its tables
/// got. REQUIRES: in a transaction.
std::string apply_step(Database& database, const Migration& step);

/// What a column's default in the schema stands for: NULL, a whole number, TRUE or FALSE, a text in
/// quotes without quotes in it. The value lives as long as `text`.
RowValue default_value(std::string_view text);

/// For readers, who cannot upgrade. Throws ArchiveError{archive_foreign} for a newer
/// schema, ArchiveError{records} for an older one.
void require_schema(Database& database, const std::string& where);

/// What was done to the schema itself: tables, indices and triggers that are missing, strange or
/// other than the steps make them. A trigger that forbids a change guards nothing once it is gone.
std::vector<std::string> schema_differences(Database& database);

}  // namespace archive
