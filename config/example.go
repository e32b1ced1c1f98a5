package config

import _ "embed" // the example is a file of its own, to be read as one

// Example is the tocsin.yaml that 'tocsin init' writes: it works as it stands,
// with the sample watchlist beside it, and holds fictional things only.
//
//go:embed example.yaml
var Example string
