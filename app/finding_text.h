#pragma once

#include <string>
#include <vector>

#include "app/console.h"
#include "viewer/dossier_report.h"

namespace archive {

/// A dossier with its findings, for people.
std::vector<std::string> report_lines(const DossierReport& report, const Console& console);

/// A finding: its number, how grave it is, the sentence, and where it can be seen.
std::vector<std::string> finding_lines(const ReportedFinding& told, const Console& console);

}  // namespace archive
