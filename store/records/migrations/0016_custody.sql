-- Custody: defects as tasks, what was scrubbed when, media, backups, replicas (docs/DURABILITY.md).

CREATE TABLE custody_tasks (
  task INTEGER PRIMARY KEY,
  object TEXT NOT NULL CHECK (object <> ''),
  -- '' the archive itself, else the folder of a replica.
  place TEXT NOT NULL,
  defect TEXT NOT NULL CHECK (defect <> ''),
  detail TEXT NOT NULL,
  found_at TEXT NOT NULL CHECK (found_at <> ''),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'repaired', 'accepted')),
  closed_at TEXT NOT NULL DEFAULT '',
  closed_by TEXT NOT NULL DEFAULT '',
  method TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  -- Only a whole repair record closes a task.
  CHECK (CASE state WHEN 'open' THEN outcome = '' AND closed_at = ''
         ELSE outcome <> '' AND closed_at <> '' AND closed_by <> '' AND method <> '' AND reason <> '' END)
);
-- A defect that is seen again is the same task.
CREATE UNIQUE INDEX custody_tasks_open ON custody_tasks (object, place) WHERE state = 'open';
CREATE INDEX custody_tasks_by_object ON custody_tasks (object, place);

CREATE TRIGGER custody_tasks_stay BEFORE DELETE ON custody_tasks
BEGIN SELECT RAISE(ABORT, 'a task is never removed'); END;
CREATE TRIGGER custody_tasks_end BEFORE UPDATE ON custody_tasks WHEN OLD.state = 'closed'
BEGIN SELECT RAISE(ABORT, 'a closed task never changes'); END;

CREATE TABLE scrubbed_parts (
  part INTEGER PRIMARY KEY CHECK (part BETWEEN 0 AND 255),
  scrubbed_at TEXT NOT NULL,
  objects BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  defects BIGINT NOT NULL
);

CREATE TABLE media (
  medium TEXT NOT NULL PRIMARY KEY CHECK (medium <> ''),
  site TEXT NOT NULL CHECK (site <> ''),
  place TEXT NOT NULL,
  keeper TEXT NOT NULL CHECK (keeper <> ''),
  read_back_days INTEGER NOT NULL CHECK (read_back_days > 0),
  read_back_due TEXT NOT NULL CHECK (read_back_due <> ''),
  read_back_at TEXT NOT NULL DEFAULT '',
  read_back_by TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '' CHECK (result IN ('', 'sound', 'damaged')),
  copy_taken_at TEXT NOT NULL DEFAULT '',
  registered_at TEXT NOT NULL,
  retired_at TEXT NOT NULL DEFAULT ''
);

CREATE TABLE backups (
  backup TEXT NOT NULL PRIMARY KEY CHECK (backup <> ''),
  repository TEXT NOT NULL,
  medium TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  entries BIGINT NOT NULL,
  objects BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  lacking BIGINT NOT NULL,
  verified_at TEXT NOT NULL DEFAULT '',
  sound BOOLEAN NOT NULL DEFAULT FALSE,
  pruned_at TEXT NOT NULL DEFAULT ''
);

CREATE TABLE replicas (
  folder TEXT NOT NULL PRIMARY KEY CHECK (folder <> ''),
  replicated_at TEXT NOT NULL,
  objects BIGINT NOT NULL,
  copied BIGINT NOT NULL
);
