package opensanctions_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/watcher/source"
	"tocsin/watcher/source/opensanctions"
)

const dataset = "interpol_red_notices"

var morning = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// desk is a source over a mirror, and what the watch would keep of it.
type desk struct {
	t      *testing.T
	mirror *sim.Mirror
	src    *opensanctions.Source
	now    time.Time
	kept   []byte
	asked  int // requests that were looked at
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	m, err := sim.NewMirror(dataset)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{t: t, mirror: m, now: morning.Add(time.Hour)}
	d.open(source.FetchOptions{})
	return d
}

func (d *desk) open(o source.FetchOptions) {
	d.t.Helper()
	o.Own, o.UserAgent, o.Timeout = d.mirror.URL(), "tocsin-test", 5*time.Second
	f, err := source.NewFetcher(o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.src, err = opensanctions.New(opensanctions.Options{
		ID: "mirror", URL: d.mirror.URL(), Dataset: dataset, Fetcher: f, Pacer: source.NewPacer(source.PaceOptions{}), Now: func() time.Time { return d.now },
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// poll polls, and keeps what is to be kept.
func (d *desk) poll() (source.Version, []source.Row) {
	d.t.Helper()
	var rows []source.Row
	v, kept, err := d.src.Poll(context.Background(), d.kept, func(r source.Row) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		d.t.Fatalf("the poll ended with %v", err)
	}
	if v.Seen != len(rows) && !v.Unchanged {
		d.t.Errorf("%d rows were handed on, %d are told", len(rows), v.Seen)
	}
	d.kept = kept
	return v, rows
}

// fetched are the last parts of the paths asked for since it was called last.
func (d *desk) fetched() string {
	all := d.mirror.Requests()
	var out []string
	for _, r := range all[d.asked:] {
		out = append(out, r.Path[strings.LastIndex(r.Path, "/")+1:])
	}
	d.asked = len(all)
	return strings.Join(out, " ")
}

func ids(rows []source.Row) (out []string) {
	for _, r := range rows {
		out = append(out, r.Notice.ID)
	}
	slices.Sort(out)
	return out
}

func copies(rows []sim.Row) (out []sim.Entity) {
	for _, r := range rows {
		out = append(out, sim.Copied(r))
	}
	return out
}

func TestAnUnchangedVersionIsAskedForOnceAndNothingElseIs(t *testing.T) {
	d := newDesk(t)
	people := copies(sim.People(1, 40))
	id := d.mirror.Publish(morning, people...)
	v, rows := d.poll()
	if !v.Complete || v.Unchanged || v.Delta || v.ID != id || v.Listed != 40 || len(rows) != 40 || v.Requests != 2 {
		t.Fatalf("the first reading: %+v", v)
	}
	if got := d.fetched(); got != "index.json entities.ftm.json" {
		t.Errorf("asked for %s", got)
	}
	d.now = d.now.Add(6 * time.Hour)
	v, rows = d.poll()
	if !v.Complete || !v.Unchanged || v.ID != id || v.Listed != 40 || len(rows) != 0 || !v.DataAt.Equal(morning) {
		t.Errorf("an unchanged version: %+v, %d rows", v, len(rows))
	}
	if got := d.fetched(); got != "index.json" {
		t.Errorf("asked for %s", got)
	}
	if r := d.mirror.Requests(); r[len(r)-1].Header.Get("If-None-Match") == "" {
		t.Error("the index was asked for without its validators")
	}
	// A service that says "unchanged" for ever is not believed for ever.
	d.now = d.now.Add(25 * time.Hour)
	if v, _ = d.poll(); !v.Unchanged || !v.Complete {
		t.Errorf("a day later: %+v", v)
	}
	if r := d.mirror.Requests(); r[len(r)-1].Header.Get("If-None-Match") != "" {
		t.Error("the index is never asked for without validators")
	}
	// Not to keep what was handed back is to read it once more.
	d.kept = nil
	if v, rows = d.poll(); len(rows) != 40 || !v.Complete {
		t.Errorf("without what was kept: %+v", v)
	}
}

func TestVersionsAreFollowedByTheirDeltas(t *testing.T) {
	d := newDesk(t)
	people := copies(sim.People(1, 40))
	d.mirror.Publish(morning, people...)
	d.poll()
	d.fetched()
	// Two versions in one poll: one goes, one changes twice, one comes and goes.
	second := slices.Clone(people[1:])
	second[0].Properties = map[string][]string{"name": {"SAMPLE, First"}}
	second = append(second, copies(sim.People(2, 2))...)
	d.mirror.Publish(morning.Add(6*time.Hour), second...)
	third := slices.Clone(second[:len(second)-1])
	third[0].Properties = map[string][]string{"name": {"SAMPLE, Second"}}
	id := d.mirror.Publish(morning.Add(12*time.Hour), third...)
	d.now = morning.Add(13 * time.Hour)
	v, rows := d.poll()
	if !v.Complete || !v.Delta || v.ID != id || !v.DataAt.Equal(morning.Add(12*time.Hour)) {
		t.Fatalf("deltas: %+v", v)
	}
	if got := d.fetched(); got != "index.json delta.json entities.delta.json entities.delta.json" {
		t.Errorf("asked for %s", got)
	}
	if want := []string{second[0].ID, second[len(second)-2].ID}; !slices.Equal(ids(rows), sorted(want)) {
		t.Errorf("rows of %v, want %v, each once", ids(rows), want)
	}
	for _, r := range rows {
		if r.Notice.ID == second[0].ID && r.Notice.Name != "SAMPLE, Second" {
			t.Errorf("what changed twice has the name %q", r.Notice.Name)
		}
	}
	if want := sorted([]string{people[0].ID, second[len(second)-1].ID}); !slices.Equal(sorted(v.Removed), want) {
		t.Errorf("removed %v, want %v", v.Removed, want)
	}
	// After a week the whole file is read, whatever the deltas say.
	d.mirror.Publish(morning.Add(7*24*time.Hour), third[1:]...)
	d.now = morning.Add(7*24*time.Hour + 2*time.Hour)
	if v, rows = d.poll(); v.Delta || !v.Complete || len(rows) != len(third)-1 {
		t.Errorf("after a week: %+v, %d rows", v, len(rows))
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

func TestWhereDeltasDoNotChainTheWholeFileIsRead(t *testing.T) {
	for _, c := range []struct {
		what  string
		fault sim.MirrorFault
		first string // what the poll after the change asks for
		whole bool   // and it came to the whole
		next  string // and the one after that
	}{
		{"deltas that are gone", sim.MirrorNoDelta, "index.json delta.json entities.delta.json", false, "index.json entities.ftm.json"},
		{"a delta with a bad line", sim.MirrorDeltaBroken, "index.json delta.json entities.delta.json", false, "index.json entities.ftm.json"},
		{"a delta cut off", sim.MirrorCut, "index.json delta.json entities.delta.json", false, "index.json entities.ftm.json"},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := newDesk(t)
			people := copies(sim.People(1, 40))
			d.mirror.Publish(morning, people[:38]...)
			d.poll()
			d.mirror.Publish(morning.Add(time.Hour), people...)
			d.fetched()
			d.mirror.Fault(c.fault)
			d.now = d.now.Add(time.Hour)
			v, _ := d.poll()
			if got := d.fetched(); got != c.first || v.Complete != c.whole || v.Cause == "" {
				t.Errorf("asked for %s: %+v", got, v)
			}
			d.mirror.Fault(sim.MirrorWhole)
			v, rows := d.poll()
			if got := d.fetched(); got != c.next || !v.Complete || v.Delta || len(rows) != 40 {
				t.Errorf("then asked for %s: %+v, %d rows", got, v, len(rows))
			}
		})
	}
	t.Run("a version that the deltas do not reach", func(t *testing.T) {
		d := newDesk(t)
		people := copies(sim.People(1, 4))
		d.mirror.Publish(morning, people...)
		d.poll()
		d.fetched()
		d.mirror.Publish(morning.Add(time.Hour), people[1:]...)
		d.mirror.Publish(morning.Add(2*time.Hour), people[2:]...)
		d.mirror.Keep(1)
		d.now = morning.Add(3 * time.Hour)
		v, rows := d.poll()
		if got := d.fetched(); got != "index.json delta.json entities.ftm.json" || !v.Complete || v.Delta || len(rows) != 2 {
			t.Errorf("asked for %s: %+v, %d rows", got, v, len(rows))
		}
	})
}

func TestEachFaultIsToldApartAndNoneIsComplete(t *testing.T) {
	for _, c := range []struct {
		what  string
		do    func(m *sim.Mirror)
		cause tocsin.Cause
		why   string
	}{
		{"refused", func(m *sim.Mirror) { m.Fail(403) }, tocsin.CauseRefused, "refused (403)"},
		{"asked too often", func(m *sim.Mirror) { m.Fail(429) }, tocsin.CauseRefused, "refused (429)"},
		{"down", func(m *sim.Mirror) { m.Fail(503) }, tocsin.CauseUnreachable, "unreachable (503)"},
		{"no such data set", func(m *sim.Mirror) { m.Fail(404) }, tocsin.CauseMalformed, "there is no such data set (404)"},
		{"a page", func(m *sim.Mirror) { m.Fault(sim.MirrorPage) }, tocsin.CauseMalformed, "a page for people"},
		{"an index that breaks off", func(m *sim.Mirror) { m.Fault(sim.MirrorIndexBroken) }, tocsin.CauseMalformed, "JSON that breaks off"},
		{"an export that failed", func(m *sim.Mirror) { m.Fault(sim.MirrorFailed) }, tocsin.CauseMalformed, "its own last export failed"},
		{"a file that ends too soon", func(m *sim.Mirror) { m.Fault(sim.MirrorShort) }, tocsin.CauseMalformed, "the file breaks off there"},
		{"a file of half the size", func(m *sim.Mirror) { m.Fault(sim.MirrorFewer) }, tocsin.CauseMalformed, "not the size"},
		{"a file that is another", func(m *sim.Mirror) { m.Fault(sim.MirrorOther) }, tocsin.CauseMalformed, "checksum"},
		{"a bad line", func(m *sim.Mirror) { m.Fault(sim.MirrorBadLine) }, tocsin.CauseMalformed, "not JSON"},
		{"a connection cut", func(m *sim.Mirror) { m.Fault(sim.MirrorCut) }, tocsin.CauseUnreachable, "cut off"},
		{"a version gone back", func(m *sim.Mirror) { m.Fault(sim.MirrorStill) }, tocsin.CauseMalformed, "the version went back"},
		{"nobody left", func(m *sim.Mirror) { m.Publish(morning.Add(9 * 24 * time.Hour)) }, tocsin.CauseMalformed, "held somebody before"},
	} {
		t.Run(c.what, func(t *testing.T) {
			d := newDesk(t)
			people := copies(sim.People(1, 60))
			d.mirror.Publish(morning, people...)
			d.mirror.Publish(morning.Add(time.Minute), people[:50]...)
			d.poll()
			before := d.kept
			if c.what != "a version gone back" && c.what != "nobody left" {
				d.mirror.Publish(morning.Add(8*24*time.Hour), people...) // so long after that the whole file is due
			}
			d.now = morning.Add(9*24*time.Hour + time.Hour)
			c.do(d.mirror)
			v, rows := d.poll()
			if v.Complete || v.Cause != c.cause || !strings.Contains(v.Why, c.why) {
				t.Errorf("%+v", v)
			}
			if string(d.kept) != string(before) {
				t.Error("what is kept is another, though nothing whole was read")
			}
			if v.Unchanged || v.Delta || len(v.Removed) > 0 {
				t.Errorf("a fault tells of a version: %+v", v)
			}
			if strings.Contains(c.why, "not JSON") && len(rows) != 60 {
				t.Errorf("%d rows besides the bad line, want 60: who stands behind it need not wait", len(rows))
			}
			for _, p := range people {
				if strings.Contains(v.Why, p.Caption) {
					t.Error("a name is in why")
				}
			}
			// Once it is mended the version is read.
			d.mirror.Fail(0)
			d.mirror.Fault(sim.MirrorWhole)
			d.mirror.Publish(morning.Add(9*24*time.Hour+time.Minute), people[:55]...)
			if v, rows = d.poll(); !v.Complete || v.Delta || len(rows) != 55 {
				t.Errorf("afterwards: %+v, %d rows", v, len(rows))
			}
		})
	}
}

func TestAnErrorOfRowEndsTheReading(t *testing.T) {
	d := newDesk(t)
	d.mirror.Publish(morning, copies(sim.People(1, 40))...)
	full, seen := errors.New("the store is full"), 0
	v, kept, err := d.src.Poll(context.Background(), nil, func(source.Row) error {
		if seen++; seen == 3 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || v.Complete || kept != nil || seen != 3 {
		t.Errorf("%v after %d rows: %+v", err, seen, v)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, _, err = d.src.Poll(ctx, nil, func(source.Row) error { cancel(); return ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a poll that was stopped ended with %v", err)
	}
}

func TestRequestsDependOnTheDataSetAlone(t *testing.T) {
	run := func() string {
		d := newDesk(t)
		people := copies(sim.People(3, 30))
		for i := range 3 {
			d.mirror.Publish(morning.Add(time.Duration(i)*time.Hour), people[:10+10*i]...)
			d.now = morning.Add(time.Duration(i)*time.Hour + time.Minute)
			d.poll()
		}
		var b strings.Builder
		for _, r := range d.mirror.Requests() {
			fmt.Fprintf(&b, "%s\n", r.Bytes())
		}
		return b.String()
	}
	one, other := run(), run()
	if one != other {
		t.Errorf("two runs asked for different things:\n%s\n%s", one, other)
	}
}

func TestALineThatIsTooLongIsAFaultAndTheRestIsRead(t *testing.T) {
	long := `{"id":"b","schema":"Person","properties":{"name":["` + strings.Repeat("x", 5<<20) + `"]}}`
	text := strings.Join([]string{`{"id":"a"}`, long, "", `{"id":"c"}`}, "\n")
	var got []string
	err := opensanctions.Lines(strings.NewReader(text), func(line []byte) error {
		got = append(got, string(line))
		return nil
	})
	if want := []string{`{"id":"a"}`, `{"id":"c"}`}; !slices.Equal(got, want) {
		t.Errorf("read %d lines: %.80q", len(got), got)
	}
	if err == nil || !strings.Contains(err.Error(), "line 2: longer than 4 MiB") {
		t.Errorf("the error is %v", err)
	}
	// A file of nothing but bad lines is given up.
	n := 0
	err = opensanctions.Lines(strings.NewReader(strings.Repeat("x\n", 5000)), func([]byte) error { n++; return errors.New("no") })
	if n > 200 || err == nil || !strings.Contains(err.Error(), "the rest was not read") {
		t.Errorf("%d lines were tried: %v", n, err)
	}
}
