#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/commands.h"
#include "app/dossier_packer.h"
#include "app/interrupt.h"
#include "app/output_file.h"
#include "app/package_text.h"
#include "app/version.h"
#include "app/writing.h"
#include "config/purposes.h"
#include "core/timestamp.h"
#include "ingest/catalogue.h"
#include "ingest/malware_scanner.h"
#include "store/archive_folder.h"
#include "store/packages/bag_listing.h"
#include "store/packages/bag_signature.h"
#include "store/packages/hand_over_list.h"
#include "store/packages/sealed_package.h"
#include "store/packages/tar_file.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kCatalogueSheet = "著录目录";
constexpr std::int64_t kListedFilesMax = 2'000'000;

[[noreturn]] void refuse_to_make(const std::string& what, const std::string& what_to_do) {
  throw ArchiveError(ErrorKind::usage, "juanzong package make", what, what_to_do);
}

std::string purposes_text(const Purposes& purposes, std::string_view kind) {
  std::string text;
  for (const Purpose& purpose : purposes.all()) {
    if (purpose.goes_with(kind)) text += (text.empty() ? "" : ", ") + purpose.id;
  }
  return text;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

/// R14: to whom, what for and by what right, before anything is looked at.
const Purpose& stated_purpose(const PackageMakeOptions& options, const Purposes& purposes) {
  const std::string kind = kind_word(options.kind);
  if (is_blank(options.recipient))
    refuse_to_make("no recipient is named", "name him with --recipient");
  const Purpose* purpose = purposes.named(options.purpose);
  if (purpose == nullptr || !purpose->goes_with(kind)) {
    refuse_to_make(options.purpose.empty()
                       ? "no purpose is named"
                       : "'" + options.purpose + "' is no purpose of such a package",
                   "give --purpose one of: " + purposes_text(purposes, kind));
  }
  if (is_blank(options.legal_basis)) {
    refuse_to_make("no legal basis is stated", "state law and article with --legal-basis");
  }
  return *purpose;
}

std::vector<DossierNumber> dossiers_asked_for(const Records& records,
                                              const PackageMakeOptions& options) {
  std::vector<DossierNumber> numbers = options.dossiers;
  for (const std::string& no : options.dossier_numbers) {
    const auto found = records.dossiers_numbered(no);
    if (found.empty()) {
      throw ArchiveError(ErrorKind::not_found, no, "there is no dossier of this archive number",
                         "`juanzong search --dossier` finds them");
    }
    numbers.insert(numbers.end(), found.begin(), found.end());
  }
  if (!options.person.empty()) {
    const auto person = records.person_with_id(options.person);
    if (!person) {
      throw ArchiveError(ErrorKind::not_found, "juanzong package make",
                         "no dossier names a person of this citizen number",
                         "`juanzong search` finds persons");
    }
    // Only what is about him: a roster that names him is somebody else's dossier as well.
    for (const PersonPageRecord& page : records.pages_of_person(person->number)) {
      if (page.role == "holder" && page.dossier != 0) numbers.push_back(page.dossier);
    }
  }
  std::ranges::sort(numbers);
  const auto rest = std::ranges::unique(numbers);
  numbers.erase(rest.begin(), rest.end());
  if (numbers.empty()) refuse_to_make("no dossier was asked for", "name dossiers with --dossier");
  return numbers;
}

std::optional<SealKey> seal_key_of(const PackageKeyOptions& options) {
  if (!options.key_file.empty()) return SealKey::from_key_file(options.key_file);
  if (!options.passphrase_file.empty()) {
    return SealKey::from_passphrase_file(options.passphrase_file);
  }
  return std::nullopt;
}

/// The category 门类 of all of them: they come in as one batch, which has one.
std::string category_of(const Records& records, const std::vector<DossierNumber>& dossiers) {
  std::optional<std::string> category;
  for (const DossierNumber number : dossiers) {
    const auto dossier = records.dossier(number);
    const auto batch = dossier ? records.batch(dossier->batch) : std::nullopt;
    if (!batch) continue;  // told when it is packed
    if (!category) category = batch->job_sheet.category;
    if (*category == batch->job_sheet.category) continue;
    refuse_to_make("the dossiers are of several categories", "make a package for each category");
  }
  return category.value_or("");
}

/// A package while it is made.
class Maker {
 public:
  Maker(const PackageMakeOptions& options, const Console& say)
      : options_(options),
        say_(say),
        folder_(ArchiveFolder::open(options.archive)),
        settings_(read_settings(folder_.settings_file())),
        purposes_(Purposes::load(find_config_folder(settings_))),
        purpose_(stated_purpose(options, purposes_)),
        seal_key_(seal_key_of(options.keys)),
        records_(Records::open_writer(folder_.path(),
                                      writing_by(settings_, "package make", options.legal_basis))),
        room_(folder_.path()) {
    if (options.output.empty())
      refuse_to_make("no place is named", "name a new folder or file with -o");
    read_signing_key();
    begin_head();
  }

  int run(const std::atomic<bool>& stop) {
    const std::vector<DossierNumber> numbers = dossiers_asked_for(records_, options_);
    head_.category = category_of(records_, numbers);
    // A sealed package must not lie open beside its file: it is made inside the archive.
    const fs::path place =
        seal_key_ ? folder_.workplace() / ("package-" + head_.package.package_id) : options_.output;
    clear_unfinished_packages(folder_.workplace());
    OutputFolder made(place);
    BagWriter bag(made.path(), options_.sm3);
    DossierPacker packer(room_, bag, settings_, options_.kind, numbers);
    for (const DossierNumber number : numbers) {
      if (stop) return interrupted();
      packer.pack(number);
      if (say_.live()) {
        say_.progress(fmt::format("{} {}/{}", say_("已打包卷宗", "dossiers packed"),
                                  packer.packed().size(), numbers.size()));
      }
    }
    say_.end_progress();
    packer.describe(head_.package.sender, head_.program, head_.package.made_at);
    add_catalogue(bag, packer);
    scan(made.path());
    complete_head(bag, packer);
    bag.add("hand-over.json", hand_over_list(head_, packer.packed()));
    bag.add("hand-over.html", hand_over_form(head_, packer.packed()));
    head_.package.files = static_cast<std::int64_t>(bag.payload_files());
    head_.package.bytes = static_cast<std::int64_t>(bag.payload_bytes());
    finish_bag(bag);
    if (stop) return interrupted();
    give_name(made);
    report();
    return 0;
  }

 private:
  int interrupted() const {
    say_.end_progress();
    say_.note(say_("已按要求停止，未留下信息包", "stopped as asked; no package was left"));
    return static_cast<int>(ErrorKind::interrupted);
  }

  void read_signing_key() {
    if (!options_.sign && options_.sign_key.empty()) return;
    if (options_.sign_key.empty()) {
      signing_key_.emplace(HeadLog::signing_key(
          {folder_.ledger(), settings_.ledger.key_file, {}, keys_of(folder_.path())}));
    } else {
      const std::string text = key_text(options_.sign_key);
      signing_key_.emplace(SigningKey::read(text, options_.sign_key.string()));
    }
    head_.package.signed_by = signing_key_->id();
  }

  void begin_head() {
    PackageRecord& package = head_.package;
    package.kind = options_.kind;
    package.sender = options_.sender.empty() ? settings_.packages.sender : options_.sender;
    package.recipient = options_.recipient;
    package.purpose = purpose_.id;
    package.legal_basis = options_.legal_basis;
    package.made_by = records_.writes_as();
    package.made_at = timestamp_now();
    package.sealed = seal_key_.has_value();
    package.package_id = new_package_id(package.made_at);
    head_.purpose_zh = purpose_.name_zh;
    head_.purpose_en = purpose_.name_en;
    head_.program = std::string("juanzong ") + kVersion;
    if (options_.kind == PackageKind::give_out || !package.sender.empty()) return;
    refuse_to_make("a hand-over needs the name of this office",
                   "set packages.sender in juanzong.toml, or give --sender");
  }

  void add_catalogue(BagWriter& bag, const DossierPacker& packer) const {
    std::vector<CatalogueEntry> entries;
    for (const PackedDossier& packed : packer.packed()) {
      for (const PackedItem& item : packed.items) {
        entries.push_back(item.entry);
        if (entries.back().dossier_no.empty()) entries.back().dossier_no = packed.folder;
      }
    }
    const OutTable table = catalogue_table(std::move(entries));
    bag.add("catalogue.csv", csv_text(table));
    bag.add("catalogue.xlsx", xlsx_bytes(table, kCatalogueSheet));
  }

  /// Nothing leaves that the office's scanner finds harmful, or cannot judge.
  void scan(const fs::path& place) {
    const MalwareScanner scanner(settings_.security);
    head_.malware = scanner.configured() ? "clean" : "not_asked";
    if (!scanner.configured()) return;
    for (const auto& [name, size] : list_bag(place, kListedFilesMax).files) {
      const MalwareAnswer answer = scanner.ask(place / name);
      if (answer == MalwareAnswer::clean) continue;
      const bool infected = answer == MalwareAnswer::infected;
      throw ArchiveError(infected ? ErrorKind::findings : ErrorKind::settings, name,
                         infected ? "the malware scanner finds this file harmful"
                                  : "the malware scanner gives no result",
                         infected ? "look at the page; nothing was given out"
                                  : "check security.malware_scanner; nothing was given out");
    }
  }

  void complete_head(const BagWriter&, const DossierPacker& packer) {
    PackageRecord& package = head_.package;
    package.items = packer.items();
    package.pages = packer.pages();
    for (const PackedDossier& packed : packer.packed()) {
      package.dossiers.push_back({packed.folder, packed.record.number, packed.record.dossier_no,
                                  packed.record.title,
                                  static_cast<std::int64_t>(packed.pages.size())});
    }
  }

  void finish_bag(BagWriter& bag) {
    const PackageRecord& package = head_.package;
    std::vector<TagElement> info = {{"Source-Organization", package.sender},
                                    {"Bagging-Date", package.made_at.substr(0, 10)},
                                    {"Bag-Software-Agent", head_.program},
                                    {"External-Identifier", package.package_id},
                                    {"Juanzong-Package-Kind", kind_word(package.kind)},
                                    {"Juanzong-Recipient", package.recipient},
                                    {"Juanzong-Purpose", package.purpose},
                                    {"Juanzong-Legal-Basis", package.legal_basis}};
    if (package.sender.empty()) info.erase(info.begin());
    BagWriter::Sign sign;
    if (signing_key_) {
      sign = [this](std::string_view manifest) { return bag_signature(*signing_key_, manifest); };
    }
    head_.package.manifest = bag.finish(info, sign);
  }

  /// The register first, then the name: what was given out is never missing there.
  void give_name(OutputFolder& made) {
    if (!seal_key_) {
      number_ = records_.put_package(head_.package);
      made.finish();
      return;
    }
    OutputFile file(options_.output, false);
    PackageSealer sealer(*seal_key_, [&file](std::string_view bytes) { file.write(bytes); });
    write_tar(made.path(), [&sealer](std::string_view bytes) { sealer.write(bytes); });
    sealer.finish();
    number_ = records_.put_package(head_.package);
    file.finish();
  }

  void report() const {
    PackageRecord package = head_.package;
    package.number = number_;
    if (say_.json()) {
      Json json = package_json(package);
      json["output"] = options_.output.string();
      json["malware"] = head_.malware;
      say_.result_json(json);
      return;
    }
    say_.result(fmt::format("{}: {}", say_("已写入", "written"), options_.output.string()));
    print_package(package, say_);
    if (head_.malware == "not_asked") {
      say_.note(say_("未配置杀毒程序（security.malware_scanner），交接单上已注明",
                     "no malware scanner is configured (security.malware_scanner); the hand-over "
                     "form says so"));
    }
  }

  const PackageMakeOptions& options_;
  const Console& say_;
  ArchiveFolder folder_;
  Settings settings_;
  Purposes purposes_;
  const Purpose& purpose_;
  std::optional<SealKey> seal_key_;
  Records records_;
  ReadingRoom room_;
  std::optional<SigningKey> signing_key_;
  HandOverHead head_;
  PackageNumber number_ = 0;
};

}  // namespace

int run_package_make(const PackageMakeOptions& options, const Console& say) {
  const std::atomic<bool>& stop = stop_on_signals();
  return Maker(options, say).run(stop);
}

}  // namespace archive
