// Package tocsin holds the nouns of the alarm bell: what a public listing says
// (Notice), what one reading of it saw (Snapshot), what is held of it (Held),
// what that changes (Change), who it may be (Match), what happened (Event) and
// what people made of it (Case).
//
// A person of the watchlist is an opaque id here; only package watchlist knows
// names. The package imports the standard library only and does no I/O.
package tocsin
