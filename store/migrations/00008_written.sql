-- +goose Up
-- Of each process that writes to a server, what its last transaction is known by: it
-- is there if that was committed, whatever server has taken over since. Files do
-- without.
CREATE TABLE written (
	writer TEXT NOT NULL PRIMARY KEY,
	mark TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;
