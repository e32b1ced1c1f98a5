package sim

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// MailTLS is how the connection to a Mail is sealed.
type MailTLS string

const (
	PlainText MailTLS = ""         // not at all
	StartTLS  MailTLS = "starttls" // STARTTLS is offered (RFC 3207); Letter.Sealed says whether it was taken
	Implicit  MailTLS = "implicit" // TLS from the first byte (RFC 8314)
)

// MailOptions of a Mail. The zero value takes any mail from anybody, in plain
// text.
type MailOptions struct {
	TLS      MailTLS
	User     string // "" takes mail without signing in; else by PLAIN or LOGIN, under TLS where there is any
	Password string
}

// Mail is a mail server on loopback (RFC 5321) that keeps what it takes. All
// methods may be called at any time from any goroutine.
type Mail struct {
	opts    MailOptions
	server  *smtp.Server
	listens net.Listener
	cert    tls.Certificate
	served  chan struct{}
	closing sync.Once

	mu      sync.Mutex
	letters []Letter
	faults  []*activeMailFault
}

// Letter is a mail that a Mail has taken.
type Letter struct {
	From   string   // of the envelope
	To     []string // of the envelope
	User   string   // who had signed in; ""
	Sealed bool     // came under TLS
	Raw    []byte   // as it came, with CR LF

	Header  mail.Header // as it came; nil if the mail cannot be parsed
	Subject string      // decoded
	Text    string      // the first text/plain part, decoded; "" without
	HTML    string      // the first text/html part, decoded; "" without
	Bad     error       // why the mail cannot be parsed wholly; nil if it can
}

// NewMail is a mail server that listens on a free port of 127.0.0.1 until
// Close.
func NewMail(opts MailOptions) (*Mail, error) {
	m := &Mail{opts: opts, served: make(chan struct{})}
	s := smtp.NewServer(smtp.BackendFunc(m.session))
	s.Domain = "mail.example"
	s.MaxMessageBytes = 32 << 20
	s.AllowInsecureAuth = opts.TLS == PlainText
	s.ErrorLog = log.New(io.Discard, "", 0) // clients that go away are what it is for
	if opts.TLS != PlainText {
		cert, err := selfMade()
		if err != nil {
			return nil, err
		}
		m.cert = cert
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if opts.TLS == Implicit {
		l = tls.NewListener(l, s.TLSConfig)
	}
	m.listens, m.server = l, s
	go func() {
		defer close(m.served)
		_ = s.Serve(l) // returns when Close closes it
	}()
	return m, nil
}

// URL is where the server is, as smtp://127.0.0.1:port or smtps://…, with the
// user that must sign in: smtp://user@….
func (m *Mail) URL() string {
	user := ""
	if m.opts.User != "" {
		user = m.opts.User + "@"
	}
	if m.opts.TLS == Implicit {
		return "smtps://" + user + m.Address()
	}
	return "smtp://" + user + m.Address()
}

// Address is where the server listens, "127.0.0.1:port".
func (m *Mail) Address() string { return m.listens.Addr().String() }

// CertPool holds the certificate that the server shows, which it has made
// itself for 127.0.0.1 and localhost; nil without TLS.
func (m *Mail) CertPool() *x509.CertPool {
	if m.opts.TLS == PlainText {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AddCert(m.cert.Leaf)
	return pool
}

// Messages are the mails taken so far, in the order in which they were.
func (m *Mail) Messages() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// Forget forgets the mails taken so far.
func (m *Mail) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = nil
}

// Close stops listening, cuts all connections and ends all faults. Closing
// twice does nothing.
func (m *Mail) Close() error {
	var err error
	m.closing.Do(func() {
		m.ClearFaults()
		err = m.server.Close()
		// The library knows a listener only once it serves, which may be later.
		if closed := m.listens.Close(); !errors.Is(closed, net.ErrClosed) {
			err = errors.Join(err, closed)
		}
		<-m.served
	})
	return err
}

func (m *Mail) session(c *smtp.Conn) (smtp.Session, error) {
	s := &mailSession{mail: m, conn: c}
	if err := s.meets(AtHello, ""); err != nil {
		return nil, err
	}
	if m.opts.User == "" {
		return s, nil
	}
	return &signingSession{s}, nil
}

// mailSession is one connection's talk. It runs in that connection's goroutine
// alone.
type mailSession struct {
	mail *Mail
	conn *smtp.Conn
	user string
	from string
	to   []string
}

func (s *mailSession) Reset() { s.from, s.to = "", nil }

func (s *mailSession) Logout() error { return nil }

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.mail.opts.User != "" && s.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"} // RFC 4954, section 6
	}
	if err := s.meets(AtMail, from); err != nil {
		return err
	}
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.meets(AtRcpt, to); err != nil {
		return err
	}
	s.to = append(s.to, to)
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, sealed := s.conn.TLSConnectionState()
	l := parseLetter(raw)
	l.From, l.To, l.User, l.Sealed = s.from, slices.Clone(s.to), s.user, sealed
	fault := s.mail.takeFault(AtData, "")
	if fault == nil || fault.Taken {
		s.mail.keep(l)
	}
	return s.suffer(fault)
}

func (m *Mail) keep(l Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, l)
}

// signingSession is one in which the client has to sign in.
type signingSession struct{ *mailSession }

func (s *signingSession) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

func (s *signingSession) Auth(mechanism string) (sasl.Server, error) {
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return s.signIn(user, password) }), nil
	case sasl.Login:
		return &loginServer{done: s.signIn}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (s *signingSession) signIn(user, password string) error {
	if err := s.meets(AtAuth, user); err != nil {
		return err
	}
	if user != s.mail.opts.User || password != s.mail.opts.Password {
		return smtp.ErrAuthFailed
	}
	s.user = user
	return nil
}

// loginServer is the server's side of LOGIN (draft-murchison-sasl-login),
// which the library lacks: it asks for the user, then for the password.
type loginServer struct {
	done  func(user, password string) error
	asked int
	user  string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.asked == 0 && response == nil {
		l.asked = 1
		return []byte("Username:"), false, nil
	}
	if l.asked < 2 {
		l.asked, l.user = 2, string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.done(l.user, string(response))
}

// MailStep is a point of the talk at which something can go wrong.
type MailStep string

const (
	AtHello MailStep = "hello" // EHLO or HELO; a client that is refused the one tries the other
	AtAuth  MailStep = "auth"
	AtMail  MailStep = "mail" // MAIL FROM
	AtRcpt  MailStep = "rcpt" // RCPT TO
	AtData  MailStep = "data" // the end of the text
)

// MailFault is something that goes wrong at a step: a refusal by default, with
// Cut or Hang something worse.
type MailFault struct {
	At    MailStep
	For   string // only where this is in the address (in the user's name at AtAuth); "" for all
	Code  int    // the reply: 451 if 0
	Cut   bool   // the connection is cut instead of a reply
	Hang  bool   // no reply until the fault is removed or the server closed, then a cut
	Taken bool   // of AtData: the mail is kept all the same
	After int    // fitting steps that pass first
	Count int    // steps that are hit at most; 0 is without end
	Do    func() // runs when a step is hit, before all else but keeping; may call the Mail's methods
}

type activeMailFault struct {
	MailFault
	fitted, hits int
	removed      chan struct{}
}

// AddFault switches a fault on until remove is called; of several the one added
// first wins. remove may be called more than once.
func (m *Mail) AddFault(f MailFault) (remove func()) {
	a := &activeMailFault{MailFault: f, removed: make(chan struct{})}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, a)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if i := slices.Index(m.faults, a); i >= 0 {
			m.faults = slices.Delete(m.faults, i, i+1)
			close(a.removed)
		}
	}
}

// ClearFaults switches all faults off.
func (m *Mail) ClearFaults() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.faults {
		close(a.removed)
	}
	m.faults = nil
}

// takeFault finds the fault that a step meets, and counts it; nil without.
func (m *Mail) takeFault(at MailStep, about string) *activeMailFault {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.faults {
		if a.At != at || !strings.Contains(about, a.For) || a.Count > 0 && a.hits >= a.Count {
			continue
		}
		if a.fitted++; a.fitted > a.After {
			a.hits++
			return a
		}
	}
	return nil
}

func (s *mailSession) meets(at MailStep, about string) error {
	return s.suffer(s.mail.takeFault(at, about))
}

// suffer does what a fault says; nil is none.
func (s *mailSession) suffer(f *activeMailFault) error {
	if f == nil {
		return nil
	}
	if f.Do != nil {
		f.Do()
	}
	if f.Hang {
		<-f.removed
	}
	if f.Cut || f.Hang {
		// What the library then wants to reply goes nowhere.
		_ = s.conn.Conn().Close()
		return errors.New("cut")
	}
	code := f.Code
	if code == 0 {
		code = 451
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "Not now, says the test"}
}
