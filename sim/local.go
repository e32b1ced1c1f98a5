package sim

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// local is a service on a loopback port of its own.
type local struct {
	host   string // "http://127.0.0.1:port"
	server *http.Server
	served chan struct{}
}

// onLoopback starts h; what names it in an error.
func onLoopback(what string, h http.Handler) (local, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return local{}, fmt.Errorf("the simulated %s cannot listen: %w", what, err)
	}
	s := local{"http://" + l.Addr().String(), &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}, make(chan struct{})}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(l) // returns when Close closes it
	}()
	return s, nil
}

// Close stops it and waits until nothing is served any more.
func (s *local) Close() error {
	err := s.server.Close()
	<-s.served
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
