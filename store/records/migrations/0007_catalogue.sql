-- The office's own catalogue: items as people catalogued them, kept as they were given. A volume that
-- is given again takes the place of what was there.
CREATE TABLE catalogue_entries (
  item_no TEXT PRIMARY KEY CHECK (item_no <> ''),
  dossier_no TEXT NOT NULL CHECK (dossier_no <> ''),
  item_sequence INTEGER NOT NULL CHECK (item_sequence > 0),
  title TEXT NOT NULL,
  author TEXT NOT NULL,
  doc_number TEXT NOT NULL,
  item_date TEXT NOT NULL,
  first_page INTEGER NOT NULL,
  last_page INTEGER NOT NULL,
  class_code TEXT NOT NULL,
  retention TEXT NOT NULL,
  remark TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL,
  UNIQUE (dossier_no, item_sequence)
);
