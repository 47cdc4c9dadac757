-- Samples of batches that a person compares with the paper before a batch is accepted, with the
-- seed they were drawn with, so that anyone can draw them again. Rows are closed, never removed.
CREATE TABLE acceptances (
  acceptance INTEGER PRIMARY KEY AUTOINCREMENT,
  batch BIGINT NOT NULL REFERENCES batches (batch),
  seed BIGINT NOT NULL,
  share DOUBLE PRECISION NOT NULL,
  pages_min INTEGER NOT NULL,
  pass_share DOUBLE PRECISION NOT NULL,
  pages BIGINT NOT NULL,
  drawn_by TEXT NOT NULL,
  drawn_at TEXT NOT NULL,
  closed_by TEXT NOT NULL DEFAULT '',
  closed_at TEXT NOT NULL DEFAULT '',
  verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'passed', 'failed')),
  report_blob TEXT NOT NULL DEFAULT '',
  CHECK ((verdict = '') = (closed_at = ''))
);
CREATE INDEX acceptances_by_batch ON acceptances (batch);

CREATE TABLE accepted_pages (
  acceptance BIGINT NOT NULL REFERENCES acceptances (acceptance),
  page BIGINT NOT NULL REFERENCES pages (page),
  -- It failed in an earlier sample of its batch.
  forced BOOLEAN NOT NULL,
  -- What a person, and what the program, found wrong with it.
  fault TEXT NOT NULL DEFAULT '',
  fault_by TEXT NOT NULL DEFAULT '',
  machine_fault TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (acceptance, page),
  CHECK ((fault = '') = (fault_by = ''))
);
