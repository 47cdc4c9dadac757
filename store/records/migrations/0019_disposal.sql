-- Disposal lists that were carried out, what proves it, and objects that nothing needs any more.
-- docs/STORE_FORMAT.md, "Disposal".
ALTER TABLE disposal_lists ADD COLUMN carried_out_by TEXT NOT NULL DEFAULT '';
ALTER TABLE disposal_lists ADD COLUMN carried_out_at TEXT NOT NULL DEFAULT '';
ALTER TABLE disposal_lists ADD COLUMN witnessed_by TEXT NOT NULL DEFAULT '';

-- All pages of the file were disposed of: the records do not need its bytes.
ALTER TABLE sources ADD COLUMN disposed BOOLEAN NOT NULL DEFAULT FALSE;

-- Whatever a program does: only an approved list is carried out, not before its day, under no hold,
-- by somebody who did not approve it and with a witness; once, and never taken back.
CREATE TRIGGER disposal_lists_are_carried_out_by_the_rules BEFORE UPDATE ON disposal_lists
WHEN NEW.carried_out_at <> '' AND (
  OLD.carried_out_at <> '' OR OLD.approved_by = '' OR OLD.withdrawn_at <> ''
  OR substr(NEW.carried_out_at, 1, 10) < OLD.not_before
  OR NEW.carried_out_by = '' OR NEW.witnessed_by = ''
  OR NEW.carried_out_by = OLD.approved_by OR NEW.carried_out_by = NEW.witnessed_by
  OR EXISTS (SELECT 1 FROM disposal_items d JOIN appraisals a ON a.appraisal = d.appraisal
             JOIN holds h ON h.dossier = a.dossier
             WHERE d.disposal_list = OLD.disposal_list AND h.lifted_at = ''))
BEGIN
  SELECT RAISE(ABORT, 'a disposal list is carried out once, when it may be, by two persons');
END;
CREATE TRIGGER disposal_lists_stay BEFORE UPDATE ON disposal_lists
WHEN OLD.carried_out_at <> ''
BEGIN
  SELECT RAISE(ABORT, 'a disposal list that was carried out never changes');
END;

-- What went, for ever: the proof.
CREATE TABLE disposed_items (
  appraisal BIGINT NOT NULL PRIMARY KEY REFERENCES appraisals (appraisal),
  disposal_list BIGINT NOT NULL REFERENCES disposal_lists (disposal_list),
  dossier BIGINT NOT NULL,
  dossier_no TEXT NOT NULL,
  item_sequence INTEGER NOT NULL,
  title TEXT NOT NULL,
  doc_type TEXT NOT NULL,
  item_date TEXT NOT NULL,
  retention TEXT NOT NULL,
  pages INTEGER NOT NULL,
  -- SHA-256 of pages and values as they were, as for reviews.
  contents TEXT NOT NULL CHECK (length(contents) = 64)
);
CREATE TRIGGER disposed_items_stay BEFORE UPDATE ON disposed_items
BEGIN SELECT RAISE(ABORT, 'a proof of disposal never changes'); END;
CREATE TRIGGER disposed_items_are_not_deleted BEFORE DELETE ON disposed_items
BEGIN SELECT RAISE(ABORT, 'a proof of disposal is never removed'); END;

-- Objects that the pages of a list needed.
CREATE TABLE disposed_objects (
  disposal_list BIGINT NOT NULL REFERENCES disposal_lists (disposal_list),
  object TEXT NOT NULL CHECK (object <> ''),
  purpose TEXT NOT NULL,
  PRIMARY KEY (disposal_list, object, purpose)
);
CREATE TRIGGER disposed_objects_stay BEFORE UPDATE ON disposed_objects
BEGIN SELECT RAISE(ABORT, 'a proof of disposal never changes'); END;
CREATE TRIGGER disposed_objects_are_not_deleted BEFORE DELETE ON disposed_objects
BEGIN SELECT RAISE(ABORT, 'a proof of disposal is never removed'); END;

-- A page that was disposed of stays so, whatever reads it again.
CREATE TRIGGER disposed_pages_stay BEFORE UPDATE OF state, fault_reason, layout_blob, alto_blob ON pages
WHEN OLD.fault_reason = 'disposed'
BEGIN
  SELECT RAISE(ABORT, 'a page that was disposed of does not come back');
END;

-- Values that persons typed or corrected go with their page, and in no other way.
DROP TRIGGER typed_values_are_not_deleted;
CREATE TRIGGER typed_values_are_not_deleted BEFORE DELETE ON typed_values
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = OLD.page AND p.fault_reason = 'disposed')
BEGIN
  SELECT RAISE(ABORT, 'what a person typed is never deleted');
END;
DROP TRIGGER corrections_are_not_deleted;
CREATE TRIGGER corrections_are_not_deleted BEFORE DELETE ON corrections
WHEN NOT EXISTS (SELECT 1 FROM pages p WHERE p.page = OLD.page AND p.fault_reason = 'disposed')
BEGIN
  SELECT RAISE(ABORT, 'corrections are never deleted');
END;

-- Objects that no record needs, marked first and removed later.
CREATE TABLE garbage (
  garbage INTEGER PRIMARY KEY AUTOINCREMENT,
  object TEXT NOT NULL CHECK (object <> ''),
  -- '' the archive itself, else the folder of a replica.
  place TEXT NOT NULL,
  marked_at TEXT NOT NULL CHECK (marked_at <> ''),
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'removed', 'needed')),
  ended_at TEXT NOT NULL DEFAULT '',
  CHECK ((outcome = '') = (ended_at = ''))
);
CREATE UNIQUE INDEX garbage_waiting ON garbage (object, place) WHERE outcome = '';
CREATE INDEX garbage_by_object ON garbage (object);
CREATE TRIGGER garbage_ends_once BEFORE UPDATE ON garbage WHEN OLD.outcome <> ''
BEGIN SELECT RAISE(ABORT, 'the record of a removal never changes'); END;
CREATE TRIGGER garbage_stays BEFORE DELETE ON garbage
BEGIN SELECT RAISE(ABORT, 'the record of a removal is never removed'); END;
