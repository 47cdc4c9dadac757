#include "app/command_parser.h"

// Keys of an encrypted archive, and the look at what might be weak.

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

}  // namespace archive
