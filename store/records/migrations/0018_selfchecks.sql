-- Looks for what is weak (R15): when, by whom, how many findings, and the report, which is an object.
CREATE TABLE selfchecks (
  selfcheck INTEGER PRIMARY KEY AUTOINCREMENT,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  findings INTEGER NOT NULL,
  report_blob TEXT NOT NULL
);
