#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <sstream>

#include "app/version.h"

namespace archive {
namespace {

/// Builds the parser: every subcommand fills an options struct that lives as long as
/// the parser does, and `chosen` remembers which one was called.
class Parser {
 public:
  explicit Parser(const Console& say) : say_(say), app_(about(say)) {
    app_.name("juanzong");
    app_.require_subcommand(1);
    app_.set_version_flag("--version", std::string("juanzong ") + kVersion);
    app_.set_help_flag("-h,--help", text("显示帮助", "show this help"));
    app_.add_flag("--json", json_, text("输出供程序读取的 JSON", "print JSON for machines"));
    app_.add_option("--lang", language_, text("界面语言", "language of messages"))
        ->check(CLI::IsMember({"zh", "en", "auto"}));
    app_.fallthrough();
    app_.footer(text("每个子命令都有 --help。先用 init 建库，再用 ingest 录入，用 search 查找。",
                     "Each command has --help. Begin with init, then ingest, then search."));
    add_init();
    add_ingest();
    add_quality();
    add_check();
    add_finding();
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
    add_export();
    add_verify();
    add_reprocess();
    add_form();
    add_index();
  }

  Invocation parse(int argc, const char* const* argv) {
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
    invocation.command = chosen_;
    return invocation;
  }

 private:
  static std::string about(const Console& say) {
    return std::string(
        say("卷宗：社会保险业务档案数字化。纸质档案扫描件经清理、识读、分类、抽取，存入可校验的档案"
            "库。",
            "Juanzong: from scanned social-insurance dossiers to found, provable records."));
  }
  std::string text(std::string_view zh, std::string_view en) const {
    return std::string(say_(zh, en));
  }

  template <class Options>
  CLI::App* add(const char* name, const std::string& description, Options& options,
                int (*run)(const Options&, const Console&)) {
    CLI::App* command = app_.add_subcommand(name, description);
    remember(command, options, run);
    return command;
  }
  template <class Options>
  void remember(CLI::App* command, Options& options, int (*run)(const Options&, const Console&)) {
    command->callback([this, &options, run] {
      chosen_ = [options, run](const Console& console) { return run(options, console); };
    });
  }
  void add_archive(CLI::App* command, std::filesystem::path& archive,
                   const char* names = "-A,--archive") const {
    archive = "archive";
    command
        ->add_option(names, archive,
                     text("档案库目录（默认 ./archive 或 $JUANZONG_ARCHIVE）",
                          "the archive's folder (./archive, or $JUANZONG_ARCHIVE)"))
        ->envname("JUANZONG_ARCHIVE");
  }

  void add_init() {
    auto* command =
        add("init", text("新建一个空的档案库", "make a new, empty archive"), init_, run_init);
    add_archive(command, init_.archive, "-A,--archive,archive");
  }

  void add_ingest() {
    auto* command = add("ingest",
                        text("录入一批扫描件：文件或文件夹。中断后重复同一命令即可继续。",
                             "take in a batch of scans: files or folders. When it was stopped, "
                             "the same command goes on."),
                        ingest_, run_ingest);
    add_archive(command, ingest_.archive);
    command->add_option("inputs", ingest_.inputs, text("文件或文件夹", "files or folders"))
        ->required();
    command->add_option("--batch", ingest_.batch_name,
                        text("批次名称（默认取路径）", "name of the batch (by default its path)"));
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
  }

  void add_quality() {
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

  void add_check() {
    auto* command = add("check",
                        text("检查卷宗是否齐全、一致：只重查有变化的卷宗，逐条列出问题及所在页",
                             "check whether dossiers are complete and consistent: looks again at "
                             "those that changed and lists what is wrong, with its pages"),
                        check_, run_check);
    add_archive(command, check_.archive);
    auto* batch = command->add_option(
        "batch", check_.batch,
        text("批次名称或编号（默认全库）", "name or number of a batch (default: all)"));
    command->add_option("--dossier", check_.dossier, text("卷宗编号", "number of a dossier"))
        ->excludes(batch);
    command->add_flag("--all", check_.all,
                      text("没有问题的卷宗也列出", "list dossiers without findings too"));
    command->add_option("--html", check_.html,
                        text("报告写入此 HTML 文件（可打印）",
                             "write the report to this HTML file, to be read or printed"));
    command->add_option("--csv", check_.csv,
                        text("问题清单写入此 CSV 文件", "write the findings to this CSV file"));
    command->add_flag("--overwrite", check_.overwrite,
                      text("替换已有的文件", "replace a file that is there"));
    command->add_option("--threads", check_.threads, text("线程数", "number of threads"))
        ->check(CLI::Range(1, 256));
    command->footer(
        text("例：juanzong check\n"
             "    juanzong check 第三库房 --html 报告.html",
             "Examples: juanzong check\n"
             "          juanzong check room-3 --html report.html"));
  }

  void add_finding() {
    auto* command = add("finding",
                        text("查看一条问题，或记录处理结果（须说明理由和处理人）",
                             "show a finding, or write down what was decided about it, why and by "
                             "whom"),
                        finding_, run_finding);
    add_archive(command, finding_.archive);
    command
        ->add_option("finding", finding_.finding,
                     text("问题编号（check 给出）", "its number, see check"))
        ->required();
    auto* accepted = command->add_flag("--accepted", finding_.accepted,
                                       text("认可：原件如此", "it is as it should be"));
    auto* corrected = command->add_flag("--corrected", finding_.corrected,
                                        text("已在纸质件更正", "it was put right on the paper"));
    auto* reopened = command->add_flag("--open", finding_.reopened,
                                       text("重新打开", "it is to be looked at again"));
    accepted->excludes(corrected)->excludes(reopened);
    corrected->excludes(reopened);
    command->add_option("--reason", finding_.reason, text("理由", "the reason"));
    command->add_option("--by", finding_.who, text("处理人", "who decided"));
  }

  void add_compare() {
    auto* command = add("compare",
                        text("与外部清单（人员、缴费、单位，CSV）比对：差异列为问题，不改动任何值",
                             "compare with a list of persons, payments or employers (CSV): what "
                             "differs becomes a finding, no value is changed"),
                        compare_, run_compare);
    add_archive(command, compare_.archive);
    auto* file = command->add_option(
        "file", compare_.file,
        text("清单文件（不给则列出已有清单）", "the list (without it: shows the lists there are)"));
    command->add_option(
        "--name", compare_.name,
        text("清单名称（默认文件名；同名者被替换）",
             "its name (by default that of the file); one of that name is replaced"));
    command->add_option("--by", compare_.who, text("提供人", "who answers for it"));
    command->add_option("--drop", compare_.drop, text("移除此清单", "take this list out"))
        ->excludes(file);
    command->add_option("--threads", compare_.threads, text("线程数", "number of threads"))
        ->check(CLI::Range(1, 256));
  }

  void add_accept() {
    auto* command = add("accept",
                        text("批次抽检验收：抽取页面与原件核对，记录差错，得出结论并归档报告",
                             "accept a batch by a sample: draw pages, compare them with the paper, "
                             "note faults, close with a verdict; the report is filed"),
                        accept_, run_accept);
    add_archive(command, accept_.archive);
    command->add_option("batch", accept_.batch, text("批次", "the batch"))->required();
    auto* draw = command->add_flag("--draw", accept_.draw, text("抽取样本", "draw a sample"));
    command
        ->add_option("--seed", accept_.seed,
                     text("随机种子（默认自动生成并记录）",
                          "seed of the drawing (default: made up and written down)"))
        ->needs(draw)
        ->check(CLI::PositiveNumber);
    auto* fault = command->add_option("--fault", accept_.fault,
                                      text("此页的差错", "what is wrong with the page"));
    command->add_option("--page", accept_.page, text("抽中的页", "a page that was drawn"))
        ->needs(fault)
        ->excludes(draw);
    command
        ->add_flag("--close", accept_.close,
                   text("结束抽检并得出结论", "close the sample with a verdict"))
        ->excludes(draw)
        ->excludes(fault);
    command->add_option("--by", accept_.who, text("检查人", "who checks"));
    command->footer(
        text("例：juanzong accept 3 --draw --by 李工\n"
             "    juanzong accept 3 --page 118 --fault 缺角 --by 李工\n"
             "    juanzong accept 3 --close --by 李工",
             "Examples: juanzong accept 3 --draw --by Li\n"
             "          juanzong accept 3 --page 118 --fault \"corner lost\" --by Li\n"
             "          juanzong accept 3 --close --by Li"));
  }

  void add_catalogue() {
    CLI::App* command = app_.add_subcommand(
        "catalogue", text("卷内条目著录目录（CSV）", "the office's catalogue of items (CSV)"));
    command->require_subcommand(1);
    auto* out = command->add_subcommand(
        "export", text("导出目录；未著录的卷宗按组卷结果编号",
                       "write the catalogue; volumes that nobody catalogued as they were put "
                       "together"));
    remember(out, catalogue_out_, run_catalogue_export);
    add_archive(out, catalogue_out_.archive);
    out->add_option(
        "file", catalogue_out_.file,
        text("写入此文件（默认标准输出）", "the file to write (default: standard output)"));
    out->add_flag("--overwrite", catalogue_out_.overwrite,
                  text("替换已有的文件", "replace a file that is there"));
    auto* in = command->add_subcommand(
        "import", text("导入目录并与图像挂接；每行须有件的档号",
                       "take in a catalogue and hook it to the pages; every row names its item"));
    remember(in, catalogue_in_, run_catalogue_import);
    add_archive(in, catalogue_in_.archive);
    in->add_option("file", catalogue_in_.file, text("目录文件", "the catalogue"))->required();
    in->add_option("--by", catalogue_in_.who, text("著录人", "who answers for it"))->required();
  }

  void add_watch() {
    auto* command = add("watch",
                        text("监视文件夹：每个子文件夹是一个批次，文件不再变动后自动录入",
                             "watch a hot folder: every sub-folder is a batch, taken in when "
                             "its files keep still"),
                        watch_, run_watch);
    add_archive(command, watch_.archive);
    command->add_option("folder", watch_.folder, text("被监视的文件夹", "the folder to watch"))
        ->required();
    command->add_option("--threads", watch_.threads, text("线程数", "number of threads"));
    command->add_flag("--once", watch_.once,
                      text("处理完现有批次即退出", "stop after what is there now"));
  }

  void add_scan() {
    auto* command = add("scan", text("从 SANE 扫描仪取页并录入", "take pages from a SANE scanner"),
                        scan_, run_scan);
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

  void add_sheets() {
    auto* command = add("sheets", text("打印批量扫描分隔页（PDF）", "print separator sheets (PDF)"),
                        sheets_, run_sheets);
    command->add_option("-o,--output", sheets_.output, text("输出的 PDF", "the PDF to write"))
        ->required();
    command
        ->add_option("dossiers", sheets_.dossier_numbers,
                     text("档号，每个一页", "dossier numbers, a sheet each"))
        ->required();
  }

  void add_status() {
    auto* command = add("status",
                        text("各批次状况：应有、已归档、待处理及原因",
                             "how the batches stand: handed in, filed, set aside and why"),
                        status_, run_status);
    add_archive(command, status_.archive);
    command->add_option("batch", status_.batch,
                        text("批次名称或编号", "name or number of a batch"));
    command->add_flag("--set-aside", status_.set_aside,
                      text("列出待人工处理的页", "list the pages that wait for a person"));
    command->add_flag("--quality", status_.quality,
                      text("列出图像待查看或应重扫的页及原因",
                           "list the pages whose picture is to be looked at or scanned again"));
  }

  void add_release() {
    auto* command = add("release",
                        text("放行因页数不符而搁置的批次，须说明理由",
                             "release a batch that is held because of its count; needs a reason"),
                        release_, run_release);
    add_archive(command, release_.archive);
    command->add_option("batch", release_.batch, text("批次", "the batch"))->required();
    command->add_option("--reason", release_.reason, text("理由", "the reason"))->required();
  }

  void add_search() {
    auto* command =
        add("search",
            text("全文检索：姓名、身份证号、单位、词句；支持 \"短语\"、字段:值、OR、NOT",
                 "find pages: names, numbers, employers, words; \"phrases\", "
                 "field:value, OR, NOT"),
            search_, run_search);
    add_archive(command, search_.archive);
    command->add_option("query", words_, text("要找的内容", "what to look for"))->required();
    auto& filters = search_.request.filters;
    command->add_option("--person", filters.person, text("姓名", "name of a person"));
    command->add_option("--id", filters.id_number, text("公民身份号码", "citizen number"));
    command->add_option("--type", filters.doc_type,
                        text("材料类型，如 DT19", "type, such as DT19"));
    command->add_option("--dossier", filters.dossier, text("档号", "dossier number"));
    command->add_option("--batch", filters.batch, text("批次", "batch"));
    command->add_option("--limit", search_.request.limit, text("条数", "how many"))
        ->check(CLI::Range(1, 1000));
    command->add_option("--offset", search_.request.offset, text("跳过条数", "skip so many"));
    command->callback([this] {
      std::string query;
      for (const std::string& word : words_) query += (query.empty() ? "" : " ") + word;
      search_.request.text = query;
      chosen_ = [options = search_](const Console& console) {
        return run_search(options, console);
      };
    });
  }

  void add_show() {
    auto* command =
        add("show", text("查看一页、一个卷宗或一个批次", "show a page, a dossier or a batch"),
            show_, run_show);
    add_archive(command, show_.archive);
    command->add_option("page", show_.page, text("页编号（search 给出）", "number of a page"));
    command->add_option("--dossier", show_.dossier, text("卷宗编号", "number of a dossier"));
    command->add_option("--batch", show_.batch, text("批次", "a batch"));
    command->add_flag("--all", show_.all, text("全部页", "every page"));
    command->add_option(
        "--picture", show_.picture,
        text("把转正的页面图像及字段框写成 PNG", "write the page, upright, with its boxes as PNG"));
    command->add_option(
        "--mark", show_.mark,
        text("在图上标出此查询的命中", "mark the hits of this query on the picture"));
    command->add_option("--original", show_.original,
                        text("把原始文件写到此处", "write the delivered file here"));
    command->add_flag("--alto", show_.alto, text("输出 ALTO XML", "print the ALTO XML"));
  }

  void add_export() {
    auto* command =
        add("export",
            text("为阅卷人或移交制作副本：双层可检索 PDF、hOCR、纯文本或 ALTO，单页、一件或整卷",
                 "make a copy to give away: searchable PDF, hOCR, plain text or ALTO, of pages, an "
                 "item or a whole dossier"),
            export_, run_export);
    add_archive(command, export_.archive);
    command->add_option("pages", export_.pages,
                        text("页编号，按此顺序", "numbers of pages, in this order"));
    command->add_option(
        "--item", export_.item,
        text("件编号（show --dossier 给出）", "number of an item, see show --dossier"));
    command->add_option("--dossier", export_.dossier,
                        text("卷宗编号（search 给出）", "number of a dossier, see search"));
    command
        ->add_option("--as", export_.form,
                     text("pdf、hocr、text 或 alto（默认 pdf）",
                          "pdf, hocr, text or alto; pdf if "
                          "nothing is said"))
        ->check(CLI::IsMember({"pdf", "hocr", "text", "alto"}));
    command->add_option("-o,--output", export_.output,
                        text("写入此文件；alto 多页时为新文件夹；- 为标准输出",
                             "the file to write; a new folder for the ALTO of several pages; - "
                             "for standard output"));
    command->add_option("--title", export_.title,
                        text("文档标题（默认档号或编号，不含姓名）",
                             "title of the document (by default a number, never a name)"));
    command->add_flag("--overwrite", export_.overwrite,
                      text("替换已有的文件", "replace a file that is there"));
    command->footer(
        text("例：juanzong export --dossier 3 -o SB1-2017-6649.pdf\n"
             "    juanzong export 12 13 --as text",
             "Examples: juanzong export --dossier 3 -o SB1-2017-6649.pdf\n"
             "          juanzong export 12 13 --as text"));
  }

  void add_verify() {
    auto* command = add("verify",
                        text("校验整个档案库：每个对象重新计算哈希，核对所有引用，一次列出全部损坏",
                             "verify everything: hash every object, follow every reference, list "
                             "all damage at once"),
                        verify_, run_verify);
    add_archive(command, verify_.archive);
  }

  void add_reprocess() {
    auto* command = add("reprocess",
                        text("用当前模型与配置重新识读会受影响的页，显示差异；人工决定保留不变",
                             "read pages again that today's models or configuration may read "
                             "otherwise, and show the difference; what a person decided stays"),
                        reprocess_, run_reprocess);
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

  void add_form() {
    CLI::App* command = app_.add_subcommand(
        "form", text("表单描述：让程序认识一种新的材料", "forms: teach the program a new paper"));
    command->require_subcommand(1);
    CLI::App* learn = command->add_subcommand(
        "learn", text("由一至五页同一种材料生成表单描述：标题、标签、各字段类型。先看结果，再用 "
                      "--write 写入",
                      "describe a form from one to five filed pages of the same paper: title, "
                      "labels, types of fields. Look at it first, then write it with --write"));
    remember(learn, form_, run_form_learn);
    add_archive(learn, form_.archive);
    learn->add_option("pages", form_.pages, text("页编号（search 给出）", "numbers of the pages"))
        ->required()
        ->expected(1, 5);
    learn
        ->add_option("--type", form_.doc_type, text("未用过的类型号，如 DT50", "a free type: DT50"))
        ->required();
    learn->add_option("--name-zh", form_.name_zh, text("中文名称", "Chinese name"))->required();
    learn->add_option("--name-en", form_.name_en, text("英文名称", "English name"));
    learn->add_option("--keep", form_.keep, text("只保留这些标签", "keep these labels alone"))
        ->delimiter(',');
    learn->add_option("--drop", form_.drop, text("去掉这些标签", "leave these labels out"))
        ->delimiter(',');
    learn->add_option("--write", form_.write,
                      text("写入此配置目录（含 domain/ 与 forms/）",
                           "write into this configuration folder (with domain/ and forms/)"));
    learn->footer(
        text("例：juanzong form learn 12 15 --type DT50 --name-zh 增员申报表 --write config\n"
             "    juanzong reprocess     按新表重新识别此前未识别的页",
             "Example: juanzong form learn 12 15 --type DT50 --name-zh NAME --write config\n"
             "         juanzong reprocess     reads unknown pages by the new form"));
  }

  void add_index() {
    CLI::App* command = app_.add_subcommand("index", text("全文索引", "the full-text index"));
    command->require_subcommand(1);
    CLI::App* rebuild = command->add_subcommand(
        "rebuild", text("由档案库重建索引", "make the index again from store and records"));
    remember(rebuild, rebuild_, run_index_rebuild);
    add_archive(rebuild, rebuild_.archive);
  }

  const Console& say_;
  CLI::App app_;
  bool json_ = false;
  std::string language_ = "auto";
  std::function<int(const Console&)> chosen_;
  std::vector<std::string> words_;
  InitOptions init_;
  IngestCommandOptions ingest_;
  QualityOptions quality_;
  CheckOptions check_;
  FindingOptions finding_;
  CompareOptions compare_;
  AcceptOptions accept_;
  CatalogueOptions catalogue_out_;
  CatalogueOptions catalogue_in_;
  WatchOptions watch_;
  ScanOptions scan_;
  SheetsOptions sheets_;
  StatusOptions status_;
  ReleaseOptions release_;
  SearchOptions search_;
  ShowOptions show_;
  ExportOptions export_;
  VerifyCommandOptions verify_;
  ReprocessOptions reprocess_;
  FormLearnOptions form_;
  IndexRebuildOptions rebuild_;
};

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

Invocation parse_command_line(int argc, const char* const* argv) {
  const Console say(language_on(argc, argv), false);
  Parser parser(say);
  return parser.parse(argc, argv);
}

}  // namespace archive
