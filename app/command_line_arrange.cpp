#include "app/command_parser.h"

namespace archive {

CLI::App* CommandParser::add_arranging(CLI::App* command, const char* name,
                                       const std::string& description,
                                       int (*run)(const ArrangeOptions&, const Console&)) {
  ArrangeOptions& options = arrange_.emplace_back();
  CLI::App* made = command->add_subcommand(name, description);
  // Types may be told by whoever describes papers, the rest is for whoever manages them.
  remember(made, options, run, {Right::manage, Right::describe});
  add_archive(made, options.archive);
  made->add_option("--reason", options.reason,
                   text("理由（记入账本，勿写个人信息）",
                        "the reason; it is kept in the ledger, so no personal data"))
      ->required();
  return made;
}

void CommandParser::add_target(CLI::App* command) {
  ArrangeOptions& options = arrange_.back();
  auto* after = command->add_option(
      "--after", options.after, text("放在此页之后（同一件）", "behind this page, in its item"));
  auto* before = command->add_option("--before", options.before,
                                     text("放在此页之前（同一件）", "before it, in its item"));
  auto* item = command->add_option("--item", options.item,
                                   text("放在此件末尾（件编号，show --dossier 给出）",
                                        "at the end of this item, by its number"));
  auto* dossier = command->add_option(
      "--dossier", options.dossier,
      text("放在此卷宗末尾，不属于任何件", "at the end of this dossier, in no item"));
  command->add_flag("--new-item", options.new_item, text("自成一件", "as an item of its own"))
      ->needs(dossier);
  after->excludes(before)->excludes(item)->excludes(dossier);
  before->excludes(item)->excludes(dossier);
  item->excludes(dossier);
}

void CommandParser::add_arrange_pages(CLI::App* command) {
  const std::string pages = text("页编号", "numbers of pages");
  CLI::App* move = add_arranging(
      command, "move",
      text("把页移到同一批次的另一件或另一卷宗", "pages lie elsewhere in the same batch"),
      run_arrange_move);
  move->add_option("pages", arrange_.back().numbers, pages)->required();
  add_target(move);
  CLI::App* order = add_arranging(
      command, "order", text("一件之内的页按此顺序", "pages of an item stand in this order"),
      run_arrange_order);
  order->add_option("pages", arrange_.back().numbers, pages)->required()->expected(2, 10'000);
  CLI::App* rotate = add_arranging(command, "rotate",
                                   text("把显示的页顺时针再转 90、180 或 270 度，并重新识读",
                                        "turn a page as it is shown clockwise, and read it again"),
                                   run_arrange_rotate);
  rotate->add_option("page", arrange_.back().page, pages)->required();
  rotate->add_option("degrees", arrange_.back().turn, "90, 180, 270")
      ->required()
      ->check(CLI::IsMember({90, 180, 270}));
  CLI::App* insert = add_arranging(
      command, "insert", text("插入补扫的页（文件）", "put in sheets that were scanned later"),
      run_arrange_insert);
  insert->add_option("file", arrange_.back().file, text("补扫的文件", "the new scan"))->required();
  add_target(insert);
  CLI::App* replace = add_arranging(
      command, "replace",
      text("用重扫的页代替一页；原页及其字节保留，计入“已被替换”",
           "another scan stands in the place of a page, which is kept with its bytes and counted "
           "as replaced"),
      run_arrange_replace);
  replace->add_option("page", arrange_.back().page, pages)->required();
  auto* file = replace->add_option("file", arrange_.back().file,
                                   text("重扫的文件，一页", "the new scan, one page"));
  replace
      ->add_option("--page", arrange_.back().with_page,
                   text("或库中同一批次的另一页（如重复扫描的）",
                        "or a page of the batch that is there, as of a sheet scanned twice"))
      ->excludes(file);
  CLI::App* type = add_arranging(
      command, "type",
      text("改定页或件的材料类型，页按新类型重新抽取字段",
           "a page or an item is of this type; the page's fields are read anew by its form"),
      run_arrange_type);
  type->add_option("type", arrange_.back().value, text("材料类型，如 DT19", "such as DT19"))
      ->required();
  auto* page = type->add_option("--page", arrange_.back().page, pages);
  type->add_option("--item", arrange_.back().item, text("件编号", "number of an item"))
      ->excludes(page);
}

void CommandParser::add_arrange_items(CLI::App* command) {
  CLI::App* order = add_arranging(
      command, "order-items",
      text("卷内各件按此顺序（写出各件现在的件号）",
           "items of a dossier stand in this order, named by the sequence they have now"),
      run_arrange_order_items);
  order->add_option("dossier", arrange_.back().dossier, text("卷宗编号", "number of a dossier"))
      ->required();
  order->add_option("items", arrange_.back().numbers, text("件号", "sequences"))->required();
  CLI::App* split = add_arranging(
      command, "split", text("从此页起另成一件", "from this page on it is an item of its own"),
      run_arrange_split);
  split->add_option("page", arrange_.back().page, text("页编号", "number of a page"))->required();
  CLI::App* merge = add_arranging(
      command, "merge", text("把同卷的几件并为一件（并入第一个）", "items become one: the first"),
      run_arrange_merge);
  merge
      ->add_option("items", arrange_.back().numbers,
                   text("件编号（show --dossier 给出）", "numbers of items, see show --dossier"))
      ->required()
      ->expected(2, 10'000);
  CLI::App* classify =
      add_arranging(command, "class",
                    text("改定件的类别号或延长其保管期限（不得缩短）",
                         "an item is of this class, or is kept longer; never shorter"),
                    run_arrange_class);
  classify->add_option("item", arrange_.back().item, text("件编号", "number of an item"))
      ->required();
  auto* code = classify->add_option("--class", arrange_.back().value,
                                    text("类别号，如 SB03.01", "class code, such as SB03.01"));
  classify->add_option("--retention", arrange_.back().retention, text("保管期限", "retention"))
      ->check(CLI::IsMember({"Y", "D100", "D50", "D30", "D10"}))
      ->excludes(code);
}

void CommandParser::add_arrange_dossiers(CLI::App* command) {
  CLI::App* split =
      add_arranging(command, "split-dossier",
                    text("从此页起另成一卷", "from this page on it is a dossier of its own"),
                    run_arrange_split_dossier);
  split->add_option("page", arrange_.back().page, text("页编号", "number of a page"))->required();
  split->add_option("--number", arrange_.back().value,
                    text("新卷的档号（默认取自其页）", "its number (by default as its pages say)"));
  CLI::App* merge = add_arranging(
      command, "merge-dossiers",
      text("把同批次的第二个卷宗并入第一个；编号保留，指向并入的卷宗",
           "the second dossier of a batch belongs to the first; its number leads there"),
      run_arrange_merge_dossiers);
  merge->add_option("dossier", arrange_.back().dossier, text("留下的卷宗", "the one that stays"))
      ->required();
  merge->add_option("other", arrange_.back().other, text("并入的卷宗", "the one that goes into it"))
      ->required();
  CLI::App* person = add_arranging(
      command, "split-person",
      text("同卷同名、没有号码的其实是两人：这些页上的是另一人（合并用 person --is）",
           "two persons of one name and no number: on these pages it is the other one (to join "
           "persons: person --is)"),
      run_arrange_split_person);
  person->add_option("person", arrange_.back().person, text("人员编号", "number of the person"))
      ->required();
  person->add_option("pages", arrange_.back().numbers, text("另一人所在的页", "pages of the other"))
      ->required();
}

void CommandParser::add_arrange() {
  CLI::App* command = app_.add_subcommand(
      "arrange",
      text("整理：改正自动组卷的结果。每项决定须有理由，记入账本；重新识读和再次组卷都保留它，"
           "可用 undo 撤销。只能在同一批次内整理：每批的交来页数各自核对",
           "put right how pages were put together. Each decision needs a reason, is an event of "
           "the ledger, survives every later run, and can be taken back. Within one batch only: "
           "the pages of each are counted by themselves"));
  command->require_subcommand(1);
  add_arrange_pages(command);
  add_arrange_items(command);
  add_arrange_dossiers(command);
  CLI::App* undo = add_arranging(command, "undo",
                                 text("撤销一项整理决定（决定本身保留在案）",
                                      "take a decision back; that it was made stays on record"),
                                 run_arrange_undo);
  undo->add_option("decision", arrange_.back().decision,
                   text("决定编号（arrange list 给出）", "its number, see arrange list"))
      ->required();
  ArrangeOptions& options = arrange_.emplace_back();
  CLI::App* list = command->add_subcommand("list", text("列出有效的整理决定，以及无法沿用的",
                                                        "the decisions that stand, and those that "
                                                        "cannot be followed"));
  remember(list, options, run_arrange_list, {Right::query, Right::manage});
  add_archive(list, options.archive);
  list->add_option("--dossier", options.dossier, text("只列此卷宗", "about this dossier alone"));
  list->add_option("--batch", options.batch, text("只列此批次", "of this batch alone"));
  list->add_flag("--all", options.all, text("连同已撤销的", "those that were taken back too"));
  command->footer(
      text("例：juanzong arrange move 12 13 --after 7 --reason 夹错\n"
           "    juanzong arrange replace 31 重扫.tif --reason 原图模糊\n"
           "    juanzong arrange split 9 --reason 两份合同\n"
           "    juanzong arrange list --dossier 3",
           "Examples: juanzong arrange move 12 13 --after 7 --reason misfiled\n"
           "          juanzong arrange replace 31 again.tif --reason blurred\n"
           "          juanzong arrange split 9 --reason \"two contracts\"\n"
           "          juanzong arrange list --dossier 3"));
}

}  // namespace archive
