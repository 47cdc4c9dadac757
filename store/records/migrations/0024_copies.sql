-- Copies of pages that were given out (复制件登记): prints and certified copies, and each time one was
-- printed. docs/STORE_FORMAT.md, "Copies".
CREATE TABLE copies (
  copy INTEGER PRIMARY KEY AUTOINCREMENT,
  serial TEXT NOT NULL UNIQUE CHECK (serial <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('print', 'certified')),
  dossier BIGINT NOT NULL,
  pages TEXT NOT NULL CHECK (pages <> '[]'),
  for_whom TEXT NOT NULL CHECK (for_whom <> ''),
  agent TEXT NOT NULL,
  authority TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  channel TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  CHECK (agent = '' OR authority <> '')
);
CREATE INDEX copies_by_dossier ON copies (dossier);
CREATE TABLE copy_prints (
  copy BIGINT NOT NULL REFERENCES copies (copy),
  print_no INTEGER NOT NULL CHECK (print_no > 0),
  reason TEXT NOT NULL CHECK (print_no = 1 OR reason <> ''),
  printed_by TEXT NOT NULL,
  printed_at TEXT NOT NULL,
  PRIMARY KEY (copy, print_no)
);
CREATE TRIGGER copies_stay BEFORE UPDATE ON copies
BEGIN SELECT RAISE(ABORT, 'the register of copies never changes'); END;
CREATE TRIGGER copies_are_kept BEFORE DELETE ON copies
BEGIN SELECT RAISE(ABORT, 'the register of copies is kept'); END;
CREATE TRIGGER copy_prints_stay BEFORE UPDATE ON copy_prints
BEGIN SELECT RAISE(ABORT, 'the register of copies never changes'); END;
CREATE TRIGGER copy_prints_are_kept BEFORE DELETE ON copy_prints
BEGIN SELECT RAISE(ABORT, 'the register of copies is kept'); END;
