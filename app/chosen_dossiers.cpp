#include "app/chosen_dossiers.h"

namespace archive {

std::vector<DossierNumber> chosen_dossiers(const Records& records, DossierNumber dossier,
                                           BatchNumber batch) {
  if (dossier != 0) return {dossier};
  std::vector<DossierNumber> numbers;
  for (const BatchRecord& record : records.batches()) {
    if (batch != 0 && record.number != batch) continue;
    for (const DossierRecord& found : records.dossiers(record.number)) {
      numbers.push_back(found.number);
    }
  }
  return numbers;
}

}  // namespace archive
