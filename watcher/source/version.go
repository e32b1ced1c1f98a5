package source

import (
	"time"

	"tocsin"
)

// Row is one entry of a versioned list.
type Row struct {
	Notice    tocsin.Notice // whole, with Detail
	Referents []string      // ids that were merged into this one: none of them has disappeared
	SameAs    string        // the id under which the list that this one copies has it ("2026/48213"), "" unknown
}

// Version is what one reading of a versioned list came to. A versioned source
// has
//
//	Poll(ctx context.Context, kept []byte, row func(Row) error) (Version, []byte, error)
//
// kept is what the source wants kept between two polls, nil at first; what it
// hands back is to be kept with what came of the Version, and not otherwise.
// Rows come one by one and are never all in memory, each id once. row does the
// same for every Row, whoever it names: the source's host could see a reader
// that tarries. An error of row ends the reading and is returned as it is. The
// error is otherwise ctx's; a fault of the service is in the Version.
type Version struct {
	Began, Ended time.Time
	ID           string    // as its source names it; "" if that was not learned
	Unchanged    bool      // it is the version that was held: nothing else was fetched, no row was handed on
	Delta        bool      // the rows are those that changed; what was held and is not in Removed is still listed
	Removed      []string  // ids that a delta says are listed no more; only of a Complete one
	DataAt       time.Time // of the data, not of the download; zero: not said
	Complete     bool      // the version was read whole, or is Unchanged
	Listed       int       // how many there are in the version, where that is known; 0 of a Delta
	Seen         int       // rows handed on; of an Unchanged version, that there were
	Requests     int
	Cause        tocsin.Cause // why it is not Complete; "" if it is
	Why          string       // the same in words, without any name
	Answer       *Answer      // kept as evidence, nil if there is nothing to keep
}
