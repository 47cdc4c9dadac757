#include <algorithm>
#include <charconv>

#include "core/timestamp.h"
#include "store/ledger/entry_text.h"
#include "store/lifecycle/access_note.h"
#include "store/lifecycle/history.h"
#include "store/objects/digest.h"
#include "viewer/api/body.h"
#include "viewer/api/service_impl.h"

// Who saw and who changed what (稽核, R70): the access log and the ledger as one list, newest
// first, each entry compared with what was hashed and signed. Reading changes nothing.

namespace archive {
namespace {

constexpr std::size_t kAuditStandard = 50;
constexpr std::size_t kAuditMost = 200;
constexpr std::size_t kExportMost = 100'000;
constexpr std::int64_t kScanMost = 500'000;  ///< lines of the access log that one request looks at

struct AuditWish {
  EventFilter events;
  std::string object;  ///< "page 12", or a kind alone
  bool changes = true, access = true;
  std::int64_t before_event = 0, before_access = 0;  ///< 0: from the newest
};

AuditWish wish_of(const HttpRequest& request) {
  AuditWish wish;
  wish.events.who = request.argument("who");
  wish.events.action = request.argument("action");
  const auto day = [&request](const char* name) {
    const std::string& text = request.argument(name);
    return text.empty() ? text : day_of(text).text();
  };
  wish.events.from = day("from");
  wish.events.to = day("to");
  wish.object = request.argument("object");
  const std::size_t blank = wish.object.find(' ');
  wish.events.object_kind = wish.object.substr(0, blank);
  if (blank != std::string::npos) {
    wish.events.object_number = number_in_path(wish.object.substr(blank + 1));
  }
  const std::string& kind = request.argument("kind");
  wish.changes = kind.empty() || kind == "changes";
  wish.access = kind.empty() || kind == "access";
  const std::string& cursor = request.argument("cursor");
  if (const std::size_t dash = cursor.find('-'); dash != std::string::npos) {
    const auto number = [](const char* from, const char* to) {
      std::int64_t value = 0;
      std::from_chars(from, to, value);
      return value;
    };
    wish.before_event = number(cursor.data(), cursor.data() + dash);
    wish.before_access = number(cursor.data() + dash + 1, cursor.data() + cursor.size());
  }
  return wish;
}

bool fits(const AccessEntry& entry, const AuditWish& wish) {
  const std::string day = entry.at.substr(0, 10);
  return (wish.events.who.empty() || entry.who == wish.events.who) &&
         (wish.events.action.empty() || entry.action == wish.events.action) &&
         (wish.object.empty() || entry.object == wish.object ||
          (wish.events.object_number == 0 && entry.object.starts_with(wish.object + " "))) &&
         (wish.events.from.empty() || day >= wish.events.from) &&
         (wish.events.to.empty() || day <= wish.events.to);
}

/// An entry of either kind.
struct AuditLine {
  std::string at;
  bool change = false;
  std::int64_t number = 0;
  Json json;
};

std::string object_of(const Records::Event& event) {
  return event.object_number == 0 ? event.object_kind
                                  : event.object_kind + " " + std::to_string(event.object_number);
}

AuditLine line_of(const Records::Event& event) {
  return {event.happened_at,
          true,
          event.number,
          {{"source", "change"},
           {"number", event.number},
           {"at", event.happened_at},
           {"who", event.actor},
           {"post", event.post},
           {"co_signer", event.co_signer},
           {"action", event.action},
           {"object", object_of(event)},
           {"reason", ProtectedFields::masked_numbers(event.reason)},
           {"method", event.method},
           {"details", Json::parse(event.details, nullptr, false)}}};
}

AuditLine line_of(const AccessEntry& entry) {
  return {entry.at,
          false,
          entry.number,
          {{"source", "access"},
           {"number", entry.number},
           {"at", entry.at},
           {"who", entry.who},
           {"post", entry.post},
           {"action", entry.action},
           {"object", entry.object},
           {"reason", ProtectedFields::masked_numbers(entry.reason)},
           {"channel", entry.channel},
           {"purpose", ProtectedFields::masked_numbers(entry.purpose)},
           {"applicant", ProtectedFields::masked_numbers(entry.applicant)},
           {"agent", ProtectedFields::masked_numbers(entry.agent)},
           {"address", entry.address}}};
}

struct AuditList {
  std::vector<AuditLine> lines;  ///< newest first
  bool more = false;             ///< there are older ones
  bool partial = false;          ///< the access log was not looked at to its beginning
};

/// Later first; of the same second the change, which followed the look.
bool newer(const AuditLine& one, const AuditLine& other) {
  const auto a = parse_iso8601(one.at).value_or(TimePoint{});
  const auto b = parse_iso8601(other.at).value_or(TimePoint{});
  if (a != b) return a > b;
  if (one.change != other.change) return one.change;
  return one.number > other.number;
}

AuditList list_of(Records& records, const AccessLog& access, const AuditWish& wish,
                  std::size_t limit) {
  AuditList list;
  std::vector<AuditLine> changes, looks;
  if (wish.changes) {
    History(records).newest_first(wish.events, wish.before_event, [&](const Records::Event& event) {
      changes.push_back(line_of(event));
      return changes.size() <= limit;
    });
  }
  std::int64_t scanned = 0;
  if (wish.access) {
    access.newest_first(wish.before_access, [&](const AccessEntry& entry) {
      if (!wish.events.from.empty() && entry.at.substr(0, 10) < wish.events.from) return false;
      if (fits(entry, wish)) looks.push_back(line_of(entry));
      list.partial = ++scanned >= kScanMost;
      return looks.size() <= limit && !list.partial;
    });
  }
  std::ranges::merge(changes, looks, std::back_inserter(list.lines), newer);
  if (list.lines.size() > limit) {
    list.lines.erase(list.lines.begin() + static_cast<std::ptrdiff_t>(limit), list.lines.end());
    list.more = true;
  }
  return list;
}

/// Where the next page goes on.
std::string cursor_after(const AuditList& list, const AuditWish& wish) {
  std::int64_t event = wish.before_event, access = wish.before_access;
  for (const AuditLine& line : list.lines) (line.change ? event : access) = line.number;
  return std::to_string(event) + "-" + std::to_string(access);
}

/// Whether the entry in the records is the one that was hashed; nothing when no head covers it yet.
Json is_as_signed(Records& records, const LedgerCheck& ledger, std::int64_t number) {
  const auto kept = ledger.leaf(number);
  if (!kept) return nullptr;
  const auto entry = History(records).entry(number);
  return entry && MerkleHasher(DigestKind::sha256).leaf(entry_text(*entry)) == *kept;
}

/// A cell of a CSV file that no spreadsheet takes for a formula.
std::string cell_of(const Json& value) {
  std::string text = value.is_string() ? value.get<std::string>()
                     : value.is_null() ? std::string()
                                       : value.dump();
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
    text.insert(0, "'");
  }
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

constexpr std::array kColumns = {"source",  "number", "at",        "who",     "post",
                                 "action",  "object", "reason",    "method",  "co_signer",
                                 "channel", "purpose", "applicant", "agent",  "address",
                                 "details"};

std::string csv_of(const AuditList& list) {
  std::string text = "\xEF\xBB\xBF";
  for (const char* column : kColumns) {
    text += std::string(column == kColumns[0] ? "" : ",") + column;
  }
  text += "\r\n";
  for (const AuditLine& line : list.lines) {
    for (const char* column : kColumns) {
      if (column != kColumns[0]) text += ',';
      text += cell_of(line.json.value(column, Json(nullptr)));
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace

HttpResponse Service::Impl::audit_entries(const Asked& asked) {
  const AuditWish wish = wish_of(asked.request);
  const std::size_t limit =
      count_in(asked.request.argument("limit"), kAuditStandard, kAuditMost);
  auto desk = rooms.lend();
  ledger_check.look();
  const AuditList list = list_of(desk->records, parts.access, wish, limit);
  Json entries = Json::array();
  for (const AuditLine& line : list.lines) {
    Json json = line.json;
    if (line.change) json["as_signed"] = is_as_signed(desk->records, ledger_check, line.number);
    entries.push_back(std::move(json));
  }
  return answer_of(Json{{"entries", std::move(entries)},
                        {"more", list.more},
                        {"partial", list.partial},
                        {"cursor", cursor_after(list, wish)}});
}

HttpResponse Service::Impl::audit_filters(const Asked&) {
  auto desk = rooms.lend();
  Json who = Json::array();
  for (const UserRecord& user : desk->records.users()) who.push_back(user.name);
  return answer_of(Json{{"who", std::move(who)}, {"actions", History(desk->records).actions()}});
}

HttpResponse Service::Impl::audit_verification(const Asked& asked) {
  auto desk = rooms.lend();
  const LedgerCheck::Head head = ledger_check.look();
  const AccessLog::End end = parts.access.end();
  std::int64_t noted = 0;
  std::string note;
  EventFilter notes;
  notes.action = kAccessNoted;
  History(desk->records).newest_first(notes, 0, [&](const Records::Event& event) {
    noted = event.object_number;
    note = event.details;
    return false;
  });
  Json access = {{"entries", end.entries}, {"chain", end.chain}, {"noted_entries", noted},
                 {"first_broken", nullptr}, {"as_noted", nullptr}, {"read_again", false}};
  if (asked.request.argument("full") == "yes") {
    bool as_noted = noted == 0;
    const auto broken = AccessLog::first_broken(parts.archive, [&](const AccessLog::End& at) {
      if (at.entries == noted) as_noted = access_note(at) == note;
    });
    access["read_again"] = true;
    access["first_broken"] = broken ? Json(*broken) : Json(nullptr);
    access["as_noted"] = as_noted;
  }
  return answer_of(Json{{"ledger",
                         {{"entries", desk->records.entries()},
                          {"signed_entries", head.size},
                          {"signed_at", head.signed_at},
                          {"key", head.key_id},
                          {"root_sha256", head.sha256},
                          {"root_holds", head.root_holds},
                          {"signature_holds", head.signature_holds},
                          {"heads_outside", parts.settings.ledger.heads_to.size()}}},
                        {"access", std::move(access)}});
}

// What an outsider needs to see with their own means that the entry is under the signed head:
// RFC 6962, section 2.1.1.
HttpResponse Service::Impl::audit_proof(const Asked& asked) {
  auto desk = rooms.lend();
  const std::int64_t number = asked.number();
  const auto entry = History(desk->records).entry(number);
  if (!entry) refuse_not_found("没有这一条账目", "the ledger has no such entry");
  const std::string text = entry_text(*entry);
  const Digest leaf = MerkleHasher(DigestKind::sha256).leaf(text);
  Json json = {{"entry", number}, {"text", text}, {"leaf_sha256", hex_of(leaf)},
               {"under_head", false}};
  if (const auto proof = ledger_check.proof(number)) {
    const LedgerCheck::Head head = ledger_check.look();
    Json path = Json::array();
    for (const Digest& node : proof->path) path.push_back(hex_of(node));
    json["under_head"] = proof->leaf == leaf && head.holds();
    json["index"] = number - 1;
    json["tree_size"] = proof->tree_size;
    json["path_sha256"] = std::move(path);
    json["root_sha256"] = head.sha256;
    json["head"] = head.line;
  }
  return answer_of(json);
}

HttpResponse Service::Impl::audit_export(const Asked& asked) {
  const AuditWish wish = wish_of(asked.request);
  const std::string& format = asked.request.argument("format");
  if (format != "csv" && format != "jsonl") {
    throw Refusal{400, "format", "格式应为 csv 或 jsonl", "the format is csv or jsonl", 0};
  }
  auto desk = rooms.lend();
  log(asked.session, asked.request, "log_exported", "access log", format, Right::audit);
  const AuditList list = list_of(desk->records, parts.access, wish, kExportMost);
  std::string text;
  if (format == "csv") {
    text = csv_of(list);
  } else {
    for (const AuditLine& line : list.lines) {
      text += line.json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
    // Without this line the file is not whole.
    text += Json{{"entries", list.lines.size()},
                 {"complete", !list.more && !list.partial},
                 {"exported_at", timestamp_now()},
                 {"by", asked.session.name},
                 {"head", ledger_check.look().line}}
                .dump() +
            "\n";
  }
  HttpResponse response = HttpResponse::of(std::move(text));
  response.content_type =
      format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
  response.headers.emplace_back(
      "Content-Disposition",
      "attachment; filename=\"juanzong-audit-" + today() + "." + format + "\"");
  response.headers.emplace_back("X-Complete", list.more || list.partial ? "no" : "yes");
  return response;
}

}  // namespace archive
