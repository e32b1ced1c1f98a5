package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/config"
	"tocsin/store"
)

// askedHealth runs 'tocsin health' on a configuration file with this text.
func askedHealth(ctx context.Context, t *testing.T, dir, text string) (said string, err error) {
	t.Helper()
	path := filepath.Join(dir, "tocsin.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	c := healthCommand(&globals{config: path, streams: streams{out: &out}})
	c.SetArgs([]string{})
	c.SilenceUsage, c.SilenceErrors = true, true
	err = c.ExecuteContext(ctx)
	return out.String(), err
}

func healthConfig(listen string) string {
	return fmt.Sprintf(`listen: %q
sources: [{id: interpol-red, kind: interpol, notices: red}]
notifiers: [{id: terminal, kind: console}]
`, listen)
}

func wantHealthy(t *testing.T, said string, err error) {
	t.Helper()
	if err != nil || said != "ok\n" {
		t.Errorf("health said %q, %v; want it to be well", said, err)
	}
}

func wantUnhealthy(t *testing.T, said string, err error, why string) {
	t.Helper()
	e, ok := err.(exit)
	if !ok || e.code != exitFailed || !strings.Contains(err.Error(), why) || said != "" {
		t.Errorf("health said %q, %v; want exit status 1 and a reason with %q", said, err, why)
	}
}

func TestHealthAsksTheDaemonWhereItListens(t *testing.T) {
	status := http.StatusOK
	daemon := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("health asked for %s", r.URL.Path)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	defer daemon.Close()
	listen := daemon.Listener.Addr().String()
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		t.Fatal(err)
	}
	said, err := askedHealth(t.Context(), t, t.TempDir(), healthConfig(listen))
	wantHealthy(t, said, err)
	for _, everywhere := range []string{"0.0.0.0:" + port, ":" + port} {
		said, err = askedHealth(t.Context(), t, t.TempDir(), healthConfig(everywhere))
		wantHealthy(t, said, err)
	}

	// The daemon goes on with what it read at its start.
	said, err = askedHealth(t.Context(), t, t.TempDir(), healthConfig(listen)+"no_such_key: 1\n")
	wantHealthy(t, said, err)

	for _, status = range []int{http.StatusServiceUnavailable, http.StatusNotFound, http.StatusFound} {
		said, err = askedHealth(t.Context(), t, t.TempDir(), healthConfig(listen))
		wantUnhealthy(t, said, err, fmt.Sprint(status))
	}

	daemon.Close()
	said, err = askedHealth(t.Context(), t, t.TempDir(), healthConfig(listen))
	wantUnhealthy(t, said, err, listen)
}

func TestHealthDoesNotWaitForADaemonThatHangs(t *testing.T) {
	over := make(chan struct{})
	daemon := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer daemon.Close()
	defer close(over)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	said, err := askedHealth(ctx, t, t.TempDir(), healthConfig(daemon.Listener.Addr().String()))
	wantUnhealthy(t, said, err, "deadline")
}

func TestHealthWithoutPagesReadsTheLedger(t *testing.T) {
	dir := t.TempDir()
	said, err := askedHealth(t.Context(), t, dir, healthConfig(""))
	wantUnhealthy(t, said, err, "does not exist")

	c := &config.Config{Database: "sqlite:" + filepath.Join(dir, "tocsin.db")}
	s, err := openStore(t.Context(), c, store.Options{Create: true, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	said, err = askedHealth(t.Context(), t, dir, healthConfig("")) // beside the daemon that holds it
	wantHealthy(t, said, err)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	said, err = askedHealth(t.Context(), t, dir, healthConfig("")+"no_such_key: 1\n")
	wantUnhealthy(t, said, err, "no_such_key")

	if err := os.WriteFile(filepath.Join(dir, "tocsin.db"), []byte(strings.Repeat("not a ledger ", 400)), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err = askedHealth(t.Context(), t, dir, healthConfig(""))
	wantUnhealthy(t, said, err, "damaged")
}

func TestHealthWithoutAConfigurationIsNotGood(t *testing.T) {
	c := healthCommand(&globals{config: filepath.Join(t.TempDir(), "tocsin.yaml")})
	c.SetArgs([]string{})
	c.SilenceUsage, c.SilenceErrors = true, true
	err := c.ExecuteContext(t.Context())
	wantUnhealthy(t, "", err, "tocsin.yaml")
}
