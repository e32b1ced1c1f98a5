package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/driver"

	"tocsin/sim"
	"tocsin/store"
	"tocsin/store/pgtest"
)

// BenchmarkCarries prints what a machine carries, on each database: notices,
// appearances, messages and articles a minute, and the memory and disk they take. A
// daemon runs against services on the same machine that let it ask as fast as it
// can, so that the machine is the limit. docs/sizing.md says what it means:
//
//	go test ./cmd/tocsin -run '^$' -bench Carries -benchtime 1x
//
// With TOCSIN_SOAK the numbers are those of a large installation.
func BenchmarkCarries(b *testing.B) {
	l := load{people: 500, notices: 800, told: 40, articles: 40, sweep: time.Second}
	if os.Getenv("TOCSIN_SOAK") != "" {
		l = load{people: 10_000, notices: 10_000, told: 500, articles: 1000, sweep: 10 * time.Second}
	}
	if of := os.Getenv("TOCSIN_PEOPLE"); of != "" {
		n, err := strconv.Atoi(of)
		if err != nil {
			b.Fatal(err)
		}
		l.people = max(n, l.told)
	}
	for _, db := range []string{"sqlite", "postgres"} {
		b.Run(db, func(b *testing.B) {
			dsn := ""
			if db == "postgres" {
				dsn = pgtest.DSN(b)
			}
			for range b.N {
				carries(b, dsn, l)
			}
		})
	}
}

// load is what BenchmarkCarries lays on a daemon: people watched, notices held, those
// of them that appear at once later, and articles that do.
type load struct {
	people, notices, told, articles int
	sweep                           time.Duration
}

const carriesConfig = `listen: "127.0.0.1:0"
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %q, newest: "@every 1s", sweep: "@every %s", details: 0, pace: 100us}
  - {id: daily, kind: feed, url: %q, poll: "@every 1s", full_text: true, pace: 100us}
notifiers:
  - {id: team, kind: slack, token_file: slack_token, channel: C0HOUSE, api_url: %q, pace: 100us, gather: 0}
`

// carries reports the figures of one daemon. Its ledger is a file where dsn is "".
func carries(b *testing.B, dsn string, l load) {
	daily, err := sim.NewFeed("The Daily")
	if err != nil {
		b.Fatal(err)
	}
	defer daily.Close() // only read
	watched, others := named(24, l.people), named(25, l.notices)
	h := newHouse(b, houseConfig, listOf("s", watched), others...)
	config, address := fmt.Sprintf(carriesConfig, h.notices.URL(), l.sweep, daily.URL(), h.slack.URL()), "sqlite:"+filepath.Join(h.dir, "tocsin.db")
	if dsn != "" {
		config, address = "database: "+strconv.Quote(withoutPassword(dsn))+"\n"+config, dsn
	}
	h.write("tocsin.yaml", config)
	d := h.run()
	defer d.kill()
	var s *store.Store
	h.until("a ledger", time.Minute, func() bool { s, err = store.Open(b.Context(), address, store.Options{}); return err == nil })
	defer s.Close() // only read
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}

	var sweeps []store.Look
	h.until("two sweeps", 10*time.Minute, func() bool {
		all, err := s.Looks(b.Context(), "interpol-red", time.Time{}, time.Now().Add(time.Hour))
		must(err)
		sweeps = slices.DeleteFunc(all, func(k store.Look) bool { return !k.Complete })
		return len(sweeps) >= 2
	})
	perMinute := func(n int, in time.Duration, what string) { b.ReportMetric(float64(n)/in.Minutes(), what+"/min") }
	perMinute(l.notices, sweeps[0].Ended.Sub(sweeps[0].Began), "new-notices") // all is new in the first
	perMinute(l.notices, sweeps[1].Ended.Sub(sweeps[1].Began), "notices")
	b.ReportMetric(resident(b, d.cmd.Process.Pid), "MB-resident")
	ledger, kept := ledgerSize(b, h, dsn), sizeOf(b, filepath.Join(h.dir, "evidence"))
	b.ReportMetric(ledger/1e6/float64(l.notices)*10_000, "MB-ledger/10k-notices")
	b.ReportMetric(kept/1e6/float64(l.notices)*10_000, "MB-evidence/10k-notices")

	before, err := s.LastSeq(b.Context())
	must(err)
	accepts := h.slack.AddFault(sim.Fault{Kind: sim.TooMany, RetryAfter: "1"}) // not yet: first all is owed
	h.notices.Publish(watched[:l.told]...)
	h.until("all of them in the ledger", 10*time.Minute, func() bool {
		last, err := s.LastSeq(b.Context())
		must(err)
		return last >= before+int64(l.told)
	})
	es, err := s.Events(b.Context(), store.EventFilter{After: before})
	must(err)
	perMinute(l.told-1, es[len(es)-1].At.Sub(es[0].At), "appearances")
	accepts()
	h.until("all of them told", 10*time.Minute, func() bool {
		owed, err := s.Counts(b.Context())
		must(err)
		return owed["team"].Pending == 0
	})
	ms := h.slack.Messages()
	ms = ms[len(ms)-l.told:]
	perMinute(l.told-1, slackTime(b, ms[l.told-1].TS).Sub(slackTime(b, ms[0].TS)), "messages")

	ledger, kept = ledgerSize(b, h, dsn), sizeOf(b, filepath.Join(h.dir, "evidence"))
	daily.Publish(articles(l.articles)...)
	h.until("the articles read", 10*time.Minute, func() bool {
		n, err := s.Stories(b.Context(), "daily")
		must(err)
		return n >= l.articles
	})
	read := time.Now()
	asked := daily.Requests()
	first := slices.IndexFunc(asked, func(r sim.Request) bool { return strings.HasPrefix(r.Path, "/a/") })
	perMinute(l.articles, read.Sub(asked[first].At), "articles")
	b.ReportMetric((ledgerSize(b, h, dsn)-ledger)/1e3/float64(l.articles), "kB-ledger/article")
	b.ReportMetric((sizeOf(b, filepath.Join(h.dir, "evidence"))-kept)/1e3/float64(l.articles), "kB-evidence/article")
}

// invented is a word that hardly comes twice.
func invented(r *rand.Rand, syllables int) string {
	const consonants, vowels = "bcdfghjklmnprstvwz", "aeiou"
	var word []byte
	for range syllables {
		word = append(word, consonants[r.IntN(len(consonants))], vowels[r.IntN(len(vowels))])
	}
	return string(word)
}

// named are n rows of people who have hardly a name or a birth date in common, so
// that a notice is about one person at most.
func named(seed uint64, n int) []sim.Row {
	r := rand.New(rand.NewPCG(seed, 1))
	rows := make([]sim.Row, n)
	for i := range rows {
		born := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(18_000))
		rows[i] = person(fmt.Sprintf("20%02d/%d", seed, i+10_000), strings.ToUpper(invented(r, 4)), strings.ToUpper(invented(r, 3)), born.Format("2006/01/02"), "MD", "F", "MD", "unlawful assembly")
	}
	return rows
}

// articles are n pieces of news of 400 words that nobody has in common.
func articles(n int) (items []sim.Item) {
	r := rand.New(rand.NewPCG(9, 1))
	for i := range n {
		var story strings.Builder
		for w := range 400 {
			word := invented(r, 1+r.IntN(4))
			if w%9 == 0 {
				word = strings.ToUpper(word[:1]) + word[1:]
			}
			story.WriteString(word + map[bool]string{true: ".\n", false: " "}[w%16 == 15])
		}
		path := fmt.Sprintf("/a/%d", i)
		items = append(items, sim.Item{ID: path, Path: path, Title: invented(r, 4) + " " + invented(r, 3), Summary: "What was said about it.", Story: story.String(), Published: time.Now()})
	}
	return items
}

// slackTime is when Slack took a message.
func slackTime(b *testing.B, ts string) time.Time {
	b.Helper()
	micros, err := strconv.ParseInt(strings.Replace(ts, ".", "", 1), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.UnixMicro(micros)
}

// ledgerSize is the room that a ledger takes, indexes included.
func ledgerSize(b *testing.B, h *house, dsn string) float64 {
	b.Helper()
	if dsn != "" {
		return float64(rowsOf(b, ledgerOn(b, dsn), `SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`))
	}
	db, err := driver.Open("file:" + filepath.Join(h.dir, "tocsin.db") + "?mode=ro")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close() // only read
	return float64(rowsOf(b, db, `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`))
}

// sizeOf is how much all files under a folder hold.
func sizeOf(b *testing.B, dir string) (size float64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		info, err := f.Info()
		if err == nil {
			size += float64(info.Size())
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Fatal(err)
	}
	return size
}
