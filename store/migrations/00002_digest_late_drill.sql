-- +goose Up
-- Each digest's period: it ends at until, an hour of its notifier's schedule, and
-- begins where the one before ended. No message: there was nothing to say.
CREATE TABLE digest (
	notifier TEXT    NOT NULL,
	until    INTEGER NOT NULL,
	since    INTEGER NOT NULL,
	message  TEXT    REFERENCES message (id),
	PRIMARY KEY (notifier, until)
) STRICT;
CREATE INDEX digest_message ON digest (message) WHERE message IS NOT NULL;

-- An event that a notifier had not taken in time, and that was owed to the
-- others for that reason.
CREATE TABLE late (
	event    TEXT    NOT NULL REFERENCES event (id),
	notifier TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	PRIMARY KEY (event, notifier)
) STRICT, WITHOUT ROWID;

CREATE TABLE drill (
	id        TEXT    NOT NULL PRIMARY KEY,
	asked_at  INTEGER NOT NULL,
	within    INTEGER NOT NULL,
	scheduled INTEGER NOT NULL,
	event     TEXT    REFERENCES event (id),
	ended_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX drill_open ON drill (asked_at) WHERE ended_at = 0;

CREATE INDEX message_gathered ON message (notifier, created_at) WHERE kind = 'gathered';
