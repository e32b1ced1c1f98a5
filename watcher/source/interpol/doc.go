// Package interpol reads INTERPOL's public notices service whole, though each
// query reaches 160 rows at most: it divides the list into cells that are read
// in one answer each, and says of every sweep whether it proves that nothing
// was left out (shared/interpol-api.md).
//
// What it asks depends on the service's own answers and on its options alone.
package interpol
