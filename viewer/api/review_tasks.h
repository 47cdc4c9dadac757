#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/lifecycle/double_keying.h"
#include "store/lifecycle/field_reviews.h"
#include "viewer/api/service_impl.h"

// A task of the review bench, as it is now. For the files of viewer/api/ alone.

namespace archive {

/// Everything that is known about a value in doubt, for one person.
struct TaskNow {
  DoubtfulField field;
  TaskKind kind = TaskKind::value;
  PageRecord page;
  const FieldRecord* read = nullptr;              ///< of `page`; as persons and machine have it
  const FieldDescription* described = nullptr;    ///< nothing where the form is not described
  std::vector<UnreadableValue> unreadable;        ///< of this field
  std::optional<DoubleKeying::Comparison> differ;  ///< of a comparison this person may decide
  TypedState typed = TypedState::none;
  PixelBox box;

  TaskNow() = default;
  TaskNow(const TaskNow&) = delete;  // `read` points inside
  TaskNow& operator=(const TaskNow&) = delete;

  /// Stands for all that a decision is made by; changes with it.
  std::string etag() const;
  ValuePlace place() const { return {field.page, field.field, field.row}; }
};

/// Fills `now`; false when nobody is asked about this value any more.
bool look_at_task(Records& records, const FormCatalogue& forms, const ReviewQueue& queue,
                  const ValuePlace& place, const std::string& person, TaskNow& now);

/// The value that counts, were it confirmed: what another person typed, else what was read.
std::string value_to_confirm(const TaskNow& now);

/// "id_number" or "wage[3]" in an address: field, and row or "-".
ValuePlace place_in(const Asked& asked);

}  // namespace archive
