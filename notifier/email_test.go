package notifier

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tocsin"
	"tocsin/sim"
)

// postOffice is a mail server and a notifier that sends by it.
func postOffice(t *testing.T, d Detail, o sim.MailOptions) (*sim.Mail, *Email) {
	t.Helper()
	s, err := sim.NewMail(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEmail(EmailOptions{
		ID: "lawyers", SMTP: u, Password: o.Password, From: "Watch <watch@example.org>", To: []string{"a@example.org", "b@example.org"}, Detail: d,
		RootCAs: s.CertPool(), Now: func() time.Time { return at("2026-05-04 08:00") },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, e
}

func send(t *testing.T, s *sim.Mail, e *Email, m Message) sim.Letter {
	t.Helper()
	s.Forget()
	if _, err := e.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	letters := s.Messages()
	if len(letters) != 1 {
		t.Fatalf("%d mails", len(letters))
	}
	if letters[0].Bad != nil {
		t.Fatalf("%v in\n%s", letters[0].Bad, letters[0].Raw)
	}
	return letters[0]
}

func TestEveryMailHasItsTextFirstAndFetchesNothing(t *testing.T) {
	for _, d := range []Detail{Full, Initials, Codename} {
		s, e := postOffice(t, d, sim.MailOptions{})
		for name, m := range story() {
			l := send(t, s, e, redacted(d, m))
			if l.Text == "" || l.HTML == "" || strings.Index(string(l.Raw), "text/plain") > strings.Index(string(l.Raw), "text/html") {
				t.Errorf("%s at %s: the text is not first", name, d)
			}
			for _, w := range []string{"<img", "<link", "<script", "url(", "src=", "@import", "http-equiv"} {
				if strings.Contains(strings.ToLower(l.HTML), w) {
					t.Errorf("%s at %s fetches: %s", name, d, w)
				}
			}
			if h := l.Header; h.Get("Auto-Submitted") != "auto-generated" || h.Get("Message-Id") != "<"+m.ID+"@example.org>" {
				t.Errorf("%s at %s: %v", name, d, h)
			}
		}
	}
}

func TestMailAtFullDetailNamesItsEventsAndList(t *testing.T) {
	s, e := postOffice(t, Full, sim.MailOptions{})
	m := redacted(Full, digest())
	m.ID = "m_8"
	l := send(t, s, e, m)
	if got := l.Header.Get("X-Tocsin-Events"); got != strings.Join(m.Events(), " ") {
		t.Errorf("events: %q", got)
	}
	if got := l.Header.Get("List-Id"); got != "<lawyers.tocsin.example.org>" {
		t.Errorf("list: %q", got)
	}
	if l.Subject != "Weekly report 18: 2 cases need you" {
		t.Errorf("subject: %q", l.Subject)
	}
}

var boundary = regexp.MustCompile(`boundary="?[0-9a-z]+"?`)

func TestMailAtLowerDetailGivesNothingAwayToWhoeverReadsItOnTheWay(t *testing.T) {
	for d, words := range secrets {
		s, e := postOffice(t, d, sim.MailOptions{})
		for name, m := range story() {
			l := send(t, s, e, redacted(d, m))
			head, _, _ := strings.Cut(string(l.Raw), "\r\n\r\n")
			head = boundary.ReplaceAllString(strings.ToLower(head+l.Subject), "") // chance may write anything
			for _, w := range append([]string{"tocsin", "x-tocsin", "heron", "interpol", "e_5jt9qm"}, words...) {
				if strings.Contains(head, w) {
					t.Errorf("%s at %s: %q in the head:\n%s", name, d, w, head)
				}
			}
			for _, w := range words {
				if strings.Contains(strings.ToLower(l.Text+l.HTML), w) {
					t.Errorf("%s at %s: the body says %q", name, d, w)
				}
			}
		}
	}
}

func TestADigestsSubjectSaysOfWhichTimeItIs(t *testing.T) {
	day := func(s string) time.Time { return at(s + " 08:00") }
	for _, x := range []struct {
		since, until time.Time
		want         string
	}{
		{day("2026-04-27"), day("2026-05-04"), "Weekly report 18"},
		{day("2026-05-04"), day("2026-05-05"), "Daily report, 5 May"},
		{day("2026-05-01"), day("2026-05-04"), "Report, 4 May 08:00"},
		{day("2026-12-28"), day("2027-01-04"), "Weekly report 53"},
	} {
		if got := subjectOf(&Report{Since: x.since, Until: x.until}, time.UTC); got != x.want {
			t.Errorf("%s to %s: %q, want %q", x.since, x.until, got, x.want)
		}
	}
}

func TestAShareIsNeverRoundedUp(t *testing.T) {
	for part, want := range map[time.Duration]string{0: "0.0 %", 9690: "96.9 %", 9999: "99.9 %", 10000: "100 %"} {
		if got := percent(part, 10000); got != want {
			t.Errorf("%d of 10000: %s, want %s", part, got, want)
		}
	}
}

func TestAReplyStandsUnderItsCasesMail(t *testing.T) {
	s, e := postOffice(t, Codename, sim.MailOptions{})
	res, err := e.Send(t.Context(), redacted(Codename, story()["appeared"]))
	if err != nil {
		t.Fatal(err)
	}
	m := redacted(Codename, story()["disappeared"])
	m.ID, m.Kind, m.Parent = "m_9", Reply, res.Ref
	l := send(t, s, e, m)
	for _, h := range []string{"In-Reply-To", "References"} {
		if got := l.Header.Get(h); got != "<m_1@example.org>" {
			t.Errorf("%s: %q", h, got)
		}
	}
}

func TestNoNameOfANoticeAddsAHeader(t *testing.T) {
	s, e := postOffice(t, Full, sim.MailOptions{})
	it := varden(tocsin.Appeared)
	it.Person.Names = []string{"Mira\r\nBcc: thief@example.org"}
	it.Notice.Name = "VARDEN\r\n\r\n<script>alert(1)</script>\u202e"
	it.Event.Notice = nil
	l := send(t, s, e, redacted(Full, Message{ID: "m_1", Kind: Single, Items: []Item{it}}))
	if l.Header.Get("Bcc") != "" || len(l.To) != 2 || strings.Contains(l.HTML, "<script") {
		t.Errorf("the mail is\n%s", l.Raw)
	}
}

func TestWhatAMailServerSaysIsUnderstood(t *testing.T) {
	for _, x := range []struct {
		what  string
		fault sim.MailFault
		want  Outcome
	}{
		{"a refusal of the sender", sim.MailFault{At: sim.AtMail, Code: 550}, Permanent},
		{"not yet", sim.MailFault{At: sim.AtRcpt, Code: 451}, Temporary},
		{"a refusal of the text", sim.MailFault{At: sim.AtData, Code: 554}, Permanent},
		{"not yet, at the text", sim.MailFault{At: sim.AtData, Code: 452}, Temporary},
		{"a greeting that is none", sim.MailFault{At: sim.AtHello, Code: 421}, Temporary},
		{"a cut before the text", sim.MailFault{At: sim.AtRcpt, Cut: true}, Temporary},
		{"a cut after the text", sim.MailFault{At: sim.AtData, Cut: true, Taken: true}, Unknown},
	} {
		s, e := postOffice(t, Codename, sim.MailOptions{})
		s.AddFault(x.fault)
		_, err := e.Send(t.Context(), redacted(Codename, story()["appeared"]))
		var said *Error
		if !errors.As(err, &said) || said.Outcome != x.want {
			t.Errorf("%s: %v", x.what, err)
		}
	}
}

func TestAServerProvesThatItTakesMailWithoutAny(t *testing.T) {
	o := sim.MailOptions{TLS: sim.StartTLS, User: "watch", Password: "a fictional password"}
	s, e := postOffice(t, Codename, o)
	if err := e.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for what, f := range map[string]sim.MailFault{"no greeting": {At: sim.AtHello, Code: 421}, "no entry": {At: sim.AtAuth, Code: 535}} {
		remove := s.AddFault(f)
		err := e.Check(context.Background())
		if err == nil || strings.Contains(err.Error(), "fictional") {
			t.Errorf("%s: %v", what, err)
		}
		remove()
	}
	if n := len(s.Messages()); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
}
