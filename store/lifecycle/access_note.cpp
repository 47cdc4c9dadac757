#include "store/lifecycle/access_note.h"

#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {

void note_access(Records& records, const AccessLog::End& end) {
  if (end.entries == 0) return;
  Records::Impl& impl = records.inside();
  RecordedTransaction transaction(impl);
  if (impl.database.number("SELECT COUNT(*) FROM events WHERE action = 'access_noted' "
                           "AND object_number = $1",
                           {end.entries}) > 0) {
    return;
  }
  impl.note("access_noted", "access_entry", end.entries, json_object({{"chain", end.chain}}));
  transaction.commit();
}

}  // namespace archive
