package evidence

import (
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Options of a Store. The zero value will do.
type Options struct {
	Now func() time.Time // time.Now if nil
	// Key is a secret from which the signing key is made, so that it need not
	// stand in the folder: at least 32 bytes, the same at each Open. If nil, the
	// folder holds its own.
	Key []byte
	// ReadOnly opens for Get, Show, Verify and Usage alone. Nothing is made,
	// repaired or locked, and no secret is needed.
	ReadOnly bool

	step func(what string) // see disk
}

// Repair is what an Open, or a write after another process's death, found to do.
type Repair struct {
	Torn      int64 // bytes of a commit that never was, cut from the log's end
	Finished  int   // records committed, but not yet in their place
	Discarded int   // files of records that never were committed
	Cleared   int   // files of records whose drop had been logged
	// Adopted are records whose leaf the log had lost. That is no trace of a
	// killed process: the disk lost what it had acknowledged, or somebody cut
	// the log. They are in it again, marked as such, from now on.
	Adopted int
}

// Any reports whether there was anything to do.
func (r Repair) Any() bool { return r != Repair{} }

var (
	// ErrReadOnly is a write to a store opened for reading.
	ErrReadOnly = errors.New("the evidence store was opened for reading only")
	// ErrKey is a signing key that is missing or does not belong to the log.
	ErrKey = errors.New("the evidence log's signing key")
)

// Store keeps records. Its methods may be called from any goroutine; processes
// that share a folder take turns.
type Store struct {
	now      func() time.Time
	readOnly bool

	mu       sync.Mutex
	v        view
	signer   note.Signer
	lock     *os.File
	zw       *gzip.Writer
	repaired Repair
	stale    bool // the folder may have more to settle than the log's end shows
}

// Open opens the store in dir, making it if there is none, and repairs what a
// killed process left. The errors are ErrKey, ErrTampered (the log does not
// hold; Verify says more) and those of the file system.
func Open(dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{now: o.Now, readOnly: o.ReadOnly, stale: true, v: view{d: disk{dir: dir, step: o.step}}}
	if o.ReadOnly {
		return s, s.openRead()
	}
	if o.Key != nil && len(o.Key) < 32 {
		return nil, fmt.Errorf("%w is made from at least 32 bytes", ErrKey)
	}
	s.zw = gzip.NewWriter(nil)
	if err := s.openWrite(o.Key); err != nil {
		return nil, fmt.Errorf("opening the evidence store: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

func (s *Store) openRead() error {
	pub, err := s.v.d.read(pubName, maxLine)
	if err != nil {
		return fmt.Errorf("opening the evidence store: %w", err)
	}
	if s.v.verifier, err = note.NewVerifier(strings.TrimSpace(string(pub))); err != nil {
		return fmt.Errorf("%w cannot be read: %s", ErrKey, pubName)
	}
	return nil
}

func (s *Store) openWrite(secret []byte) error {
	d := s.v.d
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	var err error
	if s.lock, err = os.OpenFile(d.path(lockName), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return err
	}
	return s.locked(context.Background(), func() error {
		for _, dir := range []string{recordsDir, incomingDir} {
			if err := d.mkdir(dir); err != nil {
				return err
			}
		}
		if _, err := os.Stat(d.path(logName)); errors.Is(err, fs.ErrNotExist) {
			if err := s.begin(secret); err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
		if err := s.readKey(secret); err != nil {
			return err
		}
		return s.settle()
	})
}

// begin makes the keys and then the log: where there is a log, there are keys.
func (s *Store) begin(secret []byte) error {
	s.v.dropped = map[int64]string{}
	if err := s.v.scan(); err != nil {
		return err
	}
	if len(s.v.astray) > 0 {
		return fmt.Errorf("%w: there are records, but the log is missing", ErrTampered)
	}
	private, err := derive(secret)
	if secret == nil {
		if private, _, err = newKey(); err == nil {
			err = s.v.d.replace(keyName, []byte(private+"\n"))
		}
	}
	if err != nil {
		return err
	}
	public, err := publicOf(private)
	if err != nil {
		return err
	}
	if err := s.v.d.replace(pubName, []byte(public+"\n")); err != nil {
		return err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return err
	}
	var none edge
	first, err := signCheckpoint(tlog.Tree{N: 0, Hash: none.root()}, s.now(), signer)
	if err != nil {
		return err
	}
	return s.v.d.replace(logName, first.signed)
}

// readKey takes the signing key and holds it against the public one.
func (s *Store) readKey(secret []byte) error {
	private, err := derive(secret)
	if secret == nil {
		var b []byte
		if b, err = s.v.d.read(keyName, maxLine); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w is missing", ErrKey)
		}
		private = strings.TrimSpace(string(b))
	}
	if err != nil {
		return err
	}
	pub, err := s.v.d.read(pubName, maxLine)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is missing", ErrKey, pubName)
	}
	if err != nil {
		return err
	}
	public, err := publicOf(private)
	if err != nil || public != strings.TrimSpace(string(pub)) {
		return fmt.Errorf("%w is not the one that the log was begun with", ErrKey)
	}
	if s.signer, err = note.NewSigner(private); err != nil {
		return fmt.Errorf("%w cannot be read", ErrKey)
	}
	if s.v.verifier, err = note.NewVerifier(public); err != nil {
		return fmt.Errorf("%w cannot be read", ErrKey)
	}
	return nil
}

// derive makes a signing key from a secret, in the form of package note.
func derive(secret []byte) (string, error) {
	if secret == nil {
		return "", nil
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("tocsin evidence log signing key"))
	const ed25519 = 1 // note's number for the algorithm
	encoded := base64.StdEncoding.EncodeToString(append([]byte{ed25519}, mac.Sum(nil)...))
	// The middle part is a hash of the public key, as the public form has it.
	public, err := publicOf("PRIVATE+KEY+" + origin + "+00000000+" + encoded)
	if err != nil {
		return "", err
	}
	hash, _, _ := strings.Cut(strings.TrimPrefix(public, origin+"+"), "+")
	return "PRIVATE+KEY+" + origin + "+" + hash + "+" + encoded, nil
}

// Close lets go of the folder. What Keep acknowledged is on the disk already.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lock == nil {
		return nil
	}
	err := s.lock.Close()
	s.lock, s.readOnly = nil, true
	return err
}

// Repaired is all that was repaired since Open, so that it can be told.
func (s *Store) Repaired() Repair {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.repaired
}

// PublicKey is the key that checkpoints and proofs are verified with, as text.
func (s *Store) PublicKey() (string, error) {
	b, err := s.v.d.read(pubName, maxLine)
	return strings.TrimSpace(string(b)), err
}

// write does what changes the store, alone on the folder.
func (s *Store) write(ctx context.Context, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readOnly {
		return ErrReadOnly
	}
	return s.locked(ctx, func() error {
		if err := s.settle(); err != nil {
			return err
		}
		// Until it is done. What fails, or dies, leaves something to settle.
		s.stale = true
		if err := do(); err != nil {
			return err
		}
		s.stale = false
		return nil
	})
}

// locked waits for the folder's lock, which no call holds longer than a commit.
func (s *Store) locked(ctx context.Context, do func() error) (err error) {
	wait := time.NewTicker(2 * time.Millisecond)
	defer wait.Stop()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		ok, err := tryLock(s.lock)
		if err != nil {
			return fmt.Errorf("locking the evidence store: %w", err)
		}
		if ok {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-wait.C:
		}
	}
	defer func() { err = errors.Join(err, unlock(s.lock)) }()
	return do()
}

// read does what reads, on a view that is up to date.
func (s *Store) read(do func(*view) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := s.v.st.end
	if err := s.v.readLogBeside(); err != nil {
		return err
	}
	if s.v.entries == nil || s.v.st.end != end {
		s.stale = true
		if err := s.v.scan(); err != nil {
			return err
		}
	}
	return do(&s.v)
}

func newSalt() []byte {
	b := make([]byte, saltSize)
	rand.Read(b) // never fails (crypto/rand, since Go 1.24)
	return b
}
