//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// onSmallDisk puts the house's ledger on a disk of its own, of some MB. It skips
// the test where none can be had.
func onSmallDisk(t *testing.T, h *house, mb int) string {
	t.Helper()
	dir := filepath.Join(h.dir, "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm", mb), "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	h.write("tocsin.yaml", "database: sqlite:disk/tocsin.db\n"+h.read("tocsin.yaml"))
	return dir
}

func (h *house) read(name string) string {
	h.t.Helper()
	b, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

// logged reports whether the daemon's log says something.
func (h *house) logged(what string) bool { return strings.Contains(h.read("log"), what) }

// fill writes a file until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // the disk is full: it may say so
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// A daemon whose disk is full, or whose ledger another program keeps locked,
// says so, keeps what it owes and goes on by itself when that is over.
func TestADaemonOutlivesAFullDiskAndALockedLedger(t *testing.T) {
	people := whole(79, 260)
	watched := people[200:206]
	var list strings.Builder
	list.WriteString(csvHeader)
	for i, r := range watched {
		fmt.Fprintf(&list, "k-%03d,%q,,%s,,,K%d,,\n", i, strings.TrimSpace(*r.Forename+" "+*r.Name), strings.ReplaceAll(*r.DateOfBirth, "/", "-"), i)
	}
	h := newHouse(t, houseConfig, list.String(), people[:200]...)
	disk := onSmallDisk(t, h, 8)
	d := h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	h.publishAndWait(watched[:2])

	fill(t, filepath.Join(disk, "filler"))
	h.notices.Publish(watched[2:4]...)
	h.notices.Publish(people[206:]...)
	h.until("the full disk in the log", 30*time.Second, func() bool { return h.logged("the disk is full: free some space") })
	if err := d.wait(2 * time.Second); err == nil || err.Error() != "it still runs" {
		t.Fatalf("the daemon ended: %v\n%s", err, tail([]byte(h.read("log")), 5))
	}
	if out, errs, code := h.command("backup", filepath.Join(disk, "copy.db")); code != 1 || !strings.Contains(errs, "copy.db: the disk is full") {
		t.Errorf("backup onto the full disk exits with %d: %s%s", code, out, errs)
	}
	if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
		t.Fatal(err)
	}
	h.publishAndWait(watched[2:4])

	other, err := sqlite3.Open("file:" + filepath.Join(disk, "tocsin.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() // nothing was written
	if err := other.Exec(`PRAGMA busy_timeout=5000; BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	h.notices.Publish(watched[4:]...)
	h.until("the lock in the log", 30*time.Second, func() bool { return h.logged("locked by another process: end the program") })
	if err := d.wait(2 * time.Second); err == nil || err.Error() != "it still runs" {
		t.Fatalf("the daemon ended: %v\n%s", err, tail([]byte(h.read("log")), 5))
	}
	if err := other.Exec(`ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	h.publishAndWait(watched[4:])
	for what, n := range counts(h.events()) {
		if n != 1 {
			t.Errorf("%s is in the ledger %d times", what, n)
		}
	}
}

// A daemon whose ledger is lost does not begin as if nothing had ever been seen
// or told: every old listing would be news, and every decision forgotten.
func TestADaemonDoesNotStartAnewWhereItsLedgerWas(t *testing.T) {
	for name, destroy := range map[string]func(string) error{
		"deleted": os.Remove, "truncated": func(p string) error { return os.Truncate(p, 0) },
		"overwritten": func(p string) error { return os.WriteFile(p, []byte(strings.Repeat("noise ", 4096)), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, houseConfig, csvHeader+vardenEntry, vardenNotice())
			d := h.run()
			h.until("the listing, told", 30*time.Second, func() bool { es := h.events(); return len(es) == 1 && settled(es) })
			if err := d.stop(10 * time.Second); err != nil { // in order: a log that is left over would hold it all
				t.Fatal(err)
			}
			if err := destroy(filepath.Join(h.dir, "tocsin.db")); err != nil {
				t.Fatal(err)
			}
			for _, verb := range []string{"run", "poll", "status", "history"} {
				if out, errs, code := h.command(verb); code != 1 || !strings.Contains(errs, "tocsin.db: ") || !strings.Contains(errs, "restore the last backup") {
					t.Errorf("%s exits with %d: %s%s", verb, code, out, errs)
				}
			}
			if n := len(h.slack.Messages()); n != 1 {
				t.Errorf("%d posts, want the one", n)
			}
		})
	}
}
