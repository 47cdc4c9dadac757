#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "audit/archive_audit.h"

namespace {

using archive::audit::AuditReport;

constexpr int kSound = 0;
constexpr int kUsage = 2;
constexpr int kDamage = 3;
constexpr int kNoArchive = 11;

constexpr const char* kHelp =
    R"(juanzong-audit: checks an archive, or a copy of one, from its files alone.
档案库外部审计：只读文件，不用服务器，不用网络。

  juanzong-audit ARCHIVE [--heads FOLDER]... [--key FILE] [--no-objects] [--json]

  --heads FOLDER   a copy of the signed heads that was kept outside the archive (settings:
                   [ledger] heads_to). Give every one you have: without any, whoever holds the
                   signing key could have written everything anew.
                   档案库之外保存的签名树头副本，有几份给几份。
  --key FILE       the public key you know the archive by; heads must lead back to it
                   已知的公钥
  --archive-key-file FILE, --archive-passphrase-file FILE, --archive-recovery-file FILE
                   what opens an encrypted archive (or $JUANZONG_KEY_FILE). Without it only
                   signatures are checked, and the audit says so.
                   加密档案库的密钥文件、口令文件或恢复密钥；没有时只查签名
  --no-objects     only ledger and records; does not read the objects
                   只查账本与记录，不读对象
  --json           for machines

Checked: every object against its name; every entry of the ledger, its Merkle tree (RFC 6962, with
SHA-256 and SM3) against every signed head (Ed25519); the tables against what the ledger makes of
them. The first wrong entry and every damaged object are named.

Exit: 0 sound, 2 wrong options, 3 damage or contradictions, 11 no archive there.
)";

bool chinese() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return std::strncmp(value, "zh", 2) == 0;
  }
  return false;
}

void print_json(const AuditReport& report) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const auto& finding : report.findings) {
    findings.push_back({{"kind", finding.kind}, {"where", finding.where}, {"what", finding.what}});
  }
  const nlohmann::ordered_json json = {{"sound", report.sound()},
                                       {"entries", report.entries},
                                       {"unsigned_entries", report.unsigned_entries},
                                       {"first_wrong_entry", report.first_wrong_entry},
                                       {"heads", report.heads},
                                       {"outside", report.outside},
                                       {"rows", report.rows},
                                       {"objects", report.objects},
                                       {"object_bytes", report.object_bytes},
                                       {"ledger_seconds", report.ledger_seconds},
                                       {"seconds", report.seconds},
                                       {"remarks", report.remarks},
                                       {"findings", std::move(findings)}};
  std::cout << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void print_text(const AuditReport& report) {
  const bool zh = chinese();
  for (const auto& finding : report.findings) {
    std::cout << (zh ? "问题 " : "FOUND ") << finding.kind << "  " << finding.where << "\n    "
              << finding.what << '\n';
  }
  for (const std::string& remark : report.remarks) {
    std::cout << (zh ? "提示 " : "remark ") << remark << '\n';
  }
  if (report.first_wrong_entry > 0) {
    std::cout << (zh ? "第一条有误的账目：" : "first wrong entry: ") << report.first_wrong_entry
              << '\n';
  }
  std::cout << (report.sound() ? (zh ? "完好" : "sound") : (zh ? "有问题" : "NOT SOUND")) << ": "
            << report.entries << (zh ? " 条账目，" : " entries, ") << report.heads
            << (zh ? " 个签名树头（外部 " : " signed heads (folders outside: ") << report.outside
            << (zh ? " 处），" : "), ") << report.rows << (zh ? " 行记录，" : " rows, ")
            << report.objects << (zh ? " 个对象，" : " objects, ") << report.findings.size()
            << (zh ? " 个问题" : " findings") << '\n';
}

int run(int argc, char** argv) {
  archive::audit::AuditOptions options;
  options.threads = static_cast<int>(std::thread::hardware_concurrency());
  std::string archive;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool has_next = i + 1 < argc;
    if (word == "--help" || word == "-h") {
      std::cout << kHelp;
      return kSound;
    }
    if (word == "--heads" && has_next) {
      options.outside.emplace_back(argv[++i]);
    } else if (word == "--key" && has_next) {
      options.key = argv[++i];
    } else if (word == "--archive-key-file" && has_next) {
      options.way_in.key_file = argv[++i];
    } else if (word == "--archive-passphrase-file" && has_next) {
      options.way_in.passphrase_file = argv[++i];
    } else if (word == "--archive-recovery-file" && has_next) {
      options.way_in.recovery_file = argv[++i];
    } else if (word == "--no-objects") {
      options.objects = false;
    } else if (word == "--json") {
      json = true;
    } else if (archive.empty() && !word.starts_with("-")) {
      archive = word;
    } else {
      std::cerr << "juanzong-audit: " << word << ": not understood\n" << kHelp;
      return kUsage;
    }
  }
  const char* key_file = std::getenv("JUANZONG_KEY_FILE");
  if (key_file != nullptr && options.way_in.key_file.empty() &&
      options.way_in.passphrase_file.empty() && options.way_in.recovery_file.empty()) {
    options.way_in.key_file = key_file;
  }
  if (archive.empty()) {
    std::cerr << kHelp;
    return kUsage;
  }
  // Nothing of a key, or of what it opens, goes into a core file.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  try {
    const AuditReport report = archive::audit::audit_archive(archive, options);
    json ? print_json(report) : print_text(report);
    return report.sound() ? kSound : kDamage;
  } catch (const std::exception& error) {
    std::cerr << "juanzong-audit: " << error.what() << '\n';
    return kNoArchive;
  }
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv); }
