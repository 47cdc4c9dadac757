#include "store/records/decisions.h"

#include <algorithm>
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

void drop_settled_reasons(PageRecord& page) {
  const auto open = [&page](auto&& bad) {
    return std::ranges::any_of(
        page.fields, [&bad](const FieldRecord& field) { return !field.by_person && bad(field); });
  };
  const auto settled = [&](std::string_view reason) {
    if (reason == "unknown_type" || reason == "foreign") return page.doc_type_by_person;
    if (reason == "unsure_field") return !open([](const FieldRecord& f) { return f.unsure; });
    if (reason == "invalid_field") {
      return !open([](const FieldRecord& f) { return f.validity == FieldValidity::invalid; });
    }
    return false;
  };
  if (decisions_of(page) > 0) std::erase_if(page.review_reasons, settled);
}

}  // namespace

PageRecord with_decisions(const PageRecord& before, PageRecord fresh) {
  if (before.doc_type_by_person && !fresh.doc_type_by_person) {
    fresh.doc_type = before.doc_type;
    fresh.doc_type_confidence = before.doc_type_confidence;
    fresh.doc_type_by_person = true;
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

int decisions_of(const PageRecord& page) {
  const auto fields = std::ranges::count_if(page.fields, &FieldRecord::by_person);
  return static_cast<int>(fields) + (page.doc_type_by_person ? 1 : 0);
}

}  // namespace archive
