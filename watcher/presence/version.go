package presence

import (
	"time"

	"tocsin"
)

// A versioned list is published whole from time to time, each time under a
// version of its own. Nobody can ask it about one entry: what it does not say is
// all that there is to go by. So an entry has disappeared only when two successive
// complete versions do not have it and no other entry has taken it up; that is
// inferred, unless the list itself names what it removed. Too many at once are held
// back until the list names them (CONTRACT.md, "other sources than INTERPOL").

// versionsToMiss is how many complete versions have to be without an entry.
const versionsToMiss = 2

// Entry is one row of a versioned list.
type Entry struct {
	Notice    tocsin.Notice
	Referents []string // ids that were merged into this one
	SameAs    string
}

// Move says that an entry goes on under another id.
type Move struct {
	From string
	To   tocsin.Notice
}

// Reading is a reading of a versioned list under way.
type Reading struct {
	Began        int64     // number of the source's look before it
	Look         int64     // and of what is committed now
	FirstDone    bool      // a complete look has been
	LastComplete time.Time // its end
	At           time.Time // when what is taken in was read
	// Met reports whether the reading has handed on a row of this id already.
	Met func(id string) bool
}

// Row says what one row changes. held is what is held under its id and under its
// referents', as far as anything is; what the same reading changed before is in it.
func (r Reading) Row(e Entry, held map[string]tocsin.Held) Result {
	c := comparison{
		st: State{FirstDone: r.FirstDone, LastComplete: r.LastComplete, Held: map[string]tocsin.Held{}},
		s:  tocsin.Snapshot{Look: r.Look, Kind: tocsin.LookSweep}, held: map[string]tocsin.Held{},
	}
	id := e.Notice.ID
	before, known := held[id]
	// What stands in the list under its own id was merged into nothing.
	var taken []tocsin.Held
	for _, ref := range e.Referents {
		if h, ok := held[ref]; ok && ref != id && !r.Met(ref) && (h.Absence.Listed() || !known && h.Absence == tocsin.Gone) {
			taken = append(taken, h)
		}
	}
	h := before
	switch {
	case known && h.Absence == tocsin.Merged && h.LastLook > r.Began:
		h.Absence = tocsin.Public // one row says so, its own contradicts it: the list is not of one mind
	case known && h.Absence == tocsin.Merged:
		h.Absence = tocsin.Gone // it stands by itself again
	case !known && len(taken) > 0:
		h, known = first(taken), true
		h.Notice.ID, h.Ver, h.Record = id, 0, ""
	}
	if known {
		c.st.Held[id] = h
	}
	c.sight(e.Notice, r.At, "")
	now := c.held[id]
	now.SameAs, now.Into, now.MissedIn, now.Removed = e.SameAs, "", "", false
	now.Ver = max(now.Ver, 1)
	if sameStanding(before, now) {
		delete(c.held, id)
	} else {
		c.held[id] = now
	}
	res := c.result()
	for _, t := range taken {
		for i := range res.Changes {
			res.Changes[i].Was = append(res.Changes[i].Was, t.Notice.ID)
		}
		res.Moves = append(res.Moves, Move{From: t.Notice.ID, To: now.Notice})
		t.Absence, t.Into, t.LastLook, t.Missed, t.MissedIn, t.Removed = tocsin.Merged, id, r.Look, 0, "", false
		t.GoneAt, t.Inferred = time.Time{}, false
		res.Held = append(res.Held, t)
	}
	return res
}

// first is the entry that was seen first, one that is listed before one that is not.
func first(held []tocsin.Held) tocsin.Held {
	best := held[0]
	for _, h := range held[1:] {
		switch a, b := h.Absence.Listed(), best.Absence.Listed(); {
		case a != b:
			if a {
				best = h
			}
		case h.FirstSeen.Before(best.FirstSeen):
			best = h
		}
	}
	return best
}

// sameStanding reports whether nothing but the time of the last sight moved: that
// is not written down for each row, because the last complete look says it for all
// that it did not miss.
func sameStanding(a, b tocsin.Held) bool {
	return a.Ver == b.Ver && a.Missed == b.Missed && a.Absence == b.Absence && a.SameAs == b.SameAs && a.MissedIn == b.MissedIn && a.Removed == b.Removed
}

// Ending is how a reading ended: what of it may be missing.
type Ending struct {
	Version  string          // by which an absence is counted once
	Complete bool            // all of a version was read, and it is not the one that was held
	Delta    bool            // rows that are not in it are still listed
	Removed  map[string]bool // what the list says that it removed
	Mass     bool            // too many are missing at once
}

// Misses reports whether the version is without an entry that is held, in a way
// that counts.
func (r Reading) Misses(h tocsin.Held, e Ending) bool {
	if !e.Complete || !h.Absence.Listed() || r.Met(h.Notice.ID) {
		return false
	}
	if e.Removed[h.Notice.ID] {
		return true
	}
	if e.Version != "" && h.MissedIn == e.Version {
		return false // the same version, read once more
	}
	if e.Delta {
		return h.Removed // it was removed, and nothing has brought it back
	}
	return h.Absence != tocsin.Quarantined
}

// Vouched reports whether the list itself says that it removed an entry.
func (e Ending) Vouched(h tocsin.Held) bool { return h.Removed || e.Removed[h.Notice.ID] }

// Absent counts one version without an entry that it misses, and says that the
// entry is no longer listed if the rules are met.
func (r Reading) Absent(h tocsin.Held, e Ending) Result {
	c := comparison{s: tocsin.Snapshot{Look: r.Look, Ended: r.At}, held: map[string]tocsin.Held{}}
	if h.Missed == 0 {
		h.LastSeen = later(h.LastSeen, r.LastComplete) // which had it
	}
	if e.Version == "" || h.MissedIn != e.Version {
		h.Missed++
	}
	h.MissedIn, h.Removed = e.Version, e.Vouched(h)
	switch {
	case e.Mass && !h.Removed:
		h.Absence = tocsin.Quarantined // and it stays that
	case h.Missed < versionsToMiss:
		if h.Absence != tocsin.Quarantined {
			h.Absence = tocsin.Missing
		}
	case h.Removed:
		c.gone(&h, false, "")
	case h.Absence != tocsin.Quarantined:
		c.gone(&h, true, "")
	}
	if h.Absence == tocsin.Quarantined {
		c.quarantine++
	}
	c.held[h.Notice.ID] = h
	return c.result()
}
