#include "app/typed_value_text.h"

#include <fmt/format.h>

namespace archive {

std::string field_text(const std::string& field, int row) {
  return row < 0 ? field : fmt::format("{}[{}]", field, row);
}

std::string_view typed_state_text(TypedState state, const Console& say) {
  switch (state) {
    case TypedState::waiting:
      return say("已录入，待第二人确认", "typed, not confirmed");
    case TypedState::conflict:
      return say("两人录入不一致", "two persons typed different values");
    case TypedState::settled:
      return say("人工录入", "typed by a person");
    case TypedState::none:
      break;
  }
  return "";
}

std::string typed_value_text(const TypedValue& typed, const Console& say) {
  const std::string_view did =
      typed.confirms == 0 ? say("录入", "typed") : say("确认", "confirmed");
  const std::string ended = typed.stands()
                                ? std::string()
                                : fmt::format("  [{} {}]", say("已撤回", "ended"), typed.ended_at);
  return fmt::format("{}  {} {} {}  {},{} {}x{}{}", typed.value, did, typed.person, typed.typed_at,
                     typed.box.x, typed.box.y, typed.box.width, typed.box.height, ended);
}

}  // namespace archive
