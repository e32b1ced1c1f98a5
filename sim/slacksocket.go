package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Parts of Socket Mode that a Fault can be about (docs.slack.dev, "Using Socket
// Mode"): the method that gives the address, and the address itself.
const (
	OpenConnection Part = "apps.connections.open"
	SocketLink     Part = "socket mode link"
)

// Bounds of Socket Mode: connections of one app at once, how long a ticket of
// an address may be used, and how often the server pings.
const (
	socketsMax  = 10
	ticketLives = 30 * time.Second
	pingEvery   = 5 * time.Second
	linkPath    = "/link/"
)

// sockets is the Socket Mode side of a Slack.
type sockets struct {
	mu       sync.Mutex
	tickets  map[string]time.Time
	open     []*socket
	made     int // tickets and envelopes so far
	waiting  []*envelope
	triggers map[string]*trigger
	views    []*slackView
	whispers []Whisper
	loseAcks int
	refuse   string // what new connections are told in place of hello
	closed   bool
	running  sync.WaitGroup
}

// socket is one connection. Its writes hold its mu.
type socket struct {
	s       *Slack
	conn    *websocket.Conn
	mu      sync.Mutex
	frozen  bool // says and hears nothing, as where the net between is cut
	leaving bool // told to go: gets nothing new, and may still acknowledge
	sent    map[string]*envelope
}

// envelope is one thing that the app is told until it acknowledges.
type envelope struct {
	id      string
	payload map[string]any
	tried   int
	timer   *time.Timer
	*Interaction
}

// Interaction is what somebody did, on its way to the app.
type Interaction struct {
	acked    chan struct{}
	mu       sync.Mutex
	tries    int
	response json.RawMessage
}

// Acked is closed once the app has acknowledged it.
func (i *Interaction) Acked() <-chan struct{} { return i.acked }

// Tries is how often it was sent to the app.
func (i *Interaction) Tries() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.tries
}

// Response is the payload of the acknowledgement, nil without.
func (i *Interaction) Response() json.RawMessage {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.response
}

// openConnection gives an address for one connection. It takes the app's own
// token alone (docs.slack.dev, apps.connections.open).
func (s *Slack) openConnection(token string) reply {
	switch {
	case token == "":
		return refuse("not_authed")
	case token == s.token:
		return refuse("not_allowed_token_type")
	case token != s.opts.AppToken:
		return refuse("invalid_auth")
	case !slices.Contains(s.opts.AppScopes, "connections:write"):
		return reply{code: "missing_scope", fields: map[string]any{"needed": "connections:write", "provided": strings.Join(s.opts.AppScopes, ",")}}
	}
	k := &s.sockets
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made++
	ticket := fmt.Sprintf("ticket-%d", k.made)
	k.tickets[ticket] = time.Now().Add(ticketLives)
	return reply{fields: map[string]any{"url": "ws://" + s.address + linkPath + "?ticket=" + ticket + "&app_id=" + AppID}}
}

// serveLink upgrades a connection whose ticket is good, and keeps it until it
// ends.
func (s *Slack) serveLink(w http.ResponseWriter, r *http.Request) {
	k := &s.sockets
	ticket := r.URL.Query().Get("ticket")
	k.mu.Lock()
	until, ok := k.tickets[ticket]
	delete(k.tickets, ticket)
	if !ok || time.Now().After(until) || k.closed {
		k.mu.Unlock()
		http.Error(w, "expired", http.StatusRequestTimeout) // as Slack answers where a ticket is used late
		return
	}
	k.running.Add(1) // Close waits for it
	k.mu.Unlock()
	defer k.running.Done()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // it was answered
	}
	c := &socket{s: s, conn: conn, sent: map[string]*envelope{}}
	defer conn.Close() // whichever side ended it
	if !c.join() {
		return
	}
	defer c.leave()
	stop := make(chan struct{})
	var pings sync.WaitGroup
	pings.Add(1)
	go func() {
		defer pings.Done()
		c.pings(stop)
	}()
	c.read()
	close(stop)
	pings.Wait()
}

// join says hello and takes what waits, unless there are too many already.
func (c *socket) join() bool {
	k := &c.s.sockets
	k.mu.Lock()
	if k.closed {
		k.mu.Unlock()
		return false
	}
	refused := k.refuse
	if refused == "" && len(k.open) >= socketsMax {
		refused = "too_many_websockets"
	}
	if refused == "" {
		k.open = append(k.open, c)
	}
	n := len(k.open)
	k.mu.Unlock()
	if refused != "" {
		c.say(map[string]any{"type": "disconnect", "reason": refused})
		return false
	}
	c.say(map[string]any{
		"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": AppID},
		"debug_info": map[string]any{"host": "applink-fiction", "approximate_connection_time": 18060},
	})
	c.s.sockets.endLeaving()
	c.s.deliver()
	return true
}

// endLeaving closes connections that were told to go and owe nothing any more.
func (k *sockets) endLeaving() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.open {
		if c.leaving && len(c.sent) == 0 {
			_ = c.conn.Close() // its reader ends
		}
	}
}

// leave takes a connection out; what it has not acknowledged waits for another.
func (c *socket) leave() {
	k := &c.s.sockets
	k.mu.Lock()
	k.open = slices.DeleteFunc(k.open, func(o *socket) bool { return o == c })
	for _, e := range c.sent {
		e.timer.Stop()
		k.waiting = append(k.waiting, e)
	}
	clear(c.sent)
	k.mu.Unlock()
	c.s.deliver()
}

func (c *socket) say(v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen {
		_ = c.conn.WriteMessage(websocket.TextMessage, encode(v)) // a connection that ended shows in its reader
	}
}

func (c *socket) pings(stop <-chan struct{}) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			c.mu.Lock()
			if !c.frozen {
				_ = c.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink"), time.Now().Add(time.Second))
			}
			c.mu.Unlock()
		}
	}
}

// read takes acknowledgements until the connection ends.
func (c *socket) read() {
	c.conn.SetPingHandler(func(data string) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.frozen {
			return nil
		}
		return c.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	for {
		_, b, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(b, &ack) == nil && !c.isFrozen() {
			c.s.acknowledged(c, ack.Envelope, ack.Payload)
		}
	}
}

func (c *socket) isFrozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

func (s *Slack) acknowledged(c *socket, id string, payload json.RawMessage) {
	k := &s.sockets
	k.mu.Lock()
	e := c.sent[id]
	if e != nil && k.loseAcks > 0 {
		k.loseAcks--
		e = nil
	}
	if e == nil {
		k.mu.Unlock()
		return
	}
	e.timer.Stop()
	delete(c.sent, id)
	k.closeView(e, payload)
	leaving := c.leaving
	k.mu.Unlock()
	e.Interaction.mu.Lock()
	e.response = payload
	e.Interaction.mu.Unlock()
	close(e.acked)
	if leaving {
		k.endLeaving()
	}
}

// tell queues something for the app.
func (s *Slack) tell(kind string, payload map[string]any) *Interaction {
	k := &s.sockets
	k.mu.Lock()
	k.made++
	i := &Interaction{acked: make(chan struct{})}
	e := &envelope{id: fmt.Sprintf("envelope-%d", k.made), Interaction: i, payload: map[string]any{
		"type": "interactive", "payload": payload, "accepts_response_payload": kind == "view_submission",
	}}
	e.payload["envelope_id"] = e.id
	k.waiting = append(k.waiting, e)
	k.mu.Unlock()
	s.deliver()
	return i
}

// deliver sends what waits over the connections there are, in turn. What is not
// acknowledged in time is sent again.
func (s *Slack) deliver() {
	k := &s.sockets
	k.mu.Lock()
	type post struct {
		c *socket
		v map[string]any
	}
	var posts []post
	var ready []*socket
	for _, c := range k.open {
		if !c.leaving {
			ready = append(ready, c)
		}
	}
	if len(ready) > 0 {
		for _, e := range k.waiting {
			k.made++
			c := ready[k.made%len(ready)]
			c.sent[e.id] = e
			v := map[string]any{"retry_attempt": e.tried, "retry_reason": ""}
			if e.tried > 0 {
				v["retry_reason"] = "timeout"
			}
			for name, x := range e.payload {
				v[name] = x
			}
			e.tried++
			e.Interaction.mu.Lock()
			e.tries++
			e.Interaction.mu.Unlock()
			e.timer = time.AfterFunc(s.opts.AckWithin, func() { s.unacknowledged(c, e) })
			posts = append(posts, post{c, v})
		}
		k.waiting = nil
	}
	k.mu.Unlock()
	for _, p := range posts {
		p.c.say(p.v)
	}
}

func (s *Slack) unacknowledged(c *socket, e *envelope) {
	k := &s.sockets
	k.mu.Lock()
	again := c.sent[e.id] == e && !k.closed
	if again {
		delete(c.sent, e.id)
		k.waiting = append(k.waiting, e)
	}
	k.mu.Unlock()
	if again {
		s.deliver()
	}
}

// Sockets is how many connections the app has.
func (s *Slack) Sockets() int {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return len(s.sockets.open)
}

// Drop cuts all connections without a word.
func (s *Slack) Drop() {
	s.eachSocket(func(c *socket) { _ = c.conn.NetConn().Close() }) // what was cut already stays cut
}

// Disconnect tells all connections to go: "warning", "refresh_requested" or
// "link_disabled". They end once there is another and nothing is open on them.
func (s *Slack) Disconnect(reason string) {
	s.eachSocket(func(c *socket) {
		c.say(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-fiction"}})
		s.sockets.mu.Lock()
		c.leaving = true // now that it is told: one that leaves may be closed at once
		s.sockets.mu.Unlock()
	})
}

// RefuseSockets has new connections told to go for a reason, as
// "too_many_websockets" or "link_disabled", in place of hello; "" ends it.
func (s *Slack) RefuseSockets(reason string) {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	s.sockets.refuse = reason
}

// Freeze has all connections say and hear nothing from now on, as where the net
// between is cut: neither side is told.
func (s *Slack) Freeze() {
	s.eachSocket(func(c *socket) {
		c.mu.Lock()
		c.frozen = true
		c.mu.Unlock()
	})
}

// Say sends any text over all connections.
func (s *Slack) Say(text string) {
	s.eachSocket(func(c *socket) {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = c.conn.WriteMessage(websocket.TextMessage, []byte(text)) // one that ended hears nothing
	})
}

func (s *Slack) eachSocket(f func(*socket)) {
	s.sockets.mu.Lock()
	open := slices.Clone(s.sockets.open)
	s.sockets.mu.Unlock()
	for _, c := range open {
		f(c)
	}
}

// LoseAcks has the next n acknowledgements get lost on their way.
func (s *Slack) LoseAcks(n int) {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	s.sockets.loseAcks = n
}

func (k *sockets) close() error {
	k.mu.Lock()
	k.closed = true
	var errs []error
	for _, c := range k.open {
		for _, e := range c.sent {
			e.timer.Stop()
		}
		errs = append(errs, c.conn.Close())
	}
	k.mu.Unlock()
	k.running.Wait()
	return errors.Join(errs...)
}
