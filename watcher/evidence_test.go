package watcher_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/evidence"
	"tocsin/sim"
	"tocsin/watcher"
)

// get reads a record that an event names.
func (r *rig) get(digest string) evidence.Kept {
	r.t.Helper()
	k, err := r.evidence.Get(digest)
	if err != nil {
		r.t.Fatalf("record %q: %v", digest, err)
	}
	return k
}

func (r *rig) verified() evidence.Report {
	r.t.Helper()
	rep, err := watcher.VerifyEvidence(context.Background(), r.evidence, r.store)
	if err != nil {
		r.t.Fatal(err)
	}
	return rep
}

func TestEventsRestOnWhatWasServed(t *testing.T) {
	r := newRig(t, people(t, vardenLine, "p-009,Darya Kosten,,1979-11-02,UA,F,,,"),
		append([]sim.Row{row("2025/31170", "KOSTEN", "DARYA", "1979/11/02", "UA", "F")}, sim.People(3, 500)...)...)
	listed := r.poll()
	equal(t, "first look", kinds(listed), []string{"listed p-009 2025/31170"})
	page := r.get(listed[0].Evidence)
	if page.Exchange.Kind != evidence.KindPage || !bytes.Contains(page.Exchange.Body, []byte(`"2025/31170"`)) {
		t.Errorf("a listing rests on a %s of %d bytes", page.Exchange.Kind, len(page.Exchange.Body))
	}
	if len(page.Exchange.Rows) < 2 {
		t.Errorf("the page has %d rows of its own", len(page.Exchange.Rows))
	}

	r.notices.Publish(vardenRow())
	e := r.poll()[0]
	detail := r.get(e.Evidence)
	served, err := http.Get(r.notices.URL() + "/red/2026-48213")
	if err != nil {
		t.Fatal(err)
	}
	defer served.Body.Close()
	body, err := io.ReadAll(served.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(detail.Exchange.Body, body) || !strings.HasSuffix(detail.Exchange.URL, "/red/2026-48213") {
		t.Errorf("an appearance rests on %s, %d bytes; served were %d", detail.Exchange.URL, len(detail.Exchange.Body), len(body))
	}

	r.notices.Withdraw("2026/48213")
	r.poll()
	gone := r.get(r.poll()[0].Evidence)
	if gone.Exchange.Status != http.StatusNotFound {
		t.Errorf("a disappearance rests on an answer of status %d", gone.Exchange.Status)
	}
	look, ok, err := r.store.LastComplete(context.Background(), "interpol-red")
	if err != nil || !ok {
		t.Fatal(err)
	}
	index := r.get(look.Record)
	if lines := bytes.Count(index.Exchange.Body, []byte("\n")); lines != 501 || bytes.Contains(index.Exchange.Body, []byte("2026/48213")) {
		t.Errorf("the complete look's index has %d ids", lines)
	}
	if rep := r.verified(); !rep.OK {
		t.Errorf("the evidence does not hold: %s", rep.Why)
	}
}

func TestEvidenceThatIsGoneWithoutADropIsMissed(t *testing.T) {
	r := newRig(t, people(t, vardenLine), append([]sim.Row{vardenRow()}, sim.People(3, 50)...)...)
	e := r.poll()[0]
	k := r.get(e.Evidence)
	if err := os.Remove(filepath.Join(r.dir, "evidence", filepath.FromSlash(k.Path))); err != nil {
		t.Fatal(err)
	}
	if rep := r.verified(); rep.OK || rep.Why == "" {
		t.Errorf("a record was taken away, and the evidence still holds: %+v", rep)
	}
}

func TestAnAlertIsNotHeldBackByEvidenceThatCannotBeKept(t *testing.T) {
	r := newRig(t, people(t, vardenLine), sim.People(3, 50)...)
	r.poll()
	// A folder that is a file: nothing can be written below it.
	records := filepath.Join(r.dir, "evidence", "incoming")
	if err := os.RemoveAll(records); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(records, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r.notices.Publish(vardenRow())
	events := r.poll()
	equal(t, "without evidence", kinds(events), []string{"appeared p-017 2026/48213"})
	if events[0].Evidence != "" {
		t.Errorf("it names a record: %q", events[0].Evidence)
	}
	st, err := r.Status(context.Background())
	if err != nil || st.Evidence == nil || st.Evidence.Error == "" {
		t.Errorf("the status says nothing of it: %+v, %v", st.Evidence, err)
	}
}

func TestEvidenceBeyondItsAgeGoesUnlessTheLedgerRestsOnIt(t *testing.T) {
	ctx := context.Background()
	r := newRig(t, people(t, vardenLine), append([]sim.Row{vardenRow()}, sim.People(3, 50)...)...)
	r.stop()
	var later time.Duration
	r.evidenceNow = func() time.Time { return time.Now().Add(later) }
	r.start()
	cited := r.poll()[0].Evidence
	stray, err := r.evidence.Keep(ctx, evidence.Exchange{URL: "https://notices.example/1", Status: 200, Body: []byte("{}"), At: time.Now(), Kind: evidence.KindDetail})
	if err != nil {
		t.Fatal(err)
	}
	later = 48 * time.Hour
	if err := r.BoundEvidenceOnce(ctx, evidence.Limits{MaxAge: 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	missing, err := r.evidence.Holds([]string{cited, stray.Digest})
	if err != nil || len(missing) != 1 || missing[0] != stray.Digest {
		t.Errorf("missing are %v, %v; want the one that nothing rests on", missing, err)
	}
	if rep := r.verified(); !rep.OK || len(rep.Dropped) == 0 {
		t.Errorf("after a drop: %+v", rep)
	}
}

// BenchmarkEvidenceOnASteadySweep looks at a list of 7,000 with and without
// evidence, in one run, and prints what keeping it costs. A day is 24 looks and
// four changes (interpol-api.md: about two in and two out); a third of one is
// measured.
func BenchmarkEvidenceOnASteadySweep(b *testing.B) {
	rows := sim.People(3, 7000)
	with, without := newRig(b, people(b, vardenLine), rows...), newRig(b, people(b, vardenLine), rows...)
	without.stop()
	without.noEvidence = true
	without.start()
	with.poll()
	without.poll()
	before, err := with.evidence.Usage()
	if err != nil {
		b.Fatal(err)
	}
	const looks = 8
	var spent [2]time.Duration
	for b.Loop() {
		for look := range looks {
			if look%6 == 5 {
				with.notices.Edit(rows[look].EntityID, func(r *sim.Row) { r.Photo += "1" })
				without.notices.Edit(rows[look].EntityID, func(r *sim.Row) { r.Photo += "1" })
			}
			for i, r := range []*rig{with, without} {
				began := time.Now()
				r.poll()
				spent[i] += time.Since(began)
			}
		}
	}
	after, err := with.evidence.Usage()
	if err != nil {
		b.Fatal(err)
	}
	days := float64(b.N) * looks / 24
	ratio := float64(spent[0]) / float64(spent[1])
	b.ReportMetric(float64(spent[0].Milliseconds())/days/24, "ms/look-with")
	b.ReportMetric(float64(spent[1].Milliseconds())/days/24, "ms/look-without")
	b.ReportMetric((ratio-1)*100, "%more")
	b.ReportMetric(float64(after.Bytes+after.Log-before.Bytes-before.Log)/days/1e3, "kB/day")
	b.ReportMetric(float64(before.Bytes+before.Log)/1e6, "MB-first-look")
	if ratio > 1.10 {
		b.Errorf("evidence makes a steady sweep %.0f %% longer, want at most 10", (ratio-1)*100)
	}
}
