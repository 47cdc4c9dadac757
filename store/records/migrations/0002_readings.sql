-- What a page was read as before it was read again. The reading that counts stands in pages,
-- fields and the others; those that it took the place of stand here, with what they were read
-- with and the objects they made, which stay in the store.
CREATE TABLE readings (
  page BIGINT NOT NULL REFERENCES pages (page),
  reading INTEGER NOT NULL,
  read_at TEXT NOT NULL,
  replaced_at TEXT NOT NULL,
  engines TEXT NOT NULL,
  config_version TEXT NOT NULL,
  doc_type TEXT NOT NULL,
  doc_type_by_person BOOLEAN NOT NULL,
  text_confidence DOUBLE PRECISION NOT NULL,
  layout_blob TEXT NOT NULL,
  alto_blob TEXT NOT NULL,
  -- A JSON array of the fields as they were.
  fields TEXT NOT NULL,
  PRIMARY KEY (page, reading)
);

-- True from the moment a page is read again until the batch is put together anew, so that a
-- run that was stopped in between is finished by the next.
ALTER TABLE batches ADD COLUMN to_assemble BOOLEAN NOT NULL DEFAULT FALSE;
