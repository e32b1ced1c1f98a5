package notifier

// For tests from outside, where all notifiers are.
var (
	Everything = everything
	MayShow    = allowed
)
