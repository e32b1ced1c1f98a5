package notifier

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"tocsin"
)

var update = flag.Bool("update", false, "write the golden files")

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// varden is a fictional case as the model messages of casework.md have it.
func varden(kind tocsin.EventKind) Item {
	n := tocsin.Notice{
		ID: "2026/48213", Color: "red", Name: "VARDEN", Forename: "MIRA ILSE", BirthDate: tocsin.Date{Year: 1988, Month: 3, Day: 14},
		Nationalities: []string{"MD"}, URL: "https://notices.example/48213",
		Detail: &tocsin.Detail{Sex: "F", Charges: []tocsin.Charge{{Country: "MD", Text: "participation à une organisation\r\nillégale"}}},
	}
	e := tocsin.Event{
		ID: "e_5Jt9Qm", Kind: kind, At: at("2026-05-03 08:29"), Source: "interpol-red", Occurrence: 1, Person: "p-017", Case: "c_7Qk2Lm",
		Tier: tocsin.TierAlert, Score: 0.97, Notice: &tocsin.NoticeRef{ID: n.ID, Name: n.FullName(), URL: n.URL},
		Reasons: []tocsin.Reason{
			{Code: tocsin.ReasonFamilyEqual}, {Code: tocsin.ReasonGivenEqual}, {Code: tocsin.ReasonMoreInNotice, With: "ILSE", Against: true},
			{Code: tocsin.ReasonBirthEqual}, {Code: tocsin.ReasonNatEqual},
		},
		Window: &tocsin.Window{After: at("2026-05-03 08:14"), Before: at("2026-05-03 08:29")},
	}
	return Item{
		Event: e, Notice: &n, Source: "INTERPOL's red list", FirstPublic: at("2026-05-03 08:29"), LastPublic: at("2026-06-11 04:15"),
		Person: &Subject{
			ID: "p-017", Names: []string{"Mira Varden", "Мира Варден"}, BirthDate: n.BirthDate, Nationalities: []string{"MD"}, Sex: "F",
			Codename: "HERON", Initials: "M. V.", Tags: []string{"north"},
		},
		Case: &tocsin.Case{ID: "c_7Qk2Lm", Person: "p-017", State: tocsin.CaseOpen, Public: true},
	}
}

func story() map[string]Message {
	one := func(it Item) Message {
		return Message{ID: "m_1", Kind: Single, Items: []Item{it}, Case: it.Event.Case}
	}
	changed := varden(tocsin.Changed)
	changed.Event.Changes = []tocsin.FieldChange{{Field: "charges", List: true, From: []string{"MD: a", "MD: fraude"}, To: []string{"MD: a", "MD: escroquerie"}}}
	gone := varden(tocsin.Disappeared)
	gone.Event.At, gone.Event.Window = at("2026-06-11 05:21"), &tocsin.Window{After: at("2026-06-11 04:15"), Before: at("2026-06-11 05:21")}
	gone.Event.Reasons = nil
	gone.Case = &tocsin.Case{ID: "c_7Qk2Lm"}
	gone.Case.Replay([]tocsin.Decision{{Action: tocsin.Warned, By: "slack:U0AMINA", At: at("2026-05-03 09:02")}})
	lived := varden(tocsin.Appeared)
	lived.Case.Replay(life())
	held := varden(tocsin.Appeared)
	held.Case.Replay([]tocsin.Decision{{Action: tocsin.Arrest, By: "A.B.", At: at("2026-05-06 08:39")}})
	asked := varden(tocsin.Appeared)
	asked.Case.Replay([]tocsin.Decision{
		{Action: tocsin.Ack, By: "A.B.", At: at("2026-05-03 08:40")},
		{Action: tocsin.Dismiss, By: "A.B.", At: at("2026-05-03 09:00"), Note: "Mira is\ntwenty years younger", Second: true},
	})
	inferred := gone
	inferred.Event.Inferred = true
	weak := varden(tocsin.Appeared)
	weak.Event.Tier, weak.Event.Reasons = tocsin.TierReview, []tocsin.Reason{
		{Code: tocsin.ReasonSpelling, With: "VARDIN", Name: 1, Part: 2}, {Code: tocsin.ReasonGivenEqual, Name: 1},
		{Code: tocsin.ReasonBirthDiffers, With: "1971", Against: true},
	}
	weak.Notice.Detail = nil
	weak.Case.OpenedAt = at("2026-05-03 08:29")
	judged := weak
	judged.Case = &tocsin.Case{ID: "c_9Sn4Oq", OpenedAt: at("2026-05-01 08:29")}
	judged.Case.Replay([]tocsin.Decision{{Action: tocsin.Dismiss, By: "slack:U0AMINA", At: at("2026-05-03 09:02"), Note: "Mira is older"}})
	blind := Item{Source: "INTERPOL's red list", Event: tocsin.Event{
		ID: "e_blind", Kind: tocsin.Blind, At: at("2026-06-02 14:07"), Source: "interpol-red", Occurrence: 1,
		Outage: &tocsin.Outage{
			Cause: tocsin.CauseRefused, Why: "refused (403)", Since: at("2026-06-02 13:02"), Next: at("2026-06-02 14:35"), Tries: 9, Failed: 9,
			Listed: 6934, Seen: 6934, People: 120, SourcesSeen: 4, SourcesOther: 4,
		},
	}}
	never := blind
	o := *blind.Event.Outage
	o.Listed, o.Seen, o.Cause, o.Why = 0, 0, tocsin.CauseUnreachable, "no connection"
	never.Event.Outage = &o
	recovered := Item{Source: "INTERPOL's red list", Event: tocsin.Event{
		ID: "e_rec", Kind: tocsin.Recovered, At: at("2026-06-02 18:14"), Source: "interpol-red",
		Outage: &tocsin.Outage{Since: at("2026-06-02 13:02"), Until: at("2026-06-02 18:14"), Listed: 6936, Seen: 6936, Appeared: 3, Disappeared: 1, Changed: 2},
	}}
	lost := Item{Event: tocsin.Event{ID: "e_lost", Kind: tocsin.Undelivered, Notifier: "lawyers", Events: []string{"e_5Jt9Qm", "e_blind"}}}
	again := varden(tocsin.Appeared)
	again.Earlier = []tocsin.NoticeRef{{ID: "2024/11731"}}
	removed := varden(tocsin.Reappeared)
	removed.Person = nil
	drill := varden(tocsin.Appeared)
	drill.Event.Drill = true
	undrilled := lost
	undrilled.Event.Drill, undrilled.Event.Events = true, []string{"e_5Jt9Qm"}
	return map[string]Message{
		"appeared": one(varden(tocsin.Appeared)), "listed": one(varden(tocsin.Listed)), "reappeared": one(varden(tocsin.Reappeared)),
		"changed": one(changed), "disappeared": one(gone), "inferred": one(inferred), "weak": one(weak), "removed": one(removed), "new-id": one(again),
		"blind": {ID: "m_2", Kind: Sight, Items: []Item{blind}}, "blind-never": {ID: "m_2", Kind: Sight, Items: []Item{never}},
		"recovered": {ID: "m_3", Kind: Sight, Items: []Item{recovered}}, "undelivered": {ID: "m_4", Kind: Sight, Items: []Item{lost}},
		"first-look": {ID: "m_5", Kind: Gathered, Items: []Item{varden(tocsin.Listed), weak}},
		"repeat":     {ID: "m_1", Kind: Single, Repeat: true, Items: []Item{varden(tocsin.Appeared)}},
		"life":       one(lived), "second": one(asked),
		"list":       {ID: "m_9", Kind: List, Now: at("2026-05-06 08:40"), Items: []Item{weak, judged, weak}},
		"call":       said(Call{Why: NobodyHas, Since: at("2026-05-03 08:29"), Before: 1, Mention: "<!subteam^S01>"}, "2026-05-03 09:14", varden(tocsin.Appeared)),
		"call-else":  said(Call{Why: NobodyWarned, Since: at("2026-05-03 08:40"), Before: 3, Elsewhere: "team"}, "2026-05-03 12:25", asked),
		"call-many":  said(Call{Why: NobodyHas, Since: at("2026-05-03 08:29")}, "2026-05-03 08:44", varden(tocsin.Appeared), gone),
		"call-after": said(Call{Why: NobodyHas, Since: at("2026-05-03 08:29")}, "2026-05-03 08:44", asked),
		"remind":     said(Call{Why: Reminder, For: "A.B.", Note: "Mira's\nlawyer is back"}, "2026-05-06 08:40", lived),
		"arrested":   said(Call{Why: Arrested}, "2026-05-06 08:40", held),
		"dates":      said(Call{Why: CommissionDue}, "2026-06-01 08:40", lived),
		"drill":      one(drill), "drill-lost": {ID: "m_6", Kind: Sight, Items: []Item{undrilled}},
		"digest": digest(), "digest-empty": {ID: "m_7", Kind: Digest, Report: &Report{
			Since: at("2026-05-04 08:00"), Until: at("2026-05-05 08:00"), People: 1,
			Coverage: []Coverage{{Name: "INTERPOL's red list", Total: 24 * time.Hour, Seen: 24 * time.Hour, Listed: 6934, Rows: 6930, Longest: 62 * time.Minute}},
		}},
	}
}

// said is what is said about cases at a time, without an event.
func said(c Call, now string, items ...Item) Message {
	return Message{ID: "m_9", Kind: Reply, Silent: true, Now: at(now), Items: items, Call: &c}
}

// life is what people did with a case, and took back.
func life() (log []tocsin.Decision) {
	at := at("2026-05-03 08:40")
	for _, d := range []tocsin.Decision{
		{Action: tocsin.Ack, By: "slack:U0AMINA"}, {Action: tocsin.Dismiss, By: "slack:U0AMINA", Note: "another Mira"}, {Action: tocsin.Reopen, Note: "birth_date name"},
		{Action: tocsin.Ack, By: "bo"}, {Action: tocsin.Assign, By: "bo", To: "slack:U0AMINA", Note: "on leave"}, {Action: tocsin.Warned, By: "slack:U0AMINA"},
		{Action: tocsin.Close, By: "bo"}, {Action: tocsin.Undo, By: "slack:U0AMINA"}, {Action: tocsin.Confirm, By: "slack:U0AMINA"},
		{Action: tocsin.Filed, By: "A.B.", To: "deletion", When: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)},
		{Action: tocsin.Remind, By: "A.B.", When: at.Add(72 * time.Hour)},
	} {
		at = at.Add(10 * time.Minute)
		d.At = at
		log = append(log, d)
	}
	return log
}

// digest is the week that casework.md's model tells of.
func digest() Message {
	needs := varden(tocsin.Appeared)
	needs.Case = &tocsin.Case{
		ID: "c_7Qk2Lm", Person: "p-017", State: tocsin.CaseWarned, Public: true, By: "A.B.", DecidedAt: at("2026-05-03 09:02"), OpenedAt: at("2026-05-03 08:29"),
	}
	asked := varden(tocsin.Appeared)
	asked.Person.Codename = "KITE"
	asked.Case = &tocsin.Case{ID: "c_3Uq6Qs", Person: "p-017", Public: true, OpenedAt: at("2026-05-01 08:00")}
	asked.Case.Replay([]tocsin.Decision{{Action: tocsin.Dismiss, By: "A.B.", At: at("2026-05-02 09:00"), Second: true}})
	kite := asked
	kite.Case = &tocsin.Case{ID: "c_4Vr7Rt", Public: true, OpenedAt: at("2026-01-02 08:00")}
	kite.Case.Replay([]tocsin.Decision{
		{Action: tocsin.Filed, By: "A.B.", To: "deletion", When: at("2026-01-12 00:00"), At: at("2026-01-12 09:00")},
		{Action: tocsin.Admissible, By: "A.B.", When: at("2026-02-20 00:00"), At: at("2026-02-21 09:00")},
	})
	gone := varden(tocsin.Disappeared)
	gone.Event.At, gone.Event.Case, gone.Person.Codename = at("2026-05-01 05:21"), "c_8Rm3Np", "WREN"
	weak := varden(tocsin.Appeared)
	weak.Event.Tier = tocsin.TierReview
	weak.Case = &tocsin.Case{
		ID: "c_9Sn4Oq", State: tocsin.CaseOpen, Public: true, OpenedAt: at("2026-05-01 07:00"),
		Reasons: []tocsin.Reason{{Code: tocsin.ReasonSpelling, With: "VARDIN", Name: 1, Part: 2}, {Code: tocsin.ReasonBirthDiffers, With: "1971", Against: true}},
	}
	not := weak
	not.Case = &tocsin.Case{ID: "c_2Tp5Pr"}
	not.Case.Replay([]tocsin.Decision{
		{Action: tocsin.Dismiss, By: "bo", At: at("2026-05-02 09:00"), Second: true},
		{Action: tocsin.Dismiss, By: "slack:U0AMINA", At: at("2026-05-02 10:00"), Note: "Mira is twenty years younger", Second: true},
	})
	blind := Item{Source: "INTERPOL's red list", Event: tocsin.Event{
		ID: "e_blind", Kind: tocsin.Blind, At: at("2026-04-29 15:02"), Source: "interpol-red", Outage: &tocsin.Outage{Cause: tocsin.CauseRefused, Since: at("2026-04-29 13:02")},
	}}
	week := 7 * 24 * time.Hour
	return Message{ID: "m_8", Kind: Digest, Items: []Item{needs, gone, weak, blind}, Report: &Report{
		Since: at("2026-04-27 08:00"), Until: at("2026-05-04 08:00"), People: 120,
		Needs: []Item{needs, asked}, Dates: []Item{kite}, Changed: []Item{gone}, Waiting: []Item{weak}, Dismissed: []Item{not}, Trouble: []Item{blind},
		Tested: at("2026-05-03 09:00"), Bell: []Tested{{"team", 400 * time.Millisecond, false}, {"lawyers", 11 * time.Second, false}, {"board", 0, true}},
		Coverage: []Coverage{
			{Name: "INTERPOL's red list", Total: week, Seen: week - 312*time.Minute - 98*time.Minute, Partly: 30 * time.Minute, Listed: 6934, Rows: 6934,
				Longest: 312 * time.Minute, Gaps: []Gap{
					{From: at("2026-04-29 13:02"), To: at("2026-04-29 18:14"), Unseen: 282 * time.Minute},
					{From: at("2026-05-03 23:02"), To: at("2026-05-04 00:40"), Unseen: 98 * time.Minute},
				}},
			{Name: "INTERPOL's yellow list", Total: week, Seen: week - 9*time.Second, Listed: 4000, Rows: 3999, Longest: 70 * time.Minute},
			{Name: "mirror", Total: week, Gaps: []Gap{{From: at("2026-04-27 08:00"), To: at("2026-05-04 08:00"), Unseen: week, Open: true}}},
		},
	}}
}

func redacted(d Detail, m Message) Message {
	items := m.Items
	m.Items = nil
	for _, it := range items {
		m.Items = append(m.Items, Redact(d, it))
	}
	if m.Report != nil {
		r := *m.Report
		for _, list := range []*[]Item{&r.Needs, &r.Changed, &r.Waiting, &r.Dismissed, &r.Dates, &r.Trouble} {
			var out []Item
			for _, it := range *list {
				out = append(out, Redact(d, it))
			}
			*list = out
		}
		m.Report = &r
	}
	return m
}

func TestMessagesReadAsTheModelsDo(t *testing.T) {
	for name, m := range story() {
		for _, d := range []Detail{Full, Initials, Codename} {
			got := Text(Render(redacted(d, m)), 100)
			file := filepath.Join("testdata", name+"."+string(d)+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s at %s reads\n%s\nwant\n%s", name, d, got, want)
			}
		}
	}
}

// What lower tiers may never show of the case above, whatever the event.
var secrets = map[Detail][]string{
	Initials: {"varden", "mira", "ilse", "варден", "48213", "11731", "organisation", "escroquerie", "moldova", "md:", "heron", "1988", "notices.example", "vardin"},
	Codename: {"varden", "mira", "ilse", "варден", "48213", "11731", "organisation", "escroquerie", "moldova", "md:", "m. v.", "1988", "1971", "notices.example", "vardin", "north"},
}

func TestLowerDetailNamesNobody(t *testing.T) {
	for name, m := range story() {
		for d, words := range secrets {
			p := Render(redacted(d, m))
			text := strings.ToLower(Text(p, 1000) + p.Subject)
			for _, w := range words {
				if strings.Contains(text, w) {
					t.Errorf("%s at %s shows %q:\n%s", name, d, w, text)
				}
			}
		}
	}
}

func TestNoMessageCallsAMatchAnIdentityOrAnAbsenceADeletion(t *testing.T) {
	for name, m := range story() {
		text := strings.ToLower(Text(Render(redacted(Full, m)), 1000))
		for _, w := range []string{"deleted", "removed from interpol", "wanted by", "is on the red", "no travel", "identified as"} {
			if strings.Contains(text, w) {
				t.Errorf("%s says %q:\n%s", name, w, text)
			}
		}
	}
}

func TestWordsWithoutASubjectQuoteNobody(t *testing.T) {
	for code := range reasonWords {
		got := Words(tocsin.Reason{Code: code, Name: 2, Part: 1, With: "SECRETLY"}, nil)
		if strings.Contains(got, "SECRETLY") || !strings.HasPrefix(got, "alias 2: ") {
			t.Errorf("%s: %q", code, got)
		}
	}
}

func FuzzHostileTextStaysOnItsLine(f *testing.F) {
	f.Add("VAR\x1b[31mDEN", "a\r\nb\u202ec")
	f.Fuzz(func(t *testing.T, name, text string) {
		it := varden(tocsin.Changed)
		it.Notice.Name = name
		it.Notice.Detail.Charges[0].Text = text
		it.Event.Changes = []tocsin.FieldChange{{Field: "charges", From: []string{name}, To: []string{text}}}
		for _, a := range Render(redacted(Full, Message{Items: []Item{it}})).Alerts {
			for _, l := range append(a.Facts, a.Title, a.Status) {
				for _, r := range l {
					if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e {
						t.Fatalf("%U in %q", r, l)
					}
				}
			}
		}
	})
}
