package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// newDatabaseKey writes a key as the manual says to make one.
func newDatabaseKey(t *testing.T, h *house) {
	t.Helper()
	key, err := exec.Command("openssl", "rand", "-hex", "32").Output()
	if err != nil {
		t.Log("no openssl here:", err)
		key = []byte("3f9a4c1be07d52886ab0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f40516\n")
	}
	h.write("db.key", string(key))
}

// A ledger that is lost while people appear, and restored from a backup that was
// taken in their midst, is the service's truth again in the end; nobody who
// appeared stays untold, and what the backup knows as told is not told again.
func TestALostLedgerIsRestoredAndTheWatchGoesOn(t *testing.T) {
	noise := func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte{0xa5}, 200<<10), 0o600) }
	for _, c := range []struct {
		name    string
		keyed   bool
		destroy func(path string) error
	}{
		{"deleted", false, os.Remove},
		{"truncated, encrypted", true, func(p string) error { return os.Truncate(p, 0) }},
		{"overwritten, encrypted", true, noise},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := houseConfig
			if c.keyed {
				config = "database_key_file: db.key\n" + config
			}
			people := whole(78, 207)
			held, watched := people[:200], people[200:]
			person := map[string]string{} // notice → person
			var list strings.Builder
			list.WriteString(csvHeader)
			for i, r := range watched {
				person[r.EntityID] = fmt.Sprintf("k-%03d", i)
				fmt.Fprintf(&list, "k-%03d,%q,,%s,,,K%d,,\n", i, strings.TrimSpace(*r.Forename+" "+*r.Name), strings.ReplaceAll(*r.DateOfBirth, "/", "-"), i)
			}
			h := newHouse(t, config, list.String(), held...)
			newDatabaseKey(t, h)
			d := h.run()
			h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
			h.publishAndWait(watched[:2])

			published := make(chan struct{})
			go func() {
				defer close(published)
				tick := time.NewTicker(500 * time.Millisecond)
				defer tick.Stop()
				for _, r := range watched[2:5] {
					h.notices.Publish(r)
					<-tick.C
				}
			}()
			h.until("some of those that appear now", 10*time.Second, func() bool { return len(h.events()) > 2 })
			out, errs, code := h.command("backup", "--json", filepath.Join(h.dir, "copy.db"))
			<-published
			var made struct {
				Events    int
				Encrypted bool
			}
			if err := json.Unmarshal([]byte(out), &made); err != nil || code != 0 || made.Events <= 2 || made.Encrypted != c.keyed {
				t.Fatalf("backup exits with %d, %v: %s%s", code, err, out, errs)
			}
			h.publishAndWait(watched[2:])
			h.notices.Withdraw(watched[0].EntityID)
			if _, errs, code := h.command("restore", filepath.Join(h.dir, "copy.db")); code != 1 || !strings.Contains(errs, "in use by another daemon") {
				t.Fatalf("restore beside the daemon exits with %d: %s", code, errs)
			}
			d.kill()

			path := filepath.Join(h.dir, "tocsin.db")
			if err := c.destroy(path); err != nil {
				t.Fatal(err)
			}
			if out, errs, code := h.command("restore", filepath.Join(h.dir, "copy.db")); code != 0 {
				t.Fatalf("restore exits with %d: %s%s", code, out, errs)
			}
			known := h.events()
			if len(known) != made.Events {
				t.Fatalf("%d events are restored, the backup had %d", len(known), made.Events)
			}
			toldBefore := h.told(known)
			h.run()
			h.until("the truth, told", 60*time.Second, func() bool {
				es := h.events()
				return counts(es)["disappeared "+watched[0].EntityID] == 1 && len(counts(es)) == len(watched)+1 && settled(es)
			})
			es := h.events()
			for what, n := range counts(es) {
				if n != 1 {
					t.Errorf("%s is in the ledger %d times", what, n)
				}
			}
			for _, e := range es {
				if e.Person != person[e.Notice.ID] {
					t.Errorf("%s of %s is told of %s", e.Kind, e.Notice.ID, e.Person)
				}
			}
			if st := h.status(); st.Sources[0].Public != len(people)-1 || st.Deliveries.Pending+st.Deliveries.Failed != 0 {
				t.Errorf("%d notices are held as public of %d; %+v", st.Sources[0].Public, len(people)-1, st.Deliveries)
			}
			told := h.told(es)
			for _, e := range es {
				if told[e.ID] == 0 {
					t.Errorf("%s %s never reached Slack", e.Kind, e.ID)
				}
			}
			for _, e := range known {
				for _, d := range e.Deliveries {
					if d.Notifier == "team" && d.State == tocsin.Sent && told[e.ID] != toldBefore[e.ID] {
						t.Errorf("%s %s was known to be told, and was told again", e.Kind, e.ID)
					}
				}
			}
			t.Logf("%d events in the backup, %d in the end, %d posts", len(known), len(es), len(h.slack.Messages()))
		})
	}
}

// publishAndWait has rows appear and waits until all are told.
func (h *house) publishAndWait(rows []sim.Row) {
	h.t.Helper()
	h.notices.Publish(rows...)
	h.until("the appearances, told", 30*time.Second, func() bool {
		es := h.events()
		have := counts(es)
		for _, r := range rows {
			if have["appeared "+r.EntityID] == 0 {
				return false
			}
		}
		return settled(es)
	})
}

// counts is how often each notice did what.
func counts(es []tocsin.Event) map[string]int {
	out := map[string]int{}
	for _, e := range es {
		if e.Notice != nil {
			out[string(e.Kind)+" "+e.Notice.ID]++
		}
	}
	return out
}

// told is in how many Slack messages each event is.
func (h *house) told(es []tocsin.Event) map[string]int {
	out := map[string]int{}
	for _, m := range h.slack.Messages() {
		for _, e := range es {
			if strings.Contains(string(m.Metadata), `"`+e.ID+`"`) {
				out[e.ID]++
			}
		}
	}
	return out
}
