#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/console.h"
#include "config/settings.h"
#include "core/arrangement.h"
#include "core/package.h"
#include "core/records.h"
#include "index/page_index.h"
#include "store/sealing/key_slots.h"
#include "viewer/reading_room.h"

// The subcommands: one function each, in a source file of its name. Each returns an
// exit code (docs/ERRORS.md) or throws ArchiveError.

namespace archive {

struct InitOptions {
  std::filesystem::path archive;
  bool encrypt = false;
  KeySource key;  ///< of an encrypted one
};
int run_init(const InitOptions& options, const Console& console);

struct IngestCommandOptions {
  std::filesystem::path archive;
  std::vector<std::filesystem::path> inputs;
  std::string batch_name;
  JobSheet job_sheet;
  int threads = 0;
  bool no_wait = false;
  bool quality_told = false;  ///< the pictures were judged aloud when they came
  bool begin_anew = true;     ///< as IngestOptions
  std::filesystem::path acknowledge_file;
  std::filesystem::path timings_file;
  LogOptions log;
};
int run_ingest(const IngestCommandOptions& options, const Console& console);

struct QualityOptions {
  std::vector<std::filesystem::path> inputs;
  bool all = false;  ///< print accepted pages too
  int threads = 0;
};
int run_quality(const QualityOptions& options, const Console& console);

struct CheckOptions {
  std::filesystem::path archive;
  std::string batch;          ///< empty: the whole archive
  DossierNumber dossier = 0;  ///< 0: all
  bool all = false;           ///< list also the dossiers in which nothing was found
  std::filesystem::path html;
  std::filesystem::path csv;
  bool overwrite = false;
  int threads = 0;
};
int run_check(const CheckOptions& options, const Console& console);

struct PropertiesOptions {
  std::filesystem::path archive;
  std::string batch;          ///< empty: the whole archive
  DossierNumber dossier = 0;  ///< 0: all
  bool all = false;           ///< print also the rows that passed or do not apply
  std::filesystem::path html;
  std::filesystem::path csv;
  bool overwrite = false;
  int threads = 0;
};
int run_properties(const PropertiesOptions& options, const Console& console);

struct PersonOptions {
  std::filesystem::path archive;
  std::string who_is;  ///< a citizen number, or a person's number in the archive
  std::filesystem::path html;
  bool overwrite = false;
  std::string is;     ///< a citizen number: somebody without one is this person
  bool part = false;  ///< takes that back
  std::string reason;
};
int run_person(const PersonOptions& options, const Console& console);

struct FindingOptions {
  std::filesystem::path archive;
  FindingNumber finding = 0;
  bool accepted = false;
  bool corrected = false;
  bool reopened = false;
  std::string reason;
};
int run_finding(const FindingOptions& options, const Console& console);

struct ServeOptions {
  std::filesystem::path archive;
  std::string listen = "127.0.0.1:8080";
  std::filesystem::path certificate, private_key;
  std::filesystem::path web;  ///< the browser application; empty: where it is installed
  bool plain = false;         ///< also to the network without TLS: something else does that
  LogOptions log;
};
int run_serve(const ServeOptions& options, const Console& console);

struct LedgerOptions {
  std::filesystem::path archive;
  std::vector<std::filesystem::path> heads_to;  ///< besides those of the settings
  bool new_key = false;
  bool sign_anew = false;  ///< the signed heads are lost with every copy
  std::string reason;
};
int run_ledger(const LedgerOptions& options, const Console& console);

struct ValueOptions {
  std::filesystem::path archive;
  PageNumber page = 0;
  std::string field;  ///< "id_number", or "wage[3]" for a row of a table
  std::string typed;  ///< "-": a line of standard input
  std::string box;    ///< "x,y,width,height"
  bool confirm = false;
  bool withdraw = false;
};
int run_value(const ValueOptions& options, const Console& console);

/// What an `arrange` subcommand is to do. The members that a subcommand does not ask for are empty.
struct ArrangeOptions {
  std::filesystem::path archive;
  std::vector<std::int64_t> numbers;  ///< pages; of order-items the sequences, of merge the items
  PageNumber page = 0;                ///< of what is about one page
  std::filesystem::path file;         ///< insert, replace: the new scan
  PageNumber after = 0, before = 0;   ///< where to: beside a page
  ItemNumber item = 0;                ///< an item: where to, or what
  DossierNumber dossier = 0;
  DossierNumber other = 0;  ///< merge-dossiers: the one that goes into `dossier`
  PersonNumber person = 0;
  PageNumber with_page = 0;  ///< replace: by a page that is there
  bool new_item = false;
  int turn = 0;       ///< degrees clockwise, of the page as it is shown
  std::string value;  ///< type, class, retention, number of a dossier
  std::string retention;
  ArrangementNumber decision = 0;  ///< undo
  std::string batch;               ///< list
  bool all = false;                ///< list those that were taken back too
  std::string reason;
};
int run_arrange_list(const ArrangeOptions& options, const Console& console);
int run_arrange_move(const ArrangeOptions& options, const Console& console);
int run_arrange_order(const ArrangeOptions& options, const Console& console);
int run_arrange_order_items(const ArrangeOptions& options, const Console& console);
int run_arrange_rotate(const ArrangeOptions& options, const Console& console);
int run_arrange_insert(const ArrangeOptions& options, const Console& console);
int run_arrange_replace(const ArrangeOptions& options, const Console& console);
int run_arrange_split(const ArrangeOptions& options, const Console& console);
int run_arrange_merge(const ArrangeOptions& options, const Console& console);
int run_arrange_split_dossier(const ArrangeOptions& options, const Console& console);
int run_arrange_merge_dossiers(const ArrangeOptions& options, const Console& console);
int run_arrange_split_person(const ArrangeOptions& options, const Console& console);
int run_arrange_type(const ArrangeOptions& options, const Console& console);
int run_arrange_class(const ArrangeOptions& options, const Console& console);
int run_arrange_undo(const ArrangeOptions& options, const Console& console);

struct AcceptOptions {
  std::filesystem::path archive;
  std::string batch;
  bool draw = false;
  std::uint64_t seed = 0;  ///< 0: drawn as well
  PageNumber page = 0;     ///< with a fault that a person found
  std::string fault;
  bool close = false;
};
int run_accept(const AcceptOptions& options, const Console& console);

struct CompareOptions {
  std::filesystem::path archive;
  std::filesystem::path file;  ///< empty: shows the lists there are
  std::string name;            ///< empty: that of the file
  std::string drop;            ///< name of a list to take out
  int threads = 0;
};
int run_compare(const CompareOptions& options, const Console& console);

struct CatalogueOptions {
  std::filesystem::path archive;
  std::filesystem::path file;  ///< export: empty or "-" for standard output
  std::string form;            ///< export: "csv" or "xlsx"; empty: by the name of the file
  std::string sheet;           ///< import: of a workbook; empty: the first with the columns
  bool overwrite = false;
};
int run_catalogue_export(const CatalogueOptions& options, const Console& console);
int run_catalogue_import(const CatalogueOptions& options, const Console& console);

struct WatchOptions {
  std::filesystem::path archive;
  std::filesystem::path folder;
  int threads = 0;
  bool once = false;  ///< take in what is there and stable, then stop
  LogOptions log;
};
int run_watch(const WatchOptions& options, const Console& console);

struct ScanOptions {
  std::filesystem::path archive;
  std::string device;
  std::string batch_name;
  int dpi = 300;
  std::string mode = "Color";
  int pages_max = 0;  ///< 0: until the feeder is empty
};
int run_scan(const ScanOptions& options, const Console& console);

struct SheetsOptions {
  std::filesystem::path output;
  std::vector<std::string> dossier_numbers;
};
int run_sheets(const SheetsOptions& options, const Console& console);

struct StatusOptions {
  std::filesystem::path archive;
  std::string batch;       ///< empty: all
  bool set_aside = false;  ///< list the pages that wait for a person
  bool quality = false;    ///< list the pages whose picture is not accepted
  bool alarms = false;     ///< end with ErrorKind::alarms when there is any
};
int run_status(const StatusOptions& options, const Console& console);

struct ReleaseOptions {
  std::filesystem::path archive;
  std::string batch;
  std::string reason;
};
int run_release(const ReleaseOptions& options, const Console& console);

struct SearchOptions {
  std::filesystem::path archive;
  SearchRequest request;
  RecordFilters records;
  std::string group;             ///< "dossier", "person" or empty
  bool csv = false;              ///< a line a hit, for spreadsheets
  int open = 0;                  ///< shows the picture of this hit, from 1; 0: none
  std::filesystem::path list;    ///< a question a line: each is answered with its pages
  std::filesystem::path output;  ///< where the answers of a list go; empty: standard output
  std::string purpose;           ///< what for; noted with the search
  bool history = false;          ///< what was searched for, by whom and what for
};
int run_search(const SearchOptions& options, const Console& console);

struct ShowOptions {
  std::filesystem::path archive;
  PageNumber page = 0;
  DossierNumber dossier = 0;
  std::string batch;
  bool all = false;
  std::filesystem::path picture;   ///< PNG of the page with its lines and fields drawn
  std::string mark;                ///< marks where this query stands on the picture
  std::filesystem::path original;  ///< writes the delivered file here
  bool alto = false;               ///< prints the ALTO of the page
};
int run_show(const ShowOptions& options, const Console& console);

struct ExportOptions {
  std::filesystem::path archive;
  std::vector<PageNumber> pages;
  ItemNumber item = 0;
  DossierNumber dossier = 0;
  std::string form = "pdf";      ///< "pdf", "hocr", "text" or "alto"
  std::filesystem::path output;  ///< empty or "-": standard output
  std::string title;             ///< of the document; empty: the archive's number of what it is
  bool overwrite = false;
};
int run_export(const ExportOptions& options, const Console& console);

struct BagCheckOptions {
  std::vector<std::filesystem::path> folders;
  std::filesystem::path sender_key;  ///< public key in PEM; empty: nobody's in particular
};
int run_bag_check(const BagCheckOptions& options, const Console& console);

/// What seals or opens a package.
struct PackageKeyOptions {
  std::filesystem::path key_file;
  std::filesystem::path passphrase_file;
};

struct PackageMakeOptions {
  std::filesystem::path archive;
  PackageKind kind = PackageKind::give_out;
  std::vector<DossierNumber> dossiers;
  std::vector<std::string> dossier_numbers;  ///< 档号
  std::string person;                        ///< a citizen number: the dossiers he is the holder of
  std::string recipient;
  std::string purpose;
  std::string legal_basis;
  std::string sender;            ///< empty: as the settings say
  std::filesystem::path output;  ///< a new folder; a new file when it is sealed
  bool sm3 = false;
  bool sign = false;  ///< with the ledger's key
  std::filesystem::path sign_key;
  PackageKeyOptions keys;
};
int run_package_make(const PackageMakeOptions& options, const Console& console);

struct PackageReceiveOptions {
  std::filesystem::path archive;
  std::filesystem::path package;  ///< a folder, or a sealed file
  std::filesystem::path sender_key;
  PackageKeyOptions keys;
  int threads = 0;
};
int run_package_receive(const PackageReceiveOptions& options, const Console& console);

struct PackageListOptions {
  std::filesystem::path archive;
  PackageNumber package = 0;  ///< 0: all
};
int run_package_list(const PackageListOptions& options, const Console& console);

struct PackageSettleOptions {
  std::filesystem::path archive;
  PackageNumber package = 0;
  bool accepted = false;
  bool returned = false;
  std::string reason;
};
int run_package_settle(const PackageSettleOptions& options, const Console& console);

struct ReviewOptions {
  std::filesystem::path archive;
  DossierNumber dossier = 0;  ///< 0: lists what waits
  int item = 0;
  std::string step;  ///< to take; empty: shows how the item stands
  std::string reason;
  std::string submitter;
  std::vector<std::string> states;  ///< to list
  int limit = 100;
};
int run_review(const ReviewOptions& options, const Console& console);

struct CorrectOptions {
  std::filesystem::path archive;
  PageNumber page = 0;  ///< 0: lists what waits for a decision
  std::string field;
  std::string to;  ///< "-": a line of standard input
  std::string box;
  PageNumber evidence = 0;
  std::string reason;
  std::int64_t correction = 0;  ///< to decide
  bool approve = false;
  bool refuse = false;
};
int run_correct(const CorrectOptions& options, const Console& console);

struct UserOptions {
  std::filesystem::path archive;
  std::string name;
  std::string account;
  bool password = false;  ///< one is asked for
  std::string agreement;
  std::string until;
  std::vector<std::string> posts;
  std::vector<std::string> taken;
};
int run_user_list(const UserOptions& options, const Console& console);
int run_user_add(const UserOptions& options, const Console& console);
int run_user_change(const UserOptions& options, const Console& console);
int run_user_end(const UserOptions& options, const Console& console);
int run_posts(const UserOptions& options, const Console& console);

struct VerifyCommandOptions {
  std::filesystem::path archive;
};
int run_verify(const VerifyCommandOptions& options, const Console& console);

struct ScrubCommandOptions {
  std::filesystem::path archive;
  std::string part;  ///< "n/t"; empty: what is due today
  bool all = false;
  double limit = 0;  ///< MB/s; 0: as the settings say
  int threads = 0;
};
int run_scrub(const ScrubCommandOptions& options, const Console& console);

struct ReplicateOptions {
  std::filesystem::path archive;
  bool begin = false;  ///< marks folders that are empty as replicas
};
int run_replicate(const ReplicateOptions& options, const Console& console);

struct RepairOptions {
  std::filesystem::path archive;
  std::vector<std::int64_t> tasks;          ///< empty: all that are open
  std::vector<std::filesystem::path> from;  ///< further places with objects
  std::filesystem::path backup;             ///< a repository of backups
  KeySource key;
  std::string reason;
};
int run_repair(const RepairOptions& options, const Console& console);

struct TaskOptions {
  std::filesystem::path archive;
  bool all = false;
  std::int64_t task = 0;
  bool repaired = false;
  bool accepted = false;
  std::string method, reason;
};
int run_task_list(const TaskOptions& options, const Console& console);
int run_task_close(const TaskOptions& options, const Console& console);

struct BackupOptions {
  std::filesystem::path archive;
  std::filesystem::path place;  ///< the folder of the repository
  KeySource key;
  std::string medium;        ///< init: id of the registered medium it is on
  std::string id;            ///< of a backup; empty: the newest
  std::filesystem::path to;  ///< restore: the new folder; drill: where to restore for a while
  int keep = 0;              ///< prune
  int keep_days = 0;
  bool dry_run = false;
  bool no_decode = false;
  bool set_aside = false;
  KeySource new_key;
  bool new_recovery = false;
  int threads = 0;
};
int run_backup_init(const BackupOptions& options, const Console& console);
int run_backup_run(const BackupOptions& options, const Console& console);
int run_backup_list(const BackupOptions& options, const Console& console);
int run_backup_verify(const BackupOptions& options, const Console& console);
int run_backup_restore(const BackupOptions& options, const Console& console);
int run_backup_prune(const BackupOptions& options, const Console& console);
int run_backup_drill(const BackupOptions& options, const Console& console);
int run_backup_rekey(const BackupOptions& options, const Console& console);

struct MediumOptions {
  std::filesystem::path archive;
  std::string id;
  std::string site, place, keeper;
  int days = 365;   ///< it is read back this often
  std::string due;  ///< the first day it is to be read back by
  std::filesystem::path folder;
  KeySource key;
  int threads = 0;
  std::string reason;
};
int run_medium_add(const MediumOptions& options, const Console& console);
int run_medium_list(const MediumOptions& options, const Console& console);
int run_medium_read_back(const MediumOptions& options, const Console& console);
int run_medium_retire(const MediumOptions& options, const Console& console);

struct ReprocessOptions {
  std::filesystem::path archive;
  std::vector<PageNumber> pages;
  bool force = false;
  bool dry_run = false;
  bool values = false;  ///< print also what was read before and now: personal data
  int threads = 0;
};
int run_reprocess(const ReprocessOptions& options, const Console& console);

struct FormLearnOptions {
  std::filesystem::path archive;
  std::vector<PageNumber> pages;  ///< of one and the same paper
  std::string doc_type;           ///< a free one, such as DT50
  std::string name_zh, name_en;
  std::vector<std::string> keep, drop;  ///< labels
  std::filesystem::path write;          ///< configuration folder; empty: print
};
int run_form_learn(const FormLearnOptions& options, const Console& console);

struct IndexOptions {
  std::filesystem::path archive;
  bool anew = false;  ///< rebuild: from the first page, also when one was begun
  int every_nth = 1;  ///< check: the contents of a page in so many
};
int run_index_rebuild(const IndexOptions& options, const Console& console);
int run_index_check(const IndexOptions& options, const Console& console);
int run_index_compact(const IndexOptions& options, const Console& console);

}  // namespace archive
