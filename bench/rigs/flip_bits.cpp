// Flips single bits of an archive's files, one after the other, and looks whether that is found.
//
//   juanzong_flip_bits ARCHIVE PART COUNT SEED [--control]
//
// PART is objects, records, journal (what waits beside the records for its place in them), ledger,
// settings or mark. ARCHIVE is changed in place and made whole again after each flip. The check is
// what `juanzong verify` does, in this process: verify() and audit_archive(). An object is looked
// at alone, by the same code, and every thousandth time with all others.
//
// Prints, with tabs, the part and how many flips were made, found (a finding names the file or what
// lies in it), misnamed (there are findings, none of them names it), remarked (told and not called
// damage), harmless (all that anybody can read from the records is as it was) and missed. What was
// missed or misnamed is told on standard error.
//
// --control looks at no object's bytes: then the flips of objects must be missed.

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "audit/archive_audit.h"
#include "core/error.h"
#include "store/objects/object_store.h"
#include "store/verify.h"

namespace rigs {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kTogether = 1000;  // every so manieth object is checked with all others
constexpr int kToldMost = 40;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// -- What can be read from the records, whole

class Dump {
 public:
  explicit Dump(const fs::path& records) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(records.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
    database_.reset(opened);
    if (code != SQLITE_OK) throw std::runtime_error("the records cannot be opened");
    sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }

  std::string text() {
    std::string all;
    for (const char* pragma : {"user_version", "application_id", "encoding", "page_size"}) {
      add(all, std::string("PRAGMA ") + pragma);
    }
    add(all, "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name");
    for (const std::string& table : tables()) {
      // A number less would be found; more only skips some.
      if (table == "sqlite_sequence") continue;
      all += "table " + table + "\n";
      add(all, "SELECT * FROM \"" + table + "\"");
    }
    return all;
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

  Statement prepared(const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &made, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(database_.get()));
    }
    return {made, &sqlite3_finalize};
  }

  bool next(const Statement& statement) {
    const int code = sqlite3_step(statement.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
      throw std::runtime_error(sqlite3_errmsg(database_.get()));
    }
    return code == SQLITE_ROW;
  }

  std::vector<std::string> tables() {
    std::vector<std::string> names;
    const Statement rows =
        prepared("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
    while (next(rows)) {
      names.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), 0)));
    }
    return names;
  }

  // What says how far work has come: less, and it is done once more; more is found.
  static bool only_progress(std::string_view column) {
    constexpr std::array kProgress = {"revision",     "indexed_revision", "checked_revision",
                                      "checked_with", "checked_at",       "to_assemble"};
    return std::ranges::find(kProgress, column) != kProgress.end();
  }

  void add(std::string& all, const std::string& sql) {
    const Statement rows = prepared(sql);
    while (next(rows)) {
      for (int i = 0; i < sqlite3_column_count(rows.get()); ++i) {
        if (only_progress(sqlite3_column_name(rows.get(), i))) continue;
        all += static_cast<char>('0' + sqlite3_column_type(rows.get(), i));
        const void* bytes = sqlite3_column_blob(rows.get(), i);
        const int size = sqlite3_column_bytes(rows.get(), i);
        if (bytes != nullptr)
          all.append(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
        all += '\t';
      }
      all += '\n';
    }
  }

  std::unique_ptr<sqlite3, Close> database_;
};

std::optional<std::string> dump_of(const fs::path& records) {
  try {
    return Dump(records).text();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

// -- What the product says

struct Said {
  bool found = false;     // anything that is damage
  bool named = false;     // a finding that names the file, or what lies in it
  bool remarked = false;  // a remark that names it
};

struct Part {
  std::string name;
  std::vector<fs::path> files;     // relative to the archive
  std::vector<std::string> words;  // a finding about the part has one of them in its place
};

class Flipper {
 public:
  Flipper(fs::path archive, Part part, bool control)
      : archive_(std::move(archive)), part_(std::move(part)), control_(control) {
    for (const fs::path& file : part_.files) {
      contents_.push_back(bytes_of(archive_ / file));
      bits_ += contents_.back().size() * 8;
    }
    if (bits_ == 0) throw std::runtime_error("the archive has nothing of " + part_.name);
    has_journal_ = fs::exists(records() + "-wal") && fs::file_size(records() + "-wal") > 0;
    const Said clean = ask_all("");
    if (clean.found) throw std::runtime_error("the archive is not sound to begin with");
    clean_remarks_ = remarks_;
    clean_dump_ = dump_of(records()).value();
    tidy();
  }

  void run(std::uint64_t count, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    count = std::min<std::uint64_t>(count, bits_);
    // Steps that have no factor in common with the number of bits reach each bit once.
    std::uint64_t step = random() % bits_ | 1;
    while (std::gcd(step, bits_) != 1) step += 2;
    std::uint64_t bit = random() % bits_;
    for (std::uint64_t i = 0; i < count; ++i, bit = (bit + step) % bits_) flip(bit, i);
    std::printf("%s\t%lu\t%lu\t%lu\t%lu\t%lu\t%lu\n", part_.name.c_str(), flips_, found_, misnamed_,
                remarked_, harmless_, missed_);
  }

 private:
  std::string records() const { return (archive_ / "records.sqlite").string(); }

  void put(const fs::path& file, std::uint64_t at, char byte) const {
    const fs::path path = archive_ / file;
    std::fstream out(path, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(static_cast<std::streamoff>(at));
    out.put(byte);
    if (!out.flush()) throw std::runtime_error("cannot change " + path.string());
  }

  /// What reading leaves beside the records goes.
  void tidy() const {
    fs::remove(records() + "-shm");
    if (!has_journal_) fs::remove(records() + "-wal");
  }

  void flip(std::uint64_t bit, std::uint64_t number) {
    std::size_t which = 0;
    while (bit >= contents_[which].size() * 8) bit -= contents_[which++].size() * 8;
    const fs::path& file = part_.files[which];
    const std::uint64_t at = bit / 8;
    const char whole = contents_[which][at];
    put(file, at, static_cast<char>(whole ^ (1 << bit % 8)));
    ++flips_;
    judge(file, at, static_cast<int>(bit % 8), number);
    put(file, at, whole);
    tidy();
    if (part_.name != "objects" && bytes_of(archive_ / file) != contents_[which]) {
      throw std::runtime_error("a check changed " + file.string());
    }
  }

  void judge(const fs::path& file, std::uint64_t at, int bit, std::uint64_t number) {
    const bool alone = part_.name == "objects" && !control_ && number % kTogether != 0;
    const Said said = alone ? ask_about(file) : ask_all(file.string());
    if (said.found && said.named) {
      ++found_;
    } else if (said.found) {
      ++misnamed_;
      tell("misnamed", file, at, bit);
    } else if (said.remarked) {
      ++remarked_;
    } else if (part_.name != "objects" && dump_of(records()) == clean_dump_ &&
               (part_.name == "records" || part_.name == "journal")) {
      ++harmless_;
    } else {
      ++missed_;
      tell("missed", file, at, bit);
    }
  }

  void tell(const char* what, const fs::path& file, std::uint64_t at, int bit) {
    if (told_++ >= kToldMost) return;
    std::fprintf(stderr, "flips: %s: %s, byte %lu, bit %d\n", what, file.c_str(), at, bit);
    for (const std::string& finding : findings_) std::fprintf(stderr, "  %s\n", finding.c_str());
  }

  Said ask_about(const fs::path& object) const {
    const std::string hex = object.parent_path().filename().string() + object.filename().string();
    const auto blob = archive::BlobId::parse(std::string(archive::BlobId::kPrefix) + hex);
    const archive::ObjectStore store(archive_ / "objects");
    const bool sound = store.look(blob.value()).health == archive::ObjectHealth::sound;
    return {!sound, !sound, false};
  }

  bool names(const std::string& place, const std::string& file) const {
    if (!file.empty() && place.find(file) != std::string::npos) return true;
    return std::ranges::any_of(part_.words, [&place](const std::string& word) {
      return place.find(word) != std::string::npos;
    });
  }

  /// Everything that `juanzong verify` looks at. `file` is the one that was changed.
  Said ask_all(const std::string& file) {
    Said said;
    findings_.clear();
    remarks_.clear();
    const auto note = [&](const std::string& where, const std::string& what) {
      said.found = true;
      said.named = said.named || names(where, file);
      findings_.push_back(where + ": " + what);
    };
    try {
      if (!control_) {
        archive::VerifyOptions options;
        options.threads = 1;
        for (const auto& finding : archive::verify(archive_, options).findings) {
          if (finding.damage) {
            note(finding.where, finding.what);
          } else {
            remarks_.push_back(finding.where + ": " + finding.what);
          }
        }
      }
      archive::audit::AuditOptions options;
      options.objects = false;
      const auto report = archive::audit::audit_archive(archive_, options);
      for (const auto& finding : report.findings) note(finding.where, finding.what);
      remarks_.insert(remarks_.end(), report.remarks.begin(), report.remarks.end());
    } catch (const archive::ArchiveError& error) {
      note(error.where(), error.problem());
    } catch (const std::runtime_error& error) {
      note(error.what(), "");
    }
    for (const std::string& remark : remarks_) {
      const bool fresh = std::ranges::find(clean_remarks_, remark) == clean_remarks_.end();
      said.remarked = said.remarked || (fresh && names(remark, file));
    }
    return said;
  }

  fs::path archive_;
  Part part_;
  bool control_;
  bool has_journal_ = false;
  std::vector<std::string> contents_;
  std::uint64_t bits_ = 0;
  std::string clean_dump_;
  std::vector<std::string> clean_remarks_;
  std::vector<std::string> findings_;
  std::vector<std::string> remarks_;
  std::uint64_t flips_ = 0, found_ = 0, misnamed_ = 0, remarked_ = 0, harmless_ = 0, missed_ = 0;
  int told_ = 0;
};

Part part_of(const fs::path& archive, const std::string& name) {
  const std::vector<std::string> in_records = {"records.sqlite", "entry ", " @"};
  if (name == "records") return {name, {"records.sqlite"}, in_records};
  if (name == "journal") return {name, {"records.sqlite-wal"}, in_records};
  if (name == "settings") return {name, {"juanzong.toml"}, {}};
  if (name == "mark") return {name, {"juanzong.format"}, {}};
  if (name != "objects" && name != "ledger") throw std::runtime_error("no such part: " + name);
  Part part{name, {}, {}};
  const fs::path top = archive / (name == "objects" ? "objects/sha256" : "ledger");
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    if (entry.is_regular_file()) part.files.push_back(entry.path().lexically_relative(archive));
  }
  std::ranges::sort(part.files);
  for (const fs::path& file : part.files) fs::permissions(archive / file, fs::perms(0640));
  return part;
}

}  // namespace
}  // namespace rigs

int main(int argc, char** argv) {
  constexpr int kTrouble = 125;
  try {
    const bool control = argc == 6 && std::string(argv[5]) == "--control";
    if (argc != 5 && !control) {
      throw std::runtime_error("usage: flip_bits ARCHIVE PART COUNT SEED [--control]");
    }
    const std::filesystem::path archive = argv[1];
    rigs::Flipper flipper(archive, rigs::part_of(archive, argv[2]), control);
    flipper.run(std::stoull(argv[3]), std::stoull(argv[4]));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "juanzong_flip_bits: %s\n", error.what());
    return kTrouble;
  }
}
