-- +goose Up
-- A story is what one outlet or many tell; its words are those of the first. url_key
-- is its address without what tracks readers, '' where it has none of its own; lead
-- is a digest of its title and first letters, shape one that is near for words that
-- are near. text is '' once it is older than texts are kept.
CREATE TABLE story (
	id        TEXT    NOT NULL PRIMARY KEY,
	source    TEXT    NOT NULL,
	url       TEXT    NOT NULL,
	url_key   TEXT    NOT NULL,
	title     TEXT    NOT NULL,
	text      TEXT    NOT NULL,
	language  TEXT    NOT NULL,
	lead      TEXT    NOT NULL,
	shape     INTEGER NOT NULL,
	published INTEGER NOT NULL,
	seen_at   INTEGER NOT NULL,
	record    TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX story_address ON story (url_key) WHERE url_key <> '';
CREATE INDEX story_seen ON story (seen_at);

-- Where a story stood: each outlet once, with the address it had there.
CREATE TABLE telling (
	story     TEXT    NOT NULL REFERENCES story (id),
	source    TEXT    NOT NULL,
	url       TEXT    NOT NULL,
	url_key   TEXT    NOT NULL,
	title     TEXT    NOT NULL,
	outlet    TEXT    NOT NULL,
	published INTEGER NOT NULL,
	seen_at   INTEGER NOT NULL,
	PRIMARY KEY (story, source, url_key)
) STRICT;
CREATE INDEX telling_address ON telling (url_key) WHERE url_key <> '';

-- How many requests were made to the source's host on a day, which is given by its
-- begin in UTC.
ALTER TABLE source ADD COLUMN asked_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
