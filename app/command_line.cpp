#include "app/command_line.h"

#include <cstdlib>
#include <memory>
#include <sstream>

#include "app/command_parser.h"
#include "app/command_tree.h"
#include "app/version.h"

namespace archive {
namespace {

std::string about(const Console& say) {
  return std::string(
      say("卷宗：社会保险业务档案数字化。纸质档案扫描件经清理、识读、分类、抽取，存入可校验的档案"
          "库。",
          "Juanzong: from scanned social-insurance dossiers to found, provable records."));
}

// Help is printed while the line is parsed, so its language must be known before.
std::string language_on(int argc, const char* const* argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string_view(argv[i]) == "--lang") return argv[i + 1];
  }
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with("--lang=")) return argv[i] + 7;
  }
  return "auto";
}

}  // namespace

CommandParser::CommandParser(const Console& say) : say_(say), app_(about(say)) {
  app_.name("juanzong");
  app_.require_subcommand(1);
  app_.set_version_flag("--version", std::string("juanzong ") + kVersion,
                        text("显示版本", "show the version"));
  app_.set_help_flag("-h,--help", text("显示帮助", "show this help"));
  // For packaging/manual.py, which nobody else has to know of.
  app_.add_flag_callback("--describe-commands",
                         [this] { throw CLI::CallForVersion(command_tree(app_), 0); })
      ->group("");
  app_.add_flag("--json", json_, text("输出供程序读取的 JSON", "print JSON for machines"));
  app_.add_option("--lang", language_, text("界面语言", "language of messages"))
      ->check(CLI::IsMember({"zh", "en", "auto"}));
  app_.add_option("--by", by_,
                  text("以此用户的身份（须输密码；默认按系统账户认定）",
                       "act as this user, who gives a password; by default whoever has the account "
                       "of the system"));
  app_.add_option("--co-signer", co_signer_,
                  text("外包人员的操作由本单位此人会签", "signs with an outside helper"));
  app_.add_option("--archive-key-file", archive_key_.key_file,
                  text("打开加密档案库的密钥文件（或 $JUANZONG_KEY_FILE）",
                       "key file that opens an encrypted archive (or $JUANZONG_KEY_FILE)"));
  app_.add_option("--archive-passphrase-file", archive_key_.passphrase_file,
                  text("打开加密档案库的口令，取文件第一行；- 为标准输入（或 "
                       "$JUANZONG_PASSPHRASE_FILE）",
                       "the same by a passphrase, the file's first line; - is standard input (or "
                       "$JUANZONG_PASSPHRASE_FILE)"));
  app_.add_option("--archive-recovery-file", archive_key_.recovery_file,
                  text("用恢复密钥打开加密档案库", "the same by the recovery key"));
  app_.fallthrough();
  app_.footer(text("每个子命令都有 --help。先用 init 建库，再用 ingest 录入，用 search 查找。",
                   "Each command has --help. Begin with init, then ingest, then search."));
  add_init();
  add_ingest();
  add_quality();
  add_check();
  add_properties();
  add_finding();
  add_value();
  add_arrange();
  add_compare();
  add_accept();
  add_catalogue();
  add_watch();
  add_scan();
  add_sheets();
  add_status();
  add_release();
  add_search();
  add_show();
  add_person();
  add_export();
  add_package();
  add_bag();
  add_verify();
  add_ledger();
  add_scrub();
  add_replicate();
  add_convert();
  add_gc();
  add_repair();
  add_task();
  add_backup();
  add_archive_keys();
  add_config();
  add_selfcheck();
  add_report();
  add_serve();
  add_medium();
  add_reprocess();
  add_form();
  add_index();
  add_review();
  add_correct();
  add_retention();
  add_hold();
  add_disposal();
  add_place();
  add_loan();
  add_user();
}

Invocation CommandParser::parse(int argc, const char* const* argv) {
  Invocation invocation;
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app_.exit(error, out, err);
    invocation.text = out.str() + err.str();
    invocation.exit_code = code == 0 ? 0 : static_cast<int>(ErrorKind::usage);
    return invocation;
  }
  invocation.json = json_;
  invocation.language = language_;
  invocation.by = by_;
  invocation.co_signer = co_signer_;
  invocation.archive_key = archive_key_;
  invocation.command = chosen_;
  return invocation;
}

void CommandParser::add_archive(CLI::App* command, std::filesystem::path& archive,
                                const char* names) const {
  // Read here: CLI11 reads it for commands that were not given as well, and those that share these
  // options would then overrule the one that was.
  const char* named = std::getenv("JUANZONG_ARCHIVE");
  archive = named == nullptr || *named == 0 ? "archive" : named;
  command->add_option(names, archive,
                      text("档案库目录（默认 $JUANZONG_ARCHIVE 或 ./archive）",
                           "the archive's folder ($JUANZONG_ARCHIVE, or ./archive)"));
}

void CommandParser::add_log(CLI::App* command, LogOptions& log) const {
  command
      ->add_option("--log", log.format,
                   text("运行日志写到标准错误，每事件一行，不含个人信息",
                        "log to standard error, a line an event, without personal data"))
      ->check(CLI::IsMember({"text", "json"}));
  command
      ->add_option("--log-level", log.level,
                   text("日志级别（默认 info）", "how much of it (default: info)"))
      ->check(CLI::IsMember({"error", "warn", "info"}));
}

void CommandParser::add_init() {
  auto* command =
      add("init", text("新建一个空的档案库", "make a new, empty archive"), init_, run_init);
  add_archive(command, init_.archive, "-A,--archive,archive");
  command->add_flag(
      "--encrypt", init_.encrypt,
      text("加密存放对象与记录；须给 --key-file 或 --passphrase-file，并显示一次恢复密钥",
           "keep objects and records encrypted; needs --key-file or "
           "--passphrase-file, and shows the recovery key once"));
  command->add_option("--key-file", init_.key.key_file,
                      text("密钥文件，不存在时生成；不要放在档案库内",
                           "the key file, made when not there; keep it out of the archive"));
  command->add_option("--passphrase-file", init_.key.passphrase_file,
                      text("口令所在文件的第一行；- 为标准输入",
                           "file whose first line is the passphrase; - is standard input"));
}

void CommandParser::add_ingest() {
  auto* command = add("ingest",
                      text("录入一批扫描件：文件或文件夹。中断后重复同一命令即可继续。",
                           "take in a batch of scans: files or folders. When it was stopped, "
                           "the same command goes on."),
                      ingest_, run_ingest, {Right::take_in});
  add_archive(command, ingest_.archive);
  command->add_option("inputs", ingest_.inputs, text("文件或文件夹", "files or folders"))
      ->required();
  command->add_option("--batch", ingest_.batch_name,
                      text("批次名称（默认取文件夹名）",
                           "name of the batch (by default its folder's)"));
  command
      ->add_option("--sheets", ingest_.job_sheet.sheets,
                   text("扫描前清点的张数", "sheets of paper counted before scanning"))
      ->check(CLI::Range(1, 1'000'000));
  command
      ->add_option("--sides", ingest_.job_sheet.sides,
                   text("每张扫描面数：1 或 2", "sides scanned of each sheet: 1 or 2"))
      ->check(CLI::Range(1, 2));
  command->add_option("--operator", ingest_.job_sheet.operator_name,
                      text("扫描人员", "who scanned"));
  command->add_option("--scanner", ingest_.job_sheet.scanner, text("扫描设备", "which scanner"));
  command->add_option("--category", ingest_.job_sheet.category,
                      text("门类，不是社会保险业务档案时填写：只识读文字，不抽取字段",
                           "category of archives, where it is not social-insurance business: the "
                           "text is read, no fields"));
  command->add_option("--threads", ingest_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
  command->add_flag("--no-wait", ingest_.no_wait,
                    text("不等待刚改动过的文件", "do not wait for files changed a moment ago"));
  command->add_option("--acknowledge", ingest_.acknowledge_file,
                      text("每页落盘并可检索后，在此文件追加一行",
                           "append a line here for every page that is durable and findable"));
  command->add_option(
      "--timings", ingest_.timings_file,
      text("各环节耗时写入此文件（JSON）", "write the time of every stage here (JSON)"));
  add_log(command, ingest_.log);
}

void CommandParser::add_quality() {
  auto* command = add("quality",
                      text("检查扫描图像质量：逐页给出合格、待查看、应重扫及原因，不录入",
                           "judge the pictures of scans page by page: accept, look, rescan and "
                           "why; nothing is taken in"),
                      quality_, run_quality);
  command->add_option("inputs", quality_.inputs, text("文件或文件夹", "files or folders"))
      ->required();
  command->add_flag("--all", quality_.all, text("合格的页也列出", "list accepted pages too"));
  command->add_option("--threads", quality_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
}

void CommandParser::add_watch() {
  auto* command = add("watch",
                      text("监视文件夹：每个子文件夹是一个批次，文件不再变动后自动录入",
                           "watch a hot folder: every sub-folder is a batch, taken in when "
                           "its files keep still"),
                      watch_, run_watch, {Right::take_in});
  add_archive(command, watch_.archive);
  command->add_option("folder", watch_.folder, text("被监视的文件夹", "the folder to watch"))
      ->required();
  command->add_option("--threads", watch_.threads, text("线程数", "number of threads"));
  command->add_flag("--once", watch_.once,
                    text("处理完现有批次即退出", "stop after what is there now"));
  add_log(command, watch_.log);
}

void CommandParser::add_scan() {
  auto* command = add("scan", text("从 SANE 扫描仪取页并录入", "take pages from a SANE scanner"),
                      scan_, run_scan, {Right::take_in});
  add_archive(command, scan_.archive);
  command->add_option("device", scan_.device, text("设备名，如 test:0", "device, such as test:0"))
      ->required();
  command->add_option("--batch", scan_.batch_name, text("批次名称", "name of the batch"))
      ->required();
  command->add_option("--dpi", scan_.dpi, text("分辨率", "resolution"))
      ->check(CLI::Range(50, 2400));
  command
      ->add_option("--mode", scan_.mode, text("Color、Gray 或 Lineart", "Color, Gray or Lineart"))
      ->check(CLI::IsMember({"Color", "Gray", "Lineart"}));
  command->add_option("--pages", scan_.pages_max, text("最多页数", "at most so many pages"));
}

void CommandParser::add_sheets() {
  auto* command = add("sheets", text("打印批量扫描分隔页（PDF）", "print separator sheets (PDF)"),
                      sheets_, run_sheets);
  command->add_option("-o,--output", sheets_.output, text("输出的 PDF", "the PDF to write"))
      ->required();
  command
      ->add_option("dossiers", sheets_.dossier_numbers,
                   text("档号，每个一页", "dossier numbers, a sheet each"))
      ->required();
}

void CommandParser::add_status() {
  auto* command = add("status",
                      text("各批次状况：应有、已归档、未归档及原因",
                           "how the batches stand: handed in, filed, set aside and why"),
                      status_, run_status, {Right::monitor});
  add_archive(command, status_.archive);
  command->add_option("batch", status_.batch, text("批次名称或编号", "name or number of a batch"));
  command->add_flag("--set-aside", status_.set_aside,
                    text("列出未归档、等待处理的页", "list the pages that wait for a person"));
  command->add_flag("--alarms", status_.alarms,
                    text("有保管警报时以 9 退出，供定时任务使用",
                         "end with 9 when custody has an alarm, for a scheduled job"));
  command->add_flag("--quality", status_.quality,
                    text("列出图像待查看或应重扫的页及原因",
                         "list the pages whose picture is to be looked at or scanned again"));
}

void CommandParser::add_release() {
  auto* command = add("release",
                      text("放行因页数不符而搁置的批次，须说明理由",
                           "release a batch that is held because of its count; needs a reason"),
                      release_, run_release, {Right::manage, Right::take_in});
  add_archive(command, release_.archive);
  command->add_option("batch", release_.batch, text("批次", "the batch"))->required();
  command->add_option("--reason", release_.reason, text("理由", "the reason"))->required();
}

void CommandParser::add_verify() {
  auto* command = add("verify",
                      text("校验整个档案库：每个对象重新计算哈希，核对所有引用，一次列出全部损坏",
                           "verify everything: hash every object, follow every reference, list "
                           "all damage at once"),
                      verify_, run_verify, {Right::audit, Right::operate});
  add_archive(command, verify_.archive);
}

void CommandParser::add_reprocess() {
  auto* command = add("reprocess",
                      text("用当前模型与配置重新识读会受影响的页，显示差异；人工决定保留不变",
                           "read pages again that today's models or configuration may read "
                           "otherwise, and show the difference; what a person decided stays"),
                      reprocess_, run_reprocess, {Right::operate, Right::manage});
  add_archive(command, reprocess_.archive);
  command->add_option("pages", reprocess_.pages,
                      text("页编号（默认全部）", "page numbers (default: all)"));
  command->add_flag("--force", reprocess_.force,
                    text("即使没有变化也重做", "also when nothing has changed"));
  command->add_flag("--dry-run", reprocess_.dry_run,
                    text("只显示差异，不写入", "show the difference and write nothing"));
  command->add_flag("--values", reprocess_.values,
                    text("显示改变前后的值与文字（含个人信息）",
                         "show values and lines before and after (personal data)"));
  command->add_option("--threads", reprocess_.threads, text("线程数", "number of threads"));
}

void CommandParser::add_form() {
  CLI::App* command = app_.add_subcommand(
      "form", text("表单描述：让程序认识一种新的材料", "forms: teach the program a new paper"));
  command->require_subcommand(1);
  CLI::App* learn = command->add_subcommand(
      "learn", text("由一至五页同一种材料生成表单描述：标题、标签、各字段类型。先看结果，再用 "
                    "--write 写入",
                    "describe a form from one to five filed pages of the same paper: title, "
                    "labels, types of fields. Look at it first, then write it with --write"));
  remember(learn, form_, run_form_learn, {Right::manage});
  add_archive(learn, form_.archive);
  learn->add_option("pages", form_.pages, text("页编号（search 给出）", "numbers of the pages"))
      ->required()
      ->expected(1, 5);
  learn->add_option("--type", form_.doc_type, text("未用过的类型号，如 DT50", "a free type: DT50"))
      ->required();
  learn->add_option("--name-zh", form_.name_zh, text("中文名称", "Chinese name"))->required();
  learn->add_option("--name-en", form_.name_en, text("英文名称", "English name"));
  learn->add_option("--keep", form_.keep, text("只保留这些标签", "keep these labels alone"))
      ->delimiter(',');
  learn->add_option("--drop", form_.drop, text("去掉这些标签", "leave these labels out"))
      ->delimiter(',');
  learn->add_option("--write", form_.write,
                    text("写入本单位配置目录，或一份完整的配置目录",
                         "write into the office's folder, or into a whole configuration"));
  learn->footer(
      text("例：juanzong form learn 12 15 --type DT50 --name-zh 增员申报表 --write office\n"
           "    juanzong reprocess     按新表重新识别此前未识别的页",
           "Example: juanzong form learn 12 15 --type DT50 --name-zh NAME --write office\n"
           "         juanzong reprocess     reads unknown pages by the new form"));
}

void CommandParser::add_index() {
  CLI::App* command = app_.add_subcommand("index", text("全文索引", "the full-text index"));
  command->require_subcommand(1);
  CLI::App* rebuild = command->add_subcommand(
      "rebuild", text("由档案库重建索引；中断后再运行即继续",
                      "make the index again from store and records; goes on where it was stopped"));
  remember(rebuild, index_, run_index_rebuild, {Right::operate});
  add_archive(rebuild, index_.archive);
  rebuild->add_flag("--anew", index_.anew, text("从头重建", "from the first page"));
  CLI::App* check = command->add_subcommand(
      "check", text("逐页核对索引与档案库", "compare the index with the records, page by page"));
  remember(check, index_, run_index_check, {Right::operate, Right::query});
  add_archive(check, index_.archive);
  check
      ->add_option("--every", index_.every_nth,
                   text("每几页核对一页的内容（默认 1，即每页）",
                        "compare the contents of a page in so many (default 1: all)"))
      ->check(CLI::Range(1, 1'000'000));
  CLI::App* compact = command->add_subcommand(
      "compact", text("压缩索引，去掉改动留下的空隙", "write the index without unused room"));
  remember(compact, index_, run_index_compact, {Right::operate});
  add_archive(compact, index_.archive);
}

Invocation parse_command_line(int argc, const char* const* argv) {
  const Console say(language_on(argc, argv), false);
  CommandParser parser(say);
  return parser.parse(argc, argv);
}

}  // namespace archive
