-- +goose Up
-- Of versioned lists: the version that a source was last read at and from when its
-- data was, also look by look; and of each entry the id under which the list that it
-- copies has it, the id under which it goes on, the version that it was last missing
-- from, and whether the list itself says that it removed it.
ALTER TABLE source ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN data_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE look ADD COLUMN data_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN same_as TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN into_id TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN missed_in TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notice_same_as ON notice (source, same_as) WHERE same_as <> '';
