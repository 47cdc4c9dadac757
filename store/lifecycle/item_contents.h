#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/records.h"
#include "store/records/records.h"
#include "store/records/sql.h"

namespace archive {

/// The digest of what an item says: its pages in order, their pictures, types and values. Two items
/// with the same one are the same to whoever looks at them. Nothing when there is no such item.
std::optional<std::string> item_contents(Database& database, DossierNumber dossier,
                                         int item_sequence);

/// The digest of an item as an appraisal judges it: what it says, its type, how long it is kept and
/// from when. Nothing when there is no such item.
std::optional<std::string> appraised_contents(Database& database, DossierNumber dossier,
                                              int item_sequence);

/// The item of an appraisal that was closed is still what was appraised. False for one that was
/// closed before this was kept.
bool as_appraised(Database& database, std::int64_t appraisal);

/// An item that is approved as it is now.
struct ApprovedItem {
  DossierNumber dossier = 0;
  int sequence = 0;
  std::string contents;
  friend bool operator==(const ApprovedItem&, const ApprovedItem&) = default;
};

/// Those of a batch, by dossier and sequence.
std::vector<ApprovedItem> approved_items(Records& records, BatchNumber batch);

/// A dossier (sequence 0) or an item that retention, places or loans are on record of, under this
/// number of it, and what has the number now.
struct ItemOnRecord {
  DossierNumber dossier = 0;
  int sequence = 0;
  std::int64_t item = 0;  ///< 0: there is none; of a dossier 1 while its pages are in it
  std::string contents;   ///< of what was appraised for disposal, else empty
  friend bool operator==(const ItemOnRecord&, const ItemOnRecord&) = default;
};

/// A page in a dossier that is under a hold, or of an item on a disposal list that was approved and
/// is still to be carried out: it may not leave its dossier.
struct HeldPage {
  PageNumber page = 0;
  DossierNumber dossier = 0;
  bool kept = false;  ///< it would have left the dossier when the batch was last put together
};

/// Those of a batch, by dossier.
std::vector<HeldPage> held_pages(Records& records, BatchNumber batch);

/// Those of a batch, by dossier and sequence.
std::vector<ItemOnRecord> items_on_record(Records& records, BatchNumber batch);

}  // namespace archive
