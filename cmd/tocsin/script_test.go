package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tocsin/sim"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tocsin": main,
	})
}

// TestScripts runs the commands as a user would, against stand-ins on this
// machine. $NOTICES is a notice service with 300 fictional people, $FEED an outlet's
// feed; the command publish FILE adds rows to it (id;family;forename;birth date;nationality;sex),
// withdraw ID takes one away, refuse and answer switch its refusals on and off.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			n := sim.NewNotices(sim.Options{})
			n.Publish(sim.People(3, 300)...)
			if err := n.Listen("127.0.0.1:0"); err != nil {
				return err
			}
			e.Defer(func() { n.Close() })
			mail, err := sim.NewMail(sim.MailOptions{})
			if err != nil {
				return err
			}
			e.Defer(func() { mail.Close() })
			slack, err := sim.NewSlack(sim.SlackOptions{Token: "xoxb-test", Channels: []string{"C0TEST"}})
			if err != nil {
				return err
			}
			e.Defer(func() { slack.Close() })
			daily, err := sim.NewFeed("The Daily")
			if err != nil {
				return err
			}
			e.Defer(func() { daily.Close() })
			e.Values["feed"] = daily
			e.Setenv("FEED", daily.URL())
			e.Setenv("OUTLET", daily.Host())
			e.Values["notices"] = n
			e.Values["mail"] = mail
			e.Values["slack"] = slack
			e.Setenv("NOTICES", n.URL())
			e.Setenv("MAIL", mail.URL())
			e.Setenv("SLACK", slack.URL())
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"publish": func(ts *testscript.TestScript, _ bool, args []string) {
				for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
					f := strings.Split(line, ";")
					if len(f) != 6 {
						ts.Fatalf("publish: %d fields, want 6", len(f))
					}
					service(ts).Publish(person(f[0], f[1], f[2], f[3], f[4], f[5], "MD", "unlawful assembly"))
				}
			},
			// news FILE puts items into the feed: path;title;summary;what the page says.
			"news": func(ts *testscript.TestScript, _ bool, args []string) {
				for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
					f := strings.Split(line, ";")
					if len(f) != 4 {
						ts.Fatalf("news: %d fields, want 4", len(f))
					}
					ts.Value("feed").(*sim.Feed).Publish(sim.Item{ID: f[0], Path: f[0], Title: f[1], Summary: f[2], Story: f[3], Published: time.Now()})
				}
			},
			"withdraw": func(ts *testscript.TestScript, _ bool, args []string) { service(ts).Withdraw(args...) },
			"refuse": func(ts *testscript.TestScript, _ bool, _ []string) {
				service(ts).AddFault(sim.Fault{Kind: sim.Refused})
			},
			"answer": func(ts *testscript.TestScript, _ bool, _ []string) { service(ts).ClearFaults() },
			"mails": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				if got := len(ts.Value("mail").(*sim.Mail).Messages()); got != want {
					ts.Fatalf("%d mails, want %d", got, want)
				}
			},
			"posts": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				if got := len(ts.Value("slack").(*sim.Slack).Messages()); got != want {
					ts.Fatalf("%d posts, want %d", got, want)
				}
			},
			// case puts the id of the first case of 'cases --json' into $CASE.
			"case": func(ts *testscript.TestScript, _ bool, _ []string) {
				var c struct{ Case string }
				ts.Check(ts.Exec("tocsin", "cases", "--json"))
				ts.Check(json.NewDecoder(strings.NewReader(ts.ReadFile("stdout"))).Decode(&c))
				ts.Setenv("CASE", c.Case)
			},
			// expand FILE replaces $NAMES of the environment in it.
			"expand": func(ts *testscript.TestScript, _ bool, args []string) {
				text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
			},
			// status CODE COMMAND… wants that exit status.
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				err := ts.Exec(args[1], args[2:]...)
				code := 0
				if err != nil {
					var x interface{ ExitCode() int }
					if ok := asExit(err, &x); !ok {
						ts.Fatalf("%v", err)
					}
					code = x.ExitCode()
				}
				if fmt.Sprint(code) != args[0] {
					ts.Fatalf("%s exits with %d, want %s", strings.Join(args[1:], " "), code, args[0])
				}
			},
		},
	})
}

func asExit(err error, to *interface{ ExitCode() int }) bool {
	x, ok := err.(interface{ ExitCode() int })
	if ok {
		*to = x
	}
	return ok
}

func service(ts *testscript.TestScript) *sim.Notices { return ts.Value("notices").(*sim.Notices) }

func TestDemoTellsItsWholeStory(t *testing.T) {
	var out strings.Builder
	if err := runDemo(context.Background(), &out, false); err != nil {
		t.Fatalf("%v\nafter\n%s", err, out.String())
	}
	at := 0
	// What is in one line may come in any order: the newest page may tell of a
	// notice before the sweep says that the list is seen again.
	for _, together := range [][]string{
		{"already public"}, {"new public red notice"}, {"Changed:"}, {"Possible mention, strong: Omar Said"}, {"We cannot see INTERPOL's red list"}, {"Silence is not a “no”"},
		{"We see INTERPOL's red list again", "林家豪"}, {"No longer public: notice 2026/48213"}, {"Not proof of deletion"}, {"HERON"},
	} {
		end := at
		for _, want := range together {
			i := strings.Index(out.String()[at:], want)
			if i < 0 {
				t.Fatalf("after what it told up to byte %d, %q is missing in\n%s", at, want, out.String())
			}
			end = max(end, at+i)
		}
		at = end
	}
}
