-- Lists that other offices keep, to be compared with what dossiers say (R38). The file itself is an
-- object; a list that is given again takes the place of the one with its name.
CREATE TABLE comparison_lists (
  list INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'payment', 'employer')),
  blob TEXT NOT NULL,
  records BIGINT NOT NULL,
  given_by TEXT NOT NULL,
  given_at TEXT NOT NULL
);

CREATE TABLE listed_records (
  list BIGINT NOT NULL REFERENCES comparison_lists (list),
  line INTEGER NOT NULL,
  -- A citizen number, or the credit code of an employer.
  record_key TEXT NOT NULL,
  month TEXT NOT NULL,
  -- A JSON object: field to value.
  content TEXT NOT NULL,
  PRIMARY KEY (list, line)
);
CREATE INDEX listed_records_by_key ON listed_records (record_key);
