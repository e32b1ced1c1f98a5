// Package pgtest gives tests a PostgreSQL of their own: one throwaway cluster for
// each test process, one fresh schema for each test. It is for tests alone.
package pgtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running server, for tests that stop it.
type Cluster struct {
	Host string // 127.0.0.1:PORT

	bin, data string
	who       *syscall.Credential // whom the server runs as; nil: whoever runs the test
	life      io.Closer           // the input of the shell that minds it: closed, it ends
}

// errAbsent says that this machine has no PostgreSQL.
var errAbsent = errors.New("PostgreSQL is not installed here: apt-get install postgresql, or set TOCSIN_POSTGRES to a server's address")

var shared = sync.OnceValues(start)

var schemas atomic.Int64

// DSN is the address of a schema that nobody has used. The test is skipped where
// there is no PostgreSQL: Debian's is started, TOCSIN_POSTGRES names another.
func DSN(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TOCSIN_POSTGRES")
	if server == "" {
		c, err := shared()
		if errors.Is(err, errAbsent) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		server = c.dsn()
	}
	return schemaOf(t, server)
}

// Again runs the named tests of this binary once more, all where none is named, as a
// child process with the given environment, on the same server.
func Again(t *testing.T, pattern string, env ...string) {
	t.Helper()
	if raced {
		t.Skip("once with the race detector is enough: the other database is tried without it")
	}
	DSN(t) // or it is skipped
	server := os.Getenv("TOCSIN_POSTGRES")
	if server == "" {
		c, err := shared()
		if err != nil {
			t.Fatal(err)
		}
		server = c.dsn()
	}
	args := []string{"-test.timeout=10m"}
	if pattern != "" {
		args = append(args, "-test.run="+pattern)
	}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Env = append(append(os.Environ(), "TOCSIN_POSTGRES="+server), env...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("on PostgreSQL: %v\n%s", err, out)
	}
}

// Own is a cluster that the test may stop and start, and an address in it.
func Own(t testing.TB) (*Cluster, string) {
	t.Helper()
	c, err := start()
	if errors.Is(err, errAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.end(t) })
	return c, schemaOf(t, c.dsn())
}

func (c *Cluster) end(t testing.TB) {
	if err := c.life.Close(); err != nil {
		t.Error(err)
	}
}

// Standby is another server that follows the cluster, as its standby, until it is
// told to Promote. From then on the cluster answers no commit that the standby has not
// got, as long as that runs.
func (c *Cluster) Standby(t testing.TB) *Cluster {
	t.Helper()
	s, err := run(c.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.end(t) })
	c.Query(t, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
	c.Query(t, `SELECT pg_reload_conf()`)
	return s
}

// Promote makes a standby a primary.
func (c *Cluster) Promote(t testing.TB) { c.control(t, "-w", "promote") }

// Address is that of one schema on several servers, of which one is the primary.
func Address(dsn string, servers ...*Cluster) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic(err) // pgtest has made it
	}
	var hosts []string
	for _, s := range servers {
		hosts = append(hosts, s.Host)
	}
	u.Host = strings.Join(hosts, ",")
	return u.String()
}

func schemaOf(t testing.TB, server string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx) // nothing was left open
	name := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := conn.Exec(ctx, `CREATE SCHEMA `+name); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("TOCSIN_POSTGRES is no address")
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func (c *Cluster) dsn() string {
	return "postgres://tocsin:secret-of-tests@" + c.Host + "/postgres?sslmode=disable"
}

func start() (*Cluster, error) { return run("") }

// run makes a cluster in a folder for temporary files, as the standby of a server if
// one is named, and runs it until this process ends, however it ends: the shell that
// minds it sees its input close.
func run(primary string) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tocsin-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, data: filepath.Join(dir, "data")}
	if os.Geteuid() == 0 { // the server refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			return nil, errAbsent
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
			return nil, err
		}
		c.who = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c.Host = l.Addr().String()
	_, port, _ := net.SplitHostPort(c.Host) // it is one
	if err := l.Close(); err != nil {
		return nil, err
	}
	// Durability is not what the tests look at; they kill clients, not the server.
	const script = `set -e
if [ -z "$4" ]; then "$1/initdb" -D "$2" -U tocsin -A trust -E UTF8 --locale=C --no-sync
else "$1/pg_basebackup" -D "$2" -d "$4" -R -X stream -c fast --no-sync; fi >"$2.log" 2>&1 || { cat "$2.log"; exit 1; }
printf "%s\n" "listen_addresses = '127.0.0.1'" "port = $3" "unix_socket_directories = ''" "fsync = off" "full_page_writes = off" "max_connections = 200" >>"$2/postgresql.conf"
"$1/pg_ctl" -D "$2" -l "$2.log" -w -t 60 start >/dev/null || { cat "$2.log"; exit 1; }
echo ready
cat >/dev/null || true
"$1/pg_ctl" -D "$2" -m immediate stop >/dev/null 2>&1 || true
rm -rf "$(dirname "$2")"`
	if primary != "" {
		primary = "postgres://tocsin@" + primary + "/postgres?sslmode=disable"
	}
	cmd := exec.Command("sh", "-c", script, "sh", bin, c.data, port, primary)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.who, Setpgid: true} // an interrupt of the tests is not for it
	if c.life, err = cmd.StdinPipe(); err != nil {                           // the end of this process closes it
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	said := bufio.NewReader(out)
	line, err := said.ReadString('\n')
	if err != nil || line != "ready\n" {
		rest, _ := io.ReadAll(io.LimitReader(said, 4096))
		return nil, fmt.Errorf("PostgreSQL does not start: %s%s", line, rest)
	}
	return c, nil
}

// binaries finds the newest server that is installed.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.Sort(found)
	for _, dir := range slices.Backward(found) {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", errAbsent
}

// Stop ends the server at once, as a failing machine would.
func (c *Cluster) Stop(t testing.TB) { c.control(t, "-m", "immediate", "-w", "stop") }

// Start runs it again.
func (c *Cluster) Start(t testing.TB) { c.control(t, "-l", c.data+".log", "-w", "-t", "60", "start") }

func (c *Cluster) control(t testing.TB, args ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(c.bin, "pg_ctl"), append([]string{"-D", c.data}, args...)...)
	cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Credential: c.who, Setpgid: true}
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
}

// Query runs one statement as the cluster's owner.
func (c *Cluster) Query(t testing.TB, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.dsn())
	if err == nil {
		_, err = conn.Exec(ctx, sql)
		err = errors.Join(err, conn.Close(ctx))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Statements counts what the server's log has of statements, with log_statement
// set to all.
func (c *Cluster) Statements(t testing.TB) int {
	t.Helper()
	log, err := os.ReadFile(c.data + ".log")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(log, []byte("LOG:  statement: ")) + bytes.Count(log, []byte("LOG:  execute "))
}
