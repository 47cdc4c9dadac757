#include "viewer/arrangement_json.h"

#include <nlohmann/json.hpp>

namespace archive {

nlohmann::ordered_json arrangement_json(const Arrangement& decision) {
  return {{"arrangement", decision.number},
          {"batch", decision.batch},
          {"action", name_of(decision.action).name},
          {"pages", decision.pages},
          {"beside", decision.beside},
          {"side", decision.side == Beside::nothing  ? ""
                   : decision.side == Beside::before ? "before"
                                                     : "after"},
          {"dossier_key", decision.dossier},
          {"item_key", decision.item},
          {"value", decision.value},
          {"reason", decision.reason},
          {"decided_by", decision.decided_by},
          {"decided_at", decision.decided_at},
          {"ended_by", decision.ended_by},
          {"ended_at", decision.ended_at},
          {"ended_reason", decision.ended_reason},
          {"conflict", decision.conflict}};
}

}  // namespace archive
