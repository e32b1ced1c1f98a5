package notifier

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"html/template"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// EmailOptions say how mail goes out.
type EmailOptions struct {
	ID       string   // the notifier's id, for List-Id
	SMTP     *url.URL // smtp://user@host:587 (STARTTLS), smtps://user@host:465, ?starttls=no
	Password string
	From     string
	To       []string
	Detail   Detail
	PGPKeys  []string       // files with the readers' public keys; none: mail is not sealed
	RootCAs  *x509.CertPool // nil: the system's
	Timeout  time.Duration  // of one whole delivery; 0 is 15 s
	Now      func() time.Time
}

// Email sends messages by SMTP, one mail a message.
type Email struct {
	o      EmailOptions
	domain string
	sealer *sealer // nil: mail is not sealed
}

// NewEmail checks the options; it does not connect.
func NewEmail(o EmailOptions) (*Email, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, errors.New("from: not a mail address")
	}
	if len(o.To) == 0 {
		return nil, errors.New("to: no address")
	}
	for _, to := range o.To {
		if _, err := mail.ParseAddress(to); err != nil {
			return nil, errors.New("to: not a mail address")
		}
	}
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	e := &Email{o: o, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}
	if len(o.PGPKeys) > 0 {
		if e.sealer, err = newSealer(o.PGPKeys, o.Now()); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Warnings say what will keep readers from opening their mail, none of it yet an
// error.
func (e *Email) Warnings() []string {
	if e.sealer == nil {
		return nil
	}
	return e.sealer.warnings(e.o.To, e.o.Now())
}

// Send delivers the message to all its readers. Mail cannot be asked whether it
// arrived: a connection cut after the message was handed over is Unknown, and a
// repeat carries the same Message-ID.
func (e *Email) Send(ctx context.Context, m Message) (Result, error) {
	msg, err := e.compose(m)
	if err != nil {
		why := "the mail cannot be composed: check from and to"
		if e.sealer != nil {
			if unsealed := e.sealer.valid(e.o.Now()); unsealed != nil {
				why = unsealed.Error() // never sent in the open instead
			}
		}
		return Result{}, &Error{Outcome: Permanent, Why: why}
	}
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	c, err := e.client()
	if err != nil {
		return Result{}, &Error{Outcome: Permanent, Why: err.Error()}
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return Result{}, e.dialError(err)
	}
	defer c.CloseWithSMTPClient(conn) // what counts was said before
	if err := c.SendWithSMTPClient(conn, msg); err != nil && !msg.IsDelivered() {
		return Result{}, e.sendError(err)
	}
	return Result{Ref: msg.GetMessageID()}, nil
}

// Check connects, greets, signs in and asks for nothing to be done (NOOP, RFC
// 5321, 4.1.1.9). It sends no mail.
func (e *Email) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.o.Timeout)
	defer cancel()
	c, err := e.client()
	if err != nil {
		return &Error{Outcome: Permanent, Why: err.Error()}
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return e.dialError(err)
	}
	defer c.CloseWithSMTPClient(conn) // what counts was said before
	if err := conn.Noop(); err != nil {
		return e.dialError(err)
	}
	return nil
}

func (e *Email) client() (*gomail.Client, error) {
	u := e.o.SMTP
	loopback := isLoopback(u.Hostname())
	opts := []gomail.Option{
		gomail.WithTimeout(e.o.Timeout), gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithHELO(heloName(e.domain)),
		gomail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), RootCAs: e.o.RootCAs, MinVersion: tls.VersionTLS12}),
	}
	port := 587
	switch {
	case u.Scheme == "smtps":
		port = 465
		opts = append(opts, gomail.WithSSL())
	case u.Query().Get("starttls") == "no":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	case loopback:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil, errors.New("smtp: the port is not a number")
		}
		port = n
	}
	opts = append(opts, gomail.WithPort(port))
	if u.User != nil && u.User.Username() != "" {
		kind := gomail.SMTPAuthAutoDiscover
		if loopback || u.Query().Get("starttls") == "no" {
			// Without TLS the library signs in only where it is told that it may.
			opts = append(opts, gomail.WithSMTPAuth(kind), gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc))
		} else {
			opts = append(opts, gomail.WithSMTPAuth(kind))
		}
		opts = append(opts, gomail.WithUsername(u.User.Username()), gomail.WithPassword(e.o.Password))
	}
	return gomail.NewClient(u.Hostname(), opts...)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// heloName is what we call ourselves to the server: the sender's domain, not
// the machine's own name.
func heloName(domain string) string {
	if domain == "" || strings.ContainsAny(domain, " []") {
		return "localhost"
	}
	return domain
}

// compose builds the mail. At lower detail no header gives anything away, not
// even the name of this program.
func (e *Email) compose(m Message) (*gomail.Msg, error) {
	p := Render(m)
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(e.o.From); err != nil {
		return nil, err
	}
	if err := msg.To(e.o.To...); err != nil {
		return nil, err
	}
	msg.SetMessageIDWithValue(m.ID + "@" + e.domain)
	msg.SetDateWithValue(e.o.Now())
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	subject := e.subject(m, p)
	if e.o.Detail == Full {
		msg.SetGenHeader("List-Id", "<"+listLabel(e.o.ID)+".tocsin."+e.domain+">")
		msg.SetGenHeader("X-Tocsin-Events", strings.Join(m.Events(), " "))
	} else {
		msg.SetGenHeader("List-Id", "<updates."+e.domain+">")
	}
	if m.Parent != "" {
		msg.SetGenHeader("In-Reply-To", m.Parent)
		msg.SetGenHeader("References", m.Parent)
	}
	var html bytes.Buffer
	if err := mailPage.Execute(&html, p); err != nil {
		return nil, err
	}
	content := msg
	if e.sealer != nil {
		content = gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	}
	content.SetBodyString(gomail.TypeTextPlain, Text(p, 76))
	content.AddAlternativeString(gomail.TypeTextHTML, html.String())
	if e.sealer == nil {
		msg.Subject(subject)
		return msg, nil
	}
	msg.Subject(e.neutral(m))
	return msg, e.sealer.seal(msg, content, subject, e.o.Now())
}

// subject is what the mail is about, as far as the detail tier lets the subject
// of a mail say.
func (e *Email) subject(m Message, p Page) string {
	switch {
	case e.o.Detail == Full:
		return cut(orNone(p.Subject, "Report"), 160)
	case m.Report != nil:
		return p.Subject
	}
	return e.neutral(m)
}

// neutral is a subject that says nothing but when.
func (e *Email) neutral(m Message) string {
	zone := m.Zone
	if zone == nil {
		zone = time.UTC
	}
	what := "Report, "
	if isDrill(m) {
		what = "Test, "
	}
	return what + e.o.Now().In(zone).Format("2 January 15:04 MST")
}

func isDrill(m Message) bool { return len(m.Items) == 1 && m.Items[0].Event.Drill }

func listLabel(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, id)
}

// mailPage fetches nothing: no picture, no style sheet, no link of its own.
var mailPage = template.Must(template.New("mail").Funcs(template.FuncMap{"status": Alert.statusLine}).Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{{.Title}}</title></head>
<body style="margin:0;padding:16px;background:#f4f4f2;font:16px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#1b1b1b">
<div style="max-width:640px;margin:0 auto">
{{- if .Title}}<h1 style="font-size:19px;margin:0 0 8px">{{.Title}}</h1>{{end}}
{{- range .Lead}}<p style="margin:0 0 8px">{{.}}</p>{{end}}
{{- $one := eq (len .Alerts) 1}}
{{- range .Alerts}}
<div style="background:#fff;border:1px solid #d8d8d4;border-left:5px solid {{if .Loud}}#b3261e{{else}}#8a8a84{{end}};border-radius:4px;padding:12px 16px;margin:12px 0">
<p style="font-weight:600;margin:0 0 4px">{{.Icon}} {{.Title}}</p>
{{- with status .}}<p style="color:#55554f;margin:0 0 8px">{{.}}</p>{{end}}
{{- range .Facts}}<p dir="auto" style="margin:0 0 4px">{{.}}</p>{{end}}
{{- if and $one .Steps}}<p style="font-weight:600;margin:12px 0 0">Now</p><ol style="margin:0;padding-left:22px">{{range .Steps}}<li>{{.}}</li>{{end}}</ol>{{end}}
{{- if $one}}{{range .History}}<p style="color:#55554f;font-size:14px;margin:6px 0 0">{{.}}</p>{{end}}{{range .Foot}}<p style="color:#55554f;font-size:14px;margin:10px 0 0">{{.}}</p>{{end}}{{else}}{{range .History}}<p style="color:#55554f;font-size:14px;margin:6px 0 0">{{.}}</p>{{end}}{{if .Case}}<p style="color:#55554f;font-size:14px;margin:6px 0 0">Case {{.Case}}</p>{{end}}{{end}}
</div>
{{- end}}
{{- range .Sections}}
<div style="background:#fff;border:1px solid #d8d8d4;border-left:5px solid {{if .Loud}}#b3261e{{else}}#d8d8d4{{end}};border-radius:4px;padding:8px 16px;margin:8px 0">
<p style="font-size:12px;font-weight:600;letter-spacing:.05em;color:#55554f;margin:0 0 2px">{{.Name}}</p>
{{- range .Lines}}<p dir="auto" style="margin:0 0 4px{{if .Under}};padding-left:18px;font-size:15px{{end}}">{{.Text}}</p>{{end}}
</div>
{{- end}}
{{- range .Foot}}<p style="color:#55554f;font-size:14px;margin:8px 0 0">{{.}}</p>{{end}}
</div></body></html>
`))
