package engine

import (
	"slices"
	"strings"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// failures gathers the operations that failed, to be said once more, with their
// places in the configuration, when everything else has ended.
type failures []event.End

func (f *failures) watch(e event.Event) {
	if end, ok := e.(event.End); ok && end.Err != "" {
		*f = append(*f, end)
	}
}

// tell emits a diagnostic for each failure, by address: of a postcondition that
// does not hold, its message; of an object that ended at Kira, that it did.
func (f failures) tell(p *Project, sum apply.Summary) {
	slices.SortFunc(f, func(a, b event.End) int { return strings.Compare(a.Addr, b.Addr) })
	for _, end := range f {
		d := event.Diagnostic{Severity: "error", Code: "not-done", Addr: end.Addr,
			Summary: "Could not be " + words.Of(end.Action).Participle(), Detail: string(end.Err)}
		if a, err := addr.Parse(end.Addr); err == nil {
			if sum.Dead[a] {
				d.Code, d.Summary = "end-state", "Has ended at Kira"
			}
			if diags := sum.Unmet[a]; diags != nil {
				_ = p.report(diags) // the summary counts them
				continue
			}
			if at := p.program.BlockRange(a); at != nil {
				d.Source = p.quote.Source(*at)
			}
		}
		p.Emit(d)
	}
}

// counting says with every end how many requests were sent by then.
func (s *Session) counting(to event.Sink) event.Sink {
	return func(e event.Event) {
		if end, ok := e.(event.End); ok {
			end.Sent = s.Requests()
			e = end
		}
		to(e)
	}
}
