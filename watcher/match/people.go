package match

import "tocsin/watchlist"

// PersonOf gives an entry of the watchlist in the form that is matched, without a
// fingerprint.
func PersonOf(p watchlist.Person) Person {
	return Person{
		ID: p.ID, Names: append([]string{p.Name}, p.Aliases...), BirthDate: p.BirthDate, Nationalities: p.Nationalities, Sex: p.Sex,
	}
}

// PeopleOf is PersonOf for a whole list, in its order.
func PeopleOf(list *watchlist.List) []Person {
	out := make([]Person, len(list.People))
	for i, p := range list.People {
		out[i] = PersonOf(p)
	}
	return out
}

// PartsOf are the written parts of each name, see WrittenParts.
func PartsOf(names []string) [][]string {
	out := make([][]string, len(names))
	for i, n := range names {
		out[i] = WrittenParts(n)
	}
	return out
}
