#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checks/four_properties.h"

// Inside of four_properties: the answer to one row while it is being found.

namespace archive {

/// Starts as passed and becomes worse by what is added. May hold a great many remarks until it
/// is taken; what is taken is bounded.
class PropertyAnswer {
 public:
  explicit PropertyAnswer(const FourPropertyRow& row);

  void fails(PropertyRemark remark) { add(PropertyVerdict::failed, std::move(remark)); }
  void asks_a_person(PropertyRemark remark) { add(PropertyVerdict::by_person, std::move(remark)); }
  void does_not_apply(PropertyRemark remark) {
    add(PropertyVerdict::not_applicable, std::move(remark));
  }
  /// A remark that changes nothing.
  void notes(PropertyRemark remark) { add(PropertyVerdict::passed, std::move(remark)); }

  PropertyResult take() &&;

 private:
  void add(PropertyVerdict verdict, PropertyRemark remark);

  PropertyResult result_;
  std::vector<PropertyRemark> lesser_;
};

/// A remark about a dossier, about a page, about a file.
inline PropertyRemark remark(std::string zh, std::string en) {
  return {0, 0, "", std::move(zh), std::move(en)};
}
inline PropertyRemark remark_on(const PageEvidence& page, std::string zh, std::string en) {
  return {page.page, 0, page.source, std::move(zh), std::move(en)};
}
inline PropertyRemark remark_on(const FileEvidence& file, std::string zh, std::string en) {
  return {0, 0, file.name, std::move(zh), std::move(en)};
}

// Each answers the checks it knows and passes over the others.
void answer_by_files(PropertyCheck check, const PropertyEvidence& evidence, PropertyAnswer& answer);
void answer_by_records(PropertyCheck check, const PropertyEvidence& evidence,
                       const CheckTables& tables, PropertyAnswer& answer);
void answer_by_site(PropertyCheck check, const PropertyEvidence& evidence, PropertyAnswer& answer);

}  // namespace archive
