package source_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin"
	"tocsin/watcher/source"
)

func refused(after time.Duration) error {
	return &source.Failure{Cause: tocsin.CauseRefused, Status: 403, RetryAfter: after, Why: "refused (403)"}
}

// ask makes a request that ends with err, and gives what Do gave.
func ask(p *source.Pacer, document bool, err error) error {
	return p.Do(context.Background(), source.Request{Priority: source.PrioritySweep, Document: document, Ask: func(context.Context) error { return err }})
}

func held(err error) bool {
	var f *source.Failure
	return errors.As(err, &f) && f.Held
}

func TestRequestsAreMadeOneAtATimeOnAGrid(t *testing.T) {
	// What a caller does between two requests must not show in their times.
	times := func(busy time.Duration) (at []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			p := source.NewPacer(source.PaceOptions{Pace: 2 * time.Second, Seed: 7})
			start := time.Now()
			for range 20 {
				err := p.Do(t.Context(), source.Request{Ask: func(context.Context) error {
					at = append(at, time.Since(start))
					return nil
				}})
				if err != nil {
					t.Fatal(err)
				}
				<-time.After(busy) // matching
			}
		})
		return at
	}
	idle, busy := times(0), times(1400*time.Millisecond)
	if fmt.Sprint(idle) != fmt.Sprint(busy) {
		t.Errorf("requests of a busy caller went out at\n%v, of an idle one at\n%v", busy, idle)
	}
	for i := 1; i < len(idle); i++ {
		if gap := idle[i] - idle[i-1]; gap < 1500*time.Millisecond || gap > 2500*time.Millisecond {
			t.Errorf("a gap of %v with a pace of 2s", gap)
		}
	}
	if idle[0] != 0 {
		t.Errorf("the first request waited %v", idle[0])
	}
}

func TestWhoIsUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Pace: time.Second, Seed: 1})
		var mu sync.Mutex
		var order []string
		var wg sync.WaitGroup
		under := 0
		put := func(name string, pr source.Priority) {
			wg.Go(func() {
				err := p.Do(t.Context(), source.Request{Priority: pr, Ask: func(context.Context) error {
					mu.Lock()
					under++
					if under > 1 {
						t.Error("two requests at once")
					}
					order = append(order, name)
					mu.Unlock()
					<-time.After(300 * time.Millisecond)
					mu.Lock()
					under--
					mu.Unlock()
					return nil
				}})
				if err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		put("first", source.PriorityTurn)
		put("turn", source.PriorityTurn)
		put("sweep", source.PrioritySweep)
		put("sweep2", source.PrioritySweep)
		put("newest", source.PriorityNewest)
		put("fresh", source.PriorityFresh)
		wg.Wait()
		if got := strings.Join(order, " "); got != "first fresh newest sweep sweep2 turn" {
			t.Errorf("the order was %s", got)
		}
	})
}

func TestAFailureKeepsEverybodyWaitingEverLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Backoff: 30 * time.Second, BackoffMax: 5 * time.Minute})
		if !p.NextTry().Equal(time.Now()) {
			t.Error("a pacer at rest holds somebody back")
		}
		for i, want := range []time.Duration{30, 60, 120, 240, 300, 300} {
			want *= time.Second
			if err := ask(p, false, refused(0)); err == nil || held(err) {
				t.Fatalf("failure %d: the request was not made: %v", i, err)
			}
			if got := time.Until(p.NextTry()); got != want {
				t.Errorf("after failure %d the wait is %v, want %v", i+1, got, want)
			}
			for _, document := range []bool{true, false} {
				if err := ask(p, document, nil); !held(err) {
					t.Errorf("a request goes out while the wait lasts: %v", err)
				}
			}
			<-time.After(want)
		}
		got := p.Outage()
		if got != (source.Tries{Tries: 6, Failed: 6, Cause: tocsin.CauseRefused, Why: "refused (403)"}) {
			t.Errorf("the outage is %+v", got)
		}
		if err := ask(p, false, nil); err != nil {
			t.Fatal(err)
		}
		if got := p.Outage(); got.Tries != 7 || got.Failed != 6 {
			t.Errorf("one answer ends the outage before the list was seen whole: %+v", got)
		}
		p.Whole()
		if got := p.Outage(); got != (source.Tries{}) {
			t.Errorf("the outage goes on after a complete look: %+v", got)
		}
		_ = ask(p, false, refused(0))
		if got := time.Until(p.NextTry()); got != 30*time.Second {
			t.Errorf("the wait after an answer begins with %v", got)
		}
	})
}

func TestRetryAfterIsObeyedUpToTheLongestWait(t *testing.T) {
	for _, c := range []struct{ after, want time.Duration }{
		{0, time.Second}, {500 * time.Millisecond, time.Second}, {20 * time.Second, 20 * time.Second}, {48 * time.Hour, time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := source.NewPacer(source.PaceOptions{Backoff: time.Second, BackoffMax: time.Minute})
			_ = ask(p, false, refused(c.after))
			if got := time.Until(p.NextTry()); got != c.want {
				t.Errorf("Retry-After %v: the wait is %v, want %v", c.after, got, c.want)
			}
		})
	}
}

func TestADocumentsFailureIsTheHostsOnlyWhereItIsARefusal(t *testing.T) {
	for _, c := range []struct {
		what  string
		f     *source.Failure
		opens bool
	}{
		{"an unknown id's 502", &source.Failure{Cause: tocsin.CauseUnreachable, Status: 502}, false},
		{"null", &source.Failure{Cause: tocsin.CauseMalformed, Status: 200}, false},
		{"403", &source.Failure{Cause: tocsin.CauseRefused, Status: 403}, true},
		{"429", &source.Failure{Cause: tocsin.CauseRefused, Status: 429}, true},
		{"no connection", &source.Failure{Cause: tocsin.CauseUnreachable}, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := source.NewPacer(source.PaceOptions{Backoff: time.Minute})
			_ = ask(p, true, c.f)
			if got := held(ask(p, false, nil)); got != c.opens {
				t.Errorf("%s of a document: lists held back %v, want %v", c.what, got, c.opens)
			}
			p = source.NewPacer(source.PaceOptions{Backoff: time.Minute})
			if _ = ask(p, false, c.f); !held(ask(p, false, nil)) {
				t.Errorf("%s of a list holds nobody back", c.what)
			}
		})
	}
}

func TestDocumentsThatAnswerDoNotExcuseListsThatDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Backoff: time.Second, BackoffMax: time.Hour})
		for _, want := range []time.Duration{1, 2, 4, 8} {
			_ = ask(p, false, refused(0))
			if got := time.Until(p.NextTry()); got != want*time.Second {
				t.Errorf("the wait is %v, want %v", got, want*time.Second)
			}
			<-time.After(want * time.Second)
			if err := ask(p, true, nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestWhoWaitsInTheQueueHearsOfAFailureAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Pace: time.Second, Backoff: time.Hour})
		var wg sync.WaitGroup
		release := make(chan struct{})
		wg.Go(func() {
			_ = p.Do(t.Context(), source.Request{Ask: func(context.Context) error { <-release; return refused(0) }})
		})
		synctest.Wait()
		wg.Go(func() {
			if err := ask(p, false, nil); !held(err) {
				t.Errorf("the waiting request ended with %v", err)
			}
		})
		synctest.Wait()
		close(release)
		wg.Wait()
	})
}

func TestAnEndedContextLeavesTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := source.NewPacer(source.PaceOptions{Pace: time.Hour})
		if err := ask(p, false, nil); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		err := p.Do(ctx, source.Request{Ask: func(context.Context) error { t.Error("asked"); return nil }})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("it ended with %v after %v", err, time.Since(start))
		}
		synctest.Wait() // the pacer's own goroutine must not linger: the bubble would not end
	})
}

func TestAClockThatStandsStillStopsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		then := time.Now()
		p := source.NewPacer(source.PaceOptions{Pace: time.Second, Now: func() time.Time { return then }})
		for range 10 {
			if err := ask(p, false, nil); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(then); took > 13*time.Second {
			t.Errorf("ten requests a second apart took %v", took)
		}
	})
}
