#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "app/commands.h"
#include "app/interrupt.h"
#include "app/open_archive.h"
#include "app/output_file.h"
#include "app/package_text.h"
#include "app/progress_display.h"
#include "ingest/foreign_text.h"
#include "ingest/malware_scanner.h"
#include "ingest/natural_order.h"
#include "ingest/property_evidence.h"
#include "store/archive_folder.h"
#include "store/packages/bag_signature.h"
#include "store/packages/hand_over_list.h"
#include "store/packages/mets.h"
#include "store/packages/sealed_package.h"
#include "store/packages/tar_file.h"
#include "viewer/keeping_json.h"

namespace archive {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kList = "data/hand-over.json";

/// A package that is not taken in, and the word under which the ledger keeps that.
struct PackageRefused {
  std::string word;
  ArchiveError error;
};

[[noreturn]] void refuse_package(const std::string& word, const std::string& where,
                                 const std::string& what, ErrorKind kind = ErrorKind::damage) {
  throw PackageRefused{word, ArchiveError(kind, where, what,
                                          "nothing was taken in: ask the sender for the package "
                                          "again, and tell him what is wrong")};
}

/// Opens a sealed file into a folder that goes with the caller.
void open_sealed(const PackageReceiveOptions& options, const fs::path& into) {
  SealKey key;
  if (!options.keys.key_file.empty()) {
    key = SealKey::from_key_file(options.keys.key_file);
  } else if (!options.keys.passphrase_file.empty()) {
    key = SealKey::from_passphrase_file(options.keys.passphrase_file);
  } else {
    throw ArchiveError(ErrorKind::usage, options.package.filename().string(),
                       "a sealed package does not open without its key",
                       "give --seal-key or --seal-passphrase");
  }
  TarReader tar(into);
  bool in_form = true;
  const auto fault = unseal(options.package, key,
                            [&](std::string_view bytes) { in_form = in_form && tar.add(bytes); });
  const std::string name = options.package.filename().string();
  if (fault == PackageSealFault::unreadable) {
    throw ArchiveError(ErrorKind::input_missing, name, "the file cannot be read",
                       "check the path and the medium");
  }
  if (fault == PackageSealFault::wrong_kind || fault == PackageSealFault::wrong_key) {
    throw ArchiveError(ErrorKind::damage, name,
                       "it does not open: the key is another, or the file was changed",
                       "check the key; else ask the sender for the package again");
  }
  if (fault)
    refuse_package(std::string(name_of(*fault)), name, "the sealed file was changed or cut off");
  if (!in_form || !tar.ended()) refuse_package("not_sealed", name, "what was sealed is no package");
}

/// Everything that is asked of a package before a byte of it is taken in (R41).
class Examination {
 public:
  Examination(const fs::path& place, const PackageReceiveOptions& options,
              const SecuritySettings& security, const Console& say)
      : place_(place), options_(options), security_(security), say_(say) {}

  ReceivedList examine() {
    check_sums();
    check_signature();
    ReceivedList list = read_list();
    compare(list);
    parse_descriptions(list);
    scan();
    list.package.manifest = manifest_;
    list.package.files = static_cast<std::int64_t>(bag_.payload.size());
    list.package.bytes = static_cast<std::int64_t>(bag_.payload_bytes);
    list.package.signed_by = signature_.key_id;
    return list;
  }

  const std::string& manifest() const { return manifest_; }

 private:
  void check_sums() {
    bag_ = check_bag(place_);
    std::error_code error;
    const fs::path file = place_ / "tagmanifest-sha256.txt";
    if (fs::exists(file, error)) manifest_ = hash_of(foreign_bytes(file)).hex();
    for (const BagRemark& remark : bag_.remarks) {
      if (makes_invalid(remark.problem)) say_.note("  ! " + remark_text(remark, say_));
    }
    if (!bag_.valid) {
      const auto first = std::ranges::find_if(
          bag_.remarks, [](const BagRemark& remark) { return makes_invalid(remark.problem); });
      refuse_package(std::string(name_of(first->problem)), "the package",
                     "its files are not those that were sent");
    }
    if (manifest_.empty() || !bag_.bound_by_sha256) {
      refuse_package("weak_checksum", "the package", "no SHA-256 covers the whole of it");
    }
  }

  void check_signature() {
    const std::string known = options_.sender_key.empty() ? "" : key_text(options_.sender_key);
    signature_ = check_bag_signature(place_, known);
    if (signature_.state == BagSignature::State::broken) {
      refuse_package("signature", "signature.txt", "the signature is not that of the sender");
    }
    if (!known.empty() && signature_.state != BagSignature::State::known) {
      refuse_package("not_signed", "the package", "it is not signed by the key that was given");
    }
    if (signature_.state == BagSignature::State::unknown) {
      say_.note(say_("签名相符，但密钥未经另行确认：可用 --sender-key 给出移交方公钥",
                     "signed by a key that nobody vouched for: give the sender's with "
                     "--sender-key"));
    }
  }

  ReceivedList read_list() {
    if (!bag_.payload.contains(kList)) {
      refuse_package("no_list", kList, "there is no list of what is handed over");
    }
    auto list = read_hand_over_list(foreign_bytes(place_ / kList));
    if (!list) refuse_package("list", kList, "the list cannot be used: " + list.error());
    return *std::move(list);
  }

  /// What the list says against what the manifests have.
  void compare(const ReceivedList& list) {
    for (const ReceivedList::Dossier& dossier : list.dossiers) {
      for (const ReceivedList::File& file : dossier.originals) {
        const auto found = bag_.payload.find("data/" + file.path);
        if (found == bag_.payload.end()) refuse_package("list", file.path, "listed and not there");
        const auto sum = found->second.sums.find("sha256");
        if (sum == found->second.sums.end() || sum->second != file.sha256) {
          refuse_package("list", file.path, "the list has another SHA-256 than the manifest");
        }
      }
    }
    // A page that the list does not have would neither be filed nor set aside.
    const std::set<std::string> known = files_of(list);
    for (const auto& [name, file] : bag_.payload) {
      if (!known.contains(name)) refuse_package("list", name, "there and not listed");
    }
  }

  static std::set<std::string> files_of(const ReceivedList& list) {
    std::set<std::string> known = {kList, "data/hand-over.html", "data/catalogue.csv",
                                   "data/catalogue.xlsx"};
    for (const ReceivedList::Dossier& dossier : list.dossiers) {
      for (const char* own : {"/mets.xml", "/metadata.xml"}) {
        known.insert("data/" + dossier.record.folder + own);
      }
      for (const ReceivedList::File& file : dossier.originals) known.insert("data/" + file.path);
      for (const std::string& path : dossier.made_of_them) known.insert("data/" + path);
    }
    return known;
  }

  void parse_descriptions(const ReceivedList& list) {
    for (const ReceivedList::Dossier& dossier : list.dossiers) {
      const std::string name = "data/" + dossier.record.folder + "/mets.xml";
      if (!bag_.payload.contains(name))
        refuse_package("description", name, "there is no description");
      const std::string fault = fault_of_mets(foreign_bytes(place_ / name));
      if (!fault.empty()) refuse_package("description", name, fault);
    }
  }

  void scan() {
    const MalwareScanner scanner(security_);
    if (!scanner.configured()) {
      say_.note(say_("未配置杀毒程序（security.malware_scanner）：由现场检查",
                     "no malware scanner is configured (security.malware_scanner): a site check"));
      return;
    }
    for (const auto& [name, file] : bag_.payload) {
      const MalwareAnswer answer = scanner.ask(place_ / name);
      if (answer == MalwareAnswer::infected) {
        refuse_package("malware", name, "the malware scanner finds this file harmful");
      }
      if (answer == MalwareAnswer::clean) continue;
      throw ArchiveError(ErrorKind::settings, name, "the malware scanner gives no result",
                         "check security.malware_scanner; nothing was taken in");
    }
  }

  const fs::path& place_;
  const PackageReceiveOptions& options_;
  const SecuritySettings& security_;
  const Console& say_;
  BagReport bag_;
  BagSignature signature_;
  std::string manifest_;
};

/// The originals as a batch: a folder a dossier, names as they were delivered to the sender.
Delivery delivery_of(const ReceivedList& list, const fs::path& place) {
  Delivery delivery;
  delivery.key = "package:" + list.package.manifest;
  delivery.name = list.package.package_id;
  // The count of the sender: the batch is held when another number of pages comes out.
  std::int64_t pages = 0;
  std::set<std::string> names;
  for (const ReceivedList::Dossier& dossier : list.dossiers) {
    pages += dossier.record.pages - dossier.pages_left_out;
    for (const ReceivedList::File& file : dossier.originals) {
      const fs::path path = place / "data" / file.path;
      const std::size_t slash = file.name.rfind('/');
      std::string name = dossier.record.folder + "/" +
                         (slash == file.name.npos ? file.name : file.name.substr(slash + 1));
      if (!names.insert(name).second) name = file.path;
      delivery.files.push_back({path, name, fs::file_size(path)});
    }
  }
  std::ranges::sort(delivery.files, [](const SourceFile& a, const SourceFile& b) {
    return natural_less(a.name, b.name);
  });
  delivery.job_sheet.sheets = static_cast<int>(pages);
  delivery.job_sheet.sides = 1;
  delivery.job_sheet.category = list.category;
  return delivery;
}

class Receiver {
 public:
  Receiver(const PackageReceiveOptions& options, const Console& say)
      : options_(options), say_(say), archive_(options.archive, "package receive") {}

  int run(const std::atomic<bool>& stop) {
    const ArchiveFolder folder = ArchiveFolder::open(options_.archive);
    std::error_code error;
    std::optional<OutputFolder> opened;  // never gets its name: it goes with this function
    fs::path place = options_.package;
    Examination examination(place, options_, archive_.settings().security, say_);
    try {
      if (!fs::is_directory(options_.package, error)) {
        clear_unfinished_packages(folder.workplace());
        opened.emplace(folder.workplace() / "package-received");
        open_sealed(options_, opened->path());
        place = opened->path();
        sealed_ = true;
      }
      list_ = examination.examine();
    } catch (const PackageRefused& refused) {
      archive_.records().note_refused_package(examination.manifest(), refused.word);
      throw refused.error;
    }
    list_.package.sealed = sealed_;
    return take_in(place, stop);
  }

 private:
  int take_in(const fs::path& place, const std::atomic<bool>& stop) {
    Records& records = archive_.records();
    const Delivery delivery = delivery_of(list_, place);
    const auto before = records.received_package(list_.package.manifest);
    if (before && before->state != PackageState::handing_over) {
      say_.note(say_("此信息包此前已接收", "this package was taken in before"));
      report(*before, {});
      return 0;
    }
    const std::string who = records.writes_as();
    PackageNumber number = before ? before->number : 0;
    if (!before) {
      list_.package.batch =
          records.open_batch(delivery.key, delivery.name, delivery.job_sheet).number;
      list_.package.made_by = who;
      number = records.put_package(list_.package);
    }
    take_catalogue(who);
    tell_left_out();
    Workshop workshop = archive_.workshop();
    StageClock clock;
    IngestOutcome outcome;
    {
      ProgressDisplay progress(say_);
      outcome = ingest(workshop, delivery, {options_.threads, false, {}}, progress, clock, stop);
    }
    if (outcome.interrupted) return static_cast<int>(ErrorKind::interrupted);
    return compare(number, outcome, who, stop);
  }

  void tell_left_out() const {
    std::int64_t files = 0;
    std::int64_t pages = 0;
    for (const ReceivedList::Dossier& dossier : list_.dossiers) {
      files += dossier.left_out;
      pages += dossier.pages_left_out;
    }
    if (files == 0) return;
    say_.note(fmt::format("{} {}, {} {}",
                          say_("移交方未给出的原件", "originals not given by the sender:"), files,
                          pages, say_("页", "pages")));
  }

  /// What the sender's office catalogued counts here as well, where this archive has nothing of
  /// its own on these volumes. What is taken already is left as it is.
  void take_catalogue(const std::string& who) {
    Records& records = archive_.records();
    std::vector<CatalogueEntry> entries;
    std::set<std::string> volumes;
    std::set<std::string> numbers;
    for (const ReceivedList::Dossier& dossier : list_.dossiers) {
      const std::string& volume = dossier.record.dossier_no;
      if (volume.empty() || dossier.catalogue.empty()) continue;
      if (!records.catalogue_of(volume).empty()) continue;
      if (!volumes.insert(volume).second || !numbers_are_free(dossier.catalogue, numbers)) {
        say_.note(fmt::format("{}: {}", volume,
                              say_("著录目录未接收：案卷号或件号已被占用",
                                   "its catalogue is not taken: the number of the volume or of an "
                                   "item is another's")));
        continue;
      }
      entries.insert(entries.end(), dossier.catalogue.begin(), dossier.catalogue.end());
    }
    if (!entries.empty()) records.put_catalogue(entries, who);
  }

  /// Whether neither this archive nor the volumes before it (`numbers`, to which those of a free
  /// one are added) have an item of these numbers, and no two of its items have the same.
  bool numbers_are_free(const std::vector<CatalogueEntry>& catalogue,
                        std::set<std::string>& numbers) {
    std::set<std::string> all = numbers;
    std::set<int> places;
    for (const CatalogueEntry& entry : catalogue) {
      if (!all.insert(entry.item_no).second || !places.insert(entry.sequence).second ||
          !archive_.records().volume_with_item(entry.item_no).empty()) {
        return false;
      }
    }
    numbers = std::move(all);
    return true;
  }

  int compare(PackageNumber number, const IngestOutcome& outcome, const std::string& who,
              const std::atomic<bool>& stop) {
    Records& records = archive_.records();
    std::multiset<std::string> sent;
    for (const ReceivedList::Dossier& dossier : list_.dossiers) {
      for (const ReceivedList::File& file : dossier.originals) sent.insert(file.sha256);
    }
    std::multiset<std::string> kept;
    for (const SourceRecord& source : records.sources(outcome.batch.number)) {
      kept.insert(source.blob ? std::string(source.blob->hex()) : std::string());
    }
    const bool same = sent == kept && outcome.batch.state == BatchState::complete;
    if (same) records.settle_package(number, PackageState::accepted, "", who);
    const auto package = records.package(number);
    const Json properties = examine_properties(outcome.batch.number, stop);
    report(*package, properties);
    if (same) return 0;
    say_.note(say_("收到的页或文件与移交方清单不符：批次待处理",
                   "other pages or files came out than the sender listed: the batch is held"));
    return static_cast<int>(ErrorKind::held);
  }

  /// The four-property check on receipt 四性检测.
  Json examine_properties(BatchNumber batch, const std::atomic<bool>& stop) {
    const int threads = options_.threads > 0
                            ? options_.threads
                            : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    DecoderPool decoder(archive_.settings().ingest.decode, threads);
    PropertyInspector inspector(archive_.records(), archive_.objects(), decoder,
                                archive_.settings().security, threads);
    Json all = Json::array();
    for (const DossierRecord& dossier : archive_.records().dossiers(batch)) {
      const PropertyEvidence evidence = inspector.evidence(dossier.number, stop);
      if (stop) break;
      Json failed = Json::array();
      std::int64_t passed = 0;
      for (const PropertyResult& result : four_properties_of(evidence, archive_.tables())) {
        if (result.verdict == PropertyVerdict::failed) failed.push_back(result.row.code);
        passed += result.verdict == PropertyVerdict::passed ? 1 : 0;
      }
      all.push_back({{"dossier", dossier.number},
                     {"dossier_no", dossier.dossier_no},
                     {"passed", passed},
                     {"failed", std::move(failed)}});
    }
    return all;
  }

  void report(const PackageRecord& package, const Json& properties) const {
    if (say_.json()) {
      Json json = package_json(package);
      json["batch"] = package.batch;
      json["properties"] = properties;
      say_.result_json(json);
      return;
    }
    print_package(package, say_);
    for (const Json& dossier : properties) {
      std::string failed;
      for (const Json& code : dossier["failed"]) failed += " " + code.get<std::string>();
      say_.result(fmt::format("  {} {}: {} {}{}{}", say_("四性检测 卷宗", "properties, dossier"),
                              dossier["dossier"].get<std::int64_t>(), say_("通过", "passed"),
                              dossier["passed"].get<std::int64_t>(),
                              failed.empty() ? "" : say_("，未通过", ", failed"), failed));
    }
  }

  const PackageReceiveOptions& options_;
  const Console& say_;
  WritableArchive archive_;
  ReceivedList list_;
  bool sealed_ = false;
};

}  // namespace

int run_package_receive(const PackageReceiveOptions& options, const Console& say) {
  std::error_code error;
  if (!fs::exists(options.package, error)) {
    throw ArchiveError(ErrorKind::input_missing, options.package.string(),
                       "there is no such package",
                       "check the path; a medium may have to be mounted");
  }
  const std::atomic<bool>& stop = stop_on_signals();
  return Receiver(options, say).run(stop);
}

}  // namespace archive
