package notifier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	gomail "github.com/wneessen/go-mail"
)

const (
	keyFileMax  = 1 << 20 // a public key with many signatures is some dozens of KiB
	keySoonOver = 30 * 24 * time.Hour
)

// sealer encrypts mail to its readers' OpenPGP keys as PGP/MIME (RFC 3156). The
// subject goes in under the seal as well, as a protected header, which readers'
// programs show in place of the neutral one outside.
type sealer struct {
	keys []*openpgp.Entity
	file map[*openpgp.Entity]string // where each came from, for what is said about it
}

// newSealer reads public keys, armored or not. Every one must be able to encrypt
// now: mail that one reader cannot open would be found out too late.
func newSealer(files []string, now time.Time) (*sealer, error) {
	s := &sealer{file: map[*openpgp.Entity]string{}}
	for _, path := range files {
		name := filepath.Base(path)
		keys, err := readKeys(path)
		if err != nil {
			return nil, fmt.Errorf("pgp_keys: %s: %w", name, err)
		}
		for _, k := range keys {
			if k.PrivateKey != nil {
				return nil, fmt.Errorf("pgp_keys: %s: this is a private key: remove it from this machine, and write the public one (gpg --armor --export)", name)
			}
			s.keys, s.file[k] = append(s.keys, k), name
		}
	}
	if err := s.valid(now); err != nil {
		return nil, err
	}
	return s, nil
}

func readKeys(path string) (openpgp.EntityList, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.New("it cannot be read")
	}
	defer f.Close() // it was only read
	b, err := io.ReadAll(io.LimitReader(f, keyFileMax+1))
	switch {
	case err != nil:
		return nil, errors.New("it cannot be read")
	case len(b) > keyFileMax:
		return nil, errors.New("it is longer than a public key: over 1 MiB")
	}
	read := openpgp.ReadKeyRing
	if bytes.Contains(b, []byte("-----BEGIN PGP")) {
		read = openpgp.ReadArmoredKeyRing
	}
	keys, err := read(bytes.NewReader(b))
	if err != nil || len(keys) == 0 {
		return nil, errors.New("there is no OpenPGP public key in it: write one with gpg --armor --export READER")
	}
	return keys, nil
}

// valid reports the first key that nothing can be encrypted to at a time.
func (s *sealer) valid(now time.Time) error {
	for _, k := range s.keys {
		if _, ok := k.EncryptionKey(now); !ok {
			return fmt.Errorf("pgp_keys: %s: the key has expired, was revoked or cannot encrypt: ask its owner for a new one", s.file[k])
		}
	}
	return nil
}

// warnings say which keys end soon and which readers have none under their
// address.
func (s *sealer) warnings(to []string, now time.Time) []string {
	var out []string
	known := map[string]bool{}
	for _, k := range s.keys {
		for _, id := range k.Identities {
			known[strings.ToLower(id.UserId.Email)] = true
		}
		if _, ok := k.EncryptionKey(now.Add(keySoonOver)); !ok {
			out = append(out, fmt.Sprintf("pgp_keys: %s: the key ends within 30 days: nothing goes out to it then. Ask its owner for a new one", s.file[k]))
		}
	}
	for i, reader := range to {
		if a, err := mail.ParseAddress(reader); err == nil && !known[strings.ToLower(a.Address)] {
			out = append(out, fmt.Sprintf("pgp_keys: no key names the address of reader %d of to: make sure that one of the keys is theirs", i+1))
		}
	}
	return out
}

// seal takes a mail's content, as part of msg it is all that is not encrypted.
func (s *sealer) seal(msg *gomail.Msg, content *gomail.Msg, subject string, now time.Time) error {
	if err := s.valid(now); err != nil {
		return err
	}
	inner, err := entity(content, subject)
	if err != nil {
		return err
	}
	var sealed bytes.Buffer
	a, err := armor.Encode(&sealed, "PGP MESSAGE", nil)
	if err != nil {
		return err
	}
	w, err := openpgp.Encrypt(a, s.keys, nil, &openpgp.FileHints{IsBinary: true},
		&packet.Config{DefaultCipher: packet.CipherAES256, Time: func() time.Time { return now }})
	if err != nil {
		return err
	}
	if _, err := w.Write(inner); err != nil {
		return err
	}
	if err := errors.Join(w.Close(), a.Close()); err != nil {
		return err
	}
	// go-mail's own SetPGPType (v0.8.1) leaves the multipart without its end.
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, p := range []struct{ kind, text string }{
		{"application/pgp-encrypted", "Version: 1"}, {"application/octet-stream", strings.ReplaceAll(sealed.String(), "\n", "\r\n")},
	} {
		part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {p.kind}})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(part, p.text+"\r\n"); err != nil {
			return err
		}
	}
	if err := parts.Close(); err != nil {
		return err
	}
	kind := fmt.Sprintf("multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=%q", parts.Boundary())
	msg.SetBodyString(gomail.ContentType(kind), body.String(), gomail.WithPartEncoding(gomail.NoEncoding))
	return nil
}

// entity is the content alone as a MIME entity, with its subject as a protected
// header (draft-autocrypt-lamps-protected-headers-02).
func entity(content *gomail.Msg, subject string) ([]byte, error) {
	var whole bytes.Buffer
	if _, err := content.WriteTo(&whole); err != nil {
		return nil, err
	}
	m, err := mail.ReadMessage(&whole)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "Content-Type: %s; protected-headers=\"v1\"\r\n", m.Header.Get("Content-Type"))
	if coding := m.Header.Get("Content-Transfer-Encoding"); coding != "" {
		fmt.Fprintf(&out, "Content-Transfer-Encoding: %s\r\n", coding)
	}
	fmt.Fprintf(&out, "Subject: %s\r\n\r\n", strings.ReplaceAll(mime.QEncoding.Encode("utf-8", subject), "?= =?", "?=\r\n =?"))
	if _, err := io.Copy(&out, m.Body); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
