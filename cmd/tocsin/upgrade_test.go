package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3/lock"

	"tocsin/store/pgtest"
)

// newerBinary builds the program as its next version might be: with one more step of
// the schema, which only adds.
func newerBinary(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	migrations, err := filepath.Abs("../../store/migrations")
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(migrations)
	if err != nil {
		t.Fatal(err)
	}
	last := files[len(files)-1].Name()
	number, err := strconv.Atoi(last[:5])
	if err != nil {
		t.Fatal(err)
	}
	next := fmt.Sprintf("%05d_next.sql", number+1)
	step := filepath.Join(dir, next)
	if err := os.WriteFile(step, []byte("-- +goose Up\nALTER TABLE event ADD COLUMN next INTEGER NOT NULL DEFAULT 0;\nCREATE TABLE next (id TEXT NOT NULL PRIMARY KEY) STRICT;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(migrations, next): step}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := buildIn(dir, "-overlay", filepath.Join(dir, "overlay.json"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A replica that is told to stop while it waits for another to bring the schema
// forward has done nothing wrong.
func TestAReplicaToldToStopWhileAnotherMigratesEndsInOrder(t *testing.T) {
	_, dsn := pgtest.Own(t) // the lock is the whole database's
	db := ledgerOn(t, dsn)
	other, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() // the lock goes with it
	if _, err := other.ExecContext(t.Context(), `SELECT pg_advisory_lock($1)`, lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, databaseLine(dsn)+houseConfig, csvHeader+vardenEntry)
	d := h.run()
	h.until("it waits", 30*time.Second, func() bool {
		return rowsOf(t, db, `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tocsin' AND query LIKE '%pg_try_advisory_lock%'`) > 0
	})
	if err := d.stop(20 * time.Second); err != nil {
		t.Errorf("told to stop: %v\n%s", err, h.read("log"))
	}
}

// Three replicas are upgraded one by one to a version with a newer schema, while
// people appear, and one is taken back to the version before. The schema is migrated
// once; replicas of both versions watch over it in turn; everybody is told of once.
func TestAFleetIsUpgradedOneByOneAndOneVersionBack(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t) // or it is skipped
	newer := newerBinary(t)
	const each = 3
	rows := whole(89, 100+6*each)
	watched, next := rows[100:], 0
	f := newFleet(t, dsn, listOf("u", watched), rows[:100]...)
	older := f.all[0].bin
	appear := func(when string) {
		t.Helper()
		f.notices.Publish(watched[next : next+each]...)
		next += each
		f.until("what appeared is told "+when, time.Minute, func() bool { return everything(next, f.events()) })
	}
	change := func(i int, bin string) {
		t.Helper()
		leads := watching(t, f.all) == i
		if err := f.daemons[i].stop(20 * time.Second); err != nil {
			t.Fatalf("replica %d was told to stop: %v\n%s", i, err, tail([]byte(f.all[i].read("log")), 12))
		}
		if leads {
			f.takenOver(t, i, "told to stop")
		}
		f.all[i].bin = bin
		before := strings.Count(f.all[i].read("log"), up)
		f.daemons[i] = f.all[i].run()
		f.until("it is up", 30*time.Second, func() bool { return strings.Count(f.all[i].read("log"), up) > before })
	}
	appear("by the older version")
	standsBy := (watching(t, f.all) + 1) % 3
	change(standsBy, newer)
	appear("by the older version on the newer schema")
	for i := range f.all {
		if i != standsBy {
			change(i, newer)
			appear("while versions differ")
		}
	}
	leader := watching(t, f.all)
	change(leader, older)
	appear("by the newer version")
	for i := range f.all { // until the one of the older version is alone
		if i != leader {
			if err := f.daemons[i].stop(20 * time.Second); err != nil {
				t.Fatal(err)
			}
		}
	}
	appear("by the older version alone, on the newer schema")
	if l := watching(t, f.all); l != leader {
		t.Errorf("replica %d watches, want %d", l, leader)
	}
	db := ledgerOn(t, dsn)
	if n := rowsOf(t, db, `SELECT count(*) FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`); n != 1 {
		t.Errorf("the newest step of the schema was made %d times", n)
	}
	if n := rowsOf(t, db, `SELECT count(*) FROM information_schema.tables WHERE table_name = 'next' AND table_schema = current_schema()`); n != 1 {
		t.Error("the schema is the older version's")
	}
	f.daemons = f.daemons[leader : leader+1] // the others were told to stop
	f.all = f.all[leader : leader+1]
	f.whole(t)
}
