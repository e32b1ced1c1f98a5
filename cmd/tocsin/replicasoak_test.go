package main

import (
	"database/sql"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"tocsin/sim"
	"tocsin/store/pgtest"
)

// asked is what a notice service was asked for, and for how many pages of lists the
// looks in the ledger account.
type asked struct{ lists, documents, accounted, looks int }

func (h *house) asked(t *testing.T, db *sql.DB) (a asked) {
	t.Helper()
	for _, r := range h.notices.Requests() {
		if strings.Contains(r.RawQuery, "resultPerPage") {
			a.lists++
		} else {
			a.documents++
		}
	}
	if err := db.QueryRow(`SELECT sum(requests), count(*) FROM look`).Scan(&a.accounted, &a.looks); err != nil {
		t.Fatal(err)
	}
	return a
}

func rowsOf(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// ledgerOn opens a ledger to look into it.
func ledgerOn(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // only read
	return db
}

// appearances tells whether so many notices' appearances are told to everybody.
func appearances(t testing.TB, db *sql.DB, n int) bool {
	return rowsOf(t, db, `SELECT count(*) FROM delivery WHERE state = 'pending'`) == 0 && // few rows: it is asked all the time
		rowsOf(t, db, `SELECT count(DISTINCT body::json #>> '{notice,id}') FROM event WHERE kind = 'appeared'`) >= n &&
		rowsOf(t, db, `SELECT count(*) FROM delivery WHERE state = 'pending'`) == 0
}

// Three replicas during 5,000 events: each is killed, paused and cut off from the
// database while it watches. Another takes over each time within thirty seconds;
// none is lost, none is in Slack twice but one that says so; and the service that is
// polled is asked for no more than one replica would ask it, the same looks made.
func TestFiveThousandEventsWhileEachReplicaFailsInTurn(t *testing.T) {
	if os.Getenv("TOCSIN_SOAK") == "" {
		t.Skip("TOCSIN_SOAK is not set: it takes six minutes; TestReplicasTakeOverFromOneThatIsPaused is its short form")
	}
	const rounds, perRound = 9, 320 // each notice is about two people: they share names
	rows := whole(79, 100+rounds*perRound)
	watched, list := rows[100:], listOf("r", rows[100:])
	chunk := func(i int) (first, second []sim.Row) {
		c := watched[i*perRound : (i+1)*perRound]
		return c[:perRound/2], c[perRound/2:]
	}

	alone := pgtest.DSN(t)
	h := newHouse(t, databaseLine(alone)+houseConfig, list, rows[:100]...)
	db := ledgerOn(t, alone)
	d := h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	for i := range rounds {
		a, b := chunk(i)
		h.notices.Publish(a...)
		h.notices.Publish(b...)
		h.until("one alone tells of all", 5*time.Minute, func() bool { return appearances(t, db, (i+1)*perRound) })
	}
	d.kill()
	one := h.asked(t, db)

	dsn := pgtest.DSN(t)
	f, db := newFleet(t, dsn, list, rows[:100]...), ledgerOn(t, dsn)
	todo := map[int][]string{}
	for i := range f.all {
		todo[i] = slices.Clone(failures)
	}
	longest := time.Duration(0)
	for i := 0; i < rounds; {
		leader := watching(t, f.all)
		if leader < 0 {
			t.Fatal("nobody watches")
		}
		if len(todo[leader]) == 0 { // it has had its share: the turn goes on in order
			signalTo(t, f.daemons[leader], syscall.SIGTERM)
			f.takenOver(t, leader, "told to stop")
			if err := f.daemons[leader].wait(20 * time.Second); err != nil {
				t.Errorf("it was told to stop: %v", err)
			}
			f.daemons[leader] = f.all[leader].run()
			continue
		}
		how := todo[leader][0]
		todo[leader] = todo[leader][1:]
		a, b := chunk(i)
		i++
		f.notices.Publish(a...)
		told := len(f.slack.Messages())
		f.until("it is in the midst of telling", 60*time.Second, func() bool { return len(f.slack.Messages()) > told+perRound/8 })
		heal := f.fail(t, leader, how)
		f.notices.Publish(b...)
		took := f.takenOver(t, leader, how)
		longest = max(longest, took)
		f.until("what appeared is told", 5*time.Minute, func() bool { return appearances(t, db, i*perRound) })
		heal()
		t.Logf("replica %d %s: taken over after %s", leader, how, took.Round(100*time.Millisecond))
	}
	f.until("the one that came back stands by", time.Minute, func() bool { return rowsOf(t, db, `SELECT count(*) FROM delivery WHERE state = 'pending'`) == 0 })
	marked := f.whole(t)
	three := f.asked(t, db)

	// As many pages of lists for each that a look accounts for as one alone needs, and
	// each document as often.
	due := float64(one.lists)*float64(three.accounted)/float64(one.accounted) + float64(one.documents)
	ratio := float64(three.lists+three.documents) / due
	events := rowsOf(t, db, `SELECT count(*) FROM event`)
	t.Logf("%d events, each told, %d of them again and marked so; longest takeover %s", events, marked, longest.Round(100*time.Millisecond))
	if events < 5000 {
		t.Errorf("only %d events", events)
	}
	t.Logf("requests: one alone %+v; three %+v; %.3f times what one makes for the same looks", one, three, ratio)
	if ratio > 1.05 {
		t.Errorf("three replicas make %.3f times the requests of one, want 1.05 at most", ratio)
	}
	t.Log(window(t, f, db))
}

// window says how long a message of unknown outcome could have been on its way: the
// time from its claim to its being in Slack. Only a replica that is stopped just then,
// for longer than its lease and two looks for the message, and goes on in the instant
// before it notices, could send twice.
func window(t *testing.T, f *fleet, db *sql.DB) string {
	t.Helper()
	rows, err := db.Query(`SELECT ref, tried_at FROM message WHERE notifier = 'team' AND attempts = 1 AND state = 'sent'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() // only read
	var all []time.Duration
	for rows.Next() {
		var ref string
		var tried int64
		if err := rows.Scan(&ref, &tried); err != nil {
			t.Fatal(err)
		}
		_, ts, _ := strings.Cut(ref, "/")
		at, err := strconv.ParseInt(strings.Replace(ts, ".", "", 1), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, time.Duration(at*1000-tried))
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	slices.Sort(all)
	return "residual window, from a message's claim to its being in Slack: half within " + all[len(all)/2].Round(10*time.Microsecond).String() +
		", 99 of 100 within " + all[len(all)*99/100].Round(10*time.Microsecond).String() + ", all within " + all[len(all)-1].Round(10*time.Microsecond).String()
}
