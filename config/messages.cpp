#include "config/messages.h"

#include <array>
#include <utility>

#include "config/csv_table.h"

namespace archive {
namespace {

constexpr std::array kErrors = {
    std::pair{ErrorKind::usage, "usage"},
    std::pair{ErrorKind::damage, "damage"},
    std::pair{ErrorKind::set_aside, "set_aside"},
    std::pair{ErrorKind::held, "held"},
    std::pair{ErrorKind::interrupted, "interrupted"},
    std::pair{ErrorKind::rescan, "rescan"},
    std::pair{ErrorKind::findings, "findings"},
    std::pair{ErrorKind::alarms, "alarms"},
    std::pair{ErrorKind::settings, "settings"},
    std::pair{ErrorKind::archive_missing, "archive_missing"},
    std::pair{ErrorKind::archive_foreign, "archive_foreign"},
    std::pair{ErrorKind::archive_locked, "archive_locked"},
    std::pair{ErrorKind::input_missing, "input_missing"},
    std::pair{ErrorKind::model_missing, "model_missing"},
    std::pair{ErrorKind::disk, "disk"},
    std::pair{ErrorKind::index, "index"},
    std::pair{ErrorKind::records, "records"},
    std::pair{ErrorKind::device, "device"},
    std::pair{ErrorKind::not_found, "not_found"},
    std::pair{ErrorKind::wrong_key, "wrong_key"},
    std::pair{ErrorKind::internal, "internal"},
};

std::string fault_id(FaultReason reason) { return "fault." + std::string(name_of(reason)); }
std::string error_id(ErrorKind kind) { return "error." + std::string(name_of(kind)); }

void refuse_missing(const TablePath& file, const Messages& messages,
                    const std::string& id) {
  if (messages.all().contains(id)) return;
  throw ArchiveError(ErrorKind::settings, file.string(), "no words for '" + id + "'",
                     "add a row for it");
}

}  // namespace

std::string_view name_of(ErrorKind kind) {
  for (const auto& [known, name] : kErrors) {
    if (known == kind) return name;
  }
  return "internal";
}

Messages Messages::load(const TablePath& config_folder) {
  const TablePath file = config_folder / "messages.csv";
  const CsvTable table = CsvTable::read(file);
  Messages messages;
  for (const CsvTable::Row& row : table.rows()) {
    for (const std::string& cell : row.cells) {
      if (cell.empty()) table.refuse(row, "an empty cell");
    }
    const bool fresh =
        messages.messages_
            .emplace(table.cell(row, "id"),
                     Message{table.cell(row, "zh"), table.cell(row, "en"),
                             table.cell(row, "zh_what_to_do"), table.cell(row, "en_what_to_do")})
            .second;
    if (!fresh) table.refuse(row, "the id stands twice");
  }
  for (const auto& [kind, name] : kErrors) refuse_missing(file, messages, error_id(kind));
  for (int reason = 0; reason <= static_cast<int>(FaultReason::unexpected); ++reason) {
    refuse_missing(file, messages, fault_id(static_cast<FaultReason>(reason)));
  }
  return messages;
}

const Message& Messages::of(FaultReason reason) const {
  return messages_.find(fault_id(reason))->second;
}

const Message& Messages::of(ErrorKind kind) const { return messages_.find(error_id(kind))->second; }

const Message* Messages::of_review(std::string_view reason) const {
  const std::string id = "review." + std::string(reason.substr(0, reason.find(':')));
  const auto found = messages_.find(id);
  return found == messages_.end() ? nullptr : &found->second;
}

}  // namespace archive
