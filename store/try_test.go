package store

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"tocsin/store/pgtest"
)

// A server is tried before it is used: what is found is said with what to do about it,
// and nothing is written.
func TestATrialOfAServerSaysWhatIsThereAndWhatToDo(t *testing.T) {
	onPostgres(t)
	admin := openAt(t, pgtest.DSN(t))
	does := func(s *Store, statements ...string) {
		t.Helper()
		for _, x := range statements {
			if _, err := s.w.Exec(x); err != nil {
				t.Fatal(err)
			}
		}
	}
	does(admin, `DROP ROLE IF EXISTS tried`, `CREATE ROLE tried LOGIN`)
	ledger := func(change ...string) string {
		dsn := pgtest.DSN(t)
		does(openAt(t, dsn), change...)
		return dsn
	}
	guest := func(dsn string, grants ...string) string {
		for _, g := range grants {
			does(admin, g+schemaIn(t, dsn)+` TO tried`)
		}
		return with(t, dsn, func(u *url.URL) { u.User = url.UserPassword("tried", "secret-of-tests") })
	}
	const noLast = `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`
	const next = `INSERT INTO goose_db_version (version_id, is_applied) SELECT max(version_id) + 1, true FROM goose_db_version`
	empty := pgtest.DSN(t)
	for _, c := range []struct {
		name, dsn string
		found     Standing
		says      string
	}{
		{"no ledger", empty, Absent, ""},
		{"this version's", ledger(), Current, ""},
		{"an earlier version's", ledger(noLast), Older, ""},
		{"the next version's", ledger(next), Next, ""},
		{"the version's after that", ledger(next, next), "", "newer version"},
		{"another program's", ledger(`DROP TABLE goose_db_version`), "", "name another database"},
		{"another database", with(t, empty, func(u *url.URL) { u.Path = "/nowhere" }), "", "correct user"},
		{"what the server does not take", with(t, empty, func(u *url.URL) { u.RawQuery += "&lock_timeout=nonsense" }), "", "correct user"},
		{"another schema", with(t, empty, func(u *url.URL) { u.RawQuery = "sslmode=disable&search_path=nowhere" }), "", "CREATE SCHEMA"},
		{"it is only read", with(t, empty, func(u *url.URL) { u.RawQuery += "&default_transaction_read_only=on" }), "", "only read"},
		{"TLS is wanted", with(t, empty, func(u *url.URL) { u.RawQuery = strings.ReplaceAll(u.RawQuery, "sslmode=disable", "sslmode=require") }), "", "sslmode"},
		{"a guest who may make nothing", guest(pgtest.DSN(t), `GRANT USAGE ON SCHEMA `), "", "GRANT CREATE ON SCHEMA"},
		{"a guest with an earlier version's", guest(ledger(noLast), `GRANT USAGE, CREATE ON SCHEMA `, `GRANT ALL ON ALL TABLES IN SCHEMA `), "", "another user's"},
		{"a guest who may not write", guest(ledger(), `GRANT USAGE ON SCHEMA `), "", "INSERT, UPDATE"},
		{"a guest who may", guest(ledger(), `GRANT USAGE ON SCHEMA `, `GRANT ALL ON ALL TABLES IN SCHEMA `), Current, ""},
	} {
		found, err := Try(t.Context(), c.dsn)
		if err == nil && (c.says != "" || found.Ledger != c.found || !strings.Contains(found.Server, ".")) || err != nil && (c.says == "" || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %+v, %v; want %q %q", c.name, found, err, c.found, c.says)
		}
		if err != nil && (strings.Contains(err.Error(), "secret-of-tests") || strings.Contains(err.Error(), "tocsin@") || strings.Contains(err.Error(), "tried") || strings.Contains(err.Error(), "user=")) {
			t.Errorf("%s: %v names user or password", c.name, err)
		}
	}
	if _, err := Open(t.Context(), empty, Options{}); !errors.Is(err, ErrNotExist) {
		t.Errorf("after its trial the server has a ledger: %v", err)
	}
}

// A database that keeps texts otherwise would refuse names, or spoil them.
func TestADatabaseThatKeepsNoUTF8IsRefusedByItsTrial(t *testing.T) {
	onPostgres(t)
	c, dsn := pgtest.Own(t)
	c.Query(t, `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
	_, err := Try(t.Context(), with(t, dsn, func(u *url.URL) { u.Path, u.RawQuery = "/latin", "sslmode=disable" }))
	if err == nil || !strings.Contains(err.Error(), "UTF8") {
		t.Error(err)
	}
}

func schemaIn(t testing.TB, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("search_path")
}
