#include "store/lifecycle/access_note.h"

#include "store/records/json_text.h"
#include "store/records/records_impl.h"

namespace archive {

std::string access_note(const AccessLog::End& end) {
  return json_object({{"chain", end.chain}});
}

void note_access(Records& records, const AccessLog::End& end) {
  if (end.entries == 0) return;
  Records::Impl& impl = records.inside();
  RecordedTransaction transaction(impl);
  if (impl.database.number("SELECT COUNT(*) FROM events WHERE action = 'access_noted' "
                           "AND object_number = $1",
                           {end.entries}) > 0) {
    return;
  }
  impl.note(kAccessNoted, "access_entry", end.entries, access_note(end));
  transaction.commit();
}

}  // namespace archive
