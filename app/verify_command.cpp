#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "app/commands.h"
#include "app/custody_support.h"
#include "audit/archive_audit.h"
#include "store/archive_folder.h"
#include "store/verify.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMebibyte = 1024.0 * 1024.0;

constexpr const char* kSettings = "juanzong.toml";

/// The settings, or the defaults and what is wrong: damaged settings must not hide other damage.
std::pair<Settings, std::vector<audit::AuditFinding>> settings_of(const ArchiveFolder& archive) {
  try {
    return {read_settings(archive.settings_file()), {}};
  } catch (const ArchiveError& error) {
    return {{}, {{"settings_unreadable", kSettings, error.where() + ": " + error.problem()}}};
  }
}

// What the ledger says, by the auditor's code, which shares none with what wrote it.
audit::AuditReport audit_of(const std::filesystem::path& archive, const Settings& settings) {
  audit::AuditOptions options;
  options.objects = false;
  options.master = master_for_audit(archive);
  for (const auto& folder : settings.ledger.heads_to) {
    // A medium that is not there now proves nothing either way.
    if (std::filesystem::exists(folder / "heads")) options.outside.push_back(folder);
  }
  return audit::audit_archive(archive, options);
}

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
  const auto [settings, settings_damage] = settings_of(ArchiveFolder::open(options.archive));
  VerifyOptions check;
  check.key_file = settings.ledger.key_file;
  if (!say.json() && say.live()) {
    check.progress = [&say](const VerifyCounts& counts) {
      say.progress(fmt::format("{} {}  {:.0f} MiB", say("已校验对象", "objects verified"),
                               counts.objects, static_cast<double>(counts.bytes) / kMebibyte));
    };
  }
  const VerifyResult result = verify(options.archive, check);
  say.end_progress();
  audit::AuditReport ledger = audit_of(options.archive, settings);
  ledger.findings.insert(ledger.findings.begin(), settings_damage.begin(), settings_damage.end());
  if (say.json()) {
    Json json = verify_json(result);
    json["sound"] = result.sound() && ledger.sound();
    json["ledger"] = ledger_json(ledger);
    say.result(json.dump(-1, ' ', false, Json::error_handler_t::replace));
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
