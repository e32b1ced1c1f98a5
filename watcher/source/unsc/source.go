// Package unsc reads the United Nations Security Council's consolidated list of
// individuals under sanctions, a document of XML that says when it was made.
// What it asks for depends on its options alone; the package knows no Person.
package unsc

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

// Options of a Source. All but Now are required.
type Options struct {
	ID      string // the configured source's
	URL     string // of the list, "https://scsanctions.un.org/resources/xml/en/consolidated.xml"
	Fetcher *source.Fetcher
	Pacer   *source.Pacer
	Now     func() time.Time // time.Now if nil
}

// Source reads the list. Its methods may be called from any goroutine, though
// two polls at once only cost twice.
type Source struct {
	id, address string
	fetcher     *source.Fetcher
	pacer       *source.Pacer
	now         func() time.Time
}

// New fails on an address that cannot be asked.
func New(o Options) (*Source, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the list's url cannot be read: write https://host/path")
	}
	if o.Fetcher == nil || o.Pacer == nil {
		return nil, errors.New("the Security Council's list needs a fetcher and a pacer")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Source{id: o.ID, address: o.URL, fetcher: o.Fetcher, pacer: o.Pacer, now: o.Now}, nil
}

// memory is what is kept between polls.
type memory struct {
	Form    int       `json:"v"`
	Address string    `json:"at"` // hash of the list's
	Version string    `json:"version,omitempty"`
	DataAt  time.Time `json:"data_at,omitzero"`
	People  int       `json:"people,omitempty"`
}

const memoryForm = 1

func (s *Source) recall(kept []byte) memory {
	hash := sha256.Sum256([]byte(s.address))
	at := hex.EncodeToString(hash[:8])
	var m memory
	if json.Unmarshal(kept, &m) != nil || m.Form != memoryForm || m.Address != at {
		return memory{Form: memoryForm, Address: at}
	}
	return m
}

// evidenceMost is how large a list is kept whole as evidence; that of 2026 has
// 2.6 MB.
const evidenceMost = 16 << 20

// Poll reads the list, as source.Version says. Its version is the time at which
// it says that it was made; where that is the one held, the rest is not read.
func (s *Source) Poll(ctx context.Context, kept []byte, each func(source.Row) error) (source.Version, []byte, error) {
	m := s.recall(kept)
	v := source.Version{Began: s.now().UTC()}
	err := s.pacer.Do(ctx, source.Request{Priority: source.PrioritySweep, Ask: func(ctx context.Context) error {
		v.Requests++
		return s.read(ctx, &v, m, each)
	}})
	v.Ended = s.now().UTC()
	if v.DataAt.After(v.Ended) {
		v.DataAt = v.Ended // no list is of tomorrow
	}
	var f *source.Failure
	if errors.As(err, &f) {
		v.Cause, v.Why = f.Cause, f.Why
		return v, kept, nil
	} else if err != nil {
		return v, kept, err
	}
	v.Complete = true
	m.Version, m.DataAt, m.People = v.ID, v.DataAt, v.Listed
	next, err := json.Marshal(m)
	if err != nil {
		return v, kept, fmt.Errorf("keeping the version: %w", err)
	}
	return v, next, nil
}

func (s *Source) read(ctx context.Context, v *source.Version, m memory, each func(source.Row) error) error {
	st, err := s.fetcher.Stream(ctx, s.address)
	if err != nil {
		return err
	}
	defer st.Close()
	copied := &capped{most: evidenceMost}
	r := newReader(io.TeeReader(st, copied))
	v.ID, v.DataAt, err = r.begin()
	if err != nil {
		return failure(st.Answer.Status, err)
	}
	if v.ID == m.Version {
		v.Unchanged, v.Listed, v.Seen = true, m.People, m.People
		return nil
	}
	if v.DataAt.Before(m.DataAt) {
		return malformed(st.Answer.Status, fmt.Errorf("the list went back from that of %s to that of %s", m.DataAt.Format(time.RFC3339), v.DataAt.Format(time.RFC3339)))
	}
	err = r.individuals(func(e element) error {
		row, err := row(e, s.id)
		if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return stop{err}
		}
		v.Seen++
		return nil
	})
	if err == nil {
		err = r.rest()
	}
	if err == nil && v.Seen == 0 {
		err = errNobody
	}
	if err != nil {
		return failure(st.Answer.Status, err)
	}
	v.Listed = v.Seen
	if !copied.over {
		v.Answer = st.Answer
		v.Answer.Body, v.Answer.At = copied.b.Bytes(), s.now()
	}
	return nil
}

// capped keeps what is written to it, up to a bound.
type capped struct {
	b    bytes.Buffer
	most int
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	if c.over = c.over || c.b.Len()+len(p) > c.most; c.over {
		c.b = bytes.Buffer{}
	} else {
		c.b.Write(p)
	}
	return len(p), nil
}

func malformed(status int, err error) *source.Failure {
	return &source.Failure{Cause: tocsin.CauseMalformed, Status: status, Why: fmt.Sprintf("malformed (%d, %s)", status, err)}
}
