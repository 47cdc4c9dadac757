#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "checks/four_properties.h"
#include "viewer/finding_words.h"

namespace archive {

/// How people call them.
TwoWords words_for(Property property);
TwoWords words_for(PropertyVerdict verdict);

/// What the four-property check 四性检测 says of one dossier.
struct PropertyReport {
  DossierRecord dossier;
  std::vector<PropertyResult> results;  ///< a row of the table each

  bool failed() const;
  std::int64_t count(PropertyVerdict verdict) const;
};

/// How many dossiers came out how, row by row.
class PropertyTotals {
 public:
  void add(const PropertyReport& report);

  std::int64_t dossiers() const { return dossiers_; }
  std::int64_t failed() const { return failed_; }
  struct Row {
    FourPropertyRow row;
    std::map<PropertyVerdict, std::int64_t> dossiers;
  };
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
  std::int64_t dossiers_ = 0;
  std::int64_t failed_ = 0;  ///< with a row that failed
};

// Keys are stable; new ones may be added.
nlohmann::ordered_json property_json(const PropertyReport& report);
nlohmann::ordered_json property_totals_json(const PropertyTotals& totals);

/// The first line of a CSV file (RFC 4180), and the lines of a dossier: one for every row of the
/// table and one more for every further remark of it.
std::string property_csv_header();
std::string property_csv(const PropertyReport& report);

/// For a browser and for paper, between html_begin() and html_end() (viewer/html.h).
std::string property_title(bool chinese);
std::string property_html(const PropertyReport& report, bool chinese);
std::string property_totals_html(const PropertyTotals& totals, bool chinese);

}  // namespace archive
