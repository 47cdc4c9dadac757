#include "app/command_parser.h"

// Custody: looking after the stored bytes and their copies.

namespace archive {

void CommandParser::add_key(CLI::App* command, KeySource& key) const {
  command->add_option("--key-file", key.key_file,
                      text("密钥文件（默认取设置 custody.backup_key_file）",
                           "key file (default: the setting custody.backup_key_file)"));
  command->add_option("--passphrase-file", key.passphrase_file,
                      text("口令所在文件的第一行；- 为标准输入",
                           "file whose first line is the passphrase; - is standard input"));
}

void CommandParser::add_scrub() {
  auto* command =
      add("scrub",
          text("定期检查：对象逐个重算哈希并解码，每处缺陷成为一项任务，凭修复记录方可结案",
               "look after the objects: hash and decode each on a schedule; every defect becomes a "
               "task that only a repair record closes"),
          scrub_, run_scrub, {Right::operate});
  add_archive(command, scrub_.archive);
  command->add_option(
      "--part", scrub_.part,
      text("第 n 份，共 t 份（默认：今天到期的分区，最久未查者在前）",
           "share n/t of the store (default: what is due today, the oldest first)"));
  command->add_flag("--all", scrub_.all, text("检查全部", "look at everything"));
  command
      ->add_option("--limit", scrub_.limit,
                   text("每秒最多 MB（默认取设置 custody.scrub_mb_per_second）",
                        "at most so many MB a second (default: custody.scrub_mb_per_second)"))
      ->check(CLI::Range(0.0, 1e6));
  command->add_option("--threads", scrub_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
  command->footer(
      text("例：juanzong scrub              每天一次，各分区按 scrub_days 轮流检查\n"
           "    juanzong scrub --part 1/7 --limit 50",
           "Examples: juanzong scrub              daily: all within scrub_days\n"
           "          juanzong scrub --part 1/7 --limit 50"));
}

void CommandParser::add_replicate() {
  auto* command = add("replicate",
                      text("把缺少的对象复制到各副本目录（设置 custody.replicas）",
                           "copy what the replicas lack (setting custody.replicas)"),
                      replicate_, run_replicate, {Right::operate});
  add_archive(command, replicate_.archive);
  command->add_flag("--begin", replicate_.begin,
                    text("把空目录建为副本", "make replicas of folders that are empty"));
}

void CommandParser::add_convert() {
  auto* command = add("convert",
                      text("把某种格式的页另存为 JPEG 2000（无损），原件不变，逐像素核对并登记",
                           "keep pages of one format as JPEG 2000 too, without loss: originals "
                           "stay, every pixel is compared, tool and check are recorded"),
                      convert_, run_convert, {Right::operate, Right::manage});
  add_archive(command, convert_.archive);
  auto* kind = command
                   ->add_option("--from", convert_.kind,
                                text("原件格式：tiff、jpeg、png、bmp、pdf",
                                     "format of the originals: tiff, jpeg, png, bmp, pdf"))
                   ->check(CLI::IsMember({"tiff", "jpeg", "png", "bmp", "pdf"}));
  command->add_option("--reason", convert_.reason, text("理由", "the reason"))->needs(kind);
  command->add_option("--threads", convert_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
  auto* list = command->add_flag("--list", convert_.list,
                                 text("列出转换记录", "list the records of conversions"));
  list->excludes(kind);
  command->footer(text("例：juanzong convert --from tiff --reason 长期保存格式",
                       "Example: juanzong convert --from tiff --reason \"a format for the long "
                       "term\""));
}

void CommandParser::add_gc() {
  auto* command = add("gc",
                      text("清理无人引用的对象：先标记，过宽限期再核实后删除；verify 不干净则拒绝",
                           "remove objects that nothing needs: marked first, removed when they are "
                           "still not needed after a grace; refuses while verify is not clean"),
                      gc_, run_gc, {Right::operate, Right::manage});
  add_archive(command, gc_.archive);
  command
      ->add_option("--grace-days", gc_.grace_days,
                   text("宽限天数（默认取设置 lifecycle.garbage_grace_days）",
                        "days between marking and removing (default: "
                        "lifecycle.garbage_grace_days)"))
      ->check(CLI::Range(0, 3'650));
  command->add_flag("--dry-run", gc_.dry_run, text("只看不改", "only say what would be done"));
}

void CommandParser::add_repair() {
  auto* command = add("repair",
                      text("修复缺陷：只从哈希正确的副本复制，损坏的字节另存，修复记录入账",
                           "repair defects from copies whose hash is right; damaged bytes are kept "
                           "aside, the repair is recorded in the ledger"),
                      repair_, run_repair, {Right::operate});
  add_archive(command, repair_.archive);
  command->add_option("tasks", repair_.tasks,
                      text("任务编号（默认：全部未结）", "numbers of tasks (default: all open)"));
  command->add_option("--reason", repair_.reason, text("理由", "the reason"))->required();
  command->add_option("--from", repair_.from,
                      text("另外的副本：档案库、副本或 objects 目录",
                           "further copies: folder of an archive, a replica or its objects"));
  command->add_option("--backup", repair_.backup,
                      text("从此备份取回", "bring objects back from this repository of backups"));
  add_key(command, repair_.key);
}

void CommandParser::add_task() {
  CLI::App* command = app_.add_subcommand(
      "task", text("缺陷任务：查看与结案", "tasks: defects that were found, and how they ended"));
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand("list", text("列出未结的任务", "list the open tasks"));
  remember(list, task_, run_task_list, {Right::operate, Right::manage, Right::audit});
  add_archive(list, task_.archive);
  list->add_flag("--all", task_.all, text("已结的也列出", "closed ones too"));
  CLI::App* close = command->add_subcommand(
      "close", text("凭修复记录结案：何人、何法、何故",
                    "close a task by a repair record: who, by what method, why"));
  remember(close, task_, run_task_close, {Right::operate, Right::manage});
  add_archive(close, task_.archive);
  close->add_option("task", task_.task, text("任务编号", "number of the task"))->required();
  close->add_flag("--repaired", task_.repaired,
                  text("已修复（对象须已完好）", "it was repaired; the object must be sound"));
  close->add_flag("--accepted", task_.accepted,
                  text("认可：缺陷保留，原因已知", "the defect stays and is known"));
  close->add_option("--method", task_.method, text("方法", "by what method"))->required();
  close->add_option("--reason", task_.reason, text("理由", "the reason"))->required();
}

void CommandParser::add_backup() {
  CLI::App* command = app_.add_subcommand(
      "backup", text("加密、去重、增量的备份：建立、运行、校验、恢复、演练",
                     "encrypted, deduplicated, incremental backups: make, verify, restore, drill"));
  command->require_subcommand(1);
  add_backup_writing(command);
  add_backup_reading(command);
  command->footer(
      text("例：juanzong medium add U01 --site 异地库房 --keeper 李明\n"
           "    juanzong backup init /media/u01 --medium U01 --key-file backup.key\n"
           "    juanzong backup run /media/u01 --key-file backup.key\n"
           "    juanzong backup verify /media/u01 --key-file backup.key",
           "Example: juanzong medium add U01 --site annex --keeper Li\n"
           "         juanzong backup init /media/u01 --medium U01 --key-file backup.key\n"
           "         juanzong backup run /media/u01 --key-file backup.key\n"
           "         juanzong backup verify /media/u01 --key-file backup.key"));
}

CLI::App* CommandParser::add_backup_part(CLI::App* backup, const char* name,
                                         const std::string& about,
                                         int (*run)(const BackupOptions&, const Console&)) {
  CLI::App* command = backup->add_subcommand(name, about);
  remember(command, backup_, run, {Right::operate});
  add_archive(command, backup_.archive);
  command->add_option("place", backup_.place, text("备份目录", "folder of the backups"))
      ->required();
  add_key(command, backup_.key);
  return command;
}

void CommandParser::add_backup_writing(CLI::App* backup) {
  const auto sub = [&](const char* name, const std::string& about, auto* run) {
    return add_backup_part(backup, name, about, run);
  };
  CLI::App* init = sub("init",
                       text("在空目录或介质上建立备份；密钥文件不存在时生成，显示一次恢复密钥",
                            "begin backups in an empty folder or medium; makes the key file when "
                            "it is not there, and shows the recovery key once"),
                       run_backup_init);
  init->add_option("--medium", backup_.medium,
                   text("已登记的介质编号", "id of the registered medium it is on"));
  sub("run",
      text("备份：与录入同时进行亦一致；中断后重复同一命令即可",
           "make a backup, also while pages come in; when stopped, the same command goes on"),
      run_backup_run);
  CLI::App* prune = sub("prune",
                        text("删除较旧的备份，保留的备份所需数据一概不动",
                             "take older backups away, and nothing that a kept one needs"),
                        run_backup_prune);
  prune->add_option("--keep", backup_.keep, text("保留最新几个", "keep so many of the newest"))
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  prune
      ->add_option("--keep-days", backup_.keep_days,
                   text("另外保留几天之内的", "and all that are no older than so many days"))
      ->check(CLI::Range(0, 36'500));
  prune->add_flag("--dry-run", backup_.dry_run,
                  text("只显示，不删除", "show it and take nothing away"));
  CLI::App* rekey = sub("rekey",
                        text("更换密钥或口令，备份数据不必改写",
                             "change key file, passphrase or recovery key; no data is rewritten"),
                        run_backup_rekey);
  rekey->add_option("--recovery-file", backup_.key.recovery_file,
                    text("用恢复密钥打开；- 为标准输入",
                         "open it by the recovery key; - is standard "
                         "input"));
  rekey->add_option("--new-key-file", backup_.new_key.key_file,
                    text("新密钥文件，不存在时生成", "the new key file, made when not there"));
  rekey->add_option("--new-passphrase-file", backup_.new_key.passphrase_file,
                    text("新口令所在文件", "file with the new passphrase"));
  rekey->add_flag("--new-recovery", backup_.new_recovery,
                  text("更换恢复密钥", "a new recovery key"));
}

void CommandParser::add_backup_reading(CLI::App* backup) {
  const auto sub = [&](const char* name, const std::string& about, auto* run) {
    CLI::App* command = add_backup_part(backup, name, about, run);
    command->add_option(
        "--recovery-file", backup_.key.recovery_file,
        text("恢复密钥所在文件；- 为标准输入", "file with the recovery key; - is standard input"));
    return command;
  };
  const auto add_threads = [&](CLI::App* command) {
    command->add_option("--threads", backup_.threads, text("线程数", "number of threads"))
        ->check(CLI::Range(1, 256));
  };
  const auto add_id = [&](CLI::App* command) {
    command->add_option("--id", backup_.id,
                        text("备份编号（默认最新）", "which backup (default: the newest)"));
  };
  sub("list", text("列出备份", "list the backups"), run_backup_list);
  CLI::App* verify = sub("verify",
                         text("读回、解密、重算哈希并解码每个对象，一次列出全部损坏",
                              "read everything back: decrypt, hash and decode every object, list "
                              "all damage at once"),
                         run_backup_verify);
  verify->add_flag("--no-decode", backup_.no_decode,
                   text("不解码图像", "do not decode the pictures"));
  verify->add_flag("--set-aside", backup_.set_aside,
                   text("把损坏的文件移到 damaged/，下次备份重新复制",
                        "move what is broken to damaged/, so that the next run copies it anew"));
  add_threads(verify);
  CLI::App* restore =
      sub("restore", text("恢复到新的空目录", "make the archive again in a new, empty folder"),
          run_backup_restore);
  restore->add_option("to", backup_.to, text("新目录", "the new folder"))->required();
  add_id(restore);
  add_threads(restore);
  CLI::App* drill = sub("drill",
                        text("恢复演练：恢复到临时目录，证明对象、记录、账本、索引与原库相同",
                             "restore into a folder for a while and prove objects, records, ledger "
                             "and index equal to the archive"),
                        run_backup_drill);
  drill->add_option("--to", backup_.to,
                    text("在此目录内演练（默认在档案库的 spool 内）",
                         "do it in this folder (default: in the archive's spool)"));
  add_id(drill);
  add_threads(drill);
}

void CommandParser::add_medium() {
  CLI::App* command =
      app_.add_subcommand("medium", text("介质登记：编号、地点、保管人、读回日期",
                                         "register of media: id, site, keeper, when to read back"));
  command->require_subcommand(1);
  const auto sub = [&](const char* name, const std::string& about,
                       int (*run)(const MediumOptions&, const Console&)) {
    CLI::App* made = command->add_subcommand(name, about);
    remember(made, medium_, run, {Right::operate, Right::manage});
    add_archive(made, medium_.archive);
    return made;
  };
  CLI::App* add =
      sub("add", text("登记或更正一个介质", "register a medium, or correct it"), run_medium_add);
  add->add_option("id", medium_.id, text("编号，与标签一致", "id, as on its label"))->required();
  add->add_option("--site", medium_.site, text("所在地", "the site it is at"))->required();
  add->add_option("--place", medium_.place, text("房间、柜架", "room and shelf"));
  add->add_option("--keeper", medium_.keeper, text("保管人", "who keeps it"))->required();
  add->add_option("--read-back-days", medium_.days,
                  text("每隔几天读回一次", "it is read back after so many days"))
      ->check(CLI::Range(1, 36'500));
  add->add_option("--due", medium_.due,
                  text("首次应读回的日期", "the day it is first to be read back by"));
  sub("list", text("列出介质", "list the media"), run_medium_list);
  CLI::App* read = sub("read-back",
                       text("读回介质上的备份并登记结果",
                            "read the backups on a medium back and write down how it was"),
                       run_medium_read_back);
  read->add_option("id", medium_.id, text("编号", "id"))->required();
  read->add_option("folder", medium_.folder, text("介质上的备份目录", "the backups on it"))
      ->required();
  read->add_option("--threads", medium_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
  add_key(read, medium_.key);
  read->add_option("--recovery-file", medium_.key.recovery_file,
                   text("恢复密钥所在文件", "file with the recovery key"));
  CLI::App* retire = sub("retire", text("停用介质", "take a medium out of use"), run_medium_retire);
  retire->add_option("id", medium_.id, text("编号", "id"))->required();
  retire->add_option("--reason", medium_.reason, text("理由", "the reason"))->required();
}

}  // namespace archive
