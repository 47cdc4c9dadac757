#include "core/retention.h"

namespace archive {

std::optional<Date> retention_start(Date formed) { return Date::of(formed.year() + 1, 1, 1); }

std::optional<Date> appraisal_day(Date formed, int years) {
  return Date::of(formed.year() + 1 + years, 1, 1);
}

}  // namespace archive
