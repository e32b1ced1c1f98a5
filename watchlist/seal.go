package watchlist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// sealedExt ends the name of a file that is sealed with age.
const sealedExt = ".age"

// SealedName reports whether path is called like a sealed file.
func SealedName(path string) bool { return strings.EqualFold(filepath.Ext(path), sealedExt) }

// plainName is path without the ending of a sealed file: what tells its format.
func plainName(path string) string {
	if SealedName(path) {
		return path[:len(path)-len(sealedExt)]
	}
	return path
}

// The beginnings of files of age, binary and as text (age-encryption.org/v1).
const (
	sealedMagic  = "age-encryption.org/"
	armoredMagic = "-----BEGIN AGE"
)

func sealed(data []byte) bool  { return bytes.HasPrefix(data, []byte(sealedMagic)) || armored(data) }
func armored(data []byte) bool { return bytes.HasPrefix(data, []byte(armoredMagic)) }

// identity opens sealed files and seals them again. It is never printed.
type identity struct {
	opens []age.Identity
	seals []age.Recipient
}

// maxIdentity bounds an identity file, in bytes.
const maxIdentity = 64 << 10

// loadIdentity reads an identity file: the lines of age-keygen. Errors do not
// quote it.
func loadIdentity(path string) (identity, error) {
	var id identity
	wrong := func(message string, cause error) (identity, error) {
		return identity{}, &Errors{Problems: []Problem{{File: path, Message: message}}, cause: cause}
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return wrong("there is no such file, and the sealed watchlist is opened with it: bring it back from where it is kept", err)
	case err != nil:
		return wrong("the identity file cannot be read: "+reason(err), err)
	}
	defer f.Close() // it was only read
	const none = "no age identity: it holds lines that begin with AGE-SECRET-KEY-, as 'tocsin watchlist seal' and age-keygen make them"
	ids, err := age.ParseIdentities(io.LimitReader(f, maxIdentity))
	if err != nil {
		return wrong(none, nil) // age's own error may quote the line
	}
	for _, i := range ids {
		switch i := i.(type) {
		case *age.X25519Identity:
			id.seals = append(id.seals, i.Recipient())
		case *age.HybridIdentity:
			id.seals = append(id.seals, i.Recipient())
		default:
			continue
		}
		id.opens = append(id.opens, i)
	}
	if len(id.opens) == 0 {
		return wrong(none, nil)
	}
	// The first alone seals: age does not mix kinds, and a second line is mostly an
	// older identity that is to open old files.
	id.seals = id.seals[:1]
	return id, nil
}

// CreateIdentity makes a new identity and its file, which only its owner may
// read. A file that is there already stays as it is: the error wraps fs.ErrExist.
func CreateIdentity(path string) error {
	i, err := age.GenerateX25519Identity()
	if err != nil {
		return fmt.Errorf("making the identity: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("making the identity file: %w", err)
	}
	_, err = fmt.Fprintf(f, "# opens Tocsin's watchlist; made %s\n# public key: %s\n%s\n", time.Now().UTC().Format(time.RFC3339), i.Recipient(), i)
	// On disk before anything is sealed with it.
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("making the identity file: %w", err), os.Remove(path))
	}
	return nil
}

// unseal gives what a sealed file holds; name is what messages call it.
func (o Options) unseal(name string, data []byte) ([]byte, error) {
	wrong := func(message string) ([]byte, error) {
		return nil, &Errors{Problems: []Problem{{File: name, Line: 1, Message: message}}}
	}
	if o.IdentityFile == "" {
		return wrong("sealed with age: name the identity file that opens it in tocsin.yaml, as watchlist_identity_file")
	}
	id, err := loadIdentity(o.IdentityFile)
	if err != nil {
		return nil, err
	}
	var src io.Reader = bytes.NewReader(data)
	if armored(data) {
		src = armor.NewReader(src)
	}
	const damaged = "sealed with age, and damaged or cut short: bring it back from a backup"
	r, err := age.Decrypt(src, id.opens...)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return wrong(fmt.Sprintf("sealed with age, but not for the identity in %s: bring back the identity it was sealed with", o.IdentityFile))
	case err != nil:
		return wrong(damaged)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return wrong(damaged)
	case len(plain) > maxFile:
		return nil, tooLarge(name)
	}
	return plain, nil
}

// seal is the other way round; as text if armored.
func (o Options) seal(plain []byte, armored bool) ([]byte, error) {
	if o.IdentityFile == "" {
		return nil, errors.New("no identity file is named: write watchlist_identity_file into tocsin.yaml")
	}
	id, err := loadIdentity(o.IdentityFile)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	var to io.Writer = &out
	var text io.WriteCloser
	if armored {
		text = armor.NewWriter(&out)
		to = text
	}
	w, err := age.Encrypt(to, id.seals...)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil && text != nil {
		err = text.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("sealing the watchlist: %w", err)
	}
	return out.Bytes(), nil
}

// standIn is the file that is read for path: path itself or, where there is
// none, the same list sealed or unsealed since, so that the watch goes on until
// somebody has changed the configuration.
func standIn(path string) string {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return path
	}
	other := path + sealedExt
	if SealedName(path) {
		other = plainName(path)
	}
	if _, err := os.Stat(other); err == nil {
		return other
	}
	return path
}

// Seal encrypts the file at path into path + ".age" with the identity and takes
// the plain file away. It gives the name of the new file. A sealed file that is
// there already stays, with an error that wraps fs.ErrExist.
func Seal(path string, o Options) (string, error) {
	to := path + sealedExt
	data, info, err := read(path)
	if err != nil {
		return "", err
	}
	if sealed(data) {
		return "", &Errors{Problems: []Problem{{File: path, Message: "sealed already"}}}
	}
	if _, _, err := parse(path, data, Options{}); err != nil {
		return "", err // what cannot be read now could not be mended later
	}
	out, err := o.seal(data, false)
	if err != nil {
		return "", err
	}
	// Not a byte is given away before it is known that it can be had back.
	if back, err := o.unseal(to, out); err != nil || !bytes.Equal(back, data) {
		return "", errors.Join(errors.New("sealing the watchlist: what was sealed does not open again: nothing was written"), err)
	}
	return to, exchange(path, to, out, data, info)
}

// Unseal is the other way round: the plain file is for its owner alone.
func Unseal(path string, o Options) (string, error) {
	if !SealedName(path) {
		return "", &Errors{Problems: []Problem{{File: path, Message: "not called .age: there is nothing to unseal"}}}
	}
	to := plainName(path)
	data, info, err := read(path)
	if err != nil {
		return "", err
	}
	plain, err := o.unseal(path, data)
	if err != nil {
		return "", err
	}
	return to, exchange(path, to, plain, data, info)
}

// exchange writes data to a new file and takes the old one away, if it still
// holds what was read.
func exchange(old, path string, data, was []byte, info fs.FileInfo) error {
	unlock, err := lock(old)
	if err != nil {
		return err
	}
	defer unlock()
	now, _, err := read(old)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, was) {
		return &Errors{Problems: []Problem{{File: old, Message: "changed meanwhile: try again"}}, cause: errMeanwhile}
	}
	if _, err := os.Lstat(path); err == nil {
		return &Errors{Problems: []Problem{{File: path, Message: "there is such a file already: move it away first"}}, cause: fs.ErrExist}
	}
	if err := replace(path, data, info, 0o600); err != nil {
		return err
	}
	if err := os.Remove(old); err != nil {
		return fmt.Errorf("%s is written, but the old file is still there: %w", path, err)
	}
	return syncDir(filepath.Dir(old))
}
