#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/custody.h"
#include "core/package.h"
#include "store/lifecycle/disposal.h"
#include "store/lifecycle/places.h"
#include "store/lifecycle/retention.h"

namespace archive {

// What machines are told of what is kept how and where, by commands and by the server. Keys are
// stable; new ones may be added.

nlohmann::ordered_json kept_item_json(const KeptItem& item);
nlohmann::ordered_json appraisal_json(const Appraisal& task);
nlohmann::ordered_json hold_json(const LegalHold& hold);
/// `hindrance` as Disposal::hindrance() has it.
nlohmann::ordered_json disposal_list_json(const DisposalList& list, const std::string& hindrance);
nlohmann::ordered_json disposed_item_json(const DisposedItem& item);
nlohmann::ordered_json disposed_object_json(const DisposedObject& object);
nlohmann::ordered_json place_json(const ShelfPlace& place);
nlohmann::ordered_json gap_json(const Places::Gap& gap);
/// Overdue on `today`, YYYY-MM-DD.
nlohmann::ordered_json loan_json(const Loan& loan, const std::string& today);
nlohmann::ordered_json loan_note_json(const LoanNote& note);
nlohmann::ordered_json medium_json(const Medium& medium);
nlohmann::ordered_json custody_task_json(const CustodyTask& task);
nlohmann::ordered_json backup_json(const BackupRecord& backup);
nlohmann::ordered_json replica_json(const ReplicaRecord& replica);
/// A sample, its pages by the files that they came in.
nlohmann::ordered_json acceptance_json(const AcceptanceRecord& acceptance, const Records& records);
/// "export", "hand_over", "transfer": as commands take them.
const char* kind_word(PackageKind kind);
nlohmann::ordered_json package_json(const PackageRecord& package);

}  // namespace archive
