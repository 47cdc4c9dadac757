#include "app/command_parser.h"

// What clerks and records managers say: finding, showing, checking.

namespace archive {

void CommandParser::add_check() {
  auto* command = add("check",
                      text("检查卷宗是否齐全、一致：只重查有变化的卷宗，逐条列出问题及所在页",
                           "check whether dossiers are complete and consistent: looks again at "
                           "those that changed and lists what is wrong, with its pages"),
                      check_, run_check, {Right::manage, Right::audit, Right::review});
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

void CommandParser::add_properties() {
  auto* command = add(
      "properties",
      text("四性检测：真实性、完整性、可用性、安全性，逐项检测卷宗的文件与记录",
           "check the four properties of dossiers (authenticity, integrity, usability, security): "
           "files, objects and records, row by row"),
      properties_, run_properties, {Right::manage, Right::audit});
  add_archive(command, properties_.archive);
  auto* batch = command->add_option(
      "batch", properties_.batch,
      text("批次名称或编号（默认全库）", "name or number of a batch (default: all)"));
  command->add_option("--dossier", properties_.dossier, text("卷宗编号", "number of a dossier"))
      ->excludes(batch);
  command->add_flag("--all", properties_.all,
                    text("通过和不适用的项目也列出", "print rows that passed or do not apply too"));
  command->add_option("--html", properties_.html,
                      text("报告写入此 HTML 文件（可打印）",
                           "write the report to this HTML file, to be read or printed"));
  command->add_option("--csv", properties_.csv,
                      text("报告写入此 CSV 文件", "write the report to this CSV file"));
  command->add_flag("--overwrite", properties_.overwrite,
                    text("替换已有的文件", "replace a file that is there"));
  command->add_option("--threads", properties_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
  command->footer(
      text("例：juanzong properties 第三库房 --html 四性检测.html\n"
           "    juanzong properties --dossier 3 --all",
           "Examples: juanzong properties room-3 --html properties.html\n"
           "          juanzong properties --dossier 3 --all"));
}

void CommandParser::add_finding() {
  auto* command = add("finding",
                      text("查看一条问题，或记录处理结果（须说明理由和处理人）",
                           "show a finding, or write down what was decided about it, why and by "
                           "whom"),
                      finding_, run_finding, {Right::query});
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
}

void CommandParser::add_value() {
  auto* command =
      add("value",
          text("查看或录入一个字段的值：须框出所据图像区域；必填字段由第二人确认后才算数",
               "show or type the value of a field: with the region of the picture it "
               "was read from; where it must be known a second person confirms it"),
          value_, run_value, {Right::query});
  add_archive(command, value_.archive);
  command->add_option("page", value_.page, text("页编号", "number of a page"))->required();
  command
      ->add_option("field", value_.field,
                   text("字段（show 给出），表格行如 wage[3]",
                        "the field as show names it; of a table with its row, as wage[3]"))
      ->required();
  auto* box = command->add_option(
      "--box", value_.box,
      text("所据区域：x,y,宽,高（原始图像像素）",
           "the region: x,y,width,height in pixels of the picture as it was delivered"));
  auto* typed = command
                    ->add_option("--typed", value_.typed,
                                 text("照原件录入的值；- 从标准输入读一行",
                                      "the value as printed; - reads a line of standard input"))
                    ->needs(box);
  box->needs(typed);
  auto* confirm = command->add_flag(
      "--confirm", value_.confirm,
      text("与原件核对后确认他人录入的值", "the value that somebody else typed is right"));
  auto* withdraw = command->add_flag("--withdraw", value_.withdraw,
                                     text("撤回本人所录", "take back what you typed yourself"));
  typed->excludes(confirm)->excludes(withdraw);
  confirm->excludes(withdraw);
  command->footer(
      text("例：juanzong value 12 id_number --typed 11010519491231002X --box 310,452,380,60\n"
           "    juanzong value 12 id_number --confirm --by 王工",
           "Examples: juanzong value 12 id_number --typed 11010519491231002X "
           "--box 310,452,380,60\n"
           "          juanzong value 12 id_number --confirm --by Wang"));
}

void CommandParser::add_compare() {
  auto* command = add("compare",
                      text("与外部清单（人员、缴费、单位，CSV）比对：差异列为问题，不改动任何值",
                           "compare with a list of persons, payments or employers (CSV): what "
                           "differs becomes a finding, no value is changed"),
                      compare_, run_compare, {Right::manage});
  add_archive(command, compare_.archive);
  auto* file = command->add_option(
      "file", compare_.file,
      text("清单文件（不给则列出已有清单）", "the list (without it: shows the lists there are)"));
  command->add_option("--name", compare_.name,
                      text("清单名称（默认文件名；同名者被替换）",
                           "its name (by default that of the file); one of that name is replaced"));
  command->add_option("--drop", compare_.drop, text("移除此清单", "take this list out"))
      ->excludes(file);
  command->add_option("--threads", compare_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
}

void CommandParser::add_ledger() {
  auto* command = add("ledger",
                      text("账本：签名并把签名树头抄送到库外；更换签名密钥",
                           "the ledger: sign what is not signed yet and copy the signed heads out "
                           "of the archive; change the key"),
                      ledger_, run_ledger, {Right::operate, Right::audit});
  add_archive(command, ledger_.archive);
  command->add_option("--heads-to", ledger_.heads_to,
                      text("另抄送到此目录（如移动介质）",
                           "copy them to this folder too, such as one on a medium"));
  auto* new_key =
      command->add_flag("--new-key", ledger_.new_key,
                        text("启用新的签名密钥（须说明理由）", "sign with a new key from now on"));
  command
      ->add_flag("--sign-anew", ledger_.sign_anew,
                 text("签名树头及其全部副本均已丢失：重新开始签名，并记入账本（须说明理由）",
                      "the signed heads and every copy of them are lost: begin new ones, with an "
                      "entry that says so"))
      ->excludes(new_key);
  command->add_option("--reason", ledger_.reason, text("理由", "the reason"));
  command->footer(
      text("例：juanzong ledger --heads-to /media/usb/第一档案库\n"
           "查验：juanzong-audit 档案库 --heads /media/usb/第一档案库",
           "Example: juanzong ledger --heads-to /media/usb/archive-one\n"
           "Checked by: juanzong-audit ARCHIVE --heads /media/usb/archive-one"));
}

void CommandParser::add_accept() {
  auto* command = add("accept",
                      text("批次抽检验收：抽取页面与原件核对，记录差错，得出结论并归档报告",
                           "accept a batch by a sample: draw pages, compare them with the paper, "
                           "note faults, close with a verdict; the report is filed"),
                      accept_, run_accept, {Right::recheck});
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
                                    text("此页的差错（空文字：无差错）",
                                         "what is wrong with the page (an empty text: nothing)"));
  command->add_option("--page", accept_.page, text("抽中的页", "a page that was drawn"))
      ->needs(fault)
      ->excludes(draw);
  command
      ->add_flag("--close", accept_.close,
                 text("结束抽检并得出结论", "close the sample with a verdict"))
      ->excludes(draw)
      ->excludes(fault);
  command->footer(
      text("例：juanzong accept 3 --draw\n"
           "    juanzong accept 3 --page 118 --fault 缺角\n"
           "    juanzong accept 3 --close",
           "Examples: juanzong accept 3 --draw\n"
           "          juanzong accept 3 --page 118 --fault \"corner lost\"\n"
           "          juanzong accept 3 --close"));
}

void CommandParser::add_catalogue() {
  CLI::App* command = app_.add_subcommand(
      "catalogue",
      text("卷内条目著录目录（CSV 或 Excel）", "the office's catalogue of items (CSV or Excel)"));
  command->require_subcommand(1);
  auto* out = command->add_subcommand(
      "export", text("导出目录；未著录的卷宗按组卷结果编号",
                     "write the catalogue; volumes that nobody catalogued as they were put "
                     "together"));
  remember(out, catalogue_out_, run_catalogue_export, {Right::manage, Right::export_out});
  add_archive(out, catalogue_out_.archive);
  out->add_option(
      "file", catalogue_out_.file,
      text("写入此文件（默认标准输出）", "the file to write (default: standard output)"));
  out->add_option("--format", catalogue_out_.form,
                  text("csv 或 xlsx（默认按文件名）", "csv or xlsx (default: by the file's name)"))
      ->check(CLI::IsMember({"csv", "xlsx"}));
  out->add_flag("--overwrite", catalogue_out_.overwrite,
                text("替换已有的文件", "replace a file that is there"));
  auto* in = command->add_subcommand(
      "import", text("导入目录并与图像挂接；每行须有件的档号",
                     "take in a catalogue and hook it to the pages; every row names its item"));
  remember(in, catalogue_in_, run_catalogue_import, {Right::manage});
  add_archive(in, catalogue_in_.archive);
  in->add_option("file", catalogue_in_.file,
                 text("目录文件（CSV 或 .xlsx）", "the catalogue, CSV or .xlsx"))
      ->required();
  in->add_option("--sheet", catalogue_in_.sheet,
                 text("工作表名（默认第一个有著录各列的表）",
                      "sheet of the workbook (default: the first that has the columns)"));
}

void CommandParser::add_show() {
  auto* command =
      add("show", text("查看一页、一个卷宗或一个批次", "show a page, a dossier or a batch"), show_,
          run_show, {Right::query});
  add_archive(command, show_.archive);
  command->add_option("page", show_.page, text("页编号（search 给出）", "number of a page"));
  command->add_option("--dossier", show_.dossier, text("卷宗编号", "number of a dossier"));
  command->add_option("--batch", show_.batch, text("批次", "a batch"));
  command->add_flag("--all", show_.all, text("全部页", "every page"));
  command->add_option(
      "--picture", show_.picture,
      text("把转正的页面图像及字段框写成 PNG", "write the page, upright, with its boxes as PNG"));
  command->add_option("--mark", show_.mark,
                      text("在图上标出此查询的命中", "mark the hits of this query on the picture"));
  command->add_option("--original", show_.original,
                      text("把原始文件写到此处", "write the delivered file here"));
  command->add_flag("--alto", show_.alto, text("输出 ALTO XML", "print the ALTO XML"));
}

void CommandParser::add_person() {
  auto* command =
      add("person",
          text("个人汇总：按公民身份号码汇集各卷宗，逐项列出所在页、图像和位置；不一致之处并列",
               "all dossiers of a person by citizen number: every value with its page, picture and "
               "place; what differs stands side by side"),
          person_, run_person, {Right::query});
  add_archive(command, person_.archive);
  command
      ->add_option("person", person_.who_is,
                   text("公民身份号码，或人员编号", "a citizen number, or a person's number"))
      ->required();
  command->add_option("--html", person_.html,
                      text("汇总写入此 HTML 文件（可打印）",
                           "write the summary to this HTML file, to be read or printed"));
  command->add_flag("--overwrite", person_.overwrite,
                    text("替换已有的文件", "replace a file that is there"));
  auto* is = command->add_option(
      "--is", person_.is,
      text("认定此无号码的人员就是该公民身份号码的人（须说明理由和认定人）",
           "this person without a number is the one with this citizen number; needs a reason and "
           "who says so"));
  command->add_flag("--part", person_.part, text("撤销这一认定", "take such a decision back"))
      ->excludes(is);
  command->add_option("--reason", person_.reason, text("理由", "the reason"));
  command->footer(
      text("例：juanzong person 11010519491231002X --html 汇总.html\n"
           "    juanzong person 17 --is 11010519491231002X --reason 同一劳动合同",
           "Examples: juanzong person 11010519491231002X --html summary.html\n"
           "          juanzong person 17 --is 11010519491231002X --reason \"same contract\" "));
}

void CommandParser::add_export() {
  auto* command =
      add("export",
          text("为阅卷人或移交制作副本：双层可检索 PDF、hOCR、纯文本或 ALTO，单页、一件或整卷",
               "make a copy to give away: searchable PDF, hOCR, plain text or ALTO, of pages, an "
               "item or a whole dossier"),
          export_, run_export, {Right::export_out});
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

}  // namespace archive
