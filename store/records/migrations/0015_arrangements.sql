-- What persons decided about the structure of a batch: docs/STORE_FORMAT.md, "Structure". A row is
-- never changed and never removed, only ended when somebody takes it back; `conflict` says why it
-- cannot be followed at present.
CREATE TABLE arrangements (
  arrangement INTEGER PRIMARY KEY AUTOINCREMENT,
  batch BIGINT NOT NULL REFERENCES batches (batch),
  action TEXT NOT NULL CHECK (action IN ('move_pages', 'insert_pages', 'order_pages', 'order_items',
    'split_item', 'merge_items', 'split_dossier', 'merge_dossiers', 'replace_page', 'split_person',
    'rotate_page', 'type_page', 'type_item', 'class_item', 'retention_item')),
  -- A JSON array of page numbers. No reference: a page that is gone is a conflict, not an error.
  pages TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('', 'before', 'after')),
  beside BIGINT NOT NULL,
  dossier_key TEXT NOT NULL,
  item_key TEXT NOT NULL,
  value TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (trim(reason) <> ''),
  decided_by TEXT NOT NULL CHECK (trim(decided_by) <> ''),
  decided_at TEXT NOT NULL CHECK (decided_at GLOB '????-??-??T??:??:??*[+-]??:??'),
  ended_by TEXT NOT NULL DEFAULT '',
  ended_at TEXT NOT NULL DEFAULT ''
    CHECK (ended_at = '' OR ended_at GLOB '????-??-??T??:??:??*[+-]??:??'),
  ended_reason TEXT NOT NULL DEFAULT '',
  conflict TEXT NOT NULL DEFAULT '',
  CHECK ((side = '') = (beside = 0)),
  CHECK ((ended_at = '') = (ended_by = '') AND (ended_at = '') = (ended_reason = ''))
);
CREATE INDEX arrangements_by_batch ON arrangements (batch, arrangement);

CREATE TRIGGER arrangements_only_end BEFORE UPDATE ON arrangements
WHEN OLD.ended_at <> '' OR NEW.arrangement <> OLD.arrangement OR NEW.batch <> OLD.batch
  OR NEW.action <> OLD.action OR NEW.pages <> OLD.pages OR NEW.side <> OLD.side
  OR NEW.beside <> OLD.beside OR NEW.dossier_key <> OLD.dossier_key
  OR NEW.item_key <> OLD.item_key OR NEW.value <> OLD.value OR NEW.reason <> OLD.reason
  OR NEW.decided_by <> OLD.decided_by OR NEW.decided_at <> OLD.decided_at
BEGIN
  SELECT RAISE(ABORT, 'a decision about the structure is never changed, only taken back');
END;

CREATE TRIGGER arrangements_are_not_deleted BEFORE DELETE ON arrangements
BEGIN
  SELECT RAISE(ABORT, 'a decision about the structure is never deleted');
END;

-- The place of a page among all pages of its dossier, from 1; 0 in an archive of before.
ALTER TABLE pages ADD COLUMN page_of_dossier BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN rotation_by_person BOOLEAN NOT NULL DEFAULT FALSE;
-- The page that stands in the place of this one, which is in no dossier any more.
ALTER TABLE pages ADD COLUMN replaced_by BIGINT REFERENCES pages (page);
CREATE INDEX pages_replaced ON pages (replaced_by) WHERE replaced_by IS NOT NULL;

-- Where the pages are of a dossier that has none by a person's decision; its number stays.
ALTER TABLE dossiers ADD COLUMN merged_into BIGINT REFERENCES dossiers (dossier);

-- Tells an item that a decision gave another place or number; '' is dossier_key#item_sequence.
ALTER TABLE items ADD COLUMN item_key TEXT NOT NULL DEFAULT '';
-- The class a person gave it; '' is that of its type.
ALTER TABLE items ADD COLUMN class_code TEXT NOT NULL DEFAULT '';

-- The decision by which somebody is not the other one of his name in the dossier; 0 for most.
ALTER TABLE persons ADD COLUMN apart BIGINT NOT NULL DEFAULT 0;
DROP INDEX persons_of_dossier;
CREATE UNIQUE INDEX persons_of_dossier ON persons (dossier, name, apart) WHERE dossier IS NOT NULL;
