#include "app/quality_text.h"

#include <fmt/format.h>

#include "app/words.h"
#include "config/settings.h"

namespace archive {
namespace {

std::string line_of(const QualityFinding& finding, const QualityRules& rules, const Console& say) {
  const QualityRule* rule = rules.rule(finding.rule);
  // A record may name a rule that an office has since taken out of its table.
  if (rule == nullptr) return fmt::format("{} {:.4g}", finding.rule, finding.value);
  const Message& words = rule->words;
  return fmt::format("{} [{} {} {:.3g}, {} {:.3g}, {}] {}", say(words.zh, words.en), rule->id,
                     say("实测", "measured"), finding.value, say("限值", "limit"), rule->limit,
                     rule->source, say(words.zh_what_to_do, words.en_what_to_do));
}

}  // namespace

const QualityRules& quality_words() {
  static const QualityRules rules = [] {
    try {
      return QualityRules::load(find_config_folder(Settings{}));
    } catch (const ArchiveError&) {
      return QualityRules{};
    }
  }();
  return rules;
}

std::string_view verdict_text(Verdict verdict, const Console& say) {
  switch (verdict) {
    case Verdict::rescan:
      return say("应重扫", "rescan");
    case Verdict::look:
      return say("待查看", "look");
    case Verdict::accept:
      break;
  }
  return say("合格", "accept");
}

std::vector<std::string> quality_lines(const PageQuality& quality, const QualityRules& rules,
                                       const Console& say) {
  std::vector<std::string> lines;
  for (const QualityFinding& finding : quality.findings) {
    const bool remark = finding.verdict == Verdict::accept;
    if (remark && quality.verdict != Verdict::accept) continue;
    lines.push_back(line_of(finding, rules, say));
  }
  return lines;
}

std::vector<std::string> page_lines(const CheckedPage& page, const QualityRules& rules,
                                    const Console& say) {
  std::vector<std::string> lines = {fmt::format("{}  {} #{}", verdict_text(page.verdict(), say),
                                                page.file, page.page_in_file + 1)};
  if (page.fault) {
    lines.push_back(fmt::format("    {} ({})", words_for(name_of(page.fault->reason), say),
                                page.fault->detail));
    return lines;
  }
  for (const std::string& line : quality_lines(*page.quality, rules, say)) {
    lines.push_back("    " + line);
  }
  return lines;
}

}  // namespace archive
