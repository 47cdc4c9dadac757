-- What an item was when its appraisal ended: SHA-256 of its contents, type, day and period. Empty:
-- it is open, or ended before this was kept.
ALTER TABLE appraisals ADD COLUMN contents TEXT NOT NULL DEFAULT '';
