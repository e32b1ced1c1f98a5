package notifier

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"tocsin/sim"
)

// reader makes a key pair for an address that is good for a while, and writes
// the public half to a file.
func reader(t *testing.T, address string, good time.Duration) (*openpgp.Entity, string) {
	t.Helper()
	c := &packet.Config{Time: func() time.Time { return at("2026-01-01 00:00") }, KeyLifetimeSecs: uint32(good / time.Second), Algorithm: packet.PubKeyAlgoEdDSA}
	k, err := openpgp.NewEntity("A reader", "", address, c)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := armor.Encode(&b, openpgp.PublicKeyType, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(k.Serialize(w), w.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), address+".asc")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return k, path
}

// sealedPost is a mail server, a notifier that seals its mail to two readers, and
// their keys.
func sealedPost(t *testing.T, d Detail, now *time.Time) (*sim.Mail, *Email, openpgp.EntityList) {
	t.Helper()
	s, err := sim.NewMail(sim.MailOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	a, fileA := reader(t, "a@example.org", 365*24*time.Hour)
	b, fileB := reader(t, "b@example.org", 0)
	e, err := NewEmail(EmailOptions{
		ID: "lawyers", SMTP: u, From: "Watch <watch@example.org>", To: []string{"a@example.org", "B@example.org"}, Detail: d, PGPKeys: []string{fileA, fileB},
		Now: func() time.Time { return *now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, e, openpgp.EntityList{a, b}
}

// opened is what a reader finds under the seal: the parts' words and the subject.
func opened(t *testing.T, raw []byte, k *openpgp.Entity) (text, subject string) {
	t.Helper()
	_, coded, ok := strings.Cut(string(raw), "-----BEGIN PGP MESSAGE-----")
	if !ok {
		t.Fatalf("not sealed:\n%s", raw)
	}
	block, err := armor.Decode(strings.NewReader("-----BEGIN PGP MESSAGE-----" + coded))
	if err != nil {
		t.Fatal(err)
	}
	md, err := openpgp.ReadMessage(block.Body, openpgp.EntityList{k}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(md.UnverifiedBody)
	if err != nil {
		t.Fatal(err)
	}
	return entityOf(t, b)
}

func entityOf(t *testing.T, b []byte) (text, subject string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	kind, p, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" || p["protected-headers"] != "v1" || p["boundary"] == "" {
		t.Fatalf("under the seal is %q (%v)", m.Header.Get("Content-Type"), err)
	}
	if subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), subject
}

func TestSealedMailIsReadByItsReadersAlone(t *testing.T) {
	now := at("2026-05-04 08:00")
	s, e, keys := sealedPost(t, Full, &now)
	l := send(t, s, e, redacted(Full, story()["appeared"]))
	if kind := l.Header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/encrypted") || !strings.Contains(kind, `protocol="application/pgp-encrypted"`) {
		t.Errorf("the mail is %q", kind)
	}
	// Chance may write any word of a few letters into the boundary and the sealed part's Base64, but hardly into its bytes.
	head, rest, _ := strings.Cut(string(l.Raw), "-----BEGIN PGP MESSAGE-----")
	_, tail, ended := strings.Cut(rest, "-----END PGP MESSAGE-----")
	block, err := armor.Decode(strings.NewReader(string(l.Raw)[len(head):]))
	if err != nil || !ended {
		t.Fatal(ended, err)
	}
	sealed, err := io.ReadAll(block.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(l.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		t.Fatal(params, err)
	}
	outside := strings.ToLower(strings.ReplaceAll(head+tail, params["boundary"], "") + string(sealed))
	for _, w := range append(secrets[Codename], "mira", "varden") {
		if strings.Contains(outside, w) {
			t.Errorf("outside the seal stands %q:\n%s", w, l.Raw)
		}
	}
	if l.Subject != "Report, 4 May 08:00 UTC" {
		t.Errorf("the subject outside: %q", l.Subject)
	}
	for _, k := range keys {
		text, subject := opened(t, l.Raw, k)
		if !strings.Contains(text, "VARDEN") || !strings.Contains(text, "text/html") || !strings.Contains(subject, "Mira") {
			t.Errorf("under the seal: %q\n%s", subject, text)
		}
	}
}

func TestGnuPGOpensSealedMail(t *testing.T) {
	gpg, err := exec.LookPath("gpg")
	if err != nil {
		t.Skip("no gpg here: apt install gnupg")
	}
	now := at("2026-05-04 08:00")
	s, e, keys := sealedPost(t, Full, &now)
	l := send(t, s, e, redacted(Full, story()["appeared"]))
	home := t.TempDir()
	var private bytes.Buffer
	if err := keys[1].SerializePrivate(&private, nil); err != nil {
		t.Fatal(err)
	}
	run := func(in []byte, args ...string) []byte {
		var out, said bytes.Buffer
		c := exec.CommandContext(t.Context(), gpg, append([]string{"--homedir", home, "--batch", "--quiet", "--trust-model", "always"}, args...)...)
		c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(in), &out, &said
		if err := c.Run(); err != nil {
			t.Fatalf("gpg %v: %v\n%s", args, err, said.String())
		}
		return out.Bytes()
	}
	t.Cleanup(func() { _ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run() }) // it ends with its folder anyhow
	run(private.Bytes(), "--import")
	_, coded, _ := strings.Cut(string(l.Raw), "-----BEGIN PGP MESSAGE-----")
	text, subject := entityOf(t, run([]byte("-----BEGIN PGP MESSAGE-----"+coded), "--decrypt"))
	if !strings.Contains(text, "VARDEN") || !strings.Contains(subject, "Mira") {
		t.Errorf("gpg reads %q\n%s", subject, text)
	}
}

func TestMailIsNeverSentOpenWhereAKeyHasEnded(t *testing.T) {
	now := at("2026-05-04 08:00")
	s, e, _ := sealedPost(t, Full, &now)
	if w := e.Warnings(); len(w) != 0 {
		t.Errorf("warned of %q", w)
	}
	now = at("2026-12-20 08:00")
	if w := e.Warnings(); len(w) != 1 || !strings.Contains(w[0], "a@example.org.asc: the key ends within 30 days") {
		t.Errorf("warned of %q", w)
	}
	now = at("2027-02-01 08:00")
	_, err := e.Send(t.Context(), redacted(Full, story()["appeared"]))
	var failed *Error
	if !errors.As(err, &failed) || failed.Outcome != Permanent || !strings.Contains(failed.Why, "has expired") {
		t.Errorf("%v", err)
	}
	if n := len(s.Messages()); n != 0 {
		t.Errorf("%d mails went out", n)
	}
}

func TestKeysThatCannotSealAreRefused(t *testing.T) {
	k, public := reader(t, "a@example.org", 24*time.Hour)
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var private bytes.Buffer
	if err := k.SerializePrivate(&private, nil); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		public: "has expired", write("own.gpg", private.Bytes()): "private key", write("empty.asc", nil): "no OpenPGP public key",
		write("cut.asc", []byte("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME")): "no OpenPGP public key",
		write("long.asc", make([]byte, keyFileMax+1)):                            "over 1 MiB", dir: "cannot be read", filepath.Join(dir, "none"): "cannot be read",
	} {
		if _, err := newSealer([]string{path}, at("2026-05-04 08:00")); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s: %v, want %q", filepath.Base(path), err, want)
		}
	}
}

func TestAReaderWithoutAKeyIsSaid(t *testing.T) {
	now := at("2026-05-04 08:00")
	_, e, _ := sealedPost(t, Full, &now)
	e.o.To = append(e.o.To, "c@example.org")
	if w := e.Warnings(); len(w) != 1 || !strings.Contains(w[0], "reader 3") || strings.Contains(w[0], "c@example.org") {
		t.Errorf("warned of %q", w)
	}
}

func FuzzKeys(f *testing.F) {
	f.Add([]byte("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEaZ=\n-----END PGP PUBLIC KEY BLOCK-----\n"))
	f.Add([]byte{0x99, 0x01, 0x0d, 0x04})
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := newSealer([]string{path}, at("2026-05-04 08:00")); err == nil && len(s.keys) == 0 {
			t.Error("no key, and no error")
		}
	})
}
