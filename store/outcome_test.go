package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tocsin"
	"tocsin/store/pgtest"
)

// deafAt is a connection that hears nothing more from when it is told so until heard
// is closed; then it is broken.
type deafAt struct {
	net.Conn
	deaf  *atomic.Bool
	heard chan struct{}
}

func (c deafAt) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if !c.deaf.Load() {
		return n, err
	}
	<-c.heard
	return 0, io.EOF
}

// blind tells of an outage as one look at a source of its own.
func blind(ctx context.Context, s *Store, source string) error {
	_, err := s.Observe(ctx, Observation{Source: Source{ID: source, Look: 1}, Events: []NewEvent{{Event: tocsin.Event{Kind: tocsin.Blind, Source: source}}}})
	return err
}

// Two processes lose the answer to a commit when a server fails and its standby takes
// over. The one's commit had reached the standby: it was made. The other's had not; by
// the time it asks, others have used its number for transactions of theirs, which does
// not make it kept.
func TestTheWordOfAnotherTimelineIsNotTakenForACommit(t *testing.T) {
	onPostgres(t)
	if testing.Short() {
		t.Skip("it makes two servers")
	}
	first, dsn := pgtest.Own(t)
	second := first.Standby(t)
	both := pgtest.Address(dsn, first, second)
	on := func(s *pgtest.Cluster, query string, to ...any) error {
		c, err := pgx.Connect(t.Context(), pgtest.Address(dsn, s))
		if err != nil {
			return err
		}
		defer c.Close(context.WithoutCancel(t.Context())) // only read
		return c.QueryRow(t.Context(), query).Scan(to...)
	}

	kept, lost := openAt(t, both), openAt(t, both)
	deaf, heard := &atomic.Bool{}, make(chan struct{})
	dial := kept.server.each[0].DialFunc
	kept.server.each[0].DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return c, err
		}
		return deafAt{c, deaf, heard}, nil
	}
	kept.w.DB.Close()
	kept.w = kept.server.connections(1, 0) // with the dialer from above
	answer, times := make(chan error, 1), 0
	go func() {
		answer <- kept.write(t.Context(), "telling", func(x *tx) error {
			times++
			if err := setMeta(x, "kept", "yes"); err != nil {
				return err
			}
			deaf.Store(true) // what the server says of the commit is not heard
			return nil
		})
	}()
	for n := 0; n == 0; { // until it is on the standby
		if err := on(second, `SELECT count(*) FROM meta WHERE key = 'kept'`, &n); err != nil {
			t.Fatal(err)
		}
	}
	second.Stop(t)
	first.Query(t, `ALTER SYSTEM RESET synchronous_standby_names`)
	first.Query(t, `SELECT pg_reload_conf()`)

	var number, now int64
	again := errors.New("it is begun again")
	err := lost.write(t.Context(), "telling", func(x *tx) error {
		if number != 0 {
			return again
		}
		if err := x.row(`SELECT pg_current_xact_id()::text::bigint`).Scan(&number); err != nil {
			return err
		}
		if err := setMeta(x, "lost", "yes"); err != nil {
			return err
		}
		first.Stop(t)
		second.Start(t)
		second.Promote(t)
		close(heard)
		for i := 0; now <= number; i++ { // others write there meanwhile
			if err := blind(t.Context(), kept, "s"+string(rune('a'+i))); err != nil {
				return err
			}
			if err := on(second, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint`, &now); err != nil {
				return err
			}
		}
		var state string
		if err := on(second, fmt.Sprintf(`SELECT pg_xact_status('%d')`, number), &state); err != nil || state != "committed" {
			t.Errorf("the server says of the number %q, %v; want one that others have committed", state, err)
		}
		return nil
	})
	if !errors.Is(err, again) {
		t.Errorf("what never reached the standby was not kept, and is to be begun again: %v", err)
	}
	if err := <-answer; err != nil || times != 1 {
		t.Errorf("what had reached the standby was begun %d times: %v", times, err)
	}
	for key, want := range map[string]string{"kept": "yes", "lost": ""} {
		if v, err := lost.Meta(t.Context(), key); err != nil || v != want {
			t.Errorf("%s is %q, %v; want %q", key, v, err, want)
		}
	}
}

// Of two servers the primary is used, whichever is named first; a standby alone is
// said to be one.
func TestOfSeveralServersThePrimaryIsUsed(t *testing.T) {
	onPostgres(t)
	if testing.Short() {
		t.Skip("it makes two servers")
	}
	first, dsn := pgtest.Own(t)
	second := first.Standby(t)
	s := openAt(t, pgtest.Address(dsn, second, first))
	if err := s.SetMeta(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	if want := "postgres://" + second.Host + "," + first.Host + "/postgres"; s.Path() != want {
		t.Errorf("it is called %s, want %s", s.Path(), want)
	}
	const asynchronous = "a failover may lose"
	if found, err := Try(t.Context(), pgtest.Address(dsn, second, first)); err != nil || strings.Contains(strings.Join(found.Doubts, " "), asynchronous) {
		t.Errorf("tried: %+v, %v", found, err)
	}
	first.Query(t, `ALTER SYSTEM RESET synchronous_standby_names`)
	first.Query(t, `SELECT pg_reload_conf()`)
	for doubted := false; !doubted; { // once the server has read it
		found, err := Try(t.Context(), pgtest.Address(dsn, second, first))
		if err != nil {
			t.Fatal(err)
		}
		doubted = strings.Contains(strings.Join(found.Doubts, " "), asynchronous)
	}
	_, err := Open(t.Context(), pgtest.Address(dsn, second), Options{})
	_, tried := Try(t.Context(), pgtest.Address(dsn, second))
	for _, err := range []error{err, tried} {
		if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), "standby") {
			t.Errorf("a standby alone: %v", err)
		}
	}
}

// A machine that has died and says nothing is waited for once, not with every
// connection that is made.
func TestAServerThatKeepsSilentIsTriedLastFromThenOn(t *testing.T) {
	onPostgres(t)
	dsn := pgtest.DSN(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var tried atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			tried.Add(1)
			defer c.Close() // it has said nothing until then
		}
	}()
	t.Cleanup(func() { l.Close() })
	s, err := newServer(strings.Replace(dsn, "@", "@"+l.Addr().String()+",", 1), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range s.server.each {
		one.ConnectTimeout = time.Second
	}
	for range 3 {
		c, err := s.server.connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := tried.Load(); n != 1 {
		t.Errorf("the silent one was tried %d times", n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// What is known of the last transaction of processes that are long gone is forgotten.
func TestWhatWroteLongAgoIsForgotten(t *testing.T) {
	onPostgres(t)
	r := newRig(t)
	if _, err := r.w.ExecContext(r.ctx, `INSERT INTO written VALUES ('old', 'm', $1), ('young', 'm', $2)`,
		ns(r.clock.Add(-writtenFor-time.Hour)), ns(r.clock.Add(-time.Hour))); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := r.TakeOver(r.ctx, "watch", "a", time.Minute); !ok || err != nil {
		t.Fatal(ok, err)
	}
	var left string
	if err := r.one(r.ctx, `SELECT string_agg(writer, ' ' ORDER BY writer) FROM written WHERE writer <> $1`, []any{r.server.id}, &left); err != nil || left != "young" {
		t.Errorf("%q is kept, %v", left, err)
	}
}
