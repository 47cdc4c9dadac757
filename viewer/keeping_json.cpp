#include "viewer/keeping_json.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace archive {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kPackageKinds = {
    std::pair{PackageKind::give_out, "export"}, std::pair{PackageKind::hand_over, "hand_over"},
    std::pair{PackageKind::transfer, "transfer"}};
constexpr std::array kPackageStates = {
    std::pair{PackageState::handing_over, "handing_over"},
    std::pair{PackageState::accepted, "accepted"}, std::pair{PackageState::returned, "returned"}};

template <class Table, class Value>
const char* word_of(const Table& table, Value value) {
  for (const auto& [known, word] : table) {
    if (known == value) return word;
  }
  return "";
}

}  // namespace

Json kept_item_json(const KeptItem& item) {
  return {{"dossier", item.dossier},
          {"item", item.item_sequence},
          {"doc_type", item.doc_type},
          {"formed_on", item.formed_on},
          {"retention", item.retention},
          {"due_on", item.due ? Json(item.due->text()) : Json(nullptr)}};
}

Json appraisal_json(const Appraisal& task) {
  return {{"appraisal", task.number},   {"dossier", task.dossier},
          {"item", task.item_sequence}, {"retention", task.retention},
          {"due_on", task.due_on},      {"opened_at", task.opened_at},
          {"outcome", task.outcome},    {"reason", task.reason},
          {"closed_by", task.closed_by}, {"closed_at", task.closed_at}};
}

Json hold_json(const LegalHold& hold) {
  return {{"hold", hold.number},         {"dossier", hold.dossier},
          {"reason", hold.reason},       {"basis", hold.basis},
          {"set_by", hold.set_by},       {"set_at", hold.set_at},
          {"lifted_by", hold.lifted_by}, {"lifted_at", hold.lifted_at},
          {"lifted_reason", hold.lifted_reason}};
}

Json disposal_list_json(const DisposalList& list, const std::string& hindrance) {
  return {{"list", list.number},
          {"reason", list.reason},
          {"made_by", list.made_by},
          {"made_at", list.made_at},
          {"approved_by", list.approved_by},
          {"approved_at", list.approved_at},
          {"not_before", list.not_before},
          {"withdrawn_by", list.withdrawn_by},
          {"withdrawn_reason", list.withdrawn_reason},
          {"carried_out_by", list.carried_out_by},
          {"witnessed_by", list.witnessed_by},
          {"carried_out_at", list.carried_out_at},
          {"appraisals", list.appraisals},
          {"hindrance", hindrance}};
}

Json disposed_item_json(const DisposedItem& item) {
  return {{"dossier", item.dossier},     {"dossier_no", item.dossier_no},
          {"item", item.item_sequence},  {"title", item.title},
          {"doc_type", item.doc_type},   {"item_date", item.item_date},
          {"retention", item.retention}, {"pages", item.pages},
          {"contents_sha256", item.contents}};
}

Json disposed_object_json(const DisposedObject& object) {
  return {{"object", object.object},
          {"purpose", object.purpose},
          {"needed", object.needed},
          {"removed_at", object.removed_at}};
}

Json place_json(const ShelfPlace& place) {
  return {{"dossier", place.dossier},        {"item", place.item_sequence},
          {"room", place.room},              {"shelf", place.shelf},
          {"cell", place.cell},              {"box", place.box},
          {"missing", place.missing_reason}, {"placed_by", place.placed_by},
          {"placed_at", place.placed_at}};
}

Json gap_json(const Places::Gap& gap) {
  return {{"dossier", gap.dossier},
          {"dossier_no", gap.dossier_no},
          {"item", gap.item_sequence},
          {"reason", gap.reason}};
}

Json loan_json(const Loan& loan, const std::string& today) {
  return {{"loan", loan.number},
          {"dossier", loan.dossier},
          {"item", loan.item_sequence},
          {"borrower", loan.borrower},
          {"unit", loan.unit},
          {"reason", loan.reason},
          {"due_on", loan.due_on},
          {"overdue", loan.returned_at.empty() && loan.due_on < today},
          {"lent_by", loan.lent_by},
          {"lent_at", loan.lent_at},
          {"returned_at", loan.returned_at},
          {"returned_to", loan.returned_to},
          {"extensions", loan.extensions},
          {"dunnings", loan.dunnings},
          {"dunned_at", loan.dunned_at}};
}

Json loan_note_json(const LoanNote& note) {
  return {{"loan", note.loan},           {"kind", note.kind},
          {"due_before", note.due_before}, {"due_after", note.due_after},
          {"reason", note.reason},       {"noted_by", note.noted_by},
          {"noted_at", note.noted_at}};
}

Json medium_json(const Medium& medium) {
  return {{"medium", medium.id},
          {"site", medium.site},
          {"place", medium.place},
          {"keeper", medium.keeper},
          {"read_back_days", medium.read_back_days},
          {"read_back_due", medium.read_back_due},
          {"read_back_at", medium.read_back_at},
          {"read_back_by", medium.read_back_by},
          {"result", medium.result},
          {"copy_taken_at", medium.copy_taken_at},
          {"registered_at", medium.registered_at},
          {"retired_at", medium.retired_at}};
}

Json custody_task_json(const CustodyTask& task) {
  return {{"task", task.number},         {"object", task.object},   {"place", task.place},
          {"defect", task.defect},       {"detail", task.detail},   {"found_at", task.found_at},
          {"open", task.open},           {"outcome", task.outcome}, {"closed_at", task.closed_at},
          {"closed_by", task.closed_by}, {"method", task.method},   {"reason", task.reason}};
}

Json backup_json(const BackupRecord& backup) {
  return {{"backup", backup.id},         {"repository", backup.repository},
          {"medium", backup.medium},     {"taken_at", backup.taken_at},
          {"entries", backup.entries},   {"objects", backup.objects},
          {"bytes", backup.bytes},       {"lacking", backup.lacking},
          {"verified_at", backup.verified_at}, {"sound", backup.sound},
          {"pruned_at", backup.pruned_at}};
}

Json replica_json(const ReplicaRecord& replica) {
  return {{"folder", replica.folder},
          {"replicated_at", replica.replicated_at},
          {"objects", replica.objects},
          {"copied", replica.copied}};
}

Json acceptance_json(const AcceptanceRecord& acceptance, const Records& records) {
  Json sample = Json::array();
  for (const SampledPage& drawn : acceptance.sample) {
    const auto page = records.page(drawn.page);
    sample.push_back({{"page", drawn.page},
                      {"place", page ? page->source_name + " #" +
                                           std::to_string(page->occurrence.page_in_file + 1)
                                     : ""},
                      {"forced", drawn.forced},
                      {"fault", drawn.fault},
                      {"fault_by", drawn.fault_by},
                      {"machine_fault", drawn.machine_fault}});
  }
  return {{"acceptance", acceptance.number},
          {"batch", acceptance.batch},
          {"seed", acceptance.seed},
          {"pages", acceptance.pages},
          {"drawn_by", acceptance.drawn_by},
          {"drawn_at", acceptance.drawn_at},
          {"closed_by", acceptance.closed_by},
          {"closed_at", acceptance.closed_at},
          {"passed", acceptance.closed_at.empty() ? Json(nullptr) : Json(acceptance.passed)},
          {"faulty", acceptance.faulty()},
          {"report", acceptance.report_blob ? acceptance.report_blob->text() : ""},
          {"sample", std::move(sample)}};
}

const char* kind_word(PackageKind kind) { return word_of(kPackageKinds, kind); }

Json package_json(const PackageRecord& package) {
  Json dossiers = Json::array();
  for (const PackedDossierRecord& dossier : package.dossiers) {
    dossiers.push_back({{"folder", dossier.folder},
                        {"dossier", dossier.dossier},
                        {"dossier_no", dossier.dossier_no},
                        {"pages", dossier.pages}});
  }
  return {{"package", package.number},
          {"id", package.package_id},
          {"kind", word_of(kPackageKinds, package.kind)},
          {"received", package.received},
          {"state", word_of(kPackageStates, package.state)},
          {"sender", package.sender},
          {"recipient", package.recipient},
          {"purpose", package.purpose},
          {"legal_basis", package.legal_basis},
          {"items", package.items},
          {"pages", package.pages},
          {"files", package.files},
          {"bytes", package.bytes},
          {"manifest_sha256", package.manifest},
          {"signed_by", package.signed_by},
          {"sealed", package.sealed},
          {"made_by", package.made_by},
          {"made_at", package.made_at},
          {"settled_by", package.settled_by},
          {"settled_at", package.settled_at},
          {"settled_reason", package.settled_reason},
          {"dossiers", std::move(dossiers)}};
}

}  // namespace archive
