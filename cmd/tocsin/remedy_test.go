package main

import (
	"encoding/json"
	"strings"
	"testing"

	"tocsin/sim"
)

// What goes wrong in the first hour is named by 'check --online', with what to do.
func TestCheckOnlineSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	for name, x := range map[string]struct {
		spoil    func(*house)
		id       string // of the notifier that would not take a message
		why, doe []string
	}{
		"all is well":      {func(*house) {}, "", nil, nil},
		"a wrong token":    {func(h *house) { h.slack.SetToken("xoxb-another") }, "team", []string{"invalid_auth"}, []string{"token_file"}},
		"a missing scope":  {func(h *house) { h.slack.SetScopes("chat:write", "metadata.message:read") }, "team", []string{"missing_scope", "channels:history"}, []string{"Bot Token Scopes", "install the app again"}},
		"no right to post": {func(h *house) { h.slack.SetScopes("channels:history", "metadata.message:read") }, "team", []string{"chat:write"}, []string{"install the app again"}},
		"not invited":      {func(h *house) { h.slack.Remove("C0HOUSE") }, "team", []string{"not_in_channel"}, []string{"/invite"}},
		"revoked":          {func(h *house) { h.slack.AddFault(sim.Fails("token_revoked")) }, "team", []string{"revoked"}, []string{"Install the app again"}},
		"removed":          {func(h *house) { h.slack.AddFault(sim.Fails("account_inactive")) }, "team", []string{"removed"}, []string{"/invite"}},
		"another channel": {func(h *house) {
			h.write("tocsin.yaml", strings.Replace(h.read("tocsin.yaml"), "C0HOUSE", "C0OTHER", 1))
		}, "team", []string{"channel_not_found"}, []string{"Check channel", "/invite"}},
		"a wrong token of the app": {func(h *house) { h.write("app_token", "xapp-another") }, "team", []string{"buttons", "invalid_auth"}, []string{"app_token_file", "connections:write"}},
		"no scope for buttons":     {func(h *house) { h.slack.SetAppScopes() }, "team", []string{"buttons", "connections:write"}, []string{"App-Level Tokens"}},
		"Slack is away":            {func(h *house) { h.slack.Close() }, "team", []string{"cannot be reached"}, []string{"network"}},
		"mail is away":             {func(h *house) { h.mail.Close() }, "lawyers", []string{"nothing listens"}, []string{"587", "465"}},
		"no entry": {func(h *house) {
			h.write("password", "fictional-password")
			h.write("tocsin.yaml", strings.Replace(h.read("tocsin.yaml"), `smtp: "smtp://`, `password_file: password, smtp: "smtp://watch@`, 1))
		}, "lawyers", []string{"no way to sign in"}, []string{"587"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, pressConfig, csvHeader+vardenEntry, vardenNotice())
			x.spoil(h)
			out, errs, code := h.command("check", "--online", "--json")
			var said struct{ Online []trial }
			if err := json.Unmarshal([]byte(out), &said); err != nil {
				t.Fatalf("%v: %s%s", err, out, errs)
			}
			if want := map[bool]int{true: 0, false: 1}[x.id == ""]; code != want {
				t.Errorf("exits with %d, want %d: %s%s", code, want, out, errs)
			}
			for _, tr := range said.Online {
				if tr.OK != (tr.ID != x.id) {
					t.Errorf("%+v", tr)
				}
				if tr.ID != x.id {
					continue
				}
				for _, s := range x.why {
					if !strings.Contains(tr.Why, s) {
						t.Errorf("%q does not say %q", tr.Why, s)
					}
				}
				for _, s := range x.doe {
					if !strings.Contains(tr.Do, s) {
						t.Errorf("what to do: %q does not say %q", tr.Do, s)
					}
				}
			}
			if strings.Contains(out+errs, "house-secret") || strings.Contains(out+errs, "fictional-password") {
				t.Errorf("a secret is shown: %s%s", out, errs)
			}
			if len(h.slack.Messages())+len(h.mail.Messages()) != 0 {
				t.Error("a message was sent")
			}
		})
	}
}
