package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/sim"
)

// A daemon with a digest, a heartbeat and a channel that is down: the digest
// comes by its hour, the alert that Slack does not take goes by mail at once, and
// the heart stops.
func TestLateDigestAndHeartbeatThroughTheProgram(t *testing.T) {
	var pings atomic.Int32
	heart := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { pings.Add(1) }))
	defer heart.Close()
	config := "heartbeat: " + heart.URL + "/key-1234\n" + strings.NewReplacer(
		"detail: codename,", `detail: codename, digest: "@every 8s",`, "channel: C0HOUSE,", "channel: C0HOUSE, late_after: 2s,").Replace(houseConfig)
	h := newHouse(t, config, "id,name,birth_date,nationalities,codename\np-017,Mira Varden,1988-03-14,MD,HERON\n", sim.People(5, 40)...)
	h.run()
	h.until("a ping", 30*time.Second, func() bool { return pings.Load() == 1 })
	h.slack.AddFault(sim.Fault{Kind: sim.Status, Status: http.StatusServiceUnavailable})
	h.notices.Publish(sim.Row{EntityID: "2026/48213", Name: sim.Str("VARDEN"), Forename: sim.Str("MIRA"), DateOfBirth: sim.Str("1988/03/14"), Nationalities: []string{"MD"}, Sex: "F"})
	// The mail at once may come within a digest, if that is due just then.
	h.until("the alert by mail", 15*time.Second, func() bool {
		for _, l := range h.mail.Messages() {
			if strings.Contains(l.Text, "HERON") {
				return true
			}
		}
		return false
	})
	h.until("a digest", 45*time.Second, func() bool {
		for _, l := range h.mail.Messages() {
			if strings.Contains(l.Text, "COVERAGE") && strings.Contains(l.Text, "INTERPOL's red list") {
				return true
			}
		}
		return false
	})
	if log, err := os.ReadFile(h.log); err != nil || strings.Contains(string(log), "key-1234") || !strings.Contains(string(log), "late: goes to the other notifiers too") {
		t.Errorf("the log (%v):\n%s", err, log)
	}
}
