package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"tocsin"
	"tocsin/sim"
)

// forms are the bytes as which a text could stand in a file: as UTF-8 and as
// UTF-16 of either order.
func forms(text string) [][]byte {
	out := [][]byte{[]byte(text)}
	little, big := []byte{}, []byte{}
	for _, u := range utf16.Encode([]rune(text)) {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	return append(out, little, big)
}

// folded are some bytes with the letters of any script in lower case, whichever
// of the forms they have.
func folded(b []byte) [][]byte {
	out := [][]byte{bytes.ToLower(b)}
	for _, big := range []int{0, 1} {
		for _, shift := range []int{0, 1} { // a text may begin at any byte
			units := make([]uint16, 0, len(b)/2)
			for i := shift; i+1 < len(b); i += 2 {
				units = append(units, uint16(b[i+big])<<8|uint16(b[i+1-big]))
			}
			out = append(out, []byte(strings.ToLower(string(utf16.Decode(units)))))
		}
	}
	return out
}

// haystack is what is looked through: some bytes, and the same folded.
type haystack struct {
	plain  []byte
	folded [][]byte
}

func hay(b []byte) haystack { return haystack{b, folded(b)} }

// holds says in which form some bytes hold a text, "" for none.
func (h haystack) holds(text string) string {
	for _, f := range forms(text) {
		if bytes.Contains(h.plain, f) {
			return "as it is"
		}
	}
	for _, f := range h.folded {
		if bytes.Contains(f, bytes.ToLower([]byte(text))) {
			return "but for its case"
		}
	}
	return ""
}

func TestTheSearchFindsATextInEveryForm(t *testing.T) {
	for _, text := range []string{"Мира Варден", "house-secret"} {
		for _, written := range []string{text, strings.ToUpper(text)} {
			for i, f := range forms(written) {
				for _, before := range []string{"", "x"} {
					if hay([]byte(before+string(f)+"y")).holds(text) == "" {
						t.Errorf("%q in form %d after %q is not found", written, i, before)
					}
				}
			}
		}
		if hay([]byte("nothing of it")).holds(text) != "" {
			t.Errorf("%q is found where it is not", text)
		}
	}
}

// A day in a watch's life, hurried: a first look, appearances, decisions with a
// note, edits of the list and a broken one, refusals, Slack and mail away, a
// person removed, digests, a kill. Nothing that the watchlist says, and no
// secret, is then in any file that the daemon keeps, on its pages, or in what
// its commands print; nor, with database_key_file, is it in the ledger that a
// notice of these people was public.
func TestNothingOfTheWatchlistAndNoSecretIsAtRest(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		t.Run(map[bool]string{false: "plain", true: "encrypted"}[sealed], func(t *testing.T) { t.Parallel(); aDayAtRest(t, sealed) })
	}
}

func aDayAtRest(t *testing.T, sealed bool) {
	config := strings.NewReplacer("newest_blind_after: 0", "newest_blind_after: 2s", "detail: codename,", `detail: codename, late_after: 1s, digest: "@every 3s",`).Replace(pressConfig)
	key := strings.Repeat("c0ffee11", 8)
	if sealed {
		config = "database_key_file: db.key\n" + config
	}
	kosten := "p-009,Darya Kosten,Дарья Костен,1979-11-02,UA,F,KITE,south,lives quietly\n"
	h := newHouse(t, config, csvHeader+vardenEntry, append(sim.People(3, 100), person("2025/31170", "KOSTEN", "DARYA", "1979/11/02", "UA", "F", "UA", "fraud"))...)
	h.write("db.key", key)
	d := h.run()
	h.until("the first complete look", 30*time.Second, func() bool { return h.status().Sources[0].State == "ok" })
	h.notices.Publish(vardenNotice())
	h.until("the appearance", 20*time.Second, func() bool { es := h.events(); return len(es) == 1 && settled(es) })
	if _, errs, code := h.command("decide", h.events()[0].Case, "ack", "--by", "amina"); code != 0 {
		t.Fatalf("decide exits with %d: %s", code, errs)
	}
	h.kept(h.press("warned", "U0AMINA"))
	h.write("watchlist.csv", csvHeader+vardenEntry+kosten)
	h.until("the added person's listing", 20*time.Second, func() bool { return len(h.events()) == 2 })
	h.until("a digest", 20*time.Second, func() bool {
		for _, m := range h.mail.Messages() {
			if strings.Contains(m.Text, "COVERAGE") {
				return true
			}
		}
		return false
	})
	slackBack := h.slack.AddFault(sim.Fault{Kind: sim.TooMany, RetryAfter: "1"})
	mailBack := h.mail.AddFault(sim.MailFault{At: sim.AtHello, Code: 421})
	h.notices.Withdraw("2025/31170")
	h.until("a disappearance", 30*time.Second, func() bool {
		es := h.events()
		return es[len(es)-1].Kind == tocsin.Disappeared
	})
	d.kill()
	d = h.run()
	slackBack()
	mailBack()
	h.until("all told", 30*time.Second, func() bool { return settled(h.events()) })
	remove := h.notices.AddFault(sim.Fault{Kind: sim.Refused})
	h.until("blindness", 30*time.Second, func() bool { return h.status().Sources[0].State == "blind" })
	remove()
	h.write("watchlist.csv", csvHeader+vardenEntry+`p-018,Mira Varden,,yesterday,,,,,`+"\n")
	h.until("the mistake", 10*time.Second, func() bool { return h.status().Watchlist.Error != "" })

	kept := map[string][]byte{}
	for _, page := range []string{"/metrics", "/", "/readyz", "/healthz"} {
		_, text := h.page(page)
		kept["page "+page] = []byte(text)
	}
	for _, args := range [][]string{{"history", "--json"}, {"history"}, {"status", "--json"}, {"status"}, {"cases", "--json"}, {"cases"}} {
		out, errs, _ := h.command(args...)
		kept[strings.Join(args, " ")] = []byte(out + errs)
	}
	if _, errs, code := h.command("backup", filepath.Join(h.dir, "backup.db")); code != 0 {
		t.Fatalf("backup exits with %d: %s", code, errs)
	}
	alive := files(t, h.dir, kept) // with the write-ahead log as it is under way
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	d.wait(10 * time.Second)
	files(t, h.dir, kept)
	kept["standard output"] = d.out.Bytes()

	for _, must := range []string{"log", "tocsin.db", "tocsin.db-wal", "backup.db", "page /metrics", "history --json"} {
		if len(kept[must]) == 0 {
			t.Errorf("%s has nothing to look at", must)
		}
	}
	if alive < 8 {
		t.Fatalf("only %d files to look at", alive)
	}
	secrets := []string{
		"Mira Varden", "Мира", "Варден", "HERON", "north", "ask Amina", "M. V.", "house-secret",
		"Darya Kosten", "Дарья", "Костен", "KITE", "lives quietly", key,
	}
	if raw, err := hex.DecodeString(key); err == nil {
		secrets = append(secrets, string(raw))
	}
	inLedger := []string{"VARDEN", "KOSTEN", "p-017", "2026/48213", "CREATE TABLE"}
	for name, b := range kept {
		looked := hay(b)
		for _, secret := range secrets {
			if how := looked.holds(secret); how != "" {
				t.Errorf("%s holds %q, %s", name, secret, how)
			}
		}
		if strings.Contains(name, ".db") && name != "tocsin.db.lock" {
			found := 0
			for _, text := range inLedger {
				if looked.holds(text) != "" {
					found++
				}
			}
			if sealed && found > 0 {
				t.Errorf("%s is encrypted and shows %d of %q", name, found, inLedger)
			}
			if !sealed && name == "backup.db" && found != len(inLedger) {
				t.Errorf("%s shows %d of %q: the search is blind", name, found, inLedger)
			}
		}
	}
	t.Logf("%d files, pages and answers looked through", len(kept))
}

// files adds to kept what the daemon keeps in its folder, unpacked where it is
// gzipped too, and returns how many there were. What the operator wrote is left
// out.
func files(t *testing.T, dir string, kept map[string][]byte) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		switch f.Name() {
		case "watchlist.csv", "slack_token", "app_token", "tocsin.yaml", "tocsin.key", "db.key":
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, dir+"/")
		n++
		kept[name] = append(kept[name], b...)
		if zipped, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			plain, err := io.ReadAll(zipped)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			kept[name] = append(kept[name], plain...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
