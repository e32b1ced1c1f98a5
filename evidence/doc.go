// Package evidence keeps the source's own bytes: each answer that leads to an
// event and each complete sweep's list of ids, as WARC 1.1, under a
// tamper-evident log.
//
// A store is a folder:
//
//	key, key.pub         the log's signing key (unless Options.Key makes it) and its public half; made together with the log, never later
//	log                  append-only text: one line a leaf, and after each commit a signed checkpoint
//	records/ab/….warc.gz one file a record, named by its digest, its payload's and its leaf's number
//	incoming/            records on their way in; empty unless a process died
//	lock                 held by the process that is writing
//
// A file is a small WARC: warcinfo, the request, the response (or a resource, for
// a document of our own, or a revisit, where another file has the same payload
// already), and the seal, a metadata record. Each is a gzip member.
//
// # What is promised
//
// Keep returns after the record's file, its folder and the log's new checkpoint
// have reached the disk, so that the caller may then commit the event that
// rests on it. A process killed at any point leaves a store which the next Open
// repairs: a record is either committed with its leaf, or was never there.
//
// A record's digest is the SHA-256 of its uncompressed WARC bytes, but for the
// last record of the file, the seal, which holds the salt. The log's leaf holds
// neither the digest nor anything else that could be guessed: it is the root of
// a small tree whose entries (what the record is, then each row of a list page)
// are each blinded by a salt of their own, derived from the record's. One row
// can so be shown without the others, and once Forget has dropped a file, and the
// salt with it, the leaf says nothing about what had been there, while the log
// stays whole. Whoever keeps the record's digest elsewhere keeps a trace of it.
//
// No record goes but by Forget and Bound, and each that goes has a leaf that says
// so, and why: a leaf with neither record nor drop fails Verify.
//
// # What is not
//
// Who can write the folder can read a key that stands in it, and could write
// another history. Only a checkpoint kept elsewhere (a digest mailed to the
// lawyers, a pack) shows that: Verify takes such checkpoints and refuses a log
// that does not continue them. A log whose end was cut off together with the
// records that it had shows only against one of those, or against the ledger,
// whose events name records that are then missing. Where the records are still
// there, Verify refuses the log, and the next Open for writing adopts them: they
// stand in the log again, marked, and with the time of that.
//
// The package knows no watchlist person. Its methods may be called from any
// goroutine, and by several processes on one folder.
package evidence
