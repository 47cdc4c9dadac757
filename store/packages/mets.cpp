#include "store/packages/mets.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "store/packages/xml_text.h"

namespace archive {
namespace {

constexpr const char* kMets = "http://www.loc.gov/METS/";
constexpr const char* kXlink = "http://www.w3.org/1999/xlink";
constexpr const char* kPremis = "http://www.loc.gov/premis/v3";
constexpr const char* kInstance = "http://www.w3.org/2001/XMLSchema-instance";

/// A path as a URL (RFC 3986): everything but letters, digits and a few signs in hexadecimal.
std::string url_of(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string url;
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const auto byte = static_cast<unsigned char>(c);
    if (letter || kPlain.find(c) != kPlain.npos) {
      url += c;
    } else {
      url += '%';
      url += kDigits[byte >> 4];
      url += kDigits[byte & 15];
    }
  }
  return url;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name) = xml_text(value).c_str();
}

std::string file_id(std::size_t index) { return "file-" + std::to_string(index + 1); }

// -- PREMIS ----------------------------------------------------------------

void add_identifier(pugi::xml_node parent, const std::string& what, std::string_view type,
                    std::string_view value) {
  const std::string prefix = "premis:" + what;
  pugi::xml_node node = parent.append_child((prefix + "Identifier").c_str());
  add_element(node, (prefix + "IdentifierType").c_str(), type);
  add_element(node, (prefix + "IdentifierValue").c_str(), value);
}

void add_fixity(pugi::xml_node parent, const char* algorithm, const std::string& digest) {
  if (digest.empty()) return;
  pugi::xml_node fixity = parent.append_child("premis:fixity");
  add_element(fixity, "premis:messageDigestAlgorithm", algorithm);
  add_element(fixity, "premis:messageDigest", digest);
}

void add_object(pugi::xml_node premis, const PackedFile& file) {
  pugi::xml_node object = premis.append_child("premis:object");
  set(object, "xsi:type", "premis:file");
  add_identifier(object, "object", "path", file.path);
  pugi::xml_node traits = object.append_child("premis:objectCharacteristics");
  add_element(traits, "premis:compositionLevel", "0");
  add_fixity(traits, "SHA-256", file.sha256);
  add_fixity(traits, "SM3", file.sm3);
  add_element(traits, "premis:size", std::to_string(file.size_bytes));
  add_element(traits.append_child("premis:format").append_child("premis:formatDesignation"),
              "premis:formatName", file.mime);
  add_text(object, "premis:originalName", file.name);
}

/// Which file an event is about; nothing for one of the dossier as a whole.
std::optional<std::size_t> file_of(const Records::Event& event, const PackedDossier& dossier) {
  if (event.object_kind == "source") {
    const auto file = std::ranges::find(dossier.files, event.object_number, &PackedFile::source);
    if (file == dossier.files.end()) return std::nullopt;
    return static_cast<std::size_t>(file - dossier.files.begin());
  }
  if (event.object_kind != "page") return std::nullopt;
  const auto page = std::ranges::find(dossier.pages, event.object_number, &PackedPage::number);
  return page == dossier.pages.end() ? std::nullopt : page->original;
}

void add_event(pugi::xml_node premis, const Records::Event& told, const PackedDossier& dossier) {
  pugi::xml_node event = premis.append_child("premis:event");
  add_identifier(event, "event", "ledger entry", std::to_string(told.number));
  add_element(event, "premis:eventType", told.action);
  add_element(event, "premis:eventDateTime", told.happened_at);
  std::string detail = told.object_kind + " " + std::to_string(told.object_number);
  if (!told.method.empty()) detail += "; " + told.method;
  if (!told.reason.empty()) detail += "; " + told.reason;
  add_element(event.append_child("premis:eventDetailInformation"), "premis:eventDetail", detail);
  if (!told.actor.empty()) add_identifier(event, "linkingAgent", "user", told.actor);
  if (const auto file = file_of(told, dossier)) {
    add_identifier(event, "linkingObject", "path", dossier.files[*file].path);
  }
}

void add_agent(pugi::xml_node premis, std::string_view type, const std::string& name,
               const char* kind) {
  pugi::xml_node agent = premis.append_child("premis:agent");
  add_identifier(agent, "agent", type, name);
  add_element(agent, "premis:agentName", name);
  add_element(agent, "premis:agentType", kind);
}

void add_premis(pugi::xml_node section, const PackedDossier& dossier, const std::string& program) {
  pugi::xml_node data = section.append_child("digiprovMD");
  set(data, "ID", "premis");
  pugi::xml_node wrap = data.append_child("mdWrap");
  set(wrap, "MDTYPE", "PREMIS");
  pugi::xml_node premis = wrap.append_child("xmlData").append_child("premis:premis");
  set(premis, "version", "3.0");
  for (const PackedFile& file : dossier.files) add_object(premis, file);
  std::set<std::string> actors;
  for (const Records::Event& event : dossier.history) {
    add_event(premis, event, dossier);
    if (!event.actor.empty()) actors.insert(event.actor);
  }
  for (const std::string& actor : actors) add_agent(premis, "user", actor, "person");
  add_agent(premis, "program", program, "software");
}

// -- METS ------------------------------------------------------------------

void add_head(pugi::xml_node mets, const std::string& program, const std::string& made_at) {
  pugi::xml_node head = mets.append_child("metsHdr");
  set(head, "CREATEDATE", made_at);
  pugi::xml_node agent = head.append_child("agent");
  set(agent, "ROLE", "CREATOR");
  set(agent, "TYPE", "OTHER");
  set(agent, "OTHERTYPE", "SOFTWARE");
  add_element(agent, "name", program);
}

void add_description(pugi::xml_node mets) {
  pugi::xml_node section = mets.append_child("dmdSec");
  set(section, "ID", "metadata");
  pugi::xml_node reference = section.append_child("mdRef");
  set(reference, "LOCTYPE", "URL");
  set(reference, "MDTYPE", "OTHER");
  set(reference, "OTHERMDTYPE", "DA/T 46");
  set(reference, "xlink:href", "metadata.xml");
}

void add_files(pugi::xml_node mets, const PackedDossier& dossier) {
  if (dossier.files.empty()) return;
  pugi::xml_node section = mets.append_child("fileSec");
  for (const PackedUse use : {PackedUse::original, PackedUse::item_pdf, PackedUse::page_alto}) {
    pugi::xml_node group;
    for (std::size_t i = 0; i < dossier.files.size(); ++i) {
      const PackedFile& file = dossier.files[i];
      if (file.use != use) continue;
      if (!group) {
        group = section.append_child("fileGrp");
        set(group, "USE", name_of(use));
      }
      pugi::xml_node node = group.append_child("file");
      set(node, "ID", file_id(i));
      set(node, "MIMETYPE", file.mime);
      set(node, "SIZE", std::to_string(file.size_bytes));
      set(node, "CHECKSUM", file.sha256);
      set(node, "CHECKSUMTYPE", "SHA-256");
      pugi::xml_node place = node.append_child("FLocat");
      set(place, "LOCTYPE", "URL");
      set(place, "xlink:href", url_of(file.path));
    }
  }
}

void point_to(pugi::xml_node division, std::optional<std::size_t> file) {
  if (file) set(division.append_child("fptr"), "FILEID", file_id(*file));
}

pugi::xml_node add_map(pugi::xml_node mets, const char* type, const PackedDossier& dossier) {
  pugi::xml_node map = mets.append_child("structMap");
  set(map, "TYPE", type);
  pugi::xml_node top = map.append_child("div");
  set(top, "TYPE", "dossier");
  set(top, "DMDID", "metadata");
  set(top, "ADMID", "premis");
  if (!dossier.record.title.empty()) set(top, "LABEL", dossier.record.title);
  return top;
}

void add_page(pugi::xml_node parent, const PackedPage& page, std::size_t order) {
  pugi::xml_node division = parent.append_child("div");
  set(division, "TYPE", page.set_aside ? "page set aside" : "page");
  set(division, "ORDER", std::to_string(order));
  set(division, "ORDERLABEL", std::to_string(page.page_in_file + 1));
  point_to(division, page.original);
  point_to(division, page.alto);
}

void add_items(pugi::xml_node top, const PackedDossier& dossier) {
  for (const PackedItem& item : dossier.items) {
    pugi::xml_node division = top.append_child("div");
    set(division, "TYPE", "item");
    set(division, "ORDER", std::to_string(item.record.sequence));
    if (!item.entry.item_no.empty()) set(division, "ORDERLABEL", item.entry.item_no);
    if (!item.record.title.empty()) set(division, "LABEL", item.record.title);
    point_to(division, item.pdf);
    std::size_t order = 0;
    for (const PackedPage& page : dossier.pages) {
      if (page.item_sequence == item.record.sequence) add_page(division, page, ++order);
    }
  }
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

}  // namespace

std::string_view name_of(PackedUse use) {
  switch (use) {
    case PackedUse::original:
      return "original";
    case PackedUse::item_pdf:
      return "item pdf";
    case PackedUse::page_alto:
      break;
  }
  return "page alto";
}

std::string mets_of(const PackedDossier& dossier, const std::string& program,
                    const std::string& made_at) {
  pugi::xml_document document;
  pugi::xml_node mets = document.append_child("mets");
  set(mets, "xmlns", kMets);
  set(mets, "xmlns:xlink", kXlink);
  set(mets, "xmlns:premis", kPremis);
  set(mets, "xmlns:xsi", kInstance);
  set(mets, "OBJID",
      dossier.record.dossier_no.empty() ? dossier.folder : dossier.record.dossier_no);
  set(mets, "TYPE", "dossier");
  if (!dossier.record.title.empty()) set(mets, "LABEL", dossier.record.title);
  add_head(mets, program, made_at);
  add_description(mets);
  pugi::xml_node administration = mets.append_child("amdSec");
  add_premis(administration, dossier, program);
  add_files(mets, dossier);
  pugi::xml_node paper = add_map(mets, "PHYSICAL", dossier);
  for (std::size_t i = 0; i < dossier.pages.size(); ++i) add_page(paper, dossier.pages[i], i + 1);
  add_items(add_map(mets, "LOGICAL", dossier), dossier);
  return xml_bytes(document);
}

std::string fault_of_mets(std::string_view bytes) {
  pugi::xml_document document;
  // Never external entities: pugixml knows none, and a document type is not looked at.
  const auto parsed =
      document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) return "it cannot be parsed";
  const pugi::xml_node mets = document.document_element();
  if (std::string_view(mets.name()) != "mets") return "it is no METS document";
  std::set<std::string> places;
  for (const pugi::xml_node group : mets.child("fileSec").children("fileGrp")) {
    for (const pugi::xml_node file : group.children("file")) {
      const std::string place = file.child("FLocat").attribute("xlink:href").value();
      if (place.empty() || !places.insert(place).second) return "a file stands twice or nowhere";
      if (!is_digest(file.attribute("CHECKSUM").value()) ||
          std::string_view(file.attribute("CHECKSUMTYPE").value()) != "SHA-256") {
        return "a file has no SHA-256";
      }
    }
  }
  return {};
}

}  // namespace archive
