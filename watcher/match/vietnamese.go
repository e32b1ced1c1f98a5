package match

import "strings"

// Vietnamese names are syllables of which few are rare: a letter more or less is
// another name, and the middle ones are left out. Tones and marks are not printed;
// i and y are one sound in open syllables, đ is printed dj or d. Source: the
// official orthography (Quyết định 240/QĐ 1984) and "Vietnamese phonology",
// Wikipedia (CC BY-SA 4.0), for onsets and rhymes.
var vietnamese = eastern(newSystem("viet", []rule{{"y", "i"}, {"dj", "d"}}, 100, 100, nil, nil), 0.95)

// The surnames that nine in ten Vietnamese have, without those that other peoples'
// names are full of. Source: Lê Trung Hoa, "Họ và tên người Việt Nam" (2005), as
// quoted by Wikipedia, "Vietnamese name" (CC BY-SA 4.0).
var vietnameseSurnames = set("nguyen tran pham huynh hoang phan vo dang bui do ngo duong dinh truong trinh doan vuong le vu ly ho luong dao mai to quach thai lam cao ha ta phung chau luu")

// Those that alone tell a Vietnamese name.
var vietnameseOnly = set("nguyen huynh trinh truong vuong phung quach ngo bui pham hoang tran dinh doan dang duong luong luu")

// looksVietnamese knows a name by its surname, first or last, and by syllables that
// Vietnamese has, all of them.
func looksVietnamese(ts []token) bool {
	if len(ts) < 2 || len(ts) > mostSyllables {
		return false
	}
	first, last := ts[0].text, ts[len(ts)-1].text
	if !vietnameseSurnames[first] && !vietnameseSurnames[last] {
		return false
	}
	sure := vietnameseOnly[first] || vietnameseOnly[last]
	for _, t := range ts {
		if t.dotted || !vietnameseSyllable(t.text) {
			return false
		}
		sure = sure || len(ts) > 2 && (t.text == "thi" || t.text == "van")
	}
	return sure
}

var (
	vietnameseOnsets = strings.Fields("ngh ng nh gh gi kh ph qu th tr ch b c d g h k l m n p r s t v x")
	vietnameseRhymes = set(`a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong op ot u ua uan uang uat uay uc ue uech uenh ui um un ung uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uyn uynh uyt uyu y yem yen yet yeu`)
)

func vietnameseSyllable(w string) bool {
	if vietnameseRhymes[w] {
		return true
	}
	for _, o := range vietnameseOnsets {
		if rhyme, ok := strings.CutPrefix(w, o); ok && (vietnameseRhymes[rhyme] || o == "gi" && rhyme == "") {
			return true
		}
	}
	return false
}

// together gives neighbouring syllables printed as one word.
func together(ps []part) []span {
	var out []span
	for i := range ps {
		code, w := ps[i].codes[0], ps[i].weight
		for n := 2; n <= 3 && i+n <= len(ps); n++ {
			code += ps[i+n-1].codes[0]
			w += ps[i+n-1].weight
			if len(code) > maxToken {
				break
			}
			out = append(out, span{i, n, code, min(w, mostJoined)})
		}
	}
	return out
}
