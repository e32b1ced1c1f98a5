package notifier

import "tocsin"

// Button is one thing that can be done with a case by a press.
type Button struct {
	Action tocsin.Action
	Label  string // ends in … where something is asked for first
	Style  string // "primary", "danger" or ""
}

// ButtonsOf are the buttons of a case as it stands, the likeliest first.
func ButtonsOf(c tocsin.Case) []Button {
	if c.State == tocsin.CaseDismissed || c.State == tocsin.CaseClosed {
		out := []Button{{tocsin.Reopen, "Reopen", "primary"}, {tocsin.Remind, "Remind me…", ""}}
		return append(out, undo(c)...)
	}
	out := []Button{{tocsin.Ack, "I have it", ""}, {tocsin.Warned, "Person warned", ""}, {tocsin.Confirm, "Looks like our person", ""}, {tocsin.Dismiss, "Not our person…", ""}}
	switch c.State {
	case tocsin.CaseOpen:
		out[0].Style = "primary"
	case tocsin.CaseAcknowledged:
		out[1].Style = "primary"
	}
	if c.Proposed != "" {
		out[3].Label = "Not our person either…"
	}
	if c.State != tocsin.CaseArrested {
		out = append(out, Button{tocsin.Arrest, "Arrested now", "danger"})
	}
	out = append(out, Button{tocsin.Remind, "Remind me…", ""})
	if c.State != tocsin.CaseOpen {
		out = append(out, Button{tocsin.Filed, "Request filed…", ""})
		if !c.Filed.IsZero() {
			out = append(out, Button{tocsin.Admissible, "Admissible…", ""})
		}
		out = append(out, Button{tocsin.Close, "Close", ""})
	}
	return append(out, undo(c)...)
}

func undo(c tocsin.Case) []Button {
	if _, ok := tocsin.Undoable(c.Log); !ok {
		return nil
	}
	return []Button{{tocsin.Undo, "Undo", ""}}
}
