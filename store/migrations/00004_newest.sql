-- +goose Up
-- When the newest page was answered each time it was due: from the first of such
-- answers to the last. Between two spans nobody saw what was new.
CREATE TABLE newest (
	source TEXT    NOT NULL,
	since  INTEGER NOT NULL,
	until  INTEGER NOT NULL,
	PRIMARY KEY (source, since)
) STRICT, WITHOUT ROWID;
