package opensanctions

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1" // the index gives no other sum; it guards against accidents, TLS against the rest
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"

	"tocsin/watcher/source"
)

// Limits of a bulk file, beside its size.
const (
	longestLine = 4 << 20 // bytes
	badMost     = 100     // lines that are not what they should be; then the rest is not read
	changesMost = 300_000 // entities in a chain of deltas
)

var (
	errBreaks  = errors.New("the file breaks off there")
	errEmpty   = errors.New("the file holds nobody, and held somebody before")
	errSum     = errors.New("the file is not the one whose checksum the index gives")
	errSize    = errors.New("the file has not the size that the index gives")
	errChanges = errors.New("more changes than are followed; the whole file is read next")
)

// whole reads the file of all entities.
func (r *reading) whole(x index) error {
	before := r.m.People
	err := r.file(x.full, func(line []byte) error {
		row, err := parseEntity(line, r.id)
		if err != nil || row == nil {
			return err
		}
		return r.hand(*row)
	})
	r.v.Listed = r.v.Seen
	if err == nil && r.v.Seen == 0 && before > 0 {
		err = malformed(http.StatusOK, errEmpty)
	}
	r.m.People, r.m.Full, r.m.NoDeltas = r.v.Seen, r.v.Began, false
	return err
}

// followed reads deltas, the newest first, so that each entity is met in its
// last state first and handed on once.
func (r *reading) followed(chain []string, held memory) error {
	r.v.Delta = true
	met := map[string]bool{}
	for _, address := range chain {
		err := r.file(resource{address: address}, func(line []byte) error {
			c, err := parseChange(line, r.id)
			if err != nil {
				return err
			}
			switch {
			case met[c.id]:
				return nil
			case len(met) >= changesMost:
				return stop{malformed(http.StatusOK, errChanges)}
			}
			met[c.id] = true
			switch {
			case c.removed:
				r.v.Removed = append(r.v.Removed, c.id)
			case c.row != nil:
				return r.hand(*c.row)
			}
			return nil
		})
		if err != nil {
			// What was held stays held, and the next poll does not try deltas again.
			r.m = held
			r.m.NoDeltas = true
			return err
		}
	}
	return nil
}

func (r *reading) hand(row source.Row) error {
	if err := r.row(row); err != nil {
		return stop{err}
	}
	r.v.Seen++
	return nil
}

// stop ends the reading of a file with the error that it holds.
type stop struct{ error }

func (s stop) Unwrap() error { return s.error }

// file hands on a bulk file's lines, one by one. A line that each refuses is a
// fault of the file, but what follows it is read all the same: who stands there
// is not to wait until the file is whole.
func (r *reading) file(of resource, each func(line []byte) error) error {
	return r.pacer.Do(r.ctx, source.Request{Priority: source.PrioritySweep, Ask: func(ctx context.Context) error {
		r.v.Requests++
		s, err := r.fetcher.Stream(ctx, of.address)
		if err != nil {
			return err
		}
		defer s.Close()
		counted := &counter{from: s, sum: sha1.New()}
		if err := lines(counted, each); err != nil {
			return err
		}
		switch {
		case of.sha1 != "" && hex.EncodeToString(counted.sum.Sum(nil)) != of.sha1:
			return malformed(http.StatusOK, errSum)
		case of.sha1 == "" && of.size > 0 && counted.n != of.size:
			return malformed(http.StatusOK, errSize)
		}
		return nil
	}})
}

// counter counts and sums what is read through it.
type counter struct {
	from io.Reader
	sum  hash.Hash
	n    int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}

// lines hands on the lines of a file that are not blank. The error is a
// *source.Failure that names the first bad line, or what a stop holds, or the
// reader's own.
func lines(from io.Reader, each func(line []byte) error) error {
	b := bufio.NewReaderSize(from, 256<<10)
	var first error
	bad := 0
	var long []byte
	for n := 1; ; n++ {
		line, err := b.ReadSlice('\n')
		tooLong := false
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long[:0], line...)
			for errors.Is(err, bufio.ErrBufferFull) {
				line, err = b.ReadSlice('\n')
				if tooLong = tooLong || len(long)+len(line) > longestLine; !tooLong {
					long = append(long, line...)
				}
			}
			line = long
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		line = bytes.TrimSpace(line)
		wrong := error(nil)
		switch {
		case tooLong:
			wrong = fmt.Errorf("longer than %d MiB", longestLine>>20)
		case len(line) > 0:
			wrong = each(line)
		}
		if err != nil && errors.Is(wrong, errNotJSON) {
			wrong = errBreaks
		}
		var end stop
		if errors.As(wrong, &end) {
			return end.error
		}
		if wrong != nil {
			bad++
			if first == nil {
				first = fmt.Errorf("line %d: %w", n, wrong)
			}
		}
		if err == nil && bad < badMost {
			continue
		}
		switch {
		case bad == 0:
			return nil
		case err == nil:
			return malformed(http.StatusOK, fmt.Errorf("%w; the rest was not read, too much of it is so", first))
		case bad > 1:
			return malformed(http.StatusOK, fmt.Errorf("%w, and %d lines more", first, bad-1))
		}
		return malformed(http.StatusOK, first)
	}
}
