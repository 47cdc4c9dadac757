#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <functional>
#include <utility>

#include "app/commands.h"
#include "app/verification.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMebibyte = 1024.0 * 1024.0;

Json ledger_json(const audit::AuditReport& report) {
  Json findings = Json::array();
  for (const audit::AuditFinding& finding : report.findings) {
    findings.push_back({{"kind", finding.kind}, {"where", finding.where}, {"what", finding.what}});
  }
  return {{"sound", report.sound()},   {"entries", report.entries},
          {"heads", report.heads},     {"outside", report.outside},
          {"rows", report.rows},       {"first_wrong_entry", report.first_wrong_entry},
          {"remarks", report.remarks}, {"findings", std::move(findings)}};
}

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

void print_ledger(const audit::AuditReport& report, const Console& say) {
  for (const audit::AuditFinding& finding : report.findings) {
    say.result(fmt::format("{} {}  {}", say("损坏", "DAMAGE"), finding.kind, finding.where));
    say.result(fmt::format("    {}", finding.what));
    say.result(fmt::format("    {}{}", say("办法：", "what to do: "),
                           say("停止写入，保留现场，用 juanzong-audit 与库外树头核对",
                               "stop writing, keep everything as it is, and compare with the heads "
                               "outside by juanzong-audit")));
  }
  for (const std::string& remark : report.remarks) {
    say.result(fmt::format("{} {}", say("提示", "remark"), remark));
  }
  say.result(fmt::format("{}: {}: {} {}, {} {}, {} {}", say("账本", "ledger"),
                         report.sound() ? say("完好", "sound") : say("有损坏", "DAMAGED"),
                         report.entries, say("条账目", "entries"), report.heads,
                         say("个签名树头", "signed heads"), report.rows, say("行记录", "rows")));
}

}  // namespace

int run_verify(const VerifyCommandOptions& options, const Console& say) {
  std::function<void(const VerifyCounts&)> progress;
  if (!say.json() && say.live()) {
    progress = [&say](const VerifyCounts& counts) {
      say.progress(fmt::format("{} {}  {:.0f} MiB", say("已校验对象", "objects verified"),
                               counts.objects, static_cast<double>(counts.bytes) / kMebibyte));
    };
  }
  const auto [result, ledger] = verify_whole(options.archive, progress);
  say.end_progress();
  if (say.json()) {
    Json json = verify_json(result);
    json["sound"] = result.sound() && ledger.sound();
    json["ledger"] = ledger_json(ledger);
    say.result_json(json);
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
    print_ledger(ledger, say);
  }
  return result.sound() && ledger.sound() ? 0 : static_cast<int>(ErrorKind::damage);
}

}  // namespace archive
