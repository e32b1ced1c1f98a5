package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"tocsin"
	"tocsin/sim"
	"tocsin/store"
	"tocsin/watcher"
	"tocsin/watcher/presence"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
	"tocsin/watchlist"
)

// model is one run: a world, a watch over it, and the reference beside it.
type model struct {
	p       *place
	w       *world
	ref     *reference
	store   *store.Store
	watch   *watcher.Watcher
	list    *watchlist.List
	watched map[string]string // notice → person
	reserve []sim.Row
	unknown int // the status for ids that are not there
	seq     int64
	listed  int                          // the total of the last complete look
	lacked  map[int]int                  // looks by how many of the rows counted they lacked
	told    map[string]map[string]string // notice → what its person's case last said of it
	said    map[string]map[string]string // notice → what was last held of it
	tally   *tally
	source  string
	wrong   string // the first thing that is not as it must be
	now     step
}

var modelSight = presence.SightRules{After: 2 * time.Hour, NewestAfter: 15 * time.Minute}

// run makes one run and says what was wrong in it, "" if nothing was.
func (p *place) run(seed uint64, steps []step, t *tally) string {
	if t == nil {
		t = new(tally)
	}
	r := rand.New(rand.NewPCG(seed, 0x10de1))
	m := &model{
		p: p, w: newWorld(), tally: t, watched: map[string]string{}, told: map[string]map[string]string{}, said: map[string]map[string]string{}, lacked: map[int]int{}, unknown: 404, source: "interpol-red",
		ref: &reference{of: map[string]*belief{}, first: true},
	}
	p.now.Store(m.w)
	n := 8 + r.IntN(50)
	switch {
	case large(seed) && r.IntN(5) == 0:
		n = 205 + r.IntN(195)
	case large(seed):
		n = 150 + r.IntN(50) // little more than a page holds, or less
	}
	rows := append(sim.People(seed, n+90), sim.NullRows(seed+1, 6)...)
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	m.reserve = rows[n:]
	rows = rows[:n]
	if r.IntN(3) == 0 {
		rows[r.IntN(n)].Unfiltered = true
	}
	if r.IntN(3) == 0 {
		m.unknown = 502
		m.w.notices.SetUnknownID(502)
	}
	if r.IntN(3) == 0 {
		m.w.notices.SetPatterns(pick(r, patterns))
	}
	m.w.publish(rows...)
	var people []watchlist.Person
	for _, x := range append(slices.Clone(rows), m.reserve...) {
		if len(people) == 8 || x.Name == nil || x.Forename == nil || x.DateOfBirth == nil || len(*x.DateOfBirth) != 10 || len(*x.Name) < 4 || len(*x.Forename) < 4 {
			continue
		}
		if len(people) == 5 && slices.ContainsFunc(rows, func(y sim.Row) bool { return y.EntityID == x.EntityID }) {
			continue // the others are not there yet
		}
		born, err := tocsin.ParseDate(*x.DateOfBirth)
		if err != nil {
			continue
		}
		id := fmt.Sprintf("p-%02d", len(people))
		people = append(people, watchlist.Person{ID: id, Name: *x.Forename + " " + *x.Name, BirthDate: born, Sex: strings.Trim(x.Sex, "U")})
		m.watched[x.EntityID] = id
	}
	m.list = &watchlist.List{People: people}
	if err := os.WriteFile(p.db, p.template, 0o600); err != nil {
		return err.Error()
	}
	defer m.stop()
	if m.start(); m.wrong != "" {
		return m.wrong
	}
	for i, s := range steps {
		m.now = s
		t.steps.Add(1)
		if m.do(s); m.wrong != "" {
			return fmt.Sprintf("step %d, %s: %s", i, s, m.wrong)
		}
	}
	m.now = step{kind: "the end"}
	m.end()
	return m.wrong
}

func (m *model) fail(format string, args ...any) {
	if m.wrong == "" {
		m.wrong = fmt.Sprintf(format, args...)
		var on []string
		for _, t := range m.w.on {
			on = append(on, describe(t.fault))
		}
		if on != nil {
			m.wrong += "; faults on: " + strings.Join(on, "; ")
		}
	}
}

// start opens the ledger and begins to watch, as a daemon does.
func (m *model) start() {
	s, err := store.Open(context.Background(), "sqlite:"+m.p.db, store.Options{Exclusive: true, Now: m.w.clock.Now})
	if err != nil {
		m.fail("opening: %v", err)
		return
	}
	m.store = s
	pacer := source.NewPacer(source.PaceOptions{Backoff: 30 * time.Second, BackoffMax: time.Hour, Seed: 1, Now: m.w.clock.Now})
	src, err := interpol.New(interpol.Options{ID: m.source, URL: m.p.url, Color: "red", Fetcher: m.p.fetcher, Pacer: pacer, Now: m.w.clock.Now})
	if err != nil {
		m.fail("source: %v", err)
		return
	}
	m.watch, err = watcher.New(context.Background(), watcher.Options{
		Store: s, Key: someKey, List: m.list, Log: zap.NewNop(), Now: m.w.clock.Now, Listings: []watcher.Listing{{
			ID: m.source, Source: src, Pacer: pacer, Sweep: every(0), Newest: every(0), Sight: modelSight, Required: true,
		}},
	})
	if err != nil {
		m.fail("starting: %v", err)
		return
	}
	m.ref.started, m.ref.ended = m.w.clock.Now(), false
}

func (m *model) stop() {
	m.w.notices.ClearFaults()
	if m.store == nil {
		return
	}
	if err := m.store.Close(); err != nil {
		m.fail("closing: %v", err)
	}
	m.store = nil
}

// restart ends the watch and begins again over the same ledger.
func (m *model) restart() {
	if m.counts(); m.wrong != "" {
		return
	}
	_, was := m.watch.ModelState()
	if err := m.store.Close(); err != nil {
		m.fail("closing: %v", err)
	}
	m.store = nil
	if m.start(); m.wrong != "" {
		return
	}
	_, is := m.watch.ModelState()
	for id, a := range was {
		// The time of a mere sight is not worth a write; the next sweep has it.
		b := is[id]
		if a.Missed != b.Missed || a.Absence != b.Absence || a.Inferences != b.Inferences || a.Ver != b.Ver {
			m.fail("restart: %s was held as %s, and is as %s", id, stands(a), stands(b))
		}
		if ref := m.ref.of[id]; ref != nil {
			ref.lastSeen = b.LastSeen
		}
	}
	if len(is) != len(was) {
		m.fail("restart: %d notices were held, and %d are", len(was), len(is))
	}
	m.judge(nil, m.w.clock.Now(), false) // nothing is told by the start itself
}

func stands(h tocsin.Held) string {
	return fmt.Sprintf("%q missed %d inferences %d inferred %v ver %d", h.Absence, h.Missed, h.Inferences, h.Inferred, h.Ver)
}

// look makes one look at the whole list. cancel, if not nil, may end it early.
func (m *model) look(ctx context.Context) {
	m.tally.looks.Add(1)
	_, before := m.watch.ModelState()
	m.w.taken()
	asked := m.w.clock.Now()
	snap, missing, err := m.watch.ModelSweep(ctx)
	answers := m.w.taken()
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			m.fail("the look fails: %v", err)
		}
		m.cutOff(answers, asked)
		return
	}
	m.judgeSnapshot(snap, answers, asked, before)
	held := m.ref.blind
	turns, first := m.ref.look(snap, answers)
	whole := m.ref.lastComplete.Equal(snap.Ended)
	if whole {
		m.tally.complete.Add(1)
		m.ref.blind = false
	}
	if missing != first {
		m.fail("a second look at once is wanted: %v, must be %v", missing, first)
	}
	for _, b := range m.ref.of {
		if b.absence == tocsin.Quarantined {
			m.tally.quarantined.Add(1)
		}
	}
	m.judge(turns, snap.Began, held && whole)
	m.judgeGone(turns, answers, snap)
	row, _ := m.watch.ModelState()
	if row.Complete != whole || whole && !row.LastComplete.Equal(snap.Ended) {
		m.fail("the look counts as complete: %v, must be %v", row.Complete, whole)
	}
}

// judgeSnapshot checks what a look says that it saw against what was there.
func (m *model) judgeSnapshot(s tocsin.Snapshot, answers []answer, asked time.Time, before map[string]tocsin.Held) {
	if s.Began.Before(asked.Add(-30 * time.Minute)) {
		m.fail("a sweep of %s was taken up at %s", s.Began, asked)
	}
	if s.Began.Before(asked) {
		m.tally.resumed.Add(1)
	}
	seen := map[string]bool{}
	for _, n := range s.Notices {
		if seen[n.ID] {
			m.fail("%s stands twice in the look", n.ID)
		}
		seen[n.ID] = true
		if !m.w.ever(n.ID, s.Began, s.Ended, isPublic) {
			m.fail("the look has %s, which was not public while it lasted", n.ID)
		}
	}
	for _, a := range answers {
		if a.whole && a.cell.Get("name") != "^" {
			for _, id := range a.ids {
				if !seen[id] {
					m.fail("%s was served to %v, and the look does not have it", id, a.cell)
				}
			}
		}
	}
	lack := s.Listed - len(s.Notices)
	if s.Unreachable > 0 && (m.lacked[s.Unreachable] < 2 || s.Unreachable > max(3, s.Listed/1000)) {
		m.fail("%d are called out of reach after %d looks that lacked as many", s.Unreachable, m.lacked[s.Unreachable])
	}
	m.lacked[lack]++
	if !s.Complete {
		if s.Exact || s.Cause == "" || s.Why == "" {
			m.fail("an incomplete look: exact %v, cause %q, why %q", s.Exact, s.Cause, s.Why)
		}
		return
	}
	if s.Exact {
		served := map[string]bool{}
		for _, a := range answers {
			served[a.id] = true
			for _, id := range a.ids {
				served[id] = true
			}
		}
		for id := range seen {
			if !served[id] {
				m.fail("exact, though %s was read before", id)
			}
		}
		for _, a := range answers {
			if a.whole && a.unfiltered() && (a.total != len(s.Notices) || a.total != s.Listed) {
				m.fail("exact with %d rows of %d, and a total of %d was said", len(s.Notices), s.Listed, a.total)
			}
		}
	}
	if s.Listed == 0 && m.listed > 0 {
		m.fail("an emptied list counts as complete")
	}
	m.listed = s.Listed
	var lacking []string
	still := true
	for _, id := range m.w.ids(false) {
		throughout := m.w.always(id, s.Began, s.Ended, isListed)
		if throughout && !seen[id] {
			lacking = append(lacking, id)
		}
		still = still && (throughout || !m.w.ever(id, s.Began, s.Ended, isPublic))
		h, known := before[id]
		if throughout && !seen[id] && known && h.Unfiltered && h.Absence != tocsin.Gone && len(m.w.on) == 0 {
			m.fail("%s is known, though no filter reaches it, and was left out", id)
		}
	}
	if s.Unreachable > 0 {
		m.tally.unreachable.Add(1)
	}
	if len(lacking) > s.Unreachable || s.Exact && len(lacking) > 0 {
		m.fail("complete (exact %v) with %d out of reach, but %v were listed all the time and are not in it", s.Exact, s.Unreachable, lacking)
	}
	if still && len(m.w.on) == 0 && len(lacking) != s.Unreachable {
		m.fail("%d are said to be out of reach, and %v are", s.Unreachable, lacking)
	}
}

// judgeGone checks that whatever is told as gone was gone.
func (m *model) judgeGone(turns []turn, answers []answer, s tocsin.Snapshot) {
	for _, t := range turns {
		if t.kind != tocsin.Disappeared {
			continue
		}
		m.tally.gone.Add(1)
		b := m.ref.of[t.id]
		is := isPublic
		if b.inferred { // whoever is off the list and fails alone cannot be told from one withdrawn
			m.tally.inferred.Add(1)
			is = isListed
		}
		if m.w.always(t.id, b.firstMiss, s.Ended, is) {
			m.fail("%s is told as gone, and was public all the time since %s", t.id, b.firstMiss)
		}
	}
}

// cutOff takes in what a look that was ended in its middle has left behind.
func (m *model) cutOff(answers []answer, asked time.Time) {
	served := map[string]bool{}
	for _, a := range answers {
		for _, id := range a.ids {
			served[id] = true
		}
		if a.said == "found" {
			served[a.id] = true
		}
	}
	if err := m.store.Close(); err != nil {
		m.fail("closing: %v", err)
	}
	m.store = nil
	if m.start(); m.wrong != "" {
		return
	}
	_, held := m.watch.ModelState()
	var turns []turn
	for id, h := range held {
		b := m.ref.of[id]
		if served[id] && (b == nil || h.Missed == 0 && b.absence != tocsin.Public) {
			turns = append(turns, m.ref.sight(id, h.LastSeen)...)
			b = m.ref.of[id]
		}
		if b != nil {
			b.lastSeen = h.LastSeen
		}
	}
	m.judge(turns, asked, false)
}

// kill makes a look that ends after some answers, and the watch with it.
func (m *model) kill(after int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m.w.add(sim.Fault{Kind: sim.Act, After: after, Count: 1, Do: cancel})
	m.look(ctx)
	m.w.lift(func(f sim.Fault) bool { return f.Kind == sim.Act })
}

func (m *model) newest() {
	m.w.taken()
	asked := m.w.clock.Now()
	rows, _, err := m.watch.ModelNewest(context.Background())
	answers := m.w.taken()
	if err != nil {
		m.fail("the newest page: %v", err)
	}
	var turns []turn
	for _, n := range rows {
		if !m.w.ever(n.ID, asked, m.w.clock.Now(), isPublic) {
			m.fail("the newest page has %s, which was not public", n.ID)
		}
		turns = append(turns, m.ref.sight(n.ID, asked)...)
	}
	if rows != nil || len(answers) > 0 && answers[0].whole {
		m.ref.newestAt = asked
	}
	for _, n := range rows { // as exactly as the restart keeps it
		_, held := m.watch.ModelState()
		m.ref.of[n.ID].lastSeen = held[n.ID].LastSeen
	}
	if len(answers) > 0 && answers[0].whole && len(rows) != len(answers[0].ids) {
		m.fail("the newest page was answered with %d rows, and %d were taken", len(answers[0].ids), len(rows))
	}
	m.judge(turns, asked, false)
}

func (m *model) turn() {
	m.w.taken()
	asked := m.w.clock.Now()
	id, err := m.watch.ModelTurn(context.Background())
	if err != nil {
		m.fail("a document in turn: %v", err)
	}
	var turns []turn
	for _, a := range m.w.taken() {
		if a.id == id && a.said == "found" {
			turns = append(turns, m.ref.sight(id, m.w.clock.Now())...)
		}
	}
	m.judge(turns, asked, false)
}

// sight has the watch say blind if that is due.
func (m *model) sight() {
	now := m.w.clock.Now()
	due := !m.ref.blind && m.ref.mustBeBlind(now, modelSight.After, modelSight.NewestAfter)
	if later := now.Add(50 * time.Millisecond); !m.ref.blind && due != m.ref.mustBeBlind(later, modelSight.After, modelSight.NewestAfter) {
		return // it comes to be due in this moment
	}
	if err := m.watch.ModelSight(context.Background()); err != nil {
		m.fail("sight: %v", err)
	}
	events := m.events()
	if got := len(events) == 1 && events[0].Kind == tocsin.Blind; got != due || !due && len(events) > 0 {
		m.fail("blindness is due: %v; told: %v", due, kinds(events))
	}
	if due {
		m.tally.blind.Add(1)
		m.ref.blind = true
	}
}

// events are those since it was last asked.
func (m *model) events() []tocsin.Event {
	events, err := m.store.Events(context.Background(), store.EventFilter{After: m.seq})
	if err != nil {
		m.fail("reading events: %v", err)
	}
	for _, e := range events {
		m.seq = max(m.seq, e.Seq)
	}
	return events
}

// judge compares what is held and what was told since the last time with the
// reference. since is when what is new can have been served at the earliest.
func (m *model) judge(turns []turn, since time.Time, recovered bool) {
	_, held := m.watch.ModelState()
	for _, id := range slices.Sorted(maps.Keys(held)) {
		h, b := held[id], m.ref.of[id]
		if b == nil {
			m.fail("%s is held, and was not seen", id)
		} else if h.Absence != b.absence || h.Missed != b.missed || h.Inferred != b.inferred || !b.gone() && h.Inferences != b.inferences {
			m.fail("%s is held as %s, must be %q missed %d inferences %d inferred %v", id, stands(h), b.absence, b.missed, b.inferences, b.inferred)
		}
	}
	for id := range m.ref.of {
		if _, ok := held[id]; !ok {
			m.fail("%s was seen, and is not held", id)
		}
	}
	m.judgeEvents(turns, held, since, recovered)
}
