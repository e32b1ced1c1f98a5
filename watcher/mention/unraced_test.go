//go:build !race

package mention

const raced = false
