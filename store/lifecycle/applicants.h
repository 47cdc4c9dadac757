#pragma once

#include <set>
#include <string>

#include "store/records/records.h"

namespace archive {

/// Whom somebody asks about at the counter, as far as the records know them.
struct Applicant {
  std::set<PersonNumber> persons;
  std::set<DossierNumber> dossiers;  ///< in which a page is theirs
  bool ambiguous = false;            ///< several have this name: a number tells them apart
};

/// Whoever has this number, with those a person joined to it (R19); without a number whoever has
/// this name, unless several persons have it: somebody known by name alone is another person until
/// joined, but in a dossier that is kept about the one person of this name.
Applicant find_applicant(Records& records, const std::string& name,
                         const std::string& citizen_id);

/// Whether a page is the applicant's: it lies in a dossier of theirs and lists nobody else, as a
/// list of an employer's staff does.
bool page_is_of(Records& records, const PageRecord& page, const Applicant& applicant);

/// A power of attorney (DT43; R31) of the applicant for this agent that was filed; 0: none is
/// there. Its trustee must have been read, or typed, as the agent's name.
PageNumber power_of_attorney(Records& records, const Applicant& applicant,
                             const std::string& agent);

}  // namespace archive
