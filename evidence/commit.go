package evidence

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Keep keeps one exchange. It returns when the record, its folder and the log's
// new checkpoint have reached the disk: the caller may then commit what rests
// on it. The same exchange twice is one record; the same payload in another
// exchange is written once, and again only by reference.
// The error is ErrExchange, ErrTampered, ctx's or the file system's.
func (s *Store) Keep(ctx context.Context, x Exchange) (Record, error) {
	r, err := s.KeepAll(ctx, []Exchange{x})
	if err != nil {
		return Record{}, err
	}
	return r[0], nil
}

// KeepIndex keeps the ids that a complete sweep saw; see Index.
func (s *Store) KeepIndex(ctx context.Context, source string, look int64, at time.Time, ids []string) (Record, error) {
	x, err := Index(source, look, at, ids)
	if err != nil {
		return Record{}, err
	}
	return s.Keep(ctx, x)
}

// KeepAll keeps several exchanges under one checkpoint, all or none, and at less
// cost than one by one. The records are in the order of the exchanges.
func (s *Store) KeepAll(ctx context.Context, xs []Exchange) ([]Record, error) {
	whole := make([]*content, len(xs))
	for i, x := range xs {
		c, err := newContent(x, nil)
		if err != nil {
			return nil, err // before anything is locked: the caller's fault
		}
		whole[i] = c
	}
	if len(xs) == 0 {
		return nil, nil
	}
	if len(xs) > maxBatch {
		return nil, refuse("too many at once")
	}
	records := make([]Record, len(xs))
	err := s.write(ctx, func() error { return s.keep(whole, records) })
	if err != nil {
		return nil, fmt.Errorf("keeping evidence: %w", err)
	}
	return records, nil
}

// keep is given contents with their payloads and fills in records.
func (s *Store) keep(whole []*content, records []Record) error {
	var batch commit
	fresh := map[string]*content{} // by payload and by digest: what this batch holds
	for i, c := range whole {
		if e := s.v.entries[c.digest]; fresh[c.digest] != nil || e != nil && s.v.sound(e) {
			records[i] = Record{Digest: c.digest, Again: true}
			if f := fresh[c.digest]; f != nil {
				records[i] = Record{Digest: f.digest, Again: true}
			}
			continue
		}
		holder := fresh[c.payload]
		if h := s.v.holders[c.payload]; holder == nil && h != nil && len(c.x.Body) > 0 {
			// One that can no longer be read must not be built on. Whether it is
			// its leaf's does not matter here: its payload is the one of its name.
			if held, err := s.v.open(h); err == nil {
				holder = held.content
			}
		}
		digest := c.digest
		if holder != nil {
			var err error
			if c, err = newContent(c.x, holder); err != nil {
				return err
			}
		}
		records[i] = Record{Digest: c.digest, Again: c.again}
		if e := s.v.entries[c.digest]; c.again && e != nil && s.v.sound(e) {
			fresh[digest] = c
			continue
		}
		fresh[c.digest], fresh[digest] = c, c
		if !c.again && len(c.x.Body) > 0 {
			fresh[c.payload] = c
		}
		if err := batch.add(s, &sealed{content: c, salt: newSalt()}); err != nil {
			return err
		}
	}
	return batch.do(s)
}

// commit is records on their way in. What is done, in order: the files into
// incoming; the log's leaves and checkpoint, by which they are committed; the
// files into their places.
type commit struct {
	leaves  []leaf
	entries []entry
	files   [][]byte
}

func (c *commit) add(s *Store, r *sealed) error {
	_, root, err := r.tree()
	if err != nil {
		return err
	}
	file, err := r.encode(s.zw)
	if err != nil {
		return err
	}
	c.entries = append(c.entries, entry{
		digest: r.digest, payload: r.payload, again: r.again, coming: true,
		leaf: s.v.st.edge.n + int64(len(c.leaves)), size: int64(len(file)),
	})
	c.leaves = append(c.leaves, recordLeaf(leafRecord, root))
	c.files = append(c.files, file)
	return nil
}

func (c *commit) do(s *Store) error {
	if len(c.leaves) == 0 {
		return nil
	}
	for i, e := range c.entries {
		if err := s.v.d.create(e.path(), c.files[i]); err != nil {
			return err
		}
	}
	if err := s.v.d.sync(incomingDir); err != nil {
		return err
	}
	if err := s.append(c.leaves); err != nil {
		return err
	}
	for _, e := range c.entries {
		s.v.hold(e)
	}
	if err := s.place(c.entries); err != nil {
		return err
	}
	for _, e := range c.entries {
		e.coming = false
		s.v.files = append(s.v.files, e)
	}
	return nil
}

// place moves committed records from incoming to where they stay. Their removal
// from incoming need not last: what shows up there again is placed again.
func (s *Store) place(entries []entry) error {
	dirs := map[string]bool{}
	for _, e := range entries {
		from := e.path()
		e.coming = false
		if dir := e.dir(); !dirs[dir] {
			if err := s.v.d.mkdir(dir); err != nil {
				return err
			}
			dirs[dir] = true
		}
		if err := s.v.d.rename(from, e.path()); err != nil {
			return err
		}
		s.v.hold(e)
	}
	for dir := range dirs {
		if err := s.v.d.sync(dir); err != nil {
			return err
		}
	}
	return nil
}

// append commits leaves to the log, under a new checkpoint.
func (s *Store) append(leaves []leaf) error {
	next := s.v.st.edge.clone()
	var b bytes.Buffer
	for _, l := range leaves {
		next.add(l.hash())
		b.WriteString(string(l))
	}
	point, err := signCheckpoint(tlog.Tree{N: next.n, Hash: next.root()}, s.now(), s.signer)
	if err != nil {
		return err
	}
	b.Write(point.signed)
	if err := s.v.d.append(logName, s.v.st.end, b.Bytes()); err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	for i, l := range leaves {
		s.v.add(s.v.st.edge.n+int64(i), l)
	}
	s.v.signed(point)
	s.v.st = logState{s.v.st.end + int64(b.Len()), next, point}
	return nil
}

// settle brings the store to where the last commit left it, whoever made that
// and whatever it died of. It is called with the lock, before anything else.
func (s *Store) settle() error {
	coming, err := os.ReadDir(s.v.d.path(incomingDir))
	if err != nil {
		return err
	}
	end := s.v.st.end
	size, err := s.v.readLog()
	if err != nil {
		return err
	}
	if size > s.v.st.end {
		if err := s.v.d.truncate(logName, s.v.st.end); err != nil {
			return err
		}
		s.repaired.Torn += size - s.v.st.end
	}
	if !s.stale && s.v.st.end == end && len(coming) == 0 {
		return nil
	}
	s.stale = true
	if err := s.v.scan(); err != nil {
		return err
	}
	if err := s.finish(); err != nil {
		return err
	}
	if err := s.clear(); err != nil {
		return err
	}
	if err := s.adopt(); err != nil {
		return err
	}
	if err := s.v.scan(); err != nil {
		return err
	}
	s.stale = false
	return nil
}

// finish places what is committed and removes what is not.
func (s *Store) finish() error {
	found, odd, err := s.v.list(true)
	if err != nil {
		return err
	}
	var committed []entry
	for _, e := range found {
		if _, gone := s.v.dropped[e.leaf]; !gone && s.v.sound(&e) {
			committed = append(committed, e)
			continue
		}
		odd = append(odd, e.path())
	}
	for _, name := range odd {
		if err := s.v.d.remove(name); err != nil {
			return err
		}
		s.repaired.Discarded++
	}
	s.repaired.Finished += len(committed)
	return s.place(committed)
}

// clear removes the files of records whose drop is in the log.
func (s *Store) clear() error {
	found, _, err := s.v.list(false)
	if err != nil {
		return err
	}
	var gone []entry
	for _, e := range found {
		if _, ok := s.v.dropped[e.leaf]; ok {
			gone = append(gone, e)
		}
	}
	s.repaired.Cleared += len(gone)
	return s.erase(gone)
}

// adopt logs again the records that stand in their places while the log's end,
// which had them, is lost.
func (s *Store) adopt() error {
	astray := s.v.astray
	s.v.astray = nil
	for len(astray) > 0 {
		batch := astray[:min(len(astray), maxBatch)]
		astray = astray[len(batch):]
		var leaves []leaf
		var entries []entry
		for _, e := range batch {
			r, err := s.v.open(&e)
			if err != nil {
				continue // stays where it is, for Verify to complain of
			}
			_, root, err := r.tree()
			if err != nil {
				return err
			}
			moved := e
			moved.leaf = s.v.st.edge.n + int64(len(leaves))
			if moved.leaf != e.leaf {
				// Before the log has it, so that dying here leaves it astray still.
				if err := s.v.d.rename(e.path(), moved.path()); err != nil {
					return err
				}
				if err := s.v.d.sync(moved.dir()); err != nil {
					return err
				}
			}
			leaves = append(leaves, recordLeaf(leafAdopted, root))
			entries = append(entries, moved)
			if !moved.again {
				s.v.holders[moved.payload] = &moved
			}
		}
		if err := s.append(leaves); err != nil {
			return err
		}
		for _, e := range entries {
			s.v.hold(e)
		}
		s.repaired.Adopted += len(entries)
	}
	return nil
}
