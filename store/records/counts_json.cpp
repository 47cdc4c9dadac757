#include "store/records/counts_json.h"

#include <nlohmann/json.hpp>

namespace archive {

nlohmann::ordered_json counts_json(const BatchCounts& counts) {
  return {{"files", counts.sources},
          {"files_kept_unread", counts.carriers_kept},
          {"pages_in", counts.occurrences},
          {"filed", counts.filed},
          {"set_aside", counts.set_aside},
          {"replaced", counts.replaced},
          {"structure_conflicts", counts.conflicts},
          {"blank", counts.blank},
          {"separators", counts.separators},
          {"for_review", counts.review},
          {"repeated", counts.repeats},
          {"set_aside_by_reason", counts.set_aside_by_reason},
          {"by_doc_type", counts.by_doc_type},
          {"by_quality", counts.by_quality},
          {"by_quality_rule", counts.by_quality_rule},
          {"open_findings", counts.open_findings}};
}

}  // namespace archive
