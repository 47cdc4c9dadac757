-- Loans that were made longer or dunned for, alarms that somebody acknowledged, the units of the
-- organisation and the trainings of users. docs/STORE_FORMAT.md, "Retention", "Users", "Custody".
CREATE TABLE loan_notes (
  loan_note INTEGER PRIMARY KEY AUTOINCREMENT,
  loan BIGINT NOT NULL REFERENCES loans (loan),
  kind TEXT NOT NULL CHECK (kind IN ('extended', 'dunned')),
  due_before TEXT NOT NULL CHECK (due_before GLOB '????-??-??'),
  due_after TEXT NOT NULL CHECK (due_after GLOB '????-??-??'),
  reason TEXT NOT NULL CHECK (reason <> ''),
  noted_by TEXT NOT NULL CHECK (noted_by <> ''),
  noted_at TEXT NOT NULL,
  CHECK (CASE kind WHEN 'extended' THEN due_after > due_before ELSE due_after = due_before END)
);
CREATE INDEX loan_notes_by_loan ON loan_notes (loan);
CREATE TRIGGER loan_notes_stay BEFORE UPDATE ON loan_notes
BEGIN SELECT RAISE(ABORT, 'a note about a loan never changes'); END;
CREATE TRIGGER loan_notes_are_not_deleted BEFORE DELETE ON loan_notes
BEGIN SELECT RAISE(ABORT, 'a note about a loan is never removed'); END;

-- An alarm is one by kind, subject and day: the same trouble on another day rings anew.
CREATE TABLE acknowledged_alarms (
  acknowledged_alarm INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind <> ''),
  about TEXT NOT NULL,
  since TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  acknowledged_by TEXT NOT NULL CHECK (acknowledged_by <> ''),
  acknowledged_at TEXT NOT NULL,
  UNIQUE (kind, about, since)
);
CREATE TRIGGER acknowledged_alarms_stay BEFORE UPDATE ON acknowledged_alarms
BEGIN SELECT RAISE(ABORT, 'what was acknowledged never changes'); END;
CREATE TRIGGER acknowledged_alarms_are_not_deleted BEFORE DELETE ON acknowledged_alarms
BEGIN SELECT RAISE(ABORT, 'what was acknowledged is never removed'); END;

-- The organisation as a tree (R31). A unit that ended stays, since people worked there.
CREATE TABLE units (
  unit INTEGER PRIMARY KEY AUTOINCREMENT,
  parent BIGINT REFERENCES units (unit),
  name TEXT NOT NULL CHECK (name <> '' AND name = trim(name)),
  -- What its people may do at all (config/duties/families.csv, R35).
  family TEXT NOT NULL CHECK (family <> ''),
  made_at TEXT NOT NULL,
  ended_at TEXT NOT NULL DEFAULT '',
  CHECK (parent <> unit)
);
CREATE UNIQUE INDEX units_by_name ON units (COALESCE(parent, 0), name) WHERE ended_at = '';
CREATE TRIGGER units_are_not_deleted BEFORE DELETE ON units
BEGIN SELECT RAISE(ABORT, 'units are ended, never deleted'); END;

ALTER TABLE users ADD COLUMN unit BIGINT REFERENCES units (unit);
-- The day of the last security training (R12).
ALTER TABLE users ADD COLUMN trained_on TEXT NOT NULL DEFAULT ''
  CHECK (trained_on = '' OR trained_on GLOB '????-??-??');

-- Pages that stay set aside, because a person decided so with a reason: nothing is to be done about
-- them any more. It holds while the page is set aside for what it was then.
CREATE TABLE settled_pages (
  settled_page INTEGER PRIMARY KEY AUTOINCREMENT,
  page BIGINT NOT NULL REFERENCES pages (page),
  fault_reason TEXT NOT NULL CHECK (fault_reason <> ''),
  reason TEXT NOT NULL CHECK (reason <> ''),
  settled_by TEXT NOT NULL CHECK (settled_by <> ''),
  settled_at TEXT NOT NULL,
  UNIQUE (page, fault_reason)
);
CREATE TRIGGER settled_pages_are_set_aside BEFORE INSERT ON settled_pages
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = NEW.page AND p.state = 'set_aside'
                 AND p.fault_reason = NEW.fault_reason AND p.replaced_by IS NULL)
BEGIN SELECT RAISE(ABORT, 'only a page that is set aside can stay so by a decision'); END;
CREATE TRIGGER settled_pages_stay BEFORE UPDATE ON settled_pages
BEGIN SELECT RAISE(ABORT, 'a decision about a page never changes'); END;
CREATE TRIGGER settled_pages_are_not_deleted BEFORE DELETE ON settled_pages
BEGIN SELECT RAISE(ABORT, 'a decision about a page is never removed'); END;
