//go:build !race

package watchlist

const raced = false
