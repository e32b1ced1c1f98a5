-- +goose Up
-- about is what a decision is about beside the case: the day on which a request to
-- the Commission was filed or is admissible, the time of a reminder. second: another
-- person had to agree.
ALTER TABLE decision ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decision ADD COLUMN second INTEGER NOT NULL DEFAULT 0;

-- What is to be said about a case at its time, unless it is not so any more by then.
-- It is a row until it is said, and then says which message it became. With due 0 it
-- sleeps until something is decided. at is when that was
-- which it comes from, since what it counts from, called when it was last said.
CREATE TABLE timer (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	kind     TEXT    NOT NULL,
	phase    TEXT    NOT NULL,
	notifier TEXT    NOT NULL,
	case_id  TEXT    NOT NULL REFERENCES cases (id),
	under    TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	since    INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	called   INTEGER NOT NULL,
	due      INTEGER NOT NULL,
	decision INTEGER REFERENCES decision (seq),
	message  TEXT    REFERENCES message (id)
) STRICT;
CREATE INDEX timer_due ON timer (notifier, due) WHERE message IS NULL AND due > 0;
CREATE INDEX timer_case ON timer (case_id);
CREATE INDEX timer_message ON timer (message) WHERE message IS NOT NULL;
CREATE UNIQUE INDEX timer_call ON timer (notifier, case_id) WHERE kind = 'call' AND message IS NULL;

-- Weak matches go as one list, a message that lives as a case's own does.
CREATE INDEX message_list ON message (notifier, created_at) WHERE kind = 'list';
