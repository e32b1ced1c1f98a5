package notifier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"syscall"

	gomail "github.com/wneessen/go-mail"
)

// dialError says why no mail could be handed over, and what to do: nothing was
// sent, whatever went wrong. It quotes nothing of what the server said, which
// may name whom we write to.
func (e *Email) dialError(err error) error {
	if code := smtpCode(err); code != 0 {
		return e.answered(code, "refuses us", "is not ready")
	}
	why, do := e.unreached(err)
	return &Error{Outcome: Temporary, Why: why, Do: do}
}

// sendError tells a refusal from an answer that never came. After the text was
// handed over, only a code says that it was not taken.
func (e *Email) sendError(err error) error {
	var s *gomail.SendError
	if !errors.As(err, &s) {
		return &Error{Outcome: Unknown, Why: "the mail server's answer is not clear"}
	}
	switch code := s.ErrorCode(); {
	case code >= 400:
		out := e.answered(code, "does not take the mail", "does not take the mail yet")
		if out.Do == "" && out.Outcome == Permanent {
			out.Do = map[gomail.SendErrReason]string{
				gomail.ErrSMTPMailFrom: "It does not let us send as from: write an address there that this account may send as.",
				gomail.ErrSMTPRcptTo:   "It does not take mail for to, or passes none on for us (relaying): look for a mistyped address in to; sign in (smtp://USER@…, with password_file); use the server of from's own provider.",
			}[s.Reason]
		}
		return out
	case s.Reason == gomail.ErrSMTPDataClose || s.Reason == gomail.ErrWriteContent:
		return &Error{Outcome: Unknown, Why: "the connection to the mail server was cut before it answered"}
	}
	return &Error{Outcome: Temporary, Why: "the connection to the mail server was cut before the mail was handed over"}
}

// answered is a refusal by its code (RFC 5321, 4.2; RFC 4954, 4 and 6; RFC 3207, 4).
func (e *Email) answered(code int, never, notYet string) *Error {
	out := &Error{Outcome: Temporary, Why: fmt.Sprintf("the mail server %s (%d)", notYet, code)}
	if code >= 500 {
		out = &Error{Outcome: Permanent, Why: fmt.Sprintf("the mail server %s (%d)", never, code)}
	}
	switch code {
	case 534, 535:
		out.Why = fmt.Sprintf("the mail server does not accept the user or the password (%d)", code)
		out.Do = "Check the user in smtp (smtp://USER@…; an @ in it is written %40) and the file of password_file. Many providers want a password made for programs (an app password) in place of the account's own."
	case 530:
		out.Do = "It wants us to sign in, or TLS first: write smtp://USER@… with password_file, and leave ?starttls=no out."
	case 538:
		out.Do = "It lets nobody sign in without TLS: leave ?starttls=no out."
	}
	return out
}

// unreached says why a server could not be talked to, and what to do.
func (e *Email) unreached(err error) (why, do string) {
	var (
		dns     *net.DNSError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		slow    net.Error
	)
	text := err.Error()
	switch {
	case errors.As(err, &dns):
		return "the mail server's name is not found", "Check the host in smtp, and the machine's DNS (in a container: the container's)."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at the mail server's port", "Check the port in smtp: 587 for smtp:// (STARTTLS), 465 for smtps://. In a container, localhost is the container itself."
	case errors.As(err, &unknown):
		return "the mail server's certificate is not signed by an authority that this machine knows", "If it is your own authority, add its certificate to the machine's (in Docker: mount a bundle over /etc/ssl/certs/ca-certificates.crt). If not, somebody may be in between: do not switch TLS off."
	case errors.As(err, &name):
		return "the mail server's certificate is for another name", "Write the host in smtp as the certificate has it, not an address or an alias."
	case errors.As(err, &invalid):
		return "the mail server's certificate is not valid now", "Check this machine's clock; if that is right, the server's certificate has expired."
	case errors.As(err, &cert):
		return "the mail server's certificate cannot be verified", "Check the host in smtp, the machine's clock and its list of authorities."
	case errors.As(err, &record):
		return "the mail server does not begin with TLS at that port", "Write smtp:// with port 587, or smtps:// with port 465."
	case strings.Contains(text, "STARTTLS"):
		return "the mail server offers no STARTTLS", "Write smtps:// with port 465; or ?starttls=no, if the way there is safe: names would be readable on it."
	case strings.Contains(text, "AUTH"), strings.Contains(text, "auth"):
		return "the mail server offers no way to sign in that we can use", "Write port 587 or 465, where servers offer it: port 25 is for mail between servers. If it takes mail without, leave the user out of smtp."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return "the mail server does not answer in time", "Check host and port in smtp, and the firewall: many networks let no mail out at port 25. A server that begins with TLS (465) says nothing to smtp://: write smtps://."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "the mail server hangs up without a greeting", "Check the port in smtp: 465 wants smtps://. Or it does not let this machine's address in."
	case errors.As(err, new(textproto.ProtocolError)):
		return "what answers there is no mail server", "Check host and port in smtp: 587 for smtp:// (STARTTLS), 465 for smtps://."
	}
	return "the mail server cannot be reached", "Check host and port in smtp, the machine's network and its firewall."
}

// smtpCode finds the reply code that an error of the SMTP client carries.
func smtpCode(err error) int {
	var coded interface{ ErrorCode() int }
	if errors.As(err, &coded) {
		return coded.ErrorCode()
	}
	var said *textproto.Error
	if errors.As(err, &said) {
		return said.Code
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if text := e.Error(); len(text) > 4 && (text[3] == ' ' || text[3] == '-') {
			if n, err := strconv.Atoi(text[:3]); err == nil && n >= 400 && n < 600 {
				return n
			}
		}
	}
	return 0
}
