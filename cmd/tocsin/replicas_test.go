package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
	"tocsin/store/pgtest"
)

// databases are those that an installation may have; the line is for its
// configuration, and skips the test where there is none of the kind.
var databases = []struct {
	name string
	line func(testing.TB) string
}{
	{"sqlite", func(testing.TB) string { return "" }},
	{"postgres", func(t testing.TB) string { return databaseLine(pgtest.DSN(t)) }},
}

// databaseLine writes an address as configurations have it.
func databaseLine(dsn string) string {
	return "database: " + strconv.Quote(strings.ReplaceAll(withoutPassword(dsn), "%", "%%")) + "\n"
}

// withoutPassword is an address of pgtest's, whose servers trust everybody.
func withoutPassword(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic(err) // pgtest has made it
	}
	u.User = url.User(u.User.Username())
	return u.String()
}

// wire passes bytes on between replicas and a server, until it is cut: then it
// keeps silent, as a network does.
type wire struct {
	net.Listener
	to   string
	mu   sync.Mutex
	cut  bool
	open []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to}
	t.Cleanup(func() { l.Close(); w.drop() })
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", to)
			if err != nil {
				a.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, a, b)
			w.mu.Unlock()
			go w.pass(a, b)
			go w.pass(b, a)
		}
	}()
	return w
}

func (w *wire) pass(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		cut := w.cut
		w.mu.Unlock()
		if n > 0 && !cut { // else it is lost on the way
			if _, werr := to.Write(buffer[:n]); werr != nil {
				err = werr
			}
		}
		if err != nil && cut {
			return
		}
		if err != nil {
			from.Close()
			to.Close()
			return
		}
	}
}

func (w *wire) setCut(on bool) {
	w.mu.Lock()
	w.cut = on
	w.mu.Unlock()
	if !on {
		w.drop() // what hung in between is broken off by now
	}
}

func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		c.Close()
	}
	w.open = nil
}

// replicas are three daemons over one ledger: the houses share the services, the
// watchlist and the key, and each has a wire of its own to the database.
func replicas(t *testing.T, dsn, list string, rows ...sim.Row) (first *house, all []*house, wires []*wire) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	first = newHouse(t, databaseLine(dsn)+houseConfig, list, rows...)
	first.write("tocsin.key", strings.Repeat("5a", 32)+"\n")
	for range 3 {
		w := newWire(t, u.Host)
		through := *u
		through.Host = w.Addr().String()
		h := &house{t: t, bin: first.bin, dir: t.TempDir(), notices: first.notices, slack: first.slack, mail: first.mail}
		h.log = filepath.Join(h.dir, "log")
		h.write("slack_token", "xoxb-house-secret")
		h.write("watchlist.csv", list)
		h.write("tocsin.key", strings.Repeat("5a", 32)+"\n")
		h.write("tocsin.yaml", fmt.Sprintf(databaseLine(through.String())+houseConfig, h.notices.URL(), h.slack.URL(), h.mail.URL()))
		all, wires = append(all, h), append(wires, w)
	}
	return first, all, wires
}

// watching is which replica says last that it watches, -1 if none does.
func watching(t *testing.T, all []*house) int {
	t.Helper()
	last, at := -1, time.Time{}
	for i, h := range all {
		log, err := os.ReadFile(h.log)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(log)) {
			if strings.Contains(line, "this replica watches") {
				_, rest, _ := strings.Cut(line, `"at":"`)
				stamp, _, _ := strings.Cut(rest, `"`)
				began, err := time.Parse(time.RFC3339Nano, stamp)
				if err != nil {
					t.Fatal(err)
				}
				if began.After(at) { // two may begin within a second
					last, at = i, began
				}
			}
		}
	}
	return last
}

// up is what a daemon logs once it has opened the ledger and goes on to watch, or to
// stand by.
const up = `"msg":"watching"`

// fleet is three replicas that run.
type fleet struct {
	*house  // through which the ledger is read
	all     []*house
	wires   []*wire
	daemons []*daemon
}

func newFleet(t *testing.T, dsn, list string, rows ...sim.Row) *fleet {
	t.Helper()
	f := &fleet{}
	f.house, f.all, f.wires = replicas(t, dsn, list, rows...)
	for _, h := range f.all {
		f.daemons = append(f.daemons, h.run())
	}
	for _, h := range f.all {
		f.until("every replica is up", 60*time.Second, func() bool { return strings.Contains(h.read("log"), up) })
	}
	f.until("the first complete look", 60*time.Second, func() bool { return f.status().Sources[0].State == "ok" })
	return f
}

// failures are the ways in which a replica fails.
var failures = []string{"killed", "paused", "cut off"}

// fail lets one replica fail, and gives how it comes back.
func (f *fleet) fail(t *testing.T, i int, how string) (heal func()) {
	t.Helper()
	switch how {
	case "killed":
		f.daemons[i].kill()
		return func() { f.daemons[i] = f.all[i].run() }
	case "paused":
		signalTo(t, f.daemons[i], syscall.SIGSTOP)
		return func() { signalTo(t, f.daemons[i], syscall.SIGCONT) }
	}
	f.wires[i].setCut(true)
	return func() { f.wires[i].setCut(false) }
}

// takenOver waits until another than i watches, and says how long that took.
func (f *fleet) takenOver(t *testing.T, i int, how string) time.Duration {
	t.Helper()
	began := time.Now()
	f.until("another takes over from one that is "+how, 40*time.Second, func() bool { l := watching(t, f.all); return l != i && l >= 0 })
	took := time.Since(began)
	if took > 30*time.Second {
		t.Errorf("%s: taken over after %s, want 30 s at most", how, took)
	}
	return took
}

// whole reports what is wrong with what was told: each event is in Slack once, and
// in the ledger once, and no replica has ended by itself. An event may be there
// again where its message says so; it returns how many are.
func (f *fleet) whole(t *testing.T) (marked int) {
	t.Helper()
	in, again := map[string]int{}, map[string]int{}
	for _, m := range f.slack.Messages() {
		for _, id := range eventsIn(t, m) {
			in[id]++
			if strings.Contains(m.Text+string(m.Blocks), "Possible repeat") {
				again[id]++
			}
		}
	}
	subjects := map[string]int{}
	for _, e := range f.events() {
		if in[e.ID]-again[e.ID] > 1 || in[e.ID] == 0 {
			t.Errorf("%s %s of %s is in Slack %d times, marked %d times", e.Kind, e.ID, e.Person, in[e.ID], again[e.ID])
		}
		marked += again[e.ID]
		if e.Notice != nil {
			subjects[string(e.Kind)+" "+e.Notice.ID+" "+e.Person]++
		}
	}
	for what, n := range subjects {
		if n != 1 {
			t.Errorf("%s is in the ledger %d times", what, n)
		}
	}
	for i, d := range f.daemons {
		if d.cmd.ProcessState != nil {
			log, _ := os.ReadFile(f.all[i].log)
			t.Errorf("replica %d ended by itself: %s", i, tail(log, 10))
		}
	}
	return marked
}

// eventsIn are the ids of the events that a message is about.
func eventsIn(t testing.TB, m sim.SlackMessage) []string {
	t.Helper()
	var of struct {
		Payload struct {
			Events []string `json:"events"`
		} `json:"event_payload"`
	}
	if err := json.Unmarshal(m.Metadata, &of); err != nil {
		t.Fatalf("a message's metadata is %s: %v", m.Metadata, err)
	}
	return of.Payload.Events
}

// Three replicas; the one that watches is paused while people appear. Another takes
// over within thirty seconds, nothing is lost, and nothing reaches Slack twice.
// TestFiveThousandEventsWhileEachReplicaFailsInTurn is the long form.
func TestReplicasTakeOverFromOneThatIsPaused(t *testing.T) {
	t.Parallel()
	rows := whole(79, 106)
	watched := rows[100:]
	f := newFleet(t, pgtest.DSN(t), listOf("r", watched), rows[:100]...)
	leader := watching(t, f.all)
	f.notices.Publish(watched[:3]...)
	heal := f.fail(t, leader, "paused")
	f.notices.Publish(watched[3:]...)
	t.Logf("paused: taken over after %s", f.takenOver(t, leader, "paused").Round(100*time.Millisecond))
	told := func() bool { return everything(len(watched), f.events()) }
	f.until("what appeared meanwhile is told", 60*time.Second, told)
	heal()
	f.until("it stands by again", 30*time.Second, func() bool {
		log, err := os.ReadFile(f.all[leader].log)
		return err == nil && strings.Contains(string(log), "another replica watches; this one stands by")
	})
	f.whole(t)
}

func signalTo(t *testing.T, d *daemon, s syscall.Signal) {
	t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// A server that is away for a while in the middle of it is a pause and nothing more.
func TestADatabaseServerThatIsAwayForAWhileLosesNothing(t *testing.T) {
	away := 2 * time.Second
	if os.Getenv("TOCSIN_SOAK") != "" {
		away = 60 * time.Second
	}
	c, dsn := pgtest.Own(t)
	rows := whole(80, 100+12)
	watched := rows[100:]
	var list strings.Builder
	list.WriteString(csvHeader)
	for i, r := range watched {
		fmt.Fprintf(&list, "d-%03d,%q,,%s,,,D%d,,\n", i, *r.Forename+" "+*r.Name, strings.ReplaceAll(*r.DateOfBirth, "/", "-"), i)
	}
	h := newHouse(t, databaseLine(dsn)+houseConfig, list.String(), rows[:100]...)
	d := h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	for _, r := range watched[:6] {
		h.notices.Publish(r)
	}
	c.Stop(t)
	timer := time.NewTimer(away)
	for _, r := range watched[6:] {
		h.notices.Publish(r)
	}
	<-timer.C
	c.Start(t)
	h.until("everybody told of everything", 2*time.Minute, func() bool {
		n, es := 0, h.events()
		for _, e := range es {
			if e.Kind == tocsin.Appeared {
				n++
			}
		}
		return n >= len(watched) && settled(es)
	})
	for _, e := range h.events() {
		n := 0
		for _, m := range h.slack.Messages() {
			if strings.Contains(string(m.Metadata), `"`+e.ID+`"`) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s %s is in Slack %d times", e.Kind, e.ID, n)
		}
	}
	if d.cmd.ProcessState != nil {
		t.Error("the daemon ended")
	}
}

// A server fails while people appear, and its standby, which has all that was answered,
// takes over: the daemon, which knows of both, goes on there by itself; nothing is lost
// and nothing told twice.
func TestAServerThatFailsOverToItsStandbyLosesNothing(t *testing.T) {
	t.Parallel()
	first, dsn := pgtest.Own(t)
	second := first.Standby(t)
	each := soak(12, 300)
	rows := whole(85, 100+2*each)
	watched := rows[100:]
	line := strings.Replace(databaseLine(dsn), first.Host, first.Host+","+second.Host, 1)
	h := newHouse(t, line+houseConfig, listOf("f", watched), rows[:100]...)
	h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	h.notices.Publish(watched[:each]...)
	h.until("it is in the midst of telling", 60*time.Second, func() bool { return len(h.slack.Messages()) > each/4 })
	first.Stop(t)
	h.notices.Publish(watched[each:]...)
	second.Promote(t)
	began := time.Now()
	h.until("everybody told of everything", 5*time.Minute, func() bool { return everything(len(watched), h.events()) })
	t.Logf("told after %s", time.Since(began).Round(100*time.Millisecond))
	h.toldOnce(len(watched))
}

const restConfig = `listen: "127.0.0.1:0"
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %q, newest: "@every 1m", sweep: "@every 1h", details: 0, pace: 100us}
notifiers:
  - {id: team, kind: slack, token_file: slack_token, channel: C0HOUSE, api_url: %q}
  - {id: lawyers, kind: email, smtp: %q, from: watch@example.org, to: [lawyer@example.org], detail: codename}
`

// Three replicas with nothing to do ask the server for little.
func TestReplicasAtRestAskTheServerForLittle(t *testing.T) {
	if os.Getenv("TOCSIN_SOAK") == "" {
		t.Skip("TOCSIN_SOAK is not set: it takes a minute and a half")
	}
	c, dsn := pgtest.Own(t)
	h, all, _ := replicas(t, dsn, csvHeader+"p-017,Mira Varden,,1988-03-14,MD,F,HERON,,\n", whole(81, 500)...)
	h.write("tocsin.yaml", fmt.Sprintf(databaseLine(dsn)+restConfig, h.notices.URL(), h.slack.URL(), h.mail.URL()))
	for _, r := range all {
		r.write("tocsin.yaml", fmt.Sprintf(databaseLine(dsn)+restConfig, h.notices.URL(), h.slack.URL(), h.mail.URL()))
		r.run()
	}
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	pause := func(d time.Duration) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		<-timer.C
	}
	pause(10 * time.Second)
	c.Query(t, `ALTER SYSTEM SET log_statement = 'all'`)
	c.Query(t, `SELECT pg_reload_conf()`)
	pause(time.Second)
	before := c.Statements(t)
	const long = 60 * time.Second
	pause(long)
	each := float64(c.Statements(t)-before) / long.Seconds() / float64(len(all))
	t.Logf("%.1f statements a second and replica, transactions' begin and end included", each)
	if each > 5 {
		t.Errorf("%.1f statements a second and replica, want 5 at most", each)
	}
}
