#include "app/command_parser.h"

// What records managers say of paper and periods: retention, disposal, places, loans.

namespace archive {

void CommandParser::add_retention() {
  CLI::App* command = app_.add_subcommand(
      "retention", text("保管期限与到期鉴定：到期只产生鉴定任务，从不自动销毁",
                        "how long items are kept: what falls due is appraised, never destroyed by "
                        "itself"));
  command->require_subcommand(1);
  CLI::App* list = command->add_subcommand(
      "list",
      text("列出各件的保管期限和到期日", "list items, their periods and when they fall due"));
  remember(list, retention_, run_retention_list, {Right::manage, Right::approve, Right::audit});
  add_archive(list, retention_.archive);
  list->add_option("--dossier", retention_.dossier, text("卷宗编号", "number of a dossier"));
  list->add_option("--on", retention_.on,
                   text("只列到此日到期的", "only what is due by this day, YYYY-MM-DD"));
  list->add_flag("--tasks", retention_.tasks, text("列出鉴定任务", "list the tasks of appraisal"));
  list->add_flag("--all", retention_.all, text("已办结的也列出", "closed ones too"));

  CLI::App* change = command->add_subcommand(
      "change", text("延长保管期限（只可延长，须有理由和鉴定报告编号）",
                     "make a period longer, never shorter; needs a reason and a report's number"));
  remember(change, retention_, run_retention_change, {Right::approve});
  add_archive(change, retention_.archive);
  change->add_option("dossier", retention_.dossier, text("卷宗编号", "number of a dossier"))
      ->required();
  change->add_option("item", retention_.item, text("件号", "number of the item in it"))->required();
  change->add_option("--to", retention_.to, text("新期限，如 D50、Y", "the period: D50, Y"))
      ->required();
  change->add_option("--reason", retention_.reason, text("理由", "the reason"))->required();
  change->add_option("--report", retention_.report,
                     text("鉴定报告编号", "number of the appraisal's report"))
      ->required();

  CLI::App* appraise = command->add_subcommand(
      "appraise", text("为到期的件开立鉴定任务，或办结一项任务",
                       "open a task for every item that is due, or close one"));
  remember(appraise, retention_, run_retention_appraise, {Right::manage});
  add_archive(appraise, retention_.archive);
  appraise->add_option("--on", retention_.on,
                       text("以此日为准（默认今天）", "due by this day (default: today)"));
  auto* outcome = appraise
                      ->add_option("--outcome", retention_.outcome,
                                   text("结论：kept 继续保管、disposal 可销毁",
                                        "how it ends: kept or disposal"))
                      ->check(CLI::IsMember({"kept", "disposal"}));
  appraise->add_option("--close", retention_.number, text("办结此任务", "close this task"))
      ->needs(outcome);
  appraise->add_option("--reason", retention_.reason, text("理由", "the reason"));
  command->footer(text("例：juanzong retention appraise --on 2027-01-01\n"
                       "    juanzong retention change 3 2 --to D50 --reason 过短 --report JD-7",
                       "Examples: juanzong retention appraise --on 2027-01-01\n"
                       "          juanzong retention change 3 2 --to D50 --reason \"too short\" "
                       "--report JD-7"));
}

void CommandParser::add_hold() {
  auto* command = add("hold",
                      text("保全：不得销毁某卷宗；列出或解除",
                           "keep a dossier from disposal for a reason of law; list holds, "
                           "lift one"),
                      retention_, run_hold, {Right::manage, Right::approve});
  add_archive(command, retention_.archive);
  auto* dossier = command->add_option("dossier", retention_.dossier,
                                      text("卷宗编号", "number of a dossier"));
  command->add_option("--lift", retention_.number, text("解除此项", "lift the hold of this number"))
      ->excludes(dossier);
  command->add_option("--reason", retention_.reason, text("理由", "the reason"));
  command->add_option("--basis", retention_.basis, text("法律依据", "its basis in law"));
  command->add_flag("--all", retention_.all, text("已解除的也列出", "list lifted ones too"));
}

void CommandParser::add_disposal() {
  auto* command =
      add("disposal",
          text("销毁清册：由鉴定为可销毁的件编制，另一人审批，等待期满前可撤回，期满由两人执行",
               "disposal lists of what was appraised for it: made by one, approved by another, "
               "withdrawn while the time of waiting runs, then carried out by two persons"),
          retention_, run_disposal, {Right::manage, Right::approve});
  add_archive(command, retention_.archive);
  auto* make = command->add_option("--make", retention_.appraisals,
                                   text("以这些鉴定任务编制清册", "a list of these appraisals"));
  auto* approve = command->add_option("--approve", retention_.number,
                                      text("审批此清册", "approve the list of this number"));
  approve->excludes(make);
  auto* withdraw =
      command->add_option("--withdraw", retention_.number,
                          text("撤回此清册", "withdraw this list"));
  withdraw->excludes(make)->excludes(approve);
  withdraw->each([this](const std::string&) { retention_.withdraw = true; });
  auto* carry_out = command->add_option(
      "--carry-out", retention_.number,
      text("执行此清册（不可撤销；--co-signer 为监销人）",
           "carry this list out, which nothing undoes; --co-signer is the witness"));
  carry_out->excludes(make)->excludes(approve)->excludes(withdraw);
  carry_out->each([this](const std::string&) { retention_.carry_out = true; });
  auto* proof = command->add_option("--proof", retention_.number,
                                    text("出示此清册的销毁证明", "show the proof of this list"));
  proof->excludes(make)->excludes(approve)->excludes(withdraw)->excludes(carry_out);
  proof->each([this](const std::string&) { retention_.proof = true; });
  command->add_option("--reason", retention_.reason, text("理由", "the reason"));
}

void CommandParser::add_place() {
  auto* command =
      add("place",
          text("纸质件的库房位置；不给卷宗则列出有图像无纸质、有目录无图像的件",
               "where paper lies; without a dossier: what is digital without paper, and paper "
               "without digital"),
          place_, run_place, {Right::manage, Right::query});
  add_archive(command, place_.archive);
  command->add_option("dossier", place_.place.dossier, text("卷宗编号", "number of a dossier"));
  command->add_option("item", place_.place.item_sequence,
                      text("件号（默认整卷）", "number of an item (default: the whole dossier)"));
  auto* room = command->add_option("--room", place_.place.room, text("库房", "room"));
  command->add_option("--shelf", place_.place.shelf, text("架", "shelf"))->needs(room);
  command->add_option("--cell", place_.place.cell, text("格", "cell"))->needs(room);
  command->add_option("--box", place_.place.box, text("盒", "box"))->needs(room);
  command->add_option("--missing", place_.reason, text("没有纸质件的原因", "why there is no paper"))
      ->excludes(room);
  command->footer(text("例：juanzong place 3 --room 一号库 --shelf 12 --cell 4 --box 7\n"
                       "    juanzong place",
                       "Examples: juanzong place 3 --room 1 --shelf 12 --cell 4 --box 7\n"
                       "          juanzong place"));
}

void CommandParser::add_loan() {
  auto* command = add("loan",
                      text("借阅登记：借出、归还、列出未还和逾期",
                           "loans of paper: lend, take back, list what is out and overdue"),
                      place_, run_loan, {Right::manage});
  add_archive(command, place_.archive);
  auto* dossier = command->add_option("dossier", place_.place.dossier,
                                      text("卷宗编号", "number of a dossier"));
  command->add_option("item", place_.place.item_sequence,
                      text("件号（默认整卷）", "number of an item (default: the whole dossier)"));
  command->add_option("--to", place_.loan.borrower, text("借阅人", "who borrows"))->needs(dossier);
  command->add_option("--unit", place_.loan.unit, text("单位", "of which unit"));
  command->add_option("--due", place_.loan.due_on, text("应还日期", "the day it is due"));
  command->add_option("--reason", place_.reason, text("用途", "what for"));
  command->add_option("--returned", place_.returned, text("归还此笔", "this loan came back"))
      ->excludes(dossier);
  command->add_flag("--all", place_.all, text("已还的也列出", "list returned ones too"));
  command->footer(text("例：juanzong loan 3 --to 王五 --due 2026-12-31 --reason 核对缴费",
                       "Example: juanzong loan 3 --to Wang --due 2026-12-31 --reason check"));
}

}  // namespace archive
