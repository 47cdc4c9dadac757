#include "app/command_parser.h"

// Settings and tables: what holds, and whether all of it can be read. No right of the archive is
// asked for: who has a right stands in those very tables, and they have to be mended when they are
// wrong. Whoever may read the files may read them by these commands, and nothing of a person.

namespace archive {

void CommandParser::add_config() {
  CLI::App* command = app_.add_subcommand(
      "config", text("设置与配置表：检查、说明",
                     "settings and tables: look for mistakes, tell what holds"));
  command->require_subcommand(1);
  const auto sub = [&](const char* name, const std::string& about,
                       int (*run)(const ConfigOptions&, const Console&)) {
    CLI::App* made = command->add_subcommand(name, about);
    made->callback([this, run] {
      chosen_ = [options = config_, run](const Console& console) { return run(options, console); };
    });
    add_archive(made, config_.archive);
    made->add_option("--file", config_.file,
                     text("检查此设置文件，而不是档案库的", "a settings file, not the archive's"));
    return made;
  };
  sub("check",
      text("一次列出设置、程序配置表、本单位配置表的全部问题：文件、行、问题、办法",
           "every mistake of the settings, our tables and the office's at once: file, line, what, "
           "what to do"),
      run_config_check);
  CLI::App* explain =
      sub("explain",
          text("逐项说明：现值、来源、默认值、单位、取值范围、含义",
               "each setting: its value, where it comes from, default, unit, range, meaning"),
          run_config_explain);
  auto* key = explain->add_option("key", config_.key,
                                  text("某一项或某一节，如 ocr 或 ocr.engine",
                                       "one key or section, such as ocr or ocr.engine"));
  explain
      ->add_flag("--tables", config_.tables,
                 text("列出配置表，及本单位可以有哪些",
                      "the tables, and which an office may have of its own"))
      ->excludes(key);
  command->footer(text("例：juanzong config check\n"
                       "    juanzong config explain custody.scrub_days",
                       "Examples: juanzong config check\n"
                       "          juanzong config explain custody.scrub_days"));
}

}  // namespace archive
