// Package web serves the status page, the health and readiness checks and the
// metrics. Nothing it shows names a person of the watchlist.
package web

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tocsin/store"
)

// Options says where the pages get what they show.
type Options struct {
	Status    func(context.Context) (store.Status, error)
	Notifiers []string // ids of all that are configured
	// NotFlowing says of each notifier whose deliveries do not flow why, as "ID: why".
	NotFlowing func(context.Context) ([]string, error)
	Required   map[string]bool // sources whose blindness makes the daemon not ready
	Version    string
	Started    time.Time
}

// New returns the handler: / /status.json /healthz /readyz /metrics.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		// It stays 200 while a source is blind: a restart would only sweep again.
		_, _ = fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		st, stuck, err := o.read(r.Context())
		if err != nil {
			http.Error(w, "the ledger cannot be read", http.StatusServiceUnavailable)
			return
		}
		if why := NotReady(st, o.Required, stuck); len(why) > 0 {
			http.Error(w, strings.Join(why, "\n"), http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("GET /status.json", func(w http.ResponseWriter, r *http.Request) {
		st, err := o.Status(r.Context())
		if err != nil {
			http.Error(w, "the ledger cannot be read", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(st)
	})
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &ledger{o})
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		st, stuck, err := o.read(r.Context())
		if err != nil {
			http.Error(w, "the ledger cannot be read", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_ = page.Execute(w, map[string]any{"S": st, "O": o, "Now": time.Now().UTC(), "NotReady": NotReady(st, o.Required, stuck)})
	})
	return mux
}

// read asks for all that a page shows.
func (o Options) read(ctx context.Context) (st store.Status, stuck []string, err error) {
	if st, err = o.Status(ctx); err == nil {
		stuck, err = o.NotFlowing(ctx)
	}
	return st, stuck, err
}

// NotReady lists what is not seen or not flowing, empty if all is well. stuck is
// what does not flow.
func NotReady(st store.Status, required map[string]bool, stuck []string) []string {
	var why []string
	for _, s := range st.Sources {
		if !required[s.ID] {
			continue
		}
		switch s.State {
		case "blind":
			why = append(why, fmt.Sprintf("%s: blind since %s: %s", s.ID, s.BlindSince.Format(time.RFC3339), s.Why))
		case "never":
			why = append(why, s.ID+": not yet seen")
		default:
			if s.LastComplete.IsZero() {
				why = append(why, s.ID+": not yet seen whole: "+s.Why)
			}
		}
	}
	why = append(why, stuck...)
	if st.Watchlist.Error != "" {
		why = append(why, "watchlist: the edited file is not in force")
	}
	if st.Evidence != nil {
		why = append(why, "evidence: what is served cannot be kept")
	}
	if st.Turn != nil && st.Turn.Replica == "" {
		why = append(why, "no replica watches")
	}
	return why
}

// ledger collects the metrics from the ledger at each scrape.
type ledger struct{ Options }

var (
	descListed   = prometheus.NewDesc("tocsin_source_listed", "Rows the source says it lists.", []string{"source"}, nil)
	descSeen     = prometheus.NewDesc("tocsin_source_seen", "Rows seen of them at the last look.", []string{"source"}, nil)
	descBlind    = prometheus.NewDesc("tocsin_source_blind", "1 while the source cannot be seen.", []string{"source"}, nil)
	descComplete = prometheus.NewDesc("tocsin_source_last_complete_timestamp_seconds", "End of the last complete look.", []string{"source"}, nil)
	descRequests = prometheus.NewDesc("tocsin_source_requests", "List pages asked for by the last look.", []string{"source"}, nil)
	descPending  = prometheus.NewDesc("tocsin_deliveries_pending", "Deliveries owed, those that wait for a digest among them.", []string{"notifier"}, nil)
	descFailed   = prometheus.NewDesc("tocsin_deliveries_failed", "Deliveries given up.", []string{"notifier"}, nil)
	descFailing  = prometheus.NewDesc("tocsin_notifier_failing", "1 while deliveries do not flow: it would not take a message, what is owed is late, or nothing was taken since a delivery was given up.", []string{"notifier"}, nil)
	descPeople   = prometheus.NewDesc("tocsin_people", "People watched.", nil, nil)
	descList     = prometheus.NewDesc("tocsin_watchlist_refused", "1 while the watchlist file as it is now is not in force.", nil, nil)
	descTurn     = prometheus.NewDesc("tocsin_replica_watches", "1 on the one of several replicas that watches.", nil, nil)
	descEvidence = prometheus.NewDesc("tocsin_evidence_failing", "1 while what is served cannot be kept.", nil, nil)
)

// Describe and Collect make ledger a prometheus.Collector.
func (l *ledger) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descListed, descSeen, descBlind, descComplete, descRequests, descPending, descFailed, descFailing, descPeople, descList, descTurn, descEvidence} {
		ch <- d
	}
}

// Collect reads the ledger.
func (l *ledger) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	st, stuck, err := l.read(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(descPeople, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, s := range st.Sources {
		gauge(descListed, float64(s.Listed), s.ID)
		gauge(descSeen, float64(s.Seen), s.ID)
		gauge(descBlind, one(s.State == "blind"), s.ID)
		gauge(descRequests, float64(s.Requests), s.ID)
		if !s.LastComplete.IsZero() {
			gauge(descComplete, float64(s.LastComplete.Unix()), s.ID)
		}
	}
	for _, id := range l.Notifiers {
		c := st.Deliveries.Notifiers[id]
		gauge(descPending, float64(c.Pending), id)
		gauge(descFailed, float64(c.Failed), id)
		gauge(descFailing, one(slices.ContainsFunc(stuck, func(s string) bool { return strings.HasPrefix(s, id+": ") })), id)
	}
	gauge(descPeople, float64(st.People))
	gauge(descList, one(st.Watchlist.Error != ""))
	gauge(descEvidence, one(st.Evidence != nil))
	if st.Turn != nil {
		gauge(descTurn, one(st.Turn.Here))
	}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

var page = template.Must(template.New("status").Funcs(template.FuncMap{
	"when": func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.UTC().Format("2 Jan 2006 15:04:05 UTC")
	},
}).Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="30"><title>Tocsin</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
.ok{color:#0a6b2d}.blind,.failed{color:#a3140b;font-weight:600}.partial,.never{color:#8a5a00}small{color:#555}</style>
<h1>Tocsin</h1>
{{if .NotReady}}<p class="blind">Not all is seen or flowing:</p><ul>{{range .NotReady}}<li>{{.}}</li>{{end}}</ul>{{else}}<p class="ok">Every required source is seen, and deliveries flow.</p>{{end}}
<table><tr><th>Source</th><th>State</th><th>Seen</th><th>Last complete look</th><th>Last look</th><th></th></tr>
{{range .S.Sources}}<tr><td>{{.ID}}</td><td class="{{.State}}">{{.State}}</td><td>{{.Seen}} of {{.Listed}}{{if .Unreachable}}<br><small>{{.Unreachable}} reached by no filter</small>{{end}}{{if .Unconfirmed}}<br><small>{{.Unconfirmed}} missing, unconfirmed</small>{{end}}</td>
<td>{{when .LastComplete}}</td><td>{{when .LastLook}}</td><td>{{.Why}}{{if eq .State "blind"}} · next try {{when .NextTry}}{{end}}</td></tr>{{end}}</table>
<p>{{.S.People}} people watched · deliveries: {{.S.Deliveries.Pending}} owed{{if .S.Deliveries.Failed}}, <span class="partial">{{.S.Deliveries.Failed}} given up</span>{{end}}</p>
{{with .S.Turn}}<p>{{if .Here}}This replica watches.{{else if .Replica}}This replica stands by; {{.Replica}} watches.{{else}}<span class="blind">No replica watches.</span>{{end}}</p>{{end}}
{{if .S.Watchlist.Error}}<p class="blind">The edited watchlist is not in force; the old one stays. See the log.</p>{{end}}
<p><small>Public notices only: about nine in ten are not public, and diffusions never are. Absence here never means "not wanted".<br>
{{.O.Version}} · {{when .Now}} · <a href="/healthz">healthz</a> <a href="/readyz">readyz</a> <a href="/metrics">metrics</a></small></p></html>
`))
