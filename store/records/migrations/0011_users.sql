-- Users, their posts, and whose signature stands beside theirs. docs/STORE_FORMAT.md, "Users".
-- An outside helper's change is one that somebody of the office signed with them (R51).
ALTER TABLE events ADD COLUMN co_signer TEXT NOT NULL DEFAULT '';

CREATE TABLE users (
  user INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (name <> '' AND name = trim(name)),
  -- The account of the system that is this user; empty: only the password tells.
  account TEXT NOT NULL,
  -- An Argon2id string; empty: none, only the account tells.
  password TEXT NOT NULL,
  -- Of an outside helper: the agreement's number and its last day.
  agreement TEXT NOT NULL,
  works_until TEXT NOT NULL CHECK (works_until = '' OR works_until GLOB '????-??-??'),
  made_at TEXT NOT NULL,
  ended_at TEXT NOT NULL DEFAULT '',
  CHECK ((agreement = '') = (works_until = '')),
  CHECK (account <> '' OR password <> '')
);
CREATE UNIQUE INDEX users_by_account ON users (account) WHERE account <> '' AND ended_at = '';

CREATE TABLE user_posts (
  user BIGINT NOT NULL REFERENCES users (user),
  post TEXT NOT NULL CHECK (post <> ''),
  given_at TEXT NOT NULL,
  PRIMARY KEY (user, post)
);

-- Who did something stays known: nobody is deleted.
CREATE TRIGGER users_are_not_deleted BEFORE DELETE ON users
BEGIN
  SELECT RAISE(ABORT, 'users are ended, never deleted');
END;
