#include "app/batch_text.h"

#include <fmt/format.h>

#include "app/words.h"

namespace archive {
namespace {

std::string state_text(const BatchRecord& batch, const Console& say) {
  switch (batch.state) {
    case BatchState::complete:
      return std::string(say("完成", "complete"));
    case BatchState::held:
      return std::string(say("搁置，待人工核对", "held for a person"));
    case BatchState::open:
      break;
  }
  return std::string(say("未完成", "not finished"));
}

}  // namespace

std::string balance_text(const BatchCounts& counts, const Console& say) {
  std::string text = fmt::format("{} {} = {} {} + {} {}", say("交来页", "pages in"),
                                 counts.occurrences, say("已归档", "filed"), counts.filed,
                                 say("未归档", "set aside"), counts.set_aside);
  if (counts.replaced > 0) {
    text += fmt::format(" + {} {}", say("已被替换", "replaced"), counts.replaced);
  }
  return text;
}

void print_batch(const BatchRecord& batch, const BatchCounts& counts, const Console& say) {
  say.result(fmt::format("{} {}  {}  [{}]", say("批次", "batch"), batch.number, batch.name,
                         state_text(batch, say)));
  if (!batch.held_reason.empty()) {
    say.result(fmt::format("  {}: {}", say("搁置原因", "held because"), batch.held_reason));
  }
  say.result(fmt::format("  {} {}, {} {}", say("文件", "files"), counts.sources,
                         say("其中只存不读", "kept unread"), counts.carriers_kept));
  say.result("  " + balance_text(counts, say));
  if (counts.conflicts > 0) {
    say.result(fmt::format("  {}: {}",
                           say("无法沿用的整理决定（arrange list 列出）",
                               "decisions about the structure that cannot be followed, see "
                               "arrange list"),
                           counts.conflicts));
  }
  for (const auto& [reason, count] : counts.set_aside_by_reason) {
    say.result(fmt::format("    {} {}", fit_columns(words_for(reason, say), 40), count));
  }
  say.result(fmt::format("  {} {}, {} {}, {} {}, {} {}", say("空白", "blank"), counts.blank,
                         say("分隔页", "separators"), counts.separators,
                         say("需复核", "for review"), counts.review, say("重复交来", "repeated"),
                         counts.repeats));
  const auto pages_with = [&counts](Verdict verdict) {
    const auto found = counts.by_quality.find(std::string(name_of(verdict)));
    return found == counts.by_quality.end() ? 0 : found->second;
  };
  say.result(fmt::format("  {}: {} {}, {} {}, {} {}", say("图像质量", "pictures"),
                         say("合格", "accepted"), pages_with(Verdict::accept),
                         say("待查看", "to look at"), pages_with(Verdict::look),
                         say("应重扫", "to be scanned again"), pages_with(Verdict::rescan)));
  const auto open_findings = [&counts](Severity severity) {
    const auto found = counts.open_findings.find(std::string(name_of(severity)));
    return found == counts.open_findings.end() ? 0 : found->second;
  };
  say.result(fmt::format("  {}: {} {}, {} {}, {} {}", say("卷宗检查", "dossiers"),
                         say("错误", "errors"), open_findings(Severity::error),
                         say("警告", "warnings"), open_findings(Severity::warn),
                         say("提示", "notes"), open_findings(Severity::info)));
}

int exit_code_of(const BatchRecord& batch, const BatchCounts& counts) {
  if (batch.state == BatchState::held) return static_cast<int>(ErrorKind::held);
  if (counts.set_aside > 0) return static_cast<int>(ErrorKind::set_aside);
  return 0;
}

}  // namespace archive
