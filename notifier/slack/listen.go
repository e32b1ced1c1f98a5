package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/zap"

	"tocsin/notifier"
)

// Timing of Socket Mode (docs.slack.dev, "Using Socket Mode"). Slack renews
// connections every few hours, and pings them every few seconds.
const (
	connections = 2                // kept at once, so that a press finds one while the other is renewed; Slack allows ten
	dialWithin  = 10 * time.Second // for the handshake, and for hello after it
	patience    = 30 * time.Second // nothing heard for so long, not even a ping's answer: the net between is cut
	leaveWithin = 30 * time.Second // a connection that Slack renews is listened to until Slack closes it, at most so long
	steady      = 10 * time.Second // a connection that lived so long was a good one
	againFirst  = 250 * time.Millisecond
	againMax    = time.Minute
	envelopeMax = 4 << 20 // a press brings the whole message with it
)

// Listener hears what is pressed in the channels of one app, over Socket Mode.
//
// The client library's own (slack-go/slack/socketmode) has one connection, closes
// it before it opens the next, sends acknowledgements over whichever is open then,
// and ends for good at some refusals: presses would be lost between.
type Listener struct {
	rooms    []*Slack // of one app: Slack does not say over which connection a press comes
	zone     *time.Location
	log      *zap.Logger
	now      func() time.Time
	patience time.Duration

	mu    sync.Mutex
	up    int       // connections that hear
	since time.Time // since when none does; zero while one does
	was   time.Time // what since was before the last one that does was there
	why   string    // why none does
	said  string    // what of it was logged
}

// Listeners makes one for each app among the channels that have an app's token.
// Times that people are asked for are in zone.
func Listeners(channels []*Slack, zone *time.Location, log *zap.Logger) []*Listener {
	type app struct{ url, token string }
	byApp := map[app]*Listener{}
	var out []*Listener
	for _, s := range channels {
		if s.o.AppToken == "" {
			continue
		}
		a := app{s.o.APIURL, s.o.AppToken}
		l := byApp[a]
		if l == nil {
			l = &Listener{zone: zone, log: log, now: s.x.now, patience: patience}
			byApp[a] = l
			out = append(out, l)
		}
		l.rooms = append(l.rooms, s)
	}
	return out
}

// Notifiers are the ids of those whose buttons it hears.
func (l *Listener) Notifiers() []string {
	var out []string
	for _, s := range l.rooms {
		out = append(out, s.o.ID)
	}
	return out
}

// Deaf is since when no press can arrive, and why; the zero time while one can,
// or before Listen began.
func (l *Listener) Deaf() (since time.Time, why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.since, l.why
}

// Listen hears presses until ctx ends, and then until those under way are
// answered. A press is acknowledged to Slack only once hear has kept it.
func (l *Listener) Listen(ctx context.Context, hear notifier.Hear) error {
	l.mu.Lock()
	l.since, l.why = l.now().UTC(), "not connected yet"
	l.mu.Unlock()
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() { l.keep(ctx, hear) })
	}
	wg.Wait()
	return ctx.Err()
}

// keep keeps one connection until ctx ends. Where Slack renews it the next is
// opened first, and the old one is listened to until it closes.
func (l *Listener) keep(ctx context.Context, hear notifier.Hear) {
	var serving sync.WaitGroup
	defer serving.Wait()
	wait := againFirst
	for ctx.Err() == nil {
		began := time.Now()
		conn, err := l.open(ctx)
		if err == nil {
			l.joined()
			over := make(chan error, 1)
			serving.Go(func() { l.serve(ctx, conn, hear, over) })
			select {
			case err = <-over:
			case <-ctx.Done():
				return
			}
			if time.Since(began) >= steady {
				wait = againFirst
				if errors.Is(err, errRenewed) {
					continue
				}
			}
		}
		if ctx.Err() != nil {
			return
		}
		pause := wait/2 + rand.N(wait/2+1)
		if e := socketFailure(err); e.RetryAfter > pause {
			pause = e.RetryAfter
		}
		l.fails(err, pause)
		wait = min(2*wait, againMax)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

func (l *Listener) joined() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up++; l.up == 1 {
		l.was = l.since
		l.log.Info("buttons can be pressed", zap.Strings("notifiers", l.Notifiers()))
	}
	l.since, l.why, l.said = time.Time{}, "", ""
}

// left counts a connection out that no longer hears. One that came and went at
// once ends no time of deafness.
func (l *Listener) left(err error, lived time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up--; l.up > 0 {
		return
	}
	l.since, l.why = l.now().UTC(), socketFailure(err).Why
	if lived < steady && !l.was.IsZero() {
		l.since = l.was
	}
}

// fails says why there is no connection, once for each reason.
func (l *Listener) fails(err error, pause time.Duration) {
	e := socketFailure(err)
	l.mu.Lock()
	known := l.up > 0 || l.said == e.Why
	if !known {
		l.why, l.said = e.Why, e.Why
	}
	l.mu.Unlock()
	if !known {
		l.log.Warn("buttons cannot be pressed now", zap.Strings("notifiers", l.Notifiers()), zap.String("why", e.Why), zap.String("do", e.Do), zap.Duration("again_in", pause))
	}
}

// Errors of a connection.
var (
	errRenewed   = errors.New("slack renews the connection")
	errSilent    = errors.New("nothing was heard over the connection")
	errClosed    = errors.New("the connection ended")
	errElsewhere = errors.New("an address that is not a web socket's")
)

// told is Slack telling a connection to go.
type told struct{ reason string }

func (t *told) Error() string { return "slack tells the connection to go: " + t.reason }

// frame is one message of a connection.
type frame struct {
	Type     string          `json:"type"`
	Reason   string          `json:"reason"`
	Envelope string          `json:"envelope_id"`
	Payload  json.RawMessage `json:"payload"`
}

// open opens a connection that has said hello.
func (l *Listener) open(ctx context.Context) (*websocket.Conn, error) {
	address, err := l.rooms[0].address(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{
		NetDialContext: (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		Proxy:          http.ProxyFromEnvironment, HandshakeTimeout: dialWithin,
	}
	conn, resp, err := dialer.DialContext(ctx, address, nil)
	if resp != nil {
		resp.Body.Close() // its status says all
	}
	switch {
	case resp != nil && err != nil:
		return nil, badStatus(resp.StatusCode)
	case err != nil:
		return nil, notifier.ErrUnreached
	}
	conn.SetReadLimit(envelopeMax)
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	err = greeted(conn)
	if !stop() || err != nil {
		conn.Close() // err says why
		if err == nil {
			err = errClosed
		}
		return nil, err
	}
	return conn, nil
}

func greeted(conn *websocket.Conn) error {
	if err := conn.SetReadDeadline(time.Now().Add(dialWithin)); err != nil {
		return errClosed
	}
	_, b, err := conn.ReadMessage()
	if err != nil {
		return ended(err)
	}
	var f frame
	switch err := json.Unmarshal(b, &f); {
	case err == nil && f.Type == "hello":
		return nil
	case err == nil && f.Type == "disconnect":
		return &told{f.Reason}
	}
	return errGarbled
}

// address asks for the address of a connection. Its ticket is a secret.
func (s *Slack) address(ctx context.Context) (string, error) {
	asking, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	_, address, err := s.app.StartSocketModeContext(asking)
	if err != nil {
		return "", err
	}
	own, err := url.Parse(s.o.APIURL)
	if err != nil {
		return "", errElsewhere
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "wss" && (u.Scheme != "ws" || own.Scheme != "http") {
		return "", errElsewhere
	}
	return address, nil
}

// ended tells apart how a connection ended.
func ended(err error) error {
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return errSilent
	}
	return errClosed
}

// serve hears one connection until it ends. It says once on over why another is
// needed: when Slack renews it, which is before it ends, or when it ended.
func (l *Listener) serve(ctx context.Context, conn *websocket.Conn, hear notifier.Hear, over chan<- error) {
	var work sync.WaitGroup
	defer work.Wait()
	done := make(chan struct{})
	work.Go(func() { l.pings(ctx, conn, done) })
	defer close(done)
	defer func() {
		// Said last: Slack hears no acknowledgement after it. It may be gone already.
		_ = conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		_ = conn.Close() // whoever ended it
	}()
	began, leaving := time.Now(), false
	alive := func() {
		if !leaving && ctx.Err() == nil {
			_ = conn.SetReadDeadline(time.Now().Add(l.patience)) // one that ended is seen by the reader
		}
	}
	conn.SetPongHandler(func(string) error { alive(); return nil })
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error { alive(); return pong(data) })
	alive()
	for {
		_, b, err := conn.ReadMessage()
		if err != nil {
			err = ended(err)
			l.left(err, time.Since(began))
			tellOnce(over, err)
			return
		}
		alive()
		var f frame
		if err := json.Unmarshal(b, &f); err != nil {
			l.log.Warn("a message of Socket Mode cannot be read", zap.Strings("notifiers", l.Notifiers()))
			continue
		}
		switch {
		case f.Type == "disconnect" && (f.Reason == "warning" || f.Reason == "refresh_requested"):
			leaving = true
			_ = conn.SetReadDeadline(time.Now().Add(leaveWithin)) // likewise
			tellOnce(over, errRenewed)
		case f.Type == "disconnect":
			l.left(&told{f.Reason}, time.Since(began))
			tellOnce(over, &told{f.Reason})
			return
		case f.Envelope != "":
			if err := l.answer(ctx, conn, f, hear, &work); err != nil {
				l.log.Warn("a press could not be acknowledged: Slack may tell it again, and it counts once", zap.Strings("notifiers", l.Notifiers()))
				l.left(errClosed, time.Since(began))
				tellOnce(over, errClosed)
				return
			}
		}
	}
}

func tellOnce(over chan<- error, err error) {
	select {
	case over <- err:
	default:
	}
}

// pings keeps a connection alive, and ends it with ctx.
func (l *Listener) pings(ctx context.Context, conn *websocket.Conn, done <-chan struct{}) {
	tick := time.NewTicker(l.patience / 3)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			// What is being answered is answered; the reader then ends. Asked again,
			// because the reader may be about to set a deadline of its own.
			tick.Reset(50 * time.Millisecond)
			for {
				_ = conn.SetReadDeadline(time.Now()) // a connection that ended is seen by the reader
				select {
				case <-done:
					return
				case <-tick.C:
				}
			}
		case <-tick.C:
			_ = conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(l.patience/3)) // likewise
		}
	}
}

// answer takes one envelope in and acknowledges it, unless it could not be kept.
// What has to be said to Slack besides is done by itself, in work.
func (l *Listener) answer(ctx context.Context, conn *websocket.Conn, f frame, hear notifier.Hear, work *sync.WaitGroup) error {
	// A press under way is kept even if the daemon is told to stop.
	keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	r := l.take(keeping, f, hear)
	if r.after != nil {
		work.Go(func() {
			calling, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
			defer cancel()
			r.after(calling)
		})
	}
	if !r.kept {
		return nil
	}
	ack := struct {
		Envelope string `json:"envelope_id"`
		Payload  any    `json:"payload,omitempty"`
	}{f.Envelope, r.payload}
	b, err := json.Marshal(ack)
	if err != nil {
		return fmt.Errorf("acknowledging: %w", err)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(keepWithin)); err != nil {
		return fmt.Errorf("acknowledging: %w", err)
	}
	if err := conn.WriteMessage(websocket.TextMessage, b); err != nil {
		return fmt.Errorf("acknowledging: %w", err)
	}
	return nil
}

// CheckButtons tries, without connecting, whether presses could be heard. It says
// in plain words what is wrong; nil where the channel has no buttons.
func (s *Slack) CheckButtons(ctx context.Context) error {
	if s.o.AppToken == "" {
		return nil
	}
	if _, err := s.address(ctx); err != nil {
		return socketFailure(err)
	}
	return nil
}

const appTokenAdvice = "Copy the app-level token (xapp-…): api.slack.com/apps, the app, Basic Information, App-Level Tokens, Generate with the scope connections:write, into the file of app_token_file, alone."

// socketFailure says what keeps presses from being heard. Its remedies are about
// the app's token, not the bot's.
func socketFailure(err error) *notifier.Error {
	var t *told
	var r *refused
	switch {
	case errors.As(err, &t) && t.reason == "link_disabled":
		return &notifier.Error{Why: "Slack has Socket Mode switched off for the app", Do: "Switch it on: api.slack.com/apps, the app, Socket Mode."}
	case errors.As(err, &t) && t.reason == "too_many_websockets":
		return &notifier.Error{Why: "the app has as many connections as Slack allows (10)", Do: "Each daemon has two: stop those that are not needed, or give this one an app of its own.", RetryAfter: leaveWithin}
	case errors.As(err, &t):
		return &notifier.Error{Why: "Slack told the connection for buttons to go"}
	case errors.Is(err, errRenewed):
		return &notifier.Error{Why: "Slack renews the connection for buttons again and again"}
	case errors.Is(err, errSilent):
		return &notifier.Error{Why: "nothing is heard over the connection for buttons: the net between is cut"}
	case errors.Is(err, errClosed):
		return &notifier.Error{Why: "the connection for buttons ended"}
	case errors.Is(err, errElsewhere):
		return &notifier.Error{Why: "Slack gave an address for buttons that is not one of wss://", Do: "Check api_url: Slack's own is https://slack.com/api/."}
	case errors.As(err, &r):
		e := r.failure()
		e.Why = "buttons: " + e.Why
		switch r.code {
		case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type", "missing_scope":
			e.Do = appTokenAdvice
		}
		return e
	}
	e := failure(err)
	e.Why = "buttons: " + e.Why
	return e
}
