#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/item_number.h"
#include "config/table_path.h"
#include "core/error.h"

namespace archive {

/// What the sandboxed decoder may use for one file or page.
struct DecodeSettings {
  std::uint64_t file_bytes_max = 512ULL << 20;
  std::uint64_t pixels_max = 120'000'000;  ///< A3 at 600 dpi is 70 million
  int pages_max = 10'000;                  ///< in one file
  int seconds_max = 20;                    ///< CPU and wall time for one page
  std::uint64_t memory_bytes_max = 1ULL << 30;
  int render_dpi = 300;  ///< born-digital PDF pages
};

struct IngestSettings {
  DecodeSettings decode;
  int threads = 0;                               ///< 0: one for each core
  int pages_in_flight = 0;                       ///< 0: sixteen for each thread; bounds the memory
  std::chrono::milliseconds stable_after{2000};  ///< a file unchanged so long is complete
  int page_cpu_seconds_max = 120;                ///< of a thread; ReadingGuard
  int index_commit_pages = 100;
  std::chrono::milliseconds index_commit_after{1000};
};

struct OcrSettings {
  std::filesystem::path model_folder;  ///< empty: where install.sh put them
  int detector_side = 960;             ///< longest side the detector sees, in pixels
  double sure_confidence = 0.95;       ///< at or above: believed without a second opinion
  double unsure_confidence = 0.91;     ///< a line below goes to a person
  bool second_opinion = true;          ///< ask Tesseract about unsure key fields
  std::string engine = "pp-ocr";       ///< or "tesseract"
};

struct StoreSettings {
  bool fsync = true;  ///< false only in tests of pure logic, never in an archive
  /// Where the full-text index lies; empty: `index` in the archive. Of an encrypted archive it
  /// belongs on an encrypted or a memory file system, for it holds the pages' words.
  std::filesystem::path index_folder;
};

struct LedgerSettings {
  /// Folders outside the archive that get a copy of every signed head: another disk, a medium that
  /// is taken away, a share that the archive's administrator may only add to.
  std::vector<std::filesystem::path> heads_to;
  std::filesystem::path key_file;  ///< the private key; empty: ledger/signing.key in the archive
};

/// Copies and looks at them (R3, R32, R46, R47); docs/DURABILITY.md.
struct CustodySettings {
  std::string site;  ///< where the archive itself is, as media name theirs
  std::vector<std::filesystem::path> replicas;  ///< folders that get every object
  int scrub_days = 30;          ///< in so many days every object is hashed and decoded once
  int scrub_mb_per_second = 0;  ///< 0: as fast as it goes
  int backup_days = 7;          ///< a backup older than this is overdue
  int backup_verify_days = 30;  ///< and so is the verification of one
  int second_site_days = 30;    ///< a verified copy at another site must be no older
  std::filesystem::path backup_key_file;  ///< opens the backups; empty: named on the command line
};

struct CatalogueSettings {
  ItemNumberPattern item_number;  ///< of items that nobody catalogued
};

struct LifecycleSettings {
  int disposal_waiting_days = 30;  ///< from the approval of a disposal list to its execution
  int garbage_grace_days = 7;      ///< an object that nothing needs is removed after so many
};

struct PackageSettings {
  std::string sender;  ///< the name of this office, as it stands on packages
};

struct SecuritySettings {
  /// A program with its arguments, parted by blanks, that is given a file as its last argument and
  /// answers by its exit code: 0 clean, 1 harmful, anything else no result (as clamscan does). It
  /// is run without a shell. Empty: none, and the four-property check says so.
  std::string malware_scanner;
  int malware_seconds_max = 300;  ///< for one file
  /// Whoever was not trained (安全培训, R12) within so many days sees lists and no contents; 0: the
  /// day is noted and nothing is refused.
  int training_days = 0;
  int password_length_min = 8;  ///< characters of a new password
  int password_kinds_min = 2;   ///< of small letters, capitals, digits, others
};

/// Files that come over the network (R41).
struct UploadSettings {
  std::filesystem::path folder;  ///< a hot folder; empty: `inbox` in the archive
  std::uint64_t file_bytes_max = 512ULL << 20;
  int files_max = 2'000;  ///< that are under way at the same time
  int hours_max = 48;     ///< what got no byte for so long is given up
};

/// Everything an office may set, read from juanzong.toml. One struct a folder.
struct Settings {
  IngestSettings ingest;
  OcrSettings ocr;
  StoreSettings store;
  LedgerSettings ledger;
  CustodySettings custody;
  CatalogueSettings catalogue;
  LifecycleSettings lifecycle;
  PackageSettings packages;
  SecuritySettings security;
  UploadSettings uploads;
  std::filesystem::path config_folder;  ///< forms, classes, messages; empty: the installed one
  std::filesystem::path office_folder;  ///< an office's own over them (config/office_tables.h)
  std::string language = "auto";        ///< "zh", "en", or "auto" by the environment
};

/// Reads a settings file; folders and files in it are relative to its own. A key nobody knows, a
/// wrong type or a value out of range throws ArchiveError{settings} with the line and the nearest
/// known key, or the range.
Settings read_settings(const std::filesystem::path& file);

/// All that is wrong with it at once, the first as read_settings() throws it, and settings that
/// contradict each other. `settings` gets what could be taken.
std::vector<ArchiveError> problems_of_settings(const std::filesystem::path& file,
                                               Settings& settings);

/// The text of a settings file with every key, its default and what it is for.
std::string settings_template();

/// A key as it stands now, and where from.
struct SettingShown {
  std::string section, name;
  std::string unit_zh, unit_en;  ///< empty: none
  std::string range;      ///< what it may be
  std::string zh, en;     ///< what it is for
  std::string value;      ///< as the file would have it
  std::string standard;   ///< the default
  int line = 0;           ///< of the file; 0: it does not name it, the default holds

  std::string path() const { return (section.empty() ? "" : section + ".") + name; }
};
/// Every key, in the file's order. `file` is read for which of them it names. Throws as
/// read_settings().
std::vector<SettingShown> settings_shown(const std::filesystem::path& file);

/// Where the configuration tables and the models are: the settings' word, then
/// JUANZONG_CONFIG / JUANZONG_MODELS, then beside the program, then the installed place.
/// Throws ArchiveError{settings} or {model_missing} naming all places it looked.
/// The office's folder stands over the first: {settings} when it is not there, or has a table that
/// none reads.
TablePath find_config_folder(const Settings& settings);
/// The same without a look at what the office's folder holds.
TablePath place_of_tables(const Settings& settings);
std::filesystem::path find_model_folder(const Settings& settings);

}  // namespace archive
