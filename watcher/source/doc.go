// Package source is the one way out to the net: a Fetcher that asks for one
// document and says exactly why it did not get it, and a Pacer that lets
// requests out one at a time, evenly, and stops asking who refuses. What it
// asks for depends on the source alone; the package knows no Person.
package source

import (
	"time"

	"tocsin"
)

// Failure is why a document was not had. Its words name no address, query or
// person.
type Failure struct {
	Cause      tocsin.Cause  // CauseRefused, CauseUnreachable or CauseMalformed
	Status     int           // of the answer; 0 if there was none
	RetryAfter time.Duration // what the service asks for, 0 if nothing
	Why        string        // as in "refused (403)"
	// Held reports that nothing was asked: an earlier failure's wait is not over.
	Held bool
}

// Error is Why.
func (f *Failure) Error() string { return f.Why }
