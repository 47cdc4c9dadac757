#include "store/packages/hand_over_list.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "store/packages/bag_names.h"
#include "store/records/names.h"

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "juanzong-package 1";
constexpr std::int64_t kPagesMost = 1'000'000;

Json json_of(const PackedItem& item, const PackedDossier& dossier) {
  Json json = {{"sequence", item.record.sequence},    {"item_no", item.entry.item_no},
               {"title", item.entry.title},           {"author", item.entry.author},
               {"doc_number", item.entry.doc_number}, {"date", item.entry.date},
               {"first_page", item.entry.first_page}, {"last_page", item.entry.last_page},
               {"class_code", item.entry.class_code}, {"retention", item.entry.retention},
               {"remark", item.entry.remark},         {"doc_type", item.record.doc_type}};
  if (item.pdf) json["pdf"] = dossier.folder + "/" + dossier.files[*item.pdf].path;
  return json;
}

Json json_of(const PackedDossier& dossier) {
  Json items = Json::array();
  for (const PackedItem& item : dossier.items) items.push_back(json_of(item, dossier));
  Json files = Json::array();
  for (const PackedFile& file : dossier.files) {
    Json json = {{"path", dossier.folder + "/" + file.path},
                 {"use", name_of(file.use)},
                 {"bytes", file.size_bytes},
                 {"sha256", file.sha256}};
    if (file.use == PackedUse::original) {
      json["name"] = file.name;
      json["pages"] = file.pages;
    }
    files.push_back(std::move(json));
  }
  return {{"folder", dossier.folder},         {"dossier_no", dossier.record.dossier_no},
          {"title", dossier.record.title},    {"pages", dossier.pages.size()},
          {"catalogued", dossier.catalogued}, {"items", std::move(items)},
          {"files", std::move(files)},        {"left_out", dossier.left_out},
          {"pages_left_out", dossier.pages_left_out}};
}

}  // namespace

std::string hand_over_list(const HandOverHead& head, const std::vector<PackedDossier>& dossiers) {
  const PackageRecord& package = head.package;
  Json list = Json::array();
  for (const PackedDossier& dossier : dossiers) list.push_back(json_of(dossier));
  const Json json = {
      {"format", kFormat},
      {"package", package.package_id},
      {"kind", word_for(package.kind)},
      {"sender", package.sender},
      {"recipient", package.recipient},
      {"purpose", package.purpose},
      {"purpose_zh", head.purpose_zh},
      {"purpose_en", head.purpose_en},
      {"legal_basis", package.legal_basis},
      {"made_by", package.made_by},
      {"made_at", package.made_at},
      {"program", head.program},
      {"category", head.category},
      {"malware", head.malware},
      {"counts",
       {{"dossiers", dossiers.size()}, {"items", package.items}, {"pages", package.pages}}},
      {"dossiers", std::move(list)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace {

/// Takes what may be wrong in any way apart; the first fault ends it.
class ListReader {
 public:
  Result<ReceivedList, std::string> read(std::string_view text) {
    try {
      const Json json = Json::parse(text);
      if (json.at("format") != kFormat) return Failure{std::string("another format")};
      head(json);
      for (const Json& one : json.at("dossiers")) list_.dossiers.push_back(dossier(one));
      std::int64_t pages = 0;
      for (const auto& one : list_.dossiers) pages += one.record.pages;
      if (pages != list_.package.pages || pages > std::numeric_limits<int>::max()) {
        return Failure{std::string("its counts contradict it")};
      }
    } catch (const nlohmann::json::exception&) {
      return Failure{std::string("something is missing or of another kind")};
    } catch (const Refused& refused) {
      return Failure{std::string(refused.why)};
    }
    for (const auto& one : list_.dossiers) list_.package.dossiers.push_back(one.record);
    return std::move(list_);
  }

 private:
  struct Refused {
    const char* why;
  };

  void head(const Json& json) {
    PackageRecord& package = list_.package;
    package.received = true;
    package.package_id = json.at("package").get<std::string>();
    package.sender = json.at("sender").get<std::string>();
    package.recipient = json.at("recipient").get<std::string>();
    package.purpose = json.at("purpose").get<std::string>();
    package.legal_basis = json.at("legal_basis").get<std::string>();
    list_.category = json.at("category").get<std::string>();
    package.items = json.at("counts").at("items").get<std::int64_t>();
    package.pages = json.at("counts").at("pages").get<std::int64_t>();
    const auto kind = json.at("kind").get<std::string>();
    if (kind != word_for(PackageKind::hand_over) && kind != word_for(PackageKind::transfer) &&
        kind != word_for(PackageKind::give_out)) {
      throw Refused{"a kind of package that is not known"};
    }
    package.kind = from_word<PackageKind>(kind);
    if (package.package_id.empty() || package.recipient.empty() || package.purpose.empty() ||
        package.legal_basis.empty()) {
      throw Refused{"recipient, purpose or legal basis is missing"};
    }
  }

  ReceivedList::Dossier dossier(const Json& json) {
    ReceivedList::Dossier found;
    found.record.folder = json.at("folder").get<std::string>();
    found.record.dossier_no = json.at("dossier_no").get<std::string>();
    found.record.title = json.at("title").get<std::string>();
    found.record.pages = json.at("pages").get<std::int64_t>();
    found.left_out = static_cast<std::int64_t>(json.at("left_out").size());
    found.pages_left_out = json.value("pages_left_out", std::int64_t{0});
    require_pages(found.record.pages, kPagesMost);
    require_pages(found.pages_left_out, found.record.pages);
    if (file_name_of(found.record.folder) != found.record.folder ||
        !folders_.insert(found.record.folder).second) {
      throw Refused{"a folder that no dossier may have"};
    }
    for (const Json& one : json.at("files")) {
      const auto use = one.at("use").get<std::string>();
      if (use == name_of(PackedUse::original)) {
        found.originals.push_back(file(one, found.record.folder));
      } else if (use == name_of(PackedUse::item_pdf) || use == name_of(PackedUse::page_alto)) {
        found.made_of_them.push_back(one.at("path").get<std::string>());
      } else {
        throw Refused{"a file of a use that is not known"};
      }
    }
    if (json.at("catalogued").get<bool>()) {
      for (const Json& one : json.at("items")) {
        found.catalogue.push_back(entry(one, found.record.dossier_no));
      }
    }
    return found;
  }

  ReceivedList::File file(const Json& json, const std::string& folder) {
    ReceivedList::File found{json.at("path").get<std::string>(), json.at("name").get<std::string>(),
                             json.at("sha256").get<std::string>(),
                             json.at("pages").get<std::int64_t>()};
    const bool below = found.path.starts_with(folder + "/") && !escapes_the_bag(found.path);
    if (!below || !paths_.insert(found.path).second) throw Refused{"a path that no file may have"};
    require_pages(found.pages, kPagesMost);
    return found;
  }

  static void require_pages(std::int64_t pages, std::int64_t most) {
    if (pages < 0 || pages > most) throw Refused{"a number of pages that cannot be"};
  }

  static CatalogueEntry entry(const Json& json, const std::string& dossier_no) {
    CatalogueEntry entry;
    entry.dossier_no = dossier_no;
    entry.item_no = json.at("item_no").get<std::string>();
    entry.sequence = json.at("sequence").get<int>();
    entry.title = json.at("title").get<std::string>();
    entry.author = json.at("author").get<std::string>();
    entry.doc_number = json.at("doc_number").get<std::string>();
    entry.date = json.at("date").get<std::string>();
    entry.first_page = json.at("first_page").get<int>();
    entry.last_page = json.at("last_page").get<int>();
    entry.class_code = json.at("class_code").get<std::string>();
    entry.retention = json.at("retention").get<std::string>();
    entry.remark = json.at("remark").get<std::string>();
    if (entry.item_no.empty() || entry.sequence < 1) throw Refused{"an item without a number"};
    return entry;
  }

  ReceivedList list_;
  std::set<std::string> folders_;
  std::set<std::string> paths_;
};

}  // namespace

Result<ReceivedList, std::string> read_hand_over_list(std::string_view json) {
  return ListReader().read(json);
}

}  // namespace archive
