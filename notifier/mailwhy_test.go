package notifier

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/sim"
)

// strange is a server that does as it is told with every connection.
func strange(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	over := make(chan struct{})
	t.Cleanup(func() { l.Close(); close(over); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { <-over; c.Close() })
			all.Go(func() { do(c) })
		}
	})
	return l.Addr().String()
}

// speaks greets and answers every command by its first word.
func speaks(answers map[string]string) func(net.Conn) {
	return func(c net.Conn) {
		io.WriteString(c, "220 mail.example\r\n")
		for lines := bufio.NewScanner(c); lines.Scan(); {
			verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
			answer := "250 ok"
			switch {
			case answers[verb] != "":
				answer = answers[verb]
			case verb == "QUIT":
				answer = "221 bye"
			}
			io.WriteString(c, answer+"\r\n")
		}
	}
}

// Whatever is wrong with a mail server, it is said what, and what to do.
func TestAMailServersRefusalSaysWhatToDo(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	closed.Close()
	ours, err := sim.NewMail(sim.MailOptions{TLS: sim.StartTLS})
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	plain, err := sim.NewMail(sim.MailOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	page := strange(t, func(c net.Conn) { io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n"); c.Close() })
	silent := strange(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	shut := strange(t, func(c net.Conn) { c.Close() })
	signs := map[string]string{"EHLO": "250-mail.example\r\n250 AUTH PLAIN LOGIN"}
	with := func(verb, answer string) string {
		all := map[string]string{"EHLO": signs["EHLO"], "AUTH": "235 2.7.0 welcome"}
		all[verb] = answer
		return strange(t, speaks(all))
	}
	for name, x := range map[string]struct {
		smtp      string
		send      bool // it shows when a mail is sent, not before
		want      Outcome
		says, doe []string
	}{
		"nothing listens":      {"smtp://" + nobody, false, Temporary, []string{"nothing listens"}, []string{"587", "465"}},
		"an unknown authority": {"smtp://" + ours.Address(), false, Temporary, []string{"authority"}, []string{"certificate"}},
		"TLS to a plain port":  {"smtps://" + plain.Address(), false, Temporary, []string{"begin with TLS"}, []string{"smtp://", "587"}},
		"a web server":         {"smtp://" + page, false, Temporary, []string{"no mail server"}, []string{"587"}},
		"silence":              {"smtp://" + silent, false, Temporary, []string{"in time"}, []string{"firewall", "smtps://"}},
		"hung up":              {"smtp://" + shut, false, Temporary, []string{"hangs up"}, []string{"465"}},
		"a wrong password":     {"smtp://watch@" + with("AUTH", "535 5.7.8 no"), false, Permanent, []string{"password (535)"}, []string{"password_file", "app password"}},
		"no way to sign in":    {"smtp://watch@" + strange(t, speaks(nil)), false, Temporary, []string{"no way to sign in"}, []string{"587"}},
		"signing in wanted":    {"smtp://" + with("MAIL", "530 5.7.0 sign in"), true, Permanent, []string{"(530)"}, []string{"smtp://USER@"}},
		"relaying denied":      {"smtp://" + with("RCPT", "554 5.7.1 <lawyer@example.org>: Relay access denied"), true, Permanent, []string{"(554)"}, []string{"relaying", "sign in"}},
		"not as this sender":   {"smtp://" + with("MAIL", "550 5.7.1 not you"), true, Permanent, []string{"(550)"}, []string{"send as from"}},
		"greylisting":          {"smtp://" + with("RCPT", "451 4.7.1 later"), true, Temporary, []string{"yet (451)"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(x.smtp)
			if err != nil {
				t.Fatal(err)
			}
			timeout := 10 * time.Second
			if name == "silence" {
				timeout = 100 * time.Millisecond
			}
			e, err := NewEmail(EmailOptions{ID: "lawyers", SMTP: u, Password: "a fictional password", From: "watch@example.org", To: []string{"lawyer@example.org"}, Detail: Codename, Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			if err = e.Check(t.Context()); x.send {
				if err != nil {
					t.Fatalf("before any mail: %v", err)
				}
				_, err = e.Send(t.Context(), redacted(Codename, story()["appeared"]))
			}
			checkWhy(t, err, x.want, x.says, x.doe)
		})
	}
	_, e := postOffice(t, Codename, sim.MailOptions{})
	checkWhy(t, e.dialError(&net.DNSError{Err: "no such host", Name: "mail.example.org", IsNotFound: true}), Temporary, []string{"name is not found"}, []string{"DNS"})
	// Loopback may do without; what go-mail says where it is wanted is told like the rest.
	checkWhy(t, e.dialError(fmt.Errorf("STARTTLS mode set to: %q, but target host does not support STARTTLS", "TLSMandatory")), Temporary, []string{"no STARTTLS"}, []string{"smtps://", "starttls=no"})
}

func checkWhy(t *testing.T, err error, want Outcome, says, do []string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Outcome != want || do == nil && e.Do != "" {
		t.Fatalf("%#v", err)
	}
	for _, s := range says {
		if !strings.Contains(e.Why, s) {
			t.Errorf("%q does not say %q", e.Why, s)
		}
	}
	for _, s := range do {
		if !strings.Contains(e.Do, s) {
			t.Errorf("what to do: %q does not say %q", e.Do, s)
		}
	}
	for _, secret := range []string{"fictional", "lawyer@", "5.7"} {
		if strings.Contains(e.Why+e.Do, secret) {
			t.Errorf("%q %q quotes %q", e.Why, e.Do, secret)
		}
	}
}
