package tui

import (
	"strings"

	"kiraform/internal/event"
)

// review is the plan as it would be carried out, for those who review it elsewhere:
// without the resources that are left out, which are named.
func (r *run) review(c choice) event.Review {
	out := event.Review{
		Start: event.Start{Format: 1, Command: r.command, Place: r.place}, Diagnostics: r.problems[:len(r.problems):len(r.problems)],
		End: r.planEnd,
	}
	out.End.Counts = r.numbers(c)
	var without []string
	for _, res := range r.resources {
		if _, leave := c.excluded(res.Addr); leave {
			without = append(without, res.Addr)
			continue
		}
		p := res.Planned
		if p.Action == event.Move {
			p.Action = event.NoOp
		}
		if p.Action != "" {
			out.Changes = append(out.Changes, event.Reviewed{Planned: p})
		}
	}
	if len(without) > 0 {
		out.Diagnostics = append(out.Diagnostics, event.Diagnostic{Severity: warning, Summary: "Left out", Detail: strings.Join(without, "\n")})
		out.End.Digest, out.End.NoDigest = "", "the digest is that of the whole plan, and resources are left out"
	}
	return out
}
