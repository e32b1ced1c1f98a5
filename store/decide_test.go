package store

import (
	"database/sql"
	"errors"
	"testing"
	"time"

	"tocsin"
)

func TestADecisionBringsItsCaseToTheStateItLeadsTo(t *testing.T) {
	for action, want := range map[tocsin.Action]tocsin.CaseState{
		tocsin.Ack: tocsin.CaseAcknowledged, tocsin.Assign: tocsin.CaseAcknowledged, tocsin.Warned: tocsin.CaseWarned, tocsin.Confirm: tocsin.CaseConfirmed,
		tocsin.Dismiss: tocsin.CaseDismissed, tocsin.Arrest: tocsin.CaseArrested, tocsin.Reopen: tocsin.CaseOpen, tocsin.Close: tocsin.CaseClosed,
	} {
		r := newRig(t)
		was := r.oneCase(r.tell(about(tocsin.Appeared, "p-017", "2026/1"))[0].Case)
		at := r.clock.Add(time.Minute)
		said, err := r.Decide(r.ctx, Decision{Case: was.ID, Action: action, By: "slack:U1", To: "bo", Note: "seen", At: at})
		if err != nil {
			t.Fatal(err)
		}
		is := r.oneCase(was.ID)
		equal(t, "what Decide said", said, is)
		if is.State != want || is.By != "slack:U1" || is.Note != "seen" || !is.DecidedAt.Equal(at) || is.Rev <= was.Rev {
			t.Errorf("%s: %+v", action, is)
		}
	}
}

func TestDecisionsAreALogThatIsOnlyAddedTo(t *testing.T) {
	r := newRig(t)
	id := r.tell(about(tocsin.Appeared, "p-017", "2026/1"))[0].Case
	r.decide(id, tocsin.Ack)
	r.decide(id, tocsin.Dismiss)
	n := about(tocsin.Changed, "p-017", "2026/1")
	n.Identity = true
	r.tell(n)
	var log []string
	err := each(r.ctx, r.r, `SELECT action || ' by ' || who FROM decision WHERE case_id = $1 ORDER BY seq`, []any{id}, func(row *sql.Rows) error {
		var line string
		err := row.Scan(&line)
		log = append(log, line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the log", log, []string{"ack by amina", "dismiss by amina", "reopen by "})
}

func TestADecisionMadeTwiceUnderOneKeyCountsOnce(t *testing.T) {
	r := newRig(t)
	id := r.tell(about(tocsin.Appeared, "p-017", "2026/1"))[0].Case
	click := Decision{Case: id, Action: tocsin.Ack, By: "slack:U1", Key: "click-1"}
	if _, err := r.Decide(r.ctx, click); err != nil {
		t.Fatal(err)
	}
	dismissed := r.decide(id, tocsin.Dismiss)
	again, err := r.Decide(r.ctx, click)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the case after the repeat", again, dismissed)
	for key, want := range map[string]bool{"click-1": true, "click-0": false} {
		if told, err := r.Told(r.ctx, key); err != nil || told != want {
			t.Errorf("%s was told: %v, %v", key, told, err)
		}
	}
	click.Key = "click-2"
	if c, err := r.Decide(r.ctx, click); err != nil || c.State != tocsin.CaseAcknowledged {
		t.Error("another click is not a repeat:", c.State, err)
	}
}

func TestWhatCannotBeDecidedIsRefused(t *testing.T) {
	r := newRig(t)
	id := r.tell(about(tocsin.Appeared, "p-017", "2026/1"))[0].Case
	if _, err := r.Decide(r.ctx, Decision{Case: "c_unknown", Action: tocsin.Ack}); !errors.Is(err, ErrNoCase) {
		t.Errorf("an unknown case: %v", err)
	}
	if _, err := r.Decide(r.ctx, Decision{Case: id, Action: "approve"}); err == nil || errors.Is(err, ErrNoCase) {
		t.Errorf("an unknown action: %v", err)
	}
}
