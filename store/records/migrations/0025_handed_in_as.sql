-- By what a file is known again when it is handed in again: its name with that of the folder that was
-- handed in. Empty: by its name, as it was before.
ALTER TABLE sources ADD COLUMN handed_in_as TEXT NOT NULL DEFAULT '';
