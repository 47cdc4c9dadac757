-- What lies outside the ledger and must not change without an entry in it: SHA-256 of the settings
-- (juanzong.toml) as the last process that wrote here found them, and of the text of schema_version.
-- docs/STORE_FORMAT.md, "Records".
CREATE TABLE kept_digests (
  what TEXT PRIMARY KEY CHECK (what IN ('settings', 'schema_version')),
  sha256 TEXT NOT NULL
);
