package match_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anyascii/go"

	"tocsin"
	"tocsin/watcher/match"
)

// A people's names as the generator makes them: given names from a short list, the
// first ones far more often than the last, family names from syllables and endings.
type custom struct {
	given, heads, middles, tails []string
	patronymic, particle         string
	sounds                       []string // given names are made of these too
	joined                       bool     // no space, as in ideographs
}

func words(s string) []string { return strings.Fields(s) }

var customs = []custom{
	{given: words("Anna Peter Maria Martin Julia Thomas Clara Felix Laura Simon Nora Hugo Ida Emil Vera Otto Lena Bruno Greta Ruben"), heads: words("Bran Kell Hof Lind Mar Stein Wal Tor Ash Gran Ber Dun Fal Har"), middles: words("en er a el in o ar"), sounds: words("an el ri to la mo ne ga vi ro be li sa de ter"), tails: words("berg mann ford son ley ton er dal stad wick ner mann")},
	{given: words("Ivan Sergey Olga Elena Dmitri Alexei Irina Nikolai Tatiana Oleg Marina Viktor Galina Pavel Yulia Andrei"), heads: words("Gor Mol Bel Var Tar Kor Zar Lis Med Vor Kul Strel Grom Ber Dol"), middles: words("b d n ch k sh tk sn zn l"), sounds: words("ro sla va mir bo le mi ya da ri na ze"), tails: words("ov ova in ina enko evich sky uk ev aev"), patronymic: "ovich"},
	{given: words("Иван Сергей Ольга Елена Дмитрий Алексей Ирина Николай Татьяна Олег Марина Виктор Галина Павел"), heads: words("Гор Мол Бел Вар Тар Кор Зар Лис Мед Вор Кул"), middles: words("б д н ч к ш тк сн л"), sounds: words("ро сла ва мир бо ле ми да ри на"), tails: words("ов ова ин ина енко ский ук ев")},
	{given: words("Mohamed Ahmed Ali Hassan Omar Fatima Khalid Yusuf Ibrahim Said Karim Layla Tariq Samir Nadia Walid Hamza"), heads: words("Khat Zagh Rash Mans Taw Ham Shar Bak Qas Naj Saf Jab Dar Ruw"), middles: words("a i ou aa ee"), sounds: words("ha mu ra sa fa wa na ja li di ma za"), tails: words("bi ri mi di shi wi ni lul zid hir"), particle: "al-"},
	{given: words("محمد أحمد علي حسن عمر فاطمة خالد يوسف إبراهيم سعيد كريم ليلى طارق"), heads: words("خط زغ رش منص تو حم شر بك قس نج"), middles: words("ا ي و"), sounds: words("ها مو را سا في وا نا جا لي"), tails: words("بي ري مي دي شي ني ول")},
	{given: words("Memet Ablikim Gulnar Dilshat Rehim Aygul Tursun Perhat Zulpiya Nurmemet Adil Rena"), heads: words("Tur Abl Rah Dil Nur Kur Yal Qas Sem Bek Tox"), middles: words("a e u i"), sounds: words("gul nur ay me ri qe ha dil tu yu ba"), tails: words("sun jan qun het ret din mat tum lat")},
	{given: words("晓明 建国 伟 芳 丽华 志强 秀英 文 敏 海燕 国强 玉兰 春梅 永康"), heads: words("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗"), middles: []string{""}, tails: []string{""}, joined: true, sounds: words("明 华 国 建 志 文 玉 秀 英 丽 海 春 永 康 晓 强 芳 敏 兰 梅 军 平 东 红 云 林 峰 德 荣 成 义 光 天 世 家 宏 庆 立 学 振 福 生 金 宝 祥 龙 凤 清 忠 良")},
	{given: words("Minjun Seoyeon Jihun Haeun Dohyun Yuna Junho Sora Taeyang Minseo"), heads: words("Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Seo Kwon"), middles: []string{""}, tails: []string{""}, sounds: words("min jun seo yeon ji hun ha eun do hyun yu na ho so ra tae yang sung kyung jin woo young mi suk chul hee soo ja in bum hyuk")},
}

// people gives n fictional people, the same for the same n and seed.
func people(seed uint64, n int) []match.Person {
	r := rand.New(rand.NewPCG(seed, 7))
	often := func(ws []string) string { // the first are the commonest
		u := r.Float64()
		return ws[int(u*u*float64(len(ws)))]
	}
	out := make([]match.Person, n)
	for i := range out {
		c := customs[r.IntN(len(customs))]
		family := often(c.heads)
		for range r.IntN(3) {
			family += often(c.middles) + strings.ToLower(often(c.heads))
		}
		family += often(c.middles) + often(c.tails)
		given := func() string {
			if r.IntN(2) == 0 {
				return often(c.given)
			}
			s := ""
			for range 2 + r.IntN(2) {
				s += c.sounds[r.IntN(len(c.sounds))]
			}
			return s
		}
		name := given()
		if !c.joined && r.IntN(3) == 0 {
			name += " " + given()
		}
		if c.patronymic != "" && r.IntN(2) == 0 {
			name += " " + strings.TrimRight(often(c.given), "aeiy") + c.patronymic
		}
		switch {
		case c.joined:
			name = often(c.heads) + string([]rune(given())[:2-r.IntN(2)]) // no such family names of two
		case c.particle != "" && r.IntN(2) == 0:
			name += " " + c.particle + family
		default:
			name += " " + family
		}
		out[i] = match.Person{ID: fmt.Sprintf("p%06d", i), Names: []string{name}}
	}
	return out
}

// notices are other fictional people's names as a list prints them.
func notices(n int) []tocsin.Notice {
	out := make([]tocsin.Notice, n)
	for i, p := range people(99, n) {
		ws := strings.Fields(strings.ToUpper(anyascii.Transliterate(p.Names[0])))
		out[i] = tocsin.Notice{Name: ws[len(ws)-1], Forename: strings.Join(ws[:len(ws)-1], " ")}
	}
	return out
}

// BenchmarkASweepAgainstAHundredThousand is 7,000 notices on two cores, and says
// how much longer one notice takes than against a thousand people.
func BenchmarkASweepAgainstAHundredThousand(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	all := people(1, 100_000)
	began := time.Now()
	x := match.Compile(all, match.Options{})
	compiled := 100_000 / time.Since(began).Seconds()
	small := match.Compile(all[:1000], match.Options{})
	list := notices(7000)
	sweep := func(x *match.Index) time.Duration {
		began := time.Now()
		var wg sync.WaitGroup
		for part := range slices.Chunk(list, len(list)/2) {
			wg.Go(func() {
				for _, n := range part {
					x.Match(n)
				}
			})
		}
		wg.Wait()
		return time.Since(began)
	}
	sweep(small)
	a := sweep(small)
	var t time.Duration
	b.ResetTimer()
	for range b.N {
		t += sweep(x)
	}
	b.StopTimer()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(t/time.Duration(b.N))/float64(a), "×1,000-people")
	b.ReportMetric(compiled, "people/s")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	runtime.KeepAlive(x)
}

func BenchmarkCompileAThousandPeople(b *testing.B) {
	ps := people(2, 1000)
	b.ReportAllocs()
	for b.Loop() {
		match.Compile(ps, match.Options{})
	}
}

// BenchmarkAPair compares one person with one notice, the index's making left out.
func BenchmarkAPair(b *testing.B) {
	ps := people(3, 512)
	var xs []*match.Index
	for _, p := range ps {
		xs = append(xs, match.Compile([]match.Person{p}, match.Options{}))
	}
	list := notices(512)
	i := 0
	for b.Loop() {
		xs[i%512].Nearest(list[(i*7)%512], 1)
		i++
	}
}
