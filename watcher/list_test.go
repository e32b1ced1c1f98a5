package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/notifier"
	"tocsin/store"
	"tocsin/watcher"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
)

// shelf is a versioned list as its source reads it.
type shelf struct {
	now     func() time.Time
	version string
	dataAt  time.Time
	rows    []source.Row
	delta   bool // what it hands on is a delta, and removed is what that removes
	removed []string
	part    int          // it breaks off after so many rows; 0: never
	cause   tocsin.Cause // why it hands on nothing at all
	kept    []string     // what it was told that is held, "" for nothing
	cut     error        // with what a reading ends as if the daemon was stopped
}

func (s *shelf) Poll(ctx context.Context, kept []byte, row func(source.Row) error) (source.Version, []byte, error) {
	s.kept = append(s.kept, string(kept))
	v := source.Version{Began: s.now(), Ended: s.now(), Requests: 1}
	if s.cause != "" {
		v.Cause, v.Why = s.cause, "refused (403)"
		return v, kept, nil
	}
	v.ID, v.DataAt = s.version, s.dataAt
	if string(kept) == s.version {
		v.Unchanged, v.Complete, v.Seen = true, true, len(s.rows)
		return v, kept, nil
	}
	v.Delta = s.delta && len(kept) > 0
	for i, r := range s.rows {
		if s.part > 0 && i == s.part {
			v.Cause, v.Why = tocsin.CauseMalformed, "malformed (200, it breaks off)"
			return v, kept, nil
		}
		if err := row(r); err != nil {
			return v, nil, err
		}
		v.Seen++
	}
	if s.cut != nil {
		return v, nil, s.cut
	}
	v.Complete, v.Requests = true, 2
	if v.Delta {
		v.Removed = s.removed
	} else {
		v.Listed = v.Seen
	}
	return v, []byte(s.version), nil
}

// publish makes rows the next version of the list, its data two hours old.
func (s *shelf) publish(rows ...source.Row) {
	var n int
	if _, err := fmt.Sscanf(s.version, "v%d", &n); err != nil {
		n = 0
	}
	s.version, s.dataAt, s.rows, s.delta, s.removed = fmt.Sprintf("v%d", n+1), s.now().Add(-2*time.Hour), rows, false, nil
}

// publishDelta makes the next version known by what changed.
func (s *shelf) publishDelta(removed []string, rows ...source.Row) {
	s.publish(rows...)
	s.delta, s.removed = true, removed
}

// copied is a row of a copy; sameAs is where the list itself has it.
func copied(id, sameAs, family, fore string, born tocsin.Date, nationality string, referents ...string) source.Row {
	return source.Row{SameAs: sameAs, Referents: referents, Notice: tocsin.Notice{
		ID: id, Color: "red", Name: family, Forename: fore, BirthDate: born, Nationalities: []string{nationality}, URL: "https://mirror.example.org/" + id,
		Detail: &tocsin.Detail{Sex: "F"},
	}}
}

var vardenBorn = tocsin.Date{Year: 1988, Month: 3, Day: 14}

func vardenCopy(id string, referents ...string) source.Row {
	return copied(id, "2026/48213", "VARDEN", "MIRA ILSE", vardenBorn, "MD", referents...)
}

// strangers are n rows about nobody who is watched.
func strangers(n int) (out []source.Row) {
	for i := range n {
		out = append(out, copied(fmt.Sprintf("os-%04d", i), "", fmt.Sprintf("QUILLON%d", i), "BASTIEN", tocsin.Date{Year: 1950}, "FR"))
	}
	return out
}

func with(rows []source.Row, more ...source.Row) []source.Row {
	return append(slices.Clone(rows), more...)
}

// listHall watches a list alone, or beside the notices that it copies.
func listHall(t *testing.T, lines ...string) (*hall, *shelf, *inbox) {
	t.Helper()
	c := &stillClock{t: monday}
	b := newInbox()
	bell := bellOf("inbox", b)
	bell.Gather = 0
	h := newHall(t, append([]string{vardenLine}, lines...), bell)
	h.clock = c
	return h, shelve(h, ""), b
}

// shelve gives a hall a list.
func shelve(h *hall, witnessFor string) *shelf {
	s := &shelf{now: h.clock.Now}
	h.lists = []watcher.List{{
		ID: "mirror", Name: "the mirror", Source: s, Pacer: source.NewPacer(source.PaceOptions{Now: h.clock.Now}), Poll: every(6 * time.Hour),
		Sight: presence.SightRules{After: 18 * time.Hour}, Required: true, WitnessFor: witnessFor,
	}}
	return s
}

// polls lets time come and looks at one source; it returns what happened.
func (h *hall) polls(source string, after time.Duration) []tocsin.Event {
	h.t.Helper()
	ctx := context.Background()
	h.clock.set(h.clock.Now().Add(after))
	seq, err := h.store.LastSeq(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Poll(ctx, source, 10*time.Second); err != nil {
		h.t.Fatal(err)
	}
	events, err := h.store.Events(ctx, store.EventFilter{After: seq})
	if err != nil {
		h.t.Fatal(err)
	}
	return events
}

func (h *hall) wants(what, source string, want ...string) []tocsin.Event {
	h.t.Helper()
	events := h.polls(source, 6*time.Hour)
	equal(h.t, what, kinds(events), want)
	return events
}

func TestAListIsToldOfByVersions(t *testing.T) {
	h, s, inbox := listHall(t)
	h.start()
	some := strangers(1200)
	s.publish(with(some, vardenCopy("os-varden"))...)
	e := h.wants("the first look", "mirror", "listed p-017 os-varden")[0]
	if e.Edition == nil || e.Edition.Version != "v1" || !e.Edition.DataAt.Equal(s.dataAt) || e.Edition.WitnessFor != "" {
		t.Errorf("edition %+v", e.Edition)
	}
	h.wants("the same version", "mirror")
	changed := vardenCopy("os-varden")
	changed.Notice.Nationalities = []string{"MD", "RO"}
	s.publishDelta(nil, changed)
	h.wants("a delta", "mirror", "changed p-017 os-varden")
	s.publish(some...)
	h.wants("a version without it", "mirror")
	h.wants("the same again", "mirror")
	s.part = 600
	s.publish(some...)
	h.wants("a version that breaks off", "mirror")
	s.part = 0
	e = h.wants("a second version without it", "mirror", "disappeared p-017 os-varden")[0]
	if !e.Inferred {
		t.Error("that an entry is gone is inferred where the list does not say so")
	}
	s.publish(with(some, changed)...)
	h.wants("it is back", "mirror", "reappeared p-017 os-varden")
	s.publishDelta([]string{"os-varden"})
	h.wants("a delta that removes it", "mirror")
	s.publishDelta(nil, some[3])
	e = h.wants("the next version", "mirror", "disappeared p-017 os-varden")[0]
	if e.Inferred {
		t.Error("the list itself said that it removed it")
	}
	text := texts(inbox)
	for _, want := range []string{
		"· on the mirror, data 8 h 00 old", "Source: the mirror, data from", "Not proof of deletion",
		"absent from two successive versions of the list: inferred", "absent from two successive versions of the list, which names it as removed",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("nobody was told %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "interpol.int") {
		t.Error("a list that is not INTERPOL's is told of as if it were")
	}
}

// texts are all messages that an inbox got, as they are read.
func texts(b *inbox) string {
	var out strings.Builder
	for _, m := range b.messages() {
		for _, a := range notifier.Render(m).Alerts {
			fmt.Fprintf(&out, "%s\n%s\n%s\n%s\n\n", a.Title, a.Status, strings.Join(a.Facts, "\n"), strings.Join(a.Foot, "\n"))
		}
	}
	return out.String()
}

func TestAFaultOfAListIsNoNoAndIsTold(t *testing.T) {
	h, s, _ := listHall(t)
	h.start()
	some := strangers(30)
	s.publish(with(some, vardenCopy("os-varden"))...)
	h.wants("the first look", "mirror", "listed p-017 os-varden")
	good := s.dataAt
	for i, fault := range []func(){
		func() { s.publish() }, // nobody at all
		func() { s.publish(some...); s.dataAt = good.Add(-time.Hour) },
		func() { s.publish(some...); s.part = 20 },
		func() { s.cause = tocsin.CauseRefused },
	} {
		fault()
		if got := kinds(h.polls("mirror", time.Hour)); len(got) > 0 {
			t.Errorf("fault %d: told %q", i, got)
		}
		st, err := h.Status(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if x := st.Sources[0]; x.State != "partial" || x.Why == "" || x.Version != "v1" || !x.DataAt.Equal(good) {
			t.Errorf("fault %d: status %+v", i, x)
		}
		s.part, s.cause = 0, ""
	}
	s.cause = tocsin.CauseRefused
	e := h.polls("mirror", 18*time.Hour)
	equal(t, "a day of faults", kinds(e), []string{"blind"})
	s.cause = ""
	s.publish(with(some, vardenCopy("os-varden"))...)
	h.wants("it is seen again", "mirror", "recovered")
	s.publish(some[5:]...)
	h.wants("one version without six", "mirror")
	s.publish(some[5:]...)
	h.wants("and another", "mirror", "disappeared p-017 os-varden")
}

func TestTooManyMissingFromAListAreHeldBack(t *testing.T) {
	h, s, _ := listHall(t)
	h.start()
	some := strangers(1300)
	s.publish(with(some, vardenCopy("os-varden"))...)
	h.wants("the first look", "mirror", "listed p-017 os-varden")
	for range 4 {
		s.publish(some[:650]...)
		h.wants("half of it", "mirror")
	}
	st, err := h.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if x := st.Sources[0]; x.State != "ok" || x.Unconfirmed != 651 || !strings.HasPrefix(x.Why, "651 entries absent at once") {
		t.Errorf("status %+v", x)
	}
	s.publishDelta([]string{"os-varden"}, some[0])
	if e := h.wants("the list names it", "mirror", "disappeared p-017 os-varden"); len(e) == 1 && e[0].Inferred {
		t.Error("the list itself said that it removed it")
	}
}

func TestAMergedEntrysCaseGoesOnUnderItsNewID(t *testing.T) {
	h, s, inbox := listHall(t)
	h.start()
	some := strangers(30)
	s.publish(with(some, vardenCopy("os-a"))...)
	e := h.wants("the first look", "mirror", "listed p-017 os-a")[0]
	h.decide(e.Case, tocsin.Ack, "amina")
	for range 3 {
		s.publish(with(some, vardenCopy("os-b", "os-a"))...)
		h.wants("merged", "mirror")
	}
	c := h.caseOf("p-017")
	if c.ID != e.Case || c.Notice.ID != "os-b" || c.State != tocsin.CaseAcknowledged || !c.Public {
		t.Errorf("the case is now %+v", c)
	}
	// Merged once more, and it says something else: the same case is told of that.
	more := vardenCopy("os-c", "os-b", "os-a")
	more.Notice.OtherNames = []string{"Мира Варден"}
	s.publish(with(some, more)...)
	e2 := h.wants("merged and changed", "mirror", "changed p-017 os-c")[0]
	if e2.Case != e.Case {
		t.Error("it was told of in another case")
	}
	s.publish(some...)
	h.wants("a version without it", "mirror")
	s.publish(some...)
	e2 = h.wants("two", "mirror", "disappeared p-017 os-c")[0]
	if e2.Case != e.Case || !strings.Contains(texts(inbox), "No longer public: notice os-c") {
		t.Error("it was told of in another case")
	}
}

func TestSomethingMissingFromAWholeVersionIsLookedIntoAfterADelta(t *testing.T) {
	h, s, _ := listHall(t)
	h.start()
	some := strangers(30)
	s.publish(with(some, vardenCopy("os-a"))...)
	h.wants("the first look", "mirror", "listed p-017 os-a")
	s.kept = nil
	s.version = "v1b" // nothing that the source kept is of use: it reads the version whole
	s.rows = some
	h.wants("a version without it", "mirror")
	s.publishDelta(nil, some[1])
	h.wants("a delta", "mirror")
	s.rows = some // the same version, read whole
	h.wants("the whole", "mirror", "disappeared p-017 os-a")
	if want := []string{"v1", "v1b", ""}; !slices.Equal(s.kept, want) {
		t.Errorf("the source was asked with %q, want %q", s.kept, want)
	}
}

func TestALookThatIsCutOffIsDoneAgainAndNothingIsLost(t *testing.T) {
	h, s, _ := listHall(t)
	h.start()
	some := with(strangers(1200), copied("os-kestrel", "", "KESTREL", "OTTOLINE", tocsin.Date{Year: 1961}, "FR"))
	s.publish(with(some, vardenCopy("os-varden"))...)
	s.cut = errors.New("the daemon is stopped")
	if _, err := h.Poll(context.Background(), "mirror", time.Second); !errors.Is(err, s.cut) {
		t.Fatalf("a look that is cut off: %v", err)
	}
	h.stop()
	h.start()
	s.cut = nil
	h.wants("the first look, done again", "mirror", "listed p-017 os-varden")
	h.stop()
	h.start()
	h.wants("after a restart", "mirror")
	if want := []string{"", "", "v1"}; !slices.Equal(s.kept, want) {
		t.Errorf("the source was asked with %q, want %q", s.kept, want)
	}
	// A person who is added is screened against what the list holds.
	h.stop()
	h.list = people(t, vardenLine, "p-099,Ottoline Kestrel,,1961,FR,F,OWL,,")
	h.start()
	events, err := h.store.Events(context.Background(), store.EventFilter{Person: "p-099"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "a person who is added", kinds(events), []string{"listed p-099 os-kestrel"})
	if e := events[0]; e.Edition == nil || e.Edition.Version != "v1" {
		t.Errorf("edition %+v", e.Edition)
	}
}
