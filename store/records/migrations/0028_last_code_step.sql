-- The step of the last one-time code that was taken: none counts twice, whatever was restarted.
ALTER TABLE second_factors ADD COLUMN last_step BIGINT NOT NULL DEFAULT 0;
