package match

import (
	"slices"
	"strings"
	"sync"
)

// Names from elsewhere as Chinese prints write them, in ideographs by sound: sounds
// without a vowel get one, r and l fall together or are lost before another sound,
// voiced and voiceless are told apart badly. What is heard is compared: l and r are L,
// s and z are near one another, vowels tell little. T is English th, S sh, C ch, J j.
// Written from memory, to be checked against: 世界人名翻译大辞典 (Xinhua, 1993, its
// tables of sounds for English, French, German, Spanish and Russian).
var heard = strictly(newSystem("heard", []rule{
	{"tsch", "C"}, {"sch", "S"}, {"tch", "C"}, {"ths", "s"}, {"sh", "S"}, {"ch", "C"}, {"zh", "J"}, {"kh", "h"}, {"th", "T"}, {"ph", "f"}, {"gh", "g"}, {"ck", "k"}, {"cz", "C"}, {"sz", "s"}, {"dzh", "J"}, {"dj", "J"}, {"ts", "c"}, {"tz", "c"}, {"wh", "w"}, {"wr", "L"}, {"kn", "n"}, {"qu", "kw"}, {"q", "k"},
	{"cs", "C"}, {"ois", "wa"}, {"ce", "se"}, {"ci", "si"}, {"cy", "si"}, {"c", "k"}, {"ge", "Je"}, {"gi", "Ji"}, {"x", "ks"}, {"j", "J"}, {"v", "w"}, {"z", "c"}, {"l", "L"}, {"r", "L"}, {"ng", "n"},
	{"ai", "e"}, {"ay", "e"}, {"ei", "e"}, {"ey", "e"}, {"au", "o"}, {"ao", "o"}, {"aw", "o"}, {"ow", "o"}, {"ou", "u"}, {"oo", "u"}, {"ee", "i"}, {"ea", "i"}, {"ie", "i"}, {"uo", "o"}, {"ew", "u"},
}, 10, 12, []cost{
	{12, "pb"}, {12, "td"}, {12, "kg"}, {15, "fw"}, {25, "bw"}, {8, "sS"}, {15, "sc"}, {15, "cJ"}, {15, "CJ"}, {15, "cC"}, {20, "SC"}, {20, "SJ"}, {20, "Sh"}, {25, "sJ"}, {25, "kJ"}, {20, "gJ"}, {25, "kC"}, {20, "yJ"}, {25, "mn"}, {25, "hk"}, {25, "hw"}, {8, "Tt"}, {8, "Ts"}, {15, "Td"}, {15, "TS"}, {12, "wu"}, {12, "wo"}, {10, "yi"}, {12, "ye"}, {12, "Jy"},
}, []cost{{12, vowels}, {25, "L"}, {25, "h"}, {15, "y"}, {35, "w"}, {45, "n"}}), 0.80)

// hearing is what syllables of Pinyin stand for that are not sounded as they are spelt.
var hearing = map[string]string{
	"er": "l", "hua": "wa", "huo": "ho", "hui": "wi", "huai": "wai", "hu": "hu", "yue": "yo", "qiao": "jo", "qia": "cha", "qie": "che", "zhi": "ji", "jie": "je", "jia": "ja", "jian": "jen", "jiang": "jan", "jin": "jin", "ji": "ji",
	"si": "s", "shi": "sh", "zi": "z", "ci": "z", "te": "t", "de": "d", "ke": "ke", "ge": "ge", "fu": "f", "xi": "shi", "xia": "sha", "xiao": "sho", "xie": "she", "xiu": "shu", "xin": "shin", "rang": "jan", "ri": "j", "re": "je",
}

// customary are names with a spelling in ideographs of their own, older than the
// tables of sounds, by its Pinyin. Written from memory, to be checked against: as above.
var customary = map[string]string{
	"aidehua": "edward", "yuehan": "john", "yilishabai": "elizabeth", "dawei": "david", "maxiu": "matthew", "zhanmusi": "james", "yuesefu": "joseph", "yueshuya": "joshua", "qiaonasen": "jonathan", "haiming": "heym", "xiao": "shaw",
	"yalishanda": "alexander", "rang": "jean", "bide": "peter", "mali": "mary", "yueselin": "jocelyn", "lisha": "lisa", "hailun": "helen", "ximeng": "simon", "saimeng": "simon", "qiaoyi": "joey", "jieke": "jack", "luoyi": "roy", "liyang": "lyon", "zhu": "jude", "bier": "bill", "tangmu": "tom", "baobo": "bob", "jimu": "jim", "maike": "mike", "qiao": "joe", "shidifu": "steve", "tuoni": "tony", "aide": "ed", "hali": "harry", "hengli": "henry",
}

// groupsHeard gives the lines of sameNames by how their names are heard.
var groupsHeard = sync.OnceValue(func() map[string][]uint16 {
	m := map[string][]uint16{}
	for i, line := range strings.Split(sameNames, "\n") {
		for _, w := range strings.Fields(line) {
			if c := heard.rewrite(w); len(w) > 2 && !slices.Contains(m[c], uint16(i+1)) {
				m[c] = append(m[c], uint16(i+1))
			}
		}
	}
	return m
})

// heardForm reads runs of ideographs as the sounds of a name from elsewhere.
func heardForm(runs [][]rune, n int) (form, bool) {
	f := form{sys: heard, script: han, name: n}
	for at, rs := range runs {
		var read, sound strings.Builder
		for _, r := range rs {
			m := readingOf(r).mandarin
			if len(m) == 0 || read.Len()+len(m[0]) > maxToken {
				continue
			}
			read.WriteString(m[0])
			if h, ok := hearing[m[0]]; ok {
				sound.WriteString(h)
			} else {
				sound.WriteString(asHeard(m[0]))
			}
		}
		if sound.Len() == 0 {
			continue
		}
		c := heard.rewrite(sound.String())
		p := part{codes: []string{c}, text: read.String(), at: at, weight: weigh(heard, c, read.String())}
		if name, ok := customary[read.String()]; ok {
			p.codes = appendNew(p.codes, heard.rewrite(name))
		}
		for _, c := range p.codes {
			for _, g := range groupsHeard()[c] {
				if !slices.Contains(p.groups, g) {
					p.groups = append(p.groups, g)
				}
			}
		}
		f.parts = append(f.parts, p)
	}
	return f, len(f.parts) > 1
}

// asHeard spells a syllable of Pinyin by Western letters: its q is ch, its x sh, its c and z ts.
func asHeard(p string) string {
	switch {
	case strings.HasPrefix(p, "q"):
		return "ch" + p[1:]
	case strings.HasPrefix(p, "x"):
		return "sh" + p[1:]
	case strings.HasPrefix(p, "c") && !strings.HasPrefix(p, "ch"):
		return "z" + p[1:]
	case strings.HasPrefix(p, "r"):
		return "j" + p[1:]
	}
	return p
}
