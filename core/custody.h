#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/blob_id.h"

// The words of custody (保管): what is known of the health of the stored bytes and of their copies.

namespace archive {

using TaskNumber = std::int64_t;

/// What the records need an object for, and so how it must be readable.
struct ObjectUse {
  std::string purpose;     ///< as Records::for_each_reference has it: "source", "layout", ...
  /// Of a picture: the pages of the file that were filed, ascending; of a conversion its only one.
  std::vector<int> pages;
};

/// What is wrong with an object. The names (name_of) are stable: they stand in records and reports.
enum class Defect {
  missing,      ///< the records need it and it is not there
  empty,        ///< length 0, as a power cut leaves it
  wrong_bytes,  ///< the bytes do not agree with the name
  unreadable,   ///< the disk or the rights refuse
  undecodable,  ///< the right bytes, and today's decoder cannot read them
};
std::string_view name_of(Defect defect);

/// An object that was found defective, in the archive or in a copy of it.
struct FoundDefect {
  BlobId object;
  std::string place;  ///< "" for the archive itself, else the replica's folder
  Defect defect = Defect::missing;
  std::string detail;  ///< technical words, never personal data
};

/// A defect as a task (R46): it is closed by nothing but a record of its repair.
struct CustodyTask {
  TaskNumber number = 0;
  std::string object;  ///< BlobId
  std::string place;
  std::string defect;
  std::string detail;
  std::string found_at;
  bool open = true;
  std::string outcome;  ///< "repaired", or "accepted": the defect stays and is known
  std::string closed_at, closed_by;
  std::string method;  ///< by what it was repaired, such as "copied from /replica"
  std::string reason;  ///< why this way
};

/// How a task is closed; all of it is mandatory (R52).
struct RepairRecord {
  bool accepted = false;  ///< the defect stays: nothing sound is left, or the loss is bearable
  std::string who, method, reason;
};

/// One of the 256 parts of the object store, by the first two digits of the objects' names.
struct ScrubbedPart {
  int part = 0;
  std::string scrubbed_at;  ///< "" when it never was
  std::int64_t objects = 0;
  std::int64_t bytes = 0;
  std::int64_t defects = 0;
};
inline constexpr int kStoreParts = 256;

/// A medium or place that holds copies (R32, R47).
struct Medium {
  std::string id;  ///< as on its label
  std::string site;
  std::string place;  ///< room, shelf
  std::string keeper;
  int read_back_days = 0;     ///< it must be read back this often
  std::string read_back_due;  ///< day, YYYY-MM-DD
  std::string read_back_at;   ///< "" when it never was
  std::string read_back_by;
  std::string result;         ///< "", "sound" or "damaged"
  std::string copy_taken_at;  ///< of the newest backup on it that was found sound
  std::string registered_at;
  std::string retired_at;  ///< "" while it is in use
};

/// A backup that was made of this archive.
struct BackupRecord {
  std::string id;
  std::string repository;
  std::string medium;  ///< "" when it lies on no registered one
  std::string taken_at;
  std::int64_t entries = 0;  ///< of the ledger, that it holds
  std::int64_t objects = 0;
  std::int64_t bytes = 0;    ///< of the objects
  std::int64_t lacking = 0;  ///< objects that could not be read when it was made
  std::string verified_at;   ///< "" when it never was
  bool sound = false;        ///< when it was last verified
  std::string pruned_at;
};

/// A replica after objects were copied to it.
struct ReplicaRecord {
  std::string folder;
  std::string replicated_at;
  std::int64_t objects = 0;  ///< that it has of those the records need
  std::int64_t copied = 0;
};

/// Something about custody that somebody has to do.
struct CustodyAlarm {
  std::string kind;   ///< stable: "scrub_overdue", "defects_open", "backup_overdue", ...
  std::string about;  ///< medium, number of tasks; "" when there is nothing to name
  std::string since;  ///< the day it should have been done, or ""
};

}  // namespace archive
