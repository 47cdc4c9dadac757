-- The steps of cases and corrections of what was approved. docs/STORE_FORMAT.md, "Review".
-- An item is named by dossier and sequence, as its number may change when it is put together anew.
CREATE TABLE review_steps (
  review_step INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL,
  item_sequence INTEGER NOT NULL CHECK (item_sequence > 0),
  step TEXT NOT NULL
    CHECK (step IN ('enter', 'verify', 'reject', 'review', 'recheck', 'approve', 'return')),
  -- SHA-256 of the item's pages and values that were looked at.
  contents TEXT NOT NULL CHECK (length(contents) = 64),
  person TEXT NOT NULL COLLATE NOCASE CHECK (person <> ''),
  reason TEXT NOT NULL,
  submitter TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  CHECK (step NOT IN ('reject', 'return') OR reason <> ''),
  CHECK (step NOT IN ('verify', 'reject') OR submitter <> '')
);
CREATE INDEX review_steps_by_item ON review_steps (dossier, item_sequence, review_step);

-- Whatever a program or a person does: steps follow one another, each of the same contents, and
-- nobody takes two of a round (Order 14 art. 7).
CREATE TRIGGER review_steps_follow_one_another BEFORE INSERT ON review_steps
WHEN NEW.step IN ('enter', 'review', 'recheck', 'approve', 'return') AND NOT (
  (NEW.step = 'enter' AND COALESCE((SELECT s.step FROM review_steps s
     WHERE s.dossier = NEW.dossier AND s.item_sequence = NEW.item_sequence
       AND s.contents = NEW.contents AND s.step NOT IN ('verify', 'reject')
     ORDER BY s.review_step DESC LIMIT 1), 'return') = 'return')
  OR (NEW.step <> 'enter' AND (SELECT s.step FROM review_steps s
     WHERE s.dossier = NEW.dossier AND s.item_sequence = NEW.item_sequence
       AND s.contents = NEW.contents AND s.step NOT IN ('verify', 'reject')
     ORDER BY s.review_step DESC LIMIT 1) IN (
       CASE NEW.step WHEN 'review' THEN 'enter' WHEN 'recheck' THEN 'review'
                     WHEN 'approve' THEN 'recheck' ELSE 'enter' END,
       CASE NEW.step WHEN 'return' THEN 'review' ELSE '' END,
       CASE NEW.step WHEN 'return' THEN 'recheck' ELSE '' END,
       CASE NEW.step WHEN 'return' THEN 'approve' ELSE '' END))
)
BEGIN
  SELECT RAISE(ABORT, 'this step does not follow the last one');
END;

CREATE TRIGGER review_steps_are_taken_by_different_persons BEFORE INSERT ON review_steps
WHEN NEW.step IN ('review', 'recheck', 'approve') AND (
  EXISTS (SELECT 1 FROM review_steps s
    WHERE s.dossier = NEW.dossier AND s.item_sequence = NEW.item_sequence
      AND s.contents = NEW.contents AND s.person = NEW.person
      AND s.step IN ('enter', 'review', 'recheck')
      AND s.review_step > COALESCE((SELECT MAX(r.review_step) FROM review_steps r
        WHERE r.dossier = NEW.dossier AND r.item_sequence = NEW.item_sequence
          AND r.step = 'return'), 0))
  OR EXISTS (SELECT 1 FROM typed_values t JOIN pages p ON p.page = t.page
    JOIN items i ON i.item = p.item
    WHERE i.dossier = NEW.dossier AND i.item_sequence = NEW.item_sequence
      AND t.ended_at = '' AND t.confirms IS NULL AND t.person = NEW.person)
)
BEGIN
  SELECT RAISE(ABORT, 'the steps of a case are taken by different persons');
END;

CREATE TRIGGER review_approves_what_was_verified BEFORE INSERT ON review_steps
WHEN NEW.step = 'approve' AND COALESCE((SELECT s.step FROM review_steps s
  WHERE s.dossier = NEW.dossier AND s.item_sequence = NEW.item_sequence
    AND s.contents = NEW.contents AND s.step IN ('verify', 'reject')
  ORDER BY s.review_step DESC LIMIT 1), '') <> 'verify'
BEGIN
  SELECT RAISE(ABORT, 'what was not verified is not approved');
END;

CREATE TRIGGER review_steps_are_not_changed BEFORE UPDATE ON review_steps
BEGIN
  SELECT RAISE(ABORT, 'the steps of a case are never changed');
END;
CREATE TRIGGER review_steps_are_not_deleted BEFORE DELETE ON review_steps
BEGIN
  SELECT RAISE(ABORT, 'the steps of a case are never deleted');
END;

-- What is to be corrected in an approved item: proposed by one with a page that proves it, decided
-- by another (R50).
CREATE TABLE corrections (
  correction INTEGER PRIMARY KEY AUTOINCREMENT,
  page BIGINT NOT NULL REFERENCES pages (page),
  field TEXT NOT NULL CHECK (field <> ''),
  table_row INTEGER NOT NULL CHECK (table_row >= -1),
  before TEXT NOT NULL,
  after_raw TEXT NOT NULL CHECK (after_raw <> ''),
  after TEXT NOT NULL CHECK (after <> ''),
  validity TEXT NOT NULL CHECK (validity IN ('valid', 'invalid')),
  problem TEXT NOT NULL,
  mandatory BOOLEAN NOT NULL,
  box_x INTEGER NOT NULL CHECK (box_x >= 0),
  box_y INTEGER NOT NULL CHECK (box_y >= 0),
  box_width INTEGER NOT NULL CHECK (box_width > 0),
  box_height INTEGER NOT NULL CHECK (box_height > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  evidence_page BIGINT NOT NULL REFERENCES pages (page),
  proposed_by TEXT NOT NULL COLLATE NOCASE CHECK (proposed_by <> ''),
  proposed_at TEXT NOT NULL,
  verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'approved', 'refused')),
  decided_by TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
  decided_at TEXT NOT NULL DEFAULT '',
  decision_reason TEXT NOT NULL DEFAULT '',
  CHECK ((verdict = '') = (decided_by = '') AND (verdict = '') = (decided_at = '')),
  CHECK (decided_by <> proposed_by),
  CHECK (verdict <> 'refused' OR decision_reason <> '')
);
CREATE INDEX corrections_by_page ON corrections (page);
CREATE TRIGGER corrections_are_decided_once BEFORE UPDATE ON corrections
WHEN OLD.verdict <> ''
BEGIN
  SELECT RAISE(ABORT, 'a correction is decided once');
END;
CREATE TRIGGER corrections_are_not_deleted BEFORE DELETE ON corrections
BEGIN
  SELECT RAISE(ABORT, 'corrections are never deleted');
END;

-- What was approved is corrected, not typed over.
CREATE TRIGGER typed_values_of_approved_items_are_corrections BEFORE INSERT ON typed_values
WHEN (SELECT s.step FROM pages p JOIN items i ON i.item = p.item
      JOIN review_steps s ON s.dossier = i.dossier AND s.item_sequence = i.item_sequence
      WHERE p.page = NEW.page AND s.step NOT IN ('verify', 'reject')
      ORDER BY s.review_step DESC LIMIT 1) = 'approve'
  AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.page = NEW.page AND c.field = NEW.field
      AND c.table_row = NEW.table_row AND c.after = NEW.value AND c.verdict = 'approved')
BEGIN
  SELECT RAISE(ABORT, 'what was approved is corrected by a proposal and a decision');
END;
