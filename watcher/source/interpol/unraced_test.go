//go:build !race

package interpol_test

const raced = false
