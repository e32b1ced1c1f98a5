package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Limits of Block Kit in a message (docs.slack.dev, "Blocks", each block's
// reference).
const (
	blocksMax       = 50
	sectionTextMax  = 3000
	fieldsMax       = 10
	fieldTextMax    = 2000
	headerTextMax   = 150
	contextMax      = 10
	actionsMax      = 25
	buttonTextMax   = 75
	buttonValueMax  = 2000
	buttonURLMax    = 3000
	blockIDMax      = 255
	actionIDMax     = 255
	markdownTextMax = 12_000
)

type blockText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type blockElement struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text"`
	ActionID string          `json:"action_id"`
	Value    string          `json:"value"`
	URL      string          `json:"url"`
	Style    string          `json:"style"`
	ImageURL string          `json:"image_url"`
	AltText  string          `json:"alt_text"`
}

type block struct {
	Type      string          `json:"type"`
	BlockID   string          `json:"block_id"`
	Text      json.RawMessage `json:"text"`
	Fields    []blockText     `json:"fields"`
	Elements  []blockElement  `json:"elements"`
	Accessory *blockElement   `json:"accessory"`
	ImageURL  string          `json:"image_url"`
	AltText   string          `json:"alt_text"`
}

// blockFaults gathers what is wrong, with the JSON pointer of each place, as
// Slack's answers do.
type blockFaults []string

func (fs *blockFaults) add(at, format string, a ...any) {
	*fs = append(*fs, fmt.Sprintf(format, a...)+" [json-pointer:"+at+"]")
}

// checkBlocks refuses what Slack refuses. Blocks of kinds that are not here are
// taken as they are, whatever they hold.
func checkBlocks(raw []byte) reply {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil || list == nil {
		return refuse("invalid_blocks_format")
	}
	var fs blockFaults
	if len(list) > blocksMax {
		fs.add("/blocks", "no more than %d items allowed", blocksMax)
	}
	blockIDs := map[string]bool{}
	for i, one := range list {
		at := fmt.Sprintf("/blocks/%d", i)
		var b block
		var kind struct{ Type string }
		if err := json.Unmarshal(one, &kind); err != nil || kind.Type == "" {
			fs.add(at, "missing required field: type")
			continue
		}
		if err := json.Unmarshal(one, &b); err != nil {
			switch kind.Type {
			case "section", "header", "context", "actions", "image", "divider":
				fs.add(at, "failed to match all allowed schemas")
			}
			continue
		}
		if b.BlockID != "" && blockIDs[b.BlockID] {
			fs.add(at+"/block_id", "`block_id` already exists")
		}
		blockIDs[b.BlockID] = true
		if utf8.RuneCountInString(b.BlockID) > blockIDMax {
			fs.add(at+"/block_id", "must be less than %d characters", blockIDMax+1)
		}
		b.check(at, &fs)
	}
	if fs == nil {
		return reply{}
	}
	errs := make([]string, len(fs))
	for i, f := range fs {
		errs[i] = "[ERROR] " + f
	}
	return reply{code: "invalid_blocks", fields: map[string]any{"errors": []string(fs), "response_metadata": map[string]any{"messages": errs}}}
}

func (b *block) check(at string, fs *blockFaults) {
	actionIDs := map[string]bool{} // which must differ within one block
	switch b.Type {
	case "section":
		if b.Text == nil && len(b.Fields) == 0 {
			fs.add(at, "missing required field: text")
		}
		if b.Text != nil {
			checkText(b.Text, at+"/text", sectionTextMax, false, fs)
		}
		if len(b.Fields) > fieldsMax {
			fs.add(at+"/fields", "no more than %d items allowed", fieldsMax)
		}
		for i, f := range b.Fields {
			f.check(fmt.Sprintf("%s/fields/%d", at, i), fieldTextMax, false, fs)
		}
		if b.Accessory != nil {
			b.Accessory.check(at+"/accessory", actionIDs, fs)
		}
	case "header":
		checkText(b.Text, at+"/text", headerTextMax, true, fs)
	case "markdown":
		// Its text is plain, not a text object; the limit is of the message's all.
		var text string
		if json.Unmarshal(b.Text, &text) != nil || text == "" || utf8.RuneCountInString(text) > markdownTextMax {
			fs.add(at+"/text", "must be between 1 and %d characters", markdownTextMax)
		}
	case "context":
		checkCount(len(b.Elements), contextMax, at, fs)
		for i, e := range b.Elements {
			where := fmt.Sprintf("%s/elements/%d", at, i)
			switch e.Type {
			case "plain_text", "mrkdwn":
				// Limits of a text in a context are those of a section's.
				t := blockText{Type: e.Type}
				_ = json.Unmarshal(e.Text, &t.Text) // what is no text is empty, which is refused
				t.check(where, sectionTextMax, false, fs)
			case "image":
				checkImage(e.ImageURL, e.AltText, where, fs)
			default:
				fs.add(where, "unsupported type: %s", e.Type)
			}
		}
	case "actions":
		checkCount(len(b.Elements), actionsMax, at, fs)
		for i := range b.Elements {
			b.Elements[i].check(fmt.Sprintf("%s/elements/%d", at, i), actionIDs, fs)
		}
	case "image":
		checkImage(b.ImageURL, b.AltText, at, fs)
	}
}

func checkCount(n, most int, at string, fs *blockFaults) {
	if n < 1 {
		fs.add(at+"/elements", "no fewer than 1 items allowed")
	}
	if n > most {
		fs.add(at+"/elements", "no more than %d items allowed", most)
	}
}

func checkImage(address, alt, at string, fs *blockFaults) {
	if address == "" || alt == "" {
		fs.add(at, "missing required field: image_url or alt_text")
	}
}

func checkText(raw json.RawMessage, at string, most int, plain bool, fs *blockFaults) {
	var t blockText
	if raw == nil || json.Unmarshal(raw, &t) != nil {
		fs.add(at, "missing required field: text")
		return
	}
	t.check(at, most, plain, fs)
}

func (t blockText) check(at string, most int, plain bool, fs *blockFaults) {
	if t.Type != "plain_text" && (plain || t.Type != "mrkdwn") {
		fs.add(at+"/type", "unsupported type: %s", t.Type)
	}
	switch n := utf8.RuneCountInString(t.Text); {
	case n == 0:
		fs.add(at+"/text", "must be more than 0 characters")
	case n > most:
		fs.add(at+"/text", "must be less than %d characters", most+1)
	}
}

// check looks at a button; other elements are taken as they are.
func (e *blockElement) check(at string, actionIDs map[string]bool, fs *blockFaults) {
	if e.Type == "" {
		fs.add(at, "missing required field: type")
	}
	if e.ActionID != "" && actionIDs[e.ActionID] {
		fs.add(at+"/action_id", "`action_id` already exists")
	}
	actionIDs[e.ActionID] = true
	if e.Type != "button" {
		return
	}
	checkText(e.Text, at+"/text", buttonTextMax, true, fs)
	for _, f := range []struct {
		name, value string
		most        int
	}{{"value", e.Value, buttonValueMax}, {"url", e.URL, buttonURLMax}, {"action_id", e.ActionID, actionIDMax}} {
		if utf8.RuneCountInString(f.value) > f.most {
			fs.add(at+"/"+f.name, "must be less than %d characters", f.most+1)
		}
	}
	if e.Style != "" && e.Style != "primary" && e.Style != "danger" {
		fs.add(at+"/style", "must be a valid enum value")
	}
}

// serveHook answers as an incoming webhook does: with a word, in plain text
// (docs.slack.dev, "Sending messages using incoming webhooks").
func (s *Slack) serveHook(w http.ResponseWriter, r *http.Request, call SlackCall) {
	status, word, wait := s.postHook(r, call)
	if wait > 0 {
		tooMany(w, Incoming, fmt.Sprint(wait))
		return
	}
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(word))
}

func (s *Slack) postHook(r *http.Request, call SlackCall) (status int, word string, wait int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path != hookPath {
		return http.StatusNotFound, "no_service", 0
	}
	var in struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}
	if err := json.Unmarshal([]byte(call.Form.Get("payload")), &in); err != nil {
		return http.StatusBadRequest, "invalid_payload", 0
	}
	var c *slackChannel
	if len(s.opts.Channels) > 0 {
		c = s.channels[s.opts.Channels[0]]
	}
	switch {
	case c == nil:
		return http.StatusNotFound, "channel_not_found", 0
	case c.archived:
		return http.StatusGone, "channel_is_archived", 0
	}
	m := SlackMessage{Channel: c.id, Text: in.Text, Webhook: true}
	if b := strings.TrimSpace(string(in.Blocks)); b != "" && b != "null" && b != "[]" {
		if bad := checkBlocks(in.Blocks); bad.code != "" {
			return http.StatusBadRequest, bad.code, 0
		}
		m.Blocks = in.Blocks
	}
	if m.Text == "" && m.Blocks == nil {
		return http.StatusBadRequest, "no_text", 0
	}
	if wait := s.tooSoon(c); wait > 0 {
		return 0, "", wait
	}
	s.accept(c, m)
	return http.StatusOK, "ok", 0
}
