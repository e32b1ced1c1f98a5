package store

import (
	"testing"
	"time"

	"tocsin"
)

func TestANoticeIsHeldAsItWasKeptAndANewVersionLeavesTheOld(t *testing.T) {
	ctx := t.Context()
	s := open(t)
	keep := func(h tocsin.Held) {
		t.Helper()
		if err := s.write(ctx, "testing", func(x *tx) error { return x.keepHeld("red", 1, []tocsin.Held{h}) }); err != nil {
			t.Fatal(err)
		}
	}
	h := tocsin.Held{Notice: tocsin.Notice{ID: "2026/1", Name: "VARDEN"}, Ver: 1, LastSeen: time.Unix(9, 0).UTC(), Absence: tocsin.Missing, Missed: 1}
	keep(h)
	keep(h)
	h.Notice.Forename, h.Ver, h.Absence, h.Missed = "Mira", 2, tocsin.Public, 0
	keep(h)
	got, err := s.Held(ctx, "red")
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if g := got["2026/1"]; g.Notice.Forename != "Mira" || g.Ver != 2 || g.Absence != tocsin.Public || !g.LastSeen.Equal(h.LastSeen) {
		t.Errorf("%+v", g)
	}
	if vs, err := s.Versions(ctx, "red", "2026/1"); err != nil || len(vs) != 2 || vs[0].Forename != "" {
		t.Errorf("%+v, %v", vs, err)
	}
}
