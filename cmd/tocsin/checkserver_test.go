package main

import (
	"encoding/json"
	"net"
	"strings"
	"testing"

	"tocsin/store/pgtest"
)

// check --online tries the database's server before a daemon needs it: it says what is
// there, or what to do, makes nothing, and names neither user nor password.
func TestCheckTriesTheDatabasesServer(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t) // or it is skipped
	h := newHouse(t, databaseLine(dsn)+houseConfig, csvHeader+"p-017,Mira Varden,,1988-03-14,MD,F,HERON,,\n", whole(86, 100)...)
	try := func(says string, want int) {
		t.Helper()
		out, errs, code := h.command("check", "--online")
		if code != want || !strings.Contains(out, "database: ") || !strings.Contains(out, says) {
			t.Errorf("exit %d, want %d and %q:\n%s%s", code, want, says, out, errs)
		}
		if all := out + errs; strings.Contains(all, "tocsin@") || strings.Contains(all, "user=") || strings.Contains(all, "secret-of-tests") {
			t.Errorf("it names user or password:\n%s", all)
		}
	}
	try("there is no ledger yet", 0)
	if n := rowsOf(t, ledgerOn(t, dsn), `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()`); n != 0 {
		t.Errorf("check has made %d tables", n)
	}
	if out, errs, code := h.command("poll"); code != 0 {
		t.Fatalf("poll: exit %d: %s%s", code, out, errs)
	}
	try("a ledger of this version", 0)
	out, _, _ := h.command("check", "--online", "--json")
	var said checkJSON
	if err := json.Unmarshal([]byte(out), &said); err != nil || len(said.Online) == 0 || said.Online[0].ID != "database" || !said.Online[0].OK {
		t.Errorf("as JSON: %v, %s", err, out)
	}

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	h.write("tocsin.yaml", strings.Replace(h.read("tocsin.yaml"), "127.0.0.1", l.Addr().String()+",127.0.0.1", 1))
	try("a ledger of this version", 0) // the second server that is named answers
	h.write("tocsin.yaml", `database: "postgres://tocsin@`+l.Addr().String()+`/nowhere"`+"\n"+h.read("tocsin.yaml")[strings.Index(h.read("tocsin.yaml"), "\n")+1:])
	try("the server cannot be reached: start it", exitFailed)
}
