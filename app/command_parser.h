#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "app/acting.h"
#include "app/command_line.h"
#include "app/commands.h"
#include "app/config_command.h"
#include "app/keeping_commands.h"
#include "app/report_command.h"
#include "app/security_commands.h"

namespace archive {

/// Builds the parser of the command line: every subcommand fills an options struct that lives as
/// long as the parser does, and `chosen_` remembers which one was called. For the files
/// command_line*.cpp.
class CommandParser {
 public:
  explicit CommandParser(const Console& say);
  Invocation parse(int argc, const char* const* argv);

 private:
  std::string text(std::string_view zh, std::string_view en) const {
    return std::string(say_(zh, en));
  }

  /// A command that needs one of these rights in the archive it works on.
  template <class Options>
  CLI::App* add(const char* name, const std::string& description, Options& options,
                int (*run)(const Options&, const Console&), std::initializer_list<Right> any_of) {
    CLI::App* command = app_.add_subcommand(name, description);
    remember(command, options, run, any_of);
    return command;
  }
  template <class Options>
  void remember(CLI::App* command, Options& options, int (*run)(const Options&, const Console&),
                std::vector<Right> any_of) {
    command->callback(
        [this, &options, run, any_of = std::move(any_of)] { choose(options, run, any_of); });
  }
  template <class Options>
  void choose(const Options& options, int (*run)(const Options&, const Console&),
              const std::vector<Right>& any_of) {
    chosen_ = [options, run, any_of](const Console& console) {
      require_right(options.archive, any_of);
      return run(options, console);
    };
  }
  /// A command that works on no archive there is.
  template <class Options>
  CLI::App* add(const char* name, const std::string& description, Options& options,
                int (*run)(const Options&, const Console&)) {
    CLI::App* command = app_.add_subcommand(name, description);
    command->callback([this, &options, run] {
      chosen_ = [options, run](const Console& console) { return run(options, console); };
    });
    return command;
  }
  void add_archive(CLI::App* command, std::filesystem::path& archive,
                   const char* names = "-A,--archive") const;
  void add_log(CLI::App* command, LogOptions& log) const;

  void add_init();
  void add_ingest();
  void add_quality();
  void add_check();
  void add_properties();
  void add_person();
  void add_finding();
  void add_value();
  void add_arrange();
  void add_arrange_pages(CLI::App* command);
  void add_arrange_items(CLI::App* command);
  void add_arrange_dossiers(CLI::App* command);
  CLI::App* add_arranging(CLI::App* command, const char* name, const std::string& description,
                          int (*run)(const ArrangeOptions&, const Console&));
  void add_target(CLI::App* command);
  void add_compare();
  void add_accept();
  void add_catalogue();
  void add_watch();
  void add_scan();
  void add_sheets();
  void add_status();
  void add_release();
  void add_search();
  void add_show();
  void add_export();
  void add_bag();
  void add_package();
  void add_package_make(CLI::App* package);
  void add_package_receive(CLI::App* package);
  void add_verify();
  void add_ledger();
  void add_scrub();
  void add_replicate();
  void add_convert();
  void add_gc();
  void add_repair();
  void add_task();
  void add_archive_keys();
  void add_config();
  void add_selfcheck();
  void add_report();
  void add_serve();
  void add_backup();
  CLI::App* add_backup_part(CLI::App* backup, const char* name, const std::string& about,
                            int (*run)(const BackupOptions&, const Console&));
  void add_backup_writing(CLI::App* backup);
  void add_backup_reading(CLI::App* backup);
  void add_medium();
  void add_key(CLI::App* command, KeySource& key) const;
  void add_reprocess();
  void add_form();
  void add_index();
  void add_user();
  void add_review();
  void add_correct();
  void add_retention();
  void add_hold();
  void add_disposal();
  void add_place();
  void add_loan();

  const Console& say_;
  CLI::App app_;
  bool json_ = false;
  std::string by_;
  std::string co_signer_;
  KeySource archive_key_;
  std::string language_ = "auto";
  std::function<int(const Console&)> chosen_;
  std::vector<std::string> words_;
  InitOptions init_;
  IngestCommandOptions ingest_;
  QualityOptions quality_;
  CheckOptions check_;
  PropertiesOptions properties_;
  PersonOptions person_;
  FindingOptions finding_;
  ValueOptions value_;
  CompareOptions compare_;
  std::list<ArrangeOptions> arrange_;  // one a subcommand: its options point into it
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
  BagCheckOptions bag_check_;
  PackageMakeOptions package_make_;
  PackageReceiveOptions package_receive_;
  PackageListOptions package_list_;
  PackageSettleOptions package_settle_;
  VerifyCommandOptions verify_;
  LedgerOptions ledger_;
  ScrubCommandOptions scrub_;
  ReplicateOptions replicate_;
  ConvertOptions convert_;
  GarbageOptions gc_;
  RepairOptions repair_;
  TaskOptions task_;
  KeyOptions key_;
  ConfigOptions config_;
  SelfcheckOptions selfcheck_;
  MetricsOptions metrics_;
  ServeOptions serve_;
  BackupOptions backup_;
  MediumOptions medium_;
  ReprocessOptions reprocess_;
  FormLearnOptions form_;
  IndexOptions index_;
  UserOptions user_;
  ReviewOptions review_;
  CorrectOptions correct_;
  RetentionOptions retention_;
  PlaceOptions place_;
};

}  // namespace archive
