package tocsin

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

// replay reads decisions such as "amina ack, bo dismiss?, undo" (with "?" where a
// second person must agree), a minute apart; without a name it is the watch's own.
func replay(story string) Case {
	var log []Decision
	for i, s := range strings.Split(story, ", ") {
		by, what, ok := strings.Cut(s, " ")
		if !ok {
			by, what = "", s
		}
		action, second := strings.CutSuffix(what, "?")
		d := Decision{Action: Action(action), By: by, At: noon.Add(time.Duration(i) * time.Minute), Second: second}
		if d.Action == Assign {
			d.To = "cleo"
		}
		log = append(log, d)
	}
	var c Case
	c.Replay(log)
	return c
}

func TestACaseGoesOnAndComesBack(t *testing.T) {
	for story, want := range map[string]string{
		"amina ack":                             "acknowledged, has amina",
		"amina ack, bo ack":                     "acknowledged, has bo",
		"amina ack, bo assign":                  "acknowledged, has cleo",
		"amina warned":                          "warned, has amina",
		"amina warned, bo ack":                  "warned, has bo", // she was warned, whoever has it now
		"amina confirm, bo warned":              "confirmed, has amina",
		"amina arrested, bo confirm":            "arrested, has amina",
		"amina dismiss":                         "dismissed, has ",
		"amina dismiss, bo ack":                 "acknowledged, has bo",
		"amina close, bo assign":                "acknowledged, has cleo",
		"amina ack, amina reopen":               "open, has ",
		"amina ack, bo undo":                    "open, has ",
		"amina ack, amina warned, bo undo":      "acknowledged, has amina",
		"amina dismiss, reopen":                 "open, has ",
		"amina dismiss, reopen, bo undo":        "open, has ", // it must not fall silent by that
		"amina dismiss, reopen, bo ack, x undo": "open, has ",
		"amina undo":                            "open, has ",
		"amina ack, amina filed, amina remind":  "acknowledged, has amina",

		"amina dismiss?":                                  "open, has , amina proposes",
		"amina ack, amina dismiss?":                       "acknowledged, has amina, amina proposes",
		"amina dismiss?, amina dismiss?":                  "open, has , amina proposes",
		"amina dismiss?, Amina dismiss?":                  "open, has , Amina proposes",
		"amina dismiss?, bo dismiss?":                     "dismissed, has ",
		"amina dismiss?, bo warned, bo dismiss?":          "dismissed, has ",
		"amina dismiss?, bo confirm":                      "confirmed, has bo",
		"amina dismiss?, bo confirm, bo dismiss?":         "confirmed, has bo, bo proposes",
		"amina dismiss?, amina undo":                      "open, has ",
		"amina dismiss?, bo dismiss?, bo undo":            "open, has , amina proposes",
		"amina dismiss?, bo dismiss?, reopen":             "open, has ",
		"amina dismiss?, bo dismiss?, reopen, x dismiss?": "open, has , x proposes",
	} {
		c := replay(story)
		got := fmt.Sprintf("%s, has %s", c.State, c.Owner)
		if c.Proposed != "" {
			got += ", " + c.Proposed + " proposes"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", story, got, want)
		}
	}
}

func TestACaseKnowsSinceWhen(t *testing.T) {
	c := replay("amina ack, bo assign, bo warned, bo ack, bo undo, bo undo")
	if at := noon.Add(5 * time.Minute); !c.Since.Equal(at) || !c.TakenAt.Equal(noon) || !c.WarnedAt.IsZero() {
		t.Errorf("acknowledged again since %s, taken %s, warned %s; want since %s, taken %s", c.Since, c.TakenAt, c.WarnedAt, at, noon)
	}
	if c.By != "bo" || !c.DecidedAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("it stands by %s since %s", c.By, c.DecidedAt)
	}
}

// A model of its own: each decision keeps the case as it was before, and undo
// goes back to it.
func TestAnySequenceOfDecisionsWithUndosIsWhereItsLogLeads(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 29))
	people := []string{"amina", "bo", "slack:U1"}
	for round := range 2000 {
		var log []Decision
		var before []Case // of each decision that stands; one without By is a floor
		var floor []bool
		var is Case
		is.Replay(nil)
		for i := range r.IntN(14) {
			d := Decision{Action: Actions[r.IntN(len(Actions))], By: people[r.IntN(len(people))], At: noon.Add(time.Duration(i) * time.Minute), When: noon.AddDate(0, 0, i), Second: r.IntN(2) == 0}
			if d.Action == Assign {
				d.To = "cleo"
			}
			if is.State == CaseDismissed && r.IntN(3) == 0 {
				d = Decision{Action: Reopen, At: d.At}
			}
			log = append(log, d)
			if d.Action == Undo {
				if n := len(before); n > 0 && !floor[n-1] {
					is, before, floor = before[n-1], before[:n-1], floor[:n-1]
				}
			} else {
				before, floor = append(before, is), append(floor, d.By == "")
				is.take(d)
			}
			var got Case
			got.Replay(log)
			want := is
			want.Since, want.Log = got.Since, got.Log // Since is when it came there, not where it is
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("round %d: after %+v\ngot  %+v\nwant %+v", round, log, got, want)
			}
			if _, ok := Undoable(log); ok != (len(before) > 0 && !floor[len(floor)-1]) {
				t.Fatalf("round %d: undoable %v after %+v", round, ok, log)
			}
		}
	}
}

func TestADecisionThatLacksSomethingSaysWhat(t *testing.T) {
	for want, d := range map[string]Decision{
		"":                                       {Action: Ack, By: "amina", At: noon},
		`"approve" is not a decision`:            {Action: "approve", At: noon},
		"it is not said whose the case is to be": {Action: Assign, At: noon},
		"the date is missing":                    {Action: Filed, At: noon},
		"the date is in the future":              {Action: Admissible, At: noon, When: noon.AddDate(0, 0, 2)},
		"it is not said when to remind":          {Action: Remind, At: noon},
		"the time of the reminder has passed":    {Action: Remind, At: noon, When: noon},
		`"pardon" is no request: it is one of access, correction, deletion`: {Action: Filed, At: noon, When: noon, To: "pardon"},
	} {
		if got := d.Fault(); got != want {
			t.Errorf("%+v: %q, want %q", d, got, want)
		}
	}
}
