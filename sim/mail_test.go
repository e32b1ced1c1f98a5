package sim

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

func mailServer(t *testing.T, o MailOptions) *Mail {
	t.Helper()
	m, err := NewMail(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

const plainLetter = "From: watch@example.org\r\nTo: lawyer@example.org\r\nSubject: A bell\r\n\r\nIt rings.\r\n"

// byHand sends with the standard library, step by step, in plain text.
func byHand(m *Mail, from string, to []string, text string) error {
	c, err := smtp.Dial(m.Address())
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Mail(from); err != nil {
		return err
	}
	for _, one := range to {
		if err := c.Rcpt(one); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	return w.Close()
}

func TestMailKeepsWhatItTakes(t *testing.T) {
	m := mailServer(t, MailOptions{})
	u, err := url.Parse(m.URL())
	if err != nil || u.Scheme != "smtp" || u.Host != m.Address() || u.Hostname() != "127.0.0.1" || u.User != nil || m.CertPool() != nil {
		t.Errorf("%s %v", m.URL(), err)
	}
	for _, text := range []string{plainLetter, strings.Replace(plainLetter, "It rings.", "..\r\nAgain.", 1)} {
		if err := byHand(m, "bounces@example.org", []string{"lawyer@example.org", "other@example.org"}, text); err != nil {
			t.Fatal(err)
		}
	}
	got := m.Messages()
	if len(got) != 2 {
		t.Fatalf("%d mails", len(got))
	}
	l := got[0]
	if l.From != "bounces@example.org" || !slices.Equal(l.To, []string{"lawyer@example.org", "other@example.org"}) || l.User != "" || l.Sealed || l.Bad != nil {
		t.Errorf("%+v", l)
	}
	if string(l.Raw) != plainLetter || l.Header.Get("to") != "lawyer@example.org" || l.Subject != "A bell" || l.Text != "It rings.\r\n" || l.HTML != "" {
		t.Errorf("%+v", l)
	}
	if got[1].Text != "..\r\nAgain.\r\n" {
		t.Errorf("dots are not restored: %q", got[1].Text)
	}
	m.Forget()
	if len(m.Messages()) != 0 {
		t.Error("not forgotten")
	}
}

func letter(t *testing.T) *gomail.Msg {
	t.Helper()
	msg := gomail.NewMsg()
	if err := errors.Join(msg.From("watch@example.org"), msg.To("lawyer@example.org")); err != nil {
		t.Fatal(err)
	}
	msg.Subject("Мира Варден: новое уведомление, 林家豪")
	msg.SetBodyString(gomail.TypeTextPlain, "участие в незаконном собрании = "+strings.Repeat("длинная строка ", 20)+"\r\n")
	msg.AddAlternativeString(gomail.TypeTextHTML, "<p>участие</p>")
	return msg
}

// send sends a letter as the real program does, with its library.
func send(t *testing.T, m *Mail, o ...gomail.Option) error {
	t.Helper()
	host, port, err := net.SplitHostPort(m.Address())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	c, err := gomail.NewClient(host, append([]gomail.Option{gomail.WithPort(n), gomail.WithHELO("example.org"), gomail.WithoutNoop(),
		gomail.WithTLSPolicy(gomail.NoTLS)}, o...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c.DialAndSendWithContext(t.Context(), letter(t))
}

func TestPartsAreDecoded(t *testing.T) {
	m := mailServer(t, MailOptions{})
	if err := send(t, m); err != nil {
		t.Fatal(err)
	}
	l := m.Messages()[0]
	if l.Subject != "Мира Варден: новое уведомление, 林家豪" || !strings.HasPrefix(l.Text, "участие в незаконном собрании = длинная") || l.HTML != "<p>участие</p>" || l.Bad != nil {
		t.Errorf("%q %q %q %v", l.Subject, l.Text, l.HTML, l.Bad)
	}
	if !strings.Contains(string(l.Raw), "multipart/alternative") || l.Header.Get("Content-Type") == "" {
		t.Errorf("%s", l.Raw)
	}
}

func TestMailThatCannotBeReadIsTakenAndSaysWhy(t *testing.T) {
	for name, c := range map[string]struct{ raw, text, why string }{
		"base64":           {"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte("да")) + "\r\n", "да", ""},
		"no header at all": {"what is this\r\n", "", "header"},
		"a subject":        {"Subject: =?koi9?B?AA==?=\r\n\r\nx", "", "subject"},
		"its type":         {"Content-Type: text/;\r\n\r\nx", "", "Content-Type"},
		"half of it":       {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n", "", "part"},
		"its letters":      {"Content-Type: text/plain; charset=koi8-r\r\n\r\nx", "", "charset"},
		"bad base64":       {"Content-Transfer-Encoding: base64\r\n\r\n!!!!", "", "decode"},
		"an attachment":    {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\n\r\nfirst\r\n--b\r\n\r\nsecond\r\n--b--\r\n", "first", ""},
	} {
		m := mailServer(t, MailOptions{})
		if err := byHand(m, "a@example.org", []string{"b@example.org"}, c.raw); err != nil {
			t.Errorf("%s: not taken: %v", name, err)
			continue
		}
		l := m.Messages()[0]
		if l.Text != c.text || (l.Bad == nil) != (c.why == "") || l.Bad != nil && !strings.Contains(l.Bad.Error(), c.why) {
			t.Errorf("%s: %q, %v", name, l.Text, l.Bad)
		}
	}
}

func TestMailUnderTLS(t *testing.T) {
	for _, c := range []struct {
		kind   MailTLS
		scheme string
		ask    gomail.Option
	}{
		{StartTLS, "smtp://", gomail.WithTLSPolicy(gomail.TLSMandatory)},
		{Implicit, "smtps://", gomail.WithSSL()},
	} {
		m := mailServer(t, MailOptions{TLS: c.kind})
		if !strings.HasPrefix(m.URL(), c.scheme+"127.0.0.1:") {
			t.Errorf("%s: %s", c.kind, m.URL())
		}
		if err := send(t, m, c.ask, gomail.WithTLSConfig(&tls.Config{ServerName: "127.0.0.1", RootCAs: m.CertPool()})); err != nil {
			t.Errorf("%s: %v", c.kind, err)
			continue
		}
		if l := m.Messages()[0]; !l.Sealed {
			t.Errorf("%s: not sealed", c.kind)
		}
		var unknown *tls.CertificateVerificationError
		if err := send(t, m, c.ask); !errors.As(err, &unknown) {
			t.Errorf("%s: whoever does not have its pool trusts it: %v", c.kind, err)
		}
	}
	m := mailServer(t, MailOptions{TLS: StartTLS})
	if err := send(t, m); err != nil || m.Messages()[0].Sealed {
		t.Errorf("STARTTLS is offered, not demanded: %v", err)
	}
}

func TestMailFromWhoeverSignsIn(t *testing.T) {
	with := func(kind gomail.SMTPAuthType, password string) []gomail.Option {
		return []gomail.Option{gomail.WithSMTPAuth(kind), gomail.WithUsername("alerts"), gomail.WithPassword(password)}
	}
	for _, sealed := range []MailTLS{PlainText, StartTLS} {
		m := mailServer(t, MailOptions{User: "alerts", Password: "fictional", TLS: sealed})
		if !strings.HasPrefix(m.URL(), "smtp://alerts@127.0.0.1:") {
			t.Error(m.URL())
		}
		var under []gomail.Option
		plain, login := gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
		if sealed == StartTLS {
			plain, login = gomail.SMTPAuthPlain, gomail.SMTPAuthLogin
			under = []gomail.Option{gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(&tls.Config{ServerName: "127.0.0.1", RootCAs: m.CertPool()})}
		}
		for _, kind := range []gomail.SMTPAuthType{plain, login} {
			if err := send(t, m, append(with(kind, "fictional"), under...)...); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
			if err := send(t, m, append(with(kind, "wrong"), under...)...); !strings.Contains(textOf(err), "535") {
				t.Errorf("%s with a wrong password: %v", kind, err)
			}
		}
		if err := send(t, m, under...); codeAt(err) != 530 {
			t.Errorf("without signing in: %v", err)
		}
		got := m.Messages()
		if len(got) != 2 || got[0].User != "alerts" || got[0].Sealed != (sealed == StartTLS) {
			t.Errorf("%d mails, %+v", len(got), got)
		}
	}
	m := mailServer(t, MailOptions{User: "alerts", Password: "fictional", TLS: StartTLS})
	c, err := smtp.Dial(m.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if ok, _ := c.Extension("AUTH"); ok {
		t.Error("signing in is offered before TLS")
	}
	if err := c.Auth(smtp.PlainAuth("", "alerts", "fictional", "127.0.0.1")); err == nil {
		t.Error("signed in before TLS")
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// codeAt is the reply code in an error of either client; 0 for none.
func codeAt(err error) int {
	var p *textproto.Error
	var s *gomail.SendError
	switch {
	case errors.As(err, &p):
		return p.Code
	case errors.As(err, &s):
		return s.ErrorCode()
	}
	return 0
}

func TestMailRefusesAsToldAtEachStep(t *testing.T) {
	const from, to = "watch@example.org", "lawyer@example.org"
	for name, c := range map[string]struct {
		fault MailFault
		code  int
		kept  int
	}{
		"the greeting":    {MailFault{At: AtHello, Code: 421, Count: 2}, 421, 0}, // of EHLO and of HELO
		"the sender":      {MailFault{At: AtMail}, 451, 0},
		"this sender":     {MailFault{At: AtMail, For: "watch@", Code: 550}, 550, 0},
		"another sender":  {MailFault{At: AtMail, For: "someone@", Code: 550}, 0, 1},
		"the reader":      {MailFault{At: AtRcpt, For: "lawyer", Code: 452}, 452, 0},
		"a second reader": {MailFault{At: AtRcpt, After: 1, Code: 550}, 0, 1},
		"the text":        {MailFault{At: AtData, Code: 554}, 554, 0},
		"the text, later": {MailFault{At: AtData}, 451, 0},
		"though it keeps": {MailFault{At: AtData, Taken: true}, 451, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := mailServer(t, MailOptions{})
			c.fault.Count = max(1, c.fault.Count)
			remove := m.AddFault(c.fault)
			err := byHand(m, from, []string{to}, plainLetter)
			if got := codeAt(err); got != c.code || (err == nil) != (c.code == 0) {
				t.Errorf("%v, want %d", err, c.code)
			}
			if n := len(m.Messages()); n != c.kept {
				t.Errorf("%d kept", n)
			}
			if c.code != 0 {
				if err := byHand(m, from, []string{to}, plainLetter); err != nil {
					t.Errorf("hit more often than Count: %v", err)
				}
			}
			remove()
			remove()
			if err := byHand(m, from, []string{to, to}, plainLetter); err != nil {
				t.Error(err)
			}
		})
	}
	m := mailServer(t, MailOptions{User: "alerts", Password: "fictional"})
	m.AddFault(MailFault{At: AtAuth, Code: 454})
	if err := send(t, m, gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc), gomail.WithUsername("alerts"), gomail.WithPassword("fictional")); !strings.Contains(textOf(err), "454") {
		t.Errorf("%v", err)
	}
	m.ClearFaults()
	if err := send(t, m, gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc), gomail.WithUsername("alerts"), gomail.WithPassword("fictional")); err != nil {
		t.Error(err)
	}
}

func TestMailIsCutBeforeOrAfterItIsTaken(t *testing.T) {
	for name, c := range map[string]struct {
		fault MailFault
		kept  int
	}{
		"at the greeting":     {MailFault{At: AtHello, Cut: true}, 0},
		"at the sender":       {MailFault{At: AtMail, Cut: true}, 0},
		"at the reader":       {MailFault{At: AtRcpt, Cut: true}, 0},
		"before it is taken":  {MailFault{At: AtData, Cut: true}, 0},
		"after it was taken":  {MailFault{At: AtData, Cut: true, Taken: true}, 1},
		"under TLS too":       {MailFault{At: AtData, Cut: true, Taken: true}, 1},
		"under TLS, before":   {MailFault{At: AtData, Cut: true}, 0},
		"under TLS, a sender": {MailFault{At: AtMail, Cut: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o, under := MailOptions{}, []gomail.Option(nil)
			if strings.HasPrefix(name, "under TLS") {
				o.TLS = StartTLS
			}
			m := mailServer(t, o)
			if o.TLS == StartTLS {
				under = []gomail.Option{gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithTLSConfig(&tls.Config{ServerName: "127.0.0.1", RootCAs: m.CertPool()})}
			}
			m.AddFault(c.fault)
			err := send(t, m, under...)
			if err == nil || codeAt(err) != 0 {
				t.Errorf("%v", err)
			}
			if n := len(m.Messages()); n != c.kept {
				t.Errorf("%d kept, want %d", n, c.kept)
			}
		})
	}
}

func TestMailHangsUntilItsFaultIsRemovedOrTheServerCloses(t *testing.T) {
	for name, end := range map[string]func(m *Mail, remove func()){
		"removed": func(_ *Mail, remove func()) { remove() },
		"closed":  func(m *Mail, _ func()) { _ = m.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			m := mailServer(t, MailOptions{})
			met := make(chan struct{})
			remove := m.AddFault(MailFault{At: AtData, Hang: true, Taken: true, Do: func() { close(met) }})
			c, err := smtp.Dial(m.Address())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := errors.Join(c.Mail("a@example.org"), c.Rcpt("b@example.org")); err != nil {
				t.Fatal(err)
			}
			w, err := c.Data()
			if err != nil {
				t.Fatal(err)
			}
			got := make(chan error)
			go func() {
				_, _ = io.WriteString(w, plainLetter) // what fails here fails at Close
				got <- w.Close()
			}()
			<-met
			if len(m.Messages()) != 1 {
				t.Error("not taken")
			}
			end(m, remove)
			if err := <-got; err == nil || codeAt(err) != 0 {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestClosedMailTakesNothing(t *testing.T) {
	m := mailServer(t, MailOptions{})
	if err := errors.Join(m.Close(), m.Close()); err != nil {
		t.Error(err)
	}
	var d net.Dialer
	if c, err := d.DialContext(context.Background(), "tcp", m.Address()); err == nil {
		c.Close()
		t.Error("still listening")
	}
}
