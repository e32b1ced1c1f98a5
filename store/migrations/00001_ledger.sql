-- +goose Up
-- Times are nanoseconds since 1970 UTC, 0 where there is none. Nested values are JSON.

CREATE TABLE meta (
	key   TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;

CREATE TABLE source (
	id            TEXT    NOT NULL PRIMARY KEY,
	look          INTEGER NOT NULL,
	plan          BLOB,
	validators    BLOB,
	began         INTEGER NOT NULL,
	last_look     INTEGER NOT NULL,
	last_complete INTEGER NOT NULL,
	newest_at     INTEGER NOT NULL,
	first_done    INTEGER NOT NULL,
	listed        INTEGER NOT NULL,
	seen          INTEGER NOT NULL,
	requests      INTEGER NOT NULL,
	details       INTEGER NOT NULL,
	unreachable   INTEGER NOT NULL,
	complete      INTEGER NOT NULL,
	cause         TEXT    NOT NULL,
	why           TEXT    NOT NULL,
	outage_n      INTEGER NOT NULL,
	outage_since  INTEGER NOT NULL,
		next_try      INTEGER NOT NULL,
	failed        INTEGER NOT NULL,
	tries         INTEGER NOT NULL
) STRICT;

CREATE TABLE look (
	source   TEXT    NOT NULL,
	n        INTEGER NOT NULL,
	kind     TEXT    NOT NULL,
	began    INTEGER NOT NULL,
	ended    INTEGER NOT NULL,
	complete INTEGER NOT NULL,
	exact    INTEGER NOT NULL,
	listed   INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	requests INTEGER NOT NULL,
	cause    TEXT    NOT NULL,
	why      TEXT    NOT NULL,
	PRIMARY KEY (source, n)
) STRICT;

-- The parts of a sweep that is still under way.
CREATE TABLE leaf (
	source  TEXT    NOT NULL,
	cell    TEXT    NOT NULL,
	began   INTEGER NOT NULL,
	total   INTEGER NOT NULL,
	notices TEXT    NOT NULL,
	PRIMARY KEY (source, cell)
) STRICT;

-- Narrow, because a sweep writes every row; what a notice says is in notice_version.
CREATE TABLE notice (
	source     TEXT    NOT NULL,
	id         TEXT    NOT NULL,
	ver        INTEGER NOT NULL,
	first_look INTEGER NOT NULL,
	first_seen INTEGER NOT NULL,
	last_look  INTEGER NOT NULL,
	last_seen  INTEGER NOT NULL,
	missed     INTEGER NOT NULL,
	inferences INTEGER NOT NULL,
	failure    TEXT    NOT NULL,
	absence    TEXT    NOT NULL,
	gone_at    INTEGER NOT NULL,
	inferred   INTEGER NOT NULL,
	detail_at  INTEGER NOT NULL,
	unfiltered INTEGER NOT NULL,
	PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice_version (
	source TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	ver    INTEGER NOT NULL,
	look   INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	body   TEXT    NOT NULL,
	record TEXT    NOT NULL,
	PRIMARY KEY (source, id, ver)
) STRICT;

-- A person is an id and a keyed fingerprint; no name is ever here.
CREATE TABLE person (
	id          TEXT    NOT NULL PRIMARY KEY,
	fingerprint TEXT    NOT NULL,
	screened    TEXT    NOT NULL,
	removed_at  INTEGER NOT NULL
) STRICT;

-- "case" is a word of SQL's own.
CREATE TABLE cases (
	id         TEXT    NOT NULL PRIMARY KEY,
	person     TEXT    NOT NULL,
	source     TEXT    NOT NULL,
	subject    TEXT    NOT NULL,
	article    INTEGER NOT NULL,
	title      TEXT    NOT NULL,
	url        TEXT    NOT NULL,
	state      TEXT    NOT NULL,
	public     INTEGER NOT NULL,
	tier       TEXT    NOT NULL,
	score      REAL    NOT NULL,
	reasons    TEXT    NOT NULL,
	who        TEXT    NOT NULL,
	note       TEXT    NOT NULL,
	decided_at INTEGER NOT NULL,
	opened_at  INTEGER NOT NULL,
	rev        INTEGER NOT NULL,
	UNIQUE (person, source, subject)
) STRICT;
CREATE INDEX cases_subject ON cases (source, subject);

CREATE TABLE decision (
	seq      INTEGER PRIMARY KEY AUTOINCREMENT,
	case_id  TEXT    NOT NULL REFERENCES cases (id),
	action   TEXT    NOT NULL,
	who      TEXT    NOT NULL,
	assignee TEXT    NOT NULL,
	note     TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	key      TEXT    UNIQUE
) STRICT;
CREATE INDEX decision_case ON decision (case_id);

CREATE TABLE event (
	seq        INTEGER PRIMARY KEY AUTOINCREMENT,
	id         TEXT    NOT NULL UNIQUE,
	kind       TEXT    NOT NULL,
	at         INTEGER NOT NULL,
	source     TEXT    NOT NULL,
	person     TEXT    NOT NULL,
	case_id    TEXT    REFERENCES cases (id),
	notifier   TEXT    NOT NULL,
	occurrence INTEGER NOT NULL,
	tier       TEXT    NOT NULL,
	score      REAL    NOT NULL,
	body       TEXT    NOT NULL,
	UNIQUE (case_id, kind, occurrence)
) STRICT;
CREATE UNIQUE INDEX event_sight ON event (source, notifier, kind, occurrence) WHERE case_id IS NULL;
CREATE INDEX event_person ON event (person);
CREATE INDEX event_at ON event (at);

CREATE TABLE message (
	id         TEXT    NOT NULL PRIMARY KEY,
	notifier   TEXT    NOT NULL,
	case_id    TEXT    NOT NULL,
	parent     TEXT    NOT NULL,
	kind       TEXT    NOT NULL,
	state      TEXT    NOT NULL,
	attempts   INTEGER NOT NULL,
	tried_at   INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	ref        TEXT    NOT NULL,
	shown_rev  INTEGER NOT NULL,
	events     TEXT    NOT NULL,
	again      INTEGER NOT NULL,
	why        TEXT    NOT NULL,
	due        INTEGER NOT NULL,
	behind     INTEGER NOT NULL -- 1: shows an older revision of its case than there is
) STRICT;
CREATE INDEX message_case ON message (case_id, notifier);
CREATE INDEX message_open ON message (notifier, created_at) WHERE state IN ('sending', 'unknown', 'retry');
CREATE INDEX message_behind ON message (notifier) WHERE behind = 1;

CREATE TABLE delivery (
	event    TEXT    NOT NULL REFERENCES event (id),
	notifier TEXT    NOT NULL,
	ord      INTEGER NOT NULL,
	state    TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	why      TEXT    NOT NULL,
	due      INTEGER NOT NULL,
	message  TEXT    REFERENCES message (id),
	PRIMARY KEY (event, notifier)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_owed ON delivery (notifier, due) WHERE state = 'pending';
CREATE INDEX delivery_failed ON delivery (notifier) WHERE state = 'failed';
CREATE INDEX delivery_message ON delivery (message) WHERE message IS NOT NULL;

CREATE TABLE lease (
	name   TEXT    NOT NULL PRIMARY KEY,
	holder TEXT    NOT NULL,
	until  INTEGER NOT NULL,
	fence  INTEGER NOT NULL
) STRICT;
