-- Periods that persons made longer, appraisals, holds, disposal lists; where paper lies and who has
-- it. docs/STORE_FORMAT.md, "Retention". Items are named by dossier and sequence.
CREATE TABLE retention_changes (
  retention_change INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL,
  item_sequence INTEGER NOT NULL CHECK (item_sequence > 0),
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  -- Of the appraisal's report.
  report_no TEXT NOT NULL CHECK (report_no <> ''),
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  changed_at TEXT NOT NULL
);
CREATE INDEX retention_changes_by_item ON retention_changes (dossier, item_sequence);

CREATE TABLE appraisals (
  appraisal INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL,
  item_sequence INTEGER NOT NULL CHECK (item_sequence > 0),
  retention TEXT NOT NULL,
  due_on TEXT NOT NULL CHECK (due_on GLOB '????-??-??'),
  opened_at TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'extended', 'kept', 'disposal')),
  reason TEXT NOT NULL DEFAULT '',
  closed_by TEXT NOT NULL DEFAULT '',
  closed_at TEXT NOT NULL DEFAULT '',
  CHECK ((outcome = '') = (closed_at = '')),
  CHECK (outcome = '' OR (reason <> '' AND closed_by <> '')),
  UNIQUE (dossier, item_sequence, due_on)
);

CREATE TABLE holds (
  hold INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  basis TEXT NOT NULL CHECK (basis <> ''),
  set_by TEXT NOT NULL CHECK (set_by <> ''),
  set_at TEXT NOT NULL,
  lifted_by TEXT NOT NULL DEFAULT '',
  lifted_at TEXT NOT NULL DEFAULT '',
  lifted_reason TEXT NOT NULL DEFAULT '',
  CHECK ((lifted_at = '') = (lifted_by = '') AND (lifted_at = '') = (lifted_reason = ''))
);
CREATE INDEX holds_by_dossier ON holds (dossier);

CREATE TABLE disposal_lists (
  disposal_list INTEGER PRIMARY KEY AUTOINCREMENT,
  reason TEXT NOT NULL CHECK (reason <> ''),
  made_by TEXT NOT NULL COLLATE NOCASE CHECK (made_by <> ''),
  made_at TEXT NOT NULL,
  approved_by TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  approved_at TEXT NOT NULL DEFAULT '',
  not_before TEXT NOT NULL DEFAULT '',
  withdrawn_by TEXT NOT NULL DEFAULT '',
  withdrawn_at TEXT NOT NULL DEFAULT '',
  withdrawn_reason TEXT NOT NULL DEFAULT '',
  CHECK ((approved_by = '') = (approved_at = '') AND (approved_by = '') = (not_before = '')),
  CHECK ((withdrawn_by = '') = (withdrawn_at = '')
         AND (withdrawn_by = '') = (withdrawn_reason = '')),
  -- Two persons.
  CHECK (approved_by <> made_by)
);

CREATE TABLE disposal_items (
  disposal_list BIGINT NOT NULL REFERENCES disposal_lists (disposal_list),
  appraisal BIGINT NOT NULL REFERENCES appraisals (appraisal),
  PRIMARY KEY (disposal_list, appraisal)
);
CREATE TRIGGER disposal_follows_an_appraisal BEFORE INSERT ON disposal_items
WHEN (SELECT outcome FROM appraisals a WHERE a.appraisal = NEW.appraisal) <> 'disposal'
  OR EXISTS (SELECT 1 FROM holds h JOIN appraisals a ON a.dossier = h.dossier
             WHERE a.appraisal = NEW.appraisal AND h.lifted_at = '')
BEGIN
  SELECT RAISE(ABORT, 'only what was appraised for disposal, and is under no hold, is listed');
END;

-- 0 as item_sequence: the whole dossier. One that was moved has several rows, the last one counts.
CREATE TABLE shelf_places (
  shelf_place INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL,
  item_sequence INTEGER NOT NULL CHECK (item_sequence >= 0),
  room TEXT NOT NULL,
  shelf TEXT NOT NULL,
  cell TEXT NOT NULL,
  box TEXT NOT NULL,
  -- The paper was looked for and is not there.
  missing_reason TEXT NOT NULL,
  placed_by TEXT NOT NULL CHECK (placed_by <> ''),
  placed_at TEXT NOT NULL,
  CHECK ((room <> '') <> (missing_reason <> ''))
);
CREATE INDEX shelf_places_by_item ON shelf_places (dossier, item_sequence, shelf_place);

CREATE TABLE loans (
  loan INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL,
  item_sequence INTEGER NOT NULL CHECK (item_sequence >= 0),
  borrower TEXT NOT NULL CHECK (borrower <> ''),
  unit TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  due_on TEXT NOT NULL CHECK (due_on GLOB '????-??-??'),
  lent_by TEXT NOT NULL CHECK (lent_by <> ''),
  lent_at TEXT NOT NULL,
  returned_at TEXT NOT NULL DEFAULT '',
  returned_to TEXT NOT NULL DEFAULT '',
  CHECK ((returned_at = '') = (returned_to = ''))
);
CREATE UNIQUE INDEX loans_that_are_out ON loans (dossier, item_sequence) WHERE returned_at = '';
