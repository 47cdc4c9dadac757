#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/volume_tables.h"
#include "core/calendar.h"
#include "store/records/records.h"

namespace archive {

/// An item and how long it is kept (保管期限). A period is a least one: nothing happens when it
/// ends but that a task of appraisal (鉴定) is opened (R9).
struct KeptItem {
  DossierNumber dossier = 0;
  int item_sequence = 0;
  std::string doc_type;
  std::string formed_on;   ///< as read; retention counts from 1 January of the next year
  std::string retention;   ///< the longest that its class and persons gave it; HOLD: undecided
  std::optional<Date> due;  ///< nothing: kept for ever, undecided, or without a date
};

struct Appraisal {
  std::int64_t number = 0;
  DossierNumber dossier = 0;
  int item_sequence = 0;
  std::string retention;
  std::string due_on;
  std::string opened_at;
  std::string outcome;  ///< "": open; "extended", "kept", "disposal"
  std::string reason;
  std::string closed_by, closed_at;
};

/// 保管期限, 鉴定: periods, their extension, and what falls due.
class Retention {
 public:
  /// Both live as long as this.
  Retention(Records& records, const VolumeTables& tables) : records_(records), tables_(tables) {}

  /// Throws std::invalid_argument when there is no such item.
  KeptItem item(DossierNumber dossier, int item_sequence) const;
  /// By dossier and sequence.
  void for_each(const std::function<void(const KeptItem&)>& visit) const;

  /// R10: a longer period, by an approver. Throws std::invalid_argument for a shorter or equal one,
  /// one that is no period, and without a reason and the number of the appraisal's report.
  void extend(DossierNumber dossier, int item_sequence, const std::string& to,
              const std::string& reason, const std::string& report_no);

  /// Opens a task for every item that is due by that day and has none open; what was appraised and
  /// kept is due again only after another period; what was to go, is on no list that stands and
  /// has changed since is opened again. Returns how many.
  std::int64_t open_appraisals(Date by);
  std::vector<Appraisal> appraisals(bool open_only) const;
  /// "kept" or "disposal", with a reason, of the item as it is now. Throws std::invalid_argument,
  /// also for the disposal of what is due only later by now.
  void close_appraisal(std::int64_t number, const std::string& outcome, const std::string& reason);

 private:
  bool longer(const std::string& one, const std::string& other) const;

  Records& records_;
  const VolumeTables& tables_;
};

}  // namespace archive
