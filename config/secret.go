package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// secretAdvice says what to do about a file of a secret that cannot be read.
func secretAdvice(err error, what string) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("what is in it may be right: give it to the user that Tocsin runs as (chown %d and chmod 600; its folders need x for that user)", os.Getuid())
	case errors.Is(err, errNotPlain):
		return "name the file itself (Docker makes a folder in place of a mounted file that was not there: remove it, write the file, and make the container anew)"
	}
	return "write " + what + " into it, for its owner alone (chmod 600)"
}

const shownSecret = "[secret]"

// Secret is a value that must not be shown. However it is printed, logged or
// marshalled it says "[secret]"; only Reveal gives it away. The zero Secret is
// one that was not configured.
type Secret struct{ value string }

// NewSecret makes a Secret of a value that came from elsewhere than a
// configuration.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal is the value itself, "" if none was configured.
func (s Secret) Reveal() string { return s.value }

// Set reports whether one was configured.
func (s Secret) Set() bool { return s.value != "" }

// String says "[secret]".
func (Secret) String() string { return shownSecret }

// GoString says "[secret]".
func (Secret) GoString() string { return shownSecret }

// Format says "[secret]" for every verb: %d would otherwise print the field.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(shownSecret)) }

// MarshalJSON says "[secret]".
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(shownSecret) }

// MarshalText says "[secret]".
func (Secret) MarshalText() ([]byte, error) { return []byte(shownSecret), nil }
