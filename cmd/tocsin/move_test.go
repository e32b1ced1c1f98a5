package main

import (
	"strings"
	"testing"
	"time"

	"tocsin/store/pgtest"
)

// A running installation moves from SQLite to PostgreSQL: beside the daemon the copy
// is refused and takes nothing; once that has stopped the ledgers are equal, and the
// next start, on the server, goes on where the last one was and rings nothing again.
func TestARunningInstallationMovesToAServer(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	rows := whole(83, 100+soak(24, 600))
	watched := rows[100:]
	third := len(watched) / 3
	h := newHouse(t, houseConfig, listOf("m", watched), rows[:100]...)
	d := h.run()
	h.until("the first complete look", 60*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	h.notices.Publish(watched[:third]...)
	h.until("some told", 5*time.Minute, func() bool { return everything(third, h.events()) })

	move := func() (stderr string, code int) {
		_, stderr, code = h.command("store", "copy", "--from", "sqlite:"+h.dir+"/tocsin.db", "--to", withoutPassword(dsn))
		return stderr, code
	}
	if stderr, code := move(); code != exitFailed || !strings.Contains(stderr, "in use by another daemon") {
		t.Errorf("beside the daemon: exit %d: %s", code, stderr)
	}
	told := len(h.slack.Messages())
	h.notices.Publish(watched[third : 2*third]...)
	h.until("it is in the midst of telling more", 60*time.Second, func() bool { return len(h.slack.Messages()) > told })
	if err := d.stop(20 * time.Second); err != nil {
		t.Fatal(err)
	}
	if stderr, code := move(); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	before := h.events()
	h.write("tocsin.yaml", databaseLine(dsn)+h.read("tocsin.yaml"))
	after := h.events()
	if len(after) != len(before) {
		t.Fatalf("%d events, want %d", len(after), len(before))
	}
	for i := range before {
		if after[i].ID != before[i].ID || after[i].Seq != before[i].Seq {
			t.Errorf("event %d is %s, want %s", i, after[i].ID, before[i].ID)
		}
	}
	h.notices.Publish(watched[2*third:]...)
	h.run()
	h.until("everybody told of everything", 5*time.Minute, func() bool { return everything(len(watched), h.events()) })
	h.toldOnce(len(watched))
}
