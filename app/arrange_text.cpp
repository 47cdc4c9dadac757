#include "app/arrange_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace archive {
namespace {

std::string_view action_word(ArrangementAction action, const Console& say) {
  switch (action) {
    case ArrangementAction::move_pages:
      return say("移页", "move");
    case ArrangementAction::insert_pages:
      return say("插入补扫页", "insert");
    case ArrangementAction::order_pages:
      return say("页序", "order of pages");
    case ArrangementAction::order_items:
      return say("件序", "order of items");
    case ArrangementAction::split_item:
      return say("拆件", "split item");
    case ArrangementAction::merge_items:
      return say("并件", "merge items");
    case ArrangementAction::split_dossier:
      return say("拆卷", "split dossier");
    case ArrangementAction::merge_dossiers:
      return say("并卷", "merge dossiers");
    case ArrangementAction::replace_page:
      return say("替换页", "replace");
    case ArrangementAction::split_person:
      return say("分开同名人员", "split person");
    case ArrangementAction::rotate_page:
      return say("转正", "rotate");
    case ArrangementAction::type_page:
      return say("页的类型", "type of page");
    case ArrangementAction::type_item:
      return say("件的类型", "type of item");
    case ArrangementAction::class_item:
      return say("件的类别", "class of item");
    case ArrangementAction::retention_item:
      return say("件的保管期限", "retention of item");
  }
  return {};
}

std::string what_about(const Arrangement& decision, const Console& say) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "  ") + part;
  };
  if (!decision.pages.empty()) {
    add(fmt::format("{} {}", say("页", "pages"), fmt::join(decision.pages, ", ")));
  }
  if (decision.side != Beside::nothing) {
    add(fmt::format("{} {}",
                    decision.side == Beside::before ? say("放在此页之前", "before")
                                                    : say("放在此页之后", "after"),
                    decision.beside));
  }
  add(decision.item);
  add(decision.dossier);
  add(decision.value);
  return text;
}

}  // namespace

std::string arrangement_text(const Arrangement& decision, const Console& say) {
  std::string text =
      fmt::format("{:>5}  {}  {}  {}: {}  ({}, {})", decision.number,
                  action_word(decision.action, say), what_about(decision, say),
                  say("理由", "reason"), decision.reason, decision.decided_by, decision.decided_at);
  if (!decision.stands()) {
    text += fmt::format("\n         {}: {}  ({}, {})", say("已撤销", "taken back"),
                        decision.ended_reason, decision.ended_by, decision.ended_at);
  }
  if (const ArrangementConflict* conflict = conflict_named(decision.conflict)) {
    text += fmt::format("\n         {}: {}", say("无法沿用", "cannot be followed"),
                        say(conflict->zh, conflict->en));
  }
  return text;
}

}  // namespace archive
