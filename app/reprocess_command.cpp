#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/progress_display.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

const char* name_of(FieldDifference::Kind kind) {
  switch (kind) {
    case FieldDifference::Kind::added:
      return "added";
    case FieldDifference::Kind::gone:
      return "gone";
    case FieldDifference::Kind::changed:
      break;
  }
  return "changed";
}

void print_json(const Json& json, const Console& say) {
  say.result_json(json);
}

Json difference_json(const ReadingDifference& difference, bool values) {
  Json fields = Json::array();
  for (const FieldDifference& field : difference.fields) {
    Json row = {{"field", field.field},
                {"row", field.row < 0 ? Json(nullptr) : Json(field.row)},
                {"change", name_of(field.kind)}};
    if (values) {
      row["before"] = field.before;
      row["after"] = field.after;
    }
    fields.push_back(std::move(row));
  }
  Json json = {{"page", difference.page},
               {"filed_now", difference.filed_now},
               {"kept_unreadable", difference.kept_unreadable},
               {"doc_type_before", difference.type_before},
               {"doc_type_after", difference.type_after},
               {"turned", difference.turned},
               {"fields", std::move(fields)},
               {"characters", difference.characters},
               {"characters_changed", difference.characters_changed},
               {"changed_at_least", difference.changed_at_least},
               {"decisions_kept", difference.decisions_kept}};
  if (values) {
    json["lines_gone"] = difference.lines_gone;
    json["lines_new"] = difference.lines_new;
  }
  return json;
}

std::int64_t fields_that(FieldDifference::Kind kind, const ReadingDifference& difference) {
  return std::ranges::count(difference.fields, kind, &FieldDifference::kind);
}

void print_values(const ReadingDifference& difference, const Console& say) {
  for (const FieldDifference& field : difference.fields) {
    const std::string name =
        field.row < 0 ? field.field : fmt::format("{}[{}]", field.field, field.row);
    say.result(fmt::format("    {}: {} → {}", name, field.before.empty() ? "∅" : field.before,
                           field.after.empty() ? "∅" : field.after));
  }
  for (const std::string& line : difference.lines_gone) say.result("    - " + line);
  for (const std::string& line : difference.lines_new) say.result("    + " + line);
}

void print_difference(const ReadingDifference& difference, bool values, const Console& say) {
  using Kind = FieldDifference::Kind;
  std::string line = fmt::format("{} {}:", say("页", "page"), difference.page);
  if (difference.kept_unreadable) {
    line += say(" 此次无法识读，保留原记录", " could not be read this time; its record stays");
  }
  if (difference.filed_now) line += say(" 由未归档转为已归档", " set aside before, filed now");
  if (difference.type_changed()) {
    line += fmt::format(" {} {} → {}", say("类型", "type"),
                        difference.type_before.empty() ? "∅" : difference.type_before,
                        difference.type_after.empty() ? "∅" : difference.type_after);
  }
  if (difference.turned) line += say(" 方向改变", " lies another way");
  if (!difference.fields.empty()) {
    line += fmt::format("  {} {} ~ {} + {} -", say("字段", "fields"),
                        fields_that(Kind::changed, difference),
                        fields_that(Kind::added, difference), fields_that(Kind::gone, difference));
  }
  if (difference.text_changed()) {
    line += fmt::format("  {} {}{} / {}", say("文字改动", "characters changed"),
                        difference.changed_at_least ? "≥" : "", difference.characters_changed,
                        difference.characters);
  }
  if (difference.decisions_kept > 0) {
    line +=
        fmt::format("  {} {}", say("保留人工决定", "kept by persons"), difference.decisions_kept);
  }
  say.result(line);
  if (values) print_values(difference, say);
}

Json outcome_json(const ReprocessOutcome& outcome, bool dry_run) {
  return {{"pages_worked", outcome.read_again},
          {"interrupted", outcome.interrupted},
          {"dry_run", dry_run},
          {"pages_looked_at", outcome.looked_at},
          {"pages_current", outcome.current},
          {"pages_beyond_reach", outcome.beyond_reach},
          {"pages_without_bytes", outcome.without_bytes},
          {"pages_changed", outcome.changed},
          {"pages_with_type_changed", outcome.changed_type},
          {"pages_with_fields_changed", outcome.changed_fields},
          {"pages_with_text_changed", outcome.changed_text},
          {"pages_filed_now", outcome.filed_now},
          {"pages_kept_unreadable", outcome.kept_unreadable},
          {"decisions_kept", outcome.decisions_kept}};
}

void print_outcome(const ReprocessOutcome& outcome, bool dry_run, const Console& say) {
  const auto row = [&say](std::string_view words, std::int64_t count) {
    say.result(fmt::format("{}: {}", words, count));
  };
  row(say("查看的页", "pages looked at"), outcome.looked_at);
  row(say("  已是当前引擎与配置，跳过", "  current already, skipped"), outcome.current);
  row(say("  改动不涉及，跳过", "  not touched by what changed, skipped"), outcome.beyond_reach);
  if (outcome.without_bytes > 0) {
    row(say("  没有原始字节，跳过", "  without bytes, skipped"), outcome.without_bytes);
  }
  row(say("重新识读的页", "pages read again"), outcome.read_again);
  row(say("  有改变", "  changed"), outcome.changed);
  row(say("    类型", "    type"), outcome.changed_type);
  row(say("    字段", "    fields"), outcome.changed_fields);
  row(say("    文字", "    text"), outcome.changed_text);
  row(say("  由未归档转为已归档", "  set aside before, filed now"), outcome.filed_now);
  row(say("  此次无法识读，保留原记录", "  could not be read this time, record kept"),
      outcome.kept_unreadable);
  row(say("  保留的人工决定", "  decisions of persons kept"), outcome.decisions_kept);
  if (dry_run) say.result(say("仅试算，未写入任何内容", "dry run: nothing was written"));
}

}  // namespace

int run_reprocess(const ReprocessOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  WritableArchive archive(options.archive, "reprocess");
  Workshop workshop = archive.workshop();
  StageClock clock;
  ReprocessOutcome outcome;
  {
    ProgressDisplay progress(say);
    const auto show = [&](const ReadingDifference& difference) {
      if (!difference.anything()) return;
      if (say.json()) {
        print_json(difference_json(difference, options.values), say);
      } else {
        print_difference(difference, options.values, say);
      }
    };
    outcome = reprocess(workshop, {options.pages, options.force, options.dry_run, show},
                        {options.threads, false, {}}, progress, clock, stop);
  }
  if (say.json()) {
    print_json(outcome_json(outcome, options.dry_run), say);
  } else {
    print_outcome(outcome, options.dry_run, say);
  }
  if (!outcome.interrupted) return 0;
  say.note(say("已按要求停止。再次执行同一命令即可继续。",
               "stopped as asked. The same command goes on."));
  return static_cast<int>(ErrorKind::interrupted);
}

}  // namespace archive
