package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Standing is how the ledger on a server stands beside this version's.
type Standing string

const (
	Absent  Standing = "there is no ledger yet: the first start makes it"
	Older   Standing = "an earlier version's ledger: the first start brings it forward"
	Current Standing = "a ledger of this version"
	Next    Standing = "the next version's ledger, which this one can work on"
)

// Trial is what a server that can be used was found to be.
type Trial struct {
	Server string // its own version
	Ledger Standing
	Doubts []string // what may lose something one day, each with what to do
}

// oldestServer is the first version of PostgreSQL that is meant to do.
const oldestServer = 13

// Try looks whether a server can have the ledger: it answers, is a primary, new enough
// and keeps UTF-8, lets this user make or change tables, and has no ledger that is too
// new. It writes nothing. The error says what to do, and names neither user nor password.
func Try(ctx context.Context, dsn string) (t Trial, err error) {
	s, err := newServer(dsn, Options{})
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p, err := s.server.provider()
	if err != nil {
		return t, fmt.Errorf("reading the migrations: %w", err)
	}
	defer p.Close() // its connections are its own
	wrong := func(format string, a ...any) (Trial, error) {
		return t, fmt.Errorf("database "+s.path+": "+format, a...)
	}
	var number, tables, others int
	var encoding, schema, readOnly, standbys, commit, fsync string
	var ours, mayCreate, mayWrite bool
	// The tables that this user may not change, or not write to, are counted.
	err = s.one(ctx, `SELECT current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1), current_setting('server_encoding'),
		coalesce(current_schema(), ''), current_setting('transaction_read_only'), current_setting('synchronous_standby_names'),
		current_setting('synchronous_commit'), current_setting('fsync'),
		to_regclass(quote_ident(current_schema()) || '.goose_db_version') IS NOT NULL,
		coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
		count(x.tablename), count(x.tablename) FILTER (WHERE NOT pg_has_role(x.tableowner, 'USAGE')),
		coalesce(bool_and(has_table_privilege(x.at, 'SELECT') AND has_table_privilege(x.at, 'INSERT') AND has_table_privilege(x.at, 'UPDATE') AND has_table_privilege(x.at, 'DELETE')), true)
		FROM (SELECT 1) AS one LEFT JOIN (SELECT tablename, tableowner, quote_ident(schemaname) || '.' || quote_ident(tablename) AS at
			FROM pg_tables WHERE schemaname = current_schema()) AS x ON true`, nil,
		&number, &t.Server, &encoding, &schema, &readOnly, &standbys, &commit, &fsync, &ours, &mayCreate, &tables, &others, &mayWrite)
	if err != nil {
		var said *pgconn.PgError
		switch answered, text := errors.As(err, &said), err.Error(); {
		case answered && strings.Contains(text, "pg_hba.conf"):
			return wrong("no line of the server's pg_hba.conf lets this machine and user in, with or without TLS as sslmode= says: add one (hostssl … scram-sha-256) and reload")
		case !answered && (strings.Contains(text, "TLS") || strings.Contains(text, "x509")):
			return wrong("the server and sslmode do not agree: turn ssl on at the server and name its authority with sslrootcert=FILE; sslmode=disable only where the network is this machine's or its containers' own")
		}
		return t, s.explain("connecting", err)
	}
	switch {
	case number < oldestServer*10000:
		return wrong("PostgreSQL %s is too old: use %d or newer", t.Server, oldestServer)
	case encoding != "UTF8":
		return wrong("it keeps texts as %s: make another with createdb --encoding=UTF8 --template=template0 NAME", encoding)
	case readOnly != "off":
		return wrong("this user's transactions only read: ALTER ROLE … RESET default_transaction_read_only, as the database's owner")
	case schema == "":
		return wrong("there is no schema for this user: CREATE SCHEMA tocsin AUTHORIZATION …, and write ?search_path=tocsin behind the address")
	case !ours && tables > 0:
		return wrong("%w: name another database, or another schema with ?search_path=", ErrForeign)
	}
	schema = pgx.Identifier{schema}.Sanitize()
	if !mayWrite {
		return wrong("this user may not write to the ledger's tables: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO …", schema)
	}
	var have int64
	if ours {
		if err := s.one(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`, nil, &have); err != nil {
			return t, s.explain("reading the ledger's version", err)
		}
	}
	switch last := newest(p); {
	case !ours:
		t.Ledger = Absent
	case have < last:
		t.Ledger = Older
	case have == last:
		t.Ledger = Current
	case have == last+1:
		t.Ledger = Next
	default:
		return t, &Error{Path: s.path, Cause: ErrNewer}
	}
	switch changes := t.Ledger == Absent || t.Ledger == Older; {
	case changes && !mayCreate:
		return wrong("this user may make no tables: GRANT CREATE ON SCHEMA %s TO …, as the database's owner (since PostgreSQL 15 nobody else may in public)", schema)
	case changes && others > 0:
		return wrong("the ledger's tables are another user's, and this version changes them: start as that user, or GRANT that role to this one")
	}
	doubt := func(is bool, what string) {
		if is {
			t.Doubts = append(t.Doubts, what)
		}
	}
	doubt(fsync != "on", "the server's fsync is off: a power cut may destroy the ledger. Turn it on")
	doubt(commit == "off", "the server's synchronous_commit is off: its failure loses what was kept last. Turn it on")
	doubt(len(s.server.names) > 1 && (standbys == "" || commit == "local"),
		"no standby has what was committed before that is answered: a failover may lose what was kept last, and ring it again. Set synchronous_standby_names")
	return t, nil
}
