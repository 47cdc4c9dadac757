#include "store/sealing/key_slots.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>

#include "core/error.h"
#include "core/utf8.h"
#include "store/objects/digest.h"
#include "store/objects/small_file.h"

namespace archive {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kKinds = {"keyfile", "passphrase", "recovery"};
constexpr std::size_t kSlotIdBytes = 4;
constexpr std::size_t kGroup = 4;  // digits of a printed recovery key
constexpr std::size_t kCheckDigits = 4;
constexpr std::size_t kKeyDigits = 64;

const char* word_of(KeyOwner owner) { return owner == KeyOwner::backup ? "backup" : "archive"; }

std::string first_line(const fs::path& file, const char* what) {
  std::string line;
  bool read = false;
  if (file == "-") {
    read = static_cast<bool>(std::getline(std::cin, line));
  } else {
    std::ifstream in(file, std::ios::binary);
    read = static_cast<bool>(std::getline(in, line));
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  if (read && !line.empty()) return line;
  throw ArchiveError(ErrorKind::wrong_key, file.string(),
                     std::string("there is no ") + what + " to be read here",
                     "check the path and the rights on the file");
}

std::string check_digits(std::string_view hex) {
  DigestCounter counter(DigestKind::sha256);
  counter.add(hex);
  return hex_of(counter.finish()).substr(0, kCheckDigits);
}

/// The digits of a recovery key as a person wrote it down.
std::string recovery_digits(std::string_view typed, const fs::path& where) {
  std::string digits;
  for (const char c : typed) {
    if (c == ' ' || c == '-' || c == '\t') continue;
    digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view key = std::string_view(digits).substr(0, kKeyDigits);
  if (digits.size() == kKeyDigits + kCheckDigits && Secret::parse(key) &&
      std::string_view(digits).substr(kKeyDigits) == check_digits(key)) {
    return std::string(key);
  }
  throw ArchiveError(ErrorKind::wrong_key, where.string(), "this is no recovery key, or mistyped",
                     "compare it with the paper: 17 groups of 4 digits");
}

std::string key_file_words(const fs::path& file) {
  const std::string line = first_line(file, "key");
  if (Secret::parse(line)) return line;
  throw ArchiveError(ErrorKind::wrong_key, file.string(), "this is no key file",
                     "a key file is a line of 64 hexadecimal digits");
}

std::string passphrase_words(const KeySource& source) {
  return source.typed.empty() ? first_line(source.passphrase_file, "passphrase") : source.typed;
}

// Whoever steals the disk may try as many as he likes, each at the cost of Argon2id.
void require_long(const std::string& passphrase) {
  constexpr std::size_t kCharactersMin = 12;
  if (is_utf8(passphrase) && code_points(passphrase).size() >= kCharactersMin) return;
  throw ArchiveError(ErrorKind::usage, "passphrase", "it is too short, or not in UTF-8",
                     "take 12 characters or more, such as several words");
}

Salt salt_of(std::string_view bytes) {
  Salt salt{};
  std::ranges::copy(std::as_bytes(std::span(bytes)).first(std::min(bytes.size(), salt.size())),
                    salt.begin());
  return salt;
}

std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string mac_line(const Secret& master, KeyOwner owner, std::string_view text) {
  const Secret key = master.derive(std::string("juanzong ") + word_of(owner) + " marks");
  return "mac " + hex_of(hmac_of(key, text)) + "\n";
}

void make_key_file(const fs::path& file, Disk& disk) {
  if (fs::exists(file)) {
    throw ArchiveError(ErrorKind::usage, file.string(), "the file is there already",
                       "name a new file, or use it without --new-key-file");
  }
  put_small_file(disk, file, hex_of(Secret::random().bytes()) + "\n", fs::perms(0600));
}

struct KeySlots::Slot {
  fs::path file;
  std::string text;  // without the line of its mac
  std::string mac;
  std::map<std::string, std::string> values;

  std::string value(const char* name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  }
};

std::string_view KeySlots::name_of(Kind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

std::string KeySlots::prefix() const {
  return std::string("juanzong ") + word_of(owner_) + " key ";
}

std::string KeySlots::label(std::string_view kind) const {
  return prefix() + id_ + " " + std::string(kind);
}

// What opens a slot.
Secret KeySlots::slot_key(std::string_view kind, std::string_view words, const Salt& salt,
                          const PassphraseCost& cost) const {
  if (kind == name_of(Kind::passphrase)) return key_from(words, salt, cost);
  const std::string_view bytes(reinterpret_cast<const char*>(salt.data()), salt.size());
  return Secret::parse(words)->derive(prefix() + std::string(bytes));
}

void KeySlots::put_slot(const Secret& master, Kind kind, std::string_view words,
                        const PassphraseCost& cost, Disk& disk,
                        const std::function<void()>& while_both_open) const {
  const std::vector<Slot> before = slots();
  Salt salt{};
  Nonce nonce{};
  std::array<std::byte, kSlotIdBytes> id{};
  random_bytes(salt);
  random_bytes(nonce);
  random_bytes(id);
  const std::string name(name_of(kind));
  std::string text = prefix() + "1\n";
  text += "kind " + name + "\nsalt " + hex_of(salt) + "\n";
  if (kind == Kind::passphrase) {
    text += "passes " + std::to_string(cost.passes) + "\nmemory " +
            std::to_string(cost.memory_bytes) + "\n";
  }
  const std::string cipher =
      sealed(slot_key(name, words, salt, cost), nonce, label(name), master.bytes());
  text += "nonce " + hex_of(nonce) + "\nsealed " + hex_of(std::as_bytes(std::span(cipher))) + "\n";
  text += mac_line(master, owner_, text);
  put_small_file(disk, folder_ / (name + "-" + hex_of(id)), text, fs::perms(0440));
  if (while_both_open) while_both_open();
  for (const Slot& slot : before) {
    if (slot.value("kind") == name) disk.remove(slot.file);
  }
  sync_folder(disk, folder_);
}

void KeySlots::put(const Secret& master, const KeySource& source, const PassphraseCost& cost,
                   Disk& disk,
                   const std::function<void(std::string_view kind)>& announce) const {
  // All that is named is looked at before anything is written.
  std::vector<std::pair<Kind, std::string>> ways;
  if (!source.key_file.empty()) ways.emplace_back(Kind::key_file, key_file_words(source.key_file));
  if (!source.passphrase_file.empty() || !source.typed.empty()) {
    ways.emplace_back(Kind::passphrase, passphrase_words(source));
    if (owner_ == KeyOwner::archive) require_long(ways.back().second);
  }
  for (auto& [kind, words] : ways) {
    if (announce) announce(name_of(kind));
    put_slot(master, kind, words, cost, disk);
    wipe(words);
  }
}

std::string KeySlots::put_recovery(
    const Secret& master, Disk& disk,
    const std::function<void(const std::string& text)>& show) const {
  std::string digits = hex_of(Secret::random().bytes());
  std::string all = digits + check_digits(digits);
  std::string text;
  for (std::size_t i = 0; i < all.size(); i += kGroup) {
    text += (i == 0 ? "" : " ") + all.substr(i, kGroup);
  }
  wipe(all);
  put_slot(master, Kind::recovery, digits, {}, disk, [&] {
    if (show) show(text);
  });
  wipe(digits);
  return text;
}

std::vector<KeySlots::Slot> KeySlots::slots() const {
  std::vector<Slot> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    // What an interrupted write left has no kind for a name.
    if (std::ranges::none_of(kKinds, [&name](std::string_view kind) {
          return name.starts_with(std::string(kind) + "-");
        })) {
      continue;
    }
    Slot slot;
    slot.file = entry.path();
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    const std::size_t mac = std::min(all.rfind("mac "), all.size());
    slot.text = all.substr(0, mac);
    slot.mac = all.substr(mac);
    for (std::size_t from = 0; from < slot.text.size();) {
      const std::size_t to = std::min(slot.text.find('\n', from), slot.text.size());
      const std::string line = slot.text.substr(from, to - from);
      const std::size_t blank = line.find(' ');
      if (blank != std::string::npos) slot.values[line.substr(0, blank)] = line.substr(blank + 1);
      from = to + 1;
    }
    found.push_back(std::move(slot));
  }
  std::ranges::sort(found, {}, &Slot::file);
  return found;
}

Secret KeySlots::open(const KeySource& source) const {
  std::string kind;
  std::string words;
  if (!source.key_file.empty()) {
    kind = name_of(Kind::key_file);
    words = key_file_words(source.key_file);
  } else if (!source.passphrase_file.empty() || !source.typed.empty()) {
    kind = name_of(Kind::passphrase);
    words = passphrase_words(source);
  } else if (!source.recovery_file.empty()) {
    kind = name_of(Kind::recovery);
    words = recovery_digits(first_line(source.recovery_file, "recovery key"), source.recovery_file);
  } else if (owner_ == KeyOwner::backup) {
    throw ArchiveError(ErrorKind::usage, "backup", "no key was named",
                       "add --key-file, --passphrase-file or --recovery-file, or set [custody] "
                       "backup_key_file in juanzong.toml");
  } else {
    throw ArchiveError(ErrorKind::wrong_key, folder_.parent_path().string(),
                       "the archive is encrypted, and no key was named",
                       "name the key file with --archive-key-file or $JUANZONG_KEY_FILE, or the "
                       "passphrase with --archive-passphrase-file");
  }
  const std::string what(word_of(owner_));
  const std::vector<Slot> all = slots();
  if (all.empty()) {
    throw ArchiveError(ErrorKind::damage, folder_.string(), "the " + what + " has no keys any more",
                       "bring the folder `keys` back from a copy of it; without it nothing can "
                       "open it");
  }
  for (const Slot& slot : all) {
    if (slot.value("kind") != kind) continue;
    const auto salt = bytes_of_hex(slot.value("salt"));
    const auto nonce_bytes = bytes_of_hex(slot.value("nonce"));
    const auto cipher = bytes_of_hex(slot.value("sealed"));
    Nonce nonce{};
    if (!salt || !nonce_bytes || nonce_bytes->size() != nonce.size() || !cipher) continue;
    std::ranges::copy(std::as_bytes(std::span(*nonce_bytes)), nonce.begin());
    const PassphraseCost cost{number_in(slot.value("passes")), number_in(slot.value("memory"))};
    auto master = unsealed(slot_key(kind, words, salt_of(*salt), cost), nonce, label(kind),
                           std::as_bytes(std::span(*cipher)));
    Secret opened;
    if (!master || master->size() != opened.bytes().size()) continue;
    std::ranges::copy(std::as_bytes(std::span(*master)), opened.bytes().begin());
    wipe(*master);
    wipe(words);
    return opened;
  }
  wipe(words);
  throw ArchiveError(
      ErrorKind::wrong_key, folder_.parent_path().string(),
      "this " + kind + " does not open the " + what,
      "use a key it was given, or the recovery key (" +
          std::string(owner_ == KeyOwner::backup ? "--recovery-file" : "--archive-recovery-file") +
          ")");
}

std::vector<KeySlots::WayIn> KeySlots::ways_in() const {
  std::vector<WayIn> found;
  for (const Slot& slot : slots()) found.push_back({slot.value("kind"), slot.file});
  return found;
}

std::vector<std::string> KeySlots::damaged(const Secret& master) const {
  std::vector<std::string> found;
  for (const Slot& slot : slots()) {
    if (slot.mac != mac_line(master, owner_, slot.text))
      found.push_back(slot.file.filename().string());
  }
  return found;
}

}  // namespace archive
