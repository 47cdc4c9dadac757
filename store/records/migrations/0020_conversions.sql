-- Pages that are kept in another format beside the one they came in (R48). docs/STORE_FORMAT.md,
-- "Conversions".
CREATE TABLE conversions (
  conversion INTEGER PRIMARY KEY AUTOINCREMENT,
  source BIGINT NOT NULL REFERENCES sources (source),
  page_in_file INTEGER NOT NULL,
  from_object TEXT NOT NULL CHECK (from_object <> ''),
  to_object TEXT NOT NULL CHECK (to_object <> ''),
  format TEXT NOT NULL CHECK (format <> ''),
  tool TEXT NOT NULL CHECK (tool <> ''),
  version TEXT NOT NULL CHECK (version <> ''),
  compared TEXT NOT NULL CHECK (compared <> ''),
  converted_by TEXT NOT NULL CHECK (converted_by <> ''),
  converted_at TEXT NOT NULL CHECK (converted_at <> ''),
  UNIQUE (source, page_in_file, format)
);
CREATE TRIGGER conversions_stay BEFORE UPDATE ON conversions
BEGIN SELECT RAISE(ABORT, 'the record of a conversion never changes'); END;
CREATE TRIGGER conversions_go_with_their_page BEFORE DELETE ON conversions
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.source = OLD.source
                 AND p.page_in_file = OLD.page_in_file AND p.fault_reason = 'disposed')
BEGIN SELECT RAISE(ABORT, 'the record of a conversion is never removed'); END;
