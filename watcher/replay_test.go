package watcher_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tocsin"
	"tocsin/sim"
	"tocsin/watchlist"
)

// saved are the lists that were whole when they were saved, in order
// (data/README.md).
var saved = []string{"2020-12-10", "2023-04-12", "2023-04-13", "2023-05-16"}

func dataFolder(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("TOCSIN_DATA")
	if dir == "" {
		t.Skip("TOCSIN_DATA is not set: the saved lists are not there")
	}
	return dir
}

// said is what a list says of one notice, in a form of its own: the truth is
// not computed by the code under test.
func said(r sim.Row) map[string]string {
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return strings.ToLower(strings.Join(strings.Fields(*p), " "))
	}
	nats := slices.Clone(r.Nationalities)
	slices.Sort(nats)
	return map[string]string{
		"name": text(r.Name), "forename": text(r.Forename), "birth_date": text(r.DateOfBirth),
		"nationalities": strings.Join(nats, " "), "photo": r.Photo,
	}
}

// turns is what must be told about one notice from one list to the next.
func turns(was, is map[string]sim.Row, ever map[string]bool, id string, first bool) []string {
	a, had := was[id]
	b, has := is[id]
	switch {
	case has && first:
		return []string{"listed"}
	case has && !had && ever[id]:
		return []string{"reappeared"}
	case has && !had:
		return []string{"appeared"}
	case had && !has:
		return []string{"disappeared"}
	case had && has:
		before, after := said(a), said(b)
		var fields []string
		for f := range before {
			if before[f] != after[f] {
				fields = append(fields, f)
			}
		}
		if len(fields) > 0 {
			slices.Sort(fields)
			return []string{"changed " + strings.Join(fields, " ")}
		}
	}
	return nil
}

// Lists as they were really served, one after the other: every change about the
// people watched is told once, and nothing that was not.
func TestReplayOfSavedLists(t *testing.T) {
	dir := dataFolder(t)
	lists := make([]map[string]sim.Row, len(saved))
	rows := make([][]sim.Row, len(saved))
	for i, date := range saved {
		list, err := sim.LoadFile(filepath.Join(dir, "interpol", "snapshots", "red-"+date+".ndjson.gz"))
		if err != nil {
			t.Fatal(err)
		}
		rows[i] = sim.Fill(11, list)
		lists[i] = map[string]sim.Row{}
		for _, r := range rows[i] {
			lists[i][r.EntityID] = r
		}
	}
	watched := draw(lists, 200)
	r := newRig(t, &watchlist.List{People: watched.people})
	ever := map[string]bool{}
	told, expected := 0, 0
	for i := range lists {
		r.notices.Replace(rows[i])
		var events []tocsin.Event
		for range 2 { // the second look confirms what the first misses
			events = append(events, r.poll()...)
		}
		was := map[string]sim.Row{}
		if i > 0 {
			was = lists[i-1]
		}
		got := map[string][]string{}
		for _, e := range events {
			if e.Kind.AboutSight() {
				t.Errorf("%s: %s", saved[i], e.Kind)
				continue
			}
			turn := string(e.Kind)
			if e.Kind == tocsin.Changed {
				var fields []string
				for _, c := range e.Changes {
					fields = append(fields, c.Field)
				}
				slices.Sort(fields)
				turn += " " + strings.Join(fields, " ")
			}
			key := e.Person + " " + e.Notice.ID
			got[key] = append(got[key], turn)
			told++
		}
		for id, person := range watched.byNotice {
			want := turns(was, lists[i], ever, id, i == 0)
			expected += len(want)
			if key := person + " " + id; fmt.Sprint(got[key]) != fmt.Sprint(want) {
				t.Errorf("%s: about %s and its notice: told %v, want %v", saved[i], person, got[key], want)
			}
		}
		// What is told of other notices (people share names) must be true as well.
		for key, ts := range got {
			id := key[strings.IndexByte(key, ' ')+1:]
			want := turns(was, lists[i], ever, id, i == 0)
			if len(ts) > 1 || len(want) != 1 || strings.Fields(ts[0])[0] != strings.Fields(want[0])[0] && !(ts[0] == "appeared" && want[0] == "reappeared") {
				t.Errorf("%s: told %v of a notice of which %v is true", saved[i], ts, want)
			}
		}
		for id := range lists[i] {
			ever[id] = true
		}
	}
	t.Logf("%d people, %d lists: %d events about their own notices were due, %d events were told in all", len(watched.people), len(lists), expected, told)
}

type drawn struct {
	people   []watchlist.Person
	byNotice map[string]string
}

// draw takes n people, as evenly as can be, from those who stay, come, change
// and go. Whoever cannot be told from the others by name alone is not drawn.
func draw(lists []map[string]sim.Row, n int) drawn {
	groups := map[string][]string{}
	for i := 1; i < len(lists); i++ {
		for id := range lists[i] {
			t := turns(lists[i-1], lists[i], map[string]bool{}, id, false)
			kind := "stays"
			if len(t) > 0 {
				kind = strings.Fields(t[0])[0]
			}
			groups[kind] = append(groups[kind], id)
		}
		for id := range lists[i-1] {
			if _, ok := lists[i][id]; !ok {
				groups["goes"] = append(groups["goes"], id)
			}
		}
	}
	d := drawn{byNotice: map[string]string{}}
	latest := func(id string) (r sim.Row) {
		for _, l := range lists {
			if x, ok := l[id]; ok {
				r = x
			}
		}
		return r
	}
	var order []string
	for g := range groups {
		slices.Sort(groups[g])
		groups[g] = slices.Compact(groups[g])
		order = append(order, g)
	}
	slices.Sort(order)
	for k := 0; len(d.people) < n; k++ {
		took := false
		for _, g := range order {
			at := (k*7919 + 13) % max(1, len(groups[g]))
			if k >= len(groups[g]) || len(d.people) >= n {
				continue
			}
			took = true
			id := groups[g][at]
			r := latest(id)
			if d.byNotice[id] != "" || r.Name == nil || r.Forename == nil || len(*r.Name) < 3 || len(*r.Forename) < 3 {
				continue
			}
			p := watchlist.Person{ID: fmt.Sprintf("p-%03d", len(d.people)), Name: *r.Forename + " " + *r.Name, Nationalities: r.Nationalities}
			if r.DateOfBirth != nil {
				p.BirthDate, _ = tocsin.ParseDate(*r.DateOfBirth)
			}
			d.byNotice[id] = p.ID
			d.people = append(d.people, p)
		}
		if !took {
			break
		}
	}
	return d
}
