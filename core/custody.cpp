#include "core/custody.h"

namespace archive {

std::string_view name_of(Defect defect) {
  switch (defect) {
    case Defect::missing:
      return "missing";
    case Defect::empty:
      return "empty";
    case Defect::wrong_bytes:
      return "wrong_bytes";
    case Defect::unreadable:
      return "unreadable";
    case Defect::undecodable:
      return "undecodable";
  }
  return "";
}

}  // namespace archive
