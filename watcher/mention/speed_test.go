package mention

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"

	"tocsin"
	"tocsin/watcher/match"
)

// syllables make invented names that look like no list's.
var syllables = map[string][]string{
	"latin": strings.Fields("va ron mel tir kas dov lin gar pes hul bren tov mis kel rad zun for lem nik sab tor wen dal rim oks fen gul hap jor"),
	"cyr":   strings.Fields("ва рон мел тир кас дов лин гар пес хул брен тов мис кел рад зун фор лем ник саб тор вен дал рим окс фен гул"),
	"arab":  strings.Fields("وا رن مل تير كاس دوف لين غار بس هل برن توف ميس كل راد زون فور لم نيك ساب"),
}

const ideographs = "思澈栖梧砚棠溪岚峤皓韬沅蘅翊珩澹瑾琰昀霁晏舒遥川屿桐柏榆槿"

func invent(r *rand.Rand, script string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(syllables[script][r.IntN(len(syllables[script]))])
	}
	rs := []rune(b.String())
	return strings.ToUpper(string(rs[:1])) + string(rs[1:])
}

func inventName(r *rand.Rand) string {
	switch k := r.IntN(100); {
	case k < 60:
		return invent(r, "latin", 2+r.IntN(2)) + " " + invent(r, "latin", 2+r.IntN(3))
	case k < 75:
		return invent(r, "cyr", 2+r.IntN(2)) + " " + invent(r, "cyr", 2+r.IntN(3))
	case k < 90:
		return invent(r, "arab", 2+r.IntN(2)) + " " + invent(r, "arab", 2+r.IntN(3))
	}
	rs, out := []rune(ideographs), []rune{[]rune("欧阳梁沈王李张刘陈杨")[r.IntN(10)]}
	for range 2 {
		out = append(out, rs[r.IntN(len(rs))])
	}
	return string(out)
}

func inventPeople(n int) []match.Person {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	out := make([]match.Person, n)
	for i := range out {
		out[i] = match.Person{ID: fmt.Sprintf("p-%06d", i), Names: []string{inventName(r)}}
	}
	return out
}

// inventArticles makes articles of about four kilobytes in one language each, as many bytes in
// all as size. One name of somebody watched stands in each, and five of strangers.
func inventArticles(people []match.Person, size int) []tocsin.Article {
	r := rand.New(rand.NewPCG(5, 5))
	plain := strings.NewReplacer("{", "", "}", "", "!", "")
	var out []tocsin.Article
	for size > 0 {
		t := tongues[r.IntN(len(tongues))]
		var b strings.Builder
		for n := 0; b.Len() < 4000; n++ {
			switch {
			case n == 3:
				b.WriteString(people[r.IntN(len(people))].Names[0])
			case n%8 == 5:
				b.WriteString(inventName(r))
			case n%3 == 1:
				plain.WriteString(&b, t.own[r.IntN(len(t.own))])
			default:
				b.WriteString(t.filler[r.IntN(len(t.filler))])
			}
			b.WriteByte(' ')
		}
		size -= b.Len()
		a := articleIn(r, t.code)
		a.Text = b.String()
		out = append(out, a)
	}
	return out
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
