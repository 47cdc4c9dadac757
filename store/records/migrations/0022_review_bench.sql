-- The review bench: values that nobody can read, and handwriting that two persons key without
-- seeing each other's text (一稿双录). docs/STORE_FORMAT.md, "Review".

-- What the bench asks for; the reading of a page makes few of them among many fields.
CREATE INDEX fields_in_doubt ON fields (page, position)
  WHERE unsure = TRUE OR validity <> 'valid';

-- That a person could not read a value from the picture. Never changed and never removed, only
-- ended when the person takes it back or reads it after all.
CREATE TABLE unreadable_values (
  unreadable_value INTEGER PRIMARY KEY AUTOINCREMENT,
  page BIGINT NOT NULL REFERENCES pages (page),
  field TEXT NOT NULL CHECK (field <> ''),
  table_row INTEGER NOT NULL CHECK (table_row >= -1),
  box_x INTEGER NOT NULL CHECK (box_x >= 0),
  box_y INTEGER NOT NULL CHECK (box_y >= 0),
  box_width INTEGER NOT NULL CHECK (box_width > 0),
  box_height INTEGER NOT NULL CHECK (box_height > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  person TEXT NOT NULL COLLATE NOCASE CHECK (person <> ''),
  said_at TEXT NOT NULL,
  ended_at TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX unreadable_values_of_person
  ON unreadable_values (page, field, table_row, person) WHERE ended_at = '';
CREATE TRIGGER unreadable_values_only_end BEFORE UPDATE ON unreadable_values
WHEN OLD.ended_at <> '' OR NEW.ended_at = ''
  OR NEW.unreadable_value <> OLD.unreadable_value OR NEW.page <> OLD.page
  OR NEW.field <> OLD.field OR NEW.table_row <> OLD.table_row OR NEW.reason <> OLD.reason
  OR NEW.box_x <> OLD.box_x OR NEW.box_y <> OLD.box_y OR NEW.box_width <> OLD.box_width
  OR NEW.box_height <> OLD.box_height OR NEW.person <> OLD.person COLLATE BINARY
  OR NEW.said_at <> OLD.said_at
BEGIN
  SELECT RAISE(ABORT, 'what a person said of a value is never changed');
END;
CREATE TRIGGER unreadable_values_are_not_deleted BEFORE DELETE ON unreadable_values
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = OLD.page AND p.fault_reason = 'disposed')
BEGIN
  SELECT RAISE(ABORT, 'what a person said of a value is never deleted');
END;

-- What one person keyed from the picture alone; value '' says that it cannot be read.
CREATE TABLE keyings (
  keying INTEGER PRIMARY KEY AUTOINCREMENT,
  page BIGINT NOT NULL REFERENCES pages (page),
  field TEXT NOT NULL CHECK (field <> ''),
  table_row INTEGER NOT NULL CHECK (table_row >= -1),
  raw TEXT NOT NULL,
  value TEXT NOT NULL CHECK ((value = '') = (raw = '')),
  validity TEXT NOT NULL CHECK (validity IN ('valid', 'invalid')),
  problem TEXT NOT NULL,
  mandatory BOOLEAN NOT NULL,
  box_x INTEGER NOT NULL CHECK (box_x >= 0),
  box_y INTEGER NOT NULL CHECK (box_y >= 0),
  box_width INTEGER NOT NULL CHECK (box_width > 0),
  box_height INTEGER NOT NULL CHECK (box_height > 0),
  person TEXT NOT NULL COLLATE NOCASE CHECK (person <> ''),
  keyed_at TEXT NOT NULL
);
CREATE UNIQUE INDEX keyings_of_person ON keyings (page, field, table_row, person);

-- What became of the two: they agree, or a third person decided.
CREATE TABLE keying_outcomes (
  page BIGINT NOT NULL REFERENCES pages (page),
  field TEXT NOT NULL,
  table_row INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('agreed', 'decided')),
  value TEXT NOT NULL,
  person TEXT NOT NULL COLLATE NOCASE CHECK (person <> ''),
  decided_at TEXT NOT NULL,
  PRIMARY KEY (page, field, table_row)
);

CREATE TRIGGER keyings_are_two BEFORE INSERT ON keyings
WHEN (SELECT COUNT(*) FROM keyings k WHERE k.page = NEW.page AND k.field = NEW.field
      AND k.table_row = NEW.table_row) >= 2
BEGIN
  SELECT RAISE(ABORT, 'a value is keyed by two persons');
END;
CREATE TRIGGER keyings_are_not_changed BEFORE UPDATE ON keyings
BEGIN SELECT RAISE(ABORT, 'what a person keyed is never changed'); END;
CREATE TRIGGER keyings_are_not_deleted BEFORE DELETE ON keyings
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = OLD.page AND p.fault_reason = 'disposed')
BEGIN SELECT RAISE(ABORT, 'what a person keyed is never deleted'); END;

-- Whatever a program does: two persons keyed it; where they differ a third one decides.
CREATE TRIGGER keying_outcomes_follow_the_keyings BEFORE INSERT ON keying_outcomes
WHEN (SELECT COUNT(*) FROM keyings k WHERE k.page = NEW.page AND k.field = NEW.field
      AND k.table_row = NEW.table_row) <> 2
  OR (NEW.outcome = 'agreed') <> ((SELECT COUNT(DISTINCT k.value) FROM keyings k
      WHERE k.page = NEW.page AND k.field = NEW.field AND k.table_row = NEW.table_row) = 1)
  OR (NEW.outcome = 'agreed' AND NEW.value <> (SELECT MAX(k.value) FROM keyings k
      WHERE k.page = NEW.page AND k.field = NEW.field AND k.table_row = NEW.table_row))
  OR (NEW.outcome = 'decided' AND EXISTS (SELECT 1 FROM keyings k WHERE k.page = NEW.page
      AND k.field = NEW.field AND k.table_row = NEW.table_row AND k.person = NEW.person))
BEGIN
  SELECT RAISE(ABORT, 'where two keyings differ a third person decides');
END;
CREATE TRIGGER keying_outcomes_are_not_changed BEFORE UPDATE ON keying_outcomes
BEGIN SELECT RAISE(ABORT, 'the outcome of two keyings is never changed'); END;
CREATE TRIGGER keying_outcomes_are_not_deleted BEFORE DELETE ON keying_outcomes
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = OLD.page AND p.fault_reason = 'disposed')
BEGIN SELECT RAISE(ABORT, 'the outcome of two keyings is never deleted'); END;
