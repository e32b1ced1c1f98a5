// Package store is the ledger: what was seen, what happened, what is owed to
// whom and what people decided. It is the truth of the installation and the
// queue at once, in one SQLite file or on a PostgreSQL server.
//
// What must hold together commits together: Observe writes a look, the notices
// it changed, their cases, events and deliveries in one transaction; Claim
// freezes the events of a message before it is sent, Settle writes what came of
// it. A process may be killed between any two statements and nothing is lost.
//
// A person of the watchlist is an opaque id and a keyed fingerprint here. No
// name, birth date or note of the watchlist is ever written.
//
// A Store may be used by many goroutines. Writers take turns on one connection;
// readers have a small pool beside it and see the last commit. Several processes
// may open the same file; only one may open it with Options.Exclusive. On a server
// any number may: what one of them does alone, it holds a Lease for, and does in a
// context that is Under it.
//
// The SQL is written once, in what both databases understand, with $1 for values;
// sqlite: is open.go, backup.go and restore.go, PostgreSQL is postgres.go and
// dialect.go.
package store
