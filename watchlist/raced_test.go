//go:build race

package watchlist

const raced = true
