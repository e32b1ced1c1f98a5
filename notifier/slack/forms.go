package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"tocsin"
	"tocsin/notifier"
)

// formCallback names our forms to ourselves.
const formCallback = "tocsin"

// noteMax is the longest reason that a form takes, in letters.
const noteMax = 500

// never stands beside every field in which people write freely.
const never = "Kept with the case and shown in the channel. Never write where a person is."

// place is what a form carries along: where it was opened, and for what. Slack
// keeps it and other apps may see it, so that it holds opaque ids alone.
type place struct {
	Channel string        `json:"channel"`
	Thread  string        `json:"thread,omitempty"`
	Case    string        `json:"case"`
	Action  tocsin.Action `json:"action"`
}

// value is what was given in one field of a form.
type value struct {
	Text   string `json:"value"`
	Date   string `json:"selected_date"`
	Option struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// form asks for what a decision needs besides a press.
type form struct {
	title, submit string
	fields        []field
	// read puts what was given, by field, into the press, or says what is wrong with
	// the first field. now is in the zone that people are asked in.
	read func(p *notifier.Press, given map[string]value, now time.Time) (wrong string)
}

// field is one thing that a form asks for.
type field struct {
	id, label, hint string
	optional        bool
	element         func(now time.Time) slack.BlockElement
}

var forms = map[tocsin.Action]form{
	tocsin.Dismiss: {
		title: "Not our person", submit: "Not our person",
		fields: []field{{id: "why", label: "Why is it somebody else?", hint: never, element: whyElement}},
		read: func(p *notifier.Press, given map[string]value, _ time.Time) string {
			if p.Note = strings.TrimSpace(given["why"].Text); p.Note == "" {
				return "Write why: whoever looks at it next must be able to follow."
			}
			if rs := []rune(p.Note); len(rs) > noteMax {
				p.Note = string(rs[:noteMax])
			}
			return ""
		},
	},
	tocsin.Filed: {
		title: "Request filed", submit: "Filed",
		fields: []field{
			{id: "date", label: "On which day was it filed with the Commission (CCF)?", element: dateElement},
			{id: "request", label: "What was asked for?", optional: true, element: requestElement},
		},
		read: readRequest,
	},
	tocsin.Admissible: {
		title: "Request admissible", submit: "Admissible",
		fields: []field{
			{id: "date", label: "From which day is it admissible?", hint: "As the Commission's letter says. Its deadlines count from this day; they bind the Commission, not you.", element: dateElement},
			{id: "request", label: "Which request is it?", optional: true, element: requestElement},
		},
		read: readRequest,
	},
	tocsin.Remind: {
		title: "Remind me", submit: "Remind me",
		fields: []field{{id: "when", label: "When?", element: whenElement}},
		read: func(p *notifier.Press, given map[string]value, now time.Time) string {
			for _, t := range times {
				if t.id == given["when"].Option.Value {
					p.When = t.at(now).UTC()
					return ""
				}
			}
			return "Choose when."
		},
	},
}

func whyElement(time.Time) slack.BlockElement {
	e := slack.NewPlainTextInputBlockElement(words("birth date, photo, another father's name …"), "text")
	e.Multiline, e.MaxLength = true, noteMax
	return e
}

func dateElement(now time.Time) slack.BlockElement {
	e := slack.NewDatePickerBlockElement("date")
	e.InitialDate = now.Format(time.DateOnly)
	return e
}

func requestElement(time.Time) slack.BlockElement {
	var os []*slack.OptionBlockObject
	for _, r := range tocsin.Requests {
		os = append(os, slack.NewOptionBlockObject(r, words(strings.ToUpper(r[:1])+r[1:]), nil))
	}
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, words("access, correction or deletion"), "request", os...)
}

// readRequest reads a day, at midnight UTC, and which request it is about.
func readRequest(p *notifier.Press, given map[string]value, now time.Time) string {
	day, err := time.Parse(time.DateOnly, given["date"].Date)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case err != nil || day.Year() < 1990:
		return "Choose the day."
	case day.After(today):
		return "That day has not come yet."
	}
	p.When = day
	if r := given["request"].Option.Value; slices.Contains(tocsin.Requests, r) {
		p.To = r
	}
	return ""
}

// times are those at which somebody can ask to be reminded.
var times = []struct {
	id, label string
	at        func(now time.Time) time.Time
}{
	{"1h", "in an hour", func(now time.Time) time.Time { return now.Add(time.Hour) }},
	{"4h", "in four hours", func(now time.Time) time.Time { return now.Add(4 * time.Hour) }},
	{"1d", "tomorrow, 9:00", func(now time.Time) time.Time { return nine(now, 1) }},
	{"3d", "in three days, 9:00", func(now time.Time) time.Time { return nine(now, 3) }},
	{"7d", "in a week, 9:00", func(now time.Time) time.Time { return nine(now, 7) }},
	{"30d", "in thirty days, 9:00", func(now time.Time) time.Time { return nine(now, 30) }},
}

// nine is nine in the morning some days from now.
func nine(now time.Time, days int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, now.Location())
}

func whenElement(now time.Time) slack.BlockElement {
	var os []*slack.OptionBlockObject
	for _, t := range times {
		label := fmt.Sprintf("%s (%s)", t.label, t.at(now).Format("Mon 2 Jan, 15:04 MST"))
		os = append(os, slack.NewOptionBlockObject(t.id, words(label), nil))
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "when", os...)
	e.InitialOption = os[0]
	return e
}

// view is the form as Slack shows it.
func (f form) view(at place, now time.Time) slack.ModalViewRequest {
	carried, _ := json.Marshal(at) // strings alone: it cannot fail
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: words(f.title), Submit: words(f.submit), Close: words("Cancel"),
		CallbackID: formCallback, PrivateMetadata: string(carried),
	}
	for _, x := range f.fields {
		input := slack.NewInputBlock(x.id, words(x.label), nil, x.element(now))
		if x.hint != "" {
			input.Hint = words(x.hint)
		}
		input.Optional = x.optional
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, input)
	}
	return v
}
