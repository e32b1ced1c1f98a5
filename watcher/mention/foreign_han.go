package mention

import (
	"slices"
	"strings"
	"unicode/utf8"

	"tocsin/watcher/match"
)

// A name from elsewhere in ideographs is spelt by syllables, whose consonants are those of
// the name as Chinese hears it. Source: the tables of "Transcription into Chinese
// characters" in Wikipedia (CC BY-SA 4.0), after Xinhua's guide, written from memory;
// the ideographs are read back, so that no table of them is needed.

// sound is a set of classes that a consonant may be of: bit n is class n, bit 0 none.
type sound uint32

const noSound sound = 1

func soundOf(classes ...uint8) (s sound) {
	for _, c := range classes {
		switch c {
		case asKS:
			s |= 1<<cK | 1<<cS
		case andS:
			s |= 1<<cT | 1<<cS
		default:
			s |= 1 << c
		}
	}
	return s
}

// initialSounds are those of Pinyin's initials.
var initialSounds = map[string]sound{
	"b": soundOf(cP, cF), "p": soundOf(cP), "m": soundOf(cM), "f": soundOf(cF, cP), "d": soundOf(cT), "t": soundOf(cT), "n": soundOf(cN), "l": soundOf(cL, cR),
	"g": soundOf(cK, cS), "k": soundOf(cK), "h": soundOf(cK, 0), "j": soundOf(cS, cK), "q": soundOf(cS, cK), "x": soundOf(cS, cK), "r": soundOf(cR, cS, 0),
	"zh": soundOf(cS, cT), "ch": soundOf(cS), "sh": soundOf(cS), "z": soundOf(cS, cT), "c": soundOf(cS, cT), "s": soundOf(cS), "w": soundOf(cF, 0), "y": soundOf(0, cS),
}

// hanSounds are the consonants of ideographs as they are read.
func hanSounds(han string) (out []sound) {
	for _, r := range han {
		w := match.Mandarin(r)
		if w == "er" {
			out = append(out, soundOf(cR, cL))
			continue
		}
		for _, n := range [...]int{2, 1} {
			if len(w) > n || len(w) == n && n == 1 {
				if s, ok := initialSounds[w[:n]]; ok {
					out, w = append(out, s), w[n:]
					break
				}
			}
		}
		if strings.HasSuffix(w, "n") || strings.HasSuffix(w, "ng") {
			out = append(out, soundOf(cN, cM))
		}
	}
	return out
}

// latinSounds are the consonants of a folded name.
func latinSounds(w string) (out []sound) {
	for i := 0; i < len(w); {
		n, s := 1, sound(0)
		for _, a := range classes[w[i]&127] {
			if strings.HasPrefix(w[i:], a.from) && !(a.from == "ng" && i+2 < len(w) && strings.IndexByte("aeiou", w[i+2]) >= 0) {
				n, s = len(a.from), soundOf(a.text...)|soundOf(a.more...)
				break
			}
		}
		if s != 0 && (i == 0 || n > 1 || w[i] != w[i-1]) {
			out = append(out, s)
		}
		i += n
	}
	return out
}

// heard is how much of a name's consonants the ideographs leave out or put in: in halves
// of a consonant.
func heard(han, name []sound) int {
	const whole, half = 2, 1
	row := make([]int, len(name)+1)
	leave := func(s sound) int {
		switch {
		case s&noSound != 0:
			return 0
		case s&soundOf(cL, cR) != 0:
			return half
		}
		return whole
	}
	for j, s := range name {
		row[j+1] = row[j] + leave(s)
	}
	for _, h := range han {
		before := row[0]
		put := whole
		if h&noSound != 0 {
			put = 0
		} else if h == soundOf(cN, cM) {
			put = half
		}
		row[0] += put
		for j, s := range name {
			swap := before
			if h&s&^noSound == 0 {
				swap += whole
			}
			before = row[j+1]
			row[j+1] = min(swap, before+put, row[j]+leave(s))
		}
	}
	return row[len(name)]
}

// heardBoth is how surely ideographs before and after a dot are two parts of a name from
// elsewhere, as the score of a mention; 0 if they are not.
func heardBoth(before, after, first, last string) float64 {
	a, b, x, y := hanSounds(before), hanSounds(after), latinSounds(first), latinSounds(last)
	if len(x) < 2 || len(y) < 2 || len(x)+len(y) < leastHeard {
		return 0
	}
	p, q := heard(a, x), heard(b, y)
	if p > len(x)/3 || q > len(y)/3 {
		return 0
	}
	return 0.84 - 0.04*float64(p+q)
}

// leastHeard is the number of consonants that the parts must have together.
const leastHeard = 6

// spelling are ideographs that spell sounds and are hardly ever read for what they mean.
// Source: as above, and for the Uyghur ones the names in Wikipedia's category of Uyghurs.
var spelling = runes(`埃艾巴贝彼宾伯勃布查达戴丹德迪蒂杜顿厄尔菲费芬弗夫盖戈格古圭哈赫亨胡霍基吉季贾杰卡凯坎科克肯库奎昆拉莱兰朗勒雷里利莉琳卢鲁伦罗洛马麦迈曼梅蒙孟米姆莫默穆纳娜奈瑙尼纽努诺欧帕潘庞佩彭皮珀普奇恰乔琼丘萨塞桑森绍舍什舒斯丝苏塔泰坦唐陶特腾廷托瓦威韦维翁沃乌希锡谢辛休旭亚耶伊泽扎詹兹茨茜妮黛买孜肉热依娅丽吐逊阿木提合`)

// within reports whether a name from start to end goes on at either side.
func (c *scan) within(start, end int) bool {
	if r, _ := utf8.DecodeRuneInString(c.text[end:]); spelling[plain(r)] {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(c.text[:start])
	return spelling[plain(r)] && !slices.ContainsFunc(countriesInHan, func(w string) bool { return strings.HasSuffix(c.text[:start], w) })
}

// countriesInHan are those of the countries of peoples, which stand before a name.
var countriesInHan = func() (out []string) {
	for _, code := range sortedKeys(peoples) {
		for _, w := range peoples[code] {
			if r, _ := utf8.DecodeRuneInString(w); r >= 0x2e80 {
				out = append(out, w)
			}
		}
	}
	return out
}()
