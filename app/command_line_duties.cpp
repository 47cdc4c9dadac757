#include "app/command_parser.h"

// What administrators say, and those who share the steps of a case: users, posts, review.

namespace archive {

void CommandParser::add_user() {
  CLI::App* command = app_.add_subcommand(
      "user", text("用户和岗位：谁可以做什么", "users and posts: who may do what"));
  command->require_subcommand(1);
  const auto verb = [&](const char* name, const std::string& what,
                        int (*run)(const UserOptions&, const Console&),
                        const std::vector<Right>& any_of) {
    CLI::App* sub = command->add_subcommand(name, what);
    remember(sub, user_, run, any_of);
    add_archive(sub, user_.archive);
    return sub;
  };
  const auto named = [&](CLI::App* sub) {
    sub->add_option("name", user_.name, text("用户名", "name of the user"))->required();
  };
  const std::vector<Right> see = {Right::monitor, Right::administer};
  verb("list", text("列出用户及其岗位", "list users and their posts"), run_user_list, see);
  verb("posts", text("列出岗位及其权限", "list posts and their rights"), run_posts, see);

  CLI::App* add =
      verb("add", text("添加用户", "take somebody in"), run_user_add, {Right::administer});
  named(add);
  add->add_option("--post", user_.posts, text("岗位，可多次给出", "a post; may be repeated"));
  add->add_option("--account", user_.account,
                  text("此操作系统账户就是该用户", "the account of the system that is this user"));
  add->add_flag("--password", user_.password,
                text("设置密码（终端输入，或标准输入第一行）",
                     "with a password, typed or the first line of standard input"));
  add->add_option("--agreement", user_.agreement,
                  text("外包人员：保密协议编号", "of an outside helper: number of the agreement"));
  add->add_option("--until", user_.until, text("协议截止日", "the last day of the agreement"));
  add->footer(
      text("例：juanzong user add 李工 --post indexer --account li\n"
           "    juanzong user add 外包甲 --post scan_operator --agreement BM-2026-7 "
           "--until 2026-12-31 --password",
           "Examples: juanzong user add Li --post indexer --account li\n"
           "          juanzong user add Temp --post scan_operator --agreement BM-2026-7 "
           "--until 2026-12-31 --password"));

  CLI::App* change = verb("change",
                          text("授予或收回岗位，设置密码（本人可改自己的密码）",
                               "give or take posts, set a password (everybody their own)"),
                          run_user_change, {Right::monitor, Right::administer});
  named(change);
  change->add_option("--give", user_.posts, text("授予岗位", "give this post"));
  change->add_option("--take", user_.taken, text("收回岗位", "take this post away"));
  change->add_flag("--password", user_.password, text("设置密码", "set a password"));

  named(verb("end", text("停用用户；其经手的记录不变", "end a user; what they did stays theirs"),
             run_user_end, {Right::administer}));
}

void CommandParser::add_review() {
  auto* command =
      add("review",
          text("初审、复核、审批：列出待办的件，查看一件，或办理一步；各步须由不同的人办理",
               "the steps of a case: list the items that wait, show one, or take a step; different "
               "persons take them"),
          review_, run_review, {Right::query});
  add_archive(command, review_.archive);
  auto* dossier =
      command->add_option("dossier", review_.dossier, text("卷宗编号", "number of a dossier"));
  auto* item = command->add_option("item", review_.item, text("件号", "number of the item in it"));
  dossier->needs(item);
  command
      ->add_option(
          "--take", review_.step,
          text("办理：enter 录入、verify 核实、reject 核实不符、review 初审、recheck 复核、"
               "approve 审批、return 退回",
               "take this step: enter, verify, reject, review, recheck, approve, return"))
      ->needs(item);
  command->add_option(
      "--reason", review_.reason,
      text("理由（退回、核实不符时必填）", "the reason; return and reject need one"));
  command->add_option(
      "--submitter", review_.submitter,
      text("材料提交人（核实时必填）", "who handed the papers in; verify and reject need it"));
  command->add_option("--state", review_.states,
                      text("只列这些状态：filed、entered、reviewed、rechecked、approved、returned",
                           "list items in these states: filed, entered, reviewed, rechecked, "
                           "approved, returned"));
  command->add_option("--limit", review_.limit, text("条数", "how many"))
      ->check(CLI::Range(1, 100'000));
  command->footer(
      text("例：juanzong review --state entered\n"
           "    juanzong review 3 2 --take review --by 王工\n"
           "    juanzong review 3 2 --take return --reason 第二页缺章",
           "Examples: juanzong review --state entered\n"
           "          juanzong review 3 2 --take review --by Wang\n"
           "          juanzong review 3 2 --take return --reason \"seal missing\""));
}

void CommandParser::add_correct() {
  auto* command =
      add("correct",
          text("更正：对已审批的值提出更正（须有理由和依据页），由另一人审批",
               "correct what was approved: propose a value with a reason and the page that proves "
               "it; another person decides"),
          correct_, run_correct, {Right::query});
  add_archive(command, correct_.archive);
  auto* page = command->add_option("page", correct_.page, text("页编号", "number of a page"));
  auto* field = command->add_option("field", correct_.field,
                                    text("字段（show 给出）", "the field as show names it"));
  auto* to = command->add_option("--to", correct_.to,
                                 text("更正为；- 从标准输入读一行",
                                      "the value it shall be; - reads a line of standard input"));
  auto* box = command->add_option("--box", correct_.box,
                                  text("所据区域：x,y,宽,高（原始图像像素）",
                                       "the region: x,y,width,height in delivered pixels"));
  page->needs(field);
  field->needs(to);
  to->needs(box);
  command->add_option("--evidence", correct_.evidence,
                      text("依据页编号", "number of the page that proves it"));
  command->add_option("--reason", correct_.reason, text("理由", "the reason"));
  auto* decide = command->add_option("--decide", correct_.correction,
                                     text("审批此更正", "decide the correction of this number"));
  decide->excludes(page);
  auto* approve =
      command->add_flag("--approve", correct_.approve, text("同意", "it is so"))->needs(decide);
  command->add_flag("--refuse", correct_.refuse, text("不同意（须说明理由）", "it is not"))
      ->needs(decide)
      ->excludes(approve);
  command->footer(
      text("例：juanzong correct 12 id_number --to 11010519491231002X --box 310,452,380,60 "
           "--evidence 15 --reason 身份证复印件\n"
           "    juanzong correct --decide 1 --approve --by 赵工",
           "Examples: juanzong correct 12 id_number --to 11010519491231002X "
           "--box 310,452,380,60 --evidence 15 --reason \"copy of the identity card\"\n"
           "          juanzong correct --decide 1 --approve --by Zhao"));
}

}  // namespace archive
