package watchlist

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strings"
)

// Key makes fingerprints that nobody without it can make or try names against.
// It prints as nothing. The zero Key is no key: using it panics.
type Key struct {
	// A function, so that nothing that prints what holds a Key prints the secret.
	mac func() hash.Hash
}

const keySize = 32

func newKey(secret []byte) Key {
	return Key{func() hash.Hash { return hmac.New(sha256.New, secret) }}
}

// Format prints no part of the key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { io.WriteString(f, "watchlist.Key(not shown)") }

// MarshalText keeps the key out of JSON and logs.
func (k Key) MarshalText() ([]byte, error) { return []byte("watchlist.Key(not shown)"), nil }

var errKey = errors.New("not a key: a key is 32 bytes written as 64 hexadecimal digits")

// ParseKey reads 64 hexadecimal digits; white space around them is ignored. The
// error does not quote s.
func ParseKey(s string) (Key, error) {
	s = strings.TrimSpace(s)
	if len(s) != 2*keySize {
		return Key{}, errKey
	}
	secret, err := hex.DecodeString(s)
	if err != nil {
		return Key{}, errKey
	}
	return newKey(secret), nil
}

// LoadKey reads a key file. The error wraps fs.ErrNotExist where there is none.
func LoadKey(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return Key{}, fmt.Errorf("reading the fingerprint key: %w", err)
	}
	defer f.Close() // it was only read
	b, err := io.ReadAll(io.LimitReader(f, 1<<10))
	if err != nil {
		return Key{}, fmt.Errorf("reading the fingerprint key: %w", err)
	}
	k, err := ParseKey(string(b))
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// CreateKey makes a new key and its file, which only its owner may read. A file
// that is there already stays as it is: the error wraps fs.ErrExist.
func CreateKey(path string) (Key, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Key{}, fmt.Errorf("making the fingerprint key: %w", err)
	}
	secret := make([]byte, keySize)
	rand.Read(secret) // crypto/rand.Read never fails
	_, err = fmt.Fprintln(f, hex.EncodeToString(secret))
	// On disk before anything is fingerprinted with it: a lost key makes everybody
	// on the list look edited.
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return Key{}, errors.Join(fmt.Errorf("making the fingerprint key: %w", err), os.Remove(path))
	}
	return newKey(secret), nil
}

// Each use of the key has a label of its own, so that no digest of one kind can
// pass for another. The number counts changes of what is digested.
const (
	labelEntry    = "tocsin watchlist entry 1"
	labelRevision = "tocsin watchlist revision 1"
	labelContent  = "tocsin watchlist content 1"
	labelDerived  = "tocsin derived secret 1"
)

// digest writes fields, each behind its length, so that no two different
// sequences of fields are the same bytes.
type digest struct{ mac hash.Hash }

func (k Key) digest(label string) digest {
	if k.mac == nil {
		panic("watchlist: the zero Key makes no fingerprints")
	}
	d := digest{k.mac()}
	d.field(label)
	return d
}

func (d digest) number(n int) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	d.mac.Write(b[:])
}

func (d digest) field(s string) {
	d.number(len(s))
	io.WriteString(d.mac, s)
}

func (d digest) list(items []string) {
	d.number(len(items))
	for _, s := range items {
		d.field(s)
	}
}

func (d digest) sum() string { return hex.EncodeToString(d.mac.Sum(nil)) }

// Fingerprint stands for all that a match can rest on: id, names in their order
// (reasons count them), birth date, nationalities in any order, and sex. Two
// entries differ in one of these exactly if their fingerprints differ. Codename,
// tags and note are left out: an edit of them changes what is told to whom, not
// who is found, and needs no new screening. 64 hexadecimal digits.
func (p Person) Fingerprint(k Key) string {
	d := k.digest(labelEntry)
	d.field(p.ID)
	d.field(p.Name)
	d.list(p.Aliases)
	d.field(p.BirthDate.String())
	nationalities := slices.Clone(p.Nationalities)
	slices.Sort(nationalities)
	d.list(slices.Compact(nationalities))
	d.field(p.Sex)
	return d.sum()
}

// Revision stands for the whole list: the fingerprints of its people, in any
// order. 64 hexadecimal digits.
func (l *List) Revision(k Key) string {
	prints := make([]string, len(l.People))
	for i, p := range l.People {
		prints[i] = p.Fingerprint(k)
	}
	slices.Sort(prints)
	d := k.digest(labelRevision)
	d.list(prints)
	return d.sum()
}

// Derive makes another secret out of the key, 32 bytes that say nothing of it.
// What it is for tells one from another.
func (k Key) Derive(what string) []byte {
	d := k.digest(labelDerived)
	d.field(what)
	return d.mac.Sum(nil)
}

// content is the SHA-256 of a file's bytes. It is unkeyed and never leaves the
// package.
type content [sha256.Size]byte

func (c content) digest(k Key) string {
	d := k.digest(labelContent)
	d.field(string(c[:]))
	return d.sum()
}

// ContentDigest stands for exactly these bytes of a watchlist file, the same in
// every process that has the key: what an operator accepts is that content and
// no other (see File.Accept).
func (k Key) ContentDigest(data []byte) string { return content(sha256.Sum256(data)).digest(k) }

// ContentDigest is Key.ContentDigest of the file that the list was parsed from,
// "" for a list made otherwise.
func (l *List) ContentDigest(k Key) string {
	if l.content == (content{}) {
		return ""
	}
	return l.content.digest(k)
}
