#include "app/command_parser.h"

// The way in from a browser, keys of an encrypted archive, and the look at what might be weak.

namespace archive {

void CommandParser::add_archive_keys() {
  CLI::App* command = app_.add_subcommand(
      "key",
      text("加密档案库的密钥：列出、更换，对象不必改写",
           "the ways into an encrypted archive: list and change them, no object is rewritten"));
  command->require_subcommand(1);
  const auto sub = [&](const char* name, const std::string& about,
                       int (*run)(const KeyOptions&, const Console&)) {
    CLI::App* made = command->add_subcommand(name, about);
    remember(made, key_, run, {Right::operate});
    add_archive(made, key_.archive);
    return made;
  };
  const auto add_reason = [&](CLI::App* made) {
    made->add_option("--reason", key_.reason, text("理由", "the reason"))->required();
  };
  sub("list", text("列出打开方式，并核对是否完好", "list the ways in and whether they are sound"),
      run_key_list);
  CLI::App* change = sub("change",
                         text("更换密钥文件或口令；同类的旧者失效",
                              "put a new key file or passphrase in the place of the old one"),
                         run_key_change);
  change->add_option("--new-key-file", key_.fresh.key_file,
                     text("新密钥文件，不存在时生成", "the new key file, made when not there"));
  change->add_option(
      "--new-passphrase-file", key_.fresh.passphrase_file,
      text("新口令所在文件；- 为标准输入", "file with the new passphrase; - is standard input"));
  add_reason(change);
  add_reason(sub("recovery",
                 text("更换恢复密钥，显示一次", "make a new recovery key, and show it once"),
                 run_key_recovery));
  command->footer(text(
      "例：juanzong key change --archive-key-file old.key --new-key-file new.key --reason "
      "人员变动\n"
      "    juanzong key recovery --archive-key-file new.key --reason 抄件遗失",
      "Example: juanzong key change --archive-key-file old.key --new-key-file new.key --reason "
      "handover\n"
      "         juanzong key recovery --archive-key-file new.key --reason lost"));
}

void CommandParser::add_serve() {
  auto* command = add("serve",
                      text("在浏览器中检索和阅卷：启动服务，登录后使用，每次查阅入利用登记",
                           "search and read in a browser: starts the server; users sign in, and "
                           "whoever sees a page is in the access log"),
                      serve_, run_serve, {Right::operate});
  add_archive(command, serve_.archive);
  command->add_option("--listen", serve_.listen,
                      text("地址和端口（默认 127.0.0.1:8080，只限本机）",
                           "address and port (default: 127.0.0.1:8080, this machine alone)"));
  command->add_option("--certificate", serve_.certificate,
                      text("TLS 证书（PEM）", "certificate for TLS, PEM"));
  command->add_option("--private-key", serve_.private_key,
                      text("证书的私钥（PEM）", "its private key, PEM"));
  command->add_flag("--plain", serve_.plain,
                    text("不用 TLS 也对网络开放：前面另有代理负责加密",
                         "open to the network without TLS: a proxy in front has it"));
  command->add_option("--web", serve_.web,
                      text("浏览器程序所在目录（默认随程序安装处）",
                           "folder of the browser application (default: where it is installed)"));
  add_log(command, serve_.log);
  command->footer(text("例：juanzong serve --archive 档案库\n"
                       "    juanzong serve --listen 0.0.0.0:8443 --certificate c.pem --private-key "
                       "k.pem",
                       "Examples: juanzong serve --archive archive\n"
                       "          juanzong serve --listen 0.0.0.0:8443 --certificate c.pem "
                       "--private-key k.pem"));
}

void CommandParser::add_selfcheck() {
  auto* command = add("selfcheck",
                      text("安全自查：设置薄弱处、逾期校验、闲置权限、被拒操作、组件清单；报告存档",
                           "look for what is weak: settings, overdue checks, rights nobody uses, "
                           "refusals, components; the dated report is filed"),
                      selfcheck_, run_selfcheck, {Right::audit, Right::operate});
  add_archive(command, selfcheck_.archive);
  command->add_flag("--no-keep", selfcheck_.no_keep,
                    text("只显示，报告不存档", "show it and file no report"));
}

void CommandParser::add_report() {
  CLI::App* command = app_.add_subcommand(
      "report", text("统计报告", "reports about how the office keeps its records"));
  command->require_subcommand(1);
  CLI::App* metrics = command->add_subcommand(
      "metrics", text("五项指标：及时、完整、准确、安全、保密（只有计数）",
                      "five figures: timeliness, completeness, accuracy, security and "
                      "confidentiality; counts alone"));
  remember(metrics, metrics_, run_report_metrics, {Right::manage, Right::audit, Right::operate});
  add_archive(metrics, metrics_.archive);
  metrics
      ->add_option("--days", metrics_.days,
                   text("统计多少天内被拒的访问（默认 30）",
                        "denied accesses of so many days (default: 30)"))
      ->check(CLI::Range(1, 36'500));
  command->footer(text("例：juanzong report metrics --days 90",
                       "Example: juanzong report metrics --days 90"));
}

}  // namespace archive
