-- What is said of a page's picture: verdict, measures and the rules it does not keep.
-- quality '' is a page whose picture was not measured: set aside, or filed by an older program.

ALTER TABLE pages ADD COLUMN quality TEXT NOT NULL DEFAULT ''
  CHECK (quality IN ('', 'accept', 'look', 'rescan'));
ALTER TABLE pages ADD COLUMN quality_measures TEXT NOT NULL DEFAULT '{}';

CREATE TABLE quality_findings (
  page BIGINT NOT NULL REFERENCES pages (page),
  position INTEGER NOT NULL,
  rule TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'look', 'rescan')),
  value DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (page, position)
);
