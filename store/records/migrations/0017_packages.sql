-- The register of packages 交接登记: what was given out or came in, to and from whom, for what purpose
-- and by what right (R14). A row is never removed; only its state goes on.
CREATE TABLE packages (
  package INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('export', 'hand_over', 'transfer')),
  received BOOLEAN NOT NULL,
  package_id TEXT NOT NULL CHECK (package_id <> ''),
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL CHECK (trim(recipient) <> ''),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  legal_basis TEXT NOT NULL CHECK (trim(legal_basis) <> ''),
  manifest TEXT NOT NULL CHECK (length(manifest) = 64),
  items BIGINT NOT NULL,
  pages BIGINT NOT NULL,
  files BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  signed_by TEXT NOT NULL,
  sealed BOOLEAN NOT NULL,
  batch BIGINT REFERENCES batches (batch),
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('handing_over', 'accepted', 'returned')),
  settled_by TEXT NOT NULL DEFAULT '',
  settled_at TEXT NOT NULL DEFAULT '',
  settled_reason TEXT NOT NULL DEFAULT '',
  CHECK ((batch IS NULL) = (received = 0)),
  CHECK ((state = 'handing_over') = (settled_at = ''))
);
-- The same package comes in once.
CREATE UNIQUE INDEX packages_received ON packages (manifest) WHERE received = 1;
CREATE INDEX packages_by_batch ON packages (batch);

CREATE TABLE package_dossiers (
  package BIGINT NOT NULL REFERENCES packages (package),
  folder TEXT NOT NULL,
  -- Its number where it was packed; a dossier that is put together anew may lose it.
  dossier BIGINT NOT NULL,
  dossier_no TEXT NOT NULL,
  title TEXT NOT NULL,
  pages BIGINT NOT NULL,
  PRIMARY KEY (package, folder)
);
CREATE INDEX package_dossiers_by_dossier ON package_dossiers (dossier);

CREATE TRIGGER packages_are_settled_once BEFORE UPDATE ON packages
WHEN OLD.settled_at <> '' OR NEW.package <> OLD.package OR NEW.kind <> OLD.kind
  OR NEW.received <> OLD.received OR NEW.package_id <> OLD.package_id OR NEW.sender <> OLD.sender
  OR NEW.recipient <> OLD.recipient OR NEW.purpose <> OLD.purpose
  OR NEW.legal_basis <> OLD.legal_basis OR NEW.manifest <> OLD.manifest OR NEW.items <> OLD.items
  OR NEW.pages <> OLD.pages OR NEW.files <> OLD.files OR NEW.bytes <> OLD.bytes
  OR NEW.signed_by <> OLD.signed_by OR NEW.sealed <> OLD.sealed OR NEW.batch IS NOT OLD.batch
  OR NEW.made_by <> OLD.made_by OR NEW.made_at <> OLD.made_at
BEGIN
  SELECT RAISE(ABORT, 'what a package was is never changed');
END;

CREATE TRIGGER packages_are_not_deleted BEFORE DELETE ON packages
BEGIN
  SELECT RAISE(ABORT, 'a package is never taken out of the register');
END;

CREATE TRIGGER package_dossiers_are_not_changed BEFORE UPDATE ON package_dossiers
BEGIN
  SELECT RAISE(ABORT, 'what a package held is never changed');
END;

CREATE TRIGGER package_dossiers_are_not_deleted BEFORE DELETE ON package_dossiers
BEGIN
  SELECT RAISE(ABORT, 'what a package held is never deleted');
END;
