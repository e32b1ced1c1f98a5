package watcher_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/watcher"
	"tocsin/watcher/source"
)

// crowd is a list of very many people, made row by row as it is read; version by
// version one in ten thousand goes.
type crowd struct {
	n, version int
	now        func() time.Time
}

func (c *crowd) Poll(ctx context.Context, kept []byte, row func(source.Row) error) (source.Version, []byte, error) {
	v := source.Version{Began: c.now(), Ended: c.now(), ID: fmt.Sprint("v", c.version), DataAt: c.now(), Complete: true, Requests: 2}
	for i := range c.n {
		if c.version > 1 && i%10_000 == 77 {
			continue
		}
		if err := row(copied(fmt.Sprintf("Q%09d", i*7919), "", fmt.Sprintf("%sOV", spelled(i)), "BASTIEN", tocsin.Date{Year: 1930 + i%70}, "FR")); err != nil {
			return v, kept, err
		}
		v.Seen++
	}
	v.Listed = v.Seen
	return v, []byte(v.ID), nil
}

// spelled is a number as a name that is nobody else's.
func spelled(n int) string {
	syllables := [...]string{"BA", "KO", "MI", "RU", "TE", "ZO", "FA", "NE", "LI", "DU"}
	var b strings.Builder
	for range 6 {
		b.WriteString(syllables[n%10])
		n /= 10
	}
	return b.String()
}

// TestAVeryLongListIsNotHeldInMemory reads TOCSIN_LIST_ROWS people (3,000 unless
// that says otherwise) four times, and prints what that takes.
func TestAVeryLongListIsNotHeldInMemory(t *testing.T) {
	n := 3000
	if x, err := strconv.Atoi(os.Getenv("TOCSIN_LIST_ROWS")); err == nil {
		n = x
	}
	h, _, _ := listHall(t)
	c := &crowd{n: n, now: h.clock.Now}
	l := h.lists[0]
	l.Source = c
	h.lists = []watcher.List{l}
	h.start()
	for range 4 {
		c.version++
		began := time.Now()
		if got := h.polls("mirror", 6*time.Hour); len(got) > 0 {
			t.Fatalf("told %q", kinds(got))
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		t.Logf("version %d: %d rows in %s, heap %d MB in use, %d MB from the system", c.version, n, time.Since(began).Round(time.Millisecond), m.HeapInuse>>20, m.Sys>>20)
	}
	st, err := h.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	gone := 0
	for i := range n {
		if i%10_000 == 77 {
			gone++
		}
	}
	if x := st.Sources[0]; x.Public != n-gone || x.Unconfirmed != 0 {
		t.Errorf("%d are held as listed, want %d: %+v", x.Public, n-gone, x)
	}
}
