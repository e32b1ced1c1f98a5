package notifier

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin"
)

// marks gives every text of a value one of its own, so that whatever is shown can
// be traced to its field: also a field that is added later.
type marks struct{ field map[string]string }

func (m *marks) fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		mark := "zq" + strings.Map(func(r rune) rune { return 'a' + r - '0' }, fmt.Sprintf("%03d", len(m.field))) + "qz"
		m.field[mark] = path
		v.SetString(mark)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		m.fill(v.Elem(), path)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		m.fill(v.Index(0), path)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		m.fill(key, path+" key")
		m.fill(value, path)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(at("2026-05-03 08:29")))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				m.fill(v.Field(i), strings.TrimPrefix(path+"."+f.Name, "."))
			}
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Float64:
		v.SetFloat(0.97)
	}
}

// everything is an item with something of its own in every field, and what each
// is. What words are chosen by has to be a word that there is.
func everything(kind tocsin.EventKind, tier tocsin.Tier, state tocsin.CaseState, action tocsin.Action, code string) (Item, map[string]string) {
	m := &marks{map[string]string{}}
	var it Item
	m.fill(reflect.ValueOf(&it).Elem(), "")
	it.Event.Kind, it.Event.Tier, it.Event.Drill, it.Detail, it.Steps = kind, tier, false, "", nil
	it.Event.Reasons[0].Code, it.Event.Reasons[0].Name, it.Event.Reasons[0].Part = code, 0, 1
	it.Event.Changes[0].Field = "nationalities"
	it.Event.Outage.Cause = tocsin.CauseRefused
	it.Case.State, it.Case.Log[0].Action = state, action
	it.Person.Nationalities, it.Notice.Nationalities = []string{"VU"}, []string{"VU"}
	it.Person.BirthDate, it.Notice.BirthDate = tocsin.Date{Year: 1907, Month: 3, Day: 14}, tocsin.Date{Year: 1907, Month: 3, Day: 14}
	it.Notice.Color, it.Notice.Detail.Charges[0].Country = "red", "TV"
	it.Notice.Detail.Sex = "F"
	if it.Outlets = append(it.Outlets, "another outlet"); kind != tocsin.Mentioned {
		it.Event.Article, it.Outlets = nil, nil
	}
	if kind.AboutSight() {
		it.Notice, it.Person, it.Case, it.Event.Notice, it.Event.Article = nil, nil, nil, nil, nil
	}
	for word, field := range map[string]string{"vanuatu": "nationality", "1907": "birth date", "tuvalu": "issuing state", "zqnoteqz": "a reminder's note"} {
		m.field[word] = field
	}
	return it, m.field
}

// mayShow are the fields that a channel below full detail may show: ids, what
// stands for the person, what people call the source, and who of the team did what.
var mayShow = []string{
	"Event.ID", "Event.Source", "Event.Person", "Event.Case", "Event.Notifier", "Event.Events", "Event.Outage", "Event.Deliveries", "Person.ID", "Source",
	"Case.ID", "Case.Person", "Case.Source", "Case.By", "Case.Owner", "Case.Proposed", "Case.Events", "Case.Log.By", "Case.Log.To", "Case.Request",
	"Event.Edition", "Event.Confirmed", "Main", "Copies",
}

func allowed(d Detail, field string) bool {
	for _, may := range append([]string{map[Detail]string{Codename: "Person.Codename", Initials: "Person.Initials"}[d]}, mayShow...) {
		if field == may || strings.HasPrefix(field, may+".") {
			return true
		}
	}
	return false
}

// shown is all that any notifier of this package sends of a message, in lower case.
func shown(t *testing.T, m Message) string {
	t.Helper()
	p := Render(m)
	var page bytes.Buffer
	if err := mailPage.Execute(&page, p); err != nil {
		t.Fatal(err)
	}
	posted, err := json.Marshal(hookBody(m, at("2026-05-03 08:30")))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(Text(p, 10_000) + p.Subject + page.String() + string(posted))
}

func TestNothingOfAnyFieldIsShownBelowFullDetail(t *testing.T) {
	full := map[string]bool{}
	try := func(kind tocsin.EventKind, tier tocsin.Tier, state tocsin.CaseState, action tocsin.Action, code string) {
		it, fields := everything(kind, tier, state, action, code)
		open := shown(t, redacted(Full, Message{ID: "m_1", Kind: Single, Items: []Item{it}}))
		for _, d := range []Detail{Codename, Initials} {
			x := Redact(d, it)
			each := []Item{x}
			told := shown(t, Message{ID: "m_1", Kind: Single, Items: each}) + shown(t, Message{ID: "m_1", Kind: Gathered, Items: []Item{x, x}}) +
				shown(t, Message{ID: "m_1", Kind: Digest, Items: each, Report: &Report{Needs: each, Changed: each, Waiting: each, Dismissed: each, Dates: each, Trouble: each}})
			if !kind.AboutSight() {
				told += shown(t, Message{ID: "m_1", Kind: List, Items: []Item{x, x}, Now: at("2026-05-03 08:30")})
				for _, why := range []Why{NobodyHas, NobodyWarned, Arrested, Reminder, CommissionDue} {
					c := Call{Why: why, Note: "zqnoteqz"}
					told += shown(t, Message{ID: "m_1", Kind: Reply, Items: each, Call: &c, Silent: true, Now: at("2026-05-03 08:30")})
				}
			}
			for mark, field := range fields {
				if strings.Contains(told, mark) && !allowed(d, field) {
					t.Errorf("%s at %s, %s, %s, %s: %s is shown", d, kind, tier, state, action, field)
				}
			}
		}
		for mark, field := range fields {
			full[field] = full[field] || strings.Contains(open, mark)
		}
	}
	states := slices.Sorted(maps.Keys(caseWords))
	for _, kind := range tocsin.EventKinds {
		for i, action := range tocsin.Actions {
			tier := []tocsin.Tier{tocsin.TierAlert, tocsin.TierReview}[i%2]
			try(kind, tier, states[i%len(states)], action, []string{tocsin.ReasonSpelling, tocsin.ReasonBirthDiffers, tocsin.ReasonDanger}[i%3])
		}
	}
	for _, want := range []string{
		"Person.Names", "Notice.Name", "Notice.ID", "Notice.Detail.Charges.Text", "Event.Reasons.With", "Event.Article.Sentence", "Event.Article.Title", "Outlets",
		"Case.Log.Note", "Event.Changes.From", "nationality", "birth date", "issuing state",
	} {
		if !full[want] {
			t.Errorf("%s is not shown at full detail either: this test proves nothing of it", want)
		}
	}
}
