//go:build race

package mention

const raced = true
