#include "ingest/typed_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "config/toml_tree.h"
#include "core/calendar.h"
#include "core/citizen_id.h"
#include "core/credit_code.h"
#include "core/decimal.h"
#include "core/digits.h"
#include "core/error.h"
#include "core/utf8.h"
#include "core/width.h"
#include "ingest/comparison_list.h"

namespace archive {
namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& what,
                         const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::usage, where, what, what_to_do);
}

std::string page_text(const PageRecord& page) { return "page " + std::to_string(page.number); }

/// Nothing but digits, all of them.
bool read_number(std::string_view text, int& number) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return false;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{};
}

const FieldDescription* described(const FormCatalogue& forms, const PageRecord& page,
                                  std::string_view field) {
  const FormDescription* form = forms.form(page.doc_type);
  if (form == nullptr) return nullptr;
  const auto found = std::ranges::find(form->fields, field, &FieldDescription::id);
  return found == form->fields.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_unknown(const FormCatalogue& forms, const PageRecord& page,
                                 const std::string& field) {
  const FormDescription* form = forms.form(page.doc_type);
  if (form == nullptr) {
    refuse(page_text(page), "the type of the page has no fields",
           "describe the form first: juanzong form learn");
  }
  std::vector<std::string_view> known;
  for (const FieldDescription& one : form->fields) known.push_back(one.id);
  const std::string_view near = nearest(field, known);
  refuse(page_text(page), "its form " + page.doc_type + " has no field '" + field + "'",
         near.empty() ? "juanzong show prints the fields of a page"
                      : "did you mean '" + std::string(near) + "'?");
}

/// A number with a check that fails: the paper itself may be wrong, and is kept as it is printed.
/// Codes of organisations before 2015 are no credit codes and right all the same.
void keep_as_printed(TypedValue& typed, ValueType type, const std::string& bare) {
  typed.value = bare;
  if (type == ValueType::credit_code) {
    if (const auto old = OrganisationCode::parse(bare)) {
      typed.value = old->text();
      return;
    }
  }
  typed.validity = FieldValidity::invalid;
  typed.problem = type == ValueType::id18
                      ? "V01 " + std::string(name_of(CitizenId::parse(bare).error()))
                      : "V03 " + std::string(name_of(CreditCode::parse(bare).error()));
}

bool is_value_of(const FieldDescription& field, const std::string& value) {
  switch (field.type) {
    case ValueType::choice:
      return std::ranges::find(field.choices, value) != field.choices.end();
    case ValueType::integer:
      return std::ranges::all_of(value, is_digit);
    case ValueType::rate:
      return Decimal::parse(value).has_value();
    default:
      return true;
  }
}

std::string listed(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

void set_value(TypedValue& typed, const FieldDescription& field, const std::string& where) {
  typed.value = value_of_field(field, typed.raw);
  if (!typed.value.empty()) return;
  if (field.type == ValueType::id18 || field.type == ValueType::credit_code) {
    const std::string bare = normalised(ValueType::text, typed.raw);
    if (!bare.empty()) return keep_as_printed(typed, field.type, bare);
  }
  refuse(where, "what was typed is no value of the field '" + field.id + "'",
         field.type == ValueType::choice ? "it is one of: " + listed(field.choices)
                                         : "type it as it is printed");
}

}  // namespace

NamedField named_field(const FormCatalogue& forms, const PageRecord& page,
                       const std::string& text) {
  NamedField place{text, -1};
  if (const std::size_t open = text.find('['); open != std::string::npos) {
    place.field = text.substr(0, open);
    const std::string_view inside = std::string_view(text).substr(open + 1);
    if (!inside.ends_with(']') || !read_number(inside.substr(0, inside.size() - 1), place.row)) {
      refuse(page_text(page), "the row of the field is no number", "write it as in wage[0]");
    }
  }
  const FieldDescription* field = described(forms, page, place.field);
  if (field == nullptr) refuse_unknown(forms, page, place.field);
  if (field->row && place.row < 0) {
    refuse(page_text(page), "the field '" + place.field + "' stands in the rows of a table",
           "name a row, counted from 0: " + place.field + "[0]");
  }
  if (!field->row && place.row >= 0) {
    refuse(page_text(page), "the field '" + place.field + "' stands in no table",
           "leave the row out");
  }
  return place;
}

PixelBox parse_pixel_box(const std::string& text) {
  std::array<int, 4> numbers{};
  std::string_view rest = text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool last = i + 1 == numbers.size();
    const std::size_t end = last ? rest.size() : rest.find(',');
    if (end == std::string_view::npos || !read_number(rest.substr(0, end), numbers[i])) {
      refuse("--box", "the region is not four whole numbers",
             "give x,y,width,height in pixels of the picture, such as 310,452,380,60");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

std::string person_name(const std::string& text) {
  std::u32string name;
  for (const char32_t c : code_points(text)) {
    const char32_t narrow = half_width(c);
    const bool blank = narrow == U' ' || narrow == U'\t' || narrow == U'\u3000';
    if (blank && (name.empty() || name.back() == U' ' || is_hanzi(name.back()))) continue;
    if (is_hanzi(narrow) && !name.empty() && name.back() == U' ') name.pop_back();
    name += blank ? U' ' : narrow;
  }
  if (!name.empty() && name.back() == U' ') name.pop_back();
  if (name.empty()) refuse("user", "a user has a name", "give one that is not blank");
  return utf8(name);
}

std::string value_of_field(const FieldDescription& field, const std::string& text) {
  const bool without_end = field.type == ValueType::date && means_without_end(text);
  std::string value = normalised(without_end ? ValueType::text : field.type, text);
  return !value.empty() && is_value_of(field, value) ? value : std::string();
}

TypedValue typed_value(const FormCatalogue& forms, const PageRecord& page, const NamedField& place,
                       const std::string& text, const PixelBox& box, const std::string& person) {
  const FieldDescription* field = described(forms, page, place.field);
  if (field == nullptr) refuse_unknown(forms, page, place.field);
  if (!box.lies_within(page.width, page.height)) {
    refuse(page_text(page), "the region is not on its picture",
           "the picture has " + std::to_string(page.width) + " x " + std::to_string(page.height) +
               " pixels; give x,y,width,height inside it");
  }
  TypedValue typed;
  typed.field = place.field;
  typed.row = place.row;
  typed.raw = text;
  typed.mandatory = field->required;
  typed.box = box;
  typed.person = person;
  set_value(typed, *field, page_text(page));
  return typed;
}

TypedValue confirmation(const PageRecord& page, const NamedField& place,
                        const std::string& person) {
  if (typed_state(page.typed, place.field, place.row) == TypedState::conflict) {
    refuse(page_text(page), "two persons typed different values",
           "look at the paper and type the right one with --typed and --box");
  }
  const TypedValue* other = nullptr;
  bool own = false;
  for (const TypedValue& typed : page.typed) {
    if (typed.field != place.field || typed.row != place.row || !typed.stands()) continue;
    if (typed.person == person) {
      own = true;
    } else if (other == nullptr) {
      other = &typed;
    }
  }
  if (other == nullptr) {
    refuse(
        page_text(page),
        own ? "nobody confirms a value that he typed himself" : "nobody typed a value to confirm",
        own ? "a second person looks at the paper and confirms it"
            : "type it with --typed and --box");
  }
  TypedValue confirmed = *other;
  confirmed.number = 0;
  confirmed.confirms = other->number;
  confirmed.person = person;
  return confirmed;
}

}  // namespace archive
