package interpol_test

import (
	"time"

	"tocsin"
	"tocsin/watcher/source"
	"tocsin/watcher/source/interpol"
)

type (
	timeT   = time.Time
	answerT = source.Answer
)

// saving are hooks that keep leaves as the ledger does.
func saving(to *[]interpol.Saved) interpol.Hooks {
	return interpol.Hooks{Leaf: func(cell string, began time.Time, total int, rows []tocsin.Notice, _ *source.Answer) error {
		*to = append(*to, interpol.Saved{Cell: cell, Began: began, Total: total, Rows: rows})
		return nil
	}}
}
