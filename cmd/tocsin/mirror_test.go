package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

const mirrorConfig = `listen: "127.0.0.1:0"
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %q, newest: "@every 1s", sweep: "@every 2s", details: 0,
     pace: 100us, backoff: 100ms, backoff_max: 500ms, blind_after: 4s, newest_blind_after: 3s}
  - {id: mirror, kind: opensanctions, dataset: interpol_red_notices, url: MIRROR, poll: "@every 1s", pace: 100us,
     backoff: 100ms, backoff_max: 500ms, blind_after: 1h, witness_for: interpol-red}
notifiers:
  - {id: team, kind: slack, token_file: slack_token, channel: C0HOUSE, api_url: %q, pace: 100us, retry: 50ms, retry_max: 500ms, gather: 0}
  - {id: lawyers, kind: email, smtp: %q, from: watch@example.org, to: [lawyer@example.org], detail: codename, retry: 50ms, retry_max: 500ms, gather: 0}
`

// mirrorOf publishes rows as OpenSanctions does.
func mirrorOf(t *testing.T) *sim.Mirror {
	t.Helper()
	m, err := sim.NewMirror("interpol_red_notices")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func copies(rows []sim.Row) (out []sim.Entity) {
	for _, r := range rows {
		out = append(out, sim.Copied(r))
	}
	return out
}

func TestTheMirrorCarriesTheAlertsWhileINTERPOLRefuses(t *testing.T) {
	m := mirrorOf(t)
	rows := whole(3, 60)
	m.Publish(time.Now().Add(-30*time.Hour), copies(rows)...)
	h := newHouse(t, strings.Replace(mirrorConfig, "MIRROR", m.URL(), 1), csvHeader+vardenEntry, rows...)
	d := h.run()
	h.until("both are seen", 30*time.Second, func() bool {
		st := h.status()
		return len(st.Sources) == 2 && st.Sources[0].State == "ok" && st.Sources[1].State == "ok"
	})
	if x := h.status().Sources[1]; x.Version == "" || x.DataAt.IsZero() || x.Listed != 60 || x.Seen != 60 {
		t.Errorf("the mirror's status is %+v", x)
	}
	h.notices.AddFault(sim.Fault{Kind: sim.Refused})
	blind := func(kind tocsin.EventKind) func() bool {
		return func() bool {
			return slices.ContainsFunc(h.events(), func(e tocsin.Event) bool { return e.Kind == kind && e.Source == "interpol-red" })
		}
	}
	h.until("INTERPOL is blind", 30*time.Second, blind(tocsin.Blind))
	h.notices.Publish(vardenNotice())
	m.Publish(time.Now().Add(-8*time.Hour), copies(append(slices.Clone(rows), vardenNotice()))...)
	about := func() (out []tocsin.Event) {
		for _, e := range h.events() {
			if e.Person == "p-017" {
				out = append(out, e)
			}
		}
		return out
	}
	h.until("the mirror's alert", 20*time.Second, func() bool { es := about(); return len(es) == 1 && settled(es) })
	first := about()[0]
	if e := first.Edition; first.Kind != tocsin.Appeared || first.Source != "mirror" || e == nil || e.Main != tocsin.MainBlind || e.DataAt.IsZero() {
		t.Errorf("the mirror told %+v %+v", first, e)
	}
	// A power cut, and the daemon goes on with what it knew.
	d.kill()
	asked := len(m.Requests())
	h.run()
	h.notices.ClearFaults()
	h.until("INTERPOL is seen again", 30*time.Second, blind(tocsin.Recovered))
	h.until("INTERPOL confirms it", 20*time.Second, func() bool { return len(about()) == 2 })
	last := about()[1]
	if last.Source != "interpol-red" || last.Kind != tocsin.Appeared || last.Confirmed != first.ID || last.Case != first.Case {
		t.Errorf("INTERPOL confirms with %+v", last)
	}
	for _, x := range last.Deliveries {
		if x.State != tocsin.Skipped {
			t.Errorf("it rings twice: %+v", x)
		}
	}
	h.until("the message says so", 10*time.Second, func() bool {
		for _, p := range h.slack.Messages() {
			if strings.Contains(string(p.Blocks), "itself has it now") {
				return true
			}
		}
		return false
	})
	for _, r := range m.Requests()[asked:] {
		if !strings.HasSuffix(r.Path, "/index.json") {
			t.Errorf("after the restart it asked for %s", r.Path)
		}
	}
}

// No byte that the mirror is asked for depends on who is watched.
func TestTheMirrorIsAskedForTheSameByTwoWatchlists(t *testing.T) {
	var asked [2][]string
	for i, list := range []string{csvHeader + vardenEntry, csvHeader + "p-001,Nobody Atall,,1900,FR,M,,,\n"} {
		m := mirrorOf(t)
		rows := whole(3, 60)
		h := newHouse(t, strings.Replace(mirrorConfig, "MIRROR", m.URL(), 1), list, rows...)
		poll := func() {
			if _, errs, code := h.command("poll", "--source", "mirror"); code != 0 {
				t.Fatalf("poll exits with %d: %s", code, errs)
			}
		}
		at := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
		m.Publish(at, copies(append(slices.Clone(rows), vardenNotice()))...)
		poll()
		m.Publish(at.Add(6*time.Hour), append(copies(rows), sim.Merged("NK-varden", sim.Copied(vardenNotice())))...)
		poll()
		poll()
		m.Publish(at.Add(12*time.Hour), copies(rows)...)
		poll()
		m.Publish(at.Add(18*time.Hour), copies(rows[:59])...)
		poll()
		for _, r := range m.Requests() {
			asked[i] = append(asked[i], r.String())
		}
		var got []string
		for _, e := range h.events() {
			got = append(got, string(e.Kind)+" "+e.Notice.ID)
		}
		if want := []string{"listed interpol-red-2026-48213", "disappeared NK-varden"}; i == 0 && !slices.Equal(got, want) {
			t.Errorf("told were %q, want %q", got, want)
		}
	}
	if !slices.Equal(asked[0], asked[1]) {
		t.Errorf("one asks for %q, the other for %q", asked[0], asked[1])
	}
}
