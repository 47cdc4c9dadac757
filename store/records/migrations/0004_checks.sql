-- What is needed to check dossiers without touching a picture, and what the checks found.

-- Tells pages with the same text, core/text_sketch.h: numbers of 32 bits, low byte first.
ALTER TABLE pages ADD COLUMN text_sketch BLOB NOT NULL DEFAULT x'';

-- What rules see of a dossier, docs/STORE_FORMAT.md "Facts". Made anew with the dossier; the
-- checks lag behind where checked_revision < revision or checked_with is not the tables' version.
CREATE TABLE dossier_facts (
  dossier BIGINT PRIMARY KEY REFERENCES dossiers (dossier),
  facts BLOB NOT NULL,
  revision BIGINT NOT NULL,
  checked_revision BIGINT NOT NULL DEFAULT 0,
  checked_with TEXT NOT NULL DEFAULT '',
  checked_at TEXT NOT NULL DEFAULT ''
);

-- A finding that a later run does not make again is gone; one that a person decided about is kept
-- with that decision, and counts again should it come back.
CREATE TABLE findings (
  finding INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL REFERENCES dossiers (dossier),
  finding_key TEXT NOT NULL,
  rule TEXT NOT NULL,
  variant TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warn', 'error')),
  -- JSON: an array of {page, field, row, printed}; an object; an array.
  places TEXT NOT NULL,
  expected TEXT NOT NULL,
  words TEXT NOT NULL,
  persons TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'corrected')),
  reason TEXT NOT NULL DEFAULT '',
  decided_by TEXT NOT NULL DEFAULT '',
  decided_at TEXT NOT NULL DEFAULT '',
  found_at TEXT NOT NULL,
  gone_at TEXT NOT NULL DEFAULT '',
  UNIQUE (dossier, finding_key),
  -- What is not open was decided by somebody for a reason.
  CHECK (state = 'open' OR (reason <> '' AND decided_by <> '' AND decided_at <> ''))
);

-- Dossiers of before have no facts yet: the next run puts them together.
UPDATE batches SET to_assemble = TRUE WHERE EXISTS (SELECT 1 FROM dossiers d WHERE d.batch = batches.batch);
