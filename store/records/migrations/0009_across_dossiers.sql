-- What is asked of several dossiers at once: numbers of vouchers, archive numbers, persons.

CREATE INDEX dossiers_by_number ON dossiers (dossier_no) WHERE dossier_no <> '';

-- The vouchers that a dossier's pages bear, with what tells one payment from another. In step with
-- dossier_facts: written in the same transaction.
CREATE TABLE vouchers (
  dossier BIGINT NOT NULL REFERENCES dossiers (dossier),
  position INTEGER NOT NULL,
  doc_type TEXT NOT NULL,
  -- As it is compared, and as it is printed.
  voucher_no TEXT NOT NULL,
  printed TEXT NOT NULL,
  page BIGINT NOT NULL,
  field TEXT NOT NULL,
  table_row INTEGER NOT NULL,
  issuer TEXT NOT NULL,
  payer TEXT NOT NULL,
  amount TEXT NOT NULL,
  voucher_date TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (dossier, position)
);
CREATE INDEX vouchers_by_number ON vouchers (voucher_no, doc_type, dossier, position);

-- Somebody without a number who is, by a person's decision, the person with this number. By dossier
-- and name, not by person: a later run must not lose what was decided.
CREATE TABLE person_joins (
  dossier BIGINT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  citizen_id TEXT NOT NULL CHECK (length(citizen_id) = 18),
  reason TEXT NOT NULL CHECK (reason <> ''),
  decided_by TEXT NOT NULL CHECK (decided_by <> ''),
  decided_at TEXT NOT NULL,
  PRIMARY KEY (dossier, name)
);
CREATE INDEX person_joins_by_citizen_id ON person_joins (citizen_id);

-- 门类 of the papers of a batch; '' is social-insurance business archives.
ALTER TABLE batches ADD COLUMN category TEXT NOT NULL DEFAULT '';

-- Dossiers of before have no vouchers yet: the next run puts them together.
UPDATE batches SET to_assemble = TRUE WHERE EXISTS (SELECT 1 FROM dossiers d WHERE d.batch = batches.batch);
