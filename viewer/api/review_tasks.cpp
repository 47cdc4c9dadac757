#include "viewer/api/review_tasks.h"

#include <algorithm>
#include <charconv>

#include "viewer/review/snippet.h"

namespace archive {

std::string TaskNow::etag() const {
  std::string state = std::string(name_of(kind)) + "\n" + std::to_string(field.page) + "\n" +
                      field.field + "\n" + std::to_string(field.row) + "\n";
  state += std::to_string(field.keyed) + (field.keying_done ? " done\n" : "\n");
  if (read != nullptr) {
    state += read->value + "\n" + read->raw + "\n";
    for (const int part : {box.x, box.y, box.width, box.height}) {
      state += std::to_string(part) + " ";
    }
  }
  for (const TypedValue& one : page.typed) {
    if (one.field == field.field && one.row == field.row && one.stands()) {
      state += "\nt" + std::to_string(one.number);
    }
  }
  for (const UnreadableValue& one : unreadable) state += "\nu" + std::to_string(one.number);
  return etag_of(state);
}

bool look_at_task(Records& records, const FormCatalogue& forms, const ReviewQueue& queue,
                  const ValuePlace& place, const std::string& person, TaskNow& now) {
  const FieldReviews reviews(records);
  auto field = reviews.in_doubt(place.page, place.field, place.row);
  auto page = field ? records.page(place.page) : std::nullopt;
  if (!page || page->state != PageState::filed || page->width <= 0) return false;
  now.field = std::move(*field);
  now.kind = queue.kind_of(now.field);
  now.page = std::move(*page);
  const auto read = std::ranges::find_if(now.page.fields, [&place](const FieldRecord& one) {
    return one.field == place.field && one.row == place.row;
  });
  if (read == now.page.fields.end()) return false;
  now.read = &*read;
  now.box = pixel_box_of(read->quad, now.page.width, now.page.height);
  if (const FormDescription* form = forms.form(now.page.doc_type)) {
    const auto known = std::ranges::find(form->fields, place.field, &FieldDescription::id);
    if (known != form->fields.end()) now.described = &*known;
  }
  for (UnreadableValue& one : reviews.unreadable(place.page)) {
    if (one.field == place.field && one.row == place.row) now.unreadable.push_back(std::move(one));
  }
  now.typed = typed_state(now.page.typed, place.field, place.row);
  if (now.kind == TaskKind::comparison) {
    now.differ = DoubleKeying(records).comparison(place.page, place.field, place.row, person);
  }
  return true;
}

std::string value_to_confirm(const TaskNow& now) {
  if (now.typed == TypedState::conflict) return {};
  for (const TypedValue& one : now.page.typed) {
    if (one.field == now.field.field && one.row == now.field.row && one.stands()) return one.value;
  }
  return now.read->value;
}

ValuePlace place_in(const Asked& asked) {
  const auto page = asked.session.page_of(asked.at.at(0));
  if (!page) refuse_not_found("没有这个任务", "there is no such task");
  ValuePlace place{*page, asked.at.at(1), -1};
  const std::string& row = asked.at.at(2);
  if (row != "-") {
    const auto [end, error] = std::from_chars(row.data(), row.data() + row.size(), place.row);
    if (error != std::errc{} || end != row.data() + row.size() || place.row < 0) {
      refuse_not_found("没有这个任务", "there is no such task");
    }
  }
  return place;
}

}  // namespace archive
