#include "store/custody/health.h"

namespace archive {

std::optional<Defect> defect_of(ObjectHealth health) {
  switch (health) {
    case ObjectHealth::sound:
      return std::nullopt;
    case ObjectHealth::missing:
      return Defect::missing;
    case ObjectHealth::wrong_bytes:
      return Defect::wrong_bytes;
    case ObjectHealth::unreadable:
      return Defect::unreadable;
    case ObjectHealth::empty:
      return Defect::empty;
  }
  return Defect::unreadable;
}

}  // namespace archive
