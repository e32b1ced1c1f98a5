package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/sim"
)

// BenchmarkAtRest runs a daemon with 1,000 people and 7,000 notices and prints
// what it costs while nothing happens. Its limits are those of issue 1.
func BenchmarkAtRest(b *testing.B) {
	var list strings.Builder
	list.WriteString(csvHeader)
	for i, r := range whole(99, 1000) {
		fmt.Fprintf(&list, "r-%04d,%q,,,,,,,\n", i, strings.TrimSpace(*r.Forename+" "+*r.Name))
	}
	config := `listen: "127.0.0.1:0"
sources:
  - {id: interpol-red, kind: interpol, notices: red, url: %q, pace: 100us}
notifiers:
  - {id: team, kind: slack, token_file: slack_token, channel: C0HOUSE, api_url: %q}
  - {id: lawyers, kind: email, smtp: %q, from: watch@example.org, to: [lawyer@example.org]}
`
	for range b.N {
		h := newHouse(b, config, list.String(), sim.People(3, 7000)...)
		began := time.Now()
		d := h.run()
		h.until("the first complete look, told", 120*time.Second, func() bool { return h.status().Sources[0].State == "ok" && settled(h.events()) })
		b.ReportMetric(time.Since(began).Seconds(), "first-look-s")
		pid := d.cmd.Process.Pid
		rest := time.NewTimer(5 * time.Second) // what the first look left over is given back
		<-rest.C
		const watch = 20 * time.Second
		share := 100.0
		for range 3 { // a machine busy with others makes the same work dearer: the quietest time counts
			cpu := cpuTime(b, pid)
			rest.Reset(watch)
			<-rest.C
			now := float64(cpuTime(b, pid)-cpu) / float64(watch) * 100
			b.Logf("%.2f %% of a core in %s", now, watch)
			if share = min(share, now); share <= 1 {
				break
			}
		}
		mb := resident(b, pid)
		b.ReportMetric(share, "%core")
		b.ReportMetric(mb, "MB-resident")
		info, err := os.Stat(h.bin)
		if err != nil {
			b.Fatal(err)
		}
		size := float64(info.Size()) / 1e6
		b.ReportMetric(size, "MB-binary")
		if mb > 80 || share > 1 || size > 40 {
			b.Errorf("at rest: %.0f MB resident (80), %.2f %% of a core (1), binary %.1f MB (40)", mb, share, size)
		}
		d.kill()
	}
}

// cpuTime is the processor time a process has used (proc(5): utime and stime in
// hundredths of a second).
func cpuTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skip("no /proc here")
	}
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var ticks int64
	for _, s := range f[11:13] {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// resident is a process's resident memory in MB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb * 1024 / 1e6
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
