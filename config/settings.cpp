#include "config/settings.h"

#include <charconv>
#include <functional>
#include <limits>
#include <set>
#include <sstream>
#include <vector>

#include "config/toml_tree.h"
#include "core/error.h"

// One table describes every key: where it stands, what it is for, what it may be and
// which member it sets. Reading, the template and the hint at a mistyped key come
// from that one table. Its test is tests/config/settings_test.cpp.

namespace archive {
namespace {

/// Takes a value for a member; answers what is wrong with it, or nothing.
using Take = std::function<std::string(Settings&, const TomlValue&)>;
using Show = std::function<std::string(const Settings&)>;

struct Key {
  std::string_view section;  // "" for the top of the file
  std::string_view name;
  std::string_view comment;
  Take take;
  Show show;
};

std::string wrong_kind(TomlValue::Kind wanted, TomlValue::Kind given) {
  return "expected " + std::string(name_of(wanted)) + ", found " + std::string(name_of(given));
}

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

/// A member that is a whole number of any width, or milliseconds.
template <class Member>
Key whole(std::string_view section, std::string_view name, std::string_view comment, Member member,
          std::int64_t least, std::int64_t most) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::integer) {
      return wrong_kind(TomlValue::Kind::integer, value.kind);
    }
    if (value.integer < least || value.integer > most) {
      return "must lie between " + std::to_string(least) + " and " + std::to_string(most);
    }
    auto& target = member(settings);
    target = std::decay_t<decltype(target)>(value.integer);
    return "";
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    const auto value = member(copy);
    if constexpr (requires { value.count(); }) {
      return std::to_string(value.count());
    } else {
      return std::to_string(value);
    }
  };
  return {section, name, comment, take, show};
}

template <class Member>
Key share(std::string_view section, std::string_view name, std::string_view comment,
          Member member) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    const bool is_whole = value.kind == TomlValue::Kind::integer;
    if (value.kind != TomlValue::Kind::number && !is_whole) {
      return wrong_kind(TomlValue::Kind::number, value.kind);
    }
    const double given = is_whole ? static_cast<double>(value.integer) : value.number;
    if (!(given >= 0 && given <= 1)) return "must lie between 0 and 1";
    member(settings) = given;
    return "";
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    std::ostringstream out;
    out << member(copy);
    return out.str();
  };
  return {section, name, comment, take, show};
}

template <class Member>
Key yes_or_no(std::string_view section, std::string_view name, std::string_view comment,
              Member member) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::boolean) {
      return wrong_kind(TomlValue::Kind::boolean, value.kind);
    }
    member(settings) = value.boolean;
    return "";
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    return std::string(member(copy) ? "true" : "false");
  };
  return {section, name, comment, take, show};
}

template <class Member>
Key folder(std::string_view section, std::string_view name, std::string_view comment,
           Member member) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::text) {
      return wrong_kind(TomlValue::Kind::text, value.kind);
    }
    member(settings) = value.text;
    return "";
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    return in_quotes(member(copy).string());
  };
  return {section, name, comment, take, show};
}

template <class Member>
Key words(std::string_view section, std::string_view name, std::string_view comment,
          Member member) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::text) {
      return wrong_kind(TomlValue::Kind::text, value.kind);
    }
    member(settings) = value.text;
    return "";
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    return in_quotes(member(copy));
  };
  return {section, name, comment, take, show};
}

template <class Member>
Key one_of(std::string_view section, std::string_view name, std::string_view comment, Member member,
           std::vector<std::string> allowed) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::text) {
      return wrong_kind(TomlValue::Kind::text, value.kind);
    }
    std::string list;
    for (const std::string& word : allowed) {
      if (word == value.text) {
        member(settings) = value.text;
        return "";
      }
      list += (list.empty() ? "" : ", ") + in_quotes(word);
    }
    return "must be one of " + list;
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    return in_quotes(member(copy));
  };
  return {section, name, comment, take, show};
}

/// A list of folders.
template <class Member>
Key folders(std::string_view section, std::string_view name, std::string_view comment,
            Member member) {
  const Take take = [=](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::list) return wrong_kind(TomlValue::Kind::list, value.kind);
    auto& list = member(settings);
    list.clear();
    for (const TomlValue& item : value.items) {
      if (item.kind != TomlValue::Kind::text) return wrong_kind(TomlValue::Kind::text, item.kind);
      list.emplace_back(item.text);
    }
    return "";
  };
  const Show show = [=](const Settings& settings) {
    auto copy = settings;
    std::string list;
    for (const auto& item : member(copy)) {
      list += (list.empty() ? "" : ", ") + in_quotes(item.string());
    }
    return "[" + list + "]";
  };
  return {section, name, comment, take, show};
}

Key item_number(std::string_view section, std::string_view name, std::string_view comment) {
  const Take take = [](Settings& settings, const TomlValue& value) -> std::string {
    if (value.kind != TomlValue::Kind::text) {
      return wrong_kind(TomlValue::Kind::text, value.kind);
    }
    auto pattern = ItemNumberPattern::parse(value.text);
    if (!pattern) return pattern.error();
    settings.catalogue.item_number = *pattern;
    return "";
  };
  const Show show = [](const Settings& settings) {
    return in_quotes(settings.catalogue.item_number.text());
  };
  return {section, name, comment, take, show};
}

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kLarge = std::int64_t{1} << 40;

void add_general_keys(std::vector<Key>& keys) {
  keys.push_back(one_of("", "language", "zh, en, or auto: by the environment",
                        [](Settings & s) -> auto& { return s.language; }, {"auto", "zh", "en"}));
  keys.push_back(folder(
      "", "config_folder", "forms, classes, messages; empty: the installed ones",
      [](Settings & s) -> auto& { return s.config_folder; }));
}

void add_ingest_keys(std::vector<Key>& keys) {
  const std::string_view in = "ingest";
  keys.push_back(whole(
      in, "threads", "0: one for each core", [](Settings & s) -> auto& { return s.ingest.threads; },
      0, 1024));
  keys.push_back(whole(
      in, "pages_in_flight", "0: sixteen for each thread; bounds the memory",
      [](Settings & s) -> auto& { return s.ingest.pages_in_flight; }, 0, 4096));
  keys.push_back(whole(
      in, "stable_after_ms", "a file that did not change so long is complete",
      [](Settings & s) -> auto& { return s.ingest.stable_after; }, 0, 3'600'000));
  keys.push_back(whole(
      in, "index_commit_pages", "pages become findable at least this often",
      [](Settings & s) -> auto& { return s.ingest.index_commit_pages; }, 1, 100'000));
  keys.push_back(whole(
      in, "index_commit_after_ms", "and at least after this time",
      [](Settings & s) -> auto& { return s.ingest.index_commit_after; }, 0, 3'600'000));
}

void add_decode_keys(std::vector<Key>& keys) {
  const std::string_view in = "ingest.decode";
  keys.push_back(whole(
      in, "file_bytes_max", "a larger file is set aside",
      [](Settings & s) -> auto& { return s.ingest.decode.file_bytes_max; }, 1, kLarge));
  keys.push_back(whole(
      in, "pixels_max", "a larger page is set aside; A3 at 600 dpi is 70 million",
      [](Settings & s) -> auto& { return s.ingest.decode.pixels_max; }, 1, std::int64_t{1} << 31));
  keys.push_back(whole(
      in, "pages_max", "pages of one file",
      [](Settings & s) -> auto& { return s.ingest.decode.pages_max; }, 1, 1'000'000));
  keys.push_back(whole(
      in, "seconds_max", "time for one page",
      [](Settings & s) -> auto& { return s.ingest.decode.seconds_max; }, 1, 3600));
  keys.push_back(whole(
      in, "memory_bytes_max", "memory for one page",
      [](Settings & s) -> auto& { return s.ingest.decode.memory_bytes_max; }, 64 * kMiB, kLarge));
  keys.push_back(whole(
      in, "render_dpi", "for PDF pages that are drawn, not scanned",
      [](Settings & s) -> auto& { return s.ingest.decode.render_dpi; }, 72, 1200));
}

void add_ocr_keys(std::vector<Key>& keys) {
  const std::string_view in = "ocr";
  keys.push_back(one_of(in, "engine", "pp-ocr or tesseract",
                        [](Settings & s) -> auto& { return s.ocr.engine; },
                        {"pp-ocr", "tesseract"}));
  keys.push_back(folder(
      in, "model_folder", "recognition models; empty: the installed ones",
      [](Settings & s) -> auto& { return s.ocr.model_folder; }));
  keys.push_back(whole(
      in, "detector_side", "longest side the text detector sees, in pixels",
      [](Settings & s) -> auto& { return s.ocr.detector_side; }, 320, 4096));
  keys.push_back(share(
      in, "sure_confidence", "at or above: believed without a second opinion",
      [](Settings & s) -> auto& { return s.ocr.sure_confidence; }));
  keys.push_back(share(
      in, "unsure_confidence", "a line below goes to a person",
      [](Settings & s) -> auto& { return s.ocr.unsure_confidence; }));
  keys.push_back(yes_or_no(
      in, "second_opinion", "ask Tesseract about unsure key fields",
      [](Settings & s) -> auto& { return s.ocr.second_opinion; }));
}

void add_security_keys(std::vector<Key>& keys) {
  const std::string_view in = "security";
  keys.push_back(words(
      in, "malware_scanner", "a command that gets a file and exits 0 clean, 1 harmful; empty: none",
      [](Settings & s) -> auto& { return s.security.malware_scanner; }));
  keys.push_back(whole(
      in, "malware_seconds_max", "time for one file",
      [](Settings & s) -> auto& { return s.security.malware_seconds_max; }, 1, 86'400));
  keys.push_back(whole(
      in, "training_days",
      "who had no security training within so many days sees lists only; 0: not asked for",
      [](Settings & s) -> auto& { return s.security.training_days; }, 0, 36'500));
}

void add_upload_keys(std::vector<Key>& keys) {
  const std::string_view in = "uploads";
  keys.push_back(folder(
      in, "folder", "where files from scanning stations go, a hot folder; empty: the inbox",
      [](Settings & s) -> auto& { return s.uploads.folder; }));
  keys.push_back(whole(
      in, "file_bytes_max", "a larger file is refused",
      [](Settings & s) -> auto& { return s.uploads.file_bytes_max; }, 1, kLarge));
  keys.push_back(whole(
      in, "files_max", "that are under way at the same time",
      [](Settings & s) -> auto& { return s.uploads.files_max; }, 1, 1'000'000));
  keys.push_back(whole(
      in, "hours_max", "what got no byte for so long is given up",
      [](Settings & s) -> auto& { return s.uploads.hours_max; }, 1, 8'760));
}

void add_custody_keys(std::vector<Key>& keys) {
  const std::string_view in = "custody";
  constexpr std::int64_t kDaysMax = 36'500;
  keys.push_back(words(
      in, "site", "where this archive is; copies at another site count as a second one",
      [](Settings & s) -> auto& { return s.custody.site; }));
  keys.push_back(folders(
      in, "replicas", "folders on other disks that get every object",
      [](Settings & s) -> auto& { return s.custody.replicas; }));
  keys.push_back(whole(
      in, "scrub_days", "in so many days every object is hashed and decoded once",
      [](Settings & s) -> auto& { return s.custody.scrub_days; }, 1, kDaysMax));
  keys.push_back(whole(
      in, "scrub_mb_per_second", "speed limit of scrub; 0: none",
      [](Settings & s) -> auto& { return s.custody.scrub_mb_per_second; }, 0, 1'000'000));
  keys.push_back(whole(
      in, "backup_days", "a backup older than this is overdue",
      [](Settings & s) -> auto& { return s.custody.backup_days; }, 1, kDaysMax));
  keys.push_back(whole(
      in, "backup_verify_days", "a verification of a backup older than this is overdue",
      [](Settings & s) -> auto& { return s.custody.backup_verify_days; }, 1, kDaysMax));
  keys.push_back(whole(
      in, "second_site_days", "a verified copy at another site must be no older",
      [](Settings & s) -> auto& { return s.custody.second_site_days; }, 1, kDaysMax));
  keys.push_back(folder(
      in, "backup_key_file", "the key file that opens backups; keep a copy elsewhere",
      [](Settings & s) -> auto& { return s.custody.backup_key_file; }));
}

const std::vector<Key>& all_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> list;
    add_general_keys(list);
    add_ingest_keys(list);
    add_decode_keys(list);
    add_ocr_keys(list);
    list.push_back(yes_or_no(
        "store", "fsync", "false only in tests: without it a power cut loses pages",
        [](Settings & s) -> auto& { return s.store.fsync; }));
    list.push_back(folder(
        "store", "index_folder",
        "where the full-text index lies; empty: in the archive. On an encrypted disk, or in memory",
        [](Settings & s) -> auto& { return s.store.index_folder; }));
    list.push_back(folders(
        "ledger", "heads_to", "folders outside the archive that get every signed head",
        [](Settings & s) -> auto& { return s.ledger.heads_to; }));
    list.push_back(folder(
        "ledger", "key_file", "the private key that signs; empty: ledger/signing.key",
        [](Settings & s) -> auto& { return s.ledger.key_file; }));
    add_custody_keys(list);
    list.push_back(
        item_number("catalogue", "item_number",
                    "numbers of items that nobody catalogued, such as {volume}·{item:3}"));
    list.push_back(whole(
        "lifecycle", "disposal_waiting_days",
        "days from the approval of a disposal list to its execution",
        [](Settings & s) -> auto& { return s.lifecycle.disposal_waiting_days; }, 1, 3'650));
    list.push_back(whole(
        "lifecycle", "garbage_grace_days",
        "days that an object which nothing needs stays before `juanzong gc` removes it",
        [](Settings & s) -> auto& { return s.lifecycle.garbage_grace_days; }, 0, 3'650));
    list.push_back(words(
        "packages", "sender", "the name of this office, as it stands on packages",
        [](Settings & s) -> auto& { return s.packages.sender; }));
    add_security_keys(list);
    add_upload_keys(list);
    return list;
  }();
  return keys;
}

std::string in_section(std::string_view section, std::string_view name) {
  return (section.empty() ? "" : std::string(section) + ".") + std::string(name);
}

bool is_section(std::string_view name) {
  for (const Key& key : all_keys()) {
    if (key.section == name || key.section.starts_with(std::string(name) + ".")) return true;
  }
  return false;
}

class SettingsFile {
 public:
  explicit SettingsFile(std::filesystem::path file) : file_(std::move(file)) {}

  Settings read() {
    take_table("", read_toml(file_));
    return settings_;
  }
  const std::set<std::string>& named() const { return named_; }

 private:
  [[noreturn]] void refuse(int line, const std::string& problem, const std::string& advice) const {
    throw ArchiveError(ErrorKind::settings, file_.string() + ":" + std::to_string(line), problem,
                       advice);
  }

  void take_table(const std::string& section, const TomlValue& table) {
    for (const auto& [name, value] : table.members) {
      const std::string path = in_section(section, name);
      if (is_section(path) && value.kind == TomlValue::Kind::table) {
        take_table(path, value);
      } else {
        take_key(section, name, value);
      }
    }
  }

  void take_key(const std::string& section, const std::string& name, const TomlValue& value) {
    std::vector<std::string_view> known;
    for (const Key& key : all_keys()) {
      if (key.section != section) continue;
      known.push_back(key.name);
      if (key.name != name) continue;
      named_.insert(in_section(section, name));
      const std::string wrong = key.take(settings_, value);
      if (!wrong.empty()) refuse(value.line, name + ": " + wrong, "correct the value");
      return;
    }
    refuse_unknown(section, name, value.line, std::move(known));
  }

  [[noreturn]] void refuse_unknown(const std::string& section, const std::string& name, int line,
                                   std::vector<std::string_view> known) const {
    for (const Key& key : all_keys()) {
      if (key.name == name) {
        refuse(line, "the key '" + name + "' does not belong here",
               key.section.empty() ? "move it above the first section"
                                   : "move it to the section [" + std::string(key.section) + "]");
      }
      if (section.empty()) known.push_back(key.section);
    }
    const std::string_view near = nearest(name, known);
    refuse(line, "unknown key '" + in_section(section, name) + "'",
           near.empty() ? "remove it; 'juanzong init' writes a file with every key"
                        : "did you mean '" + std::string(near) + "'?");
  }

  std::filesystem::path file_;
  Settings settings_;
  std::set<std::string> named_;
};

}  // namespace

Settings read_settings(const std::filesystem::path& file) { return SettingsFile(file).read(); }

std::vector<SettingShown> settings_shown(const std::filesystem::path& file) {
  SettingsFile reading(file);
  const Settings settings = reading.read();
  const Settings defaults;
  std::vector<SettingShown> shown;
  for (const Key& key : all_keys()) {
    shown.push_back({std::string(key.section), std::string(key.name), std::string(key.comment),
                     key.show(settings), key.show(defaults),
                     reading.named().contains(in_section(key.section, key.name))});
  }
  return shown;
}

std::string settings_template() {
  const Settings defaults;
  std::string text =
      "# Settings of this archive. Each key shows its default; a line may be left out.\n";
  std::string_view section;
  for (const Key& key : all_keys()) {
    if (key.section != section) {
      section = key.section;
      text += "\n[" + std::string(section) + "]\n";
    }
    text += std::string(key.name) + " = " + key.show(defaults);
    text += "  # " + std::string(key.comment) + "\n";
  }
  return text;
}

}  // namespace archive
