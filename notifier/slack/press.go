package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/zap"

	"tocsin"
	"tocsin/notifier"
)

const (
	keepWithin = 2500 * time.Millisecond // Slack waits 3 s for an acknowledgement
	callWithin = 10 * time.Second        // for what is said to whoever pressed
)

// interaction is as much of a press or of a form that was sent as is needed
// (docs.slack.dev, "block_actions payloads", "view_submission payloads"). Names
// of people and the message are not read.
type interaction struct {
	Type string `json:"type"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Trigger   string `json:"trigger_id"`
	Container struct {
		Channel string `json:"channel_id"`
		Message string `json:"message_ts"`
		Thread  string `json:"thread_ts"`
	} `json:"container"`
	Actions []struct {
		ID    string `json:"action_id"`
		Block string `json:"block_id"`
		Value string `json:"value"`
		At    string `json:"action_ts"`
	} `json:"actions"`
	View struct {
		ID       string `json:"id"`
		Callback string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]value `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// reaction is what becomes of one envelope.
type reaction struct {
	kept    bool                  // it may be acknowledged
	payload any                   // of the acknowledgement
	after   func(context.Context) // what is to be said to Slack besides
}

// take takes one envelope in. Nothing of it is ever answered to the address that
// Slack gives for answers (response_url): what is said goes by the Web API.
func (l *Listener) take(ctx context.Context, f frame, hear notifier.Hear) reaction {
	var in interaction
	if err := json.Unmarshal(f.Payload, &in); err != nil || f.Type != "interactive" {
		l.log.Warn("Slack tells something that is not a press", zap.Strings("notifiers", l.Notifiers()))
		return reaction{kept: true}
	}
	switch {
	case !userID.MatchString(in.User.ID):
		return reaction{kept: true}
	case in.Type == "block_actions" && len(in.Actions) > 0:
		return l.pressed(ctx, in, hear)
	case in.Type == "view_submission" && in.View.Callback == formCallback:
		return l.submitted(ctx, in, hear)
	}
	return reaction{kept: true}
}

// pressed takes a press of a button in: as a decision, or by opening the form
// that asks for what is still missing.
func (l *Listener) pressed(ctx context.Context, in interaction, hear notifier.Hear) reaction {
	a := in.Actions[0]
	at := place{Channel: in.Container.Channel, Thread: in.Container.Thread, Case: a.Value, Action: tocsin.Action(a.ID)}
	room := l.room(at.Channel)
	if said := l.refuses(at, in.User.ID); said != "" {
		return reaction{kept: true, after: func(ctx context.Context) { l.whisper(ctx, room, at, in.User.ID, said) }}
	}
	if form, ok := forms[at.Action]; ok && caseID.MatchString(at.Case) {
		// No decision yet: a form that does not open shows by itself.
		return reaction{kept: true, after: func(ctx context.Context) {
			if _, err := room.api.OpenViewContext(ctx, in.Trigger, form.view(at, l.now().In(l.zone))); err != nil {
				l.log.Warn("a form could not be opened", zap.String("notifier", room.o.ID), zap.String("why", failure(err).Why), zap.String("do", failure(err).Do))
				l.whisper(ctx, room, at, in.User.ID, "The form could not be opened. Press again.")
			}
		}}
	}
	said, err := hear(ctx, notifier.Press{
		Key:  pressKey(in),
		Case: at.Case, Action: at.Action, By: "slack:" + in.User.ID, At: l.pressedAt(a.At),
	})
	if err != nil {
		l.log.Error("a press is not kept: it is not acknowledged, so that Slack shows it and may tell it again", zap.String("case", at.Case), zap.String("by", in.User.ID), zap.Error(err))
		return reaction{after: func(ctx context.Context) {
			l.whisper(ctx, room, at, in.User.ID, "This could not be written down just now. If the message does not show it within a minute, press again.")
		}}
	}
	r := reaction{kept: true}
	if said != "" {
		r.after = func(ctx context.Context) { l.whisper(ctx, room, at, in.User.ID, said) }
	}
	return r
}

// pressKey is the same for all presses that somebody made of one button while the
// message showed the same: who presses twice, because nothing has moved yet, means
// it once. A message that can no longer be changed shows the same for ever, so
// that this holds for ten minutes.
func pressKey(in interaction) string {
	a := in.Actions[0]
	when := a.At
	if n, err := strconv.ParseInt(strings.SplitN(a.At, ".", 2)[0], 10, 40); err == nil && strings.HasPrefix(a.Block, blockPrefix) {
		when = a.Block + "@" + strconv.FormatInt(n/600, 10)
	}
	return strings.Join([]string{"slack", in.Container.Channel, in.Container.Message, when, in.User.ID, a.ID}, ":")
}

// submitted takes a form in that was sent. What is wrong with it is said in it.
func (l *Listener) submitted(ctx context.Context, in interaction, hear notifier.Hear) reaction {
	var at place
	if err := json.Unmarshal([]byte(in.View.Metadata), &at); err != nil {
		return reaction{kept: true}
	}
	form, ok := forms[at.Action]
	if !ok {
		return reaction{kept: true}
	}
	wrong := func(said string) reaction {
		return reaction{kept: true, payload: slack.NewErrorsViewSubmissionResponse(map[string]string{form.fields[0].id: said})}
	}
	if said := l.refuses(at, in.User.ID); said != "" {
		return wrong(said)
	}
	now := l.now().In(l.zone)
	p := notifier.Press{
		Key:  strings.Join([]string{"slack", in.View.ID, in.User.ID}, ":"),
		Case: at.Case, Action: at.Action, By: "slack:" + in.User.ID, At: now,
	}
	given := map[string]value{}
	for id, block := range in.View.State.Values {
		for _, v := range block {
			given[id] = v // a block of ours has one field
		}
	}
	if said := form.read(&p, given, now); said != "" {
		return wrong(said)
	}
	said, err := hear(ctx, p)
	switch {
	case err != nil:
		l.log.Error("a form is not kept: it is not acknowledged, so that Slack shows it and may tell it again", zap.String("case", at.Case), zap.String("by", in.User.ID), zap.Error(err))
		return reaction{}
	case said != "":
		return wrong(said)
	}
	return reaction{kept: true}
}

// room is the channel that a press came from; where no notifier has it any more,
// the first of the app speaks there.
func (l *Listener) room(channel string) *Slack {
	for _, s := range l.rooms {
		if s.o.Channel == channel {
			return s
		}
	}
	return l.rooms[0]
}

// refuses says why somebody may not decide in a channel, "" if they may. In a
// channel that no notifier has any more only those may who may in all.
func (l *Listener) refuses(at place, user string) string {
	var rooms []*Slack
	for _, s := range l.rooms {
		if s.o.Channel == at.Channel {
			rooms = append(rooms, s)
		}
	}
	if rooms == nil {
		rooms = l.rooms
	}
	for _, s := range rooms {
		if s.o.Users != nil && !slices.Contains(s.o.Users, user) {
			l.log.Warn("a press was refused: its member is not among users", zap.String("notifier", s.o.ID), zap.String("by", user), zap.String("case", at.Case), zap.String("action", string(at.Action)))
			return "Nothing was changed: you are not among those who decide here. Whoever runs Tocsin can add your member id, " + user + ", to users."
		}
	}
	return ""
}

// whisper says something to one member alone, where they pressed.
func (l *Listener) whisper(ctx context.Context, room *Slack, at place, user, said string) {
	opts := []slack.MsgOption{slack.MsgOptionText(escaper.Replace(said), false), slack.MsgOptionDisableMarkdown()}
	if stamp.MatchString(at.Thread) {
		opts = append(opts, slack.MsgOptionTS(at.Thread))
	}
	if _, err := room.api.PostEphemeralContext(ctx, at.Channel, user, opts...); err != nil {
		l.log.Warn("what came of a press could not be said to whoever pressed", zap.String("notifier", room.o.ID), zap.String("why", failure(err).Why))
	}
}

// pressedAt is when a button was pressed, as Slack says; now where it says
// nothing of sense.
func (l *Listener) pressedAt(ts string) time.Time {
	now := l.now()
	seconds, err := strconv.ParseInt(strings.SplitN(ts, ".", 2)[0], 10, 40)
	if at := time.Unix(seconds, 0); err == nil && at.Before(now) && now.Sub(at) < 24*time.Hour {
		return at.UTC()
	}
	return now.UTC()
}
