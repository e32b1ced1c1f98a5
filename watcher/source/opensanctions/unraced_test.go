//go:build !race

package opensanctions_test

const raced = false
