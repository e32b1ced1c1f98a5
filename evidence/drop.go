package evidence

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Why a record was dropped, as the log has it.
const (
	WhyForgotten = "forgotten"
	WhyAge       = "age"
	WhySize      = "size"
)

// Forget drops the payload that a record has, and with it every record of the
// same payload, salts and all. The log tells that they were dropped and when,
// and nothing more. It returns how many records that were; ErrNotKept if there
// is no such record, or none any more.
//
// The log is written first: a process killed then has forgotten once the store
// is next opened for writing. Copies elsewhere (proofs, exports) are the
// caller's.
func (s *Store) Forget(ctx context.Context, digest string) (int, error) {
	n := 0
	err := s.write(ctx, func() error {
		e := s.v.entries[digest]
		if e == nil {
			return ErrNotKept
		}
		var gone []entry
		for _, other := range s.v.files {
			if _, dropped := s.v.dropped[other.leaf]; !dropped && other.payload == e.payload {
				gone = append(gone, other)
			}
		}
		n = len(gone)
		return s.drop(gone, WhyForgotten)
	})
	if err != nil {
		return 0, fmt.Errorf("forgetting evidence: %w", err)
	}
	return n, nil
}

// drop logs that records are dropped and then removes them.
func (s *Store) drop(gone []entry, why string) error {
	for len(gone) > 0 {
		batch := gone[:min(len(gone), maxBatch)]
		gone = gone[len(batch):]
		var leaves []leaf
		for _, e := range batch {
			leaves = append(leaves, droppedLeaf(e.leaf, why, s.now()))
		}
		if err := s.append(leaves); err != nil {
			return err
		}
		if err := s.erase(batch); err != nil {
			return err
		}
	}
	return s.v.scan()
}

// erase removes files whose drop is in the log.
func (s *Store) erase(gone []entry) error {
	dirs := map[string]bool{}
	for _, e := range gone {
		if err := s.v.d.remove(e.path()); err != nil {
			return err
		}
		dirs[e.dir()] = true
	}
	for dir := range dirs {
		if err := s.v.d.sync(dir); err != nil {
			return err
		}
	}
	return nil
}

// Limits say what need not be kept. The zero value of each is no limit.
type Limits struct {
	MaxBytes    int64         // of all records' files
	MaxAge      time.Duration // of a record that nothing cites, since it was kept
	CitedMaxAge time.Duration // of one that something cites
	// Cited tells whether a ledger names the record. It must not call the store.
	// nil: everything is cited.
	Cited func(digest string) (bool, error)
	// CitedToo lets MaxBytes take cited records as well, once no other is left.
	// Without it they stay, and Bounded.Over says by how much it is too much.
	CitedToo bool
	// Grace is how long a record is safe from everything but Forget: what was
	// just kept is cited only when its caller commits. 0 is an hour.
	Grace time.Duration
}

// Bounded is what Bound did.
type Bounded struct {
	Dropped      int   // records
	DroppedCited int   // of these, records that something cites
	Freed        int64 // bytes
	Bytes        int64 // of all records' files, now
	Over         int64 // of these, more than MaxBytes
}

// Bound drops what is beyond the limits, the oldest first and what nothing cites
// before what something cites. Each drop is a leaf of the log. A payload that a
// younger or cited record refers to is as young, or as cited, as that.
func (s *Store) Bound(ctx context.Context, l Limits) (Bounded, error) {
	if l.Grace == 0 {
		l.Grace = time.Hour
	}
	var done Bounded
	err := s.write(ctx, func() error {
		all, err := s.standing(l)
		if err != nil {
			return err
		}
		now := s.now()
		for _, c := range all {
			done.Bytes += c.size
		}
		drop := map[string][]entry{}
		for _, c := range all {
			if err := ctx.Err(); err != nil {
				return err
			}
			age := now.Sub(s.v.keptAt(c.youngest))
			limit := l.MaxAge
			if c.cited {
				limit = l.CitedMaxAge
			}
			why := ""
			switch {
			case age < l.Grace:
			case limit > 0 && age > limit:
				why = WhyAge
			case l.MaxBytes > 0 && done.Bytes > l.MaxBytes && (!c.cited || l.CitedToo):
				why = WhySize
			}
			if why == "" {
				continue
			}
			drop[why] = append(drop[why], c.entry)
			done.Dropped++
			if c.cited {
				done.DroppedCited++
			}
			done.Freed += c.size
			done.Bytes -= c.size
		}
		if l.MaxBytes > 0 {
			done.Over = max(0, done.Bytes-l.MaxBytes)
		}
		for _, why := range []string{WhyAge, WhySize} {
			// Who refers to a payload goes before it, should this die in between.
			slices.SortStableFunc(drop[why], func(a, b entry) int { return cmp.Compare(b2i(b.again), b2i(a.again)) })
			if len(drop[why]) > 0 {
				if err := s.drop(drop[why], why); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return Bounded{}, fmt.Errorf("bounding the evidence store: %w", err)
	}
	return done, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// candidate is a record and what speaks for keeping it.
type candidate struct {
	entry
	youngest int64 // leaf of the youngest record that needs it, itself included
	cited    bool
}

// standing are all records in the order in which they may go.
func (s *Store) standing(l Limits) ([]candidate, error) {
	// Those that refer come before the one that holds: its age is then known.
	files := slices.Clone(s.v.files)
	slices.SortFunc(files, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b2i(b.again), b2i(a.again)), cmp.Compare(a.leaf, b.leaf))
	})
	users := map[string]candidate{} // by payload: the youngest, and whether any is cited
	var all []candidate
	for _, e := range files {
		if _, gone := s.v.dropped[e.leaf]; gone {
			continue
		}
		c := candidate{entry: e, youngest: e.leaf, cited: true}
		if l.Cited != nil {
			var err error
			if c.cited, err = l.Cited(e.digest); err != nil {
				return nil, err
			}
		}
		u := users[e.payload]
		if e.again {
			users[e.payload] = candidate{youngest: max(u.youngest, e.leaf), cited: u.cited || c.cited}
		} else {
			c.youngest, c.cited = max(u.youngest, e.leaf), u.cited || c.cited
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b2i(a.cited), b2i(b.cited)), cmp.Compare(a.youngest, b.youngest))
	})
	return all, nil
}

// Usage is how much the store holds.
type Usage struct {
	Records int
	Bytes   int64 // of the records' files
	Log     int64 // bytes
	Leaves  int64
}

// Usage counts what the store holds.
func (s *Store) Usage() (Usage, error) {
	var u Usage
	err := s.read(func(v *view) error {
		u.Log, u.Leaves = v.st.end, v.st.edge.n
		for _, e := range v.files {
			if _, gone := v.dropped[e.leaf]; !gone {
				u.Records++
				u.Bytes += e.size
			}
		}
		return nil
	})
	return u, err
}
