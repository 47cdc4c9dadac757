#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "store/verify.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMebibyte = 1024.0 * 1024.0;

Json verify_json(const VerifyResult& result) {
  Json findings = Json::array();
  for (const VerifyFinding& finding : result.findings) {
    findings.push_back({{"kind", name_of(finding.kind)},
                        {"damage", finding.damage},
                        {"object", finding.object},
                        {"where", finding.where},
                        {"what", finding.what},
                        {"what_to_do", finding.what_to_do}});
  }
  return {{"sound", result.sound()},          {"objects", result.counts.objects},
          {"bytes", result.counts.bytes},     {"references", result.counts.references},
          {"batches", result.counts.batches}, {"seconds", result.counts.seconds},
          {"damage", result.damage},          {"remarks", result.remarks},
          {"findings", std::move(findings)}};
}

void print_findings(const VerifyResult& result, const Console& say) {
  for (const VerifyFinding& finding : result.findings) {
    say.result(fmt::format("{} {}  {}",
                           finding.damage ? say("损坏", "DAMAGE") : say("提示", "remark"),
                           name_of(finding.kind), finding.where));
    say.result(fmt::format("    {}", finding.what));
    say.result(fmt::format("    {}{}", say("办法：", "what to do: "), finding.what_to_do));
  }
}

}  // namespace

int run_verify(const VerifyCommandOptions& options, const Console& say) {
  VerifyOptions check;
  if (!say.json() && say.live()) {
    check.progress = [&say](const VerifyCounts& counts) {
      say.progress(fmt::format("{} {}  {:.0f} MiB", say("已校验对象", "objects verified"),
                               counts.objects, static_cast<double>(counts.bytes) / kMebibyte));
    };
  }
  const VerifyResult result = verify(options.archive, check);
  say.end_progress();
  if (say.json()) {
    say.result(verify_json(result).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_findings(result, say);
    say.result(fmt::format(
        "{}: {} {}, {:.1f} MiB, {} {}, {:.1f} s",
        result.sound() ? say("完好", "sound") : say("有损坏", "DAMAGED"), result.counts.objects,
        say("个对象", "objects"), static_cast<double>(result.counts.bytes) / kMebibyte,
        result.counts.references, say("条引用", "references"), result.counts.seconds));
    if (!result.sound()) {
      say.result(fmt::format("{}: {}", say("损坏条数", "findings of damage"), result.damage));
    }
  }
  return result.sound() ? 0 : static_cast<int>(ErrorKind::damage);
}

}  // namespace archive
