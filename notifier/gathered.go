package notifier

import (
	"fmt"

	"tocsin"
)

// gathered words what stands over many alerts in one message.
func (r renderer) gathered(m Message, p *Page) {
	listed, strong := 0, 0
	for i, it := range m.Items {
		p.Alerts[i].Buttons, p.Alerts[i].History = nil, nil // each case has its own in the thread
		if it.Event.Kind == tocsin.Listed {
			listed++
		}
		if it.Event.Tier == tocsin.TierAlert {
			strong++
		}
	}
	n := len(m.Items)
	switch {
	case listed == n:
		p.Title = "🔔 Already public: " + count(n, "possible match", "possible matches") + " on the watchlist"
		p.Lead = append(p.Lead, "These were public before we first looked for them, or before the person was added. Nothing here is new today.")
	default:
		p.Title = "🔔 " + count(n, "event", "events") + " at once"
	}
	if strong > 0 && strong < n {
		p.Lead = append(p.Lead, fmt.Sprintf("%d strong, %d weak: most weak ones will be strangers.", strong, n-strong))
	}
	p.Subject = p.Title
	p.Foot = append(p.Foot, NotWatched)
}
