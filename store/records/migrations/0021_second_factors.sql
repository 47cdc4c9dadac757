-- What a user has beside a password, to sign in over the network. docs/STORE_FORMAT.md, "Users".
CREATE TABLE second_factors (
  user BIGINT PRIMARY KEY REFERENCES users (user),
  -- Hexadecimal digits: salt, nonce, and the secret sealed by a key made of the password.
  secret TEXT NOT NULL CHECK (secret <> ''),
  made_at TEXT NOT NULL
);
