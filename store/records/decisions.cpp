#include "store/records/decisions.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace archive {
namespace {

const FieldRecord* decided(const std::vector<FieldRecord>& fields, const FieldRecord& like) {
  const auto same = std::ranges::find_if(fields, [&like](const FieldRecord& field) {
    return field.by_person && field.field == like.field && field.row == like.row;
  });
  return same == fields.end() ? nullptr : &*same;
}

constexpr std::string_view kUnconfirmed = "unconfirmed_value";
constexpr std::string_view kConflict = "conflicting_values";

FieldRecord* field_like(std::vector<FieldRecord>& fields, const TypedValue& typed) {
  const auto found = std::ranges::find_if(fields, [&typed](const FieldRecord& field) {
    return field.field == typed.field && field.row == typed.row;
  });
  return found == fields.end() ? nullptr : &*found;
}

void settle(FieldRecord& field, const TypedValue& typed) {
  field.raw = typed.raw;
  field.value = typed.value;
  field.confidence = 1;
  field.validity = typed.validity;
  field.problem = typed.problem;
  field.unsure = false;
  field.quad = typed.box.quad();
  field.by_person = true;
}

void drop_settled_reasons(PageRecord& page) {
  const auto open = [&page](auto&& bad) {
    return std::ranges::any_of(
        page.fields, [&bad](const FieldRecord& field) { return !field.by_person && bad(field); });
  };
  const auto settled = [&](std::string_view reason) {
    if (reason == "unknown_type" || reason == "foreign") return page.doc_type_by_person;
    if (reason == "rotation") return page.rotation_by_person;
    if (reason == "unsure_field") return !open([](const FieldRecord& f) { return f.unsure; });
    if (reason == "invalid_field") {
      return !open([](const FieldRecord& f) { return f.validity == FieldValidity::invalid; });
    }
    return false;
  };
  if (decisions_of(page) > 0) std::erase_if(page.review_reasons, settled);
}

/// Reasons by what stands on the page now; those that are about something else stay.
void set_reasons(PageRecord& page, std::set<std::string_view> reasons) {
  constexpr std::array kOfFields = {std::string_view("unsure_field"),
                                    std::string_view("invalid_field"), kUnconfirmed, kConflict};
  for (const FieldRecord& field : page.fields) {
    if (field.by_person) continue;
    if (field.unsure) reasons.insert(kOfFields[0]);
    if (field.validity == FieldValidity::invalid) reasons.insert(kOfFields[1]);
  }
  std::erase_if(page.review_reasons, [&](const std::string& reason) {
    return std::ranges::find(kOfFields, reason) != kOfFields.end() && reasons.erase(reason) == 0;
  });
  page.review_reasons.insert(page.review_reasons.end(), reasons.begin(), reasons.end());
}

}  // namespace

PageRecord with_decisions(const PageRecord& before, PageRecord fresh) {
  if (before.doc_type_by_person && !fresh.doc_type_by_person) {
    fresh.doc_type = before.doc_type;
    fresh.doc_type_confidence = before.doc_type_confidence;
    fresh.doc_type_by_person = true;
    fresh.kind = PageKind::content;
  }
  if (before.rotation_by_person && !fresh.rotation_by_person) {
    fresh.rotation = before.rotation;
    fresh.rotation_by_person = true;
  }
  const std::vector<FieldRecord> read = std::move(fresh.fields);
  fresh.fields.clear();
  for (const FieldRecord& field : read) {
    const bool newer = decided(read, field) != nullptr;
    const FieldRecord* kept = newer ? nullptr : decided(before.fields, field);
    if (kept == nullptr) {
      fresh.fields.push_back(field);
    } else if (decided(fresh.fields, *kept) == nullptr) {
      fresh.fields.push_back(*kept);
    }
  }
  for (const FieldRecord& field : before.fields) {
    if (field.by_person && decided(fresh.fields, field) == nullptr) {
      fresh.fields.push_back(field);
    }
  }
  drop_settled_reasons(fresh);
  return fresh;
}

PageRecord with_typed_values(PageRecord page) {
  if (page.typed.empty()) return page;
  std::set<std::string_view> reasons;
  for (const TypedValue& typed : page.typed) {
    if (!typed.stands()) continue;
    const TypedState state = typed_state(page.typed, typed.field, typed.row);
    if (state != TypedState::settled) {
      reasons.insert(state == TypedState::conflict ? kConflict : kUnconfirmed);
    }
    FieldRecord* field = field_like(page.fields, typed);
    if (field == nullptr) {
      // Nothing that waits takes a place where the machine read nothing.
      if (state != TypedState::settled) continue;
      field = &page.fields.emplace_back();
      field->field = typed.field;
      field->row = typed.row;
    } else if (field->typed != TypedState::none) {
      continue;  // another person said the same, or the contrary
    } else {
      field->machine = {field->raw,     field->value,  field->confidence, field->validity,
                        field->problem, field->unsure, field->quad,       field->by_person};
    }
    field->typed = state;
    if (state == TypedState::settled) {
      settle(*field, typed);
    } else if (state == TypedState::conflict || field->value != typed.value) {
      field->unsure = true;
      field->by_person = false;
    }
  }
  set_reasons(page, std::move(reasons));
  return page;
}

std::vector<FieldRecord> fields_as_read(std::vector<FieldRecord> fields) {
  std::erase_if(fields, [](const FieldRecord& field) {
    return field.typed != TypedState::none && !field.machine;
  });
  for (FieldRecord& field : fields) {
    if (field.machine) {
      field.raw = field.machine->raw;
      field.value = field.machine->value;
      field.confidence = field.machine->confidence;
      field.validity = field.machine->validity;
      field.problem = field.machine->problem;
      field.unsure = field.machine->unsure;
      field.quad = field.machine->quad;
      field.by_person = field.machine->by_person;
    }
    field.machine.reset();
    field.typed = TypedState::none;
  }
  return fields;
}

int decisions_of(const PageRecord& page) {
  const auto fields = std::ranges::count_if(page.fields, &FieldRecord::by_person);
  return static_cast<int>(fields) + (page.doc_type_by_person ? 1 : 0) +
         (page.rotation_by_person ? 1 : 0);
}

}  // namespace archive
