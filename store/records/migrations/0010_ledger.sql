-- The ledger: each event says in whose name, by what right and why, and carries the rows that changed
-- with it, so that the tables can be made again from the events. docs/STORE_FORMAT.md, "Ledger".
ALTER TABLE events ADD COLUMN post TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN method TEXT NOT NULL DEFAULT '';
-- A Zstandard frame; x'' where no row changed.
ALTER TABLE events ADD COLUMN changes BLOB NOT NULL DEFAULT x'';

-- One row: how many events the tree has, and the roots of its full subtrees, 32 bytes each, the
-- largest first. Only so that it need not be counted anew each time; nobody has to believe it.
CREATE TABLE ledger_tree (
  tree INTEGER PRIMARY KEY CHECK (tree = 1),
  entries BIGINT NOT NULL,
  sha256_peaks BLOB NOT NULL,
  sm3_peaks BLOB NOT NULL
);
