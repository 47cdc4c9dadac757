-- The records of an archive, first form. docs/STORE_FORMAT.md explains the tables.
-- Numbers are never given twice, so that a printed number leads to one thing for ever.
-- '' stands for "none" in texts; lists are JSON arrays; money and dates are texts.

CREATE TABLE batches (
  batch INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'complete', 'held')),
  sheets INTEGER NOT NULL,
  sides INTEGER NOT NULL,
  operator_name TEXT NOT NULL,
  scanner TEXT NOT NULL,
  dpi INTEGER NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT NOT NULL,
  held_reason TEXT NOT NULL,
  report_blob TEXT NOT NULL
);
CREATE INDEX batches_by_name ON batches (name);

CREATE TABLE sources (
  source INTEGER PRIMARY KEY AUTOINCREMENT,
  batch BIGINT NOT NULL REFERENCES batches (batch),
  name TEXT NOT NULL,
  blob TEXT NOT NULL,
  size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
  kind TEXT NOT NULL,
  carrier TEXT NOT NULL,
  pages INTEGER NOT NULL CHECK (pages >= -1),
  warnings TEXT NOT NULL,
  received_at TEXT NOT NULL,
  first_order BIGINT NOT NULL,
  repeat_of BIGINT REFERENCES sources (source),
  -- The same name with the same bytes in the same batch is one delivery.
  UNIQUE (batch, name, blob),
  UNIQUE (source, batch)
);
CREATE INDEX sources_by_blob ON sources (blob);

CREATE TABLE dossiers (
  dossier INTEGER PRIMARY KEY AUTOINCREMENT,
  batch BIGINT NOT NULL REFERENCES batches (batch),
  dossier_key TEXT NOT NULL,
  dossier_no TEXT NOT NULL,
  title TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  UNIQUE (batch, dossier_key)
);

CREATE TABLE items (
  item INTEGER PRIMARY KEY AUTOINCREMENT,
  dossier BIGINT NOT NULL REFERENCES dossiers (dossier),
  item_sequence INTEGER NOT NULL,
  doc_type TEXT NOT NULL,
  title TEXT NOT NULL,
  item_date TEXT NOT NULL,
  pages_declared TEXT NOT NULL,
  retention TEXT NOT NULL,
  UNIQUE (dossier, item_sequence)
);

CREATE TABLE pages (
  page INTEGER PRIMARY KEY AUTOINCREMENT,
  batch BIGINT NOT NULL,
  source BIGINT NOT NULL,
  page_in_file INTEGER NOT NULL CHECK (page_in_file >= 0),
  page_order BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('filed', 'set_aside')),
  fault_stage TEXT NOT NULL,
  fault_reason TEXT NOT NULL,
  fault_detail TEXT NOT NULL,
  review_reasons TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  dpi_x DOUBLE PRECISION NOT NULL,
  dpi_y DOUBLE PRECISION NOT NULL,
  bits_per_pixel INTEGER NOT NULL,
  rotation INTEGER NOT NULL CHECK (rotation IN (0, 90, 180, 270)),
  skew_degrees DOUBLE PRECISION NOT NULL,
  kind TEXT NOT NULL,
  doc_type TEXT NOT NULL,
  doc_type_confidence DOUBLE PRECISION NOT NULL,
  doc_type_by_person BOOLEAN NOT NULL,
  title TEXT NOT NULL,
  evidence TEXT NOT NULL,
  text_confidence DOUBLE PRECISION NOT NULL,
  illegible BOOLEAN NOT NULL,
  side_pages INTEGER NOT NULL,
  dark_borders TEXT NOT NULL,
  layout_blob TEXT NOT NULL,
  alto_blob TEXT NOT NULL,
  engines TEXT NOT NULL,
  config_version TEXT NOT NULL,
  filed_at TEXT NOT NULL,
  dossier BIGINT REFERENCES dossiers (dossier),
  item BIGINT REFERENCES items (item),
  page_of_item BIGINT NOT NULL DEFAULT 0,
  -- Counts the changes of what the index shows; indexed_revision is the one it has.
  revision BIGINT NOT NULL DEFAULT 1,
  indexed_revision BIGINT NOT NULL DEFAULT 0,
  UNIQUE (source, page_in_file),
  FOREIGN KEY (source, batch) REFERENCES sources (source, batch),
  -- Set aside always says why; filed never does.
  CHECK ((state = 'set_aside') = (fault_reason <> ''))
);
CREATE INDEX pages_by_batch ON pages (batch, page_order);
CREATE INDEX pages_by_dossier ON pages (dossier, page_order) WHERE dossier IS NOT NULL;
CREATE INDEX pages_by_item ON pages (item) WHERE item IS NOT NULL;
CREATE INDEX pages_to_index ON pages (page) WHERE indexed_revision < revision;

-- Quads are in pixels of the delivered image: "x,y x,y x,y x,y", in reading direction.
CREATE TABLE fields (
  page BIGINT NOT NULL REFERENCES pages (page),
  position INTEGER NOT NULL,
  field TEXT NOT NULL,
  table_row INTEGER NOT NULL,
  raw TEXT NOT NULL,
  value TEXT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  validity TEXT NOT NULL CHECK (validity IN ('valid', 'suspicious', 'invalid')),
  problem TEXT NOT NULL,
  unsure BOOLEAN NOT NULL,
  handwritten BOOLEAN NOT NULL,
  quad TEXT NOT NULL,
  by_person BOOLEAN NOT NULL,
  PRIMARY KEY (page, position)
);

CREATE TABLE codes (
  page BIGINT NOT NULL REFERENCES pages (page),
  position INTEGER NOT NULL,
  symbology TEXT NOT NULL,
  content TEXT NOT NULL,
  quad TEXT NOT NULL,
  PRIMARY KEY (page, position)
);

CREATE TABLE seals (
  page BIGINT NOT NULL REFERENCES pages (page),
  position INTEGER NOT NULL,
  colour TEXT NOT NULL,
  shape TEXT NOT NULL,
  content TEXT NOT NULL,
  quad TEXT NOT NULL,
  PRIMARY KEY (page, position)
);

CREATE TABLE pairs (
  page BIGINT NOT NULL REFERENCES pages (page),
  position INTEGER NOT NULL,
  label TEXT NOT NULL,
  value TEXT NOT NULL,
  label_quad TEXT NOT NULL,
  value_quad TEXT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (page, position)
);

CREATE TABLE persons (
  person INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  citizen_id TEXT NOT NULL CHECK (length(citizen_id) IN (0, 18)),
  -- Somebody without a number is known in one dossier only, until a person decides.
  dossier BIGINT REFERENCES dossiers (dossier),
  CHECK ((citizen_id = '') = (dossier IS NOT NULL))
);
CREATE UNIQUE INDEX persons_by_citizen_id ON persons (citizen_id) WHERE citizen_id <> '';
CREATE UNIQUE INDEX persons_of_dossier ON persons (dossier, name) WHERE dossier IS NOT NULL;

CREATE TABLE person_pages (
  page BIGINT NOT NULL REFERENCES pages (page),
  person BIGINT NOT NULL REFERENCES persons (person),
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (page, person, role, name)
);
CREATE INDEX person_pages_by_person ON person_pages (person);

-- What happened, one row a change, written with the change. Nothing in it is personal.
CREATE TABLE events (
  event INTEGER PRIMARY KEY AUTOINCREMENT,
  happened_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_number BIGINT NOT NULL,
  details TEXT NOT NULL
);

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN
  SELECT RAISE(ABORT, 'events are never deleted');
END;
