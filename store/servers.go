package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// servers are those that an address names: a primary and its standbys, in any order.
type servers struct {
	names []string // HOST:PORT
	each  []*pgx.ConnConfig
	last  atomic.Int64 // which of them was the primary when it was last connected to
}

// Bounds of connecting. Where there is another server to try, one that keeps silent
// is not waited for as long.
const (
	connectWithin    = 10 * time.Second
	connectOneWithin = 3 * time.Second
)

func serversOf(c *pgx.ConnConfig) *servers {
	v := &servers{}
	own := pgconn.FallbackConfig{Host: c.Host, Port: c.Port, TLSConfig: c.TLSConfig}
	for _, f := range append([]*pgconn.FallbackConfig{&own}, c.Fallbacks...) { // also the same host with and without TLS
		name := net.JoinHostPort(f.Host, fmt.Sprint(f.Port))
		if i := slices.Index(v.names, name); i >= 0 {
			v.each[i].Fallbacks = append(v.each[i].Fallbacks, f)
			continue
		}
		one := c.Copy()
		one.Host, one.Port, one.TLSConfig, one.Fallbacks = f.Host, f.Port, f.TLSConfig, nil
		one.ConnectTimeout, one.ValidateConnect = connectWithin, isPrimary
		v.names, v.each = append(v.names, name), append(v.each, one)
	}
	for _, one := range v.each {
		if len(v.each) > 1 {
			one.ConnectTimeout = connectOneWithin
		}
	}
	return v
}

// connect gives a connection to the primary. That which was it the last time is tried
// first: a machine that has died and says nothing costs its time once.
func (v *servers) connect(ctx context.Context) (*stdlib.Conn, error) {
	var failed []error
	last := v.last.Load()
	for i := range v.each {
		at := (int(last) + i) % len(v.each)
		c, err := stdlib.GetConnector(*v.each[at]).Connect(ctx)
		if err == nil {
			v.last.Store(int64(at))
			return c.(*stdlib.Conn), nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

// errStandby says that a server only follows another.
var errStandby = errors.New("the server is a standby")

// isPrimary is asked of each new connection: where an address names several servers,
// the ledger is the one's that is written to.
func isPrimary(ctx context.Context, c *pgconn.PgConn) error {
	r := c.ExecParams(ctx, `SELECT pg_is_in_recovery()`, nil, nil, nil, nil).Read()
	if r.Err == nil && (len(r.Rows) != 1 || string(r.Rows[0][0]) != "f") {
		return errStandby
	}
	return r.Err
}

// connector is servers for database/sql.
type connector struct{ *servers }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) { return c.connect(ctx) }
func (connector) Driver() driver.Driver                              { return stdlib.GetDefaultDriver() }

// asKept makes connections that write values as SQLite keeps them.
type asKept struct{ connector }

func (c asKept) Connect(ctx context.Context) (driver.Conn, error) {
	x, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn{x}, nil
}
