#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/page.h"

namespace archive {

using ArrangementNumber = std::int64_t;

/// What a person decides about the structure 整理 of a batch.
enum class ArrangementAction {
  move_pages,      ///< `pages` lie at the target
  insert_pages,    ///< the same of pages that were scanned later
  order_pages,     ///< `pages` of one item stand in this order
  order_items,     ///< the items of `pages`, one of each, stand in this order
  split_item,      ///< pages[0] begins an item of its own
  merge_items,     ///< the items of the other pages belong to that of pages[0]
  split_dossier,   ///< pages[0] begins a dossier of its own; `value` is its number 档号, if any
  merge_dossiers,  ///< the dossier `value` belongs to `dossier`
  replace_page,    ///< pages[1] stands in the place of pages[0]
  split_person,    ///< whom `pages` name `value`, without a number, is somebody else than the
                   ///< others of that name in the dossier
  rotate_page,     ///< pages[0] lies `value` degrees clockwise in its image
  type_page,       ///< pages[0] is of the type `value`
  type_item,       ///< the item is of the type `value`
  class_item,      ///< the item is of the class `value`
  retention_item,  ///< the item is kept for `value`
};

/// On which side of a page others lie.
enum class Beside { nothing, before, after };

/// A decision about the structure, told in what stays the same however often pages are read anew:
/// page numbers, keys of dossiers, keys of items. Laid over whatever the machine puts together, in
/// the order of their numbers, until somebody takes them back.
///
/// A target is one of: beside a page, in its item; at the end of an item `item`; in the dossier
/// `dossier`, as an item of its own where `value` says "item", else in none. An item is named by a
/// page of it (pages[0]), or, without pages, by `item`.
struct Arrangement {
  ArrangementNumber number = 0;
  BatchNumber batch = 0;
  ArrangementAction action = ArrangementAction::move_pages;
  std::vector<PageNumber> pages;
  Beside side = Beside::nothing;
  PageNumber beside = 0;
  std::string dossier;  ///< key of a dossier
  std::string item;     ///< key of an item, item_key()
  std::string value;
  std::string reason;
  std::string decided_by;
  std::string decided_at;  ///< ISO 8601 with zone
  std::string ended_by;
  std::string ended_at;  ///< empty while it stands
  std::string ended_reason;
  std::string conflict;  ///< why it cannot be followed, a word of kArrangementConflicts; or empty

  bool stands() const { return ended_at.empty(); }
};

/// Each action with its stable name and the event that tells of it.
struct ArrangementName {
  ArrangementAction action;
  std::string_view name;
  std::string_view event;
};
inline constexpr std::array kArrangementNames = {
    ArrangementName{ArrangementAction::move_pages, "move_pages", "pages_moved"},
    ArrangementName{ArrangementAction::insert_pages, "insert_pages", "pages_inserted"},
    ArrangementName{ArrangementAction::order_pages, "order_pages", "pages_ordered"},
    ArrangementName{ArrangementAction::order_items, "order_items", "items_ordered"},
    ArrangementName{ArrangementAction::split_item, "split_item", "item_split"},
    ArrangementName{ArrangementAction::merge_items, "merge_items", "items_merged"},
    ArrangementName{ArrangementAction::split_dossier, "split_dossier", "dossier_split"},
    ArrangementName{ArrangementAction::merge_dossiers, "merge_dossiers", "dossiers_merged"},
    ArrangementName{ArrangementAction::replace_page, "replace_page", "page_replaced"},
    ArrangementName{ArrangementAction::split_person, "split_person", "person_split"},
    ArrangementName{ArrangementAction::rotate_page, "rotate_page", "page_rotated"},
    ArrangementName{ArrangementAction::type_page, "type_page", "page_type_set"},
    ArrangementName{ArrangementAction::type_item, "type_item", "item_type_set"},
    ArrangementName{ArrangementAction::class_item, "class_item", "item_class_set"},
    ArrangementName{ArrangementAction::retention_item, "retention_item", "item_retention_set"},
};

constexpr const ArrangementName& name_of(ArrangementAction action) {
  for (const ArrangementName& name : kArrangementNames) {
    if (name.action == action) return name;
  }
  return kArrangementNames.front();
}

/// Why a decision cannot be followed: a stable word, and the same for persons.
struct ArrangementConflict {
  std::string_view word;
  std::string_view zh;
  std::string_view en;
};
inline constexpr std::array kArrangementConflicts = {
    ArrangementConflict{"page_gone", "有页已不在本批次的任何卷宗中",
                        "a page is in no dossier of the batch any more"},
    ArrangementConflict{"page_replaced", "该页已由另一页替换，或该新页已替换了别的页",
                        "the page was replaced by another, or that one stands for another page"},
    ArrangementConflict{"beside_itself", "不能把页移到它自己旁边",
                        "a page cannot lie beside itself"},
    ArrangementConflict{"not_one_item", "所列的页不在同一件，或所列的件不在同一卷",
                        "the pages are not of one item, or the items not of one dossier"},
    ArrangementConflict{"not_in_item", "该页不属于任何一件", "the page is in no item"},
    ArrangementConflict{"item_gone", "该件已不存在", "the item is not there any more"},
    ArrangementConflict{"dossier_gone", "该卷宗已不存在", "the dossier is not there any more"},
    ArrangementConflict{"first_of_dossier", "不能从卷宗的第一页起拆卷",
                        "a dossier cannot be split at its first page"},
    ArrangementConflict{"same_dossier", "不能把卷宗并入它自己",
                        "a dossier cannot be merged with itself"},
    ArrangementConflict{"name_gone", "这些页上已没有这个没有号码的姓名",
                        "these pages name nobody of that name without a number any more"},
};

constexpr const ArrangementConflict* conflict_named(std::string_view word) {
  for (const ArrangementConflict& conflict : kArrangementConflicts) {
    if (conflict.word == word) return &conflict;
  }
  return nullptr;
}

/// What tells an item the machine made from every other of its batch.
inline std::string item_key(const std::string& dossier_key, int sequence) {
  return dossier_key + '#' + std::to_string(sequence);
}
/// What tells a dossier or an item that a decision made.
inline std::string key_of_decision(ArrangementNumber number) {
  return "decision:" + std::to_string(number);
}

}  // namespace archive
