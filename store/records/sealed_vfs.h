#pragma once

#include "store/sealing/keyring.h"

namespace archive {

/// The name of the file system that SQLite opens the records of an encrypted archive by: a layer
/// over its own that seals every unit it writes (store/records/sealed_pages.h). Only databases and
/// their write-ahead logs can be opened by it: with journal_mode = WAL (MEMORY while there is no
/// page yet) and temp_store = MEMORY nothing else is written, and nothing plain ever is. The shared
/// memory (-shm) has page numbers and no content, and stays as it is.
///
/// A page that does not open is SQLITE_IOERR_DATA. In the log it is an error where the database
/// counts on the frame, and the end of the log where it looks for that, as after a power cut.
const char* sealed_vfs(const ArchiveKeysPtr& keys);

}  // namespace archive
