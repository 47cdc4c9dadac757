#pragma once

#include <string>

#include "core/records.h"

namespace archive {

/// A number of a payment or of a claim that a page bears, with what tells one payment from another.
/// Empty: not read, or not read without doubt. All but `printed` in the form in which it is
/// compared.
struct VoucherFact {
  DossierNumber dossier = 0;  ///< in the records; 0 before they keep it
  std::string doc_type;       ///< numbers of one kind of paper are compared: DT09, DT34
  std::string number;         ///< blanks and signs left out, capitals
  std::string printed;
  PageNumber page = 0;
  std::string field;
  int row = -1;
  std::string issuer;  ///< who gave the number
  std::string payer;   ///< citizen number, or name of an employer
  std::string amount;
  std::string date;
  std::string content;  ///< tells equal bytes, as PageFact::content

  friend bool operator==(const VoucherFact&, const VoucherFact&) = default;
};

}  // namespace archive
