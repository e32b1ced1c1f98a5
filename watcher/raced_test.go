//go:build race

package watcher_test

const raced = true
