#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/check_tables.h"
#include "core/facts.h"
#include "core/finding.h"
#include "core/voucher.h"

// Dossiers in a line or two, for tests of rules.

namespace archive {

/// The tables that are shipped, and a reference wage and an income that an office would add
/// (tests/checks/fixtures/office.csv).
const CheckTables& fixture_tables();

/// A page: "DT08 insurance_kind=养老 unit_name=甲 | pay_base=6000.00 unit_amount=1200.00 | ...".
/// The part before the first bar are single values, each part after it is a row. `name?=` is a
/// value nobody is sure of, `name!=` one that a person decided, `name~0.8=` one read with that
/// confidence (else 0.99), '_' in a value is a blank.
PageFact page_of(std::string_view line, PageNumber number);

DossierFacts dossier_of(const std::vector<std::string>& lines);

/// The vouchers on pages of another dossier.
std::vector<VoucherFact> vouchers_elsewhere(const std::vector<std::string>& lines);

/// What a fixture expects of a rule: "variant field -> expected", '-' for an empty one.
struct ExpectedFinding {
  std::string variant, field, expected;
};

struct FixtureCase {
  std::string name;
  bool fails = false;
  std::vector<std::string> pages;
  std::vector<std::string> elsewhere;  ///< pages of another dossier, number 2
  std::vector<ExpectedFinding> finds;
};

struct Fixture {
  std::string rule;
  std::vector<FixtureCase> cases;
};

/// tests/checks/fixtures/RULE.toml, each with [[passes]] and [[fails]].
std::vector<Fixture> all_fixtures();

}  // namespace archive
