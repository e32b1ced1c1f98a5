package sim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Methods that answer somebody who pressed a button.
const (
	OpenView      Part = "views.open"
	PostEphemeral Part = "chat.postEphemeral"
)

// AppID is the app's own.
const AppID = "A0TOCSIN"

// triggerLives is how long a view may be opened after what triggered it
// (docs.slack.dev, views.open).
const triggerLives = 3 * time.Second

// Limits of a view (docs.slack.dev, "Views", "Input block").
const (
	viewTitleMax    = 24
	viewBlocksMax   = 100
	viewMetadataMax = 3000
	inputLabelMax   = 2000
	inputHintMax    = 2000
)

type trigger struct {
	user string
	at   time.Time
	used bool
}

// Whisper is a message that one person alone sees.
type Whisper struct {
	Channel, User, Text, Thread string
}

// View is a form that the app opened for somebody.
type View struct {
	ID       string
	User     string
	Callback string
	Metadata string          // private_metadata
	Raw      json.RawMessage // as it was sent
	Open     bool
	Errors   map[string]string // what the app said to the last submission, by block
}

type slackView struct {
	View
	inputs map[string]blockElement // of its input blocks, by block id
}

// Whispers are the messages that only one person saw, in order.
func (s *Slack) Whispers() []Whisper {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return slices.Clone(s.sockets.whispers)
}

// Views are all forms that the app has opened, in order.
func (s *Slack) Views() []View {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	out := make([]View, len(s.sockets.views))
	for i, v := range s.sockets.views {
		out[i] = v.View
	}
	return out
}

// Press has somebody press a button of a message as it is shown now. It is an
// error if there is no such message or button.
func (s *Slack) Press(ts, action, user string) (*Interaction, error) {
	s.mu.Lock()
	var m *slackMessage
	for _, x := range s.taken {
		if x.TS == ts {
			m = x
		}
	}
	if m == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("there is no message %s", ts)
	}
	shown, channel, thread := m.shown(false), m.Channel, m.Thread
	var blocks []struct {
		Type     string         `json:"type"`
		BlockID  string         `json:"block_id"`
		Elements []blockElement `json:"elements"`
	}
	err := json.Unmarshal(m.Blocks, &blocks)
	now := s.opts.Now()
	s.last = max(s.last+1, now.UnixMicro())
	at := fmt.Sprintf("%d.%06d", s.last/1e6, s.last%1e6)
	s.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("message %s has no blocks", ts)
	}
	for _, b := range blocks {
		for _, e := range b.Elements {
			if b.Type != "actions" || e.Type != "button" || e.ActionID != action {
				continue
			}
			container := map[string]any{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": false}
			if thread != "" {
				container["thread_ts"] = thread
			}
			return s.tell("block_actions", map[string]any{
				"type": "block_actions", "api_app_id": AppID, "token": "verification", "team": map[string]any{"id": team, "domain": "fiction"},
				"user":      map[string]any{"id": user, "username": "somebody", "name": "somebody", "team_id": team},
				"container": container, "channel": map[string]any{"id": channel, "name": "a channel"}, "message": shown,
				"trigger_id": s.trigger(user), "response_url": "http://" + s.address + "/actions/" + team + "/respond",
				"state":   map[string]any{"values": map[string]any{}},
				"actions": []any{map[string]any{"type": "button", "action_id": action, "block_id": b.BlockID, "text": e.Text, "value": e.Value, "action_ts": at}},
			}), nil
		}
	}
	return nil, fmt.Errorf("message %s has no button %q", ts, action)
}

func (s *Slack) trigger(user string) string {
	k := &s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made++
	id := fmt.Sprintf("%d.trigger", k.made)
	k.triggers[id] = &trigger{user: user, at: s.opts.Now()}
	return id
}

// Submit has somebody send an open form with values by block id: a text, a date
// (YYYY-MM-DD) or an option's value. It is an error if the form is not open or
// has no such field.
func (s *Slack) Submit(view string, values map[string]string, user string) (*Interaction, error) {
	k := &s.sockets
	k.mu.Lock()
	var v *slackView
	for _, x := range k.views {
		if x.ID == view && x.Open {
			v = x
		}
	}
	if v == nil {
		k.mu.Unlock()
		return nil, fmt.Errorf("no view %s is open", view)
	}
	state := map[string]any{}
	for block, text := range values {
		in, ok := v.inputs[block]
		if !ok {
			k.mu.Unlock()
			return nil, fmt.Errorf("view %s has no field %q", view, block)
		}
		value := map[string]any{"type": in.Type}
		switch in.Type {
		case "datepicker":
			value["selected_date"] = text
		case "static_select", "radio_buttons":
			value["selected_option"] = map[string]any{"value": text, "text": map[string]any{"type": "plain_text", "text": text}}
		default:
			value["value"] = text
		}
		state[block] = map[string]any{in.ActionID: value}
	}
	shown := map[string]any{
		"id": v.ID, "type": "modal", "callback_id": v.Callback, "private_metadata": v.Metadata, "hash": "1.fiction", "app_id": AppID,
		"state": map[string]any{"values": state},
	}
	k.mu.Unlock()
	return s.tell("view_submission", map[string]any{
		"type": "view_submission", "api_app_id": AppID, "token": "verification", "team": map[string]any{"id": team, "domain": "fiction"},
		"user": map[string]any{"id": user, "username": "somebody", "name": "somebody", "team_id": team},
		"view": shown, "trigger_id": s.trigger(user), "response_urls": []any{},
	}), nil
}

// closeView does to a form what the app answered to its submission.
func (k *sockets) closeView(e *envelope, payload json.RawMessage) {
	p, _ := e.payload["payload"].(map[string]any)
	shown, _ := p["view"].(map[string]any)
	for _, v := range k.views {
		if v.ID != shown["id"] {
			continue
		}
		var said struct {
			Action string            `json:"response_action"`
			Errors map[string]string `json:"errors"`
		}
		_ = json.Unmarshal(payload, &said) // what says nothing closes the form
		v.Errors = said.Errors
		v.Open = said.Action == "errors"
	}
}

// openView opens a form.
func (s *Slack) openView(f url.Values) reply {
	k := &s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	t := k.triggers[f.Get("trigger_id")]
	switch {
	case t == nil:
		return refuse("invalid_trigger_id")
	case t.used:
		return refuse("exchanged_trigger_id")
	case s.opts.Now().Sub(t.at) > triggerLives:
		return refuse("expired_trigger_id")
	}
	v, faults := parseView(f.Get("view"))
	if faults != nil {
		return reply{code: "invalid_arguments", fields: map[string]any{"response_metadata": map[string]any{"messages": []string(faults)}}}
	}
	t.used = true
	k.made++
	v.ID, v.User, v.Open = fmt.Sprintf("V%08d", k.made), t.user, true
	k.views = append(k.views, v)
	return reply{fields: map[string]any{"view": map[string]any{"id": v.ID, "type": "modal", "callback_id": v.Callback, "private_metadata": v.Metadata}}}
}

// parseView reads a form, and says what Slack would refuse of it.
func parseView(raw string) (*slackView, blockFaults) {
	var in struct {
		Type     string            `json:"type"`
		Title    json.RawMessage   `json:"title"`
		Submit   json.RawMessage   `json:"submit"`
		Close    json.RawMessage   `json:"close"`
		Callback string            `json:"callback_id"`
		Metadata string            `json:"private_metadata"`
		Blocks   []json.RawMessage `json:"blocks"`
	}
	var fs blockFaults
	if err := json.Unmarshal([]byte(raw), &in); err != nil {
		fs.add("/view", "not a view")
		return nil, fs
	}
	if in.Type != "modal" {
		fs.add("/view/type", "unsupported type: %s", in.Type)
	}
	checkText(in.Title, "/view/title", viewTitleMax, true, &fs)
	for name, text := range map[string]json.RawMessage{"submit": in.Submit, "close": in.Close} {
		if text != nil {
			checkText(text, "/view/"+name, viewTitleMax, true, &fs)
		}
	}
	if len(in.Metadata) > viewMetadataMax {
		fs.add("/view/private_metadata", "must be less than %d characters", viewMetadataMax+1)
	}
	if len(in.Blocks) == 0 || len(in.Blocks) > viewBlocksMax {
		fs.add("/view/blocks", "between 1 and %d items allowed", viewBlocksMax)
	}
	v := &slackView{View: View{Callback: in.Callback, Metadata: in.Metadata, Raw: json.RawMessage(raw)}, inputs: map[string]blockElement{}}
	for i, one := range in.Blocks {
		at := fmt.Sprintf("/view/blocks/%d", i)
		var b block
		var input struct {
			Label   json.RawMessage `json:"label"`
			Hint    json.RawMessage `json:"hint"`
			Element blockElement    `json:"element"`
		}
		if json.Unmarshal(one, &b) != nil || json.Unmarshal(one, &input) != nil {
			fs.add(at, "failed to match all allowed schemas")
			continue
		}
		if b.Type != "input" {
			b.check(at, &fs)
			continue
		}
		checkText(input.Label, at+"/label", inputLabelMax, true, &fs)
		if input.Hint != nil {
			checkText(input.Hint, at+"/hint", inputHintMax, true, &fs)
		}
		switch input.Element.Type {
		case "plain_text_input", "datepicker", "static_select", "radio_buttons":
		default:
			fs.add(at+"/element/type", "unsupported type: %s", input.Element.Type)
		}
		if v.inputs[b.BlockID].Type != "" {
			fs.add(at+"/block_id", "`block_id` already exists")
		}
		v.inputs[b.BlockID] = input.Element
	}
	return v, fs
}

// postEphemeral shows one person something that nobody else sees.
func (s *Slack) postEphemeral(f url.Values) reply {
	c, code := s.channel(f)
	switch {
	case code != "":
		return refuse(code)
	case !strings.HasPrefix(f.Get("user"), "U"):
		return refuse("user_not_in_channel")
	case f.Get("text") == "" && f.Get("blocks") == "":
		return refuse("no_text")
	}
	k := &s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	k.whispers = append(k.whispers, Whisper{c.id, f.Get("user"), f.Get("text"), f.Get("thread_ts")})
	return reply{fields: map[string]any{"message_ts": fmt.Sprintf("%d.%06d", s.opts.Now().Unix(), len(k.whispers))}}
}
