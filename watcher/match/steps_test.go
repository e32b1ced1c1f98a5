package match

import (
	"strings"
	"testing"

	"tocsin"
)

// steps is the most that comparing forms with a notice's readings can cost: letters
// beside letters, over all codes of all parts, and parts written as one.
func steps(fs []form, q *query) int {
	n := 0
	for i := range fs {
		f := &fs[i]
		for _, v := range q.views {
			if w := v[f.sys.id]; w != nil {
				n += letterCount(f.parts, f.joined) * letterCount(w.parts, w.joined)
			}
		}
	}
	return n
}

func letterCount(ps []part, joined []span) int {
	n := 0
	for i := range ps {
		for _, c := range ps[i].codes {
			n += min(len(c), maxCode)
		}
	}
	for _, j := range joined {
		n += min(len(j.code), maxCode)
	}
	return n
}

// A name of 4 KB against the same costs at most two million steps, some nanoseconds
// each: far under 50 ms. One sixteen times as long costs no more, as it is cut.
func TestStepsForALongNameAreBounded(t *testing.T) {
	const most = 2_000_000
	for _, unit := range []string{
		"Mira Varden ", "mi-", "Abdurrahmanovich-", "al-Khattabi bin ", "a. ", "阿", "李·", "欧阳晓明", "ا", "عبد ال", "محمد بن ", "박", "김준혁 ", "Олег ", "ж", "Nguyễn Thị ",
		"é", "́", "𝔞", "\u202e", "ﷺ", "דוד ", "ไทย ", "አበበ ", "བོད་", "दिव्या ", "wilhelmina", "Fitz'", "\xff", "\x00", "👩‍👩‍👧 ",
	} {
		cost := func(kb int) int {
			long := strings.Repeat(unit, (kb<<10)/len(unit)+1)
			q := newQuery(tocsin.Notice{Name: long, Forename: long})
			return steps(compile(Person{Names: []string{long}}).forms, q)
		}
		a, b := cost(4), cost(64)
		if a > most {
			t.Errorf("%q: %d steps for 4 KB", unit, a)
		}
		if b > a+a/10 {
			t.Errorf("%q: %d steps for 4 KB, %d for 64", unit, a, b)
		}
		t.Logf("%q: %d, %d", unit, a, b)
	}
}
